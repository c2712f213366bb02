//! A thread's port page, as memory that the thread writes: counts and numbers in it may be anything.

use std::sync::atomic::Ordering::Relaxed;

use super::sleepers::Sleep;
use crate::layout::{
    PORT_DOUBLE_NOW, PORT_LEASES, PORT_SETTLEMENTS, PORT_SUBMISSIONS, PORT_WORD_ASKS, PORT_WORD_SETTLE_LIST,
    PORT_WORD_SETTLED, PORT_WORD_SLEEPS, PORT_WORD_SUBMIT_LIST, PORT_WORD_SUBMITTED, PORT_WORD_URGENT,
    PORT_WORD_WANTED,
};
use crate::memory::Words;

/// A port page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<W>(pub(crate) W);

/// What the thread wants of a turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub(crate) now: f64,
    pub(crate) wanted: usize,
    pub(crate) urgent: usize,
    /// What for it can be rung, if it is about to sleep and has room for anything.
    pub(crate) sleep: Option<Sleep>,
    /// Lanes in which it asks for room, one bit each.
    pub(crate) asks: u32,
}

/// An entry of the settlement list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settlement {
    pub(crate) entry: u32,
    pub(crate) generation: u32,
}

impl<W: Words> Page<W> {
    pub(crate) fn get(&self, word: usize) -> u32 {
        self.0.load(word, Relaxed)
    }

    pub(crate) fn set(&self, word: usize, value: u32) {
        self.0.store(word, value, Relaxed);
    }

    pub(crate) fn set_double(&self, double: usize, value: f64) {
        self.0.write(double, value.to_bits());
    }

    /// Reads what the thread wants, and takes the words back that count for one turn.
    pub(crate) fn take_wish(&self) -> Wish {
        let wanted = (self.get(PORT_WORD_WANTED) as usize).min(PORT_LEASES);
        let urgent = (self.get(PORT_WORD_URGENT) as usize).min(PORT_LEASES - wanted);
        let sleep = match (self.get(PORT_WORD_SLEEPS), wanted, urgent) {
            (0, ..) | (_, 0, 0) => None,
            (_, 0, _) => Some(Sleep::Urgent),
            _ => Some(Sleep::Any),
        };
        let asks = self.get(PORT_WORD_ASKS);
        self.set(PORT_WORD_SLEEPS, 0);
        self.set(PORT_WORD_ASKS, 0);
        Wish { now: f64::from_bits(self.0.read(PORT_DOUBLE_NOW)), wanted, urgent, sleep, asks }
    }

    /// Empties the submission list.
    pub(crate) fn take_submissions(&self, out: &mut [u32; PORT_SUBMISSIONS]) -> usize {
        let count = (self.get(PORT_WORD_SUBMITTED) as usize).min(PORT_SUBMISSIONS);
        for (place, word) in out[..count].iter_mut().zip(PORT_WORD_SUBMIT_LIST..) {
            *place = self.get(word);
        }
        self.set(PORT_WORD_SUBMITTED, 0);
        count
    }

    /// Empties the settlement list.
    pub(crate) fn take_settlements(&self, out: &mut [Settlement; PORT_SETTLEMENTS]) -> usize {
        let count = (self.get(PORT_WORD_SETTLED) as usize).min(PORT_SETTLEMENTS);
        for (place, word) in out[..count].iter_mut().zip((PORT_WORD_SETTLE_LIST..).step_by(2)) {
            *place = Settlement { entry: self.get(word), generation: self.get(word + 1) };
        }
        self.set(PORT_WORD_SETTLED, 0);
        count
    }
}

impl Settlement {
    pub(crate) const NONE: Self = Self { entry: 0, generation: 0 };
}
