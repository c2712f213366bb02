//! Quotes: the best level of both sides, and the one that a ticker has. A side without a level has a price and a size of 0.

use crate::batch::Quote;
use crate::decimal::Decimal;
use crate::decoder::Sink;
use crate::levels::{Level, NO_LEVEL, top};
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;

/// Writes a quote of `bbo-tbt`.
pub(super) fn write_top(frame: &mut Scanner<'_>, symbol: &[u8], sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let (mut bids, mut asks): (Slot<Result<Option<Level>, Reason>>, Slot<_>) = (Slot::Absent, Slot::Absent);
    let (mut unix_ms, mut sequence) = (Slot::Absent, Slot::Absent);
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"bids" => top(frame, &mut bids, "bids", sink)?,
            b"asks" => top(frame, &mut asks, "asks", sink)?,
            b"ts" => frame.whole(&mut unix_ms, "ts")?,
            b"seqId" => frame.whole(&mut sequence, "seqId")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let (bid, bid_size) = bids.required("bids")??.unwrap_or(NO_LEVEL);
    let (ask, ask_size) = asks.required("asks")??.unwrap_or(NO_LEVEL);
    let sequence = sequence.optional("seqId")?.unwrap_or(0);
    let head = sink.head(symbol, Some(unix_ms.required("ts")?))?;
    Ok(sink.batch.quote(&head, &Quote { bid, ask, bid_size, ask_size, sequence })?)
}

#[derive(Debug, Default)]
struct Ticker {
    bid: Slot<Decimal>,
    ask: Slot<Decimal>,
    bid_size: Slot<Decimal>,
    ask_size: Slot<Decimal>,
    unix_ms: Slot<u64>,
}

/// Writes the quote of a ticker, which has no number.
pub(super) fn write_ticker(frame: &mut Scanner<'_>, symbol: &[u8], sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let mut ticker = Ticker::default();
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"bidPx" => frame.decimal_or_none(&mut ticker.bid, "bidPx")?,
            b"askPx" => frame.decimal_or_none(&mut ticker.ask, "askPx")?,
            b"bidSz" => frame.decimal_or_none(&mut ticker.bid_size, "bidSz")?,
            b"askSz" => frame.decimal_or_none(&mut ticker.ask_size, "askSz")?,
            b"ts" => frame.whole(&mut ticker.unix_ms, "ts")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let quote = Quote {
        bid: sink.amount(ticker.bid.required("bidPx")?, "bidPx")?,
        ask: sink.amount(ticker.ask.required("askPx")?, "askPx")?,
        bid_size: sink.amount(ticker.bid_size.required("bidSz")?, "bidSz")?,
        ask_size: sink.amount(ticker.ask_size.required("askSz")?, "askSz")?,
        sequence: 0,
    };
    let head = sink.head(symbol, Some(ticker.unix_ms.required("ts")?))?;
    Ok(sink.batch.quote(&head, &quote)?)
}
