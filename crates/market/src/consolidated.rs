//! The best bid and offer of a pair over the instruments that are traded for each other, after fees.
//!
//! An update looks at its own instrument alone, unless that was the best and has become worse: then at all of them.
//! Comparisons that doubles cannot decide are made in integers ([`crate::exact`]); of equals the one that was named first
//! in the pair is the best.

mod top_quote;

use std::cmp::Ordering;

use tickbus_bus::layout::{
    TOP_DOUBLE_ASK, TOP_DOUBLE_ASK_PLACE, TOP_DOUBLE_ASK_SIZE, TOP_DOUBLE_AT, TOP_DOUBLE_BID, TOP_DOUBLE_BID_PLACE,
    TOP_DOUBLE_BID_SIZE, TOP_DOUBLE_CHANGES, TOP_DOUBLE_NET_ASK, TOP_DOUBLE_NET_BID, TOP_DOUBLES,
};

use crate::batch::Side;
use crate::exact::{BAND, UNIT, compare};

pub use top_quote::{QuoteFault, TopQuote};

/// The best bid and offer of one pair. Instruments are by their places in the pair.
#[derive(Debug)]
pub struct Consolidated {
    fees: Vec<Fee>,
    quotes: Vec<TopQuote>,
    /// What a sale brings: the bid after its fee; 0 without a quote.
    sells: Vec<f64>,
    /// What a purchase costs: the offer with its fee; infinite without a quote.
    buys: Vec<f64>,
    best_bid: Option<usize>,
    best_ask: Option<usize>,
    changed_ns: f64,
    changes: u64,
    exact: u64,
}

/// A fee as what is left of a sale, and what comes onto a purchase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fee {
    sell: f64,
    buy: f64,
    pub(crate) sell_units: i64,
    pub(crate) buy_units: i64,
}

impl Fee {
    fn new(micro_bps: i64) -> Self {
        let (sell_units, buy_units) = (UNIT - micro_bps, UNIT + micro_bps);
        let part = |units: i64| units as f64 / UNIT as f64;
        Self { sell: part(sell_units), buy: part(buy_units), sell_units, buy_units }
    }
}

impl Consolidated {
    /// A pair of instruments with these taker fees, in millionths of a basis point.
    #[must_use]
    pub fn new(fees: &[i64]) -> Self {
        let count = fees.len();
        Self {
            fees: fees.iter().map(|fee| Fee::new(*fee)).collect(),
            quotes: vec![TopQuote::default(); count],
            sells: vec![0.0; count],
            buys: vec![f64::INFINITY; count],
            best_bid: None,
            best_ask: None,
            changed_ns: 0.0,
            changes: 0,
            exact: 0,
        }
    }

