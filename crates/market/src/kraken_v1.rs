//! Kraken's first protocol: `[channelID, payload, …, "book-10", "XBT/USD"]`, where the names come last.
//!
//! `book-N`, `trade`, `spread` (best bid and offer) and `ticker`. A book update has one payload for each side that changed;
//! levels have times of their own, of which the last one is the update's. Trades have no ids.

use crate::batch::{Aggressor, Quote, Side, Trade, Update};
use crate::decimal::Decimal;
use crate::decoder::{Outcome, Sink};
use crate::levels::amounts;
use crate::moment::Moment;
use crate::reject::Reason;
use crate::scanner::{Misfit, Scanned, Scanner};
use crate::slot::Slot;
use crate::trade_id::TradeId;

/// Decodes one list.
#[inline]
pub(crate) fn decode<'f>(frame: &mut Scanner<'f>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let Some((name, pair)) = names(frame.bytes()) else { return other(frame) };
    let outcome = if let Some(kind) = Kind::of(name) {
        seek_payload(frame)?;
        match kind {
            Kind::Book => book(frame, pair, sink)?,
            Kind::Trade => trades(frame, name, pair, sink)?,
            Kind::Spread => spread(frame, pair, sink)?,
            Kind::Ticker => ticker(frame, pair, sink)?,
        }
    } else {
        enter(frame)?;
        frame.skip()?;
        Outcome::Ignored(name)
    };
    while frame.next_item()? {
        frame.skip()?;
    }
    frame.finish()?;
    Ok(outcome)
}

/// The kinds of channels that are decoded.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Book,
    Trade,
    Spread,
    Ticker,
}

impl Kind {
    /// `book-10` is of `book`.
    #[inline]
    fn of(name: &[u8]) -> Option<Self> {
        match name.split(|byte| *byte == b'-').next() {
            Some(b"book") => Some(Self::Book),
            Some(b"trade") => Some(Self::Trade),
            Some(b"spread") => Some(Self::Spread),
            Some(b"ticker") => Some(Self::Ticker),
            _ => None,
        }
    }
}

/// The two names that the list ends with, found from the end, so that a payload is scanned once, with its meaning known.
/// None if anything but plain strings stands there.
#[inline]
fn names(list: &[u8]) -> Option<(&[u8], &[u8])> {
    let (list, pair) = last_text(list.strip_suffix(b"\"]")?)?;
    let (list, name) = last_text(list.strip_suffix(b"\",")?)?;
    matches!(list.last(), Some(b',' | b'[')).then_some((name, pair))
}

/// Splits at the last quote: what is before it, and the text behind.
#[inline]
fn last_text(list: &[u8]) -> Option<(&[u8], &[u8])> {
    let quote = list.iter().rposition(|byte| matches!(byte, b'"' | b'\\'))?;
    (list[quote] == b'"').then(|| (&list[..quote], &list[quote + 1..]))
}

/// A list that does not end with two names: private channels have one. Where white space could be in the way, the general
/// parser takes it out first.
#[cold]
fn other<'f>(frame: &mut Scanner<'f>) -> Scanned<Outcome<'f>> {
    if !frame.is_normal() {
        return Err(Misfit::Syntax);
    }
    let mut name = Slot::Absent;
    let mut has_item = frame.first_item()?;
    while has_item {
        if frame.peek() == b'"' && !name.is_given() {
            frame.text(&mut name, "name")?;
        } else {
            frame.skip()?;
        }
        has_item = frame.next_item()?;
    }
    frame.finish()?;
    let name = name.optional("name")?.ok_or(Reason::Kind)?;
    if Kind::of(name).is_some() { Err(Reason::Field("pair").into()) } else { Ok(Outcome::Ignored(name)) }
}

/// Enters the list, which ends with two names: one that is over at once is no JSON.
#[inline]
fn enter(frame: &mut Scanner<'_>) -> Scanned<()> {
    if frame.first_item()? { Ok(()) } else { Err(Misfit::Syntax) }
}

