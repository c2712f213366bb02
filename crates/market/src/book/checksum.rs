//! Checksums that venues send with their updates: CRC-32 over the text of the best levels.

mod kraken;
mod okx;

use super::levels::Levels;

/// How the text is made. Records hold doubles, so that each says how it gets the venue's digits back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// Ten levels a side, asks first, digits without point and leading zeros. The instrument's decimal places say how
    /// many digits there are.
    Kraken {
        /// Decimal places of prices, 0 to 18.
        price_places: u8,
        /// Decimal places of sizes, 0 to 18.
        size_places: u8,
    },
    /// Twenty-five levels a side, bid and ask in turn, joined by colons. The venue writes no more digits than it needs,
    /// which are the shortest ones that give the double.
    Okx,
}

impl Checksum {
    /// The checksum of a book; `text` is room to write in.
    pub(super) fn of(self, bids: &Levels, asks: &Levels, text: &mut String) -> u32 {
        text.clear();
        match self {
            Self::Kraken { price_places, size_places } => kraken::write(bids, asks, price_places, size_places, text),
            Self::Okx => okx::write(bids, asks, text),
        }
        crc32fast::hash(text.as_bytes())
    }
}
