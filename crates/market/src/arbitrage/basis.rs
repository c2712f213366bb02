//! What one instrument usually costs in terms of another, for those that are not the same thing: a perpetual and its spot.
//!
//! The ratio of their mid prices, averaged over time with an exponential half-life. A ratio counts for as long as it lasts,
//! so that one that has just come about counts for nothing yet. All of it is plain arithmetic, without the mathematical
//! library, whose last digits differ between languages.

/// The usual ratio of the mid price where is sold to that where is bought.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Basis {
    usual: f64,
    ratio: f64,
    at_ns: f64,
    begun: bool,
    begun_ns: f64,
}

impl Basis {
    /// Takes the ratio from now on. Returns what is usual, once it has been watched for a half-life.
    pub(crate) fn update(&mut self, ratio: f64, at_ns: f64, half_life_ns: f64) -> Option<f64> {
        if self.begun {
            let lasted = (at_ns - self.at_ns).max(0.0) / half_life_ns;
            self.usual = self.ratio + (self.usual - self.ratio) * half_to_the(lasted);
        } else {
            *self = Self { usual: ratio, ratio, at_ns, begun: true, begun_ns: at_ns };
        }
        self.ratio = ratio;
        self.at_ns = at_ns;
        (at_ns - self.begun_ns >= half_life_ns).then_some(self.usual)
    }

    /// What was usual at the last update.
    pub(crate) const fn usual(&self) -> f64 {
        self.usual
    }
}

/// 1/2 to the power of a number that is not negative. The series of e^-x for x below ln 2, by Horner's rule.
fn half_to_the(power: f64) -> f64 {
    if power >= 1_000.0 {
        return 0.0;
    }
    let whole = power.floor();
    let x = (power - whole) * std::f64::consts::LN_2;
    let mut series = 1.0;
    for term in (1..=TERMS).rev() {
        series = 1.0 - x / f64::from(term) * series;
    }
    // Exact: halves of halves.
    for _ in 0..whole as u32 {
        series *= 0.5;
    }
    series
}

/// The next term is below 2^-53 of the sum.
const TERMS: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_halves() {
        for power in [0.0, 1.0, 0.5, 2.75, 17.25, 60.0] {
            let expected = 0.5_f64.powf(power);
            assert!((half_to_the(power) / expected - 1.0).abs() < 1e-15, "{power}");
        }
        assert_eq!(half_to_the(3.0).to_bits(), 0.125_f64.to_bits());
        assert_eq!(half_to_the(1e9).to_bits(), 0);
    }

    #[test]
    fn a_ratio_counts_by_the_time_that_it_lasts() {
        let mut basis = Basis::default();
        assert_eq!(basis.update(1.0, 0.0, 10.0), None);
        assert_eq!(basis.update(3.0, 5.0, 10.0), None);
        // After a half-life of 3 it lies half-way.
        assert_eq!(basis.update(9.0, 15.0, 10.0), Some(2.0));
    }
}
