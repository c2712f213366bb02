//! Venues' ids of trades, as `ts/bus/trade.ts` keeps them in a record: numbers, UUIDs, and short text.

use tickbus_bus::layout::{TRADE_FLAG_ID_NUMBER, TRADE_FLAG_ID_UUID};

/// Longest text.
const TEXT_BYTES: usize = 24;
/// Digits of a number that a double gives back, whatever they are.
const NUMBER_DIGITS: usize = 15;
const UUID_LENGTH: usize = 36;
/// Where a UUID has its dashes.
const DASHES: [usize; 4] = [8, 13, 18, 23];
/// Behind the flags in the kind word.
const LENGTH_SHIFT: u32 = 8;

/// The id of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeId {
    /// A whole number below 2^53.
    Number(u64),
    /// The bytes of a UUID.
    Uuid([u8; 16]),
    /// ASCII text, and its length.
    Text([u8; TEXT_BYTES], usize),
}

impl TradeId {
    /// Where the venue gives no id.
    pub const NONE: Self = Self::Text([0; TEXT_BYTES], 0);

    /// The id that a text is. Nothing if it is empty, is no UUID in lower case and longer than 24 characters, or has
    /// anything but letters, digits and marks of ASCII in it.
    #[inline]
    #[must_use]
    pub fn of(text: &[u8]) -> Option<Self> {
        if text.len() == UUID_LENGTH {
            return uuid(text).map(Self::Uuid);
        }
        if is_number(text) {
            return Some(Self::Number(text.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))));
        }
        let mut bytes = [0; TEXT_BYTES];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        let is_plain = |byte: &u8| matches!(byte, b'!'..=b'~') && !matches!(byte, b'"' | b'\\');
        (!text.is_empty() && text.iter().all(is_plain)).then_some(Self::Text(bytes, text.len()))
    }

    /// What a trade's flags say about it, with the length behind them.
    #[inline]
    #[must_use]
    pub(crate) const fn flags(&self) -> u32 {
        match self {
            Self::Number(_) => TRADE_FLAG_ID_NUMBER,
            Self::Uuid(_) => TRADE_FLAG_ID_UUID,
            Self::Text(_, length) => (*length as u32) << LENGTH_SHIFT,
        }
    }

    /// The bytes as they lie in a record.
    #[inline]
    #[must_use]
    pub(crate) fn longs(&self) -> [u64; 3] {
        match self {
            Self::Number(number) => [(*number as f64).to_bits(), 0, 0],
            Self::Uuid(bytes) => [long(bytes, 0), long(bytes, 8), 0],
            Self::Text(bytes, _) => [long(bytes, 0), long(bytes, 8), long(bytes, 16)],
        }
    }
}

fn long(bytes: &[u8], first: usize) -> u64 {
    bytes[first..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight))
}

/// Whole numbers without a leading zero come back from a double as the same text.
fn is_number(text: &[u8]) -> bool {
    (1..=NUMBER_DIGITS).contains(&text.len())
        && text.iter().all(u8::is_ascii_digit)
        && (text.len() == 1 || text[0] != b'0')
}

/// The bytes of a UUID in the one form that comes back as it was.
fn uuid(text: &[u8]) -> Option<[u8; 16]> {
    if DASHES.iter().any(|dash| text[*dash] != b'-') {
        return None;
    }
    let mut bytes = [0; 16];
    let mut at = 0;
    for byte in &mut bytes {
        at += usize::from(DASHES.contains(&at));
        let (high, low) = (NIBBLES[usize::from(text[at])], NIBBLES[usize::from(text[at + 1])]);
        if high | low > 0xf {
            return None;
        }
        *byte = high << 4 | low;
        at += 2;
    }
    Some(bytes)
}

/// The values of hexadecimal digits in lower case; more than 15 for everything else.
const NIBBLES: [u8; 256] = {
    let mut table = [0x80; 256];
    let mut value = 0;
    while value < 16 {
        table[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    table
};
