//! What nothing but a free consumer is missing for, by the lane in which it runs: messages without a key, and mailboxes.
//! Both are entries, named by a node whose lane and sequence are theirs.
//!
//! Messages without a key lie in the lists of waiting messages anyway; mailboxes lie in a heap beside them, and the two
//! are merged by sequence. With [`Policy::Deadline`] the entries of lanes that are not urgent lie in one heap of their own.

use super::envelopes::Envelopes;
use super::heap::Heap;
use super::lists::Lists;
use super::nodes::{NONE, Nodes};
use super::options::{Policy, ScheduleOptions};
use crate::layout::LANES_MOST;
use crate::memory::Words;

#[derive(Debug)]
pub(super) struct RunLanes {
    count: u32,
    urgent_count: u32,
    /// A bit for each lane that has an entry, those apart that are ordered by deadline.
    mask: u32,
    /// The lowest urgent lane.
    urgent: usize,
    /// Below it entries are ordered by deadline.
    ordinary: usize,
    /// Mailboxes of each lane, by sequence.
    mailboxes: [Heap<u64>; LANES_MOST],
    /// By deadline, then by sequence.
    by_deadline: Heap<(u64, u64)>,
    /// Where each node lies in its heap.
    slots: Vec<u32>,
}

impl RunLanes {
    pub(super) fn new(envelopes: u32, options: &ScheduleOptions) -> Self {
        Self {
            count: 0,
            urgent_count: 0,
            mask: 0,
            urgent: options.urgent_from(),
            ordinary: if options.policy == Policy::Deadline { options.urgent } else { 0 },
            mailboxes: std::array::from_fn(|_| Heap::default()),
            by_deadline: Heap::default(),
            slots: vec![0; envelopes as usize + 1],
        }
    }

    /// How many entries there are.
    #[inline]
    pub(super) const fn count(&self) -> u32 {
        self.count
    }

    /// How many of them are in urgent lanes.
    #[inline]
    pub(super) const fn urgent_count(&self) -> u32 {
        self.urgent_count
    }

    /// A bit for each lane that has an entry, those apart that are ordered by deadline.
    #[inline]
    pub(super) const fn mask(&self) -> u32 {
        self.mask
    }

    /// Adds a message that was appended to the line of its lane.
    #[inline]
    pub(super) fn enter_line(&mut self, lane: usize) {
        self.count += 1;
        self.urgent_count += u32::from(lane >= self.urgent);
        self.mask |= 1 << lane;
    }

    /// Removes a message that was taken from the line of its lane.
    #[inline]
    pub(super) fn leave_line(&mut self, lists: &Lists, lane: usize) {
        self.count -= 1;
        self.urgent_count -= u32::from(lane >= self.urgent);
        if lists.first(lane) == NONE && self.mailboxes[lane].top() == NONE {
            self.mask &= !(1 << lane);
        }
    }

    /// Adds an entry whose message is already in its list; `message` is the one that would run.
    #[inline]
    pub(super) fn enter<M: Words>(&mut self, nodes: &Nodes, envelopes: &Envelopes<M>, entry: u32, message: u32) {
        let tag = nodes.tag(entry);
        let lane = tag.lane();
        self.count += 1;
        self.urgent_count += u32::from(lane >= self.urgent);
        if lane < self.ordinary {
            let rank = (rank(envelopes.deadline(message - 1)), nodes.sequence(entry));
            self.by_deadline.add(&mut self.slots, entry, rank);
            return;
        }
        if tag.mailbox() != NONE {
            self.mailboxes[lane].add(&mut self.slots, entry, nodes.sequence(entry));
        }
        self.mask |= 1 << lane;
    }

    /// Removes an entry whose message is no longer in its list.
    #[inline]
    pub(super) fn leave(&mut self, nodes: &Nodes, lists: &Lists, entry: u32) {
        let tag = nodes.tag(entry);
        let lane = tag.lane();
        self.count -= 1;
        self.urgent_count -= u32::from(lane >= self.urgent);
        if lane < self.ordinary {
            self.by_deadline.remove(&mut self.slots, entry);
            return;
        }
        if tag.mailbox() != NONE {
            self.mailboxes[lane].remove(&mut self.slots, entry);
        }
        if lists.first(lane) == NONE && self.mailboxes[lane].top() == NONE {
            self.mask &= !(1 << lane);
        }
    }

    /// The entry of a lane that was submitted first; none if it has none, or is ordered by deadline.
    #[inline]
    pub(super) fn next(&self, nodes: &Nodes, lists: &Lists, lane: usize) -> u32 {
        if self.mask & 1 << lane == 0 {
            return NONE;
        }
        nodes.first(lists.first(lane), self.mailboxes[lane].top())
    }

    /// Whether the entries of a lane are ordered by deadline.
    #[inline]
    pub(super) const fn is_by_deadline(&self, lane: usize) -> bool {
        lane < self.ordinary
    }

    /// Whether the earliest deadline has passed.
    #[inline]
    pub(super) fn is_expired(&self, now: f64) -> bool {
        self.by_deadline.top_rank().is_some_and(|(earliest, _)| earliest <= order(now))
    }

    /// The entry of the earliest deadline; none if there is none.
    pub(super) fn earliest(&self) -> u32 {
        self.by_deadline.top()
    }
}

/// Whole numbers in the order of deadlines, 0 being never.
pub(super) fn rank(deadline: f64) -> u64 {
    order(if deadline == 0.0 { f64::INFINITY } else { deadline })
}

/// Whole numbers in the order of doubles.
fn order(double: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = double.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}
