//! `Core.openStandIn`: the law of a group of worker threads, which the ticker asks as well while its owner does not.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Instant;

use napi::Env;
use napi::bindgen_prelude::{FunctionCallContext, Object, Uint8Array};
use napi_derive::napi;
use tickbus_bus::autoscale::{Autoscaler, StandIn, Threads};
use tickbus_bus::error::BusError;

use crate::autoscale::{AutoscalerLimits, limits_of};
use crate::error::{Result, internal, refused};
use crate::holdings::{Held, Holdings};
use crate::hot::{self, Arguments, Expected, HotCall, Made};
use crate::memory::View;
use crate::registry::Bus;
use crate::shared_group::find;
use crate::ticker::{self, Watch};

/// What it is opened with. The views are over whole `SharedArrayBuffer`s.
#[napi(object, object_to_js = false)]
pub struct StandInOptions {
    /// The group.
    pub token: u32,
    /// Its envelopes.
    pub envelopes: Uint8Array,
    /// The roster of the group's threads.
    pub roster: Uint8Array,
    /// Where the law is told and answers.
    pub page: Uint8Array,
    /// The limits of the law.
    pub limits: AutoscalerLimits,
    /// Most threads of the group.
    pub threads: f64,
    /// Whether there are always so many.
    pub is_fixed: bool,
    /// The time on the owner's clock, in milliseconds.
    pub now_ms: f64,
}

impl std::fmt::Debug for StandInOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StandInOptions").finish_non_exhaustive()
    }
}

/// What the owner has of it, until it has ended.
struct Handle {
    watch: Arc<Watch>,
    /// What the ticker reads and writes: the page, the envelopes, and by slot the port and the meter of each thread.
    views: RefCell<Option<Views>>,
    holdings: Weak<Holdings>,
}

struct Views {
    _shared: [View; 2],
    threads: Vec<(u32, [View; 2])>,
}

pub(crate) fn open<'env>(env: &'env Env, holdings: &Rc<Holdings>, options: StandInOptions) -> Result<Object<'env>> {
    let (page, roster) = (View::new(options.page)?, View::new(options.roster)?);
    let envelopes = View::new(options.envelopes)?;
    let refuse = |what| refused(BusError::SharedGroup(what));
    let group = find(options.token).ok_or_else(|| refuse("the group is not there any more"))?;
    if !group.shared().envelope_memory().is(&envelopes.memory()) {
        return Err(refuse("the memory is other than the group's"));
    }
    let bus = Bus::of(roster.memory()).ok_or_else(|| refuse("nobody sits in the roster"))?;
    let law = Autoscaler::new(page.memory(), limits_of(&options.limits)).map_err(refused)?;
    let threads = Threads { most: options.threads, is_fixed: options.is_fixed };
    let stand_in = StandIn::new(law, Arc::clone(group.shared()), threads, 0.0, options.now_ms);
    let watch = Arc::new(Watch::new(bus, Instant::now(), stand_in));
    if !group.watch(Arc::clone(&watch)) {
        return Err(refuse("its law was opened already"));
    }
    ticker::add(Arc::clone(&watch)).map_err(internal)?;
    let views = RefCell::new(Some(Views { _shared: [page, envelopes], threads: Vec::new() }));
    let handle = Rc::new(Handle { watch, views, holdings: Rc::downgrade(holdings) });
    holdings.add(Rc::clone(&handle) as Rc<dyn Held>);
    let expose = || {
        let mut object = Object::new(env)?;
        object.set("tick", hot::bind::<Tick>(env, &handle)?)?;
        object.set("isDue", hot::bind::<IsDue>(env, &handle)?)?;
        object.set("take", hot::bind::<Take>(env, &handle)?)?;
        object.set("remove", hot::bind::<Remove>(env, &handle)?)?;
        object.set("end", hot::bind::<End>(env, &handle)?)?;
        let opened = Rc::clone(&handle);
        let add = move |call: FunctionCallContext<'_>| {
            let added = opened.add(call.get(0)?, call.get(1)?, call.get(2)?);
            added.map_err(|error| napi::Error::from_reason(error.reason))
        };
        object.set("add", env.create_function_from_closure::<(u32, Uint8Array, Uint8Array), (), _>("add", add)?)?;
        napi::Result::Ok(object)
    };
    expose().inspect_err(|_| handle.give_up()).map_err(internal)
}

impl Handle {
    fn add(&self, slot: u32, port: Uint8Array, meter: Uint8Array) -> Result<()> {
        let (port, meter) = (View::new(port)?, View::new(meter)?);
        if let Some(views) = &mut *self.views.borrow_mut() {
            self.watch.with(|stand_in, _| stand_in.add(slot as usize, port.memory(), meter.memory()));
            views.threads.push((slot, [port, meter]));
        }
        Ok(())
    }

    fn remove(&self, slot: u32) {
        self.watch.with(|stand_in, _| stand_in.remove(slot as usize));
        if let Some(views) = &mut *self.views.borrow_mut() {
            views.threads.retain(|(other, _)| *other != slot);
        }
    }

    fn give_up(&self) {
        self.end();
        if let Some(holdings) = self.holdings.upgrade() {
            holdings.remove(self);
        }
    }
}

impl Held for Handle {
    fn end(&self) {
        if let Some(views) = self.views.take() {
            ticker::remove(&self.watch);
            drop(views);
        }
    }
}

/// `tick(): void`
struct Tick;

impl HotCall for Tick {
    type Bound = Handle;
    type Answer = ();
    const NAME: &CStr = c"tick";

    fn call(handle: &Handle, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        handle.watch.with(StandIn::tick);
        Ok(())
    }
}

/// `isDue(): boolean`
struct IsDue;

impl HotCall for IsDue {
    type Bound = Handle;
    type Answer = bool;
    const NAME: &CStr = c"isDue";

    fn call(handle: &Handle, _: &Arguments<'_>) -> std::result::Result<bool, Expected> {
        Ok(handle.watch.with(|stand_in, _| stand_in.is_due()).unwrap_or(false))
    }
}

/// `take(): number[]`
struct Take;

impl HotCall for Take {
    type Bound = Handle;
    type Answer = Made<Vec<f64>>;
    const NAME: &CStr = c"take";

    fn call(handle: &Handle, _: &Arguments<'_>) -> std::result::Result<Self::Answer, Expected> {
        Ok(Made(handle.watch.with(|stand_in, _| stand_in.take()).unwrap_or_default()))
    }
}

/// `remove(slot: number): void`
struct Remove;

impl HotCall for Remove {
    type Bound = Handle;
    type Answer = ();
    const NAME: &CStr = c"remove";

    fn call(handle: &Handle, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        handle.remove(arguments.number(0)?);
        Ok(())
    }
}

/// `end(): void`
struct End;

impl HotCall for End {
    type Bound = Handle;
    type Answer = ();
    const NAME: &CStr = c"end";

    fn call(handle: &Handle, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        handle.give_up();
        Ok(())
    }
}
