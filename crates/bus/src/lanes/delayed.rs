//! Messages that wait for another attempt until their time has come.

use super::heap::Heap;
use super::nodes::NONE;
use super::run_lanes::rank;

/// By when they are due, then by sequence.
#[derive(Debug)]
pub(super) struct Delayed {
    heap: Heap<(u64, u64)>,
    /// When each of them is due, and where it lies in the heap.
    due: Vec<f64>,
    slots: Vec<u32>,
}

impl Delayed {
    pub(super) fn new(envelopes: u32) -> Self {
        let count = envelopes as usize + 1;
        Self { heap: Heap::default(), due: vec![0.0; count], slots: vec![0; count] }
    }

    pub(super) fn add(&mut self, node: u32, due: f64, sequence: u64) {
        self.due[node as usize] = due;
        self.heap.add(&mut self.slots, node, (rank(due), sequence));
    }

    /// Takes the first of those that are due; none if none is.
    #[inline]
    pub(super) fn take_due(&mut self, now: f64) -> u32 {
        let node = self.heap.top();
        if node == NONE || self.due[node as usize] > now {
            return NONE;
        }
        self.take_first()
    }

    /// Takes the first, due or not; none if there is none.
    pub(super) fn take_first(&mut self) -> u32 {
        let node = self.heap.top();
        if node != NONE {
            self.heap.remove(&mut self.slots, node);
        }
        node
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    /// When the first is due; 0 if there is none.
    #[inline]
    pub(super) fn first_due(&self) -> f64 {
        let node = self.heap.top();
        if node == NONE { 0.0 } else { self.due[node as usize] }
    }
}
