//! Which patterns match which topics: a table of patterns, one of known topics, and an index for each question.
//!
//! Patterns are sorted into classes, and each class has the index that suits it: see [`Class`]. Together they answer
//! [`Routes::resolve`]. An index over the topics answers the other direction, [`Routes::affected`]. No match is stored, so
//! there is nothing to keep in step when patterns and topics come and go.
//!
//! Ids are small: the smallest that is free is given first. `ts/fallback/routes/` is the same in JavaScript.

mod anchored;
mod class;
mod edges;
mod filter;
mod ids;
mod label;
mod lengths;
mod names;
mod order;
mod rest;
mod segments;
mod sorting;
mod suffixes;
mod topics;

use crate::pattern::is_glob;
use anchored::Anchored;
pub use class::Class;
use names::Names;
use rest::Rest;
use segments::Segments;
use suffixes::Suffixes;
use topics::Topics;

/// No id.
const NONE: u32 = u32::MAX;

/// A table of patterns and one of topics. Both are bytes of any length; the same bytes have the same id.
///
/// What is found is handed over in no particular order, each id once.
#[derive(Debug, Default)]
pub struct Routes {
    /// By text too, which is all that exact patterns need.
    patterns: Names,
    /// How many patterns are exact.
    exact: usize,
    segments: Segments,
    suffixes: Suffixes,
    anchored: Anchored,
    rest: Rest,
    topics: Topics,
}

impl Routes {
    /// Adds a pattern, hands the ids of the topics that it matches to `found`, and returns its own.
    ///
    /// # Panics
    /// If there are 2^32 patterns.
    pub fn add_pattern(&mut self, pattern: &[u8], found: impl FnMut(u32)) -> u32 {
        let (id, is_new) = self.patterns.add(pattern);
        if is_new {
            match Class::of(pattern) {
                Class::Exact => self.exact += 1,
                Class::Segments => self.segments.add(id, pattern),
                Class::Suffixes => self.suffixes.add(id, pattern, &self.patterns),
                Class::Anchored => self.anchored.add(id, pattern),
                Class::Rest => self.rest.add(id),
            }
        }
        self.affected(pattern, found);
        id
    }

    /// Forgets a pattern. An unknown id changes nothing.
    pub fn remove_pattern(&mut self, id: u32) {
        let Some(pattern) = self.patterns.get(id) else { return };
        match Class::of(pattern) {
            Class::Exact => self.exact -= 1,
            Class::Segments => self.segments.remove(pattern),
            Class::Suffixes => self.suffixes.remove(id, pattern),
            Class::Anchored => self.anchored.remove(id, pattern),
            Class::Rest => self.rest.remove(id),
        }
        self.patterns.remove(id);
    }

    /// Adds a topic, hands the ids of the patterns that match it to `found`, and returns its own.
    ///
    /// # Panics
    /// If there are 2^32 topics.
    pub fn add_topic(&mut self, topic: &[u8], found: impl FnMut(u32)) -> u32 {
        let id = self.topics.add(topic);
        self.resolve(topic, found);
        id
    }

    /// Forgets a topic. An unknown id changes nothing.
    pub fn remove_topic(&mut self, id: u32) {
        self.topics.remove(id);
    }

    /// Hands the ids of all patterns that match `topic`, known or not, to `found`. Allocates nothing once it has met a
    /// topic of as many segments.
    pub fn resolve(&mut self, topic: &[u8], mut found: impl FnMut(u32)) {
        if self.exact > 0 {
            // A topic with a wildcard in it has the text of a glob, not of an exact pattern.
            self.patterns.find(topic).filter(|_| !is_glob(topic)).into_iter().for_each(&mut found);
        }
        self.segments.find(topic, &mut found);
        self.suffixes.find(topic, &self.patterns, &mut found);
        self.anchored.find(topic, &self.patterns, &mut found);
        self.rest.find(topic, &self.patterns, &mut found);
    }

    /// Hands the ids of all topics that `pattern`, known or not, matches to `found`.
    pub fn affected(&mut self, pattern: &[u8], found: impl FnMut(u32)) {
        self.topics.find(pattern, found);
    }
}
