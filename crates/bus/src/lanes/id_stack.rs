//! A set of numbers that many threads give back to and take from, last in first out, so that what is used often stays in
//! the caches and what is not is never touched.
//!
//! A list linked through an array (R. K. Treiber's stack); its head carries a count of changes, so that a number that
//! has been away and come back is not taken for one that has stayed. A batch costs one compare-and-swap.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crossbeam_utils::CachePadded;

use super::sync::{AtomicU32, AtomicU64};
use crate::memory::zeroed_words;

/// Numbers below a limit, those never given out yet included.
#[derive(Debug)]
pub struct IdStack {
    /// Changes in the upper half; in the lower half 1 + the number on top, or 0.
    head: CachePadded<AtomicU64>,
    /// 1 + the number below each number, or 0.
    below: Box<[AtomicU32]>,
    /// The first number that was never given out.
    unused: CachePadded<AtomicU32>,
}

impl IdStack {
    /// All numbers below `limit`.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            head: CachePadded::new(AtomicU64::new(0)),
            below: zeroed_words(limit),
            unused: CachePadded::new(AtomicU32::new(0)),
        }
    }

    /// Gives numbers back; the first of them will be on top. Each is below the limit and not in the set.
    pub fn give(&self, numbers: &[u32]) {
        let Some((&last, before)) = numbers.split_last() else { return };
        for (&number, &next) in before.iter().zip(&numbers[1..]) {
            self.below[number as usize].store(next + 1, Relaxed);
        }
        let mut head = self.head.load(Relaxed);
        loop {
            self.below[last as usize].store(head as u32, Relaxed);
            let new = changed(head, numbers[0] + 1);
            match self.head.compare_exchange_weak(head, new, Release, Relaxed) {
                Ok(_) => return,
                Err(now) => head = now,
            }
        }
    }

    /// Takes up to as many numbers as `out` has room for; returns how many.
    pub fn take(&self, out: &mut [u32]) -> usize {
        let given_back = self.take_given(out);
        given_back + self.take_unused(&mut out[given_back..])
    }

    /// How many numbers were ever given out: those from here on never were.
    #[must_use]
    pub fn used(&self) -> u32 {
        self.unused.load(Acquire)
    }

    fn take_given(&self, out: &mut [u32]) -> usize {
        let mut head = self.head.load(Acquire);
        loop {
            let (mut top, mut taken) = (head as u32, 0);
            // What others change meanwhile may lead astray, but then the head has changed as well.
            while top != 0 && taken < out.len() {
                out[taken] = top - 1;
                taken += 1;
                top = self.below[top as usize - 1].load(Relaxed);
            }
            if taken == 0 {
                return 0;
            }
            match self.head.compare_exchange_weak(head, changed(head, top), Acquire, Acquire) {
                Ok(_) => return taken,
                Err(now) => head = now,
            }
        }
    }

    fn take_unused(&self, out: &mut [u32]) -> usize {
        let limit = self.below.len() as u32;
        let mut unused = self.unused.load(Relaxed);
        loop {
            let taken = out.len().min((limit - unused) as usize);
            if taken == 0 {
                return 0;
            }
            match self.unused.compare_exchange_weak(unused, unused + taken as u32, Release, Relaxed) {
                Ok(_) => {
                    for (number, place) in (unused..).zip(&mut out[..taken]) {
                        *place = number;
                    }
                    return taken;
                }
                Err(now) => unused = now,
            }
        }
    }
}

const fn changed(head: u64, top: u32) -> u64 {
    ((head >> 32).wrapping_add(1) << 32) | top as u64
}
