//! Coinbase: Exchange, whose frames say their `type`, and Advanced Trade, whose frames say their `channel`.

use crate::batch::{Aggressor, Side};
use crate::coinbase_advanced::{self as advanced, Content};
use crate::coinbase_exchange as exchange;
use crate::decimal::Decimal;
use crate::decoder::{Outcome, Sink};
use crate::levels::{Levels, levels};
use crate::moment::Moment;
use crate::reject::Reason;
use crate::scanner::{Misfit, Scanned, Scanner};
use crate::slot::Slot;

/// Decodes one frame.
#[inline]
pub fn decode<'f>(frame: &mut Scanner<'f>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let start = sink.batch.len();
    let mut fields = Fields::default();
    scan(start, frame, &mut fields, sink)?;
    match (fields.kind.optional("type")?, fields.channel.optional("channel")?) {
        (Some(kind), None) => exchange::message(start, kind, &fields, sink),
        (None, Some(channel)) => events(start, channel, frame, &fields, sink),
        // What clients send has both.
        (Some(request), Some(_)) => {
            sink.restart(start);
            Ok(Outcome::Ignored(request))
        }
        (None, None) => Err(Reason::Kind.into()),
    }
}

/// What the frame says, under the venue's names: of a message of Exchange everything, of Advanced what is around the events.
#[derive(Debug, Default)]
pub(crate) struct Fields<'f> {
    kind: Slot<&'f [u8]>,
    channel: Slot<&'f [u8]>,
    pub(crate) product: Slot<&'f [u8]>,
    pub(crate) sequence: Slot<u64>,
    pub(crate) time: Slot<Moment>,
    pub(crate) side: Slot<&'f [u8]>,
    pub(crate) price: Slot<Decimal>,
    pub(crate) size: Slot<Decimal>,
    pub(crate) trade_id: Slot<u64>,
    pub(crate) bid: Slot<Decimal>,
    pub(crate) bid_size: Slot<Decimal>,
    pub(crate) ask: Slot<Decimal>,
    pub(crate) ask_size: Slot<Decimal>,
    pub(crate) bids: Slot<Levels>,
    pub(crate) asks: Slot<Levels>,
    pub(crate) changes: Slot<Levels>,
    pub(crate) timestamp: Slot<Moment>,
    pub(crate) sequence_num: Slot<u64>,
    events: Slot<usize>,
    /// How many messages the events have become, if they could be decoded where they stand.
    messages: Option<u64>,
}

#[inline]
fn scan<'f>(start: usize, frame: &mut Scanner<'f>, fields: &mut Fields<'f>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"type" => frame.text(&mut fields.kind, "type")?,
            b"channel" => frame.text(&mut fields.channel, "channel")?,
            b"timestamp" => frame.moment(&mut fields.timestamp, "timestamp")?,
            b"sequence_num" => frame.whole(&mut fields.sequence_num, "sequence_num")?,
            b"events" => place_or_decode(start, frame, fields, sink)?,
            // What stands beside the events is none of them.
            _ if fields.messages.is_some() => frame.skip()?,
            _ => field(name, frame, fields, sink)?,
        }
        key = frame.next_key()?;
    }
    frame.finish()
}

#[inline]
fn field<'f>(name: &[u8], frame: &mut Scanner<'f>, fields: &mut Fields<'f>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    match name {
        b"product_id" => frame.text(&mut fields.product, "product_id"),
        b"sequence" => frame.whole(&mut fields.sequence, "sequence"),
        b"time" => frame.moment(&mut fields.time, "time"),
        b"side" => frame.text(&mut fields.side, "side"),
        b"price" => frame.decimal(&mut fields.price, "price"),
        b"size" => frame.decimal(&mut fields.size, "size"),
        b"trade_id" => frame.whole(&mut fields.trade_id, "trade_id"),
        b"best_bid" => frame.decimal(&mut fields.bid, "best_bid"),
        b"best_bid_size" => frame.decimal(&mut fields.bid_size, "best_bid_size"),
        b"best_ask" => frame.decimal(&mut fields.ask, "best_ask"),
        b"best_ask_size" => frame.decimal(&mut fields.ask_size, "best_ask_size"),
        b"bids" => levels(frame, Side::Bid, &mut fields.bids, "bids", sink),
        b"asks" => levels(frame, Side::Ask, &mut fields.asks, "asks", sink),
        b"changes" => exchange::changes(frame, &mut fields.changes, sink),
        _ => frame.skip(),
    }
}

/// Decodes the events where they stand, if all that they need stood before them, as the venue writes it.
#[inline]
fn place_or_decode<'f>(
    start: usize,
    frame: &mut Scanner<'f>,
    fields: &mut Fields<'f>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    let is_ready = !fields.kind.is_given() && fields.timestamp.is_given() && fields.sequence_num.is_given();
    let content = match fields.channel {
        Slot::Given(channel) if is_ready && !fields.events.is_given() => Content::of(channel),
        _ => None,
    };
    let Some(content) = content else { return frame.place(&mut fields.events, "events") };
    fields.events.fill(0, "events")?;
    sink.restart(start);
    fields.messages = Some(advanced::events(frame, content, fields, sink)?);
    Ok(())
}

/// What the events of Advanced Trade have become, or become now.
fn events<'f>(
    start: usize,
    channel: &'f [u8],
    frame: &mut Scanner<'f>,
    fields: &Fields<'f>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<Outcome<'f>> {
    let Some(content) = Content::of(channel) else {
        sink.restart(start);
        return Ok(Outcome::Ignored(channel));
    };
    let messages = if let Some(messages) = fields.messages {
        messages
    } else {
        sink.restart(start);
        frame.rewind(fields.events.required("events")?);
        advanced::events(frame, content, fields, sink)?
    };
    if messages == 0 {
        return Ok(Outcome::Ignored(channel));
    }
    sink.messages = messages;
    Ok(content.outcome())
}

/// Trades name the side that was waiting in the book: the other one came and took.
pub(crate) fn aggressor(side: Slot<&[u8]>) -> Scanned<Aggressor> {
    match side.required("side")? {
        b"sell" | b"SELL" => Ok(Aggressor::Buyer),
        b"buy" | b"BUY" => Ok(Aggressor::Seller),
        _ => Err(Misfit::Reject(Reason::Field("side"))),
    }
}
