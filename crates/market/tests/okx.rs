//! What the frames of OKX become: written by hand from the venue's documentation.

#![allow(clippy::float_cmp, reason = "decoding is exact")]

mod frames;

use frames::{Made, doubles, head, made};
use tickbus_bus::layout::{
    BOOK_LEVEL_FLAG_CHECKSUM, BOOK_LEVEL_FLAG_FIRST, BOOK_LEVEL_FLAG_LAST, BOOK_LEVEL_FLAG_NONE,
    BOOK_LEVEL_FLAG_PREVIOUS, BOOK_LEVEL_FLAG_SNAPSHOT, KIND_BOOK_LEVEL, KIND_QUOTE,
};
use tickbus_market::book::checksum::Checksum;
use tickbus_market::book::continuity::Continuity;
use tickbus_market::book::state::{Fault, State};
use tickbus_market::book::{Book, BookOptions};
use tickbus_market::decoder::Venue;

const SNAPSHOT: &str = r#"{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"snapshot","data":[{"asks":[["8476.98","415","0","13"]],"bids":[["8476.97","256","0","12"]],"ts":"1723161256802","checksum":0,"prevSeqId":-1,"seqId":123456}]}"#;
const UPDATE: &str = r#"{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],"bids":[],"ts":"1723161256802","checksum":0,"prevSeqId":123456,"seqId":123460}]}"#;

fn okx(frames: &[&str]) -> Made {
    made(Venue::Okx, frames)
}

/// The signed checksum of the snapshot, as the venue would write it.
fn checksum() -> String {
    crc32fast::hash(b"8476.97:256:8476.98:415").cast_signed().to_string()
}

fn book() -> Book {
    Book::new(BookOptions { checksum: Some(Checksum::Okx), ..BookOptions::new(Continuity::Okx) })
}

#[test]
fn an_update_names_the_one_before() {
    let records = okx(&[UPDATE]).records;
    let flags = BOOK_LEVEL_FLAG_PREVIOUS | BOOK_LEVEL_FLAG_NONE | BOOK_LEVEL_FLAG_FIRST | BOOK_LEVEL_FLAG_LAST;
    assert_eq!(head(&records[0]), (KIND_BOOK_LEVEL, flags));
    assert_eq!(doubles(&records[0])[4..], [123_460.0, 123_460.0, 123_456.0]);
}

#[test]
fn a_checksum_stands_in_each_level_of_its_update() {
    let with_checksum = SNAPSHOT.replace(r#""checksum":0"#, r#""checksum":-2"#);
    let records = okx(&[&with_checksum]).records;
    let shared = BOOK_LEVEL_FLAG_SNAPSHOT | BOOK_LEVEL_FLAG_CHECKSUM;
    assert_eq!(records.len(), 2);
    for record in &records {
        assert_eq!(head(record).1 & shared, shared);
        assert_eq!(doubles(record)[4..], [4_294_967_294.0, 123_456.0, 0.0]);
    }
    assert_eq!(head(&okx(&[SNAPSHOT]).records[0]).1 & BOOK_LEVEL_FLAG_CHECKSUM, 0);
}

#[test]
fn a_book_checks_what_the_decoder_carries_along() {
    let mut book = book();
    let right = SNAPSHOT.replace(r#""checksum":0"#, &format!(r#""checksum":{}"#, checksum()));
    assert_eq!(book.apply(&okx(&[&right]).records), State::Live);
    assert_eq!(book.counts().verified, 1);
    let wrong = SNAPSHOT.replace(r#""checksum":0"#, r#""checksum":17"#);
    assert_eq!(book.apply(&okx(&[&wrong]).records), State::Stale(Fault::Checksum));
}

#[test]
fn a_book_follows_names_or_checksums() {
    let mut book = book();
    book.apply(&okx(&[SNAPSHOT]).records);
    assert_eq!(book.apply(&okx(&[UPDATE]).records), State::Live);
    let unnamed = UPDATE.replace(r#""checksum":0,"prevSeqId":123456,"#, &format!(r#""checksum":{},"#, checksum()));
    assert_eq!(book.apply(&okx(&[&unnamed]).records), State::Live);
    let skipped = UPDATE.replace("123456", "123470").replace("123460", "123480");
    assert_eq!(book.apply(&okx(&[&skipped]).records), State::Stale(Fault::Gap));
}

#[test]
fn the_best_levels_are_a_quote() {
    let frame = r#"{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[{"asks":[["8476.98","415","0","13"]],"bids":[],"ts":"1723161256802","seqId":7}]}"#;
    let made = okx(&[frame]);
    assert_eq!(head(&made.records[0]), (KIND_QUOTE, 0));
    assert_eq!(doubles(&made.records[0]), [3_802_000_000.0, 0.0, 0.0, 8_476.98, 0.0, 415.0, 7.0]);
}

#[test]
fn the_answer_to_a_ping_is_no_json() {
    assert_eq!((okx(&["pong"]).counts.ignored, okx(&["pong"]).counts.rejected), (1, 0));
    assert_eq!(okx(&["pon"]).counts.rejected, 1);
}
