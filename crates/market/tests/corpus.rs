//! The seeds of the fuzz targets, as they are and changed, through the function that those call.

#[path = "../fuzz/check.rs"]
mod check;
#[path = "../fuzz/check_general.rs"]
mod check_general;
#[path = "../fuzz/check_records.rs"]
mod check_records;

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
    let seeds: Vec<_> = VENUES
        .into_iter()
        .flat_map(|(venue, name)| seeds_of(name).into_iter().map(move |seed| (venue, seed)))
        .collect();
    assert!(seeds.len() >= 40);
    seeds
}

/// The seeds of a target, in the order of their names.
fn seeds_of(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 8);
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn every_seed_of_the_general_parser_and_of_books_holds_what_is_promised() {
    for seed in seeds_of("general") {
        check_general::check(&seed);
    }
    for seed in seeds_of("records") {
        check_records::check(&seed);
    }
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

/// How bytes are changed: where, the new byte, and whether it is put in place of another, in between or not at all.
type Change = (prop::sample::Index, u8, u8);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..6)
}

fn changed(mut bytes: Vec<u8>, changes: Vec<Change>) -> Vec<u8> {
    for (place, byte, how) in changes {
        let at = place.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ if bytes.len() > 1 => {
                bytes.remove(at);
            }
            _ => {}
        }
    }
    bytes
}

/// The beginning of one and the end of the other.
fn joined(mut first: Vec<u8>, second: &[u8], from: usize, to: usize) -> Vec<u8> {
    first.truncate(from + 1);
    first.extend_from_slice(&second[to..]);
    first
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn changed_and_joined_seeds_hold_what_is_promised(
        (venue, first) in prop::sample::select(seeds()),
        (_, second) in prop::sample::select(seeds()),
        (from, to) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        joins in any::<bool>(),
        changes in changes(),
    ) {
        let (from, to) = (from.index(first.len()), to.index(second.len()));
        let bytes = if joins { joined(first, &second, from, to) } else { first };
        check::check(venue, &changed(bytes, changes));
    }

    #[test]
    fn changed_and_joined_seeds_of_the_general_parser_hold_what_is_promised(
        first in prop::sample::select(seeds_of("general")),
        second in prop::sample::select(seeds_of("general")),
        (from, to) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        joins in any::<bool>(),
        changes in changes(),
    ) {
        let (from, to) = (from.index(first.len()), to.index(second.len()));
        let bytes = if joins { joined(first, &second, from, to) } else { first };
        check_general::check(&changed(bytes, changes));
    }

    #[test]
    fn changed_and_joined_records_hold_what_is_promised(
        first in prop::sample::select(seeds_of("records")),
        second in prop::sample::select(seeds_of("records")),
        (choice, from, to) in (any::<u8>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        // Records begin behind the choice of options, and stay whole: bytes are changed in their place.
        let (from, to) = (from.index(first.len()) / 64 * 64, to.index(second.len()) / 64 * 64);
        let mut bytes = joined(first, &second[1..], from, to.min(second.len() - 1));
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        bytes[0] = choice;
        check_records::check(&bytes);
    }
}
