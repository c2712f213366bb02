//! Updates as decoders write them: runs of book levels.

use tickbus_bus::layout::{
    BOOK_LEVEL_DOUBLE_CHECKSUM, BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE, BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
    BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE, BOOK_LEVEL_DOUBLE_PRICE, BOOK_LEVEL_DOUBLE_SIZE, BOOK_LEVEL_FLAG_ASK,
    BOOK_LEVEL_FLAG_CHECKSUM, BOOK_LEVEL_FLAG_LAST, BOOK_LEVEL_FLAG_NONE, BOOK_LEVEL_FLAG_PREVIOUS,
    BOOK_LEVEL_FLAG_SNAPSHOT, KIND_BOOK_LEVEL, RECORD_DOUBLE_EVENT,
};

use crate::batch::{Longs, Side};

/// What the levels of an update have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "layout.json says what each is")]
pub struct Head {
    pub is_snapshot: bool,
    pub first: u64,
    pub last: u64,
    pub previous: Option<u64>,
    pub checksum: Option<u32>,
    pub event_ns: f64,
}

impl Head {
    /// What an update's first record says.
    #[must_use]
    pub fn of(record: &Longs) -> Self {
        let flags = flags(record);
        let number = |field: usize| f64::from_bits(record[field]) as u64;
        let has_checksum = flags & BOOK_LEVEL_FLAG_CHECKSUM != 0;
        let first = if has_checksum { BOOK_LEVEL_DOUBLE_LAST_SEQUENCE } else { BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE };
        Self {
            is_snapshot: flags & BOOK_LEVEL_FLAG_SNAPSHOT != 0,
            first: number(first),
            last: number(BOOK_LEVEL_DOUBLE_LAST_SEQUENCE),
            previous: (flags & BOOK_LEVEL_FLAG_PREVIOUS != 0).then(|| number(BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE)),
            checksum: has_checksum.then(|| number(BOOK_LEVEL_DOUBLE_CHECKSUM) as u32),
            event_ns: f64::from_bits(record[RECORD_DOUBLE_EVENT]),
        }
    }
}

/// The updates among records, each as the run of its levels. What is no book level is passed over.
pub fn updates(records: &[Longs]) -> impl Iterator<Item = &[Longs]> {
    let is_level = |record: &Longs| record[0] as u8 == KIND_BOOK_LEVEL as u8;
    let is_end = move |record: &Longs| !is_level(record) || flags(record) & BOOK_LEVEL_FLAG_LAST != 0;
    records.split_inclusive(is_end).filter(move |run| run.last().is_some_and(is_level))
}

/// The level that a record is; none if it stands for an update without a level.
#[inline]
pub(super) fn level(record: &Longs) -> Option<(Side, f64, f64)> {
    let flags = flags(record);
    if flags & BOOK_LEVEL_FLAG_NONE != 0 {
        return None;
    }
    let side = if flags & BOOK_LEVEL_FLAG_ASK == 0 { Side::Bid } else { Side::Ask };
    let double = |field: usize| f64::from_bits(record[field]);
    Some((side, double(BOOK_LEVEL_DOUBLE_PRICE), double(BOOK_LEVEL_DOUBLE_SIZE)))
}

const fn flags(record: &Longs) -> u32 {
    record[0] as u32 >> FLAGS_SHIFT & 0xff
}

const FLAGS_SHIFT: u32 = 8;
