//! The envelopes of a group, and who has each of them: kept in the envelope, so that a scan finds all that a dead thread
//! held. Numbers and contents come from memory that others write, so all are checked before they are used.

use std::sync::atomic::Ordering::Relaxed;

use super::envelopes::Envelopes;
use crate::layout::{ENVELOPE_OWNER_LEASED, ENVELOPE_OWNER_LEASED_IN_ORDER, ENVELOPE_WORD_OWNER, ENVELOPE_WORDS};
use crate::memory::Words;

const STATE_SHIFT: u32 = 8;
const LANE_SHIFT: u32 = 24;

/// What an envelope is held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum State {
    /// In the pool; nobody's.
    Pooled,
    /// In a port's free list or submission list.
    Free,
    /// In the group, waiting or being settled; nobody's.
    Queued,
    /// In a port's lease, out of a lock-free lane.
    Leased = ENVELOPE_OWNER_LEASED,
    /// In a port's lease, out of the schedule.
    LeasedInOrder = ENVELOPE_OWNER_LEASED_IN_ORDER,
    /// In a port's release list.
    Released,
}

/// Who has an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The port's slot; of no meaning where it is nobody's.
    pub(crate) slot: usize,
    pub(crate) state: State,
    /// The lane that the message counts in, from its submission on.
    pub(crate) lane: usize,
}

impl Owner {
    pub(crate) const POOLED: Self = Self { slot: 0, state: State::Pooled, lane: 0 };

    pub(crate) const fn queued(lane: usize) -> Self {
        Self { slot: 0, state: State::Queued, lane }
    }

    pub(crate) const fn free(slot: usize) -> Self {
        Self { slot, state: State::Free, lane: 0 }
    }

    const fn word(self) -> u32 {
        self.slot as u32 | (self.state as u32) << STATE_SHIFT | (self.lane as u32) << LANE_SHIFT
    }

    fn of(word: u32) -> Self {
        let state = match (word >> STATE_SHIFT & 0xff) as usize {
            1 => State::Free,
            2 => State::Queued,
            ENVELOPE_OWNER_LEASED => State::Leased,
            ENVELOPE_OWNER_LEASED_IN_ORDER => State::LeasedInOrder,
            5 => State::Released,
            _ => State::Pooled,
        };
        Self { slot: (word & 0xff) as usize, state, lane: (word >> LANE_SHIFT) as usize }
    }
}

/// The envelope memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owners<W> {
    memory: W,
    pub(crate) heads: Envelopes<W>,
    lanes: usize,
}

impl<W: Words + Clone> Owners<W> {
    pub(crate) fn new(memory: W, lanes: usize) -> Self {
        Self { heads: Envelopes::new(memory.clone()), memory, lanes }
    }
}

impl<W: Words> Owners<W> {
    pub(crate) const fn memory(&self) -> &W {
        &self.memory
    }

    pub(crate) const fn count(&self) -> u32 {
        self.heads.count()
    }

    /// The envelope that an entry of a list names, if there is such a one.
    pub(crate) fn number(&self, entry: u32) -> Option<u32> {
        (entry < self.count()).then_some(entry)
    }

    pub(crate) fn owner(&self, number: u32) -> Owner {
        let owner = Owner::of(self.memory.load(word(number), Relaxed));
        Owner { lane: self.checked(owner.lane), ..owner }
    }

    pub(crate) fn set_owner(&self, number: u32, owner: Owner) {
        self.memory.store(word(number), owner.word(), Relaxed);
    }

    /// The lane that the submitter has written; 0 if there is no such one.
    pub(crate) fn lane(&self, number: u32) -> usize {
        self.checked(self.heads.lane(number))
    }

    /// Whether the message must not run any more.
    pub(crate) fn is_expired(&self, number: u32, now: f64) -> bool {
        let deadline = self.heads.deadline(number);
        deadline != 0.0 && deadline <= now
    }

    const fn checked(&self, lane: usize) -> usize {
        if lane < self.lanes { lane } else { 0 }
    }
}

const fn word(number: u32) -> usize {
    number as usize * ENVELOPE_WORDS + ENVELOPE_WORD_OWNER
}
