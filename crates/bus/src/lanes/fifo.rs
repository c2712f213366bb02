//! As they came, whatever their lane.

use super::nodes::NONE;
use super::queue::Queue;
use crate::memory::Words;

#[derive(Debug)]
pub(super) struct Fifo;

impl Fifo {
    pub(super) fn choose<M: Words>(queue: &Queue<M>) -> u32 {
        let mut mask = queue.run_lanes.mask();
        let mut first = NONE;
        while mask != 0 {
            first = queue.nodes.first(first, queue.next(mask.trailing_zeros() as usize));
            mask &= mask - 1;
        }
        first
    }
}
