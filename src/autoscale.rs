//! `Core.openAutoscaler`: the law behind two raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::{Object, Uint8Array};
use napi_derive::napi;
use tickbus_bus::autoscale::{Autoscaler, Limits};
use tickbus_bus::memory::SharedMemory;

use crate::error::{Result, internal, refused};
use crate::hot::{self, Arguments, Expected, HotCall};
use crate::memory::View;

/// What a law is opened with; `ts/autoscale-core.ts` says what each is.
#[napi(object)]
#[derive(Debug)]
pub struct AutoscalerLimits {
    /// Fewest slots.
    pub min: f64,
    /// Most slots.
    pub max: f64,
    /// Cores that the handlers may use.
    pub cores: f64,
    /// Share of them that is to be used.
    pub cpu_target: f64,
    /// Slots kept for critical lanes.
    pub reserved: f64,
    /// How long a critical message may wait, in milliseconds.
    pub critical_ms: f64,
}

struct Law {
    autoscaler: RefCell<Autoscaler<SharedMemory>>,
    _page: View,
}

/// Opens a law that is told and answers in `page`, a view over a `SharedArrayBuffer`.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_autoscaler(env: &Env, page: Uint8Array, limits: AutoscalerLimits) -> Result<Object<'_>> {
    let page = View::new(page)?;
    let autoscaler = RefCell::new(Autoscaler::new(page.memory(), limits_of(&limits)).map_err(refused)?);
    let law = Rc::new(Law { autoscaler, _page: page });
    let open = || {
        let mut object = Object::new(env)?;
        object.set("tick", hot::bind::<Tick>(env, &law)?)?;
        object.set("isDue", hot::bind::<IsDue>(env, &law)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

pub(crate) const fn limits_of(limits: &AutoscalerLimits) -> Limits {
    Limits {
        min: limits.min,
        max: limits.max,
        cores: limits.cores,
        cpu_target: limits.cpu_target,
        reserved: limits.reserved,
        critical_ms: limits.critical_ms,
    }
}

/// `tick(): void`
struct Tick;

impl HotCall for Tick {
    type Bound = Law;
    type Answer = ();
    const NAME: &CStr = c"tick";

    fn call(law: &Law, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        law.autoscaler.borrow_mut().tick();
        Ok(())
    }
}

/// `isDue(): boolean`
struct IsDue;

impl HotCall for IsDue {
    type Bound = Law;
    type Answer = bool;
    const NAME: &CStr = c"isDue";

    fn call(law: &Law, _: &Arguments<'_>) -> std::result::Result<bool, Expected> {
        Ok(law.autoscaler.borrow().is_due())
    }
}
