//! Decimal text to the nearest double.
//!
//! Up to 19 digits are gathered in an integer. If that is at most 2^53, it and the power of ten are both exact doubles,
//! and one division rounds once (W. D. Clinger, "How to read floating point numbers accurately", 1990). Longer text
//! takes the standard library's parser, which is right for any length.

/// A price or a size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Decimal {
    /// The double nearest to the text; infinite if the text is out of range.
    pub value: f64,
    /// Whether `toFixed` gives the text back: it has at most 15 significant digits.
    pub is_precise: bool,
    /// Whether the text has a digit that is not 0.
    pub is_nonzero: bool,
}

/// Reads the number that begins at `start`: `-`, digits, a point with digits, an exponent, all but the digits at will.
/// Returns it and where it ends; nothing if there is none. Leading zeros are allowed.
#[inline]
#[must_use]
pub fn read(bytes: &[u8], start: usize) -> Option<(Decimal, usize)> {
    let is_negative = bytes.get(start) == Some(&b'-');
    let first = start + usize::from(is_negative);
    let mut mantissa = 0_u64;
    let mut at = few_digits(bytes, first, &mut mantissa);
    let mut count = at - first;
    if count == 0 {
        return None;
    }
    let mut scale = 0;
    if bytes.get(at) == Some(&b'.') {
        let end = few_digits(bytes, at + 1, &mut mantissa);
        scale = end - at - 1;
        if scale == 0 {
            return None;
        }
        count += scale;
        at = end;
    }
    let has_exponent = bytes.get(at).is_some_and(|byte| byte | 0x20 == b'e');
    if has_exponent || count > MANTISSA_DIGITS || mantissa > MANTISSA_MOST || scale >= POWERS.len() {
        return read_long(bytes, start, first, at);
    }
    let value = mantissa as f64 / POWERS[scale];
    let is_precise = mantissa < PRECISE_BELOW || significant_digits(&bytes[first..at]) <= PRECISE_DIGITS;
    Some((Decimal { value: if is_negative { -value } else { value }, is_precise, is_nonzero: mantissa != 0 }, at))
}

const PRECISE_DIGITS: usize = 15;
const PRECISE_BELOW: u64 = 1_000_000_000_000_000;
/// Digits that a u64 holds, whatever they are.
const MANTISSA_DIGITS: usize = 19;
const MANTISSA_MOST: u64 = 1 << 53;
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Takes digits into the mantissa, which wraps; returns where they end. Eight bytes at a time, as long as there are so
/// many: W. Muła, "SIMD-ized faster parse of IPv4 addresses" has the idea, three multiplications do it in one register.
#[inline]
pub(crate) fn digits(bytes: &[u8], start: usize, mantissa: &mut u64) -> usize {
    let mut at = start;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        // Digits become 0 to 9, everything else more.
        let word = u64::from_le_bytes(*eight) ^ ZEROS;
        let others = (((word & !HIGH_BITS) + ABOVE_NINE) | word) & HIGH_BITS;
        let count = (others.trailing_zeros() / 8) as usize;
        if count == 0 {
            return at;
        }
        let shift = 64 - 8 * count as u32;
        *mantissa = mantissa.wrapping_mul(WHOLE_POWERS[count]).wrapping_add(eight_digits(word << shift));
        at += count;
        if count < 8 {
            return at;
        }
    }
    few_digits(bytes, at, mantissa)
}

/// The same one by one, which is faster for as many as prices and sizes have.
#[inline]
fn few_digits(bytes: &[u8], start: usize, mantissa: &mut u64) -> usize {
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    at
}

const ZEROS: u64 = 0x3030_3030_3030_3030;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const ABOVE_NINE: u64 = 0x7676_7676_7676_7676;
const WHOLE_POWERS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// The number that eight digits make, the first one in the lowest byte: pairs, fours, and all of them.
#[inline]
const fn eight_digits(digits: u64) -> u64 {
    let pairs = digits.wrapping_mul(10 * 256 + 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 * 65_536 + 1) >> 16 & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(10_000 * 4_294_967_296 + 1) >> 32
}

/// The number whose digits lie in `first..end`, where an exponent may follow.
#[cold]
fn read_long(bytes: &[u8], start: usize, first: usize, end: usize) -> Option<(Decimal, usize)> {
    let text = &bytes[first..end];
    let mut at = end;
    if bytes.get(at).is_some_and(|byte| byte | 0x20 == b'e') {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = at + 1 + sign;
        at = digits(bytes, exponent, &mut 0);
        if at == exponent {
            return None;
        }
    }
    let value = std::str::from_utf8(&bytes[start..at]).ok()?.parse().ok()?;
    let is_nonzero = text.iter().any(|byte| matches!(byte, b'1'..=b'9'));
    Some((Decimal { value, is_precise: significant_digits(text) <= PRECISE_DIGITS, is_nonzero }, at))
}

/// From the first digit that is not 0 to the last of the whole part, or to the last behind the point that is not 0.
fn significant_digits(text: &[u8]) -> usize {
    let point = text.iter().position(|byte| *byte == b'.').unwrap_or(text.len());
    let is_nonzero = |byte: &u8| matches!(byte, b'1'..=b'9');
    let Some(first) = text.iter().position(is_nonzero) else { return 0 };
    let last = text.iter().rposition(is_nonzero).unwrap_or(first);
    if last > point { last - first + usize::from(first > point) } else { point - first }
}
