//! What the frames of Bybit become. Those of v2 are recorded, those of v5 written by hand from the venue's documentation.

#![allow(clippy::float_cmp, reason = "decoding is exact")]

mod frames;

use frames::{Made, doubles, head, made};
use tickbus_bus::layout::{
    BOOK_LEVEL_FLAG_ASK, BOOK_LEVEL_FLAG_FIRST, BOOK_LEVEL_FLAG_LAST, BOOK_LEVEL_FLAG_SNAPSHOT, KIND_BOOK_LEVEL,
    KIND_QUOTE, KIND_TRADE, TRADE_FLAG_ID_NUMBER, TRADE_FLAG_ID_UUID,
};
use tickbus_market::book::continuity::Continuity;
use tickbus_market::book::state::{Fault, State};
use tickbus_market::book::update::updates;
use tickbus_market::book::{Book, BookOptions};
use tickbus_market::decoder::Venue;

const SNAPSHOT: &str = r#"{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1723161256304,"data":{"s":"BTCUSDT","b":[["16493.50","0.006"],["16493.00","0.100"]],"a":[["16611.00","0.029"]],"u":18521288,"seq":7961638724},"cts":1723161256303}"#;
const DELTA: &str = r#"{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1723161256304,"data":{"s":"BTCUSDT","b":[["16493.50","0"]],"a":[],"u":18521289,"seq":7961638725},"cts":1723161256303}"#;
const TRADES: &str = r#"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1723161256868,"data":[{"T":1723161256865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false},{"T":1723161256866,"s":"BTCUSDT","S":"Sell","v":"2","p":"16578","i":"17"}]}"#;
const OLD_DELTA: &str = r#"{"topic":"orderBookL2_25.ADAUSDT","type":"delta","data":{"delete":[{"price":"1.3875","symbol":"ADAUSDT","id":"13875","side":"Buy"}],"update":[{"price":"1.3876","symbol":"ADAUSDT","id":"13876","side":"Sell","size":1}],"insert":[]},"cross_seq":"916955516","timestamp_e6":"1723161256082338"}"#;

fn bybit(frames: &[&str]) -> Made {
    made(Venue::Bybit, frames)
}

#[test]
fn an_update_has_the_number_of_the_venue() {
    let made = bybit(&[SNAPSHOT, DELTA]);
    let whole = BOOK_LEVEL_FLAG_SNAPSHOT;
    let flags: Vec<_> = made.records.iter().map(head).collect();
    assert_eq!(
        flags,
        [
            (KIND_BOOK_LEVEL, whole | BOOK_LEVEL_FLAG_FIRST),
            (KIND_BOOK_LEVEL, whole),
            (KIND_BOOK_LEVEL, whole | BOOK_LEVEL_FLAG_ASK | BOOK_LEVEL_FLAG_LAST),
            (KIND_BOOK_LEVEL, BOOK_LEVEL_FLAG_FIRST | BOOK_LEVEL_FLAG_LAST),
        ]
    );
    let numbers = [18_521_289.0, 18_521_289.0, 0.0];
    assert_eq!(doubles(&made.records[3]), [3_303_000_000.0, 0.0, 16_493.5, 0.0, numbers[0], numbers[1], numbers[2]]);
    assert_eq!(made.counts.books, 2);
}

#[test]
fn a_book_follows_the_numbers_of_v5() {
    let mut book = Book::new(BookOptions::new(Continuity::PlusOne));
    for update in updates(&bybit(&[SNAPSHOT, DELTA]).records) {
        assert_eq!(book.apply(update), State::Live);
    }
    assert_eq!(book.apply(&bybit(&[DELTA]).records), State::Live);
    assert_eq!(book.counts().late, 1);
    let skipped = DELTA.replace("18521289", "18521291");
    assert_eq!(book.apply(&bybit(&[&skipped]).records), State::Stale(Fault::Gap));
}

#[test]
fn a_frame_of_two_trades_is_two_records() {
    let made = bybit(&[TRADES]);
    assert_eq!((made.counts.frames, made.counts.trades), (1, 2));
    assert_eq!(head(&made.records[0]), (KIND_TRADE, TRADE_FLAG_ID_UUID | 1));
    let id: Vec<u8> = made.records[0][5..].iter().flat_map(|long| long.to_le_bytes()).collect();
    assert_eq!(id[..4], [0x20, 0xf4, 0x39, 0x50]);
    assert_eq!(id[12..], [0xeb, 0x60, 0x23, 0xaf, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(head(&made.records[1]), (KIND_TRADE, TRADE_FLAG_ID_NUMBER | 2));
    assert_eq!(doubles(&made.records[1]), [3_866_000_000.0, 0.0, 16_578.0, 2.0, 17.0, 0.0, 0.0]);
}

#[test]
fn a_frame_that_does_not_fit_whole_is_given_again() {
    let mut decoder = frames::decoder_of(Venue::Bybit);
    let mut out = [[0; 8]; 3];
    let frames = [TRADES, TRADES].map(|frame| (frame.as_bytes(), 0.0));
    assert_eq!(decoder.frames(frames, &mut out), 1);
    assert_eq!((decoder.counts().records, decoder.counts().trades), (2, 2));
    assert_eq!(decoder.frames(frames, &mut out[..1]), 2);
    assert_eq!((decoder.counts().rejected, decoder.counts().trades), (2, 2));
}

#[test]
fn levels_of_v2_are_deleted_whatever_they_are() {
    let made = bybit(&[OLD_DELTA]);
    let levels: Vec<_> =
        made.records.iter().map(|record| (head(record).1, doubles(record)[2], doubles(record)[3])).collect();
    assert_eq!(
        levels,
        [(BOOK_LEVEL_FLAG_FIRST, 1.3875, 0.0), (BOOK_LEVEL_FLAG_ASK | BOOK_LEVEL_FLAG_LAST, 1.3876, 1.0)]
    );
    assert_eq!(doubles(&made.records[0])[0], 3_082_338_000.0);
    assert_eq!(doubles(&made.records[0])[4..], [916_955_516.0, 916_955_516.0, 0.0]);
}

#[test]
fn a_ticker_changes_what_the_last_one_said() {
    let snapshot = r#"{"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","bid1Price":"1","bid1Size":"2","ask1Price":"3","ask1Size":"4"},"cs":7,"ts":1723161256686}"#;
    let delta = r#"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","ask1Size":"5"},"cs":8,"ts":1723161256687}"#;
    let made = bybit(&[delta, snapshot, delta]);
    assert_eq!((made.counts.ignored, made.counts.quotes), (1, 2));
    assert_eq!(head(&made.records[1]), (KIND_QUOTE, 0));
    assert_eq!(doubles(&made.records[1])[2..], [1.0, 3.0, 2.0, 5.0, 8.0]);
}
