//! Messages of a lane that run in the order in which they were submitted, so that only the first is ever taken: a chain
//! through their nodes.
//!
//! A message in flight is in no chain, so that to end it touches nothing here. What is returned was submitted before all
//! that is still chained, since it had been the first; it lies in a heap by sequence until it is taken again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::nodes::{NONE, Nodes};

/// Whoever has it keeps which message is the first.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// The last in the chain.
    last: u32,
    /// The first in the chain, while something is returned.
    head: u32,
    /// By sequence.
    returned: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Line {
    /// Appends a node whose tag says that it has no next one.
    #[inline]
    pub(super) fn append(&mut self, nodes: &mut Nodes, first: &mut u32, node: u32) {
        if self.last == NONE {
            *(if self.returned.is_empty() { first } else { &mut self.head }) = node;
        } else {
            nodes.chain(self.last, node);
        }
        self.last = node;
    }

    /// Takes the first away, whose tag says which is the next. Returns which is the first then.
    #[inline]
    pub(super) fn advance(&mut self, next: u32) -> u32 {
        if !self.returned.is_empty() {
            return self.advance_returned();
        }
        if next == NONE {
            self.last = NONE;
        }
        next
    }

    #[cold]
    fn advance_returned(&mut self) -> u32 {
        self.returned.pop();
        self.returned.peek().map_or(self.head, |&Reverse((_, node))| node)
    }

    /// Takes one back that was the first once, by its sequence. Returns which is the first then.
    #[cold]
    pub(super) fn rejoin(&mut self, first: u32, sequence: u64, node: u32) -> u32 {
        if self.returned.is_empty() {
            self.head = first;
        }
        self.returned.push(Reverse((sequence, node)));
        self.returned.peek().map_or(node, |&Reverse((_, first))| first)
    }
}
