//! The seeds of the fuzz targets, as they are and changed, through the function that those call.

#[path = "../fuzz/check.rs"]
mod check;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tickbus_market::decoder::{Decoder, Venue};

const VENUES: [(Venue, &str); 5] = [
    (Venue::Binance, "binance"),
    (Venue::Bybit, "bybit"),
    (Venue::Coinbase, "coinbase"),
    (Venue::Kraken, "kraken"),
    (Venue::Okx, "okx"),
];

/// Frames that were written by hand from the venues' documentation, a venue and a file each.
fn seeds() -> Vec<(Venue, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let seeds: Vec<_> = VENUES
        .into_iter()
        .flat_map(|(venue, name)| {
            fs::read_dir(folder.join(name)).unwrap().map(move |entry| (venue, fs::read(entry.unwrap().path()).unwrap()))
        })
        .collect();
    assert!(seeds.len() >= 40);
    seeds
}

#[test]
fn every_seed_holds_what_is_promised_and_none_of_one_line_is_rejected() {
    for (venue, frame) in seeds() {
        check::check(venue, &frame);
        if frame.contains(&b'\n') {
            continue;
        }
        let mut decoder = Decoder::new(venue, 4);
        decoder.set_epoch(tickbus_market::clock::Clock::new(1_723_161_253, 0));
        decoder.frames([(frame.as_slice(), 0.0)], &mut [[0; 8]; 16]);
        assert_eq!(decoder.counts().rejected, 0, "{}", String::from_utf8_lossy(&frame));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn changed_and_joined_seeds_hold_what_is_promised(
        (venue, first) in prop::sample::select(seeds()),
        (_, second) in prop::sample::select(seeds()),
        (from, to) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        joins in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..6),
    ) {
        let mut bytes = first;
        if joins {
            bytes.truncate(from.index(bytes.len()) + 1);
            bytes.extend_from_slice(&second[to.index(second.len())..]);
        }
        for (place, byte, how) in changes {
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ if bytes.len() > 1 => { bytes.remove(at); }
                _ => {}
            }
        }
        check::check(venue, &bytes);
    }
}
