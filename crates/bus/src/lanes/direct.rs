//! The lanes that are pushed to and popped from without a lock: messages that keep no order but that of their lane.

use super::id_queue::IdQueue;

/// One lock-free lane.
#[derive(Debug)]
pub(crate) struct DirectLane {
    /// Messages that were leased and given back: they were ahead of all others, and are again.
    returned: IdQueue,
    submitted: IdQueue,
}

impl DirectLane {
    /// Has room for all envelopes of the group, so that it is never full.
    pub(crate) fn new(envelopes: u32) -> Self {
        Self { returned: IdQueue::new(envelopes as usize), submitted: IdQueue::new(envelopes as usize) }
    }

    pub(crate) fn push(&self, numbers: &[u32]) {
        self.submitted.push_all(numbers);
    }

    pub(crate) fn give_back(&self, number: u32) {
        self.returned.push_all(&[number]);
    }

    pub(crate) fn pop(&self, out: &mut [u32]) -> usize {
        let returned = self.returned.pop(out);
        returned + self.submitted.pop(&mut out[returned..])
    }

    pub(crate) fn pop_one(&self) -> Option<u32> {
        self.returned.pop_one().or_else(|| self.submitted.pop_one())
    }

    /// The message that a pop would take, as of a moment ago.
    pub(crate) fn front(&self) -> Option<u32> {
        self.returned.front().or_else(|| self.submitted.front())
    }

    /// How many messages there are, as of a moment ago.
    pub(crate) fn len(&self) -> usize {
        self.returned.len() + self.submitted.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.front().is_none()
    }
}
