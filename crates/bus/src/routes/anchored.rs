//! Patterns with a literal somewhere: each is filed under one gram, 8, 4, 2 or 1 bytes in a row of its literals, and tried
//! on the topics that contain the gram.
//!
//! The gram is the one that fewest patterns are filed under when the pattern comes, which tells them apart by what is
//! rare in them. At most topic length look-ups for each gram length in use, and the matcher's bound for each candidate.

use std::iter;

use hashbrown::HashMap;

use super::filter::Filter;
use super::names::Names;
use crate::pattern::{is_matching, is_wildcard};

/// Lengths of grams in bytes: a run of literal bytes is filed by the longest that fits.
const SIZES: [usize; 4] = [8, 4, 2, 1];

#[derive(Debug, Default)]
pub(super) struct Anchored {
    /// One for each of `SIZES`.
    grams: [Grams; SIZES.len()],
    /// The search under way.
    round: u64,
}

/// What is filed under the grams of one length.
#[derive(Debug)]
struct Grams {
    buckets: HashMap<u64, Bucket>,
    /// Of the grams that have a bucket.
    filter: Filter,
}

#[derive(Debug, Default)]
struct Bucket {
    ids: Vec<u32>,
    /// The last search that came by, since a topic may contain a gram twice.
    round: u64,
}

impl Anchored {
    pub(super) fn add(&mut self, id: u32, pattern: &[u8]) {
        // Of equals the last, since the ends of names tell them apart better than the starts.
        let rarest = grams(pattern).rev().min_by_key(|&(size, gram)| self.grams[size].filed(gram));
        let Some((size, gram)) = rarest else { return };
        self.grams[size].add(gram, id);
    }

    pub(super) fn remove(&mut self, id: u32, pattern: &[u8]) {
        grams(pattern).any(|(size, gram)| self.grams[size].remove(gram, id));
    }

    pub(super) fn find(&mut self, topic: &[u8], patterns: &Names, mut found: impl FnMut(u32)) {
        self.round += 1;
        for (grams, size) in self.grams.iter_mut().zip(SIZES) {
            if grams.buckets.is_empty() || topic.len() < size {
                continue;
            }
            let (first, rest) = topic.split_at(size - 1);
            let mut gram = gram_of(first);
            for &byte in rest {
                gram = slide(gram, byte, size);
                if !grams.filter.may_hold(gram) {
                    continue;
                }
                let Some(bucket) = grams.buckets.get_mut(&gram) else { continue };
                if bucket.round == self.round {
                    continue;
                }
                bucket.round = self.round;
                bucket.ids.iter().copied().filter(|&id| is_matching(topic, patterns.text(id))).for_each(&mut found);
            }
        }
    }
}

impl Grams {
    /// How many patterns are filed under a gram.
    fn filed(&self, gram: u64) -> usize {
        self.buckets.get(&gram).map_or(0, |bucket| bucket.ids.len())
    }

    fn add(&mut self, gram: u64, id: u32) {
        self.buckets.entry(gram).or_default().ids.push(id);
        if self.filter.is_full() {
            self.filter = Filter::new(self.buckets.keys().copied());
        } else {
            self.filter.add(gram);
        }
    }

    /// Says whether it was there.
    fn remove(&mut self, gram: u64, id: u32) -> bool {
        let Some(bucket) = self.buckets.get_mut(&gram) else { return false };
        let Some(at) = bucket.ids.iter().position(|&other| other == id) else { return false };
        bucket.ids.swap_remove(at);
        if bucket.ids.is_empty() {
            self.buckets.remove(&gram);
        }
        true
    }
}

impl Default for Grams {
    fn default() -> Self {
        Self { buckets: HashMap::default(), filter: Filter::new(iter::empty()) }
    }
}

/// All grams that a pattern can be filed under, each with the index of its size.
fn grams(pattern: &[u8]) -> impl DoubleEndedIterator<Item = (usize, u64)> {
    pattern.split(|&byte| is_wildcard(byte)).filter(|run| !run.is_empty()).flat_map(|run| {
        let index = SIZES.iter().position(|&size| size <= run.len()).unwrap_or(SIZES.len() - 1);
        let size = SIZES[index];
        run.windows(size).map(move |window| (index, gram_of(window)))
    })
}

/// At most eight bytes as a number.
fn gram_of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |gram, &byte| slide(gram, byte, SIZES[0]))
}

/// The gram of `size` bytes that ends one byte later.
fn slide(gram: u64, byte: u8, size: usize) -> u64 {
    (gram << 8 | u64::from(byte)) & (u64::MAX >> (u64::BITS as usize - 8 * size))
}
