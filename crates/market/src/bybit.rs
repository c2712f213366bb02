//! Bybit: spot, linear and inverse contracts and options by the interface v5, and contracts by v2, which came before it.
//!
//! The topic says what a frame is: `orderbook.DEPTH.SYMBOL`, `publicTrade.SYMBOL` and `tickers.SYMBOL` of v5,
//! `orderBookL2_25.SYMBOL`, `orderBook_200.100ms.SYMBOL` and `trade.SYMBOL` of v2. Where it comes behind the data, the
//! scanner goes back to them. Times are those of the matching engine (`cts`, `T`) where given, else of the frame.

mod objects;
mod quotes;
mod trades;

use crate::batch::{Side, Update};
use crate::decoder::{Outcome, Sink};
use crate::levels::{Levels, levels};
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;

use quotes::{Ticker, TopSlot};

/// Decodes one frame.
#[inline]
pub fn decode<'f>(frame: &mut Scanner<'f>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let start = sink.batch.len();
    let (mut envelope, mut content) = (Envelope::default(), Content::default());
    scan(frame, &mut envelope, &mut content, sink)?;
    let Some(Topic { kind, name, text }) = envelope.topic.optional("topic")? else { return unnamed(&envelope) };
    if !envelope.has_data {
        return Err(Reason::Field("data").into());
    }
    if let Slot::Given(place) = envelope.passed_over {
        frame.rewind(place);
        data(kind, frame, &mut content, sink)?;
    }
    match kind {
        Kind::Book => book(start, &envelope, &content, sink),
        Kind::BookV2 => book_v2(start, text, &envelope, sink),
        Kind::Top => quotes::of_book(&envelope, &content, name, sink),
        Kind::Ticker => quotes::of_ticker(&envelope, &content.ticker, name, sink),
        Kind::Trades | Kind::TradesV2 if sink.batch.len() > start => {
            sink.messages = (sink.batch.len() - start) as u64;
            Ok(Outcome::Trade)
        }
        _ => Ok(Outcome::Ignored(name)),
    }
}

/// What the frame says around the data.
#[derive(Debug, Default)]
struct Envelope<'f> {
    topic: Slot<Topic<'f>>,
    form: Slot<&'f [u8]>,
    frame_ms: Slot<u64>,
    engine_ms: Slot<u64>,
    frame_us: Slot<u64>,
    book_cross: Slot<u64>,
    ticker_cross: Slot<u64>,
    is_success: Slot<bool>,
    operation: Slot<&'f [u8]>,
    message: Slot<&'f [u8]>,
    has_data: bool,
    /// Where the data are, if the topic came behind them.
    passed_over: Slot<usize>,
}

impl Envelope<'_> {
    /// Whether the data are all there is, and not what has changed.
    fn is_snapshot(&self) -> Result<bool, Reason> {
        match self.form.required("type")? {
            b"snapshot" => Ok(true),
            b"delta" => Ok(false),
            _ => Err(Reason::Field("type")),
        }
    }

    fn unix_ms(&self) -> Result<u64, Reason> {
        match self.engine_ms.optional("cts")? {
            Some(ms) => Ok(ms),
            None => self.frame_ms.required("ts"),
        }
    }
}

/// What the data say of a book or a ticker; trades and levels are written at once.
#[derive(Debug, Default)]
struct Content<'f> {
    symbol: Slot<&'f [u8]>,
    number: Slot<u64>,
    bids: Slot<Levels>,
    asks: Slot<Levels>,
    top_bid: TopSlot,
    top_ask: TopSlot,
    ticker: Ticker<'f>,
}

/// What the data are.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Book,
    BookV2,
    Top,
    Ticker,
    Trades,
    TradesV2,
    Other,
}

/// What a topic says.
#[derive(Clone, Copy, Debug)]
struct Topic<'f> {
    kind: Kind,
    /// What stands before the first point; with the depth where the depth decides.
    name: &'f [u8],
    text: &'f [u8],
}

impl<'f> Topic<'f> {
    #[inline]
    fn of(text: &'f [u8]) -> Self {
        let mut parts = text.split(|byte| *byte == b'.');
        let name = parts.next().unwrap_or_default();
        let kind = match name {
            b"orderbook" => {
                let depth = parts.next().unwrap_or_default();
                let end = text.len().min(name.len() + 1 + depth.len());
                return Self { kind: kind_by_depth(depth), name: &text[..end], text };
            }
            b"publicTrade" => Kind::Trades,
            b"tickers" => Kind::Ticker,
            b"orderBookL2_25" | b"orderBook_200" => Kind::BookV2,
            b"trade" => Kind::TradesV2,
            _ => Kind::Other,
        };
        Self { kind, name, text }
    }
}

/// There are books of other forms, such as `orderbook.rpi.BTCUSDT`.
fn kind_by_depth(depth: &[u8]) -> Kind {
    match depth {
        b"1" => Kind::Top,
        _ if !depth.is_empty() && depth.iter().all(u8::is_ascii_digit) => Kind::Book,
        _ => Kind::Other,
    }
}

