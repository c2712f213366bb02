//! The sizes of one side by their keys. A change to a level that is known costs one look into a hash table with open
//! addressing, and no look waits for the one before. The table holds places of four bytes, so that most of it may be free;
//! keys and sizes lie side by side in the order in which they came.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

/// A key and its size.
#[derive(Clone, Copy, Debug)]
struct Entry {
    key: f64,
    size: f64,
}

/// Sizes by key, and by the place of the key. Keys stay until the table is made anew, with a size of 0 when their level has
/// gone.
#[derive(Debug)]
pub(super) struct Sizes {
    entries: Vec<Entry>,
    /// One more than the place of a key, 0 where there is none.
    table: Box<[u32]>,
    /// Odd, and made at random: who sends prices cannot choose such as fall on each other.
    factor: u64,
}

impl Sizes {
    /// No sizes, and memory for those of so many keys. Half of the table stays free.
    pub(super) fn new(keys: usize) -> Self {
        Self::with(keys, RandomState::new().build_hasher().finish() | 1)
    }

    /// The same to take the place of this one.
    pub(super) fn anew(&self, keys: usize) -> Self {
        Self::with(keys, self.factor)
    }

    /// The place of a key.
    #[inline]
    #[allow(clippy::float_cmp, reason = "the same price is the same double")]
    pub(super) fn find(&self, key: f64) -> Option<usize> {
        let mut at = self.first_look(key);
        loop {
            let place = (self.table[at] as usize).checked_sub(1)?;
            if self.entries[place].key == key {
                return Some(place);
            }
            at = self.next_look(at);
        }
    }

    /// Adds a key that is not there. Returns its place: how many keys came before.
    pub(super) fn push(&mut self, key: f64, size: f64) -> usize {
        let mut at = self.first_look(key);
        while self.table[at] != 0 {
            at = self.next_look(at);
        }
        self.entries.push(Entry { key, size });
        self.table[at] = self.entries.len() as u32;
        self.entries.len() - 1
    }

    #[inline]
    pub(super) fn key(&self, place: usize) -> f64 {
        self.entries[place].key
    }

    #[inline]
    pub(super) fn at(&self, place: usize) -> f64 {
        self.entries[place].size
    }

    #[inline]
    pub(super) fn set(&mut self, place: usize, size: f64) {
        self.entries[place].size = size;
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.table.fill(0);
    }

    /// Memory taken, in bytes.
    pub(super) const fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + size_of_val(&*self.table)
    }

    fn with(keys: usize, factor: u64) -> Self {
        Self { entries: Vec::with_capacity(keys), table: vec![0; 2 * keys].into(), factor }
    }

    /// The hash as a fraction of 2^64, so that the table may have any length.
    #[inline]
    fn first_look(&self, key: f64) -> usize {
        let hash = key.to_bits().wrapping_mul(self.factor);
        ((u128::from(hash) * self.table.len() as u128) >> u64::BITS) as usize
    }

    #[inline]
    fn next_look(&self, at: usize) -> usize {
        if at + 1 == self.table.len() { 0 } else { at + 1 }
    }
}
