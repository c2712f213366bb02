//! Market data as the JavaScript codecs write it (`ts/bus/quote.ts`, `trade.ts`, `bar.ts`, `depth.ts`), with the offsets
//! of `layout.json`.
//!
//! Times are nanoseconds since the bus epoch. Each `read` answers `None` for a record of another kind; `tests/messages.txt`
//! holds the two languages together.

use std::fmt::Write as _;

use crate::layout::{
    BAR_DOUBLE_CLOSE, BAR_DOUBLE_HIGH, BAR_DOUBLE_LOW, BAR_DOUBLE_OPEN, BAR_DOUBLE_VOLUME, DEPTH_BYTES,
    DEPTH_DOUBLE_ASKS, DEPTH_DOUBLE_BIDS, DEPTH_DOUBLE_EVENT, DEPTH_DOUBLE_INIT, DEPTH_DOUBLE_SEQUENCE,
    DEPTH_LEVEL_DOUBLES, DEPTH_LEVELS, DEPTH_WORD_ASKS, DEPTH_WORD_BIDS, KIND_BAR, KIND_DEPTH, KIND_QUOTE, KIND_TRADE,
    QUOTE_DOUBLE_ASK_PRICE, QUOTE_DOUBLE_ASK_SIZE, QUOTE_DOUBLE_BID_PRICE, QUOTE_DOUBLE_BID_SIZE,
    QUOTE_DOUBLE_SEQUENCE, TRADE_DOUBLE_ID, TRADE_DOUBLE_PRICE, TRADE_DOUBLE_SIZE, TRADE_FLAG_ID_NUMBER,
    TRADE_FLAG_ID_UUID, TRADE_FLAGS_AGGRESSOR,
};
use crate::record::{RECORD_LONGS, Record};

/// Best bid and offer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quote {
    /// When it happened at the venue.
    pub event: f64,
    /// When the message was made here.
    pub init: f64,
    /// Best bid price.
    pub bid_price: f64,
    /// Best ask price.
    pub ask_price: f64,
    /// Size at the best bid.
    pub bid_size: f64,
    /// Size at the best ask.
    pub ask_size: f64,
    /// The venue's update number, 0 if it has none.
    pub sequence: f64,
}

impl Quote {
    /// Reads the record, if it is one.
    #[must_use]
    pub fn read(record: &Record) -> Option<Self> {
        (record.kind() == KIND_QUOTE).then(|| Self {
            event: record.event(),
            init: record.init(),
            bid_price: record.double(QUOTE_DOUBLE_BID_PRICE),
            ask_price: record.double(QUOTE_DOUBLE_ASK_PRICE),
            bid_size: record.double(QUOTE_DOUBLE_BID_SIZE),
            ask_size: record.double(QUOTE_DOUBLE_ASK_SIZE),
            sequence: record.double(QUOTE_DOUBLE_SEQUENCE),
        })
    }
}

/// Who took liquidity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggressorSide {
    /// The venue does not say.
    NoAggressor,
    /// The buyer did.
    Buyer,
    /// The seller did.
    Seller,
}

/// One trade.
#[derive(Clone, Debug, PartialEq)]
pub struct Trade {
    /// When it happened at the venue.
    pub event: f64,
    /// When the message was made here.
    pub init: f64,
    /// Price.
    pub price: f64,
    /// Size.
    pub size: f64,
    /// Who took liquidity.
    pub aggressor: AggressorSide,
    /// The venue's id.
    pub id: String,
}

impl Trade {
    /// Reads the record, if it is one.
    #[must_use]
    pub fn read(record: &Record) -> Option<Self> {
        (record.kind() == KIND_TRADE).then(|| Self {
            event: record.event(),
            init: record.init(),
            price: record.double(TRADE_DOUBLE_PRICE),
            size: record.double(TRADE_DOUBLE_SIZE),
            aggressor: match record.flags() & TRADE_FLAGS_AGGRESSOR {
                1 => AggressorSide::Buyer,
                2 => AggressorSide::Seller,
                _ => AggressorSide::NoAggressor,
            },
            id: trade_id(record),
        })
    }
}