#[inline]
fn scan<'f>(
    frame: &mut Scanner<'f>,
    envelope: &mut Envelope<'f>,
    content: &mut Content<'f>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"data" if envelope.has_data => return Err(Reason::Twice("data").into()),
            b"data" => {
                envelope.has_data = true;
                match envelope.topic {
                    Slot::Given(topic) => data(topic.kind, frame, content, sink)?,
                    _ => frame.place(&mut envelope.passed_over, "data")?,
                }
            }
            b"topic" => topic(frame, &mut envelope.topic)?,
            b"type" => frame.text(&mut envelope.form, "type")?,
            b"ts" => frame.whole(&mut envelope.frame_ms, "ts")?,
            b"cts" => frame.whole(&mut envelope.engine_ms, "cts")?,
            b"cs" => frame.whole(&mut envelope.ticker_cross, "cs")?,
            b"timestamp_e6" => frame.whole(&mut envelope.frame_us, "timestamp_e6")?,
            b"cross_seq" => frame.whole(&mut envelope.book_cross, "cross_seq")?,
            b"success" => frame.flag(&mut envelope.is_success, "success")?,
            b"ret_msg" => frame.text(&mut envelope.message, "ret_msg")?,
            b"op" => frame.text(&mut envelope.operation, "op")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    frame.finish()
}

#[inline]
fn topic<'f>(frame: &mut Scanner<'f>, slot: &mut Slot<Topic<'f>>) -> Scanned<()> {
    let mut text = Slot::Absent;
    frame.text(&mut text, "topic")?;
    match text {
        Slot::Given(text) => slot.fill(Topic::of(text), "topic"),
        _ => slot.spoil("topic"),
    }
}

/// Scans the data.
#[inline]
fn data<'f>(kind: Kind, frame: &mut Scanner<'f>, content: &mut Content<'f>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    match kind {
        Kind::Trades => trades::write(frame, sink),
        Kind::TradesV2 => trades::write_v2(frame, sink),
        Kind::BookV2 => objects::write(frame, sink),
        Kind::Other => frame.skip(),
        Kind::Book | Kind::Top | Kind::Ticker if frame.peek() != b'{' => Err(Reason::Field("data").into()),
        Kind::Book | Kind::Top | Kind::Ticker => {
            let mut key = frame.first_key()?;
            while let Some(name) = key {
                match kind {
                    Kind::Book => book_field(name, frame, content, sink)?,
                    Kind::Top => quotes::book_field(name, frame, content, sink)?,
                    _ => quotes::ticker_field(name, frame, &mut content.ticker)?,
                }
                key = frame.next_key()?;
            }
            Ok(())
        }
    }
}

#[inline]
fn book_field<'f>(
    name: &[u8],
    frame: &mut Scanner<'f>,
    content: &mut Content<'f>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    match name {
        b"s" => frame.text(&mut content.symbol, "s"),
        b"u" => frame.whole(&mut content.number, "u"),
        b"b" => levels(frame, Side::Bid, &mut content.bids, "b", sink),
        b"a" => levels(frame, Side::Ask, &mut content.asks, "a", sink),
        _ => frame.skip(),
    }
}

/// Completes the levels that were written since there were `start` records. Each update's `u` is one more than the last.
fn book<'f>(
    start: usize,
    envelope: &Envelope<'_>,
    content: &Content<'_>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<Outcome<'f>> {
    let (bids, asks) = (content.bids.required("b")?, content.asks.required("a")?);
    bids.and(asks)?;
    let is_snapshot = envelope.is_snapshot()?;
    let number = content.number.required("u")?;
    let head = sink.head(content.symbol.required("s")?, Some(envelope.unix_ms()?))?;
    let update = Update { is_snapshot, first_sequence: number, last_sequence: number, previous_sequence: None };
    sink.batch.finish_update(start, &head, &update)?;
    Ok(Outcome::Book)
}

/// The same for v2, whose numbers are shared by all instruments and so tell of no gap.
fn book_v2<'f>(start: usize, topic: &[u8], envelope: &Envelope<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let is_snapshot = envelope.is_snapshot()?;
    let number = envelope.book_cross.required("cross_seq")?;
    let symbol = topic.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let head = sink.head_at_us(symbol, envelope.frame_us.required("timestamp_e6")?)?;
    let update = Update { is_snapshot, first_sequence: number, last_sequence: number, previous_sequence: None };
    sink.batch.finish_update(start, &head, &update)?;
    Ok(Outcome::Book)
}

/// A frame without a topic answers something that was asked.
fn unnamed<'f>(envelope: &Envelope<'_>) -> Scanned<Outcome<'f>> {
    let (operation, message) = (envelope.operation.optional("op")?, envelope.message.optional("ret_msg")?);
    let is_success = envelope.is_success.optional("success")?;
    match is_success {
        _ if operation == Some(b"pong") || message == Some(b"pong") => Ok(Outcome::Ignored(b"pong")),
        Some(false) => Ok(Outcome::Ignored(b"error")),
        None if operation.is_none() => Err(Reason::Kind.into()),
        _ => Ok(Outcome::Ignored(b"reply")),
    }
}
