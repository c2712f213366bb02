//! Recorded lines: a receive time of 19 digits, a space, the frame.

/// Digits of a receive time.
const TIME_DIGITS: usize = 19;

/// Splits a line. Nothing if it has no receive time's length and a space behind it.
#[inline]
#[must_use]
pub fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    (line.get(TIME_DIGITS) == Some(&b' ')).then(|| (&line[..TIME_DIGITS], &line[TIME_DIGITS + 1..]))
}
