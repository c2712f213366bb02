//! Any bytes: no panic, no more output than there is room for, and what fits the scanner means the same to the general
//! parser and to `serde_json`.

mod frames;

use frames::{FRAMES, OTHERS, coinbase, decode_of, decoder, kraken};
use proptest::prelude::*;
use tickbus_market::decoder::Venue;
use tickbus_market::general::normalise;

const VENUES: [Venue; 5] = [Venue::Binance, Venue::Bybit, Venue::Coinbase, Venue::Kraken, Venue::Okx];

/// A venue and a frame of it.
fn sound() -> impl Strategy<Value = (Venue, &'static str)> {
    let all = [(Venue::Binance, &FRAMES[..]), (Venue::Coinbase, &coinbase::FRAMES), (Venue::Kraken, &kraken::FRAMES)];
    let pairs = all.into_iter().flat_map(|(venue, frames)| frames.iter().map(move |frame| (venue, *frame)));
    prop::sample::select(pairs.chain(OTHERS).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn any_bytes_are_a_frame_or_none(
        venue in prop::sample::select(VENUES.to_vec()),
        frame in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let (records, counts) = decode_of(venue, &[&frame]);
        prop_assert!(records.len() * 4 <= frame.len());
        prop_assert_eq!(counts.frames, 1);
        prop_assert_eq!(counts.quotes + counts.trades + counts.books + counts.ignored + counts.rejected, 1);
    }

    #[test]
    fn any_bytes_are_lines_or_none(input in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut out = [[0; 8]; 64];
        let mut decoder = decoder();
        let taken = decoder.lines(&input, &mut out);
        let whole = input.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        prop_assert_eq!(taken, whole);
        let lines = input.split(|byte| *byte == b'\n').count() - 1;
        prop_assert_eq!(decoder.counts().frames as usize, lines);
    }

    #[test]
    fn a_changed_frame_is_taken_only_where_it_is_json_still(
        (venue, sound) in sound(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..4),
    ) {
        let mut frame = sound.as_bytes().to_vec();
        for (place, byte, how) in changes {
            let at = place.index(frame.len());
            match how {
                0 => frame[at] = byte,
                1 => frame.insert(at, byte),
                _ => { frame.remove(at); }
            }
        }
        let (records, counts) = decode_of(venue, &[&frame]);
        if counts.rejected == 0 {
            prop_assert!(is_json(&frame));
            let mut plain = Vec::new();
            prop_assert_eq!(normalise(&frame, &mut plain), Ok(()));
            // The plain form of the frame says the same. With control characters, which it does not escape, it is no JSON.
            if !plain.iter().any(u8::is_ascii_control) {
                prop_assert_eq!(decode_of(venue, &[&plain]).0, records);
            }
        } else {
            prop_assert_eq!((records.len(), counts.quotes + counts.trades + counts.books), (0, 0));
        }
    }

    #[test]
    fn the_general_parser_takes_what_serde_json_takes(text in json_like()) {
        let mut plain = Vec::new();
        let outcome = normalise(text.as_bytes(), &mut plain);
        let expected = serde_json::from_str::<serde_json::Value>(&text);
        // Numbers that no double holds are JSON, though serde_json refuses them.
        prop_assume!(!expected.as_ref().is_err_and(|error| error.to_string().starts_with("number out of range")));
        prop_assert_eq!(outcome.is_ok(), expected.as_ref().is_ok_and(serde_json::Value::is_object), "{}", text);
        if outcome.is_ok() {
            prop_assert!(plain.len() <= text.len());
        }
    }
}

/// Numbers that no double holds are JSON too, though a `serde_json::Value` cannot be made of them.
fn is_json(frame: &[u8]) -> bool {
    std::str::from_utf8(frame).is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
}

/// Pieces of JSON in any order, inside an object.
fn json_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"",
        "\\u0041",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\x\"",
        "1",
        "-0",
        "01",
        "1.",
        "1.5e+3",
        "1e",
        "true",
        "false",
        "null",
        "nul",
        " ",
        "\t",
        "é",
        "\u{1}",
    ]);
    prop::collection::vec(piece, 0..8).prop_map(|pieces| format!("{{\"k\":{}}}", pieces.concat()))
}
