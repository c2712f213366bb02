//! Decimal text against the standard library's parser.

use proptest::prelude::*;
use tickbus_market::decimal::read;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_decimal_is_the_nearest_double(text in "-?[0-9]{1,22}(\\.[0-9]{1,22})?([eE][+-]?[0-9]{1,3})?") {
        let (decimal, end) = read(text.as_bytes(), 0).unwrap();
        prop_assert_eq!(end, text.len());
        prop_assert_eq!(decimal.value.to_bits(), text.parse::<f64>().unwrap().to_bits());
    }

    #[test]
    fn what_is_precise_comes_back_as_the_same_text(digits in 1..1_000_000_000_000_000_u64, places in 0..15_usize) {
        let text = if places == 0 {
            digits.to_string()
        } else {
            let text = format!("{digits:0>width$}", width = places + 1);
            let (whole, fraction) = text.split_at(text.len() - places);
            format!("{whole}.{fraction}")
        };
        let (decimal, _) = read(text.as_bytes(), 0).unwrap();
        prop_assert!(decimal.is_precise);
        prop_assert_eq!(format!("{:.places$}", decimal.value), text);
    }
}

#[test]
fn what_is_no_decimal_is_none() {
    for text in ["", "-", ".5", "5.", "e5", "1e", "1e+", "+1", "NaN", "inf", "٣"] {
        assert_eq!(read(text.as_bytes(), 0), None, "{text}");
    }
}
