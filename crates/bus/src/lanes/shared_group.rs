//! A consumer group that several threads run: what all of them share.
//!
//! Messages that keep no order but that of their lane wait in lock-free lanes; all others are ordered by the schedule behind
//! the combiner. Only numbers of envelopes are queued. All of it is Rust's own memory, so that no thread's end takes it away
//! and no thread can be ended half-way through it; the envelopes are memory that JavaScript sees.
//!
//! Each thread has a seat, and works through its port (`shared_port.rs`). Who ends without leaving is cleared up after by
//! another (`adopt.rs`).

use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, AtomicU64};

use crossbeam_utils::CachePadded;

use super::combiner::{Combiner, Section};
use super::credit::Credit;
use super::direct::DirectLane;
use super::id_stack::IdStack;
use super::options::{LaneOptions, Overflow, Policy, ScheduleOptions};
use super::owner::{Owner, Owners};
use super::schedule::Schedule;
use super::slab::{SLAB_PAGE_BYTES, Slab};
use super::sleepers::{Sleep, Sleepers};
use super::sync::{AtomicU32 as StateWord, Backoff};
use crate::error::BusError;
use crate::layout::{ENVELOPE_BYTES, LANES_MOST, MEMBERS, OUTCOMES, PORT_WORDS};
use crate::memory::{Words, zeroed_counts};

/// A group.
#[derive(Debug)]
pub struct SharedGroup<W> {
    pub(crate) options: ScheduleOptions,
    pub(crate) envelopes: Owners<W>,
    pool: IdStack,
    slab: Option<Slab>,
    /// 1 + the position of each envelope's bytes in the slab, or 0.
    bytes: Box<[AtomicU32]>,
    /// One for each lane, or a single one if lanes make no difference.
    pub(crate) direct: Box<[DirectLane]>,
    pub(crate) combiner: Combiner<W>,
    pub(crate) credits: Box<[Credit]>,
    pub(crate) sleepers: Sleepers,
    /// How many messages came, ever.
    arrived: CachePadded<AtomicU64>,
    /// How many messages ended in each way.
    settled: CachePadded<[AtomicU64; OUTCOMES]>,
    pub(crate) seats: Box<[CachePadded<Seat>]>,
}

const SEAT_FREE: u32 = 0;
const SEAT_TAKEN: u32 = 1;
const SEAT_LEFT: u32 = 2;
const SEAT_ADOPTING: u32 = 3;

/// A thread's place in a group.
#[derive(Debug)]
pub(crate) struct Seat {
    state: StateWord,
    /// Unused room that its port was promised in each lane.
    pub(crate) promised: [AtomicU32; LANES_MOST],
}

impl<W: Words + Clone> SharedGroup<W> {
    /// A group without messages over zeroed envelope memory and so many bytes of slab.
    ///
    /// # Errors
    /// [`BusError::SharedGroup`] if something has a size that it cannot have.
    pub fn new(options: ScheduleOptions, envelopes: W, slab_bytes: usize) -> Result<Self, BusError> {
        check(&options, envelopes.len() * 4, slab_bytes)?;
        let schedule = Schedule::new(envelopes.clone(), &in_schedule(&options))?;
        let envelopes = Owners::new(envelopes, options.lanes.len());
        let count = envelopes.count();
        let direct = if options.policy == Policy::Fifo { 1 } else { options.lanes.len() };
        Ok(Self {
            pool: IdStack::new(count as usize),
            slab: (slab_bytes > 0).then(|| Slab::new(slab_bytes)),
            bytes: zeroed_counts(if slab_bytes > 0 { count as usize } else { 0 }),
            direct: (0..direct).map(|_| DirectLane::new(count)).collect(),
            combiner: Combiner::new(schedule, count),
            credits: options.lanes.iter().map(|lane| Credit::new(lane.capacity)).collect(),
            sleepers: Sleepers::new(),
            arrived: CachePadded::new(AtomicU64::new(0)),
            settled: CachePadded::new(std::array::from_fn(|_| AtomicU64::new(0))),
            seats: (0..MEMBERS).map(|_| CachePadded::new(Seat::default())).collect(),
            envelopes,
            options,
        })
    }
}

/// The schedule does not know what waits in lock-free lanes, so that room is not its business there.
fn in_schedule(options: &ScheduleOptions) -> ScheduleOptions {
    let lanes = options.lanes.iter().map(|&lane| match lane.overflow {
        Overflow::Conflate => lane,
        _ => LaneOptions { overflow: Overflow::Reject, ..lane },
    });
    ScheduleOptions { lanes: lanes.collect(), ..options.clone() }
}

