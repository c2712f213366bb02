//! The waiting messages of a lane that keeps the last one of each topic and key.
//!
//! What was submitted is kept here too, since the envelope can be overwritten while it waits.

use hashbrown::HashTable;

use super::mix;
use super::nodes::Nodes;

/// What makes two messages of a lane the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) topic: u32,
    pub(super) key: u64,
}

#[derive(Debug)]
pub(super) struct Conflation {
    waiting: HashTable<(Identity, u32)>,
    /// For each node that waits the hash under which it is found.
    hashes: Vec<u64>,
}

impl Conflation {
    pub(super) fn new(envelopes: u32) -> Self {
        Self { waiting: HashTable::new(), hashes: vec![0; envelopes as usize + 1] }
    }

    /// The message that was submitted last. There can be two: one that was returned, and one that came meanwhile.
    pub(super) fn find(&self, nodes: &Nodes, identity: Identity) -> Option<u32> {
        let same = self.waiting.iter_hash(identity.hash()).filter(|(other, _)| *other == identity);
        same.map(|&(_, node)| node).max_by_key(|&node| nodes.sequence(node))
    }

    pub(super) fn add(&mut self, node: u32, identity: Identity) {
        let hash = identity.hash();
        self.hashes[node as usize] = hash;
        self.waiting.insert_unique(hash, (identity, node), |(other, _)| other.hash());
    }

    pub(super) fn remove(&mut self, node: u32) {
        let hash = self.hashes[node as usize];
        if let Ok(entry) = self.waiting.find_entry(hash, |&(_, other)| other == node) {
            entry.remove();
        }
    }
}

impl Identity {
    const fn hash(self) -> u64 {
        mix(self.key ^ mix(self.topic as u64))
    }
}