    /// How many instruments there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.fees.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.fees.is_empty()
    }

    /// Takes a sound quote in.
    #[inline]
    pub fn set(&mut self, place: usize, quote: TopQuote) {
        let fee = self.fees[place];
        let old = std::mem::replace(&mut self.quotes[place], quote);
        self.sells[place] = quote.bid * fee.sell;
        self.buys[place] = quote.ask * fee.buy;
        let best = (self.best_bid, self.best_ask);
        // Of one instrument, the net prices have the order of the prices.
        self.best_bid = if best.0 == Some(place) && quote.bid < old.bid {
            self.search(Side::Bid)
        } else {
            Some(self.better(Side::Bid, best.0, place))
        };
        self.best_ask = if best.1 == Some(place) && quote.ask > old.ask {
            self.search(Side::Ask)
        } else {
            Some(self.better(Side::Ask, best.1, place))
        };
        let is_new_bid = self.best_bid == Some(place) && (quote.bid, quote.bid_size) != (old.bid, old.bid_size);
        let is_new_ask = self.best_ask == Some(place) && (quote.ask, quote.ask_size) != (old.ask, old.ask_size);
        if is_new_bid || is_new_ask || best != (self.best_bid, self.best_ask) {
            self.note_change(quote.received_ns);
        }
    }

    /// Gives up the quote of an instrument, which may have none.
    pub fn withdraw(&mut self, place: usize, at_ns: f64) {
        self.sells[place] = 0.0;
        self.buys[place] = f64::INFINITY;
        let best = (self.best_bid, self.best_ask);
        if best.0 == Some(place) {
            self.best_bid = self.search(Side::Bid);
        }
        if best.1 == Some(place) {
            self.best_ask = self.search(Side::Ask);
        }
        if best != (self.best_bid, self.best_ask) {
            self.note_change(at_ns);
        }
    }

    /// Whether the instrument has a quote.
    #[inline]
    #[must_use]
    pub fn has_quote(&self, place: usize) -> bool {
        self.sells[place] > 0.0
    }

    /// The last sound quote of an instrument.
    #[inline]
    #[must_use]
    pub fn quote(&self, place: usize) -> &TopQuote {
        &self.quotes[place]
    }

    /// What a sale of each brings.
    #[inline]
    #[must_use]
    pub fn sells(&self) -> &[f64] {
        &self.sells
    }

    /// What a purchase of each costs.
    #[inline]
    #[must_use]
    pub fn buys(&self) -> &[f64] {
        &self.buys
    }

    /// How many comparisons were made in integers.
    #[must_use]
    pub const fn exact(&self) -> u64 {
        self.exact
    }

    #[inline]
    pub(crate) fn fee(&self, place: usize) -> &Fee {
        &self.fees[place]
    }

    /// Writes the view: see `TOP_DOUBLE_BID` and so on.
    pub fn write_top(&self, out: &mut [f64]) {
        let [bid, ask] = [self.best_bid, self.best_ask].map(|place| place.map(|place| &self.quotes[place]));
        let place_of = |best: Option<usize>| best.map_or(-1.0, |place| place as f64);
        let out = &mut out[..TOP_DOUBLES];
        out[TOP_DOUBLE_BID] = bid.map_or(0.0, |quote| quote.bid);
        out[TOP_DOUBLE_ASK] = ask.map_or(0.0, |quote| quote.ask);
        out[TOP_DOUBLE_BID_SIZE] = bid.map_or(0.0, |quote| quote.bid_size);
        out[TOP_DOUBLE_ASK_SIZE] = ask.map_or(0.0, |quote| quote.ask_size);
        out[TOP_DOUBLE_NET_BID] = self.best_bid.map_or(0.0, |place| self.sells[place]);
        out[TOP_DOUBLE_NET_ASK] = self.best_ask.map_or(0.0, |place| self.buys[place]);
        out[TOP_DOUBLE_BID_PLACE] = place_of(self.best_bid);
        out[TOP_DOUBLE_ASK_PLACE] = place_of(self.best_ask);
        out[TOP_DOUBLE_AT] = self.changed_ns;
        out[TOP_DOUBLE_CHANGES] = self.changes as f64;
    }

    const fn note_change(&mut self, at_ns: f64) {
        self.changed_ns = at_ns;
        self.changes += 1;
    }

    /// The best of all.
    fn search(&mut self, side: Side) -> Option<usize> {
        let mut best = None;
        for place in 0..self.len() {
            if self.has_quote(place) {
                best = Some(self.better(side, best, place));
            }
        }
        best
    }

    /// The better one of two, or the one that there is.
    #[inline]
    fn better(&mut self, side: Side, best: Option<usize>, place: usize) -> usize {
        let Some(best) = best else { return place };
        if best == place {
            return place;
        }
        match self.order(side, place, best) {
            Ordering::Greater => place,
            Ordering::Equal => best.min(place),
            Ordering::Less => best,
        }
    }

    /// Greater if `place` is better than `best`.
    #[inline]
    fn order(&mut self, side: Side, place: usize, best: usize) -> Ordering {
        let (new, old) = match side {
            Side::Bid => (self.sells[place], self.sells[best]),
            Side::Ask => (self.buys[best], self.buys[place]),
        };
        let (difference, band) = (new - old, old * BAND);
        if difference > band {
            Ordering::Greater
        } else if difference < -band {
            Ordering::Less
        } else {
            self.exact_order(side, place, best)
        }
    }

    #[cold]
    fn exact_order(&mut self, side: Side, place: usize, best: usize) -> Ordering {
        self.exact += 1;
        let bid = |place: usize| (self.quotes[place].bid, i128::from(self.fees[place].sell_units));
        let ask = |place: usize| (self.quotes[place].ask, i128::from(self.fees[place].buy_units));
        match side {
            Side::Bid => compare(bid(place), bid(best)),
            Side::Ask => compare(ask(best), ask(place)),
        }
    }
}
