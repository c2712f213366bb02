//! Which field's name came behind which in the frames before: venues write their fields in one order.
//!
//! A name that is as expected is recognised by one comparison, without looking for its end. The expected bytes are those
//! that the scanner has read as a name, so that what it reads does not depend on what was expected.

use crate::scanner::word_at;

/// Bytes that are compared: of longer names nothing is expected.
const BYTES: usize = 16;
/// Quotes around the name, and the colon behind.
pub(crate) const MARKS: usize = 3;
const PLACES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 9;

/// 2^64 by the golden ratio (D. E. Knuth, "The Art of Computer Programming", 6.4).
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The names that are expected, each in a place that the two before it decide: `type` has more than one follower.
#[derive(Debug)]
pub struct Followers {
    names: Box<[Name]>,
}

#[derive(Clone, Copy, Debug)]
struct Name {
    /// With its marks.
    text: u128,
    mask: u128,
    length: usize,
    /// Where the name is that follows.
    place: usize,
}

impl Name {
    /// No bytes are equal to this.
    const NONE: Self = Self { text: 1, mask: 0, length: 0, place: 0 };
}

impl Default for Followers {
    fn default() -> Self {
        Self { names: vec![Name::NONE; PLACES].into() }
    }
}

impl Followers {
    /// The length of the expected name, if it stands at a place of a frame with its marks; and where the next one is.
    #[inline]
    pub(crate) fn find(&self, place: usize, bytes: &[u8], at: usize) -> Option<(usize, usize)> {
        let name = &self.names[place];
        let word = u128::from_le_bytes(word_at::<BYTES>(bytes, at)?);
        (word & name.mask == name.text).then_some((name.length, name.place))
    }

    /// Expects a name that was read, without anything but plain characters in it. Returns where the next one is.
    pub(crate) fn learn(&mut self, place: usize, bytes: &[u8], at: usize, length: usize) -> usize {
        let sum = bytes[at..at + length + 2].iter().fold(0_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(MIX));
        let next = (place << (PLACE_BITS / 2) ^ (sum >> (64 - PLACE_BITS)) as usize) % PLACES;
        if let Some(word) = word_at::<BYTES>(bytes, at)
            && length + MARKS <= BYTES
            && bytes[at + length + 2] == b':'
        {
            let mask = u128::MAX >> (8 * (BYTES - length - MARKS));
            let text = u128::from_le_bytes(word) & mask;
            self.names[place] = Name { text, mask, length, place: next };
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_expected_where_it_was_and_nowhere_else() {
        let mut followers = Followers::default();
        let (frame, other) = (br#""price":"61800.20","size":1}"#, br#""prize":"61800.20","size":1}"#);
        assert_eq!(followers.find(0, frame, 0), None);
        let next = followers.learn(0, frame, 0, 5);
        assert_eq!(followers.find(0, frame, 0), Some((5, next)));
        assert_eq!(followers.find(0, other, 0), None);
        assert_eq!(followers.find(0, &frame[..15], 0), None);
        assert_eq!(followers.find(next, frame, 0), None);
    }
}
