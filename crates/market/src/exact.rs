//! Comparison of two prices, each times a factor, as the decimals that venues wrote, not as the doubles nearest to them.
//!
//! A price is taken as the shortest decimal that reads as its double: mantissa and power of ten. Who compares in doubles
//! first and comes here only within [`BAND`] pays for it once in a blue moon.
//!
//! Width: a mantissa has at most 17 digits. A factor is a product of at most two of: [`UNIT`] less or plus a fee of at most
//! a tenth, and [`UNIT`] plus a threshold of at most all, so it is at most 1.1e10 x 2e10 = 2.2e20, and the product of the
//! price with the smaller power of ten is below 1e17 x 2.2e20 = 2.2e37. The other one is brought to the same power of ten,
//! and is nearly equal: all is below 2^127 = 1.7e38.

use std::cmp::Ordering;

/// What fees and thresholds are counted from: 1, or 10,000 basis points, in millionths of a basis point.
pub const UNIT: i64 = 10_000_000_000;

/// Two products that differ by more than this part of either have the order of their doubles: each is made of at most four
/// roundings and a price that was rounded, which is less than 16 x 2^-53.
pub const BAND: f64 = 1.0 / 281_474_976_710_656.0;

/// The order of `left.0 * left.1` and `right.0 * right.1`, which are nearly equal: a price and a factor each.
#[must_use]
pub fn compare(left: (f64, i128), right: (f64, i128)) -> Ordering {
    // Venues with the same fee and the same price: most of what comes here.
    if left == right {
        return Ordering::Equal;
    }
    let ((left_mantissa, left_power), (right_mantissa, right_power)) = (shortest(left.0), shortest(right.0));
    let power = left_power.min(right_power);
    let whole = |mantissa: i128, own: i32| mantissa * 10_i128.pow((own - power) as u32);
    (whole(left_mantissa, left_power) * left.1).cmp(&(whole(right_mantissa, right_power) * right.1))
}

/// The shortest decimal that reads as `value`: its digits and the power of ten that they count.
fn shortest(value: f64) -> (i128, i32) {
    let text = format!("{value:e}");
    let (digits, power) = text.split_once('e').expect("an exponent is always written");
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa = format!("{whole}{fraction}").parse().expect("digits");
    let power: i32 = power.parse().expect("a whole number");
    (mantissa, power - fraction.len().cast_signed() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_decide_where_doubles_cannot() {
        let unit = i128::from(UNIT);
        // As doubles 0.1 x 3 is above 0.3.
        assert_eq!(compare((0.1, 3 * unit), (0.3, unit)), Ordering::Equal);
        assert_eq!(compare((61_837.63, unit), (61_837.64, unit)), Ordering::Less);
        assert_eq!(compare((1e22, unit), (9.999_999_999_999_998e21, unit)), Ordering::Greater);
    }

    #[test]
    fn the_widest_products_fit() {
        let widest = (1.234_567_890_123_456_7e-7, 11_000_000_000 * 20_000_000_000);
        assert_eq!(compare(widest, widest), Ordering::Equal);
        let (nines, ten) = ((9.999_999_999_999_998e3, widest.1), (1e4, widest.1));
        assert_eq!(compare(nines, ten), Ordering::Less);
        assert_eq!(compare(ten, nines), Ordering::Greater);
    }
}
