//! Sets of books: each against an oracle, whatever comes, and bounded.

#![allow(clippy::float_cmp, reason = "the numbers are whole, or those that were given")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use tickbus_bus::layout::{
    BOOK_ROW_ASK_PRICE, BOOK_ROW_BID_PRICE, BOOK_ROW_BID_SIZE, BOOK_ROW_CHANGES, BOOK_ROW_DOUBLES, BOOK_ROW_FAULTS,
    BOOK_ROW_INSTRUMENT, BOOK_ROW_STATE, BOOK_STATE_LIVE, BOOK_STATE_STALE,
};
use tickbus_market::batch::{Batch, Head, Longs, Side, Update};
use tickbus_market::book::BookOptions;
use tickbus_market::book::continuity::Continuity;
use tickbus_market::books::{Books, BooksOptions};

type Change = (Side, u32, u32);
/// How far the middle moves, then changes: whether of a bid, how far from the middle, and the size.
type Move = (i64, Vec<(bool, u32, u32)>);

fn update(instrument: u32, is_snapshot: bool, number: u64, levels: &[Change]) -> Vec<Longs> {
    let mut out = vec![[0; 8]; levels.len().max(1)];
    let mut batch = Batch::new(&mut out);
    for (side, price, size) in levels {
        batch.level(*side, f64::from(*price), f64::from(*size)).expect("there is room");
    }
    let head = Head { instrument, event_ns: number as f64, init_ns: number as f64 };
    let numbers = Update { is_snapshot, first_sequence: number, last_sequence: number, previous_sequence: None };
    batch.finish_update(0, &head, &numbers).expect("there is room");
    out
}

fn books(books_most: usize, settings: Option<BookOptions>) -> Books {
    Books::new(BooksOptions { books_most, instruments_most: 1_000, settings })
}

const PLUS_ONE: BookOptions = BookOptions::new(Continuity::PlusOne);
const TOP: [Change; 2] = [(Side::Bid, 100, 1), (Side::Ask, 101, 2)];

/// What a side holds: the oracle, which gives up the worst level when it is full, step for step.
#[derive(Default)]
struct Oracle {
    levels: BTreeMap<i64, u32>,
    given_up: u64,
    reach: Option<i64>,
}

impl Oracle {
    fn set(&mut self, key: i64, size: u32, limit: usize) {
        if size == 0 {
            self.levels.remove(&key);
        } else if self.levels.contains_key(&key) || self.levels.len() < limit {
            self.levels.insert(key, size);
        } else {
            self.given_up += 1;
            let worst = *self.levels.keys().next().expect("it is full");
            if key < worst {
                self.cut_off();
                return;
            }
            self.levels.remove(&worst);
            self.cut_off();
            self.levels.insert(key, size);
        }
    }

    fn cut_off(&mut self) {
        if let Some(worst) = self.levels.keys().next() {
            self.reach = Some(self.reach.map_or(*worst, |reach| reach.max(*worst)));
        }
    }

    fn levels(&self) -> Vec<(u32, u32)> {
        self.levels.iter().rev().map(|(key, size)| (key.unsigned_abs() as u32, *size)).collect()
    }
}

