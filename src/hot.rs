//! The calls that run often, as plain Node-API functions that carry the object they work on.
//!
//! What `#[napi]` generates costs 98 ns with two numbers and 250 ns as a method, which also takes a lock of the whole
//! process; the same here costs 20 ns (reference figures: `docs/binding-rules.md`). The price is `unsafe`, and all of
//! it is in this file and those below it: a call implements [`HotCall`], which is safe.

mod lend;

use std::cell::Cell;
use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::Rc;

use napi::bindgen_prelude::{JsValue, ToNapiValue, Unknown};
use napi::{Env, check_status, sys};

/// Most arguments of a hot call.
const ARGUMENTS: usize = 4;
/// Bytes of text that need no allocation; topics and patterns have at most 255.
const TEXT_BYTES: usize = 512;
/// Most bytes of one character, of which the engine never writes a part.
const CHARACTER_BYTES: usize = 4;

/// One hot call.
pub(crate) trait HotCall {
    /// What the call works on.
    type Bound;
    /// What it returns to JavaScript.
    type Answer: Answer;
    /// The function's name in JavaScript.
    const NAME: &CStr;
    /// Does it. Panics become exceptions.
    fn call(bound: &Self::Bound, arguments: &Arguments<'_>) -> Result<Self::Answer, Expected>;
}

/// An argument was not what the call expects.
#[derive(Debug)]
pub(crate) struct Expected(&'static CStr);

impl Expected {
    pub(crate) const fn new(what: &'static CStr) -> Self {
        Self(what)
    }
}

/// The arguments of the call that is under way.
#[derive(Debug)]
pub(crate) struct Arguments<'call> {
    env: sys::napi_env,
    values: [sys::napi_value; ARGUMENTS],
    /// Whether memory to write into was handed out, which happens once in a call: nothing is then written by two.
    is_lent: Cell<bool>,
    call: PhantomData<&'call ()>,
}

impl Arguments<'_> {
    /// A number, modulo 2^32.
    #[inline]
    pub(crate) fn number(&self, index: usize) -> Result<u32, Expected> {
        let mut number = 0;
        // SAFETY: `env` and the value belong to the call under way; Node-API checks the value's type.
        let status = unsafe { sys::napi_get_value_uint32(self.env, self.values[index], &raw mut number) };
        if status == sys::Status::napi_ok { Ok(number) } else { Err(Expected(c"expected a number")) }
    }

    /// A number.
    #[inline]
    pub(crate) fn double(&self, index: usize) -> Result<f64, Expected> {
        let mut number = 0.0;
        // SAFETY: `env` and the value belong to the call under way; Node-API checks the value's type.
        let status = unsafe { sys::napi_get_value_double(self.env, self.values[index], &raw mut number) };
        if status == sys::Status::napi_ok { Ok(number) } else { Err(Expected(c"expected a number")) }
    }

    /// A string as UTF-8, with U+FFFD for lone surrogates.
    #[inline]
    pub(crate) fn text<R>(&self, index: usize, f: impl FnOnce(&[u8]) -> R) -> Result<R, Expected> {
        let mut buffer = [const { MaybeUninit::<u8>::uninit() }; TEXT_BYTES];
        let length = self.copy_text(index, buffer.as_mut_ptr().cast(), TEXT_BYTES)?;
        if length + CHARACTER_BYTES >= TEXT_BYTES {
            return self.long_text(index, f);
        }
        // SAFETY: Node-API has just written so many bytes of the buffer, and nobody else knows it.
        Ok(f(unsafe { std::slice::from_raw_parts(buffer.as_ptr().cast(), length) }))
    }

    /// A string that did not fit the buffer, or hardly did.
    #[cold]
    fn long_text<R>(&self, index: usize, f: impl FnOnce(&[u8]) -> R) -> Result<R, Expected> {
        // With no buffer the answer is the length in bytes, without the zero at the end.
        let length = self.copy_text(index, ptr::null_mut(), 0)?;
        let mut text = vec![0_u8; length + 1];
        let length = self.copy_text(index, text.as_mut_ptr(), text.len())?;
        Ok(f(&text[..length]))
    }

    #[inline]
    fn copy_text(&self, index: usize, buffer: *mut u8, size: usize) -> Result<usize, Expected> {
        let mut length = 0;
        let value = self.values[index];
        // SAFETY: the value belongs to the call under way, and at most `size` bytes are written to `buffer`.
        let status = unsafe { sys::napi_get_value_string_utf8(self.env, value, buffer.cast(), size, &raw mut length) };
        if status == sys::Status::napi_ok { Ok(length) } else { Err(Expected(c"expected a string")) }
    }

    /// A `Uint8Array`, by its length alone.
    pub(crate) fn byte_length(&self, index: usize) -> Result<usize, Expected> {
        let (mut kind, mut length) = (0, 0);
        let (no_data, no_buffer, no_offset) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        let value = self.values[index];
        // SAFETY: the value belongs to the call under way; Node-API checks that it is a typed array.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.env,
                value,
                &raw mut kind,
                &raw mut length,
                no_data,
                no_buffer,
                no_offset,
            )
        };
        let is_bytes = status == sys::Status::napi_ok && kind == sys::TypedarrayType::uint8_array;
        if is_bytes { Ok(length) } else { Err(Expected(c"expected a Uint8Array")) }
    }
}

