//! `Core.openRoutes`: the tables behind six raw functions, and a cold one.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use napi::Env;
use napi::bindgen_prelude::{FunctionCallContext, Object, Uint8Array};
use napi_derive::napi;
use tickbus_bus::memory::{SharedMemory, Words};
use tickbus_bus::routes::Routes;

use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall};
use crate::memory::View;

/// The tables, and the memory where each call leaves its list. It is given once and not with each call, because to look
/// an argument up takes as long as to look a topic up.
struct Table {
    routes: RefCell<Routes>,
    answer: RefCell<View>,
}

/// Opens empty tables that answer in `answer`, a view over a `SharedArrayBuffer` of whole 64-bit words.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_routes(env: &Env, answer: Uint8Array) -> Result<Object<'_>> {
    let answer = RefCell::new(View::new(answer)?);
    let table = Rc::new(Table { routes: RefCell::default(), answer });
    let open = || {
        let mut object = Object::new(env)?;
        object.set("addPattern", hot::bind::<AddPattern>(env, &table)?)?;
        object.set("removePattern", hot::bind::<RemovePattern>(env, &table)?)?;
        object.set("addTopic", hot::bind::<AddTopic>(env, &table)?)?;
        object.set("removeTopic", hot::bind::<RemoveTopic>(env, &table)?)?;
        object.set("resolve", hot::bind::<Resolve>(env, &table)?)?;
        object.set("affected", hot::bind::<Affected>(env, &table)?)?;
        let answer_in = move |call: FunctionCallContext<'_>| {
            let longer = View::new(call.get(0)?).map_err(|error| napi::Error::from_reason(error.reason))?;
            table.answer.replace(longer);
            Ok(())
        };
        object.set("answerIn", env.create_function_from_closure::<(Uint8Array,), (), _>("answerIn", answer_in)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

/// `addPattern(pattern: string): number`
struct AddPattern;

impl HotCall for AddPattern {
    type Bound = Table;
    type Answer = u32;
    const NAME: &CStr = c"addPattern";

    fn call(table: &Table, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut list = table.list();
        arguments.text(0, |pattern| table.routes.borrow_mut().add_pattern(pattern, |topic| list.push(topic)))
    }
}

/// `removePattern(id: number): void`
struct RemovePattern;

impl HotCall for RemovePattern {
    type Bound = Table;
    type Answer = ();
    const NAME: &CStr = c"removePattern";

    fn call(table: &Table, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        table.routes.borrow_mut().remove_pattern(arguments.number(0)?);
        Ok(())
    }
}

/// `addTopic(topic: string): number`
struct AddTopic;

impl HotCall for AddTopic {
    type Bound = Table;
    type Answer = u32;
    const NAME: &CStr = c"addTopic";

    fn call(table: &Table, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let mut list = table.list();
        arguments.text(0, |topic| table.routes.borrow_mut().add_topic(topic, |pattern| list.push(pattern)))
    }
}

/// `removeTopic(id: number): void`
struct RemoveTopic;

impl HotCall for RemoveTopic {
    type Bound = Table;
    type Answer = ();
    const NAME: &CStr = c"removeTopic";

    fn call(table: &Table, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        table.routes.borrow_mut().remove_topic(arguments.number(0)?);
        Ok(())
    }
}

/// `resolve(topic: string): void`
struct Resolve;

impl HotCall for Resolve {
    type Bound = Table;
    type Answer = ();
    const NAME: &CStr = c"resolve";

    fn call(table: &Table, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        let mut list = table.list();
        arguments.text(0, |topic| table.routes.borrow_mut().resolve(topic, |pattern| list.push(pattern)))
    }
}

/// `affected(pattern: string): void`
struct Affected;

impl HotCall for Affected {
    type Bound = Table;
    type Answer = ();
    const NAME: &CStr = c"affected";

    fn call(table: &Table, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        let mut list = table.list();
        arguments.text(0, |pattern| table.routes.borrow_mut().affected(pattern, |topic| list.push(topic)))
    }
}

impl Table {
    fn list(&self) -> List {
        List { memory: self.answer.borrow().memory(), count: 0 }
    }
}

/// The list that a call answers with: how many ids there are, then as many of them as fit.
struct List {
    memory: SharedMemory,
    count: usize,
}

impl List {
    #[inline]
    fn push(&mut self, id: u32) {
        self.count += 1;
        if self.count < self.memory.len() {
            self.memory.store(self.count, id, Ordering::Relaxed);
        }
    }
}

impl Drop for List {
    /// The call is over, whatever came of it.
    fn drop(&mut self) {
        self.memory.store(0, self.count as u32, Ordering::Relaxed);
    }
}
