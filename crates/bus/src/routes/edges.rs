//! What leads on from the branches of a tree, found by the branch and a text.

use hashbrown::{DefaultHashBuilder, HashTable};

use super::NONE;
use super::label::Label;
use super::names::hash;

/// All edges of one kind.
#[derive(Debug, Default)]
pub(super) struct Edges {
    table: HashTable<Edge>,
    hashing: DefaultHashBuilder,
}

/// An edge: one line of the cache. Most are the ends of their patterns, so that a search reads nothing behind them.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Edge {
    from: u32,
    label: Label,
    /// The pattern that ends here.
    pub(super) pattern: u32,
    /// The branch that other patterns go on from.
    pub(super) to: u32,
    /// The last search that found the pattern, where searches care.
    pub(super) round: u64,
}

impl Edges {
    /// What to look `text` up by.
    #[inline]
    pub(super) fn hash(&self, text: &[u8]) -> u64 {
        hash(&self.hashing, text)
    }

    #[inline]
    pub(super) fn find(&self, from: u32, text: &[u8], hash: u64) -> Option<&Edge> {
        self.table.find(place(from, hash), |edge| edge.is(from, text))
    }

    #[inline]
    pub(super) fn find_mut(&mut self, from: u32, text: &[u8]) -> Option<&mut Edge> {
        let place = place(from, self.hash(text));
        self.table.find_mut(place, |edge| edge.is(from, text))
    }

    /// The edge, which is made if there is none: then `count` is called.
    pub(super) fn make(&mut self, from: u32, text: &[u8], count: impl FnOnce()) -> &mut Edge {
        let Self { table, hashing } = self;
        let place_of = |edge: &Edge| place(edge.from, hash(hashing, edge.label.text()));
        let entry = table.entry(place(from, hash(hashing, text)), |edge| edge.is(from, text), place_of);
        let new = || {
            count();
            Edge { from, label: Label::new(text), pattern: NONE, to: NONE, round: 0 }
        };
        entry.or_insert_with(new).into_mut()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn remove(&mut self, from: u32, text: &[u8]) {
        if let Ok(entry) = self.table.find_entry(place(from, self.hash(text)), |edge| edge.is(from, text)) {
            entry.remove();
        }
    }
}

impl Edge {
    #[inline]
    fn is(&self, from: u32, text: &[u8]) -> bool {
        self.from == from && self.label.text() == text
    }
}

/// The branch times an odd number, so that one text below many branches is spread over the table.
#[inline]
fn place(from: u32, hash: u64) -> u64 {
    hash ^ u64::from(from).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
