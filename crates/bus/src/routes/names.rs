//! Texts under ids, found by either.

use std::hash::{BuildHasher, Hasher};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::ids::Ids;

/// Texts under ids. The ids of texts that are the same are the same.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: Ids,
    /// By id.
    texts: Vec<Option<Box<[u8]>>>,
    by_text: HashTable<u32>,
    hashing: DefaultHashBuilder,
}

impl Names {
    /// The text's id, and whether it is new.
    pub(super) fn add(&mut self, text: &[u8]) -> (u32, bool) {
        let hash = hash(&self.hashing, text);
        if let Some(&id) = self.by_text.find(hash, |&id| self.text(id) == text) {
            return (id, false);
        }
        let id = self.ids.take();
        if id as usize == self.texts.len() {
            self.texts.push(None);
        }
        self.texts[id as usize] = Some(text.into());
        let Self { texts, hashing, .. } = self;
        self.by_text.insert_unique(hash, id, |&id| hash_of(hashing, texts, id));
        (id, true)
    }

    /// Forgets a text and gives its id away.
    pub(super) fn remove(&mut self, id: u32) {
        self.unlink(id);
        self.release(id);
    }

    /// Forgets a text but keeps its id and its bytes until `release`: the same bytes have another id from now on.
    pub(super) fn unlink(&mut self, id: u32) {
        let hash = hash(&self.hashing, self.text(id));
        if let Ok(entry) = self.by_text.find_entry(hash, |&other| other == id) {
            entry.remove();
        }
    }

    /// Gives the id of an unlinked text away.
    pub(super) fn release(&mut self, id: u32) {
        self.texts[id as usize] = None;
        self.ids.give_back(id);
    }

    pub(super) fn find(&self, text: &[u8]) -> Option<u32> {
        self.by_text.find(hash(&self.hashing, text), |&id| self.text(id) == text).copied()
    }

    pub(super) fn get(&self, id: u32) -> Option<&[u8]> {
        self.texts.get(id as usize)?.as_deref()
    }

    /// The text of an id that is in use, and of any other one nothing.
    pub(super) fn text(&self, id: u32) -> &[u8] {
        self.texts[id as usize].as_deref().unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.by_text.len()
    }
}

/// The one hash of this table's texts and of their parts.
#[inline]
pub(super) fn hash(hashing: &DefaultHashBuilder, text: &[u8]) -> u64 {
    let mut hasher = hashing.build_hasher();
    hasher.write(text);
    hasher.finish()
}

fn hash_of(hashing: &DefaultHashBuilder, texts: &[Option<Box<[u8]>>], id: u32) -> u64 {
    hash(hashing, texts[id as usize].as_deref().unwrap_or_default())
}
