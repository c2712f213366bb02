//! The generated layout: nothing overlaps, and records come out as they went in.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

use std::ops::Range;

use proptest::prelude::*;
use tickbus_bus::layout::*;
use tickbus_bus::record::{FIELDS, RECORD_LONGS, Record};

/// The ranges lie within `0..length` and do not overlap.
fn assert_apart(length: usize, named: &[(&str, Range<usize>)]) {
    let mut sorted = named.to_vec();
    sorted.sort_by_key(|(_, range)| range.start);
    for pair in sorted.windows(2) {
        assert!(pair[0].1.end <= pair[1].1.start, "{} and {} overlap", pair[0].0, pair[1].0);
    }
    for (name, range) in sorted {
        assert!(!range.is_empty() && range.end <= length, "{name} is not within {length}");
    }
}

#[test]
fn words_of_the_roster_lie_apart() {
    let header = [
        ("magic", ROSTER_WORD_MAGIC),
        ("hash", ROSTER_WORD_HASH),
        ("token, low", ROSTER_WORD_TOKEN_LOW),
        ("token, high", ROSTER_WORD_TOKEN_HIGH),
        ("deaths", ROSTER_WORD_DEATHS),
        ("closed", ROSTER_WORD_CLOSED),
    ];
    let member = [
        ("state", MEMBER_WORD_STATE),
        ("generation", MEMBER_WORD_GENERATION),
        ("thread", MEMBER_WORD_THREAD),
        ("bell", MEMBER_WORD_BELL),
        ("wake", MEMBER_WORD_WAKE),
    ];
    assert_apart(ROSTER_HEADER_WORDS, &header.map(|(name, word)| (name, word..word + 1)));
    assert_apart(MEMBER_WORDS, &member.map(|(name, word)| (name, word..word + 1)));
    assert_eq!(ROSTER_WORDS, ROSTER_HEADER_WORDS + MEMBERS * MEMBER_WORDS);
}

#[test]
fn words_of_a_ring_lie_apart_and_writers_lines_are_not_readers_lines() {
    let line = LINE_BYTES / 4;
    let words = [
        ("header", RING_WORD_MAGIC..RING_WORD_WRITER + 1),
        ("tail", RING_WORD_TAIL..RING_WORD_TAIL + line),
        ("reserved", RING_WORD_RESERVED..RING_WORD_RESERVED + line),
        ("slab reserved", RING_WORD_SLAB_RESERVED..RING_WORD_SLAB_RESERVED + line),
        ("wanted", RING_WORD_WANTED..RING_WORD_WANTED + line),
        ("sent", RING_WORD_SENT..RING_WORD_SENT + 2 * MEMBERS),
        ("cursors", RING_WORD_CURSORS..RING_WORD_CURSORS + MEMBERS * RING_CURSOR_WORDS),
    ];
    assert_apart(RING_CONTROL_WORDS, &words);
    assert!(words.iter().all(|(_, range)| range.start % line == 0), "each begins a line of cache");
    let cursor = [
        ("cursor", 0..1),
        ("done", RING_CURSOR_WORD_DONE..RING_CURSOR_WORD_DONE + 1),
        ("received", 2 * RING_CURSOR_DOUBLE_RECEIVED..2 * RING_CURSOR_DOUBLE_RECEIVED + 2),
        ("undecodable", 2 * RING_CURSOR_DOUBLE_UNDECODABLE..2 * RING_CURSOR_DOUBLE_UNDECODABLE + 2),
    ];
    assert_apart(RING_CURSOR_WORDS, &cursor);
    assert_eq!(RING_CURSOR_WORDS * 4 % LINE_BYTES, 0);
}

