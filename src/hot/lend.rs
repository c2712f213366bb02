//! Memory of the caller as slices, for calls that work on much of it: one place to write records or doubles, and others
//! to read.
//!
//! None of it may be shared with other threads, which could change it meanwhile, and nothing that is read may overlap
//! what is written. Both are checked. JavaScript of this thread stands still while the call runs.

use std::ptr;
use std::slice;

use napi::sys;

use super::{Arguments, Expected};

/// Eight 64-bit values: a record.
type Longs = [u64; 8];

/// The other arguments.
#[derive(Debug)]
pub(crate) struct Readable<'call> {
    arguments: &'call Arguments<'call>,
    /// Where the call writes.
    written: Span,
}

/// Addresses, the end not included.
#[derive(Clone, Copy, Debug)]
struct Span {
    data: *mut u8,
    length: usize,
}

impl<'call> Arguments<'call> {
    /// A `Uint8Array` to write whole records into, which begins at a multiple of 8 bytes; and the other arguments.
    #[allow(clippy::mut_from_ref, reason = "memory of the caller, lent once in a call")]
    pub(crate) fn lend_records(&'call self, index: usize) -> Result<(&'call mut [Longs], Readable<'call>), Expected> {
        let (written, rest) = self.lend(index, sys::TypedarrayType::uint8_array)?;
        written.check_alignment()?;
        let count = written.length / size_of::<Longs>();
        // SAFETY: so many bytes are there, aligned, and stay while the call runs; nobody else has them: they are not
        // shared, lent once in a call, and what is read is checked not to overlap.
        let records = unsafe { slice::from_raw_parts_mut(written.data.cast(), count) };
        Ok((records, rest))
    }

    /// A `Float64Array` to write into, and the other arguments.
    #[allow(clippy::mut_from_ref, reason = "memory of the caller, lent once in a call")]
    pub(crate) fn lend_doubles(&'call self, index: usize) -> Result<(&'call mut [f64], Readable<'call>), Expected> {
        let (written, rest) = self.lend(index, sys::TypedarrayType::float64_array)?;
        let count = written.length / size_of::<f64>();
        // SAFETY: so many bytes are there, aligned, and stay while the call runs; nobody else has them, as above.
        let doubles = unsafe { slice::from_raw_parts_mut(written.data.cast(), count) };
        Ok((doubles, rest))
    }

    fn lend(&'call self, index: usize, kind: sys::napi_typedarray_type) -> Result<(Span, Readable<'call>), Expected> {
        if self.is_lent.replace(true) {
            return Err(Expected(c"one argument is written to"));
        }
        let written = self.span(self.values[index], kind)?;
        Ok((written, Readable { arguments: self, written }))
    }

    /// Arguments of a call that writes into none of them: nothing is lent after this.
    pub(crate) fn read(&'call self) -> Readable<'call> {
        self.is_lent.set(true);
        Readable { arguments: self, written: Span::NOTHING }
    }

    /// Where a view of a kind lies.
    fn span(&self, value: sys::napi_value, kind: sys::napi_typedarray_type) -> Result<Span, Expected> {
        let (mut found, mut count, mut data, mut buffer) = (0, 0, ptr::null_mut(), ptr::null_mut());
        let no_offset = ptr::null_mut();
        // SAFETY: the value belongs to the call under way; Node-API checks that it is a typed array.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.env,
                value,
                &raw mut found,
                &raw mut count,
                &raw mut data,
                &raw mut buffer,
                no_offset,
            )
        };
        if status != sys::Status::napi_ok || found != kind {
            return Err(Expected(c"expected a Uint8Array, or a Float64Array for numbers"));
        }
        let mut is_own = false;
        // SAFETY: Node-API has just given the value.
        let status = unsafe { sys::napi_is_arraybuffer(self.env, buffer, &raw mut is_own) };
        if status != sys::Status::napi_ok || !is_own {
            return Err(Expected(c"expected a view over memory that is not shared"));
        }
        if data.is_null() || count == 0 {
            return Ok(Span::NOTHING);
        }
        let width = if kind == sys::TypedarrayType::float64_array { size_of::<f64>() } else { 1 };
        Ok(Span { data: data.cast(), length: count * width })
    }
}

impl<'call> Readable<'call> {
    /// A `Uint8Array`.
    pub(crate) fn bytes(&self, index: usize) -> Result<&'call [u8], Expected> {
        self.bytes_of(self.arguments.values[index])
    }

    /// A `Uint8Array` of whole records, which begins at a multiple of 8 bytes.
    pub(crate) fn records(&self, index: usize) -> Result<&'call [Longs], Expected> {
        let span = self.span(self.arguments.values[index], sys::TypedarrayType::uint8_array)?;
        span.check_alignment()?;
        // SAFETY: as for bytes; the alignment was checked.
        Ok(unsafe { slice::from_raw_parts(span.data.cast(), span.length / size_of::<Longs>()) })
    }

    /// A `Float64Array`.
    pub(crate) fn doubles(&self, index: usize) -> Result<&'call [f64], Expected> {
        let span = self.span(self.arguments.values[index], sys::TypedarrayType::float64_array)?;
        // SAFETY: as for bytes; a Float64Array is aligned for doubles.
        Ok(unsafe { slice::from_raw_parts(span.data.cast(), span.length / size_of::<f64>()) })
    }

    /// The items of a list of `Uint8Array`s, which `ts/native` has made for this call: no item of it is a getter, so
    /// that reading one runs no JavaScript.
    pub(crate) fn list(&self, index: usize) -> Result<impl Iterator<Item = Result<&'call [u8], Expected>>, Expected> {
        let (env, list) = (self.arguments.env, self.arguments.values[index]);
        let mut count = 0;
        // SAFETY: the value belongs to the call under way; Node-API checks that it is a list.
        let status = unsafe { sys::napi_get_array_length(env, list, &raw mut count) };
        if status != sys::Status::napi_ok {
            return Err(Expected(c"expected a list"));
        }
        Ok((0..count).map(move |item| {
            let mut value = ptr::null_mut();
            // SAFETY: as above.
            let status = unsafe { sys::napi_get_element(env, list, item, &raw mut value) };
            if status == sys::Status::napi_ok { self.bytes_of(value) } else { Err(Expected(c"expected a list")) }
        }))
    }

    fn bytes_of(&self, value: sys::napi_value) -> Result<&'call [u8], Expected> {
        let span = self.span(value, sys::TypedarrayType::uint8_array)?;
        // SAFETY: so many bytes are there and stay while the call runs; they are not shared, and nothing writes them.
        Ok(unsafe { slice::from_raw_parts(span.data, span.length) })
    }

    fn span(&self, value: sys::napi_value, kind: sys::napi_typedarray_type) -> Result<Span, Expected> {
        let span = self.arguments.span(value, kind)?;
        if self.written.overlaps(span) {
            return Err(Expected(c"expected views that do not overlap"));
        }
        Ok(span)
    }
}

impl Span {
    /// No memory, and aligned for any.
    const NOTHING: Self = Self { data: ptr::dangling_mut::<u64>().cast(), length: 0 };

    fn check_alignment(self) -> Result<(), Expected> {
        if self.data.addr().is_multiple_of(align_of::<Longs>()) {
            return Ok(());
        }
        Err(Expected(c"expected a view that begins at a multiple of 8 bytes"))
    }

    fn overlaps(self, other: Self) -> bool {
        let (start, other_start) = (self.data.addr(), other.data.addr());
        start < other_start + other.length && other_start < start + self.length
    }
}
