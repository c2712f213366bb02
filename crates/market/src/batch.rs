//! Records in memory that the caller gives.

use tickbus_bus::layout::{
    BOOK_LEVEL_DOUBLE_CHECKSUM, BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE, BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
    BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE, BOOK_LEVEL_DOUBLE_PRICE, BOOK_LEVEL_DOUBLE_SIZE, BOOK_LEVEL_FLAG_ASK,
    BOOK_LEVEL_FLAG_CHECKSUM, BOOK_LEVEL_FLAG_FIRST, BOOK_LEVEL_FLAG_LAST, BOOK_LEVEL_FLAG_NONE,
    BOOK_LEVEL_FLAG_PREVIOUS, BOOK_LEVEL_FLAG_SNAPSHOT, KIND_BOOK_LEVEL, KIND_QUOTE, KIND_TRADE,
    QUOTE_DOUBLE_ASK_PRICE, QUOTE_DOUBLE_ASK_SIZE, QUOTE_DOUBLE_BID_PRICE, QUOTE_DOUBLE_BID_SIZE,
    QUOTE_DOUBLE_SEQUENCE, RECORD_DOUBLE_EVENT, RECORD_DOUBLE_INIT, TRADE_DOUBLE_ID, TRADE_DOUBLE_PRICE,
    TRADE_DOUBLE_SIZE,
};
use tickbus_bus::record::RECORD_LONGS;

use crate::trade_id::TradeId;

/// A record as `layout.json` has it.
pub type Longs = [u64; RECORD_LONGS];

/// The output has no room left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// What all records say.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The instrument's number.
    pub instrument: u32,
    /// When it happened at the venue, nanoseconds since the epoch.
    pub event_ns: f64,
    /// When it was received, nanoseconds since the epoch.
    pub init_ns: f64,
}

/// Best bid and offer.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "layout.json says what each is")]
pub struct Quote {
    pub bid: f64,
    pub ask: f64,
    pub bid_size: f64,
    pub ask_size: f64,
    pub sequence: u64,
}

/// A trade.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "layout.json says what each is")]
pub struct Trade {
    pub price: f64,
    pub size: f64,
    pub aggressor: Aggressor,
    pub id: TradeId,
}

/// Who took liquidity, as the trade's flags say it.
#[derive(Clone, Copy, Debug)]
pub enum Aggressor {
    /// The buyer.
    Buyer = 1,
    /// The seller.
    Seller = 2,
}

/// The side of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who would buy.
    Bid,
    /// Who would sell.
    Ask,
}

/// What the levels of one order book update have in common.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "layout.json says what each is")]
pub struct Update {
    pub is_snapshot: bool,
    pub first_sequence: u64,
    pub last_sequence: u64,
    pub previous_sequence: Option<u64>,
}

/// The output and how much of it is written.
#[derive(Debug)]
pub struct Batch<'out> {
    records: &'out mut [Longs],
    len: usize,
}

impl<'out> Batch<'out> {
    /// An empty batch.
    pub const fn new(records: &'out mut [Longs]) -> Self {
        Self { records, len: 0 }
    }

    /// How many records are written.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes back what was written behind the first `len` records.
    pub const fn truncate(&mut self, len: usize) {
        self.len = len;
    }

    /// Writes a quote.
    #[inline]
    pub fn quote(&mut self, head: &Head, quote: &Quote) -> Result<(), Full> {
        let record = self.next()?;
        write_head(record, KIND_QUOTE, head);
        record[QUOTE_DOUBLE_BID_PRICE] = quote.bid.to_bits();
        record[QUOTE_DOUBLE_ASK_PRICE] = quote.ask.to_bits();
        record[QUOTE_DOUBLE_BID_SIZE] = quote.bid_size.to_bits();
        record[QUOTE_DOUBLE_ASK_SIZE] = quote.ask_size.to_bits();
        record[QUOTE_DOUBLE_SEQUENCE] = (quote.sequence as f64).to_bits();
        Ok(())
    }

