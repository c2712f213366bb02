//! `Core.openRoutes`: the tables behind six raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use tickbus_bus::routes::Routes;

use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall, Numbers};

/// Opens empty tables.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_routes(env: &Env) -> Result<Object<'_>> {
    let open = || {
        let routes = Rc::new(RefCell::new(Routes::default()));
        let mut object = Object::new(env)?;
        object.set("addPattern", hot::bind::<AddPattern>(env, &routes)?)?;
        object.set("removePattern", hot::bind::<RemovePattern>(env, &routes)?)?;
        object.set("addTopic", hot::bind::<AddTopic>(env, &routes)?)?;
        object.set("removeTopic", hot::bind::<RemoveTopic>(env, &routes)?)?;
        object.set("resolve", hot::bind::<Resolve>(env, &routes)?)?;
        object.set("affected", hot::bind::<Affected>(env, &routes)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

/// `addPattern(pattern: string, out: Uint32Array): number`
struct AddPattern;

impl HotCall for AddPattern {
    type Bound = RefCell<Routes>;
    type Answer = u32;
    const NAME: &CStr = c"addPattern";

    fn call(routes: &RefCell<Routes>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut list = List::after_an_id(arguments)?;
        let id = arguments.text(0, |pattern| routes.borrow_mut().add_pattern(pattern, |topic| list.push(topic)))?;
        Ok(list.close(id))
    }
}

/// `removePattern(id: number): void`
struct RemovePattern;

impl HotCall for RemovePattern {
    type Bound = RefCell<Routes>;
    type Answer = ();
    const NAME: &CStr = c"removePattern";

    fn call(routes: &RefCell<Routes>, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        routes.borrow_mut().remove_pattern(arguments.number(0)?);
        Ok(())
    }
}

/// `addTopic(topic: string, out: Uint32Array): number`
struct AddTopic;

impl HotCall for AddTopic {
    type Bound = RefCell<Routes>;
    type Answer = u32;
    const NAME: &CStr = c"addTopic";

    fn call(routes: &RefCell<Routes>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut list = List::after_an_id(arguments)?;
        let id = arguments.text(0, |topic| routes.borrow_mut().add_topic(topic, |pattern| list.push(pattern)))?;
        Ok(list.close(id))
    }
}

/// `removeTopic(id: number): void`
struct RemoveTopic;

impl HotCall for RemoveTopic {
    type Bound = RefCell<Routes>;
    type Answer = ();
    const NAME: &CStr = c"removeTopic";

    fn call(routes: &RefCell<Routes>, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        routes.borrow_mut().remove_topic(arguments.number(0)?);
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
        let mut list = List::new(arguments)?;
        arguments.text(0, |topic| routes.borrow_mut().resolve(topic, |pattern| list.push(pattern)))?;
        Ok(list.length())
    }
}

/// `affected(pattern: string, out: Uint32Array): number`
struct Affected;

impl HotCall for Affected {
    type Bound = RefCell<Routes>;
    type Answer = u32;
    const NAME: &CStr = c"affected";

    fn call(routes: &RefCell<Routes>, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut list = List::new(arguments)?;
        arguments.text(0, |pattern| routes.borrow_mut().affected(pattern, |topic| list.push(topic)))?;
        Ok(list.length())
    }
}

/// The ids that a call answers with, in its second argument: as many as fit, and how many there were.
struct List<'call> {
    out: Numbers<'call>,
    start: usize,
    end: usize,
}

impl<'call> List<'call> {
    fn new(arguments: &Arguments<'call>) -> std::result::Result<Self, Expected> {
        Ok(Self { out: arguments.numbers(1)?, start: 0, end: 0 })
    }

    /// Leaves the first place to an id.
    fn after_an_id(arguments: &Arguments<'call>) -> std::result::Result<Self, Expected> {
        Ok(Self { out: arguments.numbers(1)?, start: 1, end: 1 })
    }

    #[inline]
    fn push(&mut self, id: u32) {
        self.out.put(self.end, id);
        self.end += 1;
    }

    fn close(mut self, id: u32) -> u32 {
        self.out.put(0, id);
        self.length()
    }

    fn length(&self) -> u32 {
        (self.end - self.start) as u32
    }
}
