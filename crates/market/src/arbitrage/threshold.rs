//! When an edge counts: what a sale brings is above what a purchase costs by more than the threshold.

use crate::consolidated::Consolidated;
use crate::exact::{BAND, UNIT, compare};

/// A threshold that edges have to be above.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threshold {
    units: i64,
    /// By this a cost becomes the hurdle that a sale has to be above.
    pub(crate) factor: f64,
}

/// How a sale compares with its hurdle in doubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Above,
    Below,
    /// Doubles cannot say.
    Near,
}

impl Threshold {
    pub(crate) const fn new(micro_bps: i64) -> Self {
        let units = UNIT + micro_bps;
        Self { units, factor: units as f64 / UNIT as f64 }
    }

    /// Whether the edge of buying one and selling the other is above the threshold, in exact decimals.
    #[cold]
    pub(crate) fn is_exceeded(&self, pair: &Consolidated, buy: usize, sell: usize) -> bool {
        let sale = i128::from(pair.fee(sell).sell_units) * i128::from(UNIT);
        let cost = i128::from(pair.fee(buy).buy_units) * i128::from(self.units);
        compare((pair.quote(sell).bid, sale), (pair.quote(buy).ask, cost)).is_gt()
    }
}

/// A sale of 0 or an infinite hurdle, which say that there is no quote, are below.
#[inline]
pub(crate) fn judge(sale: f64, hurdle: f64) -> Verdict {
    let (difference, band) = (sale - hurdle, sale * BAND);
    if difference < -band {
        Verdict::Below
    } else if difference > band {
        Verdict::Above
    } else {
        Verdict::Near
    }
}
