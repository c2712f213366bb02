//! All buses of the process that have a native member, and who sits where: the one thing that the environments share.
//!
//! A bus is known by its roster's token, and by the roster's address, which is the same in every environment. The
//! registry holds no memory: each member keeps the roster's buffer alive for itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crossbeam_utils::sync::Unparker;
use tickbus_bus::echo::Bells;
use tickbus_bus::error::BusError;
use tickbus_bus::layout::MEMBERS;
use tickbus_bus::memory::SharedMemory;
use tickbus_bus::roster::Roster;

use crate::doorbell::Doorbell;

static BUSES: Mutex<Vec<Arc<Bus>>> = Mutex::new(Vec::new());

/// How to wake a member.
#[derive(Debug)]
pub(crate) enum Bell {
    /// A JavaScript thread. `rung` says which of its members is meant, and that a call is under way already.
    Environment { doorbell: Arc<Doorbell>, rung: Arc<AtomicBool> },
    /// A thread of our own.
    Thread(Unparker),
}

impl Bell {
    fn ring(&self) {
        match self {
            Self::Environment { doorbell, rung } => {
                if !rung.swap(true, Ordering::AcqRel) {
                    doorbell.ring();
                }
            }
            Self::Thread(unparker) => unparker.unpark(),
        }
    }
}

/// One bus, as its native members see it.
#[derive(Debug)]
pub(crate) struct Bus {
    token: u64,
    page: SharedMemory,
    roster: Roster<SharedMemory>,
    seats: [RwLock<Option<Seat>>; MEMBERS],
}

#[derive(Debug)]
struct Seat {
    generation: u32,
    bell: Bell,
}

impl Bus {
    /// Seats a member. The caller keeps `page` alive until it has stood up.
    pub(crate) fn sit(page: SharedMemory, slot: usize, generation: u32, bell: Bell) -> Result<Arc<Self>, BusError> {
        let roster = Roster::open(page)?;
        if slot >= MEMBERS || roster.generation(slot) != generation {
            return Err(BusError::Foreign("the slot was not claimed in this roster"));
        }
        let mut buses = buses();
        let known = buses.iter().find(|bus| bus.token == roster.token());
        let bus = known.map_or_else(|| Arc::new(Self::new(page, roster)), Arc::clone);
        if !bus.page.is(&page) {
            return Err(BusError::Foreign("the roster is other memory than that of the bus's members"));
        }
        let mut seat = bus.seats[slot].write().unwrap_or_else(PoisonError::into_inner);
        if seat.as_ref().is_some_and(|seat| seat.generation == generation) {
            return Err(BusError::Foreign("the slot was joined already"));
        }
        // Whoever sits here of an older generation has given the slot up, and is about to stand up.
        *seat = Some(Seat { generation, bell });
        drop(seat);
        if !buses.iter().any(|known| Arc::ptr_eq(known, &bus)) {
            buses.push(Arc::clone(&bus));
        }
        Ok(bus)
    }

    /// The bus of a roster, if anybody sits there.
    pub(crate) fn of(page: SharedMemory) -> Option<Arc<Self>> {
        buses().iter().find(|bus| bus.page.is(&page)).map(Arc::clone)
    }

    fn new(page: SharedMemory, roster: Roster<SharedMemory>) -> Self {
        Self { token: roster.token(), page, roster, seats: [const { RwLock::new(None) }; MEMBERS] }
    }

    /// The member leaves. A seat that has gone to another generation stays as it is.
    pub(crate) fn stand_up(&self, slot: usize, generation: u32) {
        let mut buses = buses();
        let mut seat = self.seats[slot].write().unwrap_or_else(PoisonError::into_inner);
        let left = seat.take_if(|seat| seat.generation == generation);
        drop(seat);
        drop(left);
        if self.seated() == 0 {
            buses.retain(|bus| !bus.page.is(&self.page));
        }
    }

    /// The member's thread has ended without leaving: says so in the roster, which the caller still keeps, and wakes all
    /// others.
    pub(crate) fn bury(&self, slot: usize, generation: u32) {
        self.stand_up(slot, generation);
        if self.roster.mark_dead(slot, generation) {
            (0..MEMBERS).for_each(|slot| self.ring(slot));
        }
    }

    fn seated(&self) -> usize {
        self.seats.iter().filter(|seat| seat.read().unwrap_or_else(PoisonError::into_inner).is_some()).count()
    }
}

impl Bells for Bus {
    fn ring(&self, slot: usize) {
        let Some(seat) = self.seats.get(slot) else { return };
        if let Some(seat) = &*seat.read().unwrap_or_else(PoisonError::into_inner) {
            seat.bell.ring();
        }
    }
}

/// How many members of all buses sit in the registry.
pub(crate) fn seated() -> usize {
    buses().iter().map(|bus| bus.seated()).sum()
}

fn buses() -> MutexGuard<'static, Vec<Arc<Bus>>> {
    BUSES.lock().unwrap_or_else(PoisonError::into_inner)
}
