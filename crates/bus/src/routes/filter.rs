//! A quick answer to whether a number may be in a table: "no" is certain (B. Bloom's filter, 1970, with one bit a number).
//!
//! A search asks for each byte of a topic and mostly in vain; this answers in a nanosecond, from a small part of the cache.

/// Bits for each number: one "maybe" in so many is wrong, at worst.
const BITS: usize = 16;
const LEAST_BITS: usize = 1_024;

#[derive(Debug)]
pub(super) struct Filter {
    /// A power of two of bits.
    words: Vec<u64>,
    /// Numbers that can be added before it answers "maybe" too often.
    room: usize,
}

impl Filter {
    /// A filter that has room for as many again.
    pub(super) fn new(numbers: impl ExactSizeIterator<Item = u64>) -> Self {
        let bits = (2 * numbers.len() * BITS).next_power_of_two().max(LEAST_BITS);
        let mut filter = Self { words: vec![0; bits / 64], room: bits / BITS };
        numbers.for_each(|number| filter.add(number));
        filter
    }

    pub(super) fn add(&mut self, number: u64) {
        let bit = self.bit(number);
        self.words[bit / 64] |= 1 << (bit % 64);
        self.room = self.room.saturating_sub(1);
    }

    /// Whether there is no room any more. What was removed from the table still takes some.
    pub(super) fn is_full(&self) -> bool {
        self.room == 0
    }

    #[inline]
    pub(super) fn may_hold(&self, number: u64) -> bool {
        let bit = self.bit(number);
        self.words[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The upper bits of a product depend on all of the number.
    #[inline]
    fn bit(&self, number: u64) -> usize {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.words.len() * 64 - 1)
    }
}