fn check(options: &ScheduleOptions, envelope_bytes: usize, slab_bytes: usize) -> Result<(), BusError> {
    let as_group = |error| match error {
        BusError::Schedule(what) => BusError::SharedGroup(what),
        other => other,
    };
    options.check(envelope_bytes / ENVELOPE_BYTES).map_err(as_group)?;
    if !envelope_bytes.is_multiple_of(ENVELOPE_BYTES) {
        return Err(BusError::SharedGroup("the envelope memory holds whole envelopes"));
    }
    if slab_bytes > 0 && slab_bytes < SLAB_PAGE_BYTES {
        return Err(BusError::SharedGroup("a slab has at least one page of 65,536 bytes"));
    }
    Ok(())
}

impl<W: Words> SharedGroup<W> {
    /// What the group is.
    #[must_use]
    pub const fn options(&self) -> &ScheduleOptions {
        &self.options
    }

    /// The envelope memory.
    #[must_use]
    pub const fn envelope_memory(&self) -> &W {
        self.envelopes.memory()
    }

    /// How many envelopes were ever given out, and how many pages of the slab are in use.
    #[must_use]
    pub fn used(&self) -> (u32, usize) {
        (self.pool.used(), self.slab.as_ref().map_or(0, Slab::pages_used))
    }

    /// How many messages wait in a lane.
    #[must_use]
    pub fn waiting(&self, lane: usize) -> u32 {
        self.credits[lane].waiting()
    }