#[test]
fn fields_of_records_lie_apart() {
    let double = |at: usize| 2 * at..2 * at + 2;
    let common = [
        ("kind", RECORD_WORD_KIND..RECORD_WORD_KIND + 1),
        ("topic", RECORD_WORD_TOPIC..RECORD_WORD_TOPIC + 1),
        ("event", double(RECORD_DOUBLE_EVENT)),
        ("init", double(RECORD_DOUBLE_INIT)),
    ];
    let quote = [
        ("bid price", double(QUOTE_DOUBLE_BID_PRICE)),
        ("ask price", double(QUOTE_DOUBLE_ASK_PRICE)),
        ("bid size", double(QUOTE_DOUBLE_BID_SIZE)),
        ("ask size", double(QUOTE_DOUBLE_ASK_SIZE)),
        ("sequence", double(QUOTE_DOUBLE_SEQUENCE)),
    ];
    let trade = [
        ("price", double(TRADE_DOUBLE_PRICE)),
        ("size", double(TRADE_DOUBLE_SIZE)),
        ("id", 2 * TRADE_DOUBLE_ID..2 * TRADE_DOUBLE_ID + 6),
    ];
    let payload = [
        ("position", PAYLOAD_WORD_POSITION..PAYLOAD_WORD_POSITION + 1),
        ("length", PAYLOAD_WORD_LENGTH..PAYLOAD_WORD_LENGTH + 1),
    ];
    let bar = [
        ("open", double(BAR_DOUBLE_OPEN)),
        ("high", double(BAR_DOUBLE_HIGH)),
        ("low", double(BAR_DOUBLE_LOW)),
        ("close", double(BAR_DOUBLE_CLOSE)),
        ("volume", double(BAR_DOUBLE_VOLUME)),
    ];
    for kind in [&quote[..], &trade[..], &bar[..], &payload[..]] {
        assert_apart(2 * RECORD_LONGS, &[&common[..], kind].concat());
    }
    assert_eq!(8 * (RECORD_LONGS - RECORD_DOUBLE_EVENT), RECORD_FIELD_BYTES);
}

#[test]
fn kinds_are_bytes_and_differ() {
    let inline = [KIND_QUOTE, KIND_TRADE, KIND_BAR, KIND_RECORD];
    let in_slab = [KIND_PAYLOAD, KIND_JSON, KIND_BYTES, KIND_DEPTH, KIND_WIDE_RECORD];
    assert!(inline.iter().all(|kind| (1..KIND_IN_SLAB).contains(kind)), "0 is no kind");
    assert!(in_slab.iter().all(|kind| (KIND_IN_SLAB..256).contains(kind)));
    let mut kinds = [&inline[..], &in_slab[..]].concat();
    kinds.sort_unstable();
    assert!(kinds.is_sorted_by(|a, b| a < b));
}

#[test]
fn fields_of_a_depth_lie_apart_and_fill_it() {
    let double = |at: usize| 2 * at..2 * at + 2;
    let side = |at: usize| 2 * at..2 * (at + DEPTH_LEVELS * DEPTH_LEVEL_DOUBLES);
    let fields = [
        ("event", double(DEPTH_DOUBLE_EVENT)),
        ("init", double(DEPTH_DOUBLE_INIT)),
        ("sequence", double(DEPTH_DOUBLE_SEQUENCE)),
        ("number of bids", DEPTH_WORD_BIDS..DEPTH_WORD_BIDS + 1),
        ("number of asks", DEPTH_WORD_ASKS..DEPTH_WORD_ASKS + 1),
        ("bids", side(DEPTH_DOUBLE_BIDS)),
        ("asks", side(DEPTH_DOUBLE_ASKS)),
    ];
    assert_apart(DEPTH_BYTES / 4, &fields);
    assert_eq!(fields.iter().map(|(_, range)| range.len()).sum::<usize>(), DEPTH_BYTES / 4);
}

proptest! {
    #[test]
    fn records_come_out_as_they_went_in(
        kind in any::<u8>(),
        topic in any::<u32>(),
        event in -1e16..1e16,
        init in -1e16..1e16,
        fields in any::<[f64; FIELDS]>(),
    ) {
        let record = Record::new(kind, topic, event, init, fields);
        prop_assert_eq!(record.kind(), u32::from(kind));
        prop_assert_eq!(record.topic(), topic);
        prop_assert_eq!(record.event().to_bits(), event.to_bits());
        prop_assert_eq!(record.init().to_bits(), init.to_bits());
        prop_assert_eq!(record.fields().map(f64::to_bits), fields.map(f64::to_bits));
        prop_assert_eq!(record.payload_span().is_some(), u32::from(kind) >= KIND_IN_SLAB);
    }
}
