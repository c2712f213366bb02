//! One writer's ring: 64-byte records, the members each is for, and a slab for longer payloads; one cursor a reader.
//!
//! The writer waits for nobody unless it asks [`RingWriter::has_room`](crate::ring_writer::RingWriter::has_room) first.
//! It stores how far it may overwrite (`reserved`) before it overwrites; a reader copies a record out, looks at
//! `reserved` again, and discards what was torn. The fences are those of a sequence lock (H.-J. Boehm, "Can seqlocks
//! get along with programming language memory models?", 2012). Positions are 32-bit, wrap, and are compared by their
//! difference.
//!
//! What was lost is counted without looking at what is gone: the writer counts the records addressed to each member,
//! the reader those that it got. `ts/workers/ring*.ts` are the same over the same bytes. Checked by `tests/loom.rs`;
//! cost by `cargo bench --bench ring`.

use std::sync::atomic::Ordering::Relaxed;

use crate::error::BusError;
use crate::layout::{
    LAYOUT_HASH, PAYLOAD_SPAN, RING_BATCH, RING_CAPACITY_MAX, RING_CAPACITY_MIN, RING_CONTROL_WORDS, RING_CURSOR_WORDS,
    RING_MAGIC, RING_MASK_WORDS, RING_RESERVE_SHARE, RING_SLAB_MAX, RING_SLAB_MIN, RING_WORD_CAPACITY,
    RING_WORD_CURSORS, RING_WORD_HASH, RING_WORD_MAGIC, RING_WORD_SENT, RING_WORD_SLAB, SLAB_UNIT_BYTES,
};
use crate::memory::Words;
use crate::record::RECORD_LONGS;

/// Sizes of a ring, and from them where its parts lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Records, a power of two.
    pub(crate) capacity: u32,
    /// Bytes of the payload slab, a power of two.
    pub(crate) slab: u32,
    /// Most records held back before they are shown. Less than [`RING_BATCH`] only in models.
    pub(crate) batch: u32,
}

impl Shape {
    /// A ring of so many records and bytes of slab.
    ///
    /// # Errors
    /// [`BusError::RingSize`] unless both are powers of two within the layout's bounds.
    pub fn new(records: usize, slab: usize) -> Result<Self, BusError> {
        let fits = |size: usize, least, most| size.is_power_of_two() && (least..=most).contains(&size);
        let valid = fits(records, RING_CAPACITY_MIN, RING_CAPACITY_MAX) && fits(slab, RING_SLAB_MIN, RING_SLAB_MAX);
        match (u32::try_from(records), u32::try_from(slab)) {
            (Ok(capacity), Ok(slab)) if valid => Ok(Self { capacity, slab, batch: RING_BATCH as u32 }),
            _ => Err(BusError::RingSize { records, slab }),
        }
    }

    /// A ring small enough for a model checker, which also reserves and shows each record by itself.
    #[cfg(loom)]
    #[must_use]
    pub const fn small(capacity: u32, slab: u32) -> Self {
        Self { capacity, slab, batch: 1 }
    }

    /// Bytes of the whole ring.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        8 * self.slab_long(0) + self.slab as usize
    }

    /// Most bytes of one payload: a quarter of the slab, so that several can be under way, and less in a very long ring.
    #[must_use]
    pub const fn most_payload(&self) -> usize {
        let span = PAYLOAD_SPAN / self.capacity as usize;
        let quarter = self.slab as usize / 4;
        if quarter < span { quarter } else { span }
    }

    /// Records reserved at a time.
    pub(crate) const fn reserve_step(&self) -> u32 {
        let share = self.capacity / RING_RESERVE_SHARE as u32;
        if share > self.batch { share } else { self.batch }
    }

    /// Units of the payload slab, which slab positions count.
    pub(crate) const fn slab_units(&self) -> u32 {
        self.slab / SLAB_UNIT_BYTES as u32
    }

    pub(crate) fn read(words: &impl Words) -> Result<Self, BusError> {
        if words.len() < RING_CONTROL_WORDS || words.load(RING_WORD_MAGIC, Relaxed) != RING_MAGIC {
            return Err(BusError::Foreign("the memory is not a ring"));
        }
        if words.load(RING_WORD_HASH, Relaxed) != LAYOUT_HASH {
            return Err(BusError::Foreign("the ring has another layout"));
        }
        let size = |word| words.load(word, Relaxed) as usize;
        let shape = Self::new(size(RING_WORD_CAPACITY), size(RING_WORD_SLAB))
            .map_err(|_| BusError::Foreign("the ring says sizes that no ring has"))?;
        if shape.bytes() > 4 * words.len() {
            return Err(BusError::Foreign("the memory is shorter than the ring in it"));
        }
        Ok(shape)
    }

    pub(crate) const fn index(&self, position: u32) -> usize {
        (position & (self.capacity - 1)) as usize
    }

    pub(crate) const fn mask_long(&self, position: u32) -> usize {
        (RING_CONTROL_WORDS + RING_MASK_WORDS * self.index(position)) / 2
    }

    pub(crate) const fn record_long(&self, position: u32) -> usize {
        (RING_CONTROL_WORDS + RING_MASK_WORDS * self.capacity as usize) / 2 + RECORD_LONGS * self.index(position)
    }

    pub(crate) const fn slab_long(&self, position: u32) -> usize {
        let records = (RING_CONTROL_WORDS + RING_MASK_WORDS * self.capacity as usize) / 2;
        records + RECORD_LONGS * self.capacity as usize + (position & (self.slab_units() - 1)) as usize
    }
}

pub(crate) const fn cursor_word(slot: usize) -> usize {
    RING_WORD_CURSORS + RING_CURSOR_WORDS * slot
}

pub(crate) const fn sent_long(slot: usize) -> usize {
    RING_WORD_SENT / 2 + slot
}

/// The slots of a destination mask.
pub(crate) fn members(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let slot = mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
        (slot < u64::BITS).then_some(slot as usize)
    })
}