/// Prices that wander, so that levels go for good, come back and are given up; a few of them take a side nearly empty.
fn wandering() -> impl Strategy<Value = Vec<Move>> {
    let size = prop_oneof![2 => Just(0), 3 => 1_u32..50];
    let change = (any::<bool>(), 1_u32..60, size);
    let step = prop_oneof![8 => -20_i64..20, 1 => -2_000_i64..2_000];
    prop::collection::vec((step, prop::collection::vec(change, 0..30)), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn levels_that_go_and_come_back_are_those_of_an_ordered_map(moves in wandering(), limit in 1_usize..50) {
        let mut books = books(1, None);
        books.open(0, BookOptions { limit, ..BookOptions::new(Continuity::Unverified) });
        // The sides never meet: asks lie far above, and wander on their own.
        let mut sides = [Oracle::default(), Oracle::default()];
        books.apply(&update(0, true, 0, &[]));
        let mut middle = 100_000_i64;
        for (step, changes) in moves {
            middle = (middle + step).clamp(10_000, 190_000);
            let levels: Vec<Change> = changes.iter().map(|(is_bid, at, size)| {
                let price = u32::try_from(middle).expect("it is positive") + at;
                if *is_bid { (Side::Bid, price, *size) } else { (Side::Ask, 1_000_000 + price, *size) }
            }).collect();
            for (side, price, size) in &levels {
                let (oracle, key) = match side {
                    Side::Bid => (0, i64::from(*price)),
                    Side::Ask => (1, -i64::from(*price)),
                };
                sides[oracle].set(key, *size, limit);
            }
            books.apply(&update(0, false, 0, &levels));
            let book = books.get(0).expect("it is open");
            prop_assert!(book.state().is_following());
            for (side, oracle) in [Side::Bid, Side::Ask].into_iter().zip(&sides) {
                let found: Vec<_> = book.depth(side).map(|level| (level.price as u32, level.size as u32)).collect();
                prop_assert_eq!(&found, &oracle.levels());
                prop_assert_eq!(book.best(side).map(|level| level.price as u32), found.first().map(|level| level.0));
                prop_assert_eq!(book.reach(side), oracle.reach.map(|reach| reach.unsigned_abs() as f64));
            }
            prop_assert_eq!(book.counts().given_up, sides[0].given_up + sides[1].given_up);
        }
    }

    #[test]
    fn any_records_leave_each_book_following_or_silent_and_never_crossed(
        records in prop::collection::vec(any::<[u64; 8]>(), 0..64),
        heads in prop::collection::vec((0_u32..4, 0_u64..256), 64),
        numbers in prop::collection::vec(prop::sample::select(vec![0.0, -1.0, 1.0, 2.0, f64::NAN, f64::INFINITY, 1e300]), 128),
    ) {
        let mut set = books(2, Some(BookOptions { limit: 10, ..PLUS_ONE }));
        let mut hostile = records;
        for (i, record) in hostile.iter_mut().enumerate() {
            let (instrument, flags) = heads[i];
            record[0] = 8 | flags << 8 | u64::from(instrument) << 32;
            record[3] = numbers[2 * i].to_bits();
            record[4] = numbers[2 * i + 1].to_bits();
        }
        set.apply(&hostile);
        let mut page = vec![f64::NAN; set.page_doubles()];
        prop_assert_eq!(set.write_changes(&mut page), set.len());
        for number in 0..set.len() as u32 {
            let book = set.get(number).expect("it is there");
            if let (Some(bid), Some(ask)) = (book.best(Side::Bid), book.best(Side::Ask)) {
                prop_assert!(bid.price < ask.price && bid.price > 0.0 && ask.price.is_finite());
            }
            if !book.state().is_following() {
                prop_assert_eq!(book.depth(Side::Bid).count() + book.depth(Side::Ask).count(), 0);
            }
        }
    }
}

#[test]
fn each_update_goes_to_the_book_of_its_instrument_and_each_changed_book_is_written_once() {
    let mut set = books(4, Some(PLUS_ONE));
    let mut records = update(7, true, 1, &TOP);
    records.extend(update(3, true, 1, &[(Side::Bid, 50, 4)]));
    records.extend(update(7, false, 2, &[(Side::Bid, 99, 5), (Side::Bid, 100, 0)]));
    set.apply(&records);
    let mut page = vec![0.0; set.page_doubles()];
    assert_eq!(set.write_changes(&mut page), 2);
    assert_eq!(page[..2], [0.0, 1.0]);
    let rows = &page[4..];
    assert_eq!([rows[BOOK_ROW_INSTRUMENT], rows[BOOK_ROW_DOUBLES + BOOK_ROW_INSTRUMENT]], [7.0, 3.0]);
    assert_eq!([rows[BOOK_ROW_BID_PRICE], rows[BOOK_ROW_BID_SIZE], rows[BOOK_ROW_ASK_PRICE]], [99.0, 5.0, 101.0]);
    assert_eq!((rows[BOOK_ROW_STATE] as u32, rows[BOOK_ROW_CHANGES]), (BOOK_STATE_LIVE, 2.0));
    assert!(rows[BOOK_ROW_DOUBLES + BOOK_ROW_ASK_PRICE].is_nan(), "a side without a level has no price");
    assert_eq!(set.write_changes(&mut page), 0, "nothing has changed since");
    set.apply(&update(7, false, 9, &[]));
    assert_eq!(set.write_changes(&mut page), 1);
    let rows = &page[4..];
    assert_eq!((rows[BOOK_ROW_STATE] as u32, rows[BOOK_ROW_FAULTS]), (BOOK_STATE_STALE, 1.0));
    assert!(rows[BOOK_ROW_BID_PRICE].is_nan(), "a stale book answers nothing");
}

#[test]
fn a_page_that_is_too_short_is_left_alone_and_nothing_is_forgotten() {
    let mut set = books(2, Some(PLUS_ONE));
    set.apply(&update(0, true, 1, &TOP));
    assert_eq!(set.write_changes(&mut [0.0; 3]), 0);
    assert_eq!(set.write_changes(&mut vec![0.0; set.page_doubles()]), 1);
}

#[test]
fn a_million_instruments_take_no_more_books_than_allowed() {
    let mut set = books(16, Some(PLUS_ONE));
    for instrument in 0..1_000_000 {
        set.apply(&update(instrument, true, 1, &TOP));
    }
    let [count, unknown, refused, bytes] = set.totals();
    assert_eq!([count, unknown, refused], [16.0, 999_000.0, 984.0]);
    assert!(bytes < 16.0 * 8_192.0, "{bytes} bytes for 16 books of one level a side");
}

#[test]
fn without_settings_for_all_only_opened_instruments_get_a_book() {
    let mut set = books(1, None);
    assert_eq!(set.open(5, PLUS_ONE), Some(0));
    assert_eq!((set.open(6, PLUS_ONE), set.open(1_000, PLUS_ONE)), (None, None));
    set.apply(&update(5, true, 1, &TOP));
    set.apply(&update(6, true, 1, &TOP));
    assert_eq!(set.totals()[..3], [1.0, 1.0, 0.0]);
    assert_eq!(set.open(5, PLUS_ONE), Some(0), "one that is opened again begins anew");
    assert_eq!(set.get(0).map(|book| book.counts().snapshots), Some(0));
}

#[test]
fn a_book_takes_less_than_half_again_of_what_its_levels_need_and_goes_on_so_while_prices_move() {
    const LEVELS: u32 = 1_000;
    /// Bytes: a price, a size, a place in the order, two in the table.
    const LEAST: f64 = 28.0;
    let mut set = books(1, Some(BookOptions::new(Continuity::Unverified)));
    let sides: Vec<_> = (0..LEVELS).flat_map(|i| [(Side::Bid, 10_000 - i, 1), (Side::Ask, 10_001 + i, 1)]).collect();
    set.apply(&update(0, true, 0, &sides));
    let most = 1.6 * LEAST * 2.0 * f64::from(LEVELS);
    assert!(set.totals()[3] < most, "{} bytes after the snapshot", set.totals()[3]);
    for top in 10_001..20_000 {
        let moved =
            [(Side::Ask, top, 0), (Side::Bid, top, 1), (Side::Bid, top - LEVELS, 0), (Side::Ask, top + LEVELS, 1)];
        set.apply(&update(0, false, 0, &moved));
        assert!(set.totals()[3] < most, "{} bytes at {top}", set.totals()[3]);
    }
    assert_eq!(set.get(0).map(|book| book.depth(Side::Bid).count()), Some(LEVELS as usize));
    assert_eq!(set.get(0).map(|book| book.depth(Side::Ask).count()), Some(LEVELS as usize));
}

#[test]
fn a_full_book_takes_bounded_memory_however_far_prices_wander() {
    let mut set = books(1, None);
    set.open(0, BookOptions { limit: 100, ..BookOptions::new(Continuity::Unverified) });
    set.apply(&update(0, true, 0, &[]));
    let mut most = 0.0_f64;
    for price in 1..100_000 {
        set.apply(&update(0, false, 0, &[(Side::Bid, price, 1)]));
        most = most.max(set.totals()[3]);
    }
    assert!(most < 16_384.0, "{most} bytes");
    assert_eq!(set.get(0).map(|book| book.counts().given_up), Some(99_899));
}
