//! The memory of a group's envelopes. What stands in the head was written by whoever submitted the envelope, and may be
//! anything; it is read when it is needed and never relied on twice.

use std::sync::atomic::Ordering::Relaxed;

use crate::layout::{
    ENVELOPE_DOUBLE_DEADLINE, ENVELOPE_DOUBLE_QUEUED, ENVELOPE_DOUBLES, ENVELOPE_FLAG_DURABLE, ENVELOPE_FLAG_SUSPECT,
    ENVELOPE_WORD_DELAY, ENVELOPE_WORD_GENERATION, ENVELOPE_WORD_HEAD, ENVELOPE_WORD_KEY_HIGH, ENVELOPE_WORD_KEY_LOW,
    ENVELOPE_WORD_TOPIC, ENVELOPE_WORDS, OUTCOME_DEAD, OUTCOME_EXPIRED, OUTCOME_RETRIED, OUTCOME_WORKER_LOST,
};
use crate::memory::Words;

/// Where the flags begin in the head of an envelope.
const FLAG_SHIFT: u32 = 8;
/// One attempt in the head of an envelope.
const ATTEMPT: u32 = 1 << 16;

/// What a queue has to know of a message at first.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The low byte of the head, whatever is written there.
    pub lane: usize,
    /// The hash of the key; 0 for none.
    pub key: u64,
    /// Whether it expires.
    pub has_deadline: bool,
}

/// Envelopes by their numbers, which have to be in range.
#[derive(Clone, Copy, Debug)]
pub struct Envelopes<M> {
    memory: M,
    count: u32,
}

impl<M: Words> Envelopes<M> {
    /// As many as fit.
    pub fn new(memory: M) -> Self {
        let count = (memory.len() / ENVELOPE_WORDS) as u32;
        Self { memory, count }
    }

    /// How many there are.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The low byte of the head, whatever is written there.
    #[inline]
    pub fn lane(&self, envelope: u32) -> usize {
        (self.word(envelope, ENVELOPE_WORD_HEAD) & 0xff) as usize
    }

    /// What a queue has to know of a message at first.
    #[inline]
    pub fn head(&self, envelope: u32) -> Head {
        let words: [u32; ENVELOPE_WORD_KEY_HIGH + 1] = self.memory.load_some(word_of(envelope, 0));
        let [low, high] = [words[ENVELOPE_WORD_KEY_LOW], words[ENVELOPE_WORD_KEY_HIGH]];
        Head {
            lane: (words[ENVELOPE_WORD_HEAD] & 0xff) as usize,
            key: u64::from(high) << 32 | u64::from(low),
            has_deadline: self.deadline(envelope) != 0.0,
        }
    }

    /// The group's number of the topic.
    #[inline]
    pub fn topic(&self, envelope: u32) -> u32 {
        self.word(envelope, ENVELOPE_WORD_TOPIC)
    }

    /// The hash of the key; 0 for none.
    #[inline]
    pub fn key(&self, envelope: u32) -> u64 {
        let low = self.word(envelope, ENVELOPE_WORD_KEY_LOW);
        let high = self.word(envelope, ENVELOPE_WORD_KEY_HIGH);
        u64::from(high) << 32 | u64::from(low)
    }

    /// When it was published, in nanoseconds since the bus was opened.
    #[inline]
    pub fn queued(&self, envelope: u32) -> f64 {
        self.double(envelope, ENVELOPE_DOUBLE_QUEUED)
    }

    /// From when on it is not run any more; 0 for never.
    #[inline]
    pub fn deadline(&self, envelope: u32) -> f64 {
        self.double(envelope, ENVELOPE_DOUBLE_DEADLINE)
    }

    /// Brings one into the cache that somebody is about to read. Many at once take little longer than one.
    #[inline]
    pub fn touch(&self, envelope: u32) {
        self.word(envelope, ENVELOPE_WORD_HEAD);
    }

    /// How often it was given back.
    #[inline]
    pub fn generation(&self, envelope: u32) -> u32 {
        self.word(envelope, ENVELOPE_WORD_GENERATION)
    }

    /// It is given back.
    #[inline]
    pub fn raise_generation(&self, envelope: u32) {
        let next = self.generation(envelope).wrapping_add(1);
        self.memory.store(word_of(envelope, ENVELOPE_WORD_GENERATION), next, Relaxed);
    }

    /// It gets another attempt.
    pub fn raise_attempt(&self, envelope: u32) {
        let next = self.word(envelope, ENVELOPE_WORD_HEAD).wrapping_add(ATTEMPT);
        self.memory.store(word_of(envelope, ENVELOPE_WORD_HEAD), next, Relaxed);
    }

    /// What becomes of a message whose deadline has passed: one of the outcomes.
    pub fn expired(&self, envelope: u32) -> u32 {
        if self.flags(envelope) & ENVELOPE_FLAG_DURABLE == 0 { OUTCOME_EXPIRED } else { OUTCOME_DEAD }
    }

    /// What becomes of a message whose thread has died. One that may not be lost is tried again, but not if it was in the
    /// hands of such a thread before: perhaps it is what kills them.
    pub fn bereft(&self, envelope: u32) -> u32 {
        let flags = self.flags(envelope);
        if flags & ENVELOPE_FLAG_DURABLE == 0 {
            return OUTCOME_WORKER_LOST;
        }
        if flags & ENVELOPE_FLAG_SUSPECT != 0 {
            return OUTCOME_DEAD;
        }
        let head = self.word(envelope, ENVELOPE_WORD_HEAD) | ENVELOPE_FLAG_SUSPECT << FLAG_SHIFT;
        self.memory.store(word_of(envelope, ENVELOPE_WORD_HEAD), head, Relaxed);
        OUTCOME_RETRIED
    }

    fn flags(&self, envelope: u32) -> u32 {
        self.word(envelope, ENVELOPE_WORD_HEAD) >> FLAG_SHIFT & 0xff
    }

    /// How long it waits before it can run again, in nanoseconds. Good for once.
    pub fn take_delay(&self, envelope: u32) -> f64 {
        let us = self.word(envelope, ENVELOPE_WORD_DELAY);
        if us != 0 {
            self.memory.store(word_of(envelope, ENVELOPE_WORD_DELAY), 0, Relaxed);
        }
        f64::from(us) * 1e3
    }

    #[inline]
    fn word(&self, envelope: u32, word: usize) -> u32 {
        self.memory.load(word_of(envelope, word), Relaxed)
    }

    #[inline]
    fn double(&self, envelope: u32, double: usize) -> f64 {
        f64::from_bits(self.memory.read(ENVELOPE_DOUBLES * envelope as usize + double))
    }
}

const fn word_of(envelope: u32, word: usize) -> usize {
    ENVELOPE_WORDS * envelope as usize + word
}
