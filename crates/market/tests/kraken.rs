//! What the frames of Kraken become.

#![allow(clippy::float_cmp, reason = "decoding is exact")]

mod frames;

use frames::kraken::{
    BOTH_SIDES, FRAMES, OHLC, SNAPSHOT, SPREAD, STATUS, TICKER, TRADES, UPDATE, V2_REPLY, V2_SNAPSHOT, V2_TICKER,
    V2_TRADES, V2_UPDATE,
};
use frames::{decode_of, decoder_of, doubles, head};
use tickbus_bus::layout::{
    BOOK_LEVEL_FLAG_ASK, BOOK_LEVEL_FLAG_CHECKSUM, BOOK_LEVEL_FLAG_FIRST, BOOK_LEVEL_FLAG_LAST,
    BOOK_LEVEL_FLAG_SNAPSHOT, KIND_BOOK_LEVEL, KIND_QUOTE, KIND_TRADE, TRADE_FLAG_ID_NUMBER,
};
use tickbus_market::batch::Longs;
use tickbus_market::book::checksum::Checksum;
use tickbus_market::book::continuity::Continuity;
use tickbus_market::book::state::{Fault, State};
use tickbus_market::book::{Book, BookOptions};
use tickbus_market::counts::Counts;
use tickbus_market::decoder::Venue;
use tickbus_market::reject::Reason;

fn decode(frame: &str) -> (Vec<Longs>, Counts) {
    decode_of(Venue::Kraken, &[frame.as_bytes()])
}

fn rejection(frame: &str) -> Reason {
    let mut decoder = decoder_of(Venue::Kraken);
    assert_eq!(decoder.frames([(frame.as_bytes(), 0.0)], &mut [[0; 8]; 64]), 1);
    decoder.rejects().samples()[0].reason
}

#[test]
fn a_book_is_as_old_as_its_youngest_level() {
    let (records, counts) = decode(SNAPSHOT);
    assert_eq!((counts.books, records.len()), (1, 3));
    let flags = BOOK_LEVEL_FLAG_SNAPSHOT | BOOK_LEVEL_FLAG_ASK | BOOK_LEVEL_FLAG_FIRST;
    assert_eq!(head(&records[0]), (KIND_BOOK_LEVEL, flags));
    assert_eq!(doubles(&records[2]), [3_136_369_000.0, 0.0, 0.000_022_89, 10.0, 0.0, 0.0, 0.0]);
}

#[test]
fn an_update_carries_its_checksum_in_every_level() {
    let (records, counts) = decode(UPDATE);
    let flags = BOOK_LEVEL_FLAG_CHECKSUM | BOOK_LEVEL_FLAG_FIRST | BOOK_LEVEL_FLAG_LAST;
    assert_eq!(head(&records[0]), (KIND_BOOK_LEVEL, flags));
    assert_eq!(doubles(&records[0]), [3_365_913_000.0, 0.0, 354.15, 5.0, 2_583_817_756.0, 0.0, 0.0]);
    assert_eq!((counts.books, counts.general), (1, 0));

    let (records, counts) = decode(BOTH_SIDES);
    assert_eq!((counts.books, records.len()), (1, 2));
    assert_eq!(records.iter().map(|record| doubles(record)[4]).collect::<Vec<_>>(), [4_105_471_083.0; 2]);
    assert_eq!(doubles(&records[0])[0], 3_920_708_000.0);
}

