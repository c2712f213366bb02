//! Which members of a group sleep, and who rings them.
//!
//! A member that has found nothing raises its bit, then looks once more, this time waiting for the combiner. Whoever has
//! brought work, or leaves some behind, looks at the bits at the end of its turn. There is a full fence between the two
//! steps on both sides (T. J. Dekker's mutual exclusion), so either the sleeper finds the work or the other finds its bit.
//! Clearing a bit is taking over the duty to ring its member; it is done once for each sleep. Whoever is rung takes a turn,
//! and at its end rings the next if there is more: one wake-up each, however much work there is. So no work is left behind
//! while a member sleeps that could take it. Checked by `tests/loom_lanes.rs`.
//!
//! A member that has room for urgent work only sleeps in a mask of its own: it is not rung for what it cannot take.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use crossbeam_utils::CachePadded;

use super::sync::{AtomicU64, fence};

/// What a sleeping member can be rung for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sleep {
    /// Messages of all lanes.
    Any,
    /// Messages of urgent lanes.
    Urgent,
}

/// A bit for each member that sleeps.
#[derive(Debug, Default)]
pub(crate) struct Sleepers {
    any: CachePadded<AtomicU64>,
    urgent: CachePadded<AtomicU64>,
}

impl Sleepers {
    /// Nobody sleeps.
    pub(crate) fn new() -> Self {
        Self { any: CachePadded::new(AtomicU64::new(0)), urgent: CachePadded::new(AtomicU64::new(0)) }
    }

    /// Raises the member's bit. It has to look for work once more after this.
    pub(crate) fn raise(&self, slot: usize, sleep: Sleep) {
        self.mask(sleep).fetch_or(1 << slot, SeqCst);
        fence(SeqCst);
    }

    /// The member is awake, whatever it was.
    pub(crate) fn lower(&self, slot: usize) {
        for mask in [&self.any, &self.urgent] {
            if mask.load(Relaxed) & 1 << slot != 0 {
                mask.fetch_and(!(1 << slot), SeqCst);
            }
        }
    }

    /// At the end of a turn, when everything it has brought is where others look for it: the member that has to be rung, if
    /// any, among those whose bit is set in `among`. `is_waiting` says whether there is work of a kind; it may say so in vain.
    pub(crate) fn claim(&self, among: u64, is_waiting: impl Fn(Sleep) -> bool) -> Option<usize> {
        fence(SeqCst);
        let (any, urgent) = (self.any.load(Relaxed) & among, self.urgent.load(Relaxed) & among);
        if any | urgent == 0 {
            return None;
        }
        if any != 0
            && is_waiting(Sleep::Any)
            && let Some(slot) = take_lowest(&self.any, among)
        {
            return Some(slot);
        }
        if urgent != 0 && is_waiting(Sleep::Urgent) { take_lowest(&self.urgent, among) } else { None }
    }

    fn mask(&self, sleep: Sleep) -> &AtomicU64 {
        match sleep {
            Sleep::Any => &self.any,
            Sleep::Urgent => &self.urgent,
        }
    }
}

/// Clears the lowest bit of those in `among`, as the only one to do so.
fn take_lowest(mask: &AtomicU64, among: u64) -> Option<usize> {
    let mut bits = mask.load(Relaxed) & among;
    while bits != 0 {
        let slot = bits.trailing_zeros() as usize;
        let before = mask.fetch_and(!(1 << slot), SeqCst);
        if before & 1 << slot != 0 {
            return Some(slot);
        }
        bits = before & among;
    }
    None
}
