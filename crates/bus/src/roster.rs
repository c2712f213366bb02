//! The page that all threads of one bus share: who is on it, and who has died. JavaScript makes the page and hands out
//! the slots; Rust reads it, and marks the thread dead whose environment ends without leaving.

use std::sync::atomic::Ordering::{Acquire, Relaxed};

use crate::error::BusError;
use crate::layout::{
    LAYOUT_HASH, MEMBER_STATE_DEAD, MEMBER_STATE_JOINING, MEMBER_STATE_LEAVING, MEMBER_STATE_LIVE,
    MEMBER_WORD_GENERATION, MEMBER_WORD_STATE, MEMBER_WORDS, MEMBERS, ROSTER_HEADER_WORDS, ROSTER_MAGIC,
    ROSTER_WORD_DEATHS, ROSTER_WORD_HASH, ROSTER_WORD_MAGIC, ROSTER_WORD_TOKEN_HIGH, ROSTER_WORD_TOKEN_LOW,
    ROSTER_WORDS,
};
use crate::memory::Words;

/// A roster page.
#[derive(Clone, Copy, Debug)]
pub struct Roster<W> {
    pub(crate) words: W,
}

impl<W: Words> Roster<W> {
    /// Takes the page as JavaScript has made it.
    ///
    /// # Errors
    /// [`BusError::Foreign`] if the memory is no roster, or one of another layout.
    pub fn open(words: W) -> Result<Self, BusError> {
        if words.len() != ROSTER_WORDS || words.load(ROSTER_WORD_MAGIC, Acquire) != ROSTER_MAGIC {
            return Err(BusError::Foreign("the memory is not the roster of a bus"));
        }
        if words.load(ROSTER_WORD_HASH, Relaxed) != LAYOUT_HASH {
            return Err(BusError::Foreign("the roster has another layout"));
        }
        Ok(Self { words })
    }

    /// The random number that tells this bus from all others of the process.
    #[must_use]
    pub fn token(&self) -> u64 {
        let low = self.words.load(ROSTER_WORD_TOKEN_LOW, Relaxed);
        let high = self.words.load(ROSTER_WORD_TOKEN_HIGH, Relaxed);
        u64::from(high) << 32 | u64::from(low)
    }

    /// How many threads have used a slot.
    #[must_use]
    pub fn generation(&self, slot: usize) -> u32 {
        self.words.load(member_word(slot, MEMBER_WORD_GENERATION), Acquire)
    }

    /// Marks the member dead and counts its death. False if it had left, had been marked, or its slot has gone to
    /// another thread.
    #[must_use]
    pub fn mark_dead(&self, slot: usize, generation: u32) -> bool {
        if self.generation(slot) != generation {
            return false;
        }
        let state = member_word(slot, MEMBER_WORD_STATE);
        let alive = [MEMBER_STATE_LIVE, MEMBER_STATE_JOINING, MEMBER_STATE_LEAVING];
        let marked = alive.into_iter().any(|from| self.words.exchange(state, from, MEMBER_STATE_DEAD));
        if marked {
            self.words.increment(ROSTER_WORD_DEATHS);
        }
        marked
    }
}

/// A word of a member's line.
pub(crate) fn member_word(slot: usize, word: usize) -> usize {
    assert!(slot < MEMBERS, "slot {slot} of {MEMBERS}");
    ROSTER_HEADER_WORDS + MEMBER_WORDS * slot + word
}
