//! Trades, several in a frame. v5 and v2 say the same under other names.

use crate::batch::{Aggressor, Trade};
use crate::decimal::Decimal;
use crate::decoder::Sink;
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;
use crate::trade_id::TradeId;

/// Writes the trades of v5.
pub(super) fn write(frame: &mut Scanner<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    write_all(frame, sink, &V5, |name, frame, fields| match name {
        b"s" => frame.text(&mut fields.symbol, V5.symbol),
        b"S" => frame.text(&mut fields.side, V5.side),
        b"p" => frame.decimal(&mut fields.price, V5.price),
        b"v" => frame.decimal(&mut fields.size, V5.size),
        b"i" => frame.name(&mut fields.id, V5.id),
        b"T" => frame.whole(&mut fields.unix_ms, V5.unix_ms),
        _ => frame.skip(),
    })
}

/// Writes the trades of v2.
pub(super) fn write_v2(frame: &mut Scanner<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    write_all(frame, sink, &V2, |name, frame, fields| match name {
        b"symbol" => frame.text(&mut fields.symbol, V2.symbol),
        b"side" => frame.text(&mut fields.side, V2.side),
        b"price" => frame.decimal(&mut fields.price, V2.price),
        b"size" => frame.decimal(&mut fields.size, V2.size),
        b"trade_id" => frame.name(&mut fields.id, V2.id),
        b"trade_time_ms" => frame.whole(&mut fields.unix_ms, V2.unix_ms),
        _ => frame.skip(),
    })
}

/// What the fields of a trade are called.
struct Names {
    symbol: &'static str,
    side: &'static str,
    price: &'static str,
    size: &'static str,
    id: &'static str,
    unix_ms: &'static str,
}

const V5: Names = Names { symbol: "s", side: "S", price: "p", size: "v", id: "i", unix_ms: "T" };
const V2: Names =
    Names { symbol: "symbol", side: "side", price: "price", size: "size", id: "trade_id", unix_ms: "trade_time_ms" };

#[derive(Debug, Default)]
struct Fields<'f> {
    symbol: Slot<&'f [u8]>,
    side: Slot<&'f [u8]>,
    price: Slot<Decimal>,
    size: Slot<Decimal>,
    id: Slot<&'f [u8]>,
    unix_ms: Slot<u64>,
}

#[inline]
fn write_all<'f>(
    frame: &mut Scanner<'f>,
    sink: &mut Sink<'_, '_>,
    names: &Names,
    field: impl Fn(&[u8], &mut Scanner<'f>, &mut Fields<'f>) -> Scanned<()>,
) -> Scanned<()> {
    if frame.peek() != b'[' {
        return Err(Reason::Field("data").into());
    }
    let mut has_item = frame.first_item()?;
    while has_item {
        if frame.peek() != b'{' {
            return Err(Reason::Field("data").into());
        }
        let mut fields = Fields::default();
        let mut key = frame.first_key()?;
        while let Some(name) = key {
            field(name, frame, &mut fields)?;
            key = frame.next_key()?;
        }
        write_one(&fields, names, sink)?;
        has_item = frame.next_item()?;
    }
    Ok(())
}

#[inline]
fn write_one(fields: &Fields<'_>, names: &Names, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let trade = Trade {
        price: sink.positive(fields.price.required(names.price)?, names.price)?,
        size: sink.positive(fields.size.required(names.size)?, names.size)?,
        aggressor: match fields.side.required(names.side)? {
            b"Buy" => Aggressor::Buyer,
            b"Sell" => Aggressor::Seller,
            _ => return Err(Reason::Field(names.side).into()),
        },
        id: TradeId::of(fields.id.required(names.id)?).ok_or(Reason::Field(names.id))?,
    };
    let unix_ms = fields.unix_ms.required(names.unix_ms)?;
    let head = sink.head(fields.symbol.required(names.symbol)?, Some(unix_ms))?;
    Ok(sink.batch.trade(&head, &trade)?)
}
