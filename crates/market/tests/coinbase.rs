//! What the frames of Coinbase become.

#![allow(clippy::float_cmp, reason = "decoding is exact")]

mod frames;

use frames::coinbase::{
    ADVANCED_BOOK, ADVANCED_TICKER, ADVANCED_TRADES, FRAMES, HEARTBEATS, L2UPDATE, MATCH, SNAPSHOT, SUBSCRIPTIONS,
    TICKER,
};
use frames::{decode_of, decoder_of, doubles, head, instrument};
use tickbus_bus::layout::{
    BOOK_LEVEL_FLAG_ASK, BOOK_LEVEL_FLAG_FIRST, BOOK_LEVEL_FLAG_LAST, BOOK_LEVEL_FLAG_NONE, BOOK_LEVEL_FLAG_SNAPSHOT,
    KIND_BOOK_LEVEL, KIND_QUOTE, KIND_TRADE, TRADE_FLAG_ID_NUMBER,
};
use tickbus_market::batch::Longs;
use tickbus_market::counts::Counts;
use tickbus_market::decoder::Venue;
use tickbus_market::reject::Reason;

fn decode(frame: &str) -> (Vec<Longs>, Counts) {
    decode_of(Venue::Coinbase, &[frame.as_bytes()])
}

fn rejection(frame: &str) -> Reason {
    let mut decoder = decoder_of(Venue::Coinbase);
    assert_eq!(decoder.frames([(frame.as_bytes(), 0.0)], &mut [[0; 8]; 64]), 1);
    decoder.rejects().samples()[0].reason
}

