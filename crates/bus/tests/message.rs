//! Messages that the JavaScript codecs wrote are read with the same values: `messages.txt` has both, and
//! `__test__/bus/message-lines.ts` makes it.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

use proptest::prelude::*;
use tickbus_bus::layout::{DEPTH_BYTES, DEPTH_LEVELS, DEPTH_WORD_ASKS, KIND_DEPTH};
use tickbus_bus::message::{AggressorSide, Bar, Depth, Level, Quote, Trade};
use tickbus_bus::record::{RECORD_LONGS, Record};

/// One message: its kind, its bytes, and what must be read from them.
struct Line {
    kind: &'static str,
    record: Record,
    payload: Vec<u8>,
    /// Bits, so that NaN equals NaN and -0 differs from 0.
    values: Vec<u64>,
    text: String,
}

fn lines() -> impl Iterator<Item = Line> {
    include_str!("messages.txt").lines().map(|line| {
        let [kind, record, payload, values, text] = line.split('|').collect::<Vec<_>>().try_into().unwrap();
        let bytes = unhex(record);
        let longs = bytes.chunks_exact(8).map(|long| u64::from_le_bytes(long.try_into().unwrap()));
        let longs: [u64; RECORD_LONGS] = longs.collect::<Vec<_>>().try_into().unwrap();
        Line {
            kind,
            record: Record(longs),
            payload: unhex(payload),
            values: values.split(' ').map(|bits| u64::from_str_radix(bits, 16).unwrap()).collect(),
            text: String::from_utf8(unhex(text)).unwrap(),
        }
    })
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// What Rust reads, in the order of the file.
fn read(Line { kind, record, payload, .. }: &Line) -> Option<(Vec<f64>, String)> {
    match *kind {
        "quote" => Quote::read(record).map(|quote| {
            let Quote { event, init, bid_price, ask_price, bid_size, ask_size, sequence } = quote;
            (vec![event, init, bid_price, ask_price, bid_size, ask_size, sequence], String::new())
        }),
        "trade" => Trade::read(record).map(|Trade { event, init, price, size, aggressor, id }| {
            let side = match aggressor {
                AggressorSide::NoAggressor => 0.0,
                AggressorSide::Buyer => 1.0,
                AggressorSide::Seller => 2.0,
            };
            (vec![event, init, price, size, side], id)
        }),
        "bar" => Bar::read(record).map(|Bar { event, init, open, high, low, close, volume }| {
            (vec![event, init, open, high, low, close, volume], String::new())
        }),
        _ => Depth::read(record, payload).map(|depth| {
            let counts = [depth.bids().len() as f64, depth.asks().len() as f64];
            let levels = [depth.bids(), depth.asks()].concat();
            let levels = levels.iter().flat_map(|&Level { price, size, count }| [price, size, count]);
            ([depth.event, depth.init, depth.sequence].into_iter().chain(counts).chain(levels).collect(), String::new())
        }),
    }
}

#[test]
fn messages_from_javascript_are_read_with_the_same_values() {
    let mut seen = [0; 4];
    for line in lines() {
        let (values, text) = read(&line).expect(line.kind);
        assert_eq!(bits(&values), line.values, "{}", line.kind);
        assert_eq!(text, line.text);
        seen[["quote", "trade", "bar", "depth"].iter().position(|kind| *kind == line.kind).unwrap()] += 1;
    }
    assert_eq!(seen, [10, 9, 10, 11], "lines of each kind");
}

#[test]
fn a_record_of_another_kind_is_not_read() {
    for line in lines() {
        let as_other = [
            ("quote", Quote::read(&line.record).is_some()),
            ("trade", Trade::read(&line.record).is_some()),
            ("bar", Bar::read(&line.record).is_some()),
            ("depth", Depth::read(&line.record, &line.payload).is_some()),
        ];
        assert!(as_other.iter().all(|&(kind, is_read)| is_read == (kind == line.kind)), "{}", line.kind);
        assert_eq!(line.record.payload_span().is_some(), line.kind == "depth");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_depth_or_none(mut payload in prop::collection::vec(any::<u8>(), DEPTH_BYTES), asks in 0..20_u32) {
        let record = Record::new(KIND_DEPTH as u8, 0, 0.0, 0.0, [0.0; 5]);
        payload[24..28].copy_from_slice(&3_u32.to_le_bytes());
        payload[4 * DEPTH_WORD_ASKS..4 * DEPTH_WORD_ASKS + 4].copy_from_slice(&asks.to_le_bytes());
        let depth = Depth::read(&record, &payload);
        prop_assert_eq!(depth.map(|depth| depth.asks().len()), (asks as usize <= DEPTH_LEVELS).then_some(asks as usize));
        prop_assert!(Depth::read(&record, &payload[1..]).is_none());
    }
}
