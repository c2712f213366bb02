//! What holds for any records that are given to order books, as torn or foreign memory could hold them. The fuzz target and
//! `tests/corpus.rs` both call it.

use tickbus_market::batch::{Longs, Side};
use tickbus_market::book::checksum::Checksum;
use tickbus_market::book::continuity::Continuity;
use tickbus_market::book::pending::PENDING_MOST;
use tickbus_market::book::update::updates;
use tickbus_market::book::{Book, BookOptions};
use tickbus_market::books::{Books, BooksOptions};

const RULES: [&str; 7] = ["binance-spot", "binance-futures", "plus-one", "previous", "okx", "checksum", "unverified"];
const BOOKS_MOST: usize = 3;
const INSTRUMENTS_MOST: usize = 8;
const LIMIT: usize = 16;
/// Bytes of a side of a full book, and of all that belongs to a book but its sides and what waits.
const SIDE_BYTES_MOST: usize = 1_024;
const BOOK_BYTES_MOST: usize = 1_024;

/// Takes the first byte as the choice of options, and what follows as records.
///
/// # Panics
///
/// If anything does not hold.
pub(crate) fn check(bytes: &[u8]) {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let records: Vec<Longs> = bytes.as_chunks::<64>().0.iter().map(record_of).collect();
    let whole = books_after(*choice, &[&records]);
    // An update ends with its last level, so that records cut anywhere else are other updates.
    let cut = records.iter().position(is_end).map_or(0, |at| at + 1);
    let parted = books_after(*choice, &[&records[..cut], &records[cut..]]);
    assert_eq!(whole, parted);
}

/// Applies the records, each list in a call. Returns all levels of all books.
fn books_after(choice: u8, pieces: &[&[Longs]]) -> Vec<[Vec<(u64, u64)>; 2]> {
    let options =
        BooksOptions { books_most: BOOKS_MOST, instruments_most: INSTRUMENTS_MOST, settings: Some(options_of(choice)) };
    let mut books = Books::new(options);
    let mut page = vec![0.0; books.page_doubles()];
    for records in pieces {
        books.apply(records);
        assert!(books.write_changes(&mut page) <= BOOKS_MOST);
    }
    assert!(books.len() <= BOOKS_MOST);
    let waiting = PENDING_MOST * size_of::<Longs>() * 2;
    let most = BOOKS_MOST * (2 * SIDE_BYTES_MOST + BOOK_BYTES_MOST + waiting);
    assert!(books.totals()[3] <= most as f64, "{} bytes", books.totals()[3]);
    let all = (0..books.len() as u32).filter_map(|number| books.get(number));
    all.map(|book| [Side::Bid, Side::Ask].map(|side| levels_of(book, side))).collect()
}

/// The levels of a side, which are sound: of amounts, in order, not too many, and on their side of the other one's.
fn levels_of(book: &Book, side: Side) -> Vec<(u64, u64)> {
    let sign = if side == Side::Bid { 1.0 } else { -1.0 };
    let levels: Vec<_> = book.depth(side).collect();
    assert!(levels.len() <= LIMIT && (book.state().is_following() || levels.is_empty()));
    assert!(levels.iter().all(|level| level.price > 0.0 && level.size > 0.0 && level.size.is_finite()));
    assert!(levels.is_sorted_by(|one, next| sign * one.price > sign * next.price));
    if let (Some(bid), Some(ask)) = (book.best(Side::Bid), book.best(Side::Ask)) {
        assert!(bid.price < ask.price);
    }
    levels.iter().map(|level| (level.price.to_bits(), level.size.to_bits())).collect()
}

fn options_of(choice: u8) -> BookOptions {
    let rule = RULES[choice as usize % RULES.len()];
    let rest = choice as usize / RULES.len();
    let checksums = [None, Some(Checksum::Okx), Some(Checksum::Kraken { price_places: 1, size_places: 8 })];
    BookOptions {
        limit: LIMIT,
        checksum: checksums[rest % 3],
        window: (rest / 3 % 2 == 1).then_some(LIMIT / 2),
        snapshot_levels: if rest / 6 % 2 == 1 { LIMIT / 2 } else { usize::MAX },
        ..BookOptions::new(Continuity::named(rule).expect("it is one of the rules"))
    }
}

fn record_of(bytes: &[u8; 64]) -> Longs {
    let (longs, _) = bytes.as_chunks::<8>();
    std::array::from_fn(|place| u64::from_le_bytes(longs[place]))
}

fn is_end(record: &Longs) -> bool {
    // Behind it another one begins.
    updates(&[*record, *record]).count() != 1
}
