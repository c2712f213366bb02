//! An echo thread for litmus tests and for `tickbus doctor`; what it does is in `crates/bus/src/echo.rs`.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crossbeam_utils::sync::{Parker, Unparker};
use napi::Env;
use napi::bindgen_prelude::{Object, Uint8Array};
use napi_derive::napi;
use tickbus_bus::echo::Echo;
use tickbus_bus::error::BusError;
use tickbus_bus::layout::MEMBERS;
use tickbus_bus::memory::SharedMemory;
use tickbus_bus::ring_reader::RingReader;
use tickbus_bus::ring_writer::RingWriter;
use tickbus_bus::roster::Roster;

use crate::error::{Result, internal, refused};
use crate::holdings::{Held, Holdings};
use crate::hot::{self, Arguments, Expected, HotCall};
use crate::memory::View;
use crate::registry::{Bell, Bus};

/// What an echo reads and writes. The views are over whole `SharedArrayBuffer`s.
#[napi(object, object_to_js = false)]
pub struct EchoOptions {
    /// The bus's roster.
    pub roster: Uint8Array,
    /// The echo's slot, claimed by the caller.
    pub slot: u32,
    /// The slot's generation at the claim.
    pub generation: u32,
    /// The ring that it reads.
    pub source: Uint8Array,
    /// The empty ring that it writes.
    pub target: Uint8Array,
    /// Slot of the member that gets everything.
    pub to: u32,
}

/// A running echo, until it is stopped.
struct Running {
    bus: Arc<Bus>,
    slot: usize,
    generation: u32,
    stopping: Arc<AtomicBool>,
    unparker: Unparker,
    /// The thread, and the views that keep the memory it works on.
    thread: RefCell<Option<(JoinHandle<()>, [View; 3])>>,
    holdings: Weak<Holdings>,
}

pub(crate) fn start_echo<'env>(env: &'env Env, holdings: &Rc<Holdings>, options: EchoOptions) -> Result<Object<'env>> {
    let (slot, generation) = (options.slot as usize, options.generation);
    let views = [View::new(options.roster)?, View::new(options.source)?, View::new(options.target)?];
    let [page, source, target] = views.each_ref().map(View::memory);
    let echo = open(page, source, target, slot, options.to).map_err(refused)?;
    let parker = Parker::new();
    let unparker = parker.unparker().clone();
    let bus = Bus::sit(page, slot, generation, Bell::Thread(unparker.clone())).map_err(refused)?;
    let stopping = Arc::new(AtomicBool::new(false));
    let thread = {
        let (bus, stopping) = (Arc::clone(&bus), Arc::clone(&stopping));
        let run = move || echo.run(&*bus, &stopping, || parker.park());
        thread::Builder::new().name("tickbus echo".into()).spawn(run)
    };
    let thread = thread.inspect_err(|_| bus.stand_up(slot, generation)).map_err(internal)?;
    let running = Rc::new(Running {
        bus,
        slot,
        generation,
        stopping,
        unparker,
        thread: RefCell::new(Some((thread, views))),
        holdings: Rc::downgrade(holdings),
    });
    holdings.add(Rc::clone(&running) as Rc<dyn Held>);
    let expose = || {
        let mut object = Object::new(env)?;
        object.set("stop", hot::bind::<Stop>(env, &running)?)?;
        napi::Result::Ok(object)
    };
    expose().inspect_err(|_| running.stop()).map_err(internal)
}

fn open(
    page: SharedMemory,
    source: SharedMemory,
    target: SharedMemory,
    slot: usize,
    to: u32,
) -> std::result::Result<Echo<SharedMemory>, BusError> {
    if to as usize >= MEMBERS {
        return Err(BusError::Foreign("there is no such slot"));
    }
    Echo::new(Roster::open(page)?, slot, RingReader::open(source, slot)?, RingWriter::open(target)?, 1 << to)
}

impl std::fmt::Debug for EchoOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EchoOptions").finish_non_exhaustive()
    }
}

impl Running {
    fn stop(&self) {
        let Some(memory) = self.end_thread() else { return };
        self.bus.stand_up(self.slot, self.generation);
        drop(memory);
        if let Some(holdings) = self.holdings.upgrade() {
            holdings.remove(self);
        }
    }

    /// Ends the thread, if it is still there; returns what keeps the memory.
    fn end_thread(&self) -> Option<[View; 3]> {
        let (thread, memory) = self.thread.take()?;
        self.stopping.store(true, Ordering::Release);
        self.unparker.unpark();
        let ended = thread.join();
        debug_assert!(ended.is_ok(), "the echo panicked");
        Some(memory)
    }
}

impl Held for Running {
    fn end(&self) {
        let Some(memory) = self.end_thread() else { return };
        self.bus.bury(self.slot, self.generation);
        drop(memory);
    }
}

/// `stop(): void`: returns when the thread has ended.
struct Stop;

impl HotCall for Stop {
    type Bound = Running;
    type Answer = ();
    const NAME: &CStr = c"stop";

    fn call(running: &Running, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        running.stop();
        Ok(())
    }
}
