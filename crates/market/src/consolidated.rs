//! The best bid and offer of a pair over the instruments that are traded for each other, after fees.
//!
//! An update looks at all of them without a branch, which is cheaper than to guess whether the best one may have changed.
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
        self.best_bid = self.search(Side::Bid);
        self.best_ask = self.search(Side::Ask);
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
        self.best_bid = self.search(Side::Bid);
        self.best_ask = self.search(Side::Ask);
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

    /// Whether no sale of any instrument can bring as much as a purchase of any other one costs times `factor`, nor nearly
    /// as much: doubles alone say so.
    #[inline]
    #[must_use]
    pub(crate) fn is_below(&self, factor: f64) -> bool {
        let (Some(bid), Some(ask)) = (self.best_bid, self.best_ask) else { return true };
        // The best ones are so within a band, and hurdles are rounded once more.
        self.sells[bid] < self.buys[ask] * factor * (1.0 - 8.0 * BAND)
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

    /// How often the best bid or offer has changed, in any of what `view` tells.
    #[inline]
    #[must_use]
    pub const fn changes(&self) -> u64 {
        self.changes
    }

    /// The best bid and offer, by the `TOP_DOUBLE_` places.
    #[must_use]
    pub fn view(&self) -> [f64; TOP_DOUBLES] {
        let [bid, ask] = [self.best_bid, self.best_ask].map(|place| place.map(|place| &self.quotes[place]));
        let place_of = |best: Option<usize>| best.map_or(-1.0, |place| place as f64);
        let mut view = [0.0; TOP_DOUBLES];
        view[TOP_DOUBLE_BID] = bid.map_or(0.0, |quote| quote.bid);
        view[TOP_DOUBLE_ASK] = ask.map_or(0.0, |quote| quote.ask);
        view[TOP_DOUBLE_BID_SIZE] = bid.map_or(0.0, |quote| quote.bid_size);
        view[TOP_DOUBLE_ASK_SIZE] = ask.map_or(0.0, |quote| quote.ask_size);
        view[TOP_DOUBLE_NET_BID] = self.best_bid.map_or(0.0, |place| self.sells[place]);
        view[TOP_DOUBLE_NET_ASK] = self.best_ask.map_or(0.0, |place| self.buys[place]);
        view[TOP_DOUBLE_BID_PLACE] = place_of(self.best_bid);
        view[TOP_DOUBLE_ASK_PLACE] = place_of(self.best_ask);
        view[TOP_DOUBLE_AT] = self.changed_ns;
        view[TOP_DOUBLE_CHANGES] = self.changes as f64;
        view
    }

    const fn note_change(&mut self, at_ns: f64) {
        self.changed_ns = at_ns;
        self.changes += 1;
    }

    /// The best of all: by doubles, if no other is near it.
    #[inline]
    fn search(&mut self, side: Side) -> Option<usize> {
        // The best bid is the highest, the best offer the lowest.
        let (best, is_clear) = match side {
            Side::Bid => highest(self.sells.iter().copied()),
            Side::Ask => highest(self.buys.iter().map(|cost| -cost)),
        };
        if is_clear && self.has_quote(best) { Some(best) } else { self.search_exactly(side) }
    }

    #[cold]
    fn search_exactly(&mut self, side: Side) -> Option<usize> {
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

/// The place of the highest, and whether doubles are enough to say so.
#[inline]
fn highest(values: impl Iterator<Item = f64>) -> (usize, bool) {
    let (mut best, mut most, mut second) = (0, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (place, value) in values.enumerate() {
        let is_more = value > most;
        let less = if is_more { most } else { value };
        second = if less > second { less } else { second };
        best = if is_more { place } else { best };
        most = if is_more { value } else { most };
    }
    (best, second < most - most.abs() * (2.0 * BAND))
}