/// The id is a whole number in a double, the bytes of a UUID, or Latin-1 text whose length is in the upper half of the
/// kind word.
fn trade_id(record: &Record) -> String {
    if record.flags() & TRADE_FLAG_ID_NUMBER != 0 {
        return format!("{}", record.double(TRADE_DOUBLE_ID));
    }
    let bytes = record.0[TRADE_DOUBLE_ID..RECORD_LONGS].iter().flat_map(|long| long.to_le_bytes());
    if record.flags() & TRADE_FLAG_ID_UUID != 0 {
        return uuid(bytes);
    }
    let length = (record.flags() >> 8) as usize;
    bytes.take(length).map(char::from).collect()
}

/// 8, 4, 4, 4 and 12 hexadecimal digits in lower case.
fn uuid(bytes: impl Iterator<Item = u8>) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.take(16).enumerate() {
        let dash = if matches!(place, 4 | 6 | 8 | 10) { "-" } else { "" };
        write!(text, "{dash}{byte:02x}").expect("a String takes everything");
    }
    text
}

/// First, highest, lowest and last price over a span, and the size traded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// When it happened at the venue.
    pub event: f64,
    /// When the message was made here.
    pub init: f64,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Size traded.
    pub volume: f64,
}

impl Bar {
    /// Reads the record, if it is one.
    #[must_use]
    pub fn read(record: &Record) -> Option<Self> {
        (record.kind() == KIND_BAR).then(|| Self {
            event: record.event(),
            init: record.init(),
            open: record.double(BAR_DOUBLE_OPEN),
            high: record.double(BAR_DOUBLE_HIGH),
            low: record.double(BAR_DOUBLE_LOW),
            close: record.double(BAR_DOUBLE_CLOSE),
            volume: record.double(BAR_DOUBLE_VOLUME),
        })
    }
}

/// One price of an order book.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// Price.
    pub price: f64,
    /// Size at this price.
    pub size: f64,
    /// Orders at this price, 0 if the venue does not say.
    pub count: f64,
}

/// The best levels of an order book.
#[derive(Clone, Debug, PartialEq)]
pub struct Depth {
    /// When it happened at the venue.
    pub event: f64,
    /// When the message was made here.
    pub init: f64,
    /// The venue's update number, 0 if it has none.
    pub sequence: f64,
    bids: Side,
    asks: Side,
}

type Side = ([Level; DEPTH_LEVELS], usize);

impl Depth {
    /// Reads the record and its payload, if they are one: also `None` if the payload has another length, or says that it
    /// has more levels than fit.
    #[must_use]
    pub fn read(record: &Record, payload: &[u8]) -> Option<Self> {
        if record.kind() != KIND_DEPTH || payload.len() != DEPTH_BYTES {
            return None;
        }
        Some(Self {
            event: double(payload, DEPTH_DOUBLE_EVENT),
            init: double(payload, DEPTH_DOUBLE_INIT),
            sequence: double(payload, DEPTH_DOUBLE_SEQUENCE),
            bids: side(payload, DEPTH_DOUBLE_BIDS, DEPTH_WORD_BIDS)?,
            asks: side(payload, DEPTH_DOUBLE_ASKS, DEPTH_WORD_ASKS)?,
        })
    }

    /// Up to ten bids, best first.
    #[must_use]
    pub fn bids(&self) -> &[Level] {
        &self.bids.0[..self.bids.1]
    }

    /// Up to ten asks, best first.
    #[must_use]
    pub fn asks(&self) -> &[Level] {
        &self.asks.0[..self.asks.1]
    }
}

fn side(payload: &[u8], first: usize, word: usize) -> Option<Side> {
    let length = u32::from_le_bytes(payload[4 * word..4 * word + 4].try_into().ok()?) as usize;
    let level = |i: usize| {
        let at = first + i * DEPTH_LEVEL_DOUBLES;
        Level { price: double(payload, at), size: double(payload, at + 1), count: double(payload, at + 2) }
    };
    let levels = std::array::from_fn(|i| if i < length { level(i) } else { Level::default() });
    (length <= DEPTH_LEVELS).then_some((levels, length))
}

fn double(payload: &[u8], index: usize) -> f64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&payload[8 * index..8 * index + 8]);
    f64::from_le_bytes(bytes)
}
