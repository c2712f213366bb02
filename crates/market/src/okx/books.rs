//! Order books, whose updates name the one before them. Before 2023 they did not, and a checksum told of gaps; since 2026
//! the checksum is always 0, which says nothing.

use crate::batch::{Side, Update};
use crate::decoder::Sink;
use crate::levels::{Levels, levels};
use crate::reject::Reason;
use crate::scanner::{Scanned, Scanner};
use crate::slot::Slot;

#[derive(Debug, Default)]
struct Fields {
    bids: Slot<Levels>,
    asks: Slot<Levels>,
    unix_ms: Slot<u64>,
    sequence: Slot<u64>,
    previous: Slot<i64>,
    checksum: Slot<i64>,
}

/// Writes one snapshot or update.
pub(super) fn write(frame: &mut Scanner<'_>, symbol: &[u8], is_snapshot: bool, sink: &mut Sink<'_, '_>) -> Scanned<()> {
    let start = sink.batch.len();
    let mut fields = Fields::default();
    let mut key = frame.first_key()?;
    while let Some(name) = key {
        match name {
            b"bids" => levels(frame, Side::Bid, &mut fields.bids, "bids", sink)?,
            b"asks" => levels(frame, Side::Ask, &mut fields.asks, "asks", sink)?,
            b"ts" => frame.whole(&mut fields.unix_ms, "ts")?,
            b"seqId" => frame.whole(&mut fields.sequence, "seqId")?,
            b"prevSeqId" => frame.signed(&mut fields.previous, "prevSeqId")?,
            b"checksum" => frame.signed(&mut fields.checksum, "checksum")?,
            _ => frame.skip()?,
        }
        key = frame.next_key()?;
    }
    let (bids, asks) = (fields.bids.required("bids")?, fields.asks.required("asks")?);
    bids.and(asks)?;
    let sequence = fields.sequence.optional("seqId")?.unwrap_or(0);
    let checksum = checksum(fields.checksum.optional("checksum")?)?;
    let update = Update {
        is_snapshot,
        first_sequence: sequence,
        last_sequence: sequence,
        previous_sequence: if is_snapshot { None } else { previous(&fields, checksum)? },
    };
    let head = sink.head(symbol, Some(fields.unix_ms.required("ts")?))?;
    sink.batch.finish_update(start, &head, &update)?;
    if let Some(checksum) = checksum {
        sink.batch.add_checksum(start, checksum);
    }
    Ok(())
}

/// The number of the update before this one. Without it there has to be a checksum, or a gap would never be seen.
fn previous(fields: &Fields, checksum: Option<u32>) -> Result<Option<u64>, Reason> {
    match fields.previous.optional("prevSeqId")? {
        None if checksum.is_some() => Ok(None),
        Some(previous) => previous.try_into().map(Some).map_err(|_| Reason::Field("prevSeqId")),
        None => Err(Reason::Field("prevSeqId")),
    }
}

/// The 32 bits that the venue writes with a sign.
fn checksum(number: Option<i64>) -> Result<Option<u32>, Reason> {
    match number {
        None | Some(0) => Ok(None),
        Some(number) => {
            i32::try_from(number).map(|number| Some(number.cast_unsigned())).map_err(|_| Reason::Field("checksum"))
        }
    }
}
