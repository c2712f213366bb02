//! Slots of texts, sorted by the texts' bytes from the front or from the back.
//!
//! New ones wait unsorted and are tried one by one, until that has cost as much as sorting them. So a search costs at
//! most twice what it would if somebody had known when to sort.

use std::cmp::Ordering;

use super::names::Names;
use super::sorting::{CHUNK, sort};

/// Texts that can be tried in the time in which one is sorted.
const TRIES_FOR_A_SORT: usize = 8;
/// Sorted slots that can be moved in the time in which one text is tried.
const MOVES_FOR_A_TRY: usize = 64;

/// Where the comparison of two texts starts.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Front,
    Back,
}

#[derive(Debug)]
pub(super) struct Order {
    end: End,
    sorted: Vec<u32>,
    fresh: Vec<u32>,
    /// Fresh texts that searches had to try.
    tried: usize,
}

/// Slots to try a pattern on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidates<'a> {
    sorted: &'a [u32],
    fresh: &'a [u32],
}

impl Order {
    pub(super) fn new(end: End) -> Self {
        Self { end, sorted: Vec::new(), fresh: Vec::new(), tried: 0 }
    }

    pub(super) fn add(&mut self, slot: u32) {
        self.fresh.push(slot);
    }

    pub(super) fn retain(&mut self, mut is_kept: impl FnMut(u32) -> bool) {
        self.sorted.retain(|&slot| is_kept(slot));
        self.fresh.retain(|&slot| is_kept(slot));
    }

    /// All slots whose texts have `literal` at this end, and a few others.
    pub(super) fn find(&mut self, literal: &[u8], names: &Names) -> Candidates<'_> {
        self.tried += self.fresh.len();
        if self.tried > TRIES_FOR_A_SORT * self.fresh.len() + self.sorted.len() / MOVES_FOR_A_TRY {
            self.merge(names);
        }
        let first = self.sorted.partition_point(|&slot| self.end.compare(names.text(slot), literal).is_lt());
        let rest = &self.sorted[first..];
        let count = rest.partition_point(|&slot| self.end.is_at(names.text(slot), literal));
        Candidates { sorted: &rest[..count], fresh: &self.fresh }
    }

    /// Moves the fresh ones to where they belong, the last first.
    fn merge(&mut self, names: &Names) {
        let Self { end, sorted, fresh, .. } = self;
        sort(fresh, |slot, depth| end.chunk(names.text(slot), depth));
        let mut unmoved = sorted.len();
        sorted.resize(unmoved + fresh.len(), 0);
        for (before, &slot) in fresh.iter().enumerate().rev() {
            let text = names.text(slot);
            let at = sorted[..unmoved].partition_point(|&other| end.compare(names.text(other), text).is_lt());
            sorted.copy_within(at..unmoved, at + before + 1);
            sorted[at + before] = slot;
            unmoved = at;
        }
        fresh.clear();
        self.tried = 0;
    }
}

impl Candidates<'_> {
    pub(super) fn len(&self) -> usize {
        self.sorted.len() + self.fresh.len()
    }

    pub(super) fn for_each(&self, f: impl FnMut(u32)) {
        self.sorted.iter().chain(self.fresh).copied().for_each(f);
    }
}

impl End {
    fn compare(self, one: &[u8], other: &[u8]) -> Ordering {
        match self {
            Self::Front => one.cmp(other),
            Self::Back => one.iter().rev().cmp(other.iter().rev()),
        }
    }

    /// For [`sort`]. Read backwards, the last byte of a text is its first.
    fn chunk(self, text: &[u8], depth: usize) -> (u64, usize) {
        let left = text.len() - depth;
        let count = left.min(CHUNK);
        let mut bytes = [0; CHUNK];
        let chunk = match self {
            Self::Front => {
                bytes[..count].copy_from_slice(&text[depth..][..count]);
                u64::from_be_bytes(bytes)
            }
            Self::Back => {
                bytes[CHUNK - count..].copy_from_slice(&text[left - count..left]);
                u64::from_le_bytes(bytes)
            }
        };
        (chunk, count)
    }

    fn is_at(self, text: &[u8], literal: &[u8]) -> bool {
        match self {
            Self::Front => text.starts_with(literal),
            Self::Back => text.ends_with(literal),
        }
    }
}