#[test]
fn a_ticker_of_exchange_is_a_quote_without_sizes_unless_it_has_them() {
    let (records, _) = decode(TICKER);
    assert_eq!(head(&records[0]), (KIND_QUOTE, 0));
    assert_eq!(doubles(&records[0]), [3_244_075_000.0, 0.0, 14.755, 14.806, 0.0, 0.0, 333_938_798.0]);
    let newer = TICKER.replace(r#""side":"buy""#, r#""best_bid_size":"1.5","side":"buy","best_ask_size":"0.00000001""#);
    assert_eq!(doubles(&decode(&newer).0[0])[4..6], [1.5, 1e-8]);
}

#[test]
fn the_side_of_a_match_is_the_one_that_waited() {
    let (records, counts) = decode(MATCH);
    assert_eq!(head(&records[0]), (KIND_TRADE, TRADE_FLAG_ID_NUMBER | 1));
    assert_eq!(doubles(&records[0])[..5], [3_244_075_000.0, 0.0, 14.7775, 0.04, 881_613.0]);
    assert_eq!((counts.trades, counts.general), (1, 0));
    assert_eq!(head(&decode(&MATCH.replace("sell", "buy")).0[0]).1, TRADE_FLAG_ID_NUMBER | 2);
}

#[test]
fn a_snapshot_has_no_time_and_an_update_says_the_side_of_each_change() {
    let (records, _) = decode(SNAPSHOT);
    let flags: Vec<_> = records.iter().map(|record| head(record).1).collect();
    let (all, ask) = (BOOK_LEVEL_FLAG_SNAPSHOT, BOOK_LEVEL_FLAG_SNAPSHOT | BOOK_LEVEL_FLAG_ASK);
    assert_eq!(flags, [ask | BOOK_LEVEL_FLAG_FIRST, ask, all | BOOK_LEVEL_FLAG_LAST]);
    assert_eq!(doubles(&records[1]), [0.0, 0.0, 14.8069, 12.49, 0.0, 0.0, 0.0]);

    let (records, counts) = decode(L2UPDATE);
    assert_eq!(head(&records[0]), (KIND_BOOK_LEVEL, BOOK_LEVEL_FLAG_ASK | BOOK_LEVEL_FLAG_FIRST));
    assert_eq!(head(&records[1]), (KIND_BOOK_LEVEL, BOOK_LEVEL_FLAG_LAST));
    assert_eq!(doubles(&records[1]), [3_075_687_000.0, 0.0, 0.000_013_02, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(counts.books, 1);
    let empty = r#"{"type":"l2update","product_id":"A","changes":[]}"#;
    assert_eq!(head(&decode(empty).0[0]).1 & BOOK_LEVEL_FLAG_NONE, BOOK_LEVEL_FLAG_NONE);
}

#[test]
fn an_advanced_ticker_has_the_time_of_its_frame_to_the_nanosecond() {
    let (records, _) = decode(ADVANCED_TICKER);
    assert_eq!(doubles(&records[0]), [3_167_359_596.0, 0.0, 21_931.98, 21_933.98, 8_000.21, 8_038.077_709_38, 5.0]);
    let batch = ADVANCED_TICKER.replace("best_", "no_").replace(r#""ticker""#, r#""ticker_batch""#);
    let (records, counts) = decode(&batch);
    assert_eq!((records.len(), counts.ignored, counts.quotes), (0, 1, 0));
}

#[test]
fn one_frame_can_hold_trades_of_several_instruments() {
    let (records, counts) = decode(ADVANCED_TRADES);
    assert_eq!((counts.frames, counts.trades, counts.instruments), (1, 2, 2));
    assert_eq!(records.iter().map(instrument).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(records.iter().map(|record| head(record).1 & 3).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(doubles(&records[0])[..5], [3_801_523_000.0, 0.0, 1_260.01, 0.3, 12_345.0]);
}

#[test]
fn one_frame_can_hold_updates_of_several_books() {
    let (records, counts) = decode(ADVANCED_BOOK);
    assert_eq!((counts.books, records.len()), (2, 3));
    let all = BOOK_LEVEL_FLAG_SNAPSHOT;
    assert_eq!(
        records.iter().map(|record| head(record).1).collect::<Vec<_>>(),
        [
            all | BOOK_LEVEL_FLAG_FIRST,
            all | BOOK_LEVEL_FLAG_ASK | BOOK_LEVEL_FLAG_LAST,
            BOOK_LEVEL_FLAG_FIRST | BOOK_LEVEL_FLAG_LAST,
        ]
    );
    assert_eq!(doubles(&records[2]), [4_032_456_000.0, 0.0, 1_260.01, 0.0, 7.0, 7.0, 0.0]);
}

#[test]
fn events_mean_the_same_where_they_stand_before_their_channel() {
    for frame in [ADVANCED_TICKER, ADVANCED_TRADES, ADVANCED_BOOK] {
        let (front, events) = frame.split_once(r#","events""#).unwrap();
        let turned = format!(r#"{{"events"{},{}}}"#, &events[..events.len() - 1], &front[1..]);
        assert_eq!(decode(&turned).0, decode(frame).0);
        // What stands beside the events is none of them.
        let beside = frame.replace(r#""client_id":"""#, r#""bids":[["1","1"]],"price":"2""#);
        assert_eq!(decode(&beside).0, decode(frame).0);
    }
}

#[test]
fn what_is_not_decoded_is_ignored_by_its_name() {
    let mut decoder = decoder_of(Venue::Coinbase);
    let error = r#"{"type":"error","message":"Failed to subscribe","reason":"level2"}"#;
    let request = r#"{"type":"subscribe","product_ids":["ETH-USD"],"channel":"level2"}"#;
    let frames = [SUBSCRIPTIONS, HEARTBEATS, error, request].map(|frame| (frame.as_bytes(), 0.0));
    decoder.frames(frames, &mut [[0; 8]; 4]);
    let names: Vec<_> = decoder.ignored().iter().collect();
    assert_eq!(names, [("subscriptions", 1), ("heartbeats", 1), ("error", 1), ("subscribe", 1)]);
    assert_eq!(decoder.counts().general, 0);
}

#[test]
fn a_bad_frame_is_rejected_with_the_field() {
    for (frame, from, to, reason) in [
        (TICKER, r#""best_bid""#, r#""bid""#, Reason::Field("best_bid")),
        (TICKER, "14.8060", "-14.8060", Reason::Negative("best_ask")),
        (TICKER, "2024-08-08T", "2024-08-08 ", Reason::Field("time")),
        (TICKER, "2024-08-08T", "2023-08-08T", Reason::EventTime),
        (MATCH, r#""size":"0.04""#, r#""size":"0""#, Reason::Zero("size")),
        (MATCH, "sell", "both", Reason::Field("side")),
        (MATCH, "881613", "-1", Reason::Field("trade_id")),
        (MATCH, "BAND-GBP", "BAND GBP", Reason::Instrument),
        (SNAPSHOT, r#""bids""#, r#""bid""#, Reason::Field("bids")),
        (SNAPSHOT, r#"["14.8069","12.49"]"#, r#"["14.8069"]"#, Reason::Field("asks")),
        (L2UPDATE, "sell", "ask", Reason::Field("changes")),
        (L2UPDATE, "660.5", "1e999", Reason::Range("changes")),
        (L2UPDATE, r#""changes""#, r#""bids":[],"changes""#, Reason::Field("bids")),
        (ADVANCED_TICKER, "sequence_num", "number", Reason::Field("sequence_num")),
        (ADVANCED_TICKER, "best_bid_quantity", "bid_quantity", Reason::Field("best_bid_quantity")),
        (ADVANCED_TICKER, "tickers", "others", Reason::Field("tickers")),
        (ADVANCED_TRADES, r#""BUY""#, r#""UNKNOWN""#, Reason::Field("side")),
        (ADVANCED_TRADES, r#""time":"#, r#""at":"#, Reason::Field("time")),
        (ADVANCED_BOOK, r#""offer""#, r#""ask""#, Reason::Field("updates")),
        (ADVANCED_BOOK, r#""snapshot""#, r#""whole""#, Reason::Field("type")),
        (ADVANCED_BOOK, r#""events":["#, r#""events":[7,"#, Reason::Field("events")),
        (ADVANCED_BOOK, r#""events":["#, r#""events":[],"events":["#, Reason::Twice("events")),
        (HEARTBEATS, r#""channel""#, r#""canal""#, Reason::Kind),
    ] {
        assert!(frame.contains(from), "{from}");
        assert_eq!(rejection(&frame.replacen(from, to, 1)), reason, "{from} -> {to}");
    }
    assert_eq!(rejection("[]"), Reason::Object);
}

#[test]
fn a_frame_that_does_not_fit_leaves_nothing() {
    for frame in FRAMES {
        let whole = decode(frame).0;
        for room in 1..whole.len() {
            let mut decoder = decoder_of(Venue::Coinbase);
            decoder.frames([(frame.as_bytes(), 0.0)], &mut vec![[0; 8]; room]);
            assert_eq!((decoder.counts().records, decoder.counts().rejected), (0, 1));
        }
    }
}
