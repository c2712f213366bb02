//! What has an order beyond that of its lane, ordered by one thread at a time, whichever comes by: flat combining (D. Hendler
//! and others).
//!
//! A thread that does not get the lock leaves what it has in the ingress and goes on. Whoever holds the lock takes the
//! ingress in. What it brings itself goes in directly only if all is in that it had left there before: another thread, just
//! about to store an entry, may hide those behind it. And when it has let go of the lock it looks at the ingress once more,
//! since what was put there while it held the lock relies on it. There is a full fence between the two on both sides.
//! Whether there is somebody awake to run the work is the business of `sleepers.rs`.

use std::collections::VecDeque;
use std::sync::TryLockError;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use crossbeam_utils::CachePadded;

use super::id_queue::IdQueue;
use super::options::Overflow;
use super::schedule::{Picked, Released, Schedule, Settlement};
use super::shared_group::SharedGroup;
use super::sync::{AtomicU32, Mutex, MutexGuard, fence, lock};
use crate::layout::{OUTCOME_CONFLATED, OUTCOME_OVERFLOW, OUTCOME_RETRIED};
use crate::memory::Words;

/// Entries of the ingress: the envelope's number, and in the top byte the outcome of a lease, or 0 for a submission.
pub(crate) const OUTCOME_SHIFT: u32 = 24;
/// The number of an entry.
pub(crate) const NUMBER_MASK: u32 = (1 << OUTCOME_SHIFT) - 1;

/// The lock, what waits for it, and what others may know without it.
#[derive(Debug)]
pub(crate) struct Combiner<W> {
    ingress: IdQueue,
    ordered: Mutex<Ordered<W>>,
    known: CachePadded<Known>,
}

/// What only one thread at a time works on.
#[derive(Debug)]
pub(crate) struct Ordered<W> {
    pub(crate) schedule: Schedule<W>,
    /// Messages that left the queue, with the reason in the top byte, until a port has room for them.
    pub(crate) gone: VecDeque<u32>,
}

/// As of when the lock was last let go.
#[derive(Debug, Default)]
struct Known {
    runnable: AtomicU32,
    runnable_urgent: AtomicU32,
    waiting: AtomicU32,
    gone: AtomicU32,
}

/// The lock, held.
#[derive(Debug)]
pub(crate) struct Section<'group, W: Words> {
    pub(crate) ordered: MutexGuard<'group, Ordered<W>>,
    known: &'group Known,
}

impl<W: Words> Combiner<W> {
    /// The ingress has room for all envelopes of the group, so that it is never full.
    pub(crate) fn new(schedule: Schedule<W>, envelopes: u32) -> Self {
        Self {
            ingress: IdQueue::new(envelopes as usize),
            ordered: Mutex::new(Ordered { schedule, gone: VecDeque::new() }),
            known: CachePadded::new(Known {
                runnable: AtomicU32::new(0),
                runnable_urgent: AtomicU32::new(0),
                waiting: AtomicU32::new(0),
                gone: AtomicU32::new(0),
            }),
        }
    }

    /// Leaves entries to whoever holds the lock next, or holds it now.
    pub(crate) fn leave(&self, entries: &[u32]) {
        self.ingress.push_all(entries);
    }

    /// Takes entries that were left. The caller holds the lock.
    pub(crate) fn collect(&self, _: &mut Section<'_, W>, entries: &mut [u32]) -> usize {
        self.ingress.pop(entries)
    }

    /// How many entries were left ever; all of the caller's own count.
    pub(crate) fn left(&self) -> u64 {
        self.ingress.pushed()
    }

    /// How many of them were taken in. The caller holds the lock.
    pub(crate) fn taken_in(&self, _: &Section<'_, W>) -> u64 {
        self.ingress.popped()
    }

