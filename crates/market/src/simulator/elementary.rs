//! Logarithm and exponential from additions, multiplications and divisions alone. IEEE 754 rounds those alike everywhere,
//! and the functions of a mathematics library not: with these the backends come to the same bytes. Right to some 1e-14.

use std::f64::consts::{LN_2, LOG2_E, SQRT_2};

const EXPONENT_BIAS: i64 = 1023;
const EXPONENT_SHIFT: u32 = 52;
const FRACTION_MASK: u64 = (1 << EXPONENT_SHIFT) - 1;
/// Where the exponential is 0: beyond lie subnormal numbers.
const LEAST: f64 = -700.0;

/// Natural logarithm of a normal number above 0: the series of the inverse hyperbolic tangent.
#[must_use]
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = (bits >> EXPONENT_SHIFT).cast_signed() - EXPONENT_BIAS;
    let mut fraction = f64::from_bits(bits & FRACTION_MASK | EXPONENT_BIAS.cast_unsigned() << EXPONENT_SHIFT);
    if fraction > SQRT_2 {
        fraction *= 0.5;
        exponent += 1;
    }
    let s = (fraction - 1.0) / (fraction + 1.0);
    let q = s * s;
    let terms = [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0];
    let sum = terms.iter().fold(1.0 / 17.0, |sum, term| sum * q + 1.0 / term);
    exponent as f64 * LN_2 + 2.0 * s * sum
}

/// The factorials behind Taylor's terms, from the eleventh down.
const FACTORIALS: [f64; 12] =
    [39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5_040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0];

/// e^x for x below 700: the power of two nearest to it, and Taylor's series for the rest.
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x < LEAST {
        return 0.0;
    }
    let exponent = (x * LOG2_E + 0.5).floor();
    let r = x - exponent * LN_2;
    let sum = FACTORIALS.iter().fold(1.0 / 479_001_600.0, |sum, factorial| sum * r + 1.0 / factorial);
    sum * f64::from_bits((exponent as i64 + EXPONENT_BIAS).cast_unsigned() << EXPONENT_SHIFT)
}
