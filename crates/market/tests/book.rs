//! Books against an oracle rebuilt from scratch, and what makes them stale.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tickbus_bus::layout::{BOOK_LEVEL_DOUBLE_CHECKSUM, BOOK_LEVEL_FLAG_CHECKSUM};
use tickbus_market::batch::{Batch, Head, Longs, Side, Update};
use tickbus_market::book::checksum::Checksum;
use tickbus_market::book::continuity::Continuity;
use tickbus_market::book::pending::PENDING_MOST;
use tickbus_market::book::state::{Fault, State};
use tickbus_market::book::update::updates;
use tickbus_market::book::{Book, BookOptions};

type Change = (Side, u32, u32);

/// The records of an update, prices and sizes being whole numbers.
fn update(is_snapshot: bool, (first, last, previous): (u64, u64, Option<u64>), levels: &[Change]) -> Vec<Longs> {
    let mut out = vec![[0; 8]; levels.len().max(1)];
    let mut batch = Batch::new(&mut out);
    for (side, price, size) in levels {
        batch.level(*side, f64::from(*price), f64::from(*size)).expect("there is room");
    }
    let head = Head { instrument: 0, event_ns: last as f64, init_ns: 0.0 };
    let numbers = Update { is_snapshot, first_sequence: first, last_sequence: last, previous_sequence: previous };
    batch.finish_update(0, &head, &numbers).expect("there is room");
    out
}

fn snapshot(last: u64, levels: &[Change]) -> Vec<Longs> {
    update(true, (last, last, None), levels)
}

/// The update with the venue's checksum in it.
fn verified(mut update: Vec<Longs>, checksum: u32) -> Vec<Longs> {
    for record in &mut update {
        record[0] |= u64::from(BOOK_LEVEL_FLAG_CHECKSUM << 8);
        record[BOOK_LEVEL_DOUBLE_CHECKSUM] = f64::from(checksum).to_bits();
    }
    update
}

fn delta(first: u64, last: u64) -> Vec<Longs> {
    update(false, (first, last, None), &[])
}

fn linked(first: u64, last: u64, previous: u64) -> Vec<Longs> {
    update(false, (first, last, Some(previous)), &[])
}

const TOP: [Change; 2] = [(Side::Bid, 100, 1), (Side::Ask, 101, 2)];

fn book(continuity: Continuity) -> Book {
    Book::new(BookOptions::new(continuity))
}

fn live(continuity: Continuity, last: u64) -> Book {
    let mut book = book(continuity);
    assert_eq!(book.apply(&snapshot(last, &TOP)), State::Live);
    book
}

fn levels_of(book: &Book, side: Side) -> Vec<(u32, u32)> {
    book.depth(side).map(|level| (level.price as u32, level.size as u32)).collect()
}

fn change() -> impl Strategy<Value = Change> {
    let size = prop_oneof![1 => Just(0), 2 => 1_u32..50];
    (any::<bool>(), 1_u32..200, size).prop_map(|(is_bid, at, size)| {
        if is_bid { (Side::Bid, 1_000 - at, size) } else { (Side::Ask, 1_000 + at, size) }
    })
}

