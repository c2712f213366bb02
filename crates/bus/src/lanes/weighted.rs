//! Deficit round robin (M. Shreedhar and G. Varghese 1995) over the lanes that are not urgent, from the highest down, a
//! message costing 1.

use super::nodes::NONE;
use super::queue::Queue;
use crate::memory::Words;

#[derive(Debug)]
pub(super) struct Weighted {
    weights: Vec<u32>,
    /// For each lane what it may still run on this visit.
    deficits: Vec<u32>,
    lane: usize,
    /// Whether this visit's weight was added.
    is_visited: bool,
}

impl Weighted {
    /// A weight for each lane that takes part, 1 or more.
    pub(super) fn new(weights: Vec<u32>) -> Self {
        Self { deficits: vec![0; weights.len()], lane: weights.len().saturating_sub(1), is_visited: false, weights }
    }

    pub(super) fn choose<M: Words>(&mut self, queue: &Queue<M>) -> u32 {
        // A whole round and the rest of the lane where it began finds whatever there is.
        for _ in 0..=self.weights.len() {
            let entry = queue.next(self.lane);
            if self.may_run(entry != NONE) {
                return entry;
            }
            self.lane = self.lane.checked_sub(1).unwrap_or(self.weights.len() - 1);
            self.is_visited = false;
        }
        NONE
    }

    pub(super) fn count(&mut self) {
        self.deficits[self.lane] -= 1;
    }

    fn may_run(&mut self, has_entry: bool) -> bool {
        let deficit = &mut self.deficits[self.lane];
        if !has_entry {
            *deficit = 0;
            return false;
        }
        if !self.is_visited {
            self.is_visited = true;
            *deficit += self.weights[self.lane];
        }
        *deficit > 0
    }
}