#[test]
fn a_book_of_records_is_checked_by_what_they_carry() {
    let checksum = Checksum::Kraken { price_places: 2, size_places: 0 };
    let mut book = Book::new(BookOptions { checksum: Some(checksum), ..BookOptions::new(Continuity::Checksum) });
    let update = |checksum: u32| {
        decode(&format!(r#"[1,{{"b":[["5.01","2","1723161256.1"]],"c":"{checksum}"}},"book-10","A/B"]"#)).0
    };
    let snapshot = decode(r#"[1,{"as":[["5.03","1","1723161256.0"]],"bs":[]},"book-10","A/B"]"#).0;
    let right = crc32fast::hash(b"50315012");
    assert_eq!(book.apply(&snapshot), State::Live);
    assert_eq!(book.apply(&update(right)), State::Live);
    assert_eq!(book.counts().verified, 1);
    assert_eq!(book.apply(&update(right ^ 1)), State::Stale(Fault::Checksum));
}

#[test]
fn ticker_and_spread_are_quotes() {
    let (records, _) = decode(TICKER);
    assert_eq!(head(&records[0]), (KIND_QUOTE, 0));
    assert_eq!(doubles(&records[0]), [0.0, 0.0, 13.2329, 13.2539, 185.184_320_37, 35.728_922_41, 0.0]);
    let (records, _) = decode(SPREAD);
    assert_eq!(doubles(&records[0]), [3_123_456_000.0, 0.0, 5_698.4, 5_700.0, 1.012_345_67, 0.987_654_32, 0.0]);
}

#[test]
fn trades_name_who_took_and_have_no_ids() {
    let (records, counts) = decode(TRADES);
    assert_eq!((counts.frames, counts.trades), (1, 2));
    assert_eq!(records.iter().map(head).collect::<Vec<_>>(), [(KIND_TRADE, 2), (KIND_TRADE, 1)]);
    assert_eq!(doubles(&records[1]), [3_324_998_000.0, 0.0, 6_060.0, 0.02455, 0.0, 0.0, 0.0]);
}

#[test]
fn the_second_protocol_writes_numbers_and_checks_snapshots_too() {
    let (records, counts) = decode(V2_SNAPSHOT);
    assert_eq!((counts.books, records.len(), counts.general), (1, 3, 0));
    assert_eq!(doubles(&records[0]), [0.0, 0.0, 0.5666, 4_831.754_963_56, 2_439_117_997.0, 0.0, 0.0]);
    let (records, _) = decode(V2_UPDATE);
    let flags = BOOK_LEVEL_FLAG_CHECKSUM | BOOK_LEVEL_FLAG_FIRST | BOOK_LEVEL_FLAG_LAST;
    assert_eq!(head(&records[0]), (KIND_BOOK_LEVEL, flags));
    assert_eq!(doubles(&records[0])[..5], [4_708_706_000.0, 0.0, 0.5657, 1e-8, 2_114_181_697.0]);
    let (records, _) = decode(V2_TICKER);
    assert_eq!(doubles(&records[0]), [4_742_648_000.0, 0.0, 0.10025, 0.10036, 740.0, 1_361.448_137_83, 0.0]);
    let (records, counts) = decode(V2_TRADES);
    assert_eq!(counts.trades, 2);
    let flags: Vec<_> = records.iter().map(|record| head(record).1).collect();
    assert_eq!(flags, [TRADE_FLAG_ID_NUMBER | 1, TRADE_FLAG_ID_NUMBER | 2]);
    assert_eq!(doubles(&records[1])[..5], [3_667_948_000.0, 0.0, 0.5146, 1_136.196_77, 4_665_847.0]);
}

#[test]
fn data_means_the_same_where_it_stands_before_its_channel() {
    for frame in [V2_SNAPSHOT, V2_UPDATE, V2_TICKER, V2_TRADES] {
        let (front, data) = frame.split_once(r#","data""#).unwrap();
        let turned = format!(r#"{{"data"{},{}}}"#, &data[..data.len() - 1], &front[1..]);
        assert_eq!(decode(&turned).0, decode(frame).0);
    }
}

#[test]
fn what_is_not_decoded_is_ignored_by_its_name() {
    let mut decoder = decoder_of(Venue::Kraken);
    let private = r#"[[{"OGTT3Y-C6I3P-XRI6HX":{"status":"closed"}}],"openOrders",{"sequence":59342}]"#;
    let refusal = r#"{"error":"Currency pair not supported","method":"subscribe","success":false}"#;
    let heartbeat = r#"{"channel":"heartbeat"}"#;
    let empty = r#"{"channel":"trade","type":"update","data":[]}"#;
    let frames = [OHLC, STATUS, private, V2_REPLY, refusal, heartbeat, empty, r#"[0,[],"trade","XBT/USD"]"#];
    decoder.frames(frames.map(|frame| (frame.as_bytes(), 0.0)), &mut [[0; 8]; 4]);
    let names: Vec<_> = decoder.ignored().iter().collect();
    assert_eq!(
        names,
        [
            ("ohlc-5", 1),
            ("systemStatus", 1),
            ("openOrders", 1),
            ("subscribe", 1),
            ("error", 1),
            ("heartbeat", 1),
            ("trade", 2),
        ]
    );
    // A list that does not end with two names takes the general parser.
    assert_eq!((decoder.counts().general, decoder.counts().trades), (1, 0));
}

#[test]
fn a_bad_frame_is_rejected_with_the_field() {
    for (frame, from, to, reason) in [
        (SNAPSHOT, r#""bs""#, r#""b""#, Reason::Field("bs")),
        (SNAPSHOT, r#""bs""#, r#""a":[],"bs""#, Reason::Field("payload")),
        (SNAPSHOT, r#""bs""#, r#""as":[],"bs""#, Reason::Twice("as")),
        (SNAPSHOT, r#","1723161255.481570""#, "", Reason::Field("as")),
        (SNAPSHOT, "1723161255.481570", "1723161255.4815701111", Reason::Field("as")),
        (SNAPSHOT, "1723161256.", "9723161256.", Reason::EventTime),
        (UPDATE, r#""b""#, r#""x""#, Reason::Field("payload")),
        (UPDATE, "2583817756", "4294967296", Reason::Field("c")),
        (UPDATE, "354.15000000", "-354.15", Reason::Negative("b")),
        (UPDATE, r#","XMR/USD""#, "", Reason::Field("pair")),
        (UPDATE, r#","book-1000","XMR/USD""#, "", Reason::Kind),
        (TICKER, r#""13.232900",185,"#, r#""13.232900","#, Reason::Field("b")),
        (TICKER, r#""a":"#, r#""x":"#, Reason::Field("a")),
        (TRADES, r#""s""#, r#""x""#, Reason::Field("side")),
        (TRADES, "0.15850568", "0", Reason::Zero("size")),
        (TRADES, r#"[["5541.20000""#, r#"["5541.20000",["x""#, Reason::Field("payload")),
        (SPREAD, r#","0.98765432""#, "", Reason::Field("askVolume")),
        (SPREAD, r#"["5698.40000""#, r#"["","#, Reason::Json),
        (UPDATE, "[992", "[]992", Reason::Json),
        (OHLC, "[42", "[]42", Reason::Json),
        (OHLC, "ohlc-5", "spread", Reason::EventTime),
        (V2_SNAPSHOT, r#""snapshot""#, r#""all""#, Reason::Field("type")),
        (V2_SNAPSHOT, r#","checksum":2439117997"#, "", Reason::Field("checksum")),
        (V2_SNAPSHOT, "2439117997", "24391179970", Reason::Field("checksum")),
        (V2_SNAPSHOT, r#"{"price":0.5666,"#, r#"{"price":null,"#, Reason::Field("bids")),
        (V2_SNAPSHOT, r#""data":["#, r#""data":[3,"#, Reason::Field("data")),
        (V2_SNAPSHOT, r#""data":[{"#, r#""data":[],"data":[{"#, Reason::Twice("data")),
        (V2_UPDATE, "2024-08-08T", "2024-08-08", Reason::Field("timestamp")),
        (V2_TICKER, r#""bid_qty""#, r#""qty""#, Reason::Field("bid_qty")),
        (V2_TRADES, "6423.46326", "-0", Reason::Negative("qty")),
        (V2_TRADES, "4665846", "4665846.5", Reason::Field("trade_id")),
        (STATUS, r#""event""#, r#""events""#, Reason::Kind),
    ] {
        assert!(frame.contains(from), "{from}");
        assert_eq!(rejection(&frame.replacen(from, to, 1)), reason, "{from} -> {to}");
    }
    assert_eq!(rejection("[]"), Reason::Kind);
    assert_eq!(rejection("17"), Reason::Object);
}

#[test]
fn a_frame_that_does_not_fit_leaves_nothing() {
    for frame in FRAMES {
        let whole = decode(frame).0;
        for room in 1..whole.len() {
            let mut decoder = decoder_of(Venue::Kraken);
            decoder.frames([(frame.as_bytes(), 0.0)], &mut vec![[0; 8]; room]);
            assert_eq!((decoder.counts().records, decoder.counts().rejected), (0, 1));
        }
    }
}
