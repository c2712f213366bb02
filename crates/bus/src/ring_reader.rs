//! A reading end of a ring.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};

use crate::error::BusError;
use crate::layout::{
    MEMBERS, RING_CURSOR_DOUBLE_RECEIVED, RING_CURSOR_DOUBLE_UNDECODABLE, RING_CURSOR_WORD_DONE, RING_WORD_COUNTED,
    RING_WORD_RESERVED, RING_WORD_SLAB_RESERVED, RING_WORD_TAIL, RING_WORD_WANTED, RING_WORD_WRITER, SLAB_UNIT_BYTES,
};
use crate::memory::Words;
use crate::record::Record;
use crate::ring::{Shape, cursor_word, sent_long};

/// A reading end, for one member.
#[derive(Debug)]
pub struct RingReader<W> {
    words: W,
    shape: Shape,
    slot: usize,
    cursor: u32,
    /// The tail when it was last looked at.
    tail: u32,
    sent_before: f64,
    received: u64,
    undecodable: u64,
    lost: u64,
}

impl<W: Words> RingReader<W> {
    /// Begins to read for the member in `slot`, with the next record that the writer shows.
    ///
    /// # Errors
    /// [`BusError::Foreign`] if the memory is no ring or there is no such slot.
    pub fn open(words: W, slot: usize) -> Result<Self, BusError> {
        let shape = Shape::read(&words)?;
        if slot >= MEMBERS {
            return Err(BusError::Foreign("there is no such slot"));
        }
        Ok(Self::over(words, shape, slot))
    }

    /// A reader of a ring too small for [`open`](Self::open).
    #[cfg(loom)]
    pub fn small(words: W, shape: Shape, slot: usize) -> Self {
        Self::over(words, shape, slot)
    }

    fn over(words: W, shape: Shape, slot: usize) -> Self {
        let tail = words.load(RING_WORD_TAIL, Acquire);
        let sent_before = f64::from_bits(words.read(sent_long(slot)));
        words.store(cursor_word(slot), tail, Release);
        Self { words, shape, slot, cursor: tail, tail, sent_before, received: 0, undecodable: 0, lost: 0 }
    }

    /// Sizes of the ring.
    #[must_use]
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Slot of the ring's writer.
    #[must_use]
    pub fn writer(&self) -> usize {
        self.words.load(RING_WORD_WRITER, Relaxed) as usize
    }

    /// Takes the next record for this member, with its payload in `payload` if it has one.
    #[inline]
    pub fn take(&mut self, payload: &mut Vec<u8>) -> Option<Record> {
        while self.has_more() {
            let position = self.cursor;
            self.cursor = position.wrapping_add(1);
            if self.words.read(self.shape.mask_long(position)) >> self.slot & 1 == 0 {
                continue;
            }
            let first = self.shape.record_long(position);
            let record = Record(std::array::from_fn(|i| self.words.read(first + i)));
            W::fence(Acquire);
            let reserved = self.words.load(RING_WORD_RESERVED, Acquire);
            if reserved.wrapping_sub(position) > self.shape.capacity {
                self.skip();
            } else if self.copy_payload(&record, payload) {
                self.received += 1;
                return Some(record);
            }
        }
        None
    }

    /// Whether the writer has shown more than was taken, for whomever it is.
    #[inline]
    pub fn has_more(&mut self) -> bool {
        if self.cursor == self.tail {
            self.tail = self.words.load(RING_WORD_TAIL, Acquire);
        }
        self.cursor != self.tail
    }

    /// Tells the writer how far this reader is. True if the writer waits for room: then the caller must ring it.
    #[must_use]
    pub fn advance(&mut self) -> bool {
        let line = cursor_word(self.slot);
        self.words.store(line, self.cursor, Release);
        self.words.write(line / 2 + RING_CURSOR_DOUBLE_RECEIVED, (self.received as f64).to_bits());
        self.words.write(line / 2 + RING_CURSOR_DOUBLE_UNDECODABLE, (self.undecodable as f64).to_bits());
        self.words.store(line + RING_CURSOR_WORD_DONE, self.cursor, Release);
        W::fence(SeqCst);
        self.words.load(RING_WORD_WANTED, Relaxed) == 1 && self.words.swap(RING_WORD_WANTED, 0) == 1
    }

    /// Records taken so far.
    #[must_use]
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// Records for this member that were overwritten before it took them: exact whenever it has caught up with a writer
    /// that has finished counting, and what it was then in between.
    pub fn lost(&mut self) -> u64 {
        let counted = self.words.load(RING_WORD_COUNTED, Acquire);
        let sent = f64::from_bits(self.words.read(sent_long(self.slot))) - self.sent_before;
        // The tail last: if it has not moved on, nothing later was counted.
        W::fence(Acquire);
        if !self.has_more() && counted == self.cursor {
            self.lost = (sent as u64).saturating_sub(self.received);
        }
        self.lost
    }

    /// After being lapped, goes on half a ring behind the writer, so as not to be lapped again at once.
    #[cold]
    fn skip(&mut self) {
        self.tail = self.words.load(RING_WORD_TAIL, Acquire);
        if self.tail.wrapping_sub(self.cursor) > self.shape.capacity / 2 {
            self.cursor = self.tail.wrapping_sub(self.shape.capacity / 2);
        }
    }

    /// Copies the payload of an intact record, if it has one; false if the payload was overwritten meanwhile.
    #[inline]
    fn copy_payload(&mut self, record: &Record, payload: &mut Vec<u8>) -> bool {
        payload.clear();
        let Some((position, length)) = record.payload_span() else {
            return true;
        };
        let units = self.shape.slab_units();
        let left = (units - (position & (units - 1))) as usize * SLAB_UNIT_BYTES;
        if length as usize > left || length as usize > self.shape.most_payload() {
            // No writer of ours makes such a record. It is received, and there is nothing in it.
            self.undecodable += 1;
            return true;
        }
        let first = self.shape.slab_long(position);
        for long in first..first + length.div_ceil(8) as usize {
            payload.extend_from_slice(&self.words.read(long).to_le_bytes());
        }
        payload.truncate(length as usize);
        W::fence(Acquire);
        let reserved = self.words.load(RING_WORD_SLAB_RESERVED, Acquire);
        reserved.wrapping_sub(position) <= units
    }
}
