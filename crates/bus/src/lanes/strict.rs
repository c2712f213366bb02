//! The highest lane first; but now and then what has waited longest below it, if it has waited longer than the age bound.

use super::nodes::NONE;
use super::queue::Queue;
use crate::memory::Words;

/// One pick in so many may go to what has waited for too long in a lower lane.
const AGED_SHARE: u32 = 8;
const NEVER: u32 = u32::MAX;

#[derive(Debug)]
pub(super) struct Strict {
    age_ns: f64,
    /// Picks until one may be aged.
    picks_left: u32,
    is_aged: bool,
}

impl Strict {
    pub(super) const fn new(age_ns: f64) -> Self {
        let picks_left = if age_ns > 0.0 { AGED_SHARE - 1 } else { NEVER };
        Self { age_ns, picks_left, is_aged: false }
    }

    #[inline]
    pub(super) fn choose<M: Words>(&mut self, queue: &Queue<M>, now: f64) -> u32 {
        self.is_aged = false;
        if self.picks_left > 0 {
            return queue.highest();
        }
        self.choose_aged(queue, now)
    }

    #[inline(never)]
    fn choose_aged<M: Words>(&mut self, queue: &Queue<M>, now: f64) -> u32 {
        let aged = self.aged(queue, now);
        self.is_aged = aged != NONE;
        if self.is_aged { aged } else { queue.highest() }
    }

    #[inline]
    pub(super) const fn count(&mut self) {
        if self.is_aged {
            self.picks_left = AGED_SHARE - 1;
        } else if self.picks_left > 0 && self.picks_left < AGED_SHARE {
            self.picks_left -= 1;
        }
    }

    /// The entry below the highest lane whose message has waited longest; none if that is not longer than the age bound.
    fn aged<M: Words>(&self, queue: &Queue<M>, now: f64) -> u32 {
        let highest = queue.run_lanes.mask().checked_ilog2().unwrap_or(0);
        let (mut aged, mut oldest) = (NONE, f64::INFINITY);
        for lane in 0..highest as usize {
            let entry = queue.next(lane);
            if entry == NONE {
                continue;
            }
            let queued = queue.envelopes.queued(queue.message_of(entry) - 1);
            if now - queued > self.age_ns && queued < oldest {
                (aged, oldest) = (entry, queued);
            }
        }
        aged
    }
}