/// What a hot call can return.
pub(crate) trait Answer {
    /// Makes the JavaScript value, or null for `undefined`.
    fn into_value(self, env: sys::napi_env) -> sys::napi_value;
}

impl Answer for () {
    fn into_value(self, _: sys::napi_env) -> sys::napi_value {
        ptr::null_mut()
    }
}

impl Answer for bool {
    fn into_value(self, env: sys::napi_env) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: `env` is that of the call under way. If it fails the value stays null, which is `undefined`.
        unsafe { sys::napi_get_boolean(env, self, &raw mut value) };
        value
    }
}

impl Answer for u32 {
    fn into_value(self, env: sys::napi_env) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: as for `bool`.
        unsafe { sys::napi_create_uint32(env, self, &raw mut value) };
        value
    }
}

impl Answer for f64 {
    fn into_value(self, env: sys::napi_env) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: as for `bool`.
        unsafe { sys::napi_create_double(env, self, &raw mut value) };
        value
    }
}

/// Anything that napi-rs makes a JavaScript value of; not for calls that run often.
#[derive(Debug)]
pub(crate) struct Made<T>(pub(crate) T);

impl<T: ToNapiValue> Answer for Made<T> {
    fn into_value(self, env: sys::napi_env) -> sys::napi_value {
        // SAFETY: as for `bool`.
        unsafe { T::to_napi_value(env, self.0) }.unwrap_or(ptr::null_mut())
    }
}

/// A JavaScript function that works on `bound` and keeps it until the function is collected or the environment ends.
pub(crate) fn bind<'env, C: HotCall + 'static>(env: &Env, bound: &Rc<C::Bound>) -> napi::Result<Unknown<'env>> {
    let data = Rc::into_raw(Rc::clone(bound)).cast_mut().cast();
    let function = create::<C>(env, data)?;
    let (no_hint, no_reference) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: the function was just made in this environment; `data` is a counted reference that the finalizer takes
    // over, and finalizers run on the environment's own thread.
    let status = unsafe {
        sys::napi_add_finalizer(env.raw(), function.raw(), data, Some(release::<C::Bound>), no_hint, no_reference)
    };
    check_status!(status)?;
    Ok(function)
}

/// A JavaScript function that works on nothing.
pub(crate) fn free<'env, C: HotCall<Bound = ()>>(env: &Env) -> napi::Result<Unknown<'env>> {
    create::<C>(env, ptr::from_ref(&()).cast_mut().cast())
}

fn create<'env, C: HotCall>(env: &Env, data: *mut c_void) -> napi::Result<Unknown<'env>> {
    let mut function = ptr::null_mut();
    let length = C::NAME.count_bytes().cast_signed();
    // SAFETY: the name is valid for the call; `data` points to a `C::Bound` for as long as the function lives.
    let status = unsafe {
        sys::napi_create_function(env.raw(), C::NAME.as_ptr(), length, Some(enter::<C>), data, &raw mut function)
    };
    check_status!(status)?;
    // SAFETY: Node-API has just made this value in this environment.
    Ok(unsafe { Unknown::from_raw_unchecked(env.raw(), function) })
}

/// What Node-API calls.
unsafe extern "C" fn enter<C: HotCall>(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let (mut count, mut values, mut data) = (ARGUMENTS, [ptr::null_mut(); ARGUMENTS], ptr::null_mut());
    let no_receiver = ptr::null_mut();
    // SAFETY: `env` and `info` are this call's. Arguments that are missing are filled in as `undefined`.
    unsafe { sys::napi_get_cb_info(env, info, &raw mut count, values.as_mut_ptr(), no_receiver, &raw mut data) };
    let arguments = Arguments { env, values, is_lent: Cell::new(false), call: PhantomData };
    // SAFETY: `create` was given a pointer to a `C::Bound` that lives as long as the function that is being called.
    let bound = unsafe { &*data.cast::<C::Bound>() };
    match catch_unwind(AssertUnwindSafe(|| C::call(bound, &arguments))) {
        Ok(Ok(answer)) => return answer.into_value(env),
        // SAFETY: `env` is this call's; code and message are strings that end in zero.
        Ok(Err(Expected(what))) => unsafe {
            sys::napi_throw_type_error(env, c"TICKBUS_ARGUMENT".as_ptr(), what.as_ptr())
        },
        // SAFETY: as above.
        Err(_) => unsafe {
            sys::napi_throw_error(env, c"TICKBUS_INTERNAL".as_ptr(), c"a native call panicked".as_ptr())
        },
    };
    ptr::null_mut()
}

unsafe extern "C" fn release<T>(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
    // SAFETY: `bind` has left one counted reference to this finalizer, which runs once.
    drop(unsafe { Rc::from_raw(data.cast::<T>()) });
}