/// Every level in order, the best first, out of all changes.
fn oracle<'a>(side: Side, changes: impl Iterator<Item = &'a Change>) -> Vec<(u32, u32)> {
    let mut levels = BTreeMap::new();
    for (_, price, size) in changes.filter(|change| change.0 == side) {
        if *size == 0 {
            levels.remove(price);
        } else {
            levels.insert(*price, *size);
        }
    }
    let ascending: Vec<_> = levels.into_iter().collect();
    if side == Side::Bid { ascending.into_iter().rev().collect() } else { ascending }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_book_is_what_all_changes_together_make(
        changes in prop::collection::vec(prop::collection::vec(change(), 0..40), 1..12),
    ) {
        let mut book = book(Continuity::PlusOne);
        for (number, levels) in changes.iter().enumerate() {
            let at = number as u64 + 1;
            book.apply(&update(number == 0, (at, at, None), levels));
            let so_far = || changes[..=number].iter().flatten();
            for side in [Side::Bid, Side::Ask] {
                let expected = oracle(side, so_far());
                prop_assert_eq!(levels_of(&book, side), expected.clone());
                let sum: u32 = expected.iter().take(5).map(|level| level.1).sum();
                if let Some((price, _)) = expected.iter().take(5).next_back() {
                    prop_assert_eq!(book.volume_to(side, f64::from(*price)), Some(f64::from(sum)));
                    prop_assert_eq!(book.price_for(side, f64::from(sum)), Some(f64::from(*price)));
                }
            }
        }
    }

    #[test]
    fn a_full_book_is_right_as_far_as_it_reaches(
        changes in prop::collection::vec(prop::collection::vec(change(), 0..40), 1..12),
        limit in 10_usize..40,
    ) {
        let mut book = Book::new(BookOptions { limit, ..BookOptions::new(Continuity::PlusOne) });
        for (number, levels) in changes.iter().enumerate() {
            let at = number as u64 + 1;
            prop_assert!(book.apply(&update(number == 0, (at, at, None), levels)).is_following());
            for side in [Side::Bid, Side::Ask] {
                let found = levels_of(&book, side);
                let expected = oracle(side, changes[..=number].iter().flatten());
                prop_assert!(found.len() <= limit);
                let within = |level: &&(u32, u32)| match (book.reach(side), side) {
                    (None, _) => true,
                    (Some(reach), Side::Bid) => f64::from(level.0) >= reach,
                    (Some(reach), Side::Ask) => f64::from(level.0) <= reach,
                };
                let known: Vec<_> = expected.iter().filter(within).collect();
                prop_assert_eq!(found.iter().filter(within).collect::<Vec<_>>(), known);
                prop_assert!(found.iter().all(|level| expected.contains(level)));
            }
        }
    }

    #[test]
    fn no_order_of_updates_makes_a_book_that_is_live_and_wrong(
        order in prop::collection::vec(0_usize..8, 0..30),
        changes in prop::collection::vec(prop::collection::vec(change(), 1..5), 8),
        continuity in prop::sample::select(vec![Continuity::BinanceSpot, Continuity::BinanceFutures, Continuity::PlusOne, Continuity::Previous]),
    ) {
        let mut book = book(continuity);
        book.apply(&snapshot(1, &changes[0]));
        for which in order {
            let at = which as u64 + 1;
            let first = if continuity == Continuity::BinanceFutures { at - 1 } else { at };
            let levels = &changes[which];
            book.apply(&update(false, (first, at, Some(at - 1)), levels));
            if book.state() == State::Live {
                let last = book.last_sequence() as usize;
                let expected = oracle(Side::Bid, changes[..last].iter().flatten());
                prop_assert_eq!(levels_of(&book, Side::Bid), expected);
            } else {
                prop_assert_eq!(book.best(Side::Bid), None);
            }
        }
    }

    #[test]
    fn a_book_that_crosses_answers_nothing(price in 1_u32..100, by in 0_u32..10) {
        let mut book = live(Continuity::PlusOne, 1);
        let state = book.apply(&update(false, (2, 2, None), &[(Side::Bid, 101 + by, 1), (Side::Bid, price, 1)]));
        prop_assert_eq!(state, State::Stale(Fault::Crossed));
        prop_assert_eq!((book.best(Side::Bid), book.best(Side::Ask)), (None, None));
        prop_assert_eq!((book.volume_to(Side::Bid, 1.0), book.price_for(Side::Bid, 1.0)), (None, None));
        prop_assert_eq!(book.apply(&snapshot(9, &TOP)), State::Live);
    }
}

#[test]
fn a_spot_update_follows_the_snapshot_if_it_holds_the_next_change() {
    for (first, last, expected) in [(8, 11, State::Live), (11, 11, State::Live), (12, 12, State::Stale(Fault::Gap))] {
        assert_eq!(live(Continuity::BinanceSpot, 10).apply(&delta(first, last)), expected, "{first} to {last}");
    }
    let mut book = live(Continuity::BinanceSpot, 10);
    book.apply(&delta(8, 10));
    assert_eq!((book.counts().late, book.last_sequence()), (1, 10));
    book.apply(&delta(9, 12));
    assert_eq!(
        book.apply(&delta(12, 13)),
        State::Stale(Fault::Gap),
        "an update that overlaps another is none that follows"
    );
}

