//! The thread that looks after groups whose owners are blocked: one for the process, while there is such a group.
//!
//! It looks every 20 ms while anything waits in any of them, and rests once nothing has for a quarter of a second: then
//! nothing wakes it but a turn of one of the groups.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_utils::sync::{Parker, Unparker};
use tickbus_bus::autoscale::{StandIn, TICK_MS};
use tickbus_bus::echo::Bells;
use tickbus_bus::memory::SharedMemory;

use crate::registry::Bus;

/// It rests after so many looks that found nothing.
const VAIN_MOST: u32 = 12;

static TICKER: Mutex<Option<Running>> = Mutex::new(None);

/// One group, as the ticker sees it.
#[derive(Debug)]
pub(crate) struct Watch {
    bus: Arc<Bus>,
    /// None once the group has ended: from then on nobody touches its memory.
    stand_in: Mutex<Option<StandIn<SharedMemory>>>,
    began: Instant,
    /// The ticker rests, and is to know if something comes.
    rests: AtomicBool,
    unparker: Mutex<Option<Unparker>>,
}

impl Watch {
    pub(crate) fn new(bus: Arc<Bus>, began: Instant, stand_in: StandIn<SharedMemory>) -> Self {
        let (stand_in, rests) = (Mutex::new(Some(stand_in)), AtomicBool::new(false));
        Self { bus, stand_in, began, rests, unparker: Mutex::new(None) }
    }

    /// Runs unless the group has ended.
    pub(crate) fn with<R>(&self, call: impl FnOnce(&mut StandIn<SharedMemory>, f64) -> R) -> Option<R> {
        lock(&self.stand_in).as_mut().map(|stand_in| call(stand_in, milliseconds(self.began.elapsed())))
    }

    /// Something may have come. Who misses that the ticker falls asleep is followed by another turn, as long as anything waits.
    pub(crate) fn tell(&self) {
        if self.rests.load(Ordering::Relaxed) && self.rests.swap(false, Ordering::AcqRel) {
            self.with(StandIn::rouse);
            if let Some(unparker) = &*lock(&self.unparker) {
                unparker.unpark();
            }
        }
    }

    /// Says whether anything waits.
    fn look(&self) -> bool {
        self.with(|stand_in, now_ms| stand_in.look(now_ms, |slot| self.bus.ring(slot))).unwrap_or(false)
    }
}

struct Running {
    thread: JoinHandle<()>,
    shared: Arc<Shared>,
    unparker: Unparker,
}

#[derive(Default)]
struct Shared {
    watches: Mutex<Vec<Arc<Watch>>>,
    stopping: AtomicBool,
}

/// Looks after a group from now on.
pub(crate) fn add(watch: Arc<Watch>) -> std::io::Result<()> {
    let mut ticker = lock(&TICKER);
    if ticker.is_none() {
        *ticker = Some(start()?);
    }
    if let Some(Running { shared, unparker, .. }) = &*ticker {
        *lock(&watch.unparker) = Some(unparker.clone());
        lock(&shared.watches).push(watch);
        unparker.unpark();
    }
    Ok(())
}

/// Looks after a group no more; returns when nobody touches its memory. The last one ends the thread.
pub(crate) fn remove(watch: &Arc<Watch>) {
    drop(lock(&watch.stand_in).take());
    let mut ticker = lock(&TICKER);
    let Some(running) = &*ticker else { return };
    let mut watches = lock(&running.shared.watches);
    watches.retain(|other| !Arc::ptr_eq(other, watch));
    let is_last = watches.is_empty();
    drop(watches);
    if is_last && let Some(Running { thread, shared, unparker }) = ticker.take() {
        shared.stopping.store(true, Ordering::Release);
        unparker.unpark();
        let ended = thread.join();
        debug_assert!(ended.is_ok(), "the ticker panicked");
    }
}

fn start() -> std::io::Result<Running> {
    let shared = Arc::new(Shared::default());
    let parker = Parker::new();
    let unparker = parker.unparker().clone();
    let thread = {
        let shared = Arc::clone(&shared);
        thread::Builder::new().name("tickbus ticker".into()).spawn(move || run(&shared, &parker))?
    };
    Ok(Running { thread, shared, unparker })
}

fn run(shared: &Shared, parker: &Parker) {
    let mut vain = 0;
    while !shared.stopping.load(Ordering::Acquire) {
        vain = if look(shared) { 0 } else { vain + 1 };
        if vain <= VAIN_MOST {
            parker.park_timeout(Duration::from_secs_f64(TICK_MS / 1e3));
            continue;
        }
        lock(&shared.watches).iter().for_each(|watch| watch.rests.store(true, Ordering::SeqCst));
        if look(shared) {
            // Otherwise nobody would tell of what had come before.
            vain = 0;
            continue;
        }
        parker.park();
        vain = 0;
    }
}

fn look(shared: &Shared) -> bool {
    let watches = lock(&shared.watches).clone();
    // Each of them is looked at.
    watches.iter().filter(|watch| watch.look()).count() > 0
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
