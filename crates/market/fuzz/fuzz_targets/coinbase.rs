#![no_main]

#[path = "../check.rs"]
mod check;

use tickbus_market::decoder::Venue;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check::check(Venue::Coinbase, bytes));
