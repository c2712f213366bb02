//! What a frame is does not depend on which names were expected in it.

use std::fs;
use std::path::Path;

use tickbus_market::batch::Longs;
use tickbus_market::clock::Clock;
use tickbus_market::counts::Counts;
use tickbus_market::decoder::{Decoder, Venue};
use tickbus_market::reject::Reason;

const VENUES: [&str; 5] = ["BINANCE", "BYBIT", "COINBASE", "KRAKEN", "OKX"];
/// What could end a name, be none of it, or be one of another.
const BYTES: [u8; 8] = [b'"', b'\\', b':', b' ', b'}', b'x', 0, 0xff];

#[test]
fn a_frame_that_is_changed_anywhere_is_the_same_to_a_decoder_that_expects_its_names_and_to_one_that_does_not() {
    for (venue, frame) in seeds() {
        for at in 0..frame.len() {
            let cut = [&frame[..at], &frame[at + 1..]].concat();
            compare(venue, &frame, &cut);
            compare(venue, &frame, &frame[..at]);
            for byte in BYTES {
                let mut other = frame.clone();
                other[at] = byte;
                compare(venue, &frame, &other);
                other[at] = frame[at];
                other.insert(at, byte);
                compare(venue, &frame, &other);
            }
        }
    }
}

#[test]
fn names_are_expected_in_any_mixture_of_frames() {
    let seeds = seeds();
    for (venue, first) in &seeds {
        for (_, second) in seeds.iter().filter(|(other, _)| other == venue) {
            compare(*venue, first, second);
        }
    }
}

/// Frames of one line that were written by hand from the venues' documentation.
fn seeds() -> Vec<(Venue, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let of = |name: &&str| fs::read_dir(folder.join(name.to_lowercase())).unwrap();
    let seeds = VENUES
        .iter()
        .flat_map(|name| of(name).map(|entry| (Venue::named(name).unwrap(), fs::read(entry.unwrap().path()).unwrap())));
    let seeds: Vec<_> = seeds.filter(|(_, frame)| frame.len() < 500 && !frame.contains(&b'\n')).collect();
    assert!(seeds.len() >= 20);
    seeds
}

fn compare(venue: Venue, known: &[u8], frame: &[u8]) {
    // A name with a space in front of the colon is read, but never expected.
    let spaced = String::from_utf8_lossy(known).replace("\":", "\" :");
    let (expecting, other) = (decode(venue, known, frame), decode(venue, spaced.as_bytes(), frame));
    assert_eq!(expecting, other, "{}", String::from_utf8_lossy(frame));
}

fn decode(venue: Venue, known: &[u8], frame: &[u8]) -> (Vec<Longs>, Counts, Vec<Reason>) {
    let mut decoder = Decoder::new(venue, 8);
    decoder.set_epoch(Clock::new(1_723_161_253, 0));
    let mut out = [[0; 8]; 32];
    decoder.frames([(known, 0.0)], &mut out);
    decoder.frames([(frame, 0.0)], &mut out);
    let records = out[..decoder.counts().records as usize].to_vec();
    (records, decoder.counts(), decoder.rejects().samples().iter().map(|sample| sample.reason).collect())
}
