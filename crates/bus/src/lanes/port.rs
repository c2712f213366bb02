//! The page where a thread and a schedule hand each other lists. What the thread has written may be anything: counts are
//! cut to what their lists hold.

use std::sync::atomic::Ordering::Relaxed;

use super::pool::Pool;
use crate::error::BusError;
use crate::layout::{
    PORT_DOUBLE_DUE, PORT_DOUBLE_NOW, PORT_DOUBLE_OLDEST, PORT_DOUBLE_SETTLED, PORT_FREES, PORT_LEASES,
    PORT_SETTLEMENTS, PORT_SUBMISSIONS, PORT_WORD_CONFLATED, PORT_WORD_DELAYED, PORT_WORD_FREE, PORT_WORD_FREE_LIST,
    PORT_WORD_LEASE_LIST, PORT_WORD_LEASED, PORT_WORD_MORE, PORT_WORD_RELEASE_LIST, PORT_WORD_RELEASED, PORT_WORD_ROOM,
    PORT_WORD_RUNNABLE, PORT_WORD_RUNNABLE_URGENT, PORT_WORD_SETTLE_LIST, PORT_WORD_SETTLED, PORT_WORD_SUBMIT_LIST,
    PORT_WORD_SUBMITTED, PORT_WORD_URGENT, PORT_WORD_WAITING, PORT_WORD_WANTED, PORT_WORDS,
};
use crate::memory::Words;

/// Bits of an envelope's number in an entry, whose top byte is an outcome.
const NUMBER_BITS: u32 = 24;

/// The page of a thread.
#[derive(Clone, Copy, Debug)]
pub struct Port<M> {
    memory: M,
}

/// An entry of the settlement list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The envelope's number.
    pub envelope: u32,
    /// The generation that it had when it was leased.
    pub generation: u32,
    /// What became of it.
    pub outcome: u32,
}

impl<M: Words> Port<M> {
    /// Takes a page of [`PORT_WORDS`].
    ///
    /// # Errors
    /// [`BusError::Schedule`] if it is not so long.
    pub fn new(memory: M) -> Result<Self, BusError> {
        if memory.len() != PORT_WORDS {
            return Err(BusError::Schedule("the port is not as long as a port"));
        }
        Ok(Self { memory })
    }

    /// The time of the turn.
    pub fn now(&self) -> f64 {
        f64::from_bits(self.memory.read(PORT_DOUBLE_NOW))
    }

    /// Hands over the entries of the settlement list.
    #[inline]
    pub fn settlements(&self, mut take: impl FnMut(Settled)) {
        let count = self.count(PORT_WORD_SETTLED, PORT_SETTLEMENTS);
        self.memory.each(PORT_WORD_SETTLE_LIST, count, |[entry, generation]| {
            take(Settled { envelope: entry & ((1 << NUMBER_BITS) - 1), generation, outcome: entry >> NUMBER_BITS });
        });
    }

    /// Hands over the entries of the submission list.
    #[inline]
    pub fn submissions(&self, mut take: impl FnMut(u32)) {
        let count = self.count(PORT_WORD_SUBMITTED, PORT_SUBMISSIONS);
        self.memory.each(PORT_WORD_SUBMIT_LIST, count, |[envelope]| take(envelope));
    }

    /// Both lists were taken in, with so many messages in the place of others.
    pub fn taken_in(&self, conflated: u32) {
        self.store(PORT_WORD_SETTLED, 0);
        self.store(PORT_WORD_SUBMITTED, 0);
        self.store(PORT_WORD_CONFLATED, conflated);
    }

    /// How many messages of any lane are wanted.
    pub fn wanted(&self) -> usize {
        self.count(PORT_WORD_WANTED, PORT_LEASES)
    }

    /// How many more of urgent lanes.
    pub fn urgent(&self) -> usize {
        self.count(PORT_WORD_URGENT, PORT_LEASES)
    }

    /// Writes an entry of the lease list.
    #[inline]
    pub fn lease(&self, nth: usize, envelope: u32) {
        self.store(PORT_WORD_LEASE_LIST + nth, envelope);
    }

    /// Hands over the first entries of the lease list.
    #[inline]
    pub fn leases(&self, count: usize, mut take: impl FnMut(u32)) {
        self.memory.each(PORT_WORD_LEASE_LIST, count, |[envelope]| take(envelope));
    }

    /// Writes an entry of the release list.
    pub fn release(&self, nth: usize, envelope: u32, reason: u32) {
        self.store(PORT_WORD_RELEASE_LIST + nth, envelope | reason << NUMBER_BITS);
    }

    /// How long the outgoing lists are, and whether there would be more to release.
    pub fn handed_out(&self, leased: usize, released: usize, is_more: bool) {
        self.store(PORT_WORD_LEASED, leased as u32);
        self.store(PORT_WORD_RELEASED, released as u32);
        self.store(PORT_WORD_MORE, u32::from(is_more));
    }

    /// Fills the free list up, as far as the pool has any.
    pub fn fill(&self, pool: &mut Pool) {
        let mut count = self.count(PORT_WORD_FREE, PORT_FREES);
        pool.take(PORT_FREES - count, |envelope| {
            self.store(PORT_WORD_FREE_LIST + count, envelope);
            count += 1;
        });
        self.store(PORT_WORD_FREE, count as u32);
    }

    /// How full a lane is.
    pub fn tell_lane(&self, lane: usize, waiting: u32, room: u32) {
        self.store(PORT_WORD_WAITING + lane, waiting);
        self.store(PORT_WORD_ROOM + lane, room);
    }

    /// How many can run.
    pub fn tell_runnable(&self, count: u32, urgent_count: u32) {
        self.store(PORT_WORD_RUNNABLE, count);
        self.store(PORT_WORD_RUNNABLE_URGENT, urgent_count);
    }

    /// How many wait for their time, and when the first of them is due; 0 if none does.
    #[inline]
    pub fn tell_delayed(&self, count: usize, due: f64) {
        self.store(PORT_WORD_DELAYED, count as u32);
        self.memory.write(PORT_DOUBLE_DUE, due.to_bits());
    }

    /// How many messages ended with an outcome.
    pub fn tell_ended(&self, outcome: usize, count: u64) {
        self.memory.write(PORT_DOUBLE_SETTLED + outcome, (count as f64).to_bits());
    }

    /// When the oldest waiting message of a lane was published; 0 if none waits.
    pub fn tell_oldest(&self, lane: usize, queued: f64) {
        self.memory.write(PORT_DOUBLE_OLDEST + lane, queued.to_bits());
    }

    #[inline]
    fn count(&self, word: usize, most: usize) -> usize {
        (self.load(word) as usize).min(most)
    }

    #[inline]
    fn load(&self, word: usize) -> u32 {
        self.memory.load(word, Relaxed)
    }

    #[inline]
    fn store(&self, word: usize, value: u32) {
        self.memory.store(word, value, Relaxed);
    }
}
