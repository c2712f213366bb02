//! Bounded queue of numbers for many producers and many consumers.
//!
//! Each cell carries a turn that says whose it is (D. Vyukov's bounded MPMC queue). A batch is claimed by one
//! compare-and-swap over the cells that are ready, so that sixteen numbers cost one contended operation. A cell is 64 bits,
//! the turn and the number, so that both are published by one store. Turns count rounds of the queue, two for each, and not
//! positions, so that zeroed memory is an empty queue: capacity that was never used costs no memory.
//!
//! Order: first in, first out for each producer. A thread that stops between claim and store stops those behind it: a pop
//! finds nothing although something was pushed, which only `pushed` and `popped` tell. Native calls are not interrupted, and
//! who comes after them looks again (see `sleepers.rs`).

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crossbeam_utils::CachePadded;

use super::sync::{AtomicU64, Backoff};
use crate::memory::zeroed_longs;

/// The queue.
#[derive(Debug)]
pub struct IdQueue {
    /// Next position to pop. Positions never wrap.
    head: CachePadded<AtomicU64>,
    /// Next position to push.
    tail: CachePadded<AtomicU64>,
    cells: Box<[AtomicU64]>,
    /// Logarithm of the capacity.
    shift: u32,
}

/// What a cell is waiting for at a position.
enum Cell {
    Ready(u32),
    /// An earlier position has not gone through it yet.
    Behind,
    /// This position has gone through it already, so what was known of the queue's ends is old.
    Passed,
}

impl IdQueue {
    /// An empty queue; its capacity is rounded up to a power of two.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let capacity = capacity.next_power_of_two();
        Self {
            head: CachePadded::new(AtomicU64::new(0)),
            tail: CachePadded::new(AtomicU64::new(0)),
            cells: zeroed_longs(capacity),
            shift: capacity.trailing_zeros(),
        }
    }

    /// Appends as many of the numbers as fit, first to last; returns how many. Never blocks.
    pub fn push(&self, numbers: &[u32]) -> usize {
        let mut tail = self.tail.load(Relaxed);
        loop {
            let mut ready = 0;
            while ready < numbers.len() as u64 {
                match self.look(tail + ready, 0) {
                    Cell::Ready(_) => ready += 1,
                    Cell::Behind => break,
                    Cell::Passed => {
                        ready = 0;
                        tail = self.tail.load(Relaxed);
                    }
                }
            }
            if ready == 0 {
                return 0;
            }
            match self.tail.compare_exchange_weak(tail, tail + ready, Relaxed, Relaxed) {
                Ok(_) => {
                    // The swap made these cells ours until the stores.
                    for (position, &number) in (tail..).zip(&numbers[..ready as usize]) {
                        self.cell(position).store((self.turn(position) + 1) << 32 | u64::from(number), Release);
                    }
                    return ready as usize;
                }
                Err(now) => tail = now,
            }
        }
    }

    /// Appends all numbers to a queue whose capacity suffices for every number that there is. It waits only for a pop that
    /// is just under way in the cell.
    pub fn push_all(&self, mut numbers: &[u32]) {
        let backoff = Backoff::new();
        while !numbers.is_empty() {
            let pushed = self.push(numbers);
            if pushed == 0 {
                backoff.snooze();
            }
            numbers = &numbers[pushed..];
        }
    }

    /// Takes up to as many numbers as `out` has room for; returns how many. Never blocks.
    pub fn pop(&self, out: &mut [u32]) -> usize {
        let mut head = self.head.load(Relaxed);
        loop {
            let mut ready = 0;
            while ready < out.len() {
                match self.look(head + ready as u64, 1) {
                    Cell::Ready(number) => {
                        out[ready] = number;
                        ready += 1;
                    }
                    Cell::Behind => break,
                    Cell::Passed => {
                        ready = 0;
                        head = self.head.load(Relaxed);
                    }
                }
            }
            if ready == 0 {
                return 0;
            }
            match self.head.compare_exchange_weak(head, head + ready as u64, Relaxed, Relaxed) {
                Ok(_) => {
                    for position in head..head + ready as u64 {
                        self.cell(position).store((self.turn(position) + 2) << 32, Release);
                    }
                    return ready;
                }
                Err(now) => head = now,
            }
        }
    }

    /// Takes one number.
    #[must_use]
    pub fn pop_one(&self) -> Option<u32> {
        let mut one = [0];
        (self.pop(&mut one) == 1).then_some(one[0])
    }

    /// The number that a pop would take, as of a moment ago.
    #[must_use]
    pub fn front(&self) -> Option<u32> {
        loop {
            match self.look(self.head.load(Relaxed), 1) {
                Cell::Ready(number) => return Some(number),
                Cell::Behind => return None,
                Cell::Passed => {}
            }
        }
    }

    /// Whether a pop would find nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.front().is_none()
    }

    /// How many numbers there are, as of a moment ago; those that are about to be stored count.
    #[must_use]
    pub fn len(&self) -> usize {
        let head = self.popped();
        self.pushed().saturating_sub(head) as usize
    }

    /// How many numbers were pushed ever, as of a moment ago, but for the caller's own, which all count.
    #[must_use]
    pub fn pushed(&self) -> u64 {
        self.tail.load(Relaxed)
    }

    /// How many numbers were popped ever, as of a moment ago.
    #[must_use]
    pub fn popped(&self) -> u64 {
        self.head.load(Relaxed)
    }

    /// What the cell of a position says. `step` is 0 to push there and 1 to pop. The acquire makes the end of the queue
    /// that a passed cell tells of visible, so that to look again helps.
    #[inline]
    fn look(&self, position: u64, step: u64) -> Cell {
        let cell = self.cell(position).load(Acquire);
        let ahead = ((cell >> 32) as u32).wrapping_sub((self.turn(position) + step) as u32).cast_signed();
        match ahead {
            0 => Cell::Ready(cell as u32),
            ..0 => Cell::Behind,
            1.. => Cell::Passed,
        }
    }

    #[inline]
    fn cell(&self, position: u64) -> &AtomicU64 {
        &self.cells[position as usize & (self.cells.len() - 1)]
    }

    /// The turn of a cell that waits to be filled at a position.
    #[inline]
    const fn turn(&self, position: u64) -> u64 {
        (position >> self.shift) * 2
    }
}