#[test]
fn a_futures_update_follows_the_snapshot_if_it_holds_its_change() {
    for (first, last, previous, expected) in [
        (8, 12, 7, State::Live),
        (10, 10, 7, State::Live),
        (11, 12, 10, State::Live),
        (11, 12, 9, State::Stale(Fault::Gap)),
    ] {
        let mut book = live(Continuity::BinanceFutures, 10);
        assert_eq!(book.apply(&linked(first, last, previous)), expected, "{first} to {last}");
    }
    let mut book = live(Continuity::BinanceFutures, 10);
    assert_eq!(book.apply(&update(false, (3, 9, Some(2)), &[(Side::Bid, 99, 1)])), State::Live);
    assert_eq!(levels_of(&book, Side::Bid), [(100, 1)]);
    book.apply(&linked(8, 12, 7));
    assert_eq!(book.apply(&linked(20, 25, 12)), State::Live);
    assert_eq!(book.apply(&linked(8, 12, 7)), State::Live, "one that came twice is late");
    assert_eq!(book.apply(&linked(30, 35, 26)), State::Stale(Fault::Gap));
    assert_eq!((book.counts().late, book.counts().gap, book.counts().updates), (2, 1, 2));
}

#[test]
fn numbers_that_begin_anew_follow_where_they_name_the_last_one() {
    let mut book = live(Continuity::Previous, 10);
    assert_eq!(book.apply(&linked(10, 10, 10)), State::Live);
    assert_eq!(book.apply(&linked(3, 3, 10)), State::Live);
    assert_eq!(book.apply(&linked(4, 4, 10)), State::Stale(Fault::Gap));
}

#[test]
fn updates_before_the_snapshot_are_applied_to_it() {
    let mut book = book(Continuity::BinanceSpot);
    book.apply(&update(false, (1, 5, None), &[(Side::Bid, 50, 1)]));
    book.apply(&update(false, (6, 9, None), &[(Side::Bid, 51, 1)]));
    book.apply(&update(false, (10, 12, None), &[(Side::Bid, 52, 1)]));
    assert_eq!(book.state(), State::Empty);
    assert_eq!(book.apply(&snapshot(7, &TOP)), State::Live);
    assert_eq!(levels_of(&book, Side::Bid), [(100, 1), (52, 1), (51, 1)]);
    assert_eq!((book.counts().late, book.counts().updates, book.last_sequence()), (1, 2, 12));
}

#[test]
fn a_snapshot_heals_a_gap_with_the_updates_that_came_since() {
    let mut book = live(Continuity::BinanceSpot, 10);
    book.apply(&delta(13, 14));
    book.apply(&update(false, (15, 16, None), &[(Side::Ask, 150, 3)]));
    assert_eq!(book.state(), State::Stale(Fault::Gap));
    assert_eq!(book.apply(&snapshot(11, &TOP)), State::Stale(Fault::Gap), "the snapshot is older than what is there");
    assert_eq!(book.apply(&snapshot(13, &TOP)), State::Live);
    assert_eq!(levels_of(&book, Side::Ask), [(101, 2), (150, 3)]);
    assert_eq!(book.apply(&snapshot(12, &TOP)), State::Live);
    assert_eq!((book.last_sequence(), book.counts().late), (16, 1), "a late snapshot changes nothing");
}

#[test]
fn updates_that_wait_take_bounded_memory() {
    let mut book = book(Continuity::BinanceSpot);
    let count = PENDING_MOST as u64 * 3;
    for number in 1..=count {
        book.apply(&delta(number, number));
    }
    let early = book.counts().early;
    assert!(early >= count - PENDING_MOST as u64 && early < count);
    assert_eq!(book.apply(&snapshot(early, &TOP)), State::Live);
    assert_eq!((book.counts().late, book.counts().updates), (0, count - early));
    assert_eq!(book.last_sequence(), count);
}

#[test]
fn where_the_snapshot_comes_in_the_stream_nothing_waits_for_it() {
    let mut book = book(Continuity::Unverified);
    book.apply(&update(false, (0, 0, None), &[(Side::Bid, 50, 1)]));
    book.apply(&snapshot(0, &TOP));
    assert_eq!((levels_of(&book, Side::Bid), book.counts().early), (vec![(100, 1)], 1));
}