/// Steps to the first payload.
#[inline]
fn seek_payload(frame: &mut Scanner<'_>) -> Scanned<()> {
    enter(frame)?;
    while !matches!(frame.peek(), b'{' | b'[') {
        frame.skip()?;
        if !frame.next_item()? {
            return Err(Reason::Field("payload").into());
        }
    }
    Ok(())
}

/// What the payloads of a book say.
#[derive(Debug, Default)]
struct Changes {
    all_asks: Slot<()>,
    all_bids: Slot<()>,
    asks: Slot<()>,
    bids: Slot<()>,
    checksum: Slot<u64>,
    last: Option<Moment>,
}

fn book<'f>(frame: &mut Scanner<'_>, pair: &[u8], sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let start = sink.batch.len();
    let mut changes = Changes::default();
    payload(frame, &mut changes, sink)?;
    while frame.peek() == b',' {
        frame.next_item()?;
        if frame.peek() != b'{' {
            frame.skip()?;
            break;
        }
        payload(frame, &mut changes, sink)?;
    }
    let is_snapshot = changes.all_asks.is_given() || changes.all_bids.is_given();
    let is_update = changes.asks.is_given() || changes.bids.is_given();
    if is_snapshot {
        changes.all_asks.required("as")?;
        changes.all_bids.required("bs")?;
    }
    if is_snapshot == is_update {
        return Err(Reason::Field("payload").into());
    }
    let checksum = changes.checksum.optional("c")?.map(u32::try_from).transpose().map_err(|_| Reason::Field("c"))?;
    let head = sink.head_at(pair, changes.last)?;
    let update = Update { is_snapshot, first_sequence: 0, last_sequence: 0, previous_sequence: None };
    sink.batch.finish_update(start, &head, &update)?;
    if let Some(checksum) = checksum {
        sink.batch.add_checksum(start, checksum);
    }
    Ok(Outcome::Book)
}

