//! `Core.join`: a JavaScript thread's seat on a bus.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::Env;
use napi::bindgen_prelude::{Object, Uint8Array};
use tickbus_bus::echo::Bells;

use crate::doorbell::Doorbell;
use crate::error::{Result, internal, refused};
use crate::holdings::{Held, Holdings};
use crate::hot::{self, Arguments, Expected, HotCall};
use crate::memory::View;
use crate::registry::{Bell, Bus};

/// A seat, until it is left.
pub(crate) struct Membership {
    bus: Arc<Bus>,
    slot: usize,
    generation: u32,
    rung: Arc<AtomicBool>,
    /// Keeps the roster's memory; gone once the seat was left.
    roster: RefCell<Option<View>>,
    holdings: Weak<Holdings>,
}

pub(crate) fn join<'env>(
    env: &'env Env,
    doorbell: &Arc<Doorbell>,
    holdings: &Rc<Holdings>,
    roster: Uint8Array,
    slot: usize,
    generation: u32,
) -> Result<Object<'env>> {
    let roster = View::new(roster)?;
    let rung = Arc::new(AtomicBool::new(false));
    let bell = Bell::Environment { doorbell: Arc::clone(doorbell), rung: Arc::clone(&rung) };
    let bus = Bus::sit(roster.memory(), slot, generation, bell).map_err(refused)?;
    let membership = Rc::new(Membership {
        bus,
        slot,
        generation,
        rung,
        roster: RefCell::new(Some(roster)),
        holdings: Rc::downgrade(holdings),
    });
    holdings.add(Rc::clone(&membership) as Rc<dyn Held>);
    let expose = || {
        let mut object = Object::new(env)?;
        object.set("ring", hot::bind::<Ring>(env, &membership)?)?;
        object.set("answer", hot::bind::<TakeRing>(env, &membership)?)?;
        object.set("leave", hot::bind::<Leave>(env, &membership)?)?;
        napi::Result::Ok(object)
    };
    expose().inspect_err(|_| membership.leave()).map_err(internal)
}

impl Membership {
    fn leave(&self) {
        let Some(roster) = self.roster.take() else { return };
        self.bus.stand_up(self.slot, self.generation);
        drop(roster);
        if let Some(holdings) = self.holdings.upgrade() {
            holdings.remove(self);
        }
    }
}

impl Held for Membership {
    fn end(&self) {
        let Some(roster) = self.roster.take() else { return };
        self.bus.bury(self.slot, self.generation);
        drop(roster);
    }
}

/// `ring(slot: number): void`
struct Ring;

impl HotCall for Ring {
    type Bound = Membership;
    type Answer = ();
    const NAME: &CStr = c"ring";

    fn call(membership: &Membership, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        membership.bus.ring(arguments.number(0)? as usize);
        Ok(())
    }
}

/// `answer(): boolean`: whether this member was rung since it last asked.
struct TakeRing;

impl HotCall for TakeRing {
    type Bound = Membership;
    type Answer = bool;
    const NAME: &CStr = c"answer";

    fn call(membership: &Membership, _: &Arguments<'_>) -> std::result::Result<bool, Expected> {
        Ok(membership.rung.swap(false, Ordering::AcqRel))
    }
}

/// `leave(): void`
struct Leave;

impl HotCall for Leave {
    type Bound = Membership;
    type Answer = ();
    const NAME: &CStr = c"leave";

    fn call(membership: &Membership, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        membership.leave();
        Ok(())
    }
}