#[test]
fn a_book_that_was_invalidated_answers_nothing_until_the_next_snapshot() {
    let mut book = live(Continuity::BinanceSpot, 10);
    book.invalidate();
    assert_eq!(book.state(), State::Stale(Fault::Invalidated));
    assert_eq!(levels_of(&book, Side::Bid), []);
    // Nothing says that what comes next follows on this one.
    book.apply(&delta(11, 11));
    book.invalidate();
    assert_eq!(book.apply(&snapshot(10, &TOP)), State::Live);
    assert_eq!((book.last_sequence(), book.counts().invalidated), (10, 1), "what waited was dropped");
}

#[test]
fn a_level_that_cannot_be_makes_the_book_stale() {
    for (price, size) in [(0.0, 1.0), (-1.0, 1.0), (f64::NAN, 1.0), (1.0, -1.0), (1.0, f64::NAN), (f64::INFINITY, 1.0)]
    {
        let mut records = update(false, (2, 2, None), &[(Side::Bid, 1, 1)]);
        records[0][3] = price.to_bits();
        records[0][4] = size.to_bits();
        assert_eq!(live(Continuity::PlusOne, 1).apply(&records), State::Stale(Fault::Level), "{size} at {price}");
    }
}

#[test]
fn a_book_that_was_cut_off_says_so_while_its_end_is_near_the_top() {
    let levels: Vec<Change> = (0..12).flat_map(|i| [(Side::Bid, 100 - i, 1), (Side::Ask, 101 + i, 1)]).collect();
    let options = BookOptions { snapshot_levels: 12, ..BookOptions::new(Continuity::BinanceSpot) };
    let mut book = Book::new(options);
    book.apply(&snapshot(1, &levels));
    assert_eq!((book.reach(Side::Bid), book.reach(Side::Ask)), (Some(89.0), Some(112.0)));
    book.apply(&update(false, (2, 2, None), &[(Side::Bid, 70, 5), (Side::Bid, 100, 0), (Side::Bid, 99, 0)]));
    assert_eq!(book.state(), State::Live);
    assert_eq!((book.volume_to(Side::Bid, 89.0), book.volume_to(Side::Bid, 88.0)), (Some(10.0), None));
    assert_eq!((book.price_for(Side::Bid, 10.0), book.price_for(Side::Bid, 11.0)), (Some(89.0), None));
    let state = book.apply(&update(false, (3, 3, None), &[(Side::Bid, 98, 0)]));
    assert_eq!((state, book.best(Side::Bid).map(|level| level.price)), (State::Thinned, Some(97.0)));
    assert_eq!(book.apply(&update(false, (4, 4, None), &[(Side::Bid, 98, 1)])), State::Live);
    assert_eq!(book.counts().thinned, 1);
}

#[test]
fn a_window_keeps_the_levels_that_the_venue_tells_of() {
    let options = BookOptions { window: Some(2), ..BookOptions::new(Continuity::Checksum) };
    let mut book = Book::new(options);
    book.apply(&snapshot(0, &[(Side::Bid, 10, 1), (Side::Bid, 9, 1), (Side::Ask, 20, 1)]));
    book.apply(&update(false, (0, 0, None), &[(Side::Bid, 11, 1)]));
    assert_eq!((levels_of(&book, Side::Bid), book.reach(Side::Bid)), (vec![(11, 1), (10, 1)], None));
}

#[test]
fn a_wrong_checksum_makes_the_book_stale() {
    // CRC-32 of "1012010010" and of "100:1:101:2", by Python's zlib.
    let kraken = Checksum::Kraken { price_places: 0, size_places: 1 };
    for (kind, right) in [(kraken, KRAKEN), (Checksum::Okx, OKX)] {
        let options = BookOptions { checksum: Some(kind), ..BookOptions::new(Continuity::Checksum) };
        let mut book = Book::new(options);
        assert_eq!(book.apply(&verified(snapshot(0, &TOP), right)), State::Live);
        assert_eq!(book.apply(&verified(delta(0, 0), right ^ 1)), State::Stale(Fault::Checksum));
        assert_eq!((book.counts().verified, book.counts().checksum), (1, 1));
    }
}

const KRAKEN: u32 = 2_431_523_470;
const OKX: u32 = 3_756_313_483;

#[test]
fn a_batch_is_taken_apart_into_its_updates() {
    let mut records = snapshot(1, &TOP);
    records.push([1; 8]);
    records.extend(delta(2, 2));
    assert_eq!(updates(&records).map(<[Longs]>::len).collect::<Vec<_>>(), [2, 1]);
}
