//! Trades. `trades` puts those of one order at one price together, `trades-all` does not.

use crate::batch::{Aggressor, Trade};
use crate::decimal::Decimal;
use crate::decoder::Sink;
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;
use crate::trade_id::TradeId;

#[derive(Debug, Default)]
struct Fields<'f> {
    price: Slot<Decimal>,
    size: Slot<Decimal>,
    side: Slot<&'f [u8]>,
    id: Slot<&'f [u8]>,
    unix_ms: Slot<u64>,
}

/// Writes one trade.
pub(super) fn write(frame: &mut Scanner<'_>, symbol: &[u8], sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let mut fields = Fields::default();
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"px" => frame.decimal(&mut fields.price, "px")?,
            b"sz" => frame.decimal(&mut fields.size, "sz")?,
            b"side" => frame.text(&mut fields.side, "side")?,
            b"tradeId" => frame.name(&mut fields.id, "tradeId")?,
            b"ts" => frame.whole(&mut fields.unix_ms, "ts")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let trade = Trade {
        price: sink.positive(fields.price.required("px")?, "px")?,
        size: sink.positive(fields.size.required("sz")?, "sz")?,
        aggressor: match fields.side.required("side")? {
            b"buy" => Aggressor::Buyer,
            b"sell" => Aggressor::Seller,
            _ => return Err(Reason::Field("side").into()),
        },
        id: TradeId::of(fields.id.required("tradeId")?).ok_or(Reason::Field("tradeId"))?,
    };
    let head = sink.head(symbol, Some(fields.unix_ms.required("ts")?))?;
    Ok(sink.batch.trade(&head, &trade)?)
}
