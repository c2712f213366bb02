//! What the frames of Binance become.

#![allow(clippy::float_cmp, reason = "decoding is exact")]

mod frames;

use frames::{BOOK, QUOTE, SNAPSHOT, TRADE, decode, decoder, doubles, head};
use tickbus_bus::layout::{
    BOOK_LEVEL_FLAG_ASK, BOOK_LEVEL_FLAG_FIRST, BOOK_LEVEL_FLAG_LAST, BOOK_LEVEL_FLAG_PREVIOUS,
    BOOK_LEVEL_FLAG_SNAPSHOT, KIND_BOOK_LEVEL, KIND_QUOTE, KIND_TRADE, TRADE_FLAG_ID_NUMBER,
};

#[test]
fn a_quote_is_one_record() {
    let (records, counts) = decode(&[QUOTE.as_bytes()]);
    assert_eq!(records.len(), 1);
    assert_eq!(head(&records[0]), (KIND_QUOTE, 0));
    assert_eq!(doubles(&records[0]), [3_313_000_000.0, 0.0, 61_800.2, 61_800.3, 2.507, 2.51, 5_123_107_839_020.0]);
    assert_eq!((counts.quotes, counts.general, counts.instruments), (1, 0, 1));
}

#[test]
fn a_trade_that_met_a_waiting_seller_was_made_by_the_buyer() {
    let (records, _) = decode(&[TRADE.as_bytes()]);
    assert_eq!(head(&records[0]), (KIND_TRADE, TRADE_FLAG_ID_NUMBER | 1));
    assert_eq!(doubles(&records[0])[2..5], [61_800.3, 0.006, 5_266_583_935.0]);
}

#[test]
fn an_update_is_a_run_of_levels_that_share_its_numbers() {
    let (records, counts) = decode(&[BOOK.as_bytes()]);
    let previous = BOOK_LEVEL_FLAG_PREVIOUS;
    let flags: Vec<_> = records.iter().map(head).collect();
    assert_eq!(
        flags,
        [
            (KIND_BOOK_LEVEL, previous | BOOK_LEVEL_FLAG_FIRST),
            (KIND_BOOK_LEVEL, previous),
            (KIND_BOOK_LEVEL, previous | BOOK_LEVEL_FLAG_ASK | BOOK_LEVEL_FLAG_LAST),
        ]
    );
    let sequences = [1_007_198_631_260.0, 1_007_198_631_565.0, 1_007_198_631_198.0];
    assert!(records.iter().all(|record| doubles(record)[4..] == sequences));
    assert_eq!(doubles(&records[1])[2..4], [61_778.7, 0.0]);
    assert_eq!(counts.books, 1);
}

#[test]
fn a_snapshot_has_one_number_for_first_and_last() {
    let (records, _) = decode(&[SNAPSHOT.as_bytes()]);
    let whole = BOOK_LEVEL_FLAG_SNAPSHOT | BOOK_LEVEL_FLAG_FIRST | BOOK_LEVEL_FLAG_LAST;
    assert_eq!(head(&records[0]), (KIND_BOOK_LEVEL, whole));
    assert_eq!(doubles(&records[0])[2..], [61_804.7, 35.0, 1_007_198_635_033.0, 1_007_198_635_033.0, 0.0]);
}

#[test]
fn a_frame_that_does_not_fit_any_more_is_given_again() {
    let mut decoder = decoder();
    let mut out = [[0; 8]; 4];
    let frames = [BOOK, BOOK, QUOTE].map(|frame| (frame.as_bytes(), 0.0));
    assert_eq!(decoder.frames(frames, &mut out), 1);
    assert_eq!((decoder.counts().records, decoder.counts().frames), (3, 1));
    assert_eq!(decoder.frames(frames[1..].iter().copied(), &mut out), 2);
    assert_eq!((decoder.counts().records, decoder.counts().rejected), (4, 0));
}

#[test]
fn lines_are_taken_as_far_as_they_are_whole() {
    let mut decoder = decoder();
    let line = format!("1723161255088176367 {TRADE}\n");
    let mut out = [[0; 8]; 4];
    let input = format!("{line}{}", &line[..line.len() - 1]);
    assert_eq!(decoder.lines(input.as_bytes(), &mut out), line.len());
    assert_eq!(decoder.counts().records, 1);
    assert_eq!(doubles(&out[0])[1].to_bits(), 2_088_176_367_f64.to_bits());
}