    /// Waits for the lock.
    pub(crate) fn enter(&self) -> Section<'_, W> {
        Section { ordered: lock(&self.ordered), known: &self.known }
    }

    /// The lock, if nobody has it.
    pub(crate) fn try_enter(&self) -> Option<Section<'_, W>> {
        let ordered = match self.ordered.try_lock() {
            Ok(ordered) => ordered,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(Section { ordered, known: &self.known })
    }

    /// After the lock was let go, or was not to be had: whether something was left meanwhile that nobody may have seen.
    pub(crate) fn is_left(&self) -> bool {
        fence(SeqCst);
        !self.ingress.is_empty()
    }

    /// Whether there is anything for who gets the lock.
    pub(crate) fn is_needed(&self) -> bool {
        self.has_work() || self.known.gone.load(Relaxed) > 0
    }

    /// Whether there is anything to run for who gets the lock.
    pub(crate) fn has_work(&self) -> bool {
        self.runnable() > 0 || !self.ingress.is_empty()
    }

    /// As `has_work`, for urgent work; what nobody has looked at yet may be urgent.
    pub(crate) fn has_urgent_work(&self) -> bool {
        self.runnable_urgent() > 0 || !self.ingress.is_empty()
    }

    /// Whether the schedule, or the ingress, holds any message.
    pub(crate) fn holds_any(&self) -> bool {
        self.known.waiting.load(Relaxed) > 0 || !self.ingress.is_empty()
    }

    pub(crate) fn runnable(&self) -> u32 {
        self.known.runnable.load(Relaxed)
    }

    pub(crate) fn runnable_urgent(&self) -> u32 {
        self.known.runnable_urgent.load(Relaxed)
    }

    /// Messages that wait for their key.
    pub(crate) fn blocked(&self) -> u32 {
        self.known.waiting.load(Relaxed).saturating_sub(self.runnable())
    }
}

impl<W: Words> Section<'_, W> {
    /// An entry of the ingress.
    pub(crate) fn take_in(&mut self, group: &SharedGroup<W>, entry: u32) {
        match (entry & NUMBER_MASK, entry >> OUTCOME_SHIFT) {
            (number, 0) => {
                let _: bool = self.admit(group, number);
            }
            (number, outcome) => self.settle(group, number, outcome),
        }
    }

    /// A submitted message, which is counted as waiting already. Says whether it took the place of another.
    pub(crate) fn admit(&mut self, group: &SharedGroup<W>, number: u32) -> bool {
        let lane = group.envelopes.owner(number).lane;
        let is_full = group.options.lanes[lane].overflow == Overflow::DropOldest && group.credits[lane].is_over();
        if is_full {
            self.drop_oldest(group, lane);
        }
        let gone = self.ordered.schedule.admit(number);
        self.let_go(group, gone);
        gone.is_some_and(|gone| gone.reason == OUTCOME_CONFLATED)
    }

    /// Lets the oldest message of a lane go. Of the lock-free ones first: they are as good as any, and cheaper to find.
    pub(crate) fn drop_oldest(&mut self, group: &SharedGroup<W>, lane: usize) {
        let direct = group.direct_lane(lane).pop_one();
        let oldest = match direct {
            Some(envelope) => Some(Released { envelope, reason: OUTCOME_OVERFLOW }),
            None => self.ordered.schedule.drop_oldest(lane, OUTCOME_OVERFLOW),
        };
        self.let_go(group, oldest);
    }

    /// What became of a message that was leased in order.
    pub(crate) fn settle(&mut self, group: &SharedGroup<W>, number: u32, outcome: u32) {
        let lane = group.envelopes.owner(number).lane;
        let generation = group.envelopes.heads.generation(number);
        // Nobody would wake it: whoever wants it to wait keeps it in hand meanwhile.
        let _: f64 = group.envelopes.heads.take_delay(number);
        match self.ordered.schedule.settle(number, generation, outcome) {
            Settlement::Ended => {
                group.count(outcome, 1);
                group.give_back(&[number]);
            }
            Settlement::Waits => {
                group.count(outcome, u64::from(outcome == OUTCOME_RETRIED));
                group.credits[lane].arrive(1, 0);
            }
            Settlement::Unknown => {}
        }
    }

    /// One step of picking: the message that was leased, or none if it has left the queue instead.
    pub(crate) fn keep(&mut self, group: &SharedGroup<W>, picked: Picked) -> Option<u32> {
        match picked {
            Picked::Leased(number) => Some(number),
            Picked::Released(released) => {
                self.let_go(group, Some(released));
                None
            }
        }
    }

    /// A message has left the queue unhandled: it waits no longer, and is counted by its reason.
    pub(crate) fn let_go(&mut self, group: &SharedGroup<W>, gone: Option<Released>) {
        let Some(Released { envelope, reason }) = gone else { return };
        group.credits[group.envelopes.owner(envelope).lane].depart(1);
        group.count(reason, 1);
        self.ordered.gone.push_back(envelope | reason << OUTCOME_SHIFT);
    }
}

impl<W: Words> Drop for Section<'_, W> {
    fn drop(&mut self) {
        let schedule = &self.ordered.schedule;
        self.known.runnable.store(schedule.runnable(), Relaxed);
        self.known.runnable_urgent.store(schedule.runnable_urgent(), Relaxed);
        let waiting = (0..schedule.lanes()).map(|lane| schedule.waiting(lane)).sum();
        self.known.waiting.store(waiting, Relaxed);
        self.known.gone.store(self.ordered.gone.len() as u32, Relaxed);
    }
}
