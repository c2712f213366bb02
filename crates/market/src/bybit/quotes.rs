//! Quotes: of order books of one level, and of tickers. Of both a delta says only what has changed, so that it is a quote
//! where the last one is known.

use crate::batch::Quote;
use crate::decimal::Decimal;
use crate::decoder::{Outcome, Sink};
use crate::levels::{Level, NO_LEVEL, top};
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;

use super::{Content, Envelope};

/// The best level of a side; none if the frame lists none.
pub(super) type TopSlot = Slot<Result<Option<Level>, Reason>>;

/// What a ticker says of the best bid and offer: `bid1Price` and so on, of options `bidPrice`.
#[derive(Debug, Default)]
pub(super) struct Ticker<'f> {
    symbol: Slot<&'f [u8]>,
    bid: Slot<Decimal>,
    ask: Slot<Decimal>,
    bid_size: Slot<Decimal>,
    ask_size: Slot<Decimal>,
}

#[inline]
pub(super) fn book_field<'f>(
    name: &[u8],
    frame: &mut Scanner<'f>,
    content: &mut Content<'f>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    match name {
        b"s" => frame.text(&mut content.symbol, "s"),
        b"u" => frame.whole(&mut content.number, "u"),
        b"b" => top(frame, &mut content.top_bid, "b", sink),
        b"a" => top(frame, &mut content.top_ask, "a", sink),
        _ => frame.skip(),
    }
}

#[inline]
pub(super) fn ticker_field<'f>(name: &[u8], frame: &mut Scanner<'f>, ticker: &mut Ticker<'f>) -> Scanned<()> {
    match name {
        b"symbol" => frame.text(&mut ticker.symbol, "symbol"),
        b"bid1Price" | b"bidPrice" => frame.decimal_or_none(&mut ticker.bid, "bid1Price"),
        b"bid1Size" | b"bidSize" => frame.decimal_or_none(&mut ticker.bid_size, "bid1Size"),
        b"ask1Price" | b"askPrice" => frame.decimal_or_none(&mut ticker.ask, "ask1Price"),
        b"ask1Size" | b"askSize" => frame.decimal_or_none(&mut ticker.ask_size, "ask1Size"),
        _ => frame.skip(),
    }
}

/// Writes the quote that a book of one level is.
pub(super) fn of_book<'f>(
    envelope: &Envelope<'_>,
    content: &Content<'_>,
    name: &'f [u8],
    sink: &mut Sink<'_, '_>,
) -> Scanned<Outcome<'f>> {
    let (bid, ask) = (content.top_bid.required("b")??, content.top_ask.required("a")??);
    let is_snapshot = envelope.is_snapshot()?;
    let sequence = content.number.required("u")?;
    let head = sink.head(content.symbol.required("s")?, Some(envelope.unix_ms()?))?;
    let last = if is_snapshot { None } else { sink.last.of_books.get(head.instrument) };
    let is_next = is_snapshot || last.is_some_and(|last| last.sequence + 1 == sequence);
    if !is_next {
        // One is missing, and with it perhaps a change of the other side.
        sink.last.of_books.forget(head.instrument);
        sink.restart(sink.batch.len());
        return Ok(Outcome::Ignored(name));
    }
    let (last_bid, last_ask) =
        last.map_or((NO_LEVEL, NO_LEVEL), |last| ((last.bid, last.bid_size), (last.ask, last.ask_size)));
    let ((bid, bid_size), (ask, ask_size)) = (bid.unwrap_or(last_bid), ask.unwrap_or(last_ask));
    let quote = Quote { bid, ask, bid_size, ask_size, sequence };
    sink.batch.quote(&head, &quote)?;
    sink.last.of_books.set(head.instrument, quote);
    Ok(Outcome::Quote)
}

/// Writes the quote that a ticker holds. Tickers of spot hold none.
pub(super) fn of_ticker<'f>(
    envelope: &Envelope<'_>,
    ticker: &Ticker<'_>,
    name: &'f [u8],
    sink: &mut Sink<'_, '_>,
) -> Scanned<Outcome<'f>> {
    let is_snapshot = envelope.is_snapshot()?;
    let slots = [ticker.bid, ticker.ask, ticker.bid_size, ticker.ask_size];
    if slots.iter().all(|slot| !slot.is_given()) {
        return Ok(Outcome::Ignored(name));
    }
    let sequence = envelope.ticker_cross.optional("cs")?.unwrap_or(0);
    let head = sink.head(ticker.symbol.required("symbol")?, Some(envelope.unix_ms()?))?;
    let last = if is_snapshot { None } else { sink.last.of_tickers.get(head.instrument) };
    if last.is_none() && !is_snapshot {
        return Ok(Outcome::Ignored(name));
    }
    let quote = Quote {
        bid: amount(ticker.bid, last.map(|last| last.bid), "bid1Price", sink)?,
        ask: amount(ticker.ask, last.map(|last| last.ask), "ask1Price", sink)?,
        bid_size: amount(ticker.bid_size, last.map(|last| last.bid_size), "bid1Size", sink)?,
        ask_size: amount(ticker.ask_size, last.map(|last| last.ask_size), "ask1Size", sink)?,
        sequence,
    };
    sink.batch.quote(&head, &quote)?;
    sink.last.of_tickers.set(head.instrument, quote);
    Ok(Outcome::Quote)
}

/// What the ticker says, else what the last one said.
fn amount(slot: Slot<Decimal>, last: Option<f64>, field: &'static str, sink: &mut Sink<'_, '_>) -> Result<f64, Reason> {
    match last {
        Some(last) if !slot.is_given() => Ok(last),
        _ => sink.amount(slot.required(field)?, field),
    }
}
