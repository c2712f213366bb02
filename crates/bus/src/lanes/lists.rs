//! Lists of messages in the order in which they were submitted.
//!
//! Those without a key, in lanes that run in that order, make a [`Line`]. In the other lists a message in flight keeps its place, so that it is back there at once if it is returned; `first` points past it.
//! Stepping over those in flight is paid for by their leases: `first` goes back upon a return only.

use super::line::Line;
use super::nodes::{NONE, Nodes, State, Tag};
use crate::layout::LANES_MOST;

/// Two for each lane.
const LISTS: usize = 2 * LANES_MOST;

const NEXT: usize = 0;
const PREVIOUS: usize = 1;

#[derive(Debug)]
pub(super) struct Lists {
    /// For each node its neighbours; node 0 takes what is written for none.
    links: Vec<[u32; 2]>,
    ends: [Ends; LISTS],
    /// A bit for each lane that has a line.
    in_line: u32,
    lines: [Line; LANES_MOST],
}

#[derive(Clone, Copy, Debug)]
struct Ends {
    /// The first message that waits.
    first: u32,
    last: u32,
}

impl Lists {
    /// `in_line` has a bit for each lane whose messages without a key make a line.
    pub(super) fn new(envelopes: u32, in_line: u32) -> Self {
        Self {
            links: vec![[0; 2]; envelopes as usize + 1],
            ends: [Ends { first: NONE, last: NONE }; LISTS],
            in_line,
            lines: std::array::from_fn(|_| Line::default()),
        }
    }

    #[inline]
    pub(super) const fn has_line(&self, lane: usize) -> bool {
        self.in_line & 1 << lane != 0
    }

    /// Appends a node to the line of a lane.
    #[inline]
    pub(super) fn append_to_line(&mut self, nodes: &mut Nodes, lane: usize, node: u32) {
        self.lines[lane].append(nodes, &mut self.ends[lane].first, node);
    }

    /// Takes the first of a line, with this tag.
    #[inline]
    pub(super) fn advance_line(&mut self, lane: usize, tag: Tag) {
        self.ends[lane].first = self.lines[lane].advance(tag.next());
    }

    /// A node that was the first of its line is back there.
    pub(super) fn rejoin_line(&mut self, nodes: &Nodes, lane: usize, node: u32) {
        let first = &mut self.ends[lane].first;
        *first = self.lines[lane].rejoin(*first, nodes.sequence(node), node);
    }

    /// The first message that waits.
    #[inline]
    pub(super) fn first(&self, list: usize) -> u32 {
        self.ends[list].first
    }

    #[inline]
    pub(super) fn append(&mut self, list: usize, node: u32) {
        let ends = &mut self.ends[list];
        self.links[node as usize] = [NONE, ends.last];
        self.links[ends.last as usize][NEXT] = node;
        ends.last = node;
        if ends.first == NONE {
            ends.first = node;
        }
    }

    /// Puts a node in the place of one that waits.
    pub(super) fn replace(&mut self, list: usize, old: u32, node: u32) {
        let ends = &mut self.ends[list];
        let [next, previous] = self.links[old as usize];
        self.links[node as usize] = [next, previous];
        self.links[previous as usize][NEXT] = node;
        if next == NONE {
            ends.last = node;
        } else {
            self.links[next as usize][PREVIOUS] = node;
        }
        if ends.first == old {
            ends.first = node;
        }
    }

    /// A node waits no longer, as its state says already.
    #[inline]
    pub(super) fn leave(&mut self, nodes: &Nodes, list: usize, node: u32) {
        let ends = &mut self.ends[list];
        if ends.first != node {
            return;
        }
        let mut next = self.links[node as usize][NEXT];
        while next != NONE && !nodes.tag(next).is(State::Waiting) {
            next = self.links[next as usize][NEXT];
        }
        ends.first = next;
    }

    /// A node waits again, where it was.
    pub(super) fn rejoin(&mut self, nodes: &Nodes, list: usize, node: u32) {
        let ends = &mut self.ends[list];
        ends.first = nodes.first(ends.first, node);
    }

    /// Removes a node that does not wait.
    #[inline]
    pub(super) fn remove(&mut self, list: usize, node: u32) {
        let [next, previous] = self.links[node as usize];
        self.links[previous as usize][NEXT] = next;
        if next == NONE {
            self.ends[list].last = previous;
        } else {
            self.links[next as usize][PREVIOUS] = previous;
        }
    }
}