    /// Writes a trade.
    #[inline]
    pub fn trade(&mut self, head: &Head, trade: &Trade) -> Result<(), Full> {
        let record = self.next()?;
        write_head(record, KIND_TRADE | (trade.aggressor as u32 | trade.id.flags()) << FLAGS_SHIFT, head);
        record[TRADE_DOUBLE_PRICE] = trade.price.to_bits();
        record[TRADE_DOUBLE_SIZE] = trade.size.to_bits();
        record[TRADE_DOUBLE_ID..].copy_from_slice(&trade.id.longs());
        Ok(())
    }

    /// Writes a level of an update whose head is not known yet: `finish_update` completes it.
    #[inline]
    pub fn level(&mut self, of: Side, price: f64, size: f64) -> Result<(), Full> {
        let record = self.next()?;
        record[0] = if of == Side::Ask { u64::from(BOOK_LEVEL_FLAG_ASK) } else { 0 };
        record[BOOK_LEVEL_DOUBLE_PRICE] = price.to_bits();
        record[BOOK_LEVEL_DOUBLE_SIZE] = size.to_bits();
        Ok(())
    }

    /// Completes the levels that were written since there were `start` records. An update without a level gets one
    /// record that says so.
    pub fn finish_update(&mut self, start: usize, head: &Head, update: &Update) -> Result<(), Full> {
        if self.len == start {
            self.level(Side::Bid, 0.0, 0.0)?;
            self.records[start][0] = u64::from(BOOK_LEVEL_FLAG_NONE);
        }
        let snapshot = if update.is_snapshot { BOOK_LEVEL_FLAG_SNAPSHOT } else { 0 };
        let previous = if update.previous_sequence.is_some() { BOOK_LEVEL_FLAG_PREVIOUS } else { 0 };
        let levels = &mut self.records[start..self.len];
        for record in levels.iter_mut() {
            let flags = record[0] as u32 | snapshot | previous;
            write_head(record, KIND_BOOK_LEVEL | flags << FLAGS_SHIFT, head);
            record[BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE] = (update.first_sequence as f64).to_bits();
            record[BOOK_LEVEL_DOUBLE_LAST_SEQUENCE] = (update.last_sequence as f64).to_bits();
            record[BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE] = (update.previous_sequence.unwrap_or(0) as f64).to_bits();
        }
        if let Some(first) = levels.first_mut() {
            first[0] |= u64::from(BOOK_LEVEL_FLAG_FIRST << FLAGS_SHIFT);
        }
        if let Some(last) = levels.last_mut() {
            last[0] |= u64::from(BOOK_LEVEL_FLAG_LAST << FLAGS_SHIFT);
        }
        Ok(())
    }

    /// Adds the venue's checksum to the update that begins at `start` and is complete. It stands where the first sequence
    /// would: venues with checksums give one number for both ends, or none.
    pub fn add_checksum(&mut self, start: usize, checksum: u32) {
        for record in &mut self.records[start..self.len] {
            record[0] |= u64::from(BOOK_LEVEL_FLAG_CHECKSUM << FLAGS_SHIFT);
            record[BOOK_LEVEL_DOUBLE_CHECKSUM] = f64::from(checksum).to_bits();
        }
    }

    #[inline]
    fn next(&mut self) -> Result<&mut Longs, Full> {
        let record = self.records.get_mut(self.len).ok_or(Full)?;
        self.len += 1;
        Ok(record)
    }
}

const FLAGS_SHIFT: u32 = 8;
const TOPIC_SHIFT: u32 = 32;

/// The first long is the kind word below and the topic word above: little-endian, as everything in shared memory.
#[inline]
fn write_head(record: &mut Longs, kind: u32, head: &Head) {
    record[0] = u64::from(kind) | u64::from(head.instrument) << TOPIC_SHIFT;
    record[RECORD_DOUBLE_EVENT] = head.event_ns.to_bits();
    record[RECORD_DOUBLE_INIT] = head.init_ns.to_bits();
}
