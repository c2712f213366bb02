//! The writing end of a ring.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};

use crate::error::BusError;
use crate::layout::{
    LAYOUT_HASH, MEMBERS, RING_MAGIC, RING_WORD_CAPACITY, RING_WORD_COUNTED, RING_WORD_HASH, RING_WORD_MAGIC,
    RING_WORD_RESERVED, RING_WORD_SLAB, RING_WORD_SLAB_RESERVED, RING_WORD_TAIL, RING_WORD_WANTED, RING_WORD_WRITER,
    SLAB_UNIT_BYTES,
};
use crate::memory::Words;
use crate::record::Record;
use crate::ring::{Shape, cursor_word, members, sent_long};

/// The writing end. One for each ring; nothing in it blocks.
#[derive(Debug)]
pub struct RingWriter<W> {
    words: W,
    shape: Shape,
    /// Position of the next record, and what of it readers and the reserved word know.
    next: u32,
    shown: u32,
    reserved: u32,
    slab_next: u32,
    slab_reserved: u32,
    /// Slab position before each record, to know which bytes a reader that is waited for still needs.
    slab_before: Box<[u32]>,
    sent: [f64; MEMBERS],
    /// Members whose `sent` has changed since it was last shown.
    counted: u64,
}

impl<W: Words> RingWriter<W> {
    /// Writes the header of an empty ring into zeroed memory.
    ///
    /// # Errors
    /// [`BusError::Foreign`] if the memory is too short.
    pub fn create(words: W, shape: Shape, slot: u32) -> Result<Self, BusError> {
        if 4 * words.len() < shape.bytes() {
            return Err(BusError::Foreign("the memory is too short for the ring"));
        }
        words.store(RING_WORD_HASH, LAYOUT_HASH, Relaxed);
        words.store(RING_WORD_CAPACITY, shape.capacity, Relaxed);
        words.store(RING_WORD_SLAB, shape.slab, Relaxed);
        words.store(RING_WORD_WRITER, slot, Relaxed);
        words.store(RING_WORD_MAGIC, RING_MAGIC, Release);
        Ok(Self::over(words, shape))
    }

    /// Becomes the writer of a ring that JavaScript has allocated and that nobody has written to yet.
    ///
    /// # Errors
    /// [`BusError::Foreign`] if the memory is no such ring.
    pub fn open(words: W) -> Result<Self, BusError> {
        let shape = Shape::read(&words)?;
        let used = [RING_WORD_TAIL, RING_WORD_RESERVED, RING_WORD_SLAB_RESERVED];
        if used.into_iter().any(|word| words.load(word, Acquire) != 0) {
            return Err(BusError::Foreign("the ring has a writer already"));
        }
        Ok(Self::over(words, shape))
    }

    fn over(words: W, shape: Shape) -> Self {
        Self {
            words,
            shape,
            next: 0,
            shown: 0,
            reserved: 0,
            slab_next: 0,
            slab_reserved: 0,
            slab_before: vec![0; shape.capacity as usize].into(),
            sent: [0.0; MEMBERS],
            counted: 0,
        }
    }

    /// Sizes of the ring.
    #[must_use]
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Writes a record for the members in `to`. Readers see it at the next [`show`](Self::show), which happens by
    /// itself after each 16 records.
    #[inline]
    pub fn push(&mut self, record: &Record, to: u64) {
        let before = self.slab_next;
        self.write(record, to, before);
    }

