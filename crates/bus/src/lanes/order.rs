//! A policy: how to choose among the entries of lanes that are not urgent.

use super::deadline::Deadline;
use super::fifo::Fifo;
use super::nodes::NONE;
use super::options::{Policy, ScheduleOptions};
use super::queue::Queue;
use super::strict::Strict;
use super::weighted::Weighted;
use crate::memory::Words;

#[derive(Debug)]
#[repr(u8)]
pub(super) enum Order {
    Strict(Strict),
    Weighted(Weighted),
    Deadline,
    Fifo,
}

impl Order {
    pub(super) fn new(options: &ScheduleOptions) -> Self {
        match options.policy {
            Policy::Strict => Self::Strict(Strict::new(options.age_ns)),
            Policy::Weighted => {
                Self::Weighted(Weighted::new(options.lanes[..options.urgent].iter().map(|lane| lane.weight).collect()))
            }
            Policy::Deadline => Self::Deadline,
            Policy::Fifo => Self::Fifo,
        }
    }

    /// The entry that runs next; none if there is none. Nothing urgent can run. Asking again without a change gives the
    /// same.
    #[inline]
    pub(super) fn choose<M: Words>(&mut self, queue: &Queue<M>, now: f64) -> u32 {
        // The usual one first, apart from the others, so that it is small enough to become part of its caller.
        if let Self::Strict(strict) = self { strict.choose(queue, now) } else { self.choose_otherwise(queue) }
    }

    #[inline(never)]
    fn choose_otherwise<M: Words>(&mut self, queue: &Queue<M>) -> u32 {
        match self {
            Self::Weighted(_) if queue.run_lanes.count() == 0 => NONE,
            Self::Weighted(weighted) => weighted.choose(queue),
            Self::Deadline => Deadline::choose(queue),
            Self::Strict(_) | Self::Fifo => Fifo::choose(queue),
        }
    }

    /// A message of the entry that was chosen last is leased.
    #[inline]
    pub(super) fn count(&mut self) {
        if let Self::Strict(strict) = self {
            strict.count();
        } else if let Self::Weighted(weighted) = self {
            weighted.count();
        }
    }
}