    /// How many messages wait in all lanes.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.credits.iter().map(Credit::waiting).sum()
    }

    /// How many messages came, ever.
    #[must_use]
    pub fn arrived(&self) -> u64 {
        self.arrived.load(Relaxed)
    }

    pub(crate) fn count_arrivals(&self, messages: usize) {
        if messages > 0 {
            self.arrived.fetch_add(messages as u64, Relaxed);
        }
    }

    /// Tells when the oldest waiting message of each lane was published, or 0. Takes in what was left in the ingress: see
    /// afterwards whom to ring.
    pub(crate) fn each_oldest(&self, mut tell: impl FnMut(usize, f64)) {
        let mut section = self.combiner.enter();
        self.collect(&mut section);
        for lane in 0..self.options.lanes.len() {
            let direct = self.oldest_direct(lane);
            let ordered = section.ordered.schedule.oldest(lane);
            let queued = direct.into_iter().chain(ordered).map(|number| self.envelopes.heads.queued(number));
            tell(lane, queued.min_by(f64::total_cmp).unwrap_or(0.0));
        }
    }

    /// How many messages ended in a way, or were retried.
    #[must_use]
    pub fn settled(&self, outcome: u32) -> u64 {
        self.settled[outcome as usize % OUTCOMES].load(Relaxed)
    }

    /// Takes the seat of a slot.
    ///
    /// # Errors
    /// [`BusError::SharedGroup`] if there is no such seat, or somebody has it, or has ended on it and was not adopted.
    pub(crate) fn sit(&self, slot: usize, page: &W) -> Result<(), BusError> {
        if page.len() != PORT_WORDS {
            return Err(BusError::SharedGroup("the memory is no port page"));
        }
        let seat = self.seats.get(slot).ok_or(BusError::SharedGroup("there is no such slot"))?;
        let taken = seat.state.compare_exchange(SEAT_FREE, SEAT_TAKEN, AcqRel, Relaxed);
        taken.map(|_| ()).map_err(|_| BusError::SharedGroup("the slot is taken, or its member was not adopted yet"))
    }

    /// The member's port is gone. What it held waits for somebody to adopt it.
    pub(crate) fn end(&self, slot: usize) {
        self.seats[slot].state.store(SEAT_LEFT, Release);
    }

    /// Begins to clear up after a member. False if it is still there, never was, or somebody else does so.
    pub(crate) fn begin_adopting(&self, slot: usize) -> bool {
        let Some(seat) = self.seats.get(slot) else { return false };
        seat.state.compare_exchange(SEAT_LEFT, SEAT_ADOPTING, AcqRel, Acquire).is_ok()
    }

    pub(crate) fn free_seat(&self, slot: usize) {
        self.seats[slot].state.store(SEAT_FREE, Release);
    }

    /// Whether a message keeps no order but that of its lane.
    pub(crate) fn is_direct(&self, number: u32, lane: usize) -> bool {
        let options = &self.options.lanes[lane];
        options.overflow != Overflow::Conflate
            && options.shed_target_ns == 0.0
            && self.options.policy != Policy::Deadline
            && !(self.options.policy == Policy::Fifo && options.overflow == Overflow::DropOldest)
            && !(self.options.ordered && self.envelopes.heads.key(number) != 0)
    }

    pub(crate) fn direct_lane(&self, lane: usize) -> &DirectLane {
        &self.direct[if self.direct.len() == 1 { 0 } else { lane }]
    }

    /// The lock-free message of a lane that was submitted first. Where lanes share a queue that of another lane may come
    /// before it.
    pub(crate) fn oldest_direct(&self, lane: usize) -> Option<u32> {
        self.direct_lane(lane).front().filter(|&number| self.envelopes.owner(number).lane == lane)
    }

    pub(crate) fn is_anything_waiting(&self) -> bool {
        self.credits.iter().any(|credit| credit.waiting() > 0)
    }

    /// Waiting messages that run in urgent lanes, as of a moment ago.
    pub(crate) fn runnable_urgent(&self) -> u32 {
        let direct: usize = self.direct.iter().skip(self.urgent()).map(DirectLane::len).sum();
        direct as u32 + self.combiner.runnable_urgent()
    }

    /// The lowest urgent lane.
    pub(crate) fn urgent(&self) -> usize {
        if self.options.policy == Policy::Fifo { self.options.lanes.len() } else { self.options.urgent }
    }

    /// Takes envelopes out of the pool for a port.
    pub(crate) fn take_free(&self, slot: usize, out: &mut [u32]) -> usize {
        let taken = self.pool.take(out);
        for &number in &out[..taken] {
            self.envelopes.set_owner(number, Owner::free(slot));
        }
        taken
    }

    /// Gives envelopes back to the pool, and their bytes to the slab.
    pub(crate) fn give_back(&self, numbers: &[u32]) {
        for &number in numbers {
            self.free_bytes(number);
            self.envelopes.heads.raise_generation(number);
            self.envelopes.set_owner(number, Owner::POOLED);
        }
        self.pool.give(numbers);
    }

    /// Room in the slab for an envelope that the caller has: 1 + its position, or 0. What it had there is freed.
    pub(crate) fn allocate(&self, number: u32, bytes: usize) -> u32 {
        self.free_bytes(number);
        let (Some(slab), true) = (&self.slab, bytes > 0) else { return 0 };
        let position = slab.allocate(bytes).map_or(0, |position| position + 1);
        self.bytes[number as usize].store(position, Relaxed);
        position
    }

    fn free_bytes(&self, number: u32) {
        let Some(position) = self.bytes.get(number as usize) else { return };
        let held = position.load(Relaxed);
        if held != 0 {
            position.store(0, Relaxed);
            if let Some(slab) = &self.slab {
                slab.free(held - 1);
            }
        }
    }

    pub(crate) fn count(&self, outcome: u32, messages: u64) {
        if messages > 0 {
            self.settled[outcome as usize % OUTCOMES].fetch_add(messages, Relaxed);
        }
    }

    /// Whether work of a kind waits that nobody has taken, as of a moment ago.
    pub(crate) fn is_waiting(&self, sleep: Sleep) -> bool {
        // A message is counted before it is put anywhere, so nothing waits if nothing is counted.
        if !self.is_anything_waiting() {
            return false;
        }
        match sleep {
            Sleep::Any => self.combiner.has_work() || self.direct.iter().any(|lane| !lane.is_empty()),
            Sleep::Urgent => {
                self.combiner.has_urgent_work() || self.direct.iter().skip(self.urgent()).any(|lane| !lane.is_empty())
            }
        }
    }

    /// Takes in what threads have left that did not get the lock. Says whether that was all that was left so far, as far as
    /// the caller knows, all of its own included: a thread that is just about to store an entry hides those behind it.
    pub(crate) fn collect(&self, section: &mut Section<'_, W>) -> bool {
        let left = self.combiner.left();
        let mut entries = [0; 64];
        loop {
            let collected = self.combiner.collect(section, &mut entries);
            if collected == 0 {
                return self.combiner.taken_in(section) >= left;
            }
            for &entry in &entries[..collected] {
                section.take_in(self, entry);
            }
        }
    }

    /// The same, waiting for whoever is just about to store an entry. True.
    pub(crate) fn collect_whole(&self, section: &mut Section<'_, W>) -> bool {
        let backoff = Backoff::new();
        while !self.collect(section) {
            backoff.snooze();
        }
        true
    }

    /// Takes in what was left meanwhile by threads that saw the lock held. Each round serves others, so there is an end to
    /// it: whoever leaves anything after that sees to it at the end of its own turn that somebody comes for it. And so has the
    /// caller for what it takes in here.
    pub(crate) fn collect_what_was_left(&self) {
        for _ in 0..4 {
            if !self.combiner.is_left() {
                return;
            }
            let Some(mut section) = self.combiner.try_enter() else { return };
            self.collect(&mut section);
        }
    }

    /// At the end of a turn: the member to ring, as 1 + its slot, or 0.
    pub(crate) fn whom_to_ring(&self) -> u32 {
        self.whom_of(u64::MAX)
    }

    /// The same at the end of a turn after which the member in a slot sleeps. It took nothing in after it had looked once
    /// more, so what waits now is for who brought it to ring for.
    pub(crate) fn whom_else_to_ring(&self, slot: usize) -> u32 {
        self.whom_of(!(1 << slot))
    }

    fn whom_of(&self, among: u64) -> u32 {
        self.sleepers.claim(among, |sleep| self.is_waiting(sleep)).map_or(0, |slot| slot as u32 + 1)
    }
}

impl Default for Seat {
    fn default() -> Self {
        Self { state: StateWord::new(SEAT_FREE), promised: std::array::from_fn(|_| AtomicU32::new(0)) }
    }
}