    /// Writes a payload and the record that stands for it.
    ///
    /// # Errors
    /// [`BusError::PayloadSize`] if it is longer than [`Shape::most_payload`].
    pub fn push_payload(&mut self, mut record: Record, bytes: &[u8], to: u64) -> Result<(), BusError> {
        let most = self.shape.most_payload();
        if bytes.len() > most {
            return Err(BusError::PayloadSize { bytes: bytes.len(), most });
        }
        let before = self.slab_next;
        let position = self.reserve_slab(bytes.len());
        for (long, chunk) in (self.shape.slab_long(position)..).zip(bytes.chunks(8)) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            self.words.write(long, u64::from_le_bytes(eight));
        }
        record.set_payload_span(position, bytes.len() as u32);
        self.write(&record, to, before);
        Ok(())
    }

    /// Shows readers everything written so far.
    pub fn show(&mut self) {
        if self.shown == self.next {
            return;
        }
        self.shown = self.next;
        self.words.store(RING_WORD_TAIL, self.next, Release);
        // The counts follow the tail and say when they are complete, so that a reader can tell its loss exactly.
        W::fence(Release);
        for slot in members(self.counted) {
            self.words.write(sent_long(slot), self.sent[slot].to_bits());
        }
        self.counted = 0;
        self.words.store(RING_WORD_COUNTED, self.next, Release);
    }

    /// Whether a record with so many payload bytes can be written without overwriting what a member in `readers` has
    /// not read yet.
    #[must_use]
    pub fn has_room(&self, payload_bytes: usize, readers: u64) -> bool {
        let records = (self.next == self.reserved).then(|| self.reserved.wrapping_add(self.shape.reserve_step()));
        let slab = if payload_bytes == 0 { None } else { self.slab_reservation(self.slab_span(payload_bytes).1) };
        // What is reserved already can be overwritten anyhow, which spares a look at the readers' lines of cache.
        if records.is_none() && slab.is_none() {
            return true;
        }
        members(readers).all(|slot| {
            // An acquire, since what the reader has read will be overwritten.
            let cursor = self.words.load(cursor_word(slot), Acquire);
            let oldest = if cursor == self.next { self.slab_next } else { self.slab_before[self.shape.index(cursor)] };
            records.is_none_or(|end| end.wrapping_sub(cursor) <= self.shape.capacity)
                && slab.is_none_or(|end| end.wrapping_sub(oldest) <= self.shape.slab_units())
        })
    }

    /// Asks the readers to ring this writer when they have moved on. Says whether it must wait for that: they may have
    /// made room just before they were asked.
    #[must_use]
    pub fn ask_for_room(&self, payload_bytes: usize, readers: u64) -> bool {
        self.words.store(RING_WORD_WANTED, 1, Relaxed);
        // With the fence in `RingReader::advance`: either we see its cursor, or it sees that we ask.
        W::fence(SeqCst);
        let waiting = !self.has_room(payload_bytes, readers);
        if !waiting {
            self.words.store(RING_WORD_WANTED, 0, Relaxed);
        }
        waiting
    }

    #[inline]
    fn write(&mut self, record: &Record, to: u64, slab_before: u32) {
        let position = self.next;
        if position == self.reserved {
            self.reserved = self.reserved.wrapping_add(self.shape.reserve_step());
            self.announce(RING_WORD_RESERVED, self.reserved);
        }
        self.words.write(self.shape.mask_long(position), to);
        for (long, &value) in (self.shape.record_long(position)..).zip(&record.0) {
            self.words.write(long, value);
        }
        self.slab_before[self.shape.index(position)] = slab_before;
        for slot in members(to) {
            self.sent[slot] += 1.0;
        }
        self.counted |= to;
        self.next = position.wrapping_add(1);
        if self.next.wrapping_sub(self.shown) >= self.shape.batch {
            self.show();
        }
    }

    /// Where a payload goes: payloads are contiguous, so it may skip to the slab's start.
    fn slab_span(&self, bytes: usize) -> (u32, u32) {
        let length = bytes.div_ceil(SLAB_UNIT_BYTES) as u32;
        let units = self.shape.slab_units();
        let left = units - (self.slab_next & (units - 1));
        let start = if length > left { self.slab_next.wrapping_add(left) } else { self.slab_next };
        (start, start.wrapping_add(length))
    }

    fn reserve_slab(&mut self, bytes: usize) -> u32 {
        let (start, end) = self.slab_span(bytes);
        if let Some(reserved) = self.slab_reservation(end) {
            self.slab_reserved = reserved;
            self.announce(RING_WORD_SLAB_RESERVED, reserved);
        }
        self.slab_next = end;
        start
    }

    /// What must be reserved before the slab is written up to `end`; a little more, so that one announcement serves
    /// many small payloads.
    fn slab_reservation(&self, end: u32) -> Option<u32> {
        let missing = end.wrapping_sub(self.slab_reserved).cast_signed() > 0;
        missing.then(|| end.wrapping_add(self.shape.slab_units() / 64))
    }

    /// The reservation becomes visible before anything written after it.
    fn announce(&self, word: usize, position: u32) {
        self.words.store(word, position, Release);
        W::fence(Release);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::memory::SharedMemory;
    use crate::ring_reader::RingReader;

    #[test]
    fn positions_wrap_without_a_trace() {
        let shape = Shape::new(64, 4_096).unwrap();
        let memory = SharedMemory::leaked(shape.bytes());
        let mut writer = RingWriter::create(memory, shape, 0).unwrap();
        // As if it had been at work for a long time.
        let position = u32::MAX - 63;
        (writer.next, writer.shown, writer.reserved) = (position, position, position);
        (writer.slab_next, writer.slab_reserved) = (u32::MAX - 127, u32::MAX - 127);
        memory.store(RING_WORD_TAIL, position, Release);
        let mut reader = RingReader::open(memory, 0).unwrap();
        let mut payload = Vec::new();
        for number in 0..1_000_u32 {
            let bytes = [number as u8; 100];
            assert!(writer.has_room(bytes.len(), 1));
            writer.push_payload(Record::payload(number), &bytes, 1).unwrap();
            if number % 10 == 9 {
                writer.show();
                for expected in number - 9..=number {
                    assert_eq!(reader.take(&mut payload).map(|record| record.topic()), Some(expected));
                    assert_eq!(payload, [expected as u8; 100]);
                }
                assert!(!reader.advance());
            }
        }
        assert!(writer.next < 1_000, "it wrapped");
        assert_eq!((reader.received(), reader.lost()), (1_000, 0));
    }
}
