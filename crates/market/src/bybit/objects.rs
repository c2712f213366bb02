//! The order books of v2, whose levels are objects: all of them in a list or in `order_book`, what has changed in the
//! lists `delete`, `update` and `insert`.

use crate::batch::Side;
use crate::decimal::Decimal;
use crate::decoder::Sink;
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;

/// Writes the levels of the data.
pub(super) fn write(frame: &mut Scanner<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    if frame.peek() != b'{' {
        return list(frame, "data", sink, level);
    }
    let mut met = Met::default();
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"order_book" => {
                met.order_book.fill((), "order_book")?;
                list(frame, "order_book", sink, level)?;
            }
            b"delete" => {
                met.delete.fill((), "delete")?;
                list(frame, "delete", sink, deleted)?;
            }
            b"update" => {
                met.update.fill((), "update")?;
                list(frame, "update", sink, level)?;
            }
            b"insert" => {
                met.insert.fill((), "insert")?;
                list(frame, "insert", sink, level)?;
            }
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    Ok(())
}

/// Which lists were there.
#[derive(Debug, Default)]
struct Met {
    order_book: Slot<()>,
    delete: Slot<()>,
    update: Slot<()>,
    insert: Slot<()>,
}

fn list(
    frame: &mut Scanner<'_>,
    field: &'static str,
    sink: &mut Sink<'_, '_>,
    write: impl Fn(&Fields<'_>, &mut Sink<'_, '_>) -> Scanned<()>,
) -> Scanned<()> {
    if frame.peek() != b'[' {
        return Err(Reason::Field(field).into());
    }
    let mut has_item = frame.first_item()?;
    while has_item {
        if frame.peek() != b'{' {
            return Err(Reason::Field(field).into());
        }
        write(&fields(frame)?, sink)?;
        has_item = frame.next_item()?;
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Fields<'f> {
    price: Slot<Decimal>,
    side: Slot<&'f [u8]>,
    size: Slot<Decimal>,
}

#[inline]
fn fields<'f>(frame: &mut Scanner<'f>) -> Scanned<Fields<'f>> {
    let mut fields = Fields::default();
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"price" => frame.decimal(&mut fields.price, "price")?,
            b"side" => frame.text(&mut fields.side, "side")?,
            b"size" => frame.decimal(&mut fields.size, "size")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    Ok(fields)
}

#[inline]
fn level(fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let (of, price) = place(fields, sink)?;
    let size = sink.amount(fields.size.required("size")?, "size")?;
    Ok(sink.batch.level(of, price, size)?)
}

/// Whatever size it had.
#[inline]
fn deleted(fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let (of, price) = place(fields, sink)?;
    Ok(sink.batch.level(of, price, 0.0)?)
}

#[inline]
fn place(fields: &Fields<'_>, sink: &mut Sink<'_, '_>) -> Result<(Side, f64), Reason> {
    let of = match fields.side.required("side")? {
        b"Buy" => Side::Bid,
        b"Sell" => Side::Ask,
        _ => return Err(Reason::Field("side")),
    };
    Ok((of, sink.amount(fields.price.required("price")?, "price")?))
}
