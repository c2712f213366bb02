//! The sizes of one side by their keys: a table with open addressing, so that a change to a level that is known costs one
//! look, and no look waits for the one before.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

/// A key and its size. No level has the key 0, which stands for a free entry.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    key: f64,
    size: f64,
}

/// Sizes by key. Keys stay until the table is made anew, with a size of 0 when their level has gone.
#[derive(Debug)]
pub(super) struct Sizes {
    entries: Box<[Entry]>,
    /// Odd, and made at random: who sends prices cannot choose such as fall on each other.
    factor: u64,
    shift: u32,
}

impl Sizes {
    /// An empty table in which `keys` find room, a third of it left free at least.
    pub(super) fn new(keys: usize) -> Self {
        let length = (keys + keys / 2 + 2).next_power_of_two();
        let factor = RandomState::new().build_hasher().finish() | 1;
        Self { entries: vec![Entry::default(); length].into(), factor, shift: u64::BITS - length.trailing_zeros() }
    }

    /// Where the key is, or the free entry where it would be.
    #[inline]
    #[allow(clippy::float_cmp, reason = "the same price is the same double")]
    pub(super) fn find(&self, key: f64) -> usize {
        let mask = self.entries.len() - 1;
        let mut at = (key.to_bits().wrapping_mul(self.factor) >> self.shift) as usize & mask;
        while self.entries[at].key != key && self.entries[at].key != 0.0 {
            at = (at + 1) & mask;
        }
        at
    }

    #[inline]
    pub(super) fn is_free(&self, at: usize) -> bool {
        self.entries[at].key == 0.0
    }

    #[inline]
    pub(super) fn at(&self, at: usize) -> f64 {
        self.entries[at].size
    }

    #[inline]
    pub(super) fn set(&mut self, at: usize, size: f64) {
        self.entries[at].size = size;
    }

    /// Writes a key, which is there already or gets a free entry.
    pub(super) fn put(&mut self, key: f64, size: f64) {
        let at = self.find(key);
        self.entries[at] = Entry { key, size };
    }

    /// The size at a key, 0 if there is none.
    #[inline]
    pub(super) fn of(&self, key: f64) -> f64 {
        self.entries[self.find(key)].size
    }

    pub(super) fn clear(&mut self) {
        self.entries.fill(Entry::default());
    }

    /// Length in bytes.
    pub(super) const fn bytes(&self) -> usize {
        size_of_val(&*self.entries)
    }
}
