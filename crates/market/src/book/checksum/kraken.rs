//! Kraken's text: of the ten best asks, then the ten best bids, price and size each.

use std::fmt::Write as _;

use super::Levels;

const LEVELS: usize = 10;

pub(super) fn write(bids: &Levels, asks: &Levels, price_places: u8, size_places: u8, text: &mut String) {
    let (price_power, size_power) = (power(price_places), power(size_places));
    for side in [asks, bids] {
        for (key, size) in side.iter().take(LEVELS) {
            write_digits(key.abs(), price_power, text);
            write_digits(size, size_power, text);
        }
    }
}

fn power(places: u8) -> f64 {
    10_f64.powi(i32::from(places))
}

/// The digits of the number with as many decimal places as the power has zeros.
fn write_digits(number: f64, power: f64, text: &mut String) {
    // Up to 15 digits the product is less than half away from the whole number that it stands for.
    let digits = (number * power).round() as u64;
    write!(text, "{digits}").expect("a String takes everything");
}
