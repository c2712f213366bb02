//! `Core.openRoutes`: a pattern table behind three raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use tickbus_bus::routes::Routes;

use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall};

/// Opens an empty pattern table.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_routes(env: &Env) -> Result<Object<'_>> {
    let open = || {
        let routes = Rc::new(RefCell::new(Routes::default()));
        let mut object = Object::new(env)?;
        object.set("add", hot::bind::<Add>(env, &routes)?)?;
        object.set("remove", hot::bind::<Remove>(env, &routes)?)?;
        object.set("resolve", hot::bind::<Resolve>(env, &routes)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

/// `add(pattern: string): number`
struct Add;

impl HotCall for Add {
    type Bound = RefCell<Routes>;
    type Answer = u32;
    const NAME: &CStr = c"add";

    fn call(routes: &RefCell<Routes>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        arguments.text(0, |pattern| routes.borrow_mut().add(pattern))
    }
}

/// `remove(id: number): void`
struct Remove;

impl HotCall for Remove {
    type Bound = RefCell<Routes>;
    type Answer = ();
    const NAME: &CStr = c"remove";

    fn call(routes: &RefCell<Routes>, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        routes.borrow_mut().remove(arguments.number(0)?);
        Ok(())
    }
}

/// `resolve(topic: string, out: Uint32Array): number`
struct Resolve;

impl HotCall for Resolve {
    type Bound = RefCell<Routes>;
    type Answer = u32;
    const NAME: &CStr = c"resolve";

    fn call(routes: &RefCell<Routes>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut out = arguments.numbers(1)?;
        let mut count = 0;
        arguments.text(0, |topic| {
            routes.borrow().resolve(topic, |id| {
                out.put(count, id);
                count += 1;
            });
        })?;
        Ok(count as u32)
    }
}
