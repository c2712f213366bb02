//! `Core.openSchedule`: the schedule of one thread behind three raw functions without arguments; what they are about lies
//! in the port.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::{Object, Uint8Array};
use napi_derive::napi;
use tickbus_bus::lanes::options::{LaneOptions, Overflow, Policy, ScheduleOptions as Options};
use tickbus_bus::lanes::turn::Turns;
use tickbus_bus::memory::SharedMemory;

use crate::error::{Result, internal, refused};
use crate::hot::{self, Arguments, Expected, HotCall};
use crate::memory::View;

/// One lane.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct ScheduledLane {
    /// Most messages that wait.
    pub capacity: u32,
    /// One of `Overflow` in `ts/lane-core.ts`.
    pub overflow: String,
    /// Messages in a round of `weighted`.
    pub weight: u32,
    /// Delay that is borne, in nanoseconds; 0 for any.
    pub shed_target_ns: f64,
    /// How long it is borne if it is longer, in nanoseconds.
    pub shed_interval_ns: f64,
}

/// What a schedule is opened with. Both views are over a `SharedArrayBuffer`.
#[napi(object, object_to_js = false)]
pub struct ScheduleOptions {
    /// The thread's port.
    pub port: Uint8Array,
    /// The group's envelopes.
    pub envelopes: Uint8Array,
    /// From 0, the least urgent.
    pub lanes: Vec<ScheduledLane>,
    /// One of `Policy` in `ts/lane-core.ts`.
    pub policy: String,
    /// The lowest urgent lane.
    pub urgent: u32,
    /// The age bound of `strict`, in nanoseconds; 0 for none.
    pub age_ns: f64,
    /// Whether messages of one key run one after the other.
    pub ordered: bool,
}

impl std::fmt::Debug for ScheduleOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScheduleOptions").finish_non_exhaustive()
    }
}

/// The schedule, and what keeps the memory it works on.
struct Desk {
    turns: RefCell<Turns<SharedMemory>>,
    _views: [View; 2],
}

/// Opens an empty schedule: an object of raw functions, which are what keeps it.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_schedule(env: &Env, options: ScheduleOptions) -> Result<Object<'_>> {
    let read = Options {
        lanes: options.lanes.iter().map(lane_of).collect::<Result<_>>()?,
        policy: policy_of(&options.policy)?,
        urgent: options.urgent as usize,
        age_ns: options.age_ns,
        ordered: options.ordered,
    };
    let views = [View::new(options.port)?, View::new(options.envelopes)?];
    let turns = Turns::new(views[0].memory(), views[1].memory(), &read).map_err(refused)?;
    let desk = Rc::new(Desk { turns: RefCell::new(turns), _views: views });
    let open = || {
        let mut object = Object::new(env)?;
        object.set("turn", hot::bind::<Turn>(env, &desk)?)?;
        object.set("inspect", hot::bind::<Inspect>(env, &desk)?)?;
        object.set("clear", hot::bind::<Clear>(env, &desk)?)?;
        napi::Result::Ok(object)
    };
    open().map_err(internal)
}

pub(crate) fn lane_of(lane: &ScheduledLane) -> Result<LaneOptions> {
    let &ScheduledLane { capacity, weight, shed_target_ns, shed_interval_ns, .. } = lane;
    Ok(LaneOptions { capacity, overflow: overflow_of(&lane.overflow)?, weight, shed_target_ns, shed_interval_ns })
}

fn overflow_of(name: &str) -> Result<Overflow> {
    Ok(match name {
        "block" => Overflow::Block,
        "reject" => Overflow::Reject,
        "dropOldest" => Overflow::DropOldest,
        "dropNewest" => Overflow::DropNewest,
        "conflate" => Overflow::Conflate,
        _ => return Err(internal("there is no such overflow")),
    })
}

pub(crate) fn policy_of(name: &str) -> Result<Policy> {
    Ok(match name {
        "strict" => Policy::Strict,
        "weighted" => Policy::Weighted,
        "deadline" => Policy::Deadline,
        "fifo" => Policy::Fifo,
        _ => return Err(internal("there is no such policy")),
    })
}

/// `turn(): void`
struct Turn;

impl HotCall for Turn {
    type Bound = Desk;
    type Answer = ();
    const NAME: &CStr = c"turn";

    fn call(desk: &Desk, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        desk.turns.borrow_mut().turn();
        Ok(())
    }
}

/// `inspect(): void`
struct Inspect;

impl HotCall for Inspect {
    type Bound = Desk;
    type Answer = ();
    const NAME: &CStr = c"inspect";

    fn call(desk: &Desk, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        desk.turns.borrow().inspect();
        Ok(())
    }
}

/// `clear(): void`
struct Clear;

impl HotCall for Clear {
    type Bound = Desk;
    type Answer = ();
    const NAME: &CStr = c"clear";

    fn call(desk: &Desk, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        desk.turns.borrow_mut().clear();
        Ok(())
    }
}
