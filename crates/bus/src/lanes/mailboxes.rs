//! The waiting messages of each key.
//!
//! A mailbox is a list for each lane, in the order of submission. So its most urgent message is the first of its highest
//! lane, its oldest is the first of one of them, and whatever leaves a mailbox is the first of its lane there. Keys are
//! known by their hashes: keys of the same hash share a mailbox, which costs them time and no order.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::mix;
use super::nodes::{NONE, Nodes};

const NEXT: usize = 0;
const PREVIOUS: usize = 1;
const FIRST: usize = 0;
const LAST: usize = 1;

#[derive(Debug)]
pub(super) struct Mailboxes {
    lanes: usize,
    numbers: HashTable<u32>,
    /// By number; number 0 is none.
    all: Vec<Mailbox>,
    vacant: Vec<u32>,
    /// First and last message of each lane of each mailbox.
    ends: Vec<[u32; 2]>,
    /// Neighbours of each node.
    links: Vec<[u32; 2]>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mailbox {
    key: u64,
    /// A bit for each lane in which it has something.
    mask: u32,
    /// The node by which it is known among what can run; none while it cannot.
    pub(super) entry: u32,
    /// Its first message, which is the one that would run.
    pub(super) runs: u32,
    /// Whether one of its messages is in flight.
    pub(super) is_busy: bool,
}

impl Mailboxes {
    pub(super) fn new(envelopes: u32, lanes: usize) -> Self {
        Self {
            lanes,
            numbers: HashTable::new(),
            all: vec![Mailbox::default()],
            vacant: Vec::new(),
            ends: vec![[NONE; 2]; lanes],
            links: vec![[NONE; 2]; envelopes as usize + 1],
        }
    }

    /// The mailbox of a key, a new one if there is none.
    #[inline]
    pub(super) fn open(&mut self, key: u64) -> u32 {
        let Self { lanes, numbers, all, vacant, ends, .. } = self;
        let is_it = |&number: &u32| all[number as usize].key == key;
        let vacancy = match numbers.entry(mix(key), is_it, |&number| mix(all[number as usize].key)) {
            Entry::Occupied(found) => return *found.get(),
            Entry::Vacant(vacancy) => vacancy,
        };
        let number = vacant.pop().unwrap_or(all.len() as u32);
        vacancy.insert(number);
        let mailbox = Mailbox { key, ..Mailbox::default() };
        if number as usize == all.len() {
            all.push(mailbox);
            ends.resize(*lanes * all.len(), [NONE; 2]);
        } else {
            all[number as usize] = mailbox;
        }
        number
    }

    /// Forgets an empty mailbox.
    pub(super) fn close(&mut self, number: u32) {
        let hash = mix(self.all[number as usize].key);
        if let Ok(entry) = self.numbers.find_entry(hash, |&other| other == number) {
            entry.remove();
            self.vacant.push(number);
        }
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> &Mailbox {
        &self.all[number as usize]
    }

    #[inline]
    pub(super) fn get_mut(&mut self, number: u32) -> &mut Mailbox {
        &mut self.all[number as usize]
    }

    /// The message that was submitted first; none if nothing waits.
    #[inline]
    pub(super) fn oldest(&self, nodes: &Nodes, number: u32) -> u32 {
        let mut mask = self.get(number).mask;
        let mut oldest = NONE;
        while mask != 0 {
            oldest = nodes.first(oldest, self.ends[self.list(number, mask.trailing_zeros() as usize)][FIRST]);
            mask &= mask - 1;
        }
        oldest
    }

    /// The first message of the highest lane; none if nothing waits.
    #[inline]
    pub(super) fn most_urgent(&self, number: u32) -> u32 {
        let highest = self.get(number).mask.checked_ilog2();
        highest.map_or(NONE, |lane| self.ends[self.list(number, lane as usize)][FIRST])
    }

    #[inline]
    pub(super) fn append(&mut self, number: u32, lane: usize, node: u32) {
        let place = self.list(number, lane);
        let [first, last] = self.ends[place];
        self.links[node as usize] = [NONE, last];
        self.links[last as usize][NEXT] = node;
        self.ends[place] = [if first == NONE { node } else { first }, node];
        self.get_mut(number).mask |= 1 << lane;
    }

    /// Puts back a message that was submitted before all that wait.
    pub(super) fn prepend(&mut self, number: u32, lane: usize, node: u32) {
        let place = self.list(number, lane);
        let [first, last] = self.ends[place];
        self.links[node as usize] = [first, NONE];
        self.links[first as usize][PREVIOUS] = node;
        self.ends[place] = [node, if last == NONE { node } else { last }];
        self.get_mut(number).mask |= 1 << lane;
    }

    /// Puts a message in the place of one of the same lane.
    pub(super) fn replace(&mut self, number: u32, lane: usize, old: u32, node: u32) {
        let list = self.list(number, lane);
        let [next, previous] = self.links[old as usize];
        self.links[node as usize] = [next, previous];
        self.links[next as usize][PREVIOUS] = node;
        self.links[previous as usize][NEXT] = node;
        let ends = &mut self.ends[list];
        for end in ends.iter_mut().filter(|end| **end == old) {
            *end = node;
        }
    }

    /// Removes a message that is the first of its lane here.
    #[inline]
    pub(super) fn remove(&mut self, number: u32, lane: usize, node: u32) {
        let list = self.list(number, lane);
        let next = self.links[node as usize][NEXT];
        self.ends[list][FIRST] = next;
        if next == NONE {
            self.ends[list][LAST] = NONE;
            self.get_mut(number).mask &= !(1 << lane);
        } else {
            self.links[next as usize][PREVIOUS] = NONE;
        }
    }

    #[inline]
    const fn list(&self, number: u32, lane: usize) -> usize {
        number as usize * self.lanes + lane
    }
}