fn payload(frame: &mut Scanner<'_>, changes: &mut Changes, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let mut key = frame.first_key_in("payload")?;
    while let Some(name) = key {
        let last = &mut changes.last;
        match name {
            b"a" => levels(frame, Side::Ask, &mut changes.asks, "a", last, sink)?,
            b"b" => levels(frame, Side::Bid, &mut changes.bids, "b", last, sink)?,
            b"as" => levels(frame, Side::Ask, &mut changes.all_asks, "as", last, sink)?,
            b"bs" => levels(frame, Side::Bid, &mut changes.all_bids, "bs", last, sink)?,
            b"c" => frame.whole(&mut changes.checksum, "c")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    Ok(())
}

/// Writes levels of one side, `[[price, size, time], …]`.
fn levels(
    frame: &mut Scanner<'_>,
    of: Side,
    slot: &mut Slot<()>,
    field: &'static str,
    last: &mut Option<Moment>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    frame.each(field, |frame| {
        let (mut price, mut size, mut time) = (Slot::Absent, Slot::Absent, Slot::Absent);
        frame.tuple(field, |frame, place| match place {
            0 => frame.decimal(&mut price, field),
            1 => frame.decimal(&mut size, field),
            2 => frame.seconds(&mut time, field),
            _ => frame.skip(),
        })?;
        let (price, size) = amounts(price, size, field, sink)?;
        let time = time.required(field)?;
        *last = (*last).max(Some(time));
        sink.batch.level(of, price, size)?;
        Ok(())
    })?;
    slot.fill((), field)
}

/// Writes the trades of a list, `[[price, size, time, side, …], …]`.
fn trades<'f>(frame: &mut Scanner<'_>, name: &'f [u8], pair: &[u8], sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let mut trades = 0;
    frame.each("payload", |frame| {
        trades += 1;
        trade(frame, pair, sink)
    })?;
    if trades == 0 {
        return Ok(Outcome::Ignored(name));
    }
    sink.messages = trades;
    Ok(Outcome::Trade)
}

fn trade(frame: &mut Scanner<'_>, pair: &[u8], sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let (mut price, mut size, mut time, mut taker) = (Slot::Absent, Slot::Absent, Slot::Absent, Slot::Absent);
    frame.tuple("payload", |frame, place| match place {
        0 => frame.decimal(&mut price, "price"),
        1 => frame.decimal(&mut size, "size"),
        2 => frame.seconds(&mut time, "time"),
        3 => frame.text(&mut taker, "side"),
        _ => frame.skip(),
    })?;
    let trade = Trade {
        price: sink.positive(price.required("price")?, "price")?,
        size: sink.positive(size.required("size")?, "size")?,
        aggressor: aggressor(taker)?,
        id: TradeId::NONE,
    };
    let head = sink.head_at(pair, Some(time.required("time")?))?;
    sink.batch.trade(&head, &trade)?;
    Ok(())
}

/// Trades name the side that came and took.
pub(crate) fn aggressor(side: Slot<&[u8]>) -> Scanned<Aggressor> {
    match side.required("side")? {
        b"b" | b"buy" => Ok(Aggressor::Buyer),
        b"s" | b"sell" => Ok(Aggressor::Seller),
        _ => Err(Misfit::Reject(Reason::Field("side"))),
    }
}

/// Writes the quote that `[bid, ask, time, bid size, ask size]` is.
fn spread<'f>(frame: &mut Scanner<'_>, pair: &[u8], sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let [mut bid, mut ask, mut bid_size, mut ask_size] = [Slot::Absent; 4];
    let mut time = Slot::Absent;
    frame.tuple("payload", |frame, place| match place {
        0 => frame.decimal(&mut bid, "bid"),
        1 => frame.decimal(&mut ask, "ask"),
        2 => frame.seconds(&mut time, "time"),
        3 => frame.decimal(&mut bid_size, "bidVolume"),
        4 => frame.decimal(&mut ask_size, "askVolume"),
        _ => frame.skip(),
    })?;
    let quote = Quote {
        bid: sink.amount(bid.required("bid")?, "bid")?,
        ask: sink.amount(ask.required("ask")?, "ask")?,
        bid_size: sink.amount(bid_size.required("bidVolume")?, "bidVolume")?,
        ask_size: sink.amount(ask_size.required("askVolume")?, "askVolume")?,
        sequence: 0,
    };
    let head = sink.head_at(pair, Some(time.required("time")?))?;
    sink.batch.quote(&head, &quote)?;
    Ok(Outcome::Quote)
}

/// Writes the quote of `{"a": [price, whole lots, size], "b": …}`.
fn ticker<'f>(frame: &mut Scanner<'_>, pair: &[u8], sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let (mut bid, mut ask) = (Slot::Absent, Slot::Absent);
    let mut key = frame.first_key_in("payload")?;
    while let Some(name) = key {
        match name {
            b"a" => best(frame, &mut ask, "a", sink)?,
            b"b" => best(frame, &mut bid, "b", sink)?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let ((bid, bid_size), (ask, ask_size)) = (bid.required("b")?, ask.required("a")?);
    let head = sink.head_at(pair, None)?;
    sink.batch.quote(&head, &Quote { bid, ask, bid_size, ask_size, sequence: 0 })?;
    Ok(Outcome::Quote)
}

fn best(
    frame: &mut Scanner<'_>,
    slot: &mut Slot<(f64, f64)>,
    field: &'static str,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    let (mut price, mut size) = (Slot::<Decimal>::Absent, Slot::Absent);
    frame.tuple(field, |frame, place| match place {
        0 => frame.decimal(&mut price, field),
        2 => frame.decimal(&mut size, field),
        _ => frame.skip(),
    })?;
    slot.fill(amounts(price, size, field, sink)?, field)
}
