//! Lists of price levels, `[[price, size], …]`; what follows a size is passed over.

use crate::batch::Side;
use crate::decimal::Decimal;
use crate::decoder::Sink;
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;

/// Levels are written while they are scanned; whether a bad one matters is known only with the frame's kind.
pub type Levels = Result<(), Reason>;

/// A price and the size there.
pub type Level = (f64, f64);

/// What stands for the best level of a side that has none.
pub const NO_LEVEL: Level = (0.0, 0.0);

/// Writes the levels of one side.
pub fn levels(
    frame: &mut Scanner<'_>,
    of: Side,
    slot: &mut Slot<Levels>,
    field: &'static str,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    if frame.peek() != b'[' {
        frame.skip()?;
        return slot.spoil(field);
    }
    let mut outcome = Ok(());
    let mut has_item = frame.first_item()?;
    while has_item {
        match level(frame, field, sink)? {
            Ok((price, size)) => sink.batch.level(of, price, size)?,
            Err(reason) => outcome = outcome.and(Err(reason)),
        }
        has_item = frame.next_item()?;
    }
    slot.fill(outcome, field)
}

/// Reads the last level of a list whose size is not 0: in a list of one level, or of one that goes and one that comes,
/// the best. [`NO_LEVEL`] if there is none, and `None` if the list is empty.
pub fn top(
    frame: &mut Scanner<'_>,
    slot: &mut Slot<Result<Option<Level>, Reason>>,
    field: &'static str,
    sink: &mut Sink<'_, '_>,
) -> Scanned<()> {
    if frame.peek() != b'[' {
        frame.skip()?;
        return slot.spoil(field);
    }
    let mut outcome = Ok(None);
    let mut has_item = frame.first_item()?;
    while has_item {
        let found = level(frame, field, sink)?;
        outcome = outcome.and_then(|top: Option<Level>| {
            let (price, size) = found?;
            Ok(Some(if size == 0.0 { top.unwrap_or(NO_LEVEL) } else { (price, size) }))
        });
        has_item = frame.next_item()?;
    }
    slot.fill(outcome, field)
}

#[inline]
fn level(frame: &mut Scanner<'_>, field: &'static str, sink: &mut Sink<'_, '_>) -> Scanned<Result<Level, Reason>> {
    if frame.peek() != b'[' {
        frame.skip()?;
        return Ok(Err(Reason::Field(field)));
    }
    let (mut price, mut size) = (Slot::Absent, Slot::Absent);
    if frame.first_item()? {
        frame.decimal(&mut price, field)?;
        if frame.next_item()? {
            frame.decimal(&mut size, field)?;
            while frame.next_item()? {
                frame.skip()?;
            }
        }
    }
    Ok(amounts(price, size, field, sink))
}

/// The price and the size of a level, which a field of this name holds.
#[inline]
pub fn amounts(
    price: Slot<Decimal>,
    size: Slot<Decimal>,
    field: &'static str,
    sink: &mut Sink<'_, '_>,
) -> Result<Level, Reason> {
    let (price, size) = (price.required(field)?, size.required(field)?);
    Ok((sink.amount(price, field)?, sink.amount(size, field)?))
}
