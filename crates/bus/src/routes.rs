//! A table of patterns that says which of them match a topic. Exact patterns are found by hash, globs one after the
//! other: the index over them is still to come. `ts/fallback/routes.ts` is the same and gives the same ids.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::sync::Arc;

use crate::pattern::{is_glob, is_matching};

/// A pattern table.
#[derive(Debug, Default)]
pub struct Routes {
    /// By id; `None` where an id is free.
    patterns: Vec<Option<Arc<[u8]>>>,
    ids: HashMap<Arc<[u8]>, u32>,
    globs: BTreeSet<u32>,
    free: BinaryHeap<Reverse<u32>>,
}

impl Routes {
    /// Adds a pattern; the same bytes give the same id again. Takes the smallest free id.
    ///
    /// # Panics
    /// If there are 2^32 patterns.
    pub fn add(&mut self, pattern: &[u8]) -> u32 {
        if let Some(&id) = self.ids.get(pattern) {
            return id;
        }
        let id = self.free.pop().map_or_else(|| self.new_id(), |Reverse(id)| id);
        let pattern: Arc<[u8]> = pattern.into();
        if is_glob(&pattern) {
            self.globs.insert(id);
        }
        self.patterns[id as usize] = Some(Arc::clone(&pattern));
        self.ids.insert(pattern, id);
        id
    }

    /// Forgets a pattern. An unknown id changes nothing.
    pub fn remove(&mut self, id: u32) {
        let Some(pattern) = self.patterns.get_mut(id as usize).and_then(Option::take) else {
            return;
        };
        self.ids.remove(&pattern);
        self.globs.remove(&id);
        self.free.push(Reverse(id));
    }

    /// Hands the ids of all patterns that match `topic` to `found`, in rising order.
    pub fn resolve(&self, topic: &[u8], mut found: impl FnMut(u32)) {
        // The table also holds the globs' own texts; those are met below, in their turn.
        let mut exact = self.ids.get(topic).copied().filter(|id| !self.globs.contains(id));
        for &id in &self.globs {
            if let Some(before) = exact.take_if(|exact| *exact < id) {
                found(before);
            }
            if self.patterns[id as usize].as_ref().is_some_and(|pattern| is_matching(topic, pattern)) {
                found(id);
            }
        }
        exact.into_iter().for_each(found);
    }

    fn new_id(&mut self) -> u32 {
        self.patterns.push(None);
        u32::try_from(self.patterns.len() - 1).expect("fewer than 2^32 patterns")
    }
}
