//! Binance: spot, USD-margined and coin-margined futures, whose frames differ only in the fields that they leave out.
//!
//! `bookTicker`, `trade`, `depthUpdate`, partial books and the REST snapshot of a book, each bare or wrapped as
//! `{"stream": …, "data": …}`. Times are those of the matching engine (`T`) where given, else of the frame (`E`), in
//! milliseconds, or in microseconds where the connection asked for them.

use tickbus_bus::layout::MARKET_NAME_BYTES_MOST;

use crate::batch::{Aggressor, Head, Quote, Side, Trade, Update};
use crate::decimal::Decimal;
use crate::decoder::{Outcome, Sink};
use crate::levels::{Levels, levels};
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;
use crate::trade_id::TradeId;

/// Decodes one frame.
#[inline]
pub fn decode<'f>(frame: &mut Scanner<'f>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let start = sink.batch.len();
    let (mut envelope, mut fields) = (Envelope::default(), Fields::default());
    scan(frame, &mut envelope, &mut fields, sink)?;
    if fields.snapshot.is_given() {
        return book(start, &envelope, &fields, sink);
    }
    let kind = match fields.event.optional("e")? {
        Some(event) => Some(event),
        None => envelope.stream.optional("stream")?.map(stream_kind),
    };
    if kind != Some(b"depthUpdate") {
        sink.restart(start);
    }
    match kind {
        Some(b"bookTicker") => quote(&fields, sink),
        Some(b"trade") => trade(&fields, sink),
        Some(b"depthUpdate") => book(start, &envelope, &fields, sink),
        Some(other) => Ok(Outcome::Ignored(other)),
        // Spot sends the best bid and offer without its name, and outside of a wrapper nothing else says it.
        None if fields.bid.is_given() && fields.ask.is_given() => quote(&fields, sink),
        None if envelope.is_error => Ok(Outcome::Ignored(b"error")),
        None if envelope.is_reply => Ok(Outcome::Ignored(b"reply")),
        None => Err(Reason::Kind.into()),
    }
}

/// What the frame says around the message.
#[derive(Debug, Default)]
struct Envelope<'f> {
    stream: Slot<&'f [u8]>,
    has_data: bool,
    is_reply: bool,
    is_error: bool,
}

/// What the message says, under the venue's names. `b` and `a` are numbers in quotes and lists in updates.
#[derive(Debug, Default)]
struct Fields<'f> {
    event: Slot<&'f [u8]>,
    symbol: Slot<&'f [u8]>,
    frame_time: Slot<u64>,
    engine_time: Slot<u64>,
    first: Slot<u64>,
    last: Slot<u64>,
    previous: Slot<u64>,
    snapshot: Slot<u64>,
    trade_id: Slot<u64>,
    is_buyer_maker: Slot<bool>,
    price: Slot<Decimal>,
    size: Slot<Decimal>,
    bid: Slot<Decimal>,
    ask: Slot<Decimal>,
    bid_size: Slot<Decimal>,
    ask_size: Slot<Decimal>,
    bids: Slot<Levels>,
    asks: Slot<Levels>,
}

#[inline]
fn scan<'f>(
    frame: &mut Scanner<'f>,
    envelope: &mut Envelope<'f>,
    fields: &mut Fields<'f>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    let start = sink.batch.len();
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"stream" => frame.text(&mut envelope.stream, "stream")?,
            b"data" if envelope.has_data => return Err(Reason::Twice("data").into()),
            b"data" if frame.peek() == b'{' => {
                // What stands beside the message is none of it, wherever it stands.
                envelope.has_data = true;
                sink.restart(start);
                *fields = Fields::default();
                message(frame, fields, sink)?;
            }
            b"result" | b"id" => {
                envelope.is_reply = true;
                frame.skip()?;
            }
            b"error" | b"code" => {
                envelope.is_error = true;
                frame.skip()?;
            }
            _ if envelope.has_data => frame.skip()?,
            _ => field(name, frame, fields, sink)?,
        }
        key = frame.next_key()?;
    }
    frame.finish()
}

#[inline]
fn message<'f>(frame: &mut Scanner<'f>, fields: &mut Fields<'f>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        field(name, frame, fields, sink)?;
        key = frame.next_key()?;
    }
    Ok(())
}

#[inline]
fn field<'f>(name: &[u8], frame: &mut Scanner<'f>, fields: &mut Fields<'f>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    match name {
        b"e" => frame.text(&mut fields.event, "e"),
        b"s" => frame.text(&mut fields.symbol, "s"),
        b"symbol" => frame.text(&mut fields.symbol, "symbol"),
        b"E" => frame.whole(&mut fields.frame_time, "E"),
        b"T" => frame.whole(&mut fields.engine_time, "T"),
        b"U" => frame.whole(&mut fields.first, "U"),
        b"u" => frame.whole(&mut fields.last, "u"),
        b"pu" => frame.whole(&mut fields.previous, "pu"),
        b"lastUpdateId" => frame.whole(&mut fields.snapshot, "lastUpdateId"),
        b"t" => frame.whole(&mut fields.trade_id, "t"),
        b"m" => frame.flag(&mut fields.is_buyer_maker, "m"),
        b"p" => frame.decimal(&mut fields.price, "p"),
        b"q" => frame.decimal(&mut fields.size, "q"),
        b"B" => frame.decimal(&mut fields.bid_size, "B"),
        b"A" => frame.decimal(&mut fields.ask_size, "A"),
        b"b" if frame.peek() == b'[' => levels(frame, Side::Bid, &mut fields.bids, "b", sink),
        b"a" if frame.peek() == b'[' => levels(frame, Side::Ask, &mut fields.asks, "a", sink),
        b"b" => frame.decimal(&mut fields.bid, "b"),
        b"a" => frame.decimal(&mut fields.ask, "a"),
        b"bids" => levels(frame, Side::Bid, &mut fields.bids, "bids", sink),
        b"asks" => levels(frame, Side::Ask, &mut fields.asks, "asks", sink),
        _ => frame.skip(),
    }
}

