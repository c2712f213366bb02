//! The topics that are in use, and which of them a pattern matches.
//!
//! A glob is tried on the topics that start with its first literal, or on those that end with its last, whichever are
//! fewer: they lie together in a list that is sorted from the front or from the back. Sorting waits until it is worth it (see [`Order`]), so that a
//! topic that comes and goes costs no more than its text.
//!
//! Topics lie under slots. An id is given again at once, a slot only when all lists have dropped it.

use super::NONE;
use super::ids::Ids;
use super::names::Names;
use super::order::{End, Order};
use crate::pattern::{is_glob, is_matching, is_wildcard};

/// Slots of gone topics are given back when there is one for every so many of the others, and some.
const LIVE_FOR_A_DEAD: usize = 8;
const DEAD_AT_LEAST: usize = 1_024;

#[derive(Debug)]
pub(super) struct Topics {
    /// By slot.
    names: Names,
    /// By slot; `NONE` where the topic is gone.
    ids: Vec<u32>,
    /// By id; `NONE` where it is free.
    slots: Vec<u32>,
    free: Ids,
    from_front: Order,
    from_back: Order,
    /// Slots of topics that are gone.
    dead: Vec<u32>,
}

impl Default for Topics {
    fn default() -> Self {
        Self {
            names: Names::default(),
            ids: Vec::new(),
            slots: Vec::new(),
            free: Ids::default(),
            from_front: Order::new(End::Front),
            from_back: Order::new(End::Back),
            dead: Vec::new(),
        }
    }
}

impl Topics {
    pub(super) fn add(&mut self, topic: &[u8]) -> u32 {
        let (slot, is_new) = self.names.add(topic);
        if !is_new {
            return self.ids[slot as usize];
        }
        let id = self.free.take();
        put(&mut self.ids, slot, id);
        put(&mut self.slots, id, slot);
        self.from_front.add(slot);
        self.from_back.add(slot);
        id
    }

    pub(super) fn remove(&mut self, id: u32) {
        let Some(slot) = self.slots.get_mut(id as usize).map(|slot| std::mem::replace(slot, NONE)) else { return };
        if slot == NONE {
            return;
        }
        self.names.unlink(slot);
        self.ids[slot as usize] = NONE;
        self.free.give_back(id);
        self.dead.push(slot);
        if self.dead.len() > self.names.len() / LIVE_FOR_A_DEAD + DEAD_AT_LEAST {
            self.sweep();
        }
    }

    pub(super) fn find(&mut self, pattern: &[u8], mut found: impl FnMut(u32)) {
        if !is_glob(pattern) {
            return self.names.find(pattern).into_iter().for_each(|slot| found(self.ids[slot as usize]));
        }
        let Self { names, ids, from_front, from_back, .. } = self;
        let try_on = |slot: u32| {
            let id = ids[slot as usize];
            if id != NONE && is_matching(names.text(slot), pattern) {
                found(id);
            }
        };
        let (start, end) = literal_ends(pattern);
        let (front, back) = (from_front.find(start, names), from_back.find(end, names));
        let fewer = if front.len() <= back.len() { front } else { back };
        fewer.for_each(try_on);
    }

    fn sweep(&mut self) {
        for order in [&mut self.from_front, &mut self.from_back] {
            order.retain(|slot| self.ids[slot as usize] != NONE);
        }
        self.dead.drain(..).for_each(|slot| self.names.release(slot));
    }
}

/// What comes before the first wildcard and what comes after the last.
fn literal_ends(glob: &[u8]) -> (&[u8], &[u8]) {
    let first = glob.iter().position(|&byte| is_wildcard(byte)).unwrap_or(glob.len());
    let last = glob.iter().rposition(|&byte| is_wildcard(byte)).map_or(0, |at| at + 1);
    (&glob[..first], &glob[last..])
}

/// Writes to an index at most one past the end.
fn put(list: &mut Vec<u32>, index: u32, value: u32) {
    if index as usize == list.len() {
        list.push(NONE);
    }
    list[index as usize] = value;
}
