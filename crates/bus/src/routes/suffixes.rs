//! Patterns `*literal`: for each length of a literal there is one look-up by hash.

use hashbrown::{DefaultHashBuilder, HashTable};

use super::lengths::Lengths;
use super::names::{Names, hash};

#[derive(Debug, Default)]
pub(super) struct Suffixes {
    /// Ids, by what follows the star.
    ids: HashTable<u32>,
    lengths: Lengths,
    hashing: DefaultHashBuilder,
}

impl Suffixes {
    pub(super) fn add(&mut self, id: u32, pattern: &[u8], patterns: &Names) {
        let suffix = &pattern[1..];
        let Self { ids, lengths, hashing } = self;
        lengths.add(suffix.len());
        ids.insert_unique(hash(hashing, suffix), id, |&id| hash(hashing, &patterns.text(id)[1..]));
    }

    pub(super) fn remove(&mut self, id: u32, pattern: &[u8]) {
        let suffix = &pattern[1..];
        self.lengths.remove(suffix.len());
        if let Ok(entry) = self.ids.find_entry(hash(&self.hashing, suffix), |&other| other == id) {
            entry.remove();
        }
    }

    pub(super) fn find(&self, topic: &[u8], patterns: &Names, mut found: impl FnMut(u32)) {
        for length in self.lengths.up_to(topic.len()) {
            let suffix = &topic[topic.len() - length..];
            let id = self.ids.find(hash(&self.hashing, suffix), |&id| &patterns.text(id)[1..] == suffix);
            id.copied().into_iter().for_each(&mut found);
        }
    }
}
