//! A quote that can be relied on, or what is wrong with it.

use tickbus_bus::layout::{
    QUOTE_DOUBLE_ASK_PRICE, QUOTE_DOUBLE_ASK_SIZE, QUOTE_DOUBLE_BID_PRICE, QUOTE_DOUBLE_BID_SIZE, RECORD_DOUBLE_INIT,
};

use crate::batch::Longs;

/// Prices of either side of these are no prices, and their products might not be numbers.
const PRICE_MOST: f64 = 1e200;
const PRICE_LEAST: f64 = 1e-200;

/// Best bid and offer of one instrument, with when they were received.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "as in a quote")]
pub struct TopQuote {
    pub bid: f64,
    pub ask: f64,
    pub bid_size: f64,
    pub ask_size: f64,
    pub received_ns: f64,
}

/// Why a quote is not relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteFault {
    /// A price, a size or a time is not finite, or beyond all prices.
    Number,
    /// A price or a size is negative.
    Negative,
    /// Neither side has a price.
    Zero,
    /// One side has no price.
    OneSided,
    /// The bid is above the offer.
    Crossed,
}

impl TopQuote {
    /// What a quote record says.
    #[inline]
    #[must_use]
    pub fn of(record: &Longs) -> Self {
        let double = |place: usize| f64::from_bits(record[place]);
        Self {
            bid: double(QUOTE_DOUBLE_BID_PRICE),
            ask: double(QUOTE_DOUBLE_ASK_PRICE),
            bid_size: double(QUOTE_DOUBLE_BID_SIZE),
            ask_size: double(QUOTE_DOUBLE_ASK_SIZE),
            received_ns: double(RECORD_DOUBLE_INIT),
        }
    }

    /// What is wrong with it. A size of 0 is none: some venues tell no sizes.
    #[inline]
    #[must_use]
    pub fn fault(&self) -> Option<QuoteFault> {
        let Self { bid, ask, bid_size, ask_size, received_ns } = *self;
        let is_sound = bid >= PRICE_LEAST && bid <= ask && ask <= PRICE_MOST;
        let has_sizes = [bid_size, ask_size].into_iter().all(|size| (0.0..f64::INFINITY).contains(&size));
        if is_sound && has_sizes && received_ns.is_finite() { None } else { Some(self.explain()) }
    }

    #[cold]
    fn explain(&self) -> QuoteFault {
        let Self { bid, ask, bid_size, ask_size, received_ns } = *self;
        let numbers = [bid, ask, bid_size, ask_size];
        let is_price = |price: f64| price <= 0.0 || (PRICE_LEAST..=PRICE_MOST).contains(&price);
        if !numbers.iter().chain([&received_ns]).all(|number| number.is_finite()) || !is_price(bid) || !is_price(ask) {
            QuoteFault::Number
        } else if numbers.iter().any(|number| *number < 0.0) {
            QuoteFault::Negative
        } else if bid == 0.0 && ask == 0.0 {
            QuoteFault::Zero
        } else if bid == 0.0 || ask == 0.0 {
            QuoteFault::OneSided
        } else {
            QuoteFault::Crossed
        }
    }
}
