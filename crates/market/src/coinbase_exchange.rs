//! Coinbase Exchange: `ticker`, `match` and `last_match`, `snapshot` and `l2update`.
//!
//! Books come without numbers or checksums. Recordings from before 2022 have no sizes in their tickers; they are 0 then.

use crate::batch::{Quote, Side, Trade, Update};
use crate::coinbase::{Fields, aggressor};
use crate::decimal::Decimal;
use crate::decoder::{Outcome, Sink};
use crate::levels::{Levels, amounts};
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;
use crate::trade_id::TradeId;

/// Writes the message of a type whose fields were scanned since there were `start` records.
#[inline]
pub(crate) fn message<'f>(
    start: usize,
    kind: &'f [u8],
    fields: &Fields<'_>,
    sink: &mut Sink<'_, '_>,
) -> Scanned<Outcome<'f>> {
    match kind {
        b"l2update" => update(start, fields, sink),
        b"snapshot" => snapshot(start, fields, sink),
        _ => {
            sink.restart(start);
            match kind {
                b"ticker" => quote(fields, sink),
                b"match" | b"last_match" => trade(fields, sink),
                _ => Ok(Outcome::Ignored(kind)),
            }
        }
    }
}

/// Writes changes of both sides, `[[side, price, size], …]`.
pub(crate) fn changes(frame: &mut Scanner<'_>, slot: &mut Slot<Levels>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    if frame.peek() != b'[' {
        frame.skip()?;
        return slot.spoil("changes");
    }
    let mut outcome = Ok(());
    let mut has_item = frame.first_item()?;
    while has_item {
        match change(frame, sink)? {
            Ok((of, price, size)) => sink.batch.level(of, price, size)?,
            Err(reason) => outcome = outcome.and(Err(reason)),
        }
        has_item = frame.next_item()?;
    }
    slot.fill(outcome, "changes")
}

#[inline]
fn change(frame: &mut Scanner<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Result<(Side, f64, f64), Reason>> {
    if frame.peek() != b'[' {
        frame.skip()?;
        return Ok(Err(Reason::Field("changes")));
    }
    let (mut buy_or_sell, mut price, mut size) = (Slot::Absent, Slot::Absent, Slot::Absent);
    if frame.first_item()? {
        frame.text(&mut buy_or_sell, "changes")?;
        if frame.next_item()? {
            frame.decimal(&mut price, "changes")?;
            if frame.next_item()? {
                frame.decimal(&mut size, "changes")?;
                while frame.next_item()? {
                    frame.skip()?;
                }
            }
        }
    }
    Ok(amounts_of(buy_or_sell, price, size, sink))
}

#[inline]
fn amounts_of(
    buy_or_sell: Slot<&[u8]>,
    price: Slot<Decimal>,
    size: Slot<Decimal>,
    sink: &mut Sink<'_, '_>,
) -> Result<(Side, f64, f64), Reason> {
    let of = match buy_or_sell.required("changes")? {
        b"buy" => Side::Bid,
        b"sell" => Side::Ask,
        _ => return Err(Reason::Field("changes")),
    };
    let (price, size) = amounts(price, size, "changes", sink)?;
    Ok((of, price, size))
}

fn quote<'f>(fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let quote = Quote {
        bid: sink.amount(fields.bid.required("best_bid")?, "best_bid")?,
        ask: sink.amount(fields.ask.required("best_ask")?, "best_ask")?,
        bid_size: size(fields.bid_size, "best_bid_size", sink)?,
        ask_size: size(fields.ask_size, "best_ask_size", sink)?,
        sequence: fields.sequence.optional("sequence")?.unwrap_or(0),
    };
    let head = sink.head_at(fields.product.required("product_id")?, fields.time.optional("time")?)?;
    sink.batch.quote(&head, &quote)?;
    Ok(Outcome::Quote)
}

fn size(slot: Slot<Decimal>, field: &'static str, sink: &mut Sink<'_, '_>) -> Result<f64, Reason> {
    slot.optional(field)?.map_or(Ok(0.0), |size| sink.amount(size, field))
}

fn trade<'f>(fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let trade = Trade {
        price: sink.positive(fields.price.required("price")?, "price")?,
        size: sink.positive(fields.size.required("size")?, "size")?,
        aggressor: aggressor(fields.side)?,
        id: TradeId::Number(fields.trade_id.required("trade_id")?),
    };
    let head = sink.head_at(fields.product.required("product_id")?, fields.time.optional("time")?)?;
    sink.batch.trade(&head, &trade)?;
    Ok(Outcome::Trade)
}

fn snapshot<'f>(start: usize, fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let (bids, asks) = (fields.bids.required("bids")?, fields.asks.required("asks")?);
    bids.and(asks)?;
    if fields.changes.is_given() {
        return Err(Reason::Field("changes").into());
    }
    book(start, true, fields, sink)
}

fn update<'f>(start: usize, fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    fields.changes.required("changes")??;
    if fields.bids.is_given() || fields.asks.is_given() {
        return Err(Reason::Field("bids").into());
    }
    book(start, false, fields, sink)
}

/// Completes the levels that were written since there were `start` records.
fn book<'f>(start: usize, is_snapshot: bool, fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
    let update = Update { is_snapshot, first_sequence: 0, last_sequence: 0, previous_sequence: None };
    let head = sink.head_at(fields.product.required("product_id")?, fields.time.optional("time")?)?;
    sink.batch.finish_update(start, &head, &update)?;
    Ok(Outcome::Book)
}
