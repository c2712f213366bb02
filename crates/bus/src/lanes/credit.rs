//! How many messages wait in a lane, and for how many more room was promised to ports: both in one word, so that together
//! they never exceed the capacity.

use std::sync::atomic::Ordering::Relaxed;

use crossbeam_utils::CachePadded;

use super::sync::AtomicU64;

/// Most room that one port is promised ahead in a lane.
const GRANT_MOST: u32 = 64;
/// A port is promised at most this part of the room there is, so that others find some as well.
const GRANT_SHARE: u32 = 4;
const WAITING_ONE: u64 = 1 << 32;

/// The room of one lane. Waiting messages in the upper half, promises in the lower.
#[derive(Debug)]
pub(crate) struct Credit {
    word: CachePadded<AtomicU64>,
    capacity: u32,
}

impl Credit {
    /// An empty lane for so many messages.
    pub(crate) fn new(capacity: u32) -> Self {
        Self { word: CachePadded::new(AtomicU64::new(0)), capacity }
    }

    /// Most messages that wait.
    pub(crate) const fn capacity(&self) -> u32 {
        self.capacity
    }

    /// How many messages wait.
    pub(crate) fn waiting(&self) -> u32 {
        (self.word.load(Relaxed) >> 32) as u32
    }

    /// Promises room to a port that has so much unused already: its share of what is free, but at least 1 if there is
    /// anything. Returns what it has then, which is never less.
    pub(crate) fn grant(&self, unused: u32) -> u32 {
        let mut word = self.word.load(Relaxed);
        loop {
            let free = self.free(word) + unused;
            let grant = (free / GRANT_SHARE).clamp(free.min(1), GRANT_MOST).max(unused);
            if grant == unused {
                return unused;
            }
            let new = word + u64::from(grant - unused);
            match self.word.compare_exchange_weak(word, new, Relaxed, Relaxed) {
                Ok(_) => return grant,
                Err(now) => word = now,
            }
        }
    }

    /// A port gives up promised room.
    pub(crate) fn give_back(&self, unused: u32) {
        if unused > 0 {
            self.word.fetch_sub(u64::from(unused), Relaxed);
        }
    }

    /// Messages begin to wait, of which so many were promised room.
    pub(crate) fn arrive(&self, messages: u32, promised: u32) {
        self.word.fetch_add(u64::from(messages) * WAITING_ONE - u64::from(promised), Relaxed);
    }

    /// Whether more messages wait than there is room for.
    pub(crate) fn is_over(&self) -> bool {
        self.waiting() > self.capacity
    }

    /// Messages wait no longer.
    pub(crate) fn depart(&self, messages: u32) {
        if messages > 0 {
            self.word.fetch_sub(u64::from(messages) * WAITING_ONE, Relaxed);
        }
    }

    fn free(&self, word: u64) -> u32 {
        self.capacity.saturating_sub((word >> 32) as u32).saturating_sub(word as u32)
    }
}
