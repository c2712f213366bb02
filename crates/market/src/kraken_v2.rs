//! Kraken's second protocol: `{"channel": …, "type": …, "data": […]}` with `book`, `trade` and `ticker`.
//!
//! Snapshots and updates of a book are one frame each, with a checksum.

use crate::batch::{Quote, Side, Trade, Update};
use crate::decimal::Decimal;
use crate::decoder::{Outcome, Sink};
use crate::kraken_v1::aggressor;
use crate::levels::amounts;
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;
use crate::trade_id::TradeId;

/// What the data of a channel holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    Tickers,
    Trades,
    Books,
}

impl Content {
    pub(crate) fn of(channel: &[u8]) -> Option<Self> {
        match channel {
            b"book" => Some(Self::Books),
            b"trade" => Some(Self::Trades),
            b"ticker" => Some(Self::Tickers),
            _ => None,
        }
    }

    pub(crate) const fn outcome<'f>(self) -> Outcome<'f> {
        match self {
            Self::Tickers => Outcome::Quote,
            Self::Trades => Outcome::Trade,
            Self::Books => Outcome::Book,
        }
    }
}

/// Writes the messages in a list of data. Returns how many there were.
pub(crate) fn data(
    frame: &mut Scanner<'_>,
    content: Content,
    kind: Slot<&[u8]>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<u64> {
    let mut messages = 0;
    frame.each("data", |frame| {
        messages += 1;
        match content {
            Content::Tickers => ticker(frame, sink),
            Content::Trades => trade(frame, sink),
            Content::Books => book(frame, kind, sink),
        }
    })?;
    Ok(messages)
}

fn ticker(frame: &mut Scanner<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let (mut symbol, mut time) = (Slot::Absent, Slot::Absent);
    let [mut bid, mut bid_size, mut ask, mut ask_size] = [Slot::<Decimal>::Absent; 4];
    let mut key = frame.first_key_in("data")?;
    while let Some(name) = key {
        match name {
            b"symbol" => frame.text(&mut symbol, "symbol")?,
            b"bid" => frame.decimal(&mut bid, "bid")?,
            b"bid_qty" => frame.decimal(&mut bid_size, "bid_qty")?,
            b"ask" => frame.decimal(&mut ask, "ask")?,
            b"ask_qty" => frame.decimal(&mut ask_size, "ask_qty")?,
            b"timestamp" => frame.moment(&mut time, "timestamp")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let quote = Quote {
        bid: sink.amount(bid.required("bid")?, "bid")?,
        ask: sink.amount(ask.required("ask")?, "ask")?,
        bid_size: sink.amount(bid_size.required("bid_qty")?, "bid_qty")?,
        ask_size: sink.amount(ask_size.required("ask_qty")?, "ask_qty")?,
        sequence: 0,
    };
    let head = sink.head_at(symbol.required("symbol")?, time.optional("timestamp")?)?;
    sink.batch.quote(&head, &quote)?;
    Ok(())
}

fn trade(frame: &mut Scanner<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let (mut symbol, mut taker) = (Slot::Absent, Slot::Absent);
    let (mut price, mut size) = (Slot::Absent, Slot::Absent);
    let (mut id, mut time) = (Slot::Absent, Slot::Absent);
    let mut key = frame.first_key_in("data")?;
    while let Some(name) = key {
        match name {
            b"symbol" => frame.text(&mut symbol, "symbol")?,
            b"side" => frame.text(&mut taker, "side")?,
            b"price" => frame.decimal(&mut price, "price")?,
            b"qty" => frame.decimal(&mut size, "qty")?,
            b"trade_id" => frame.whole(&mut id, "trade_id")?,
            b"timestamp" => frame.moment(&mut time, "timestamp")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let trade = Trade {
        price: sink.positive(price.required("price")?, "price")?,
        size: sink.positive(size.required("qty")?, "qty")?,
        aggressor: aggressor(taker)?,
        id: TradeId::Number(id.required("trade_id")?),
    };
    let head = sink.head_at(symbol.required("symbol")?, Some(time.required("timestamp")?))?;
    sink.batch.trade(&head, &trade)?;
    Ok(())
}

fn book(frame: &mut Scanner<'_>, kind: Slot<&[u8]>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let start = sink.batch.len();
    let (mut symbol, mut time, mut checksum) = (Slot::Absent, Slot::Absent, Slot::Absent);
    let (mut bids, mut asks) = (Slot::Absent, Slot::Absent);
    let mut key = frame.first_key_in("data")?;
    while let Some(name) = key {
        match name {
            b"symbol" => frame.text(&mut symbol, "symbol")?,
            b"bids" => levels(frame, Side::Bid, &mut bids, "bids", sink)?,
            b"asks" => levels(frame, Side::Ask, &mut asks, "asks", sink)?,
            b"checksum" => frame.whole(&mut checksum, "checksum")?,
            b"timestamp" => frame.moment(&mut time, "timestamp")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let is_snapshot = match kind.required("type")? {
        b"snapshot" => true,
        b"update" => false,
        _ => return Err(Reason::Field("type").into()),
    };
    bids.required("bids")?;
    asks.required("asks")?;
    let checksum = u32::try_from(checksum.required("checksum")?).map_err(|_| Reason::Field("checksum"))?;
    let head = sink.head_at(symbol.required("symbol")?, time.optional("timestamp")?)?;
    let update = Update { is_snapshot, first_sequence: 0, last_sequence: 0, previous_sequence: None };
    sink.batch.finish_update(start, &head, &update)?;
    sink.batch.add_checksum(start, checksum);
    Ok(())
}

/// Writes levels of one side, `[{"price": …, "qty": …}, …]`.
fn levels(
    frame: &mut Scanner<'_>,
    of: Side,
    slot: &mut Slot<()>,
    field: &'static str,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    frame.each(field, |frame| {
        let (mut price, mut size) = (Slot::Absent, Slot::Absent);
        let mut key = frame.first_key_in(field)?;
        while let Some(name) = key {
            match name {
                b"price" => frame.decimal(&mut price, field)?,
                b"qty" => frame.decimal(&mut size, field)?,
                _ => frame.skip()?,
            }
            key = frame.next_key()?;
        }
        let (price, size) = amounts(price, size, field, sink)?;
        sink.batch.level(of, price, size)?;
        Ok(())
    })?;
    slot.fill((), field)
}
