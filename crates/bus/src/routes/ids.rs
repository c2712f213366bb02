//! Small numbers to call things by.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Numbers from 0 on, of which the smallest free one is taken first.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// Of those below `next`.
    free: BinaryHeap<Reverse<u32>>,
    next: u32,
}

impl Ids {
    pub(super) fn take(&mut self) -> u32 {
        self.free.pop().map_or_else(|| self.take_next(), |Reverse(id)| id)
    }

    pub(super) fn give_back(&mut self, id: u32) {
        self.free.push(Reverse(id));
    }

    fn take_next(&mut self) -> u32 {
        let id = self.next;
        self.next = id.checked_add(1).expect("fewer than 2^32 ids");
        id
    }
}