#[inline]
fn quote<'f>(fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let quote = Quote {
        bid: sink.amount(fields.bid.required("b")?, "b")?,
        ask: sink.amount(fields.ask.required("a")?, "a")?,
        bid_size: sink.amount(fields.bid_size.required("B")?, "B")?,
        ask_size: sink.amount(fields.ask_size.required("A")?, "A")?,
        sequence: fields.last.required("u")?,
    };
    let head = sink.head_of(fields.symbol.required("s")?, event_ns(fields, sink)?)?;
    sink.batch.quote(&head, &quote)?;
    Ok(Outcome::Quote)
}

#[inline]
fn trade<'f>(fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let trade = Trade {
        price: sink.positive(fields.price.required("p")?, "p")?,
        size: sink.positive(fields.size.required("q")?, "q")?,
        // The buyer was waiting in the book, so the seller came and took.
        aggressor: if fields.is_buyer_maker.required("m")? { Aggressor::Seller } else { Aggressor::Buyer },
        id: TradeId::Number(fields.trade_id.required("t")?),
    };
    let head = sink.head_of(fields.symbol.required("s")?, event_ns(fields, sink)?)?;
    sink.batch.trade(&head, &trade)?;
    Ok(Outcome::Trade)
}

/// Completes the levels that were written since there were `start` records.
fn book<'f>(
    start: usize,
    envelope: &Envelope<'_>,
    fields: &Fields<'_>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<Outcome<'f>> {
    let (bids, asks) = (fields.bids.required("bids")?, fields.asks.required("asks")?);
    bids.and(asks)?;
    let stream = envelope.stream.optional("stream")?;
    let update = match fields.snapshot.optional("lastUpdateId")? {
        Some(sequence) => {
            Update { is_snapshot: true, first_sequence: sequence, last_sequence: sequence, previous_sequence: None }
        }
        None => Update {
            is_snapshot: stream.is_some_and(is_partial_book),
            first_sequence: fields.first.required("U")?,
            last_sequence: fields.last.required("u")?,
            previous_sequence: fields.previous.optional("pu")?,
        },
    };
    let head = match fields.symbol.optional("s")? {
        Some(symbol) => sink.head_of(symbol, event_ns(fields, sink)?)?,
        None if !update.is_snapshot => return Err(Reason::Field("s").into()),
        None => unnamed_head(stream, fields, sink)?,
    };
    sink.batch.finish_update(start, &head, &update)?;
    Ok(Outcome::Book)
}

/// Snapshots of spot and USD-margined books do not name their symbol: the stream does, or there is only one.
fn unnamed_head(stream: Option<&[u8]>, fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Result<Head, Reason> {
    if let Some(stream) = stream {
        let name = &stream[..stream.iter().position(|byte| *byte == b'@').unwrap_or(stream.len())];
        let mut capitals = [0; MARKET_NAME_BYTES_MOST];
        let symbol = capitals.get_mut(..name.len()).ok_or(Reason::Instrument)?;
        symbol.copy_from_slice(name);
        symbol.make_ascii_uppercase();
        return sink.head_of(symbol, event_ns(fields, sink)?);
    }
    let instrument = sink.instruments.only().ok_or(Reason::Instrument)?;
    Ok(Head { instrument, event_ns: event_ns(fields, sink)?, init_ns: sink.init_ns })
}

#[inline]
fn event_ns(fields: &Fields<'_>, sink: &Sink<'_, '_>) -> Result<f64, Reason> {
    match fields.engine_time.optional("T")?.or(fields.frame_time.optional("E")?) {
        Some(unix_us) if unix_us >= MICROSECONDS_LEAST => sink.event_ns_of_us(unix_us),
        unix_ms => sink.event_ns(unix_ms),
    }
}

/// Times of 16 digits are microseconds, as connections with `timeUnit=MICROSECOND` send them; those of 13 are milliseconds.
const MICROSECONDS_LEAST: u64 = 1_000_000_000_000_000;

/// `btcusdt@bookTicker` -> `bookTicker`, `btcusdt@depth@100ms` -> `depth`; all of it where there is no `@`.
fn stream_kind(stream: &[u8]) -> &[u8] {
    stream.split(|byte| *byte == b'@').nth(1).unwrap_or(stream)
}

/// Streams such as `btcusdt@depth5@100ms` send the best levels each time, not what has changed.
fn is_partial_book(stream: &[u8]) -> bool {
    stream_kind(stream).strip_prefix(b"depth").and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit)
}
