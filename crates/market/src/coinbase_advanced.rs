//! Coinbase Advanced Trade: `ticker` and `ticker_batch`, `market_trades`, `l2_data`, each with events of several
//! instruments.
//!
//! `sequence_num` counts the messages of the connection, whatever they are about. A ticker without bid and ask is passed
//! over: `ticker_batch` has none.

use crate::batch::{Head, Quote, Side, Trade, Update};
use crate::coinbase::{Fields, aggressor};
use crate::decimal::Decimal;
use crate::decoder::{Outcome, Sink};
use crate::levels::amounts;
use crate::moment::Moment;
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;
use crate::trade_id::TradeId;

/// What the events of a channel hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    Tickers,
    Trades,
    Updates,
}

impl Content {
    pub(crate) fn of(channel: &[u8]) -> Option<Self> {
        match channel {
            b"l2_data" => Some(Self::Updates),
            b"market_trades" => Some(Self::Trades),
            b"ticker" | b"ticker_batch" => Some(Self::Tickers),
            _ => None,
        }
    }

    pub(crate) const fn outcome<'f>(self) -> Outcome<'f> {
        match self {
            Self::Tickers => Outcome::Quote,
            Self::Trades => Outcome::Trade,
            Self::Updates => Outcome::Book,
        }
    }
}

/// Writes the messages in a list of events. Returns how many there were.
pub(crate) fn events(
    frame: &mut Scanner<'_>,
    content: Content,
    fields: &Fields<'_>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<u64> {
    let (time, sequence) = (fields.timestamp.required("timestamp")?, fields.sequence_num.required("sequence_num")?);
    let mut messages = 0;
    frame.each("events", |frame| {
        messages += match content {
            Content::Tickers => list_of("tickers", frame, |frame| ticker(frame, time, sequence, sink))?,
            Content::Trades => list_of("trades", frame, |frame| trade(frame, sink))?,
            Content::Updates => book(frame, time, sequence, sink)?,
        };
        Ok(())
    })?;
    Ok(messages)
}

/// Goes through the list that a field of an event is. Returns how many of its items were messages.
fn list_of<'f>(
    field: &'static str,
    frame: &mut Scanner<'f>,
    mut item: impl FnMut(&mut Scanner<'f>) -> Scanned<bool>,
) -> Scanned<u64> {
    let mut messages = 0;
    let mut list = Slot::Absent;
    let mut key = frame.first_key_in("events")?;
    while let Some(name) = key {
        if name == field.as_bytes() {
            frame.each(field, |frame| {
                messages += u64::from(item(frame)?);
                Ok(())
            })?;
            list.fill((), field)?;
        } else {
            frame.skip()?;
        }
        key = frame.next_key()?;
    }
    list.required(field)?;
    Ok(messages)
}

/// Writes a quote. Says whether the ticker has one.
fn ticker(frame: &mut Scanner<'_>, time: Moment, sequence: u64, sink: &mut Sink<'_, '_>) -> Scanned<bool> {
    let mut product = Slot::Absent;
    let [mut bid, mut bid_size, mut ask, mut ask_size] = [Slot::<Decimal>::Absent; 4];
    let mut key = frame.first_key_in("tickers")?;
    while let Some(name) = key {
        match name {
            b"product_id" => frame.text(&mut product, "product_id")?,
            b"best_bid" => frame.decimal(&mut bid, "best_bid")?,
            b"best_bid_quantity" => frame.decimal(&mut bid_size, "best_bid_quantity")?,
            b"best_ask" => frame.decimal(&mut ask, "best_ask")?,
            b"best_ask_quantity" => frame.decimal(&mut ask_size, "best_ask_quantity")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    if !bid.is_given() && !ask.is_given() {
        return Ok(false);
    }
    let quote = Quote {
        bid: sink.amount(bid.required("best_bid")?, "best_bid")?,
        ask: sink.amount(ask.required("best_ask")?, "best_ask")?,
        bid_size: sink.amount(bid_size.required("best_bid_quantity")?, "best_bid_quantity")?,
        ask_size: sink.amount(ask_size.required("best_ask_quantity")?, "best_ask_quantity")?,
        sequence,
    };
    let head = sink.head_at(product.required("product_id")?, Some(time))?;
    sink.batch.quote(&head, &quote)?;
    Ok(true)
}

fn trade(frame: &mut Scanner<'_>, sink: &mut Sink<'_, '_>) -> Scanned<bool> {
    let (mut product, mut maker) = (Slot::Absent, Slot::Absent);
    let (mut price, mut size) = (Slot::Absent, Slot::Absent);
    let (mut id, mut time) = (Slot::Absent, Slot::Absent);
    let mut key = frame.first_key_in("trades")?;
    while let Some(name) = key {
        match name {
            b"product_id" => frame.text(&mut product, "product_id")?,
            b"side" => frame.text(&mut maker, "side")?,
            b"price" => frame.decimal(&mut price, "price")?,
            b"size" => frame.decimal(&mut size, "size")?,
            b"trade_id" => frame.whole(&mut id, "trade_id")?,
            b"time" => frame.moment(&mut time, "time")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let trade = Trade {
        price: sink.positive(price.required("price")?, "price")?,
        size: sink.positive(size.required("size")?, "size")?,
        aggressor: aggressor(maker)?,
        id: TradeId::Number(id.required("trade_id")?),
    };
    let head = sink.head_at(product.required("product_id")?, Some(time.required("time")?))?;
    sink.batch.trade(&head, &trade)?;
    Ok(true)
}

/// Writes the update or snapshot that an event is.
fn book(frame: &mut Scanner<'_>, time: Moment, sequence: u64, sink: &mut Sink<'_, '_>) -> Scanned<u64> {
    let start = sink.batch.len();
    let (mut kind, mut product, mut updates) = (Slot::Absent, Slot::Absent, Slot::Absent);
    let mut key = frame.first_key_in("events")?;
    while let Some(name) = key {
        match name {
            b"type" => frame.text(&mut kind, "type")?,
            b"product_id" => frame.text(&mut product, "product_id")?,
            b"updates" => {
                frame.each("updates", |frame| level(frame, sink))?;
                updates.fill((), "updates")?;
            }
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    updates.required("updates")?;
    let is_snapshot = match kind.required("type")? {
        b"snapshot" => true,
        b"update" => false,
        _ => return Err(Reason::Field("type").into()),
    };
    let head: Head = sink.head_at(product.required("product_id")?, Some(time))?;
    let update = Update { is_snapshot, first_sequence: sequence, last_sequence: sequence, previous_sequence: None };
    sink.batch.finish_update(start, &head, &update)?;
    Ok(1)
}

fn level(frame: &mut Scanner<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let (mut book_side, mut price, mut size) = (Slot::Absent, Slot::Absent, Slot::Absent);
    let mut key = frame.first_key_in("updates")?;
    while let Some(name) = key {
        match name {
            b"side" => frame.text(&mut book_side, "updates")?,
            b"price_level" => frame.decimal(&mut price, "updates")?,
            b"new_quantity" => frame.decimal(&mut size, "updates")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let of = match book_side.required("updates")? {
        b"bid" => Side::Bid,
        b"offer" => Side::Ask,
        _ => return Err(Reason::Field("updates").into()),
    };
    let (price, size) = amounts(price, size, "updates", sink)?;
    sink.batch.level(of, price, size)?;
    Ok(())
}
