//! The episodes of one pair. Sets of instruments are bits by their places.

use super::basis::Basis;
use super::episode::Episode;
use super::events::{Event, Events, Route};
use super::threshold::{Threshold, Verdict, judge};
use crate::consolidated::{Consolidated, TopQuote};

/// Adds two sides: half of it is the mid price.
fn mids(quote: &TopQuote) -> f64 {
    quote.bid + quote.ask
}

/// One pair, under the threshold of all.
#[derive(Debug)]
pub(crate) struct Pair {
    number: u32,
    pub(crate) top: Consolidated,
    threshold: Threshold,
    /// What a sale has to be above, by where is bought; infinite without a quote.
    hurdles: Vec<f64>,
    /// Where is bought in the open episodes that sell here.
    bought_at: Vec<u32>,
    /// Where is sold in the open episodes that buy here.
    sold_at: Vec<u32>,
    /// By `buy * len + sell`, as the bases.
    episodes: Vec<Episode>,
    bases: Vec<Basis>,
    /// 0 for no adjustment.
    half_life_ns: f64,
    exact: u64,
    /// Whether it is noted that its top has changed.
    pub(crate) is_noted: bool,
}

/// Numbers that are given to episodes.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) opened: u64,
    pub(crate) closed: u64,
}

impl Pair {
    pub(crate) fn new(number: u32, fees: &[i64], threshold: Threshold, half_life_ns: f64) -> Self {
        let len = fees.len();
        let ways = len * len;
        Self {
            number,
            top: Consolidated::new(fees),
            threshold,
            hurdles: vec![f64::INFINITY; len],
            bought_at: vec![0; len],
            sold_at: vec![0; len],
            episodes: vec![Episode::default(); ways],
            bases: vec![Basis::default(); if half_life_ns > 0.0 { ways } else { 0 }],
            half_life_ns,
            exact: 0,
            is_noted: true,
        }
    }

    /// How many comparisons were made in integers.
    #[inline]
    pub(crate) const fn exact(&self) -> u64 {
        self.exact + self.top.exact()
    }

    /// Takes a sound quote in, and writes what becomes of the episodes of its instrument.
    #[inline]
    pub(crate) fn set(&mut self, place: usize, quote: TopQuote, numbers: &mut Numbers, events: &mut Events<'_>) {
        self.top.set(place, quote);
        self.hurdles[place] = self.top.buys()[place] * self.threshold.factor;
        let (buys, sells) = if self.half_life_ns > 0.0 {
            self.look_adjusted(place, quote.received_ns)
        } else if self.top.is_below(self.threshold.factor) {
            (0, 0)
        } else {
            self.look(place)
        };
        if buys | self.bought_at[place] | sells | self.sold_at[place] != 0 {
            self.follow(place, buys, sells, quote.received_ns, numbers, events);
        }
    }

    /// Gives up a quote, and closes the episodes that it was in.
    pub(crate) fn withdraw(&mut self, place: usize, at_ns: f64, numbers: &mut Numbers, events: &mut Events<'_>) {
        self.top.withdraw(place, at_ns);
        self.hurdles[place] = f64::INFINITY;
        self.follow(place, 0, 0, at_ns, numbers, events);
    }

    /// Writes how the open episodes stand, as far as there is room.
    pub(crate) fn write_open(&self, at_ns: f64, events: &mut Events<'_>) {
        for (sell, buys) in self.bought_at.iter().enumerate() {
            for buy in places(*buys) {
                if events.room() > 0 {
                    let route = Route { pair: self.number, buy, sell };
                    events.push(Event::Open, route, at_ns, &self.episodes[buy * self.hurdles.len() + sell]);
                }
            }
        }
    }

    /// Where to buy what is sold here, and where to sell what is bought here, with an edge above the threshold.
    #[inline]
    fn look(&mut self, place: usize) -> (u32, u32) {
        let (sell_here, hurdle_here) = (self.top.sells()[place], self.hurdles[place]);
        let (mut buys, mut sells, mut near_buys, mut near_sells) = (0_u32, 0_u32, 0_u32, 0_u32);
        for (other, (sell, hurdle)) in self.top.sells().iter().zip(&self.hurdles).enumerate() {
            match judge(sell_here, *hurdle) {
                Verdict::Below => {}
                Verdict::Above => buys |= 1 << other,
                Verdict::Near => near_buys |= 1 << other,
            }
            match judge(*sell, hurdle_here) {
                Verdict::Below => {}
                Verdict::Above => sells |= 1 << other,
                Verdict::Near => near_sells |= 1 << other,
            }
        }
        let others = !(1 << place);
        if (near_buys | near_sells) & others != 0 {
            for other in places(near_buys & others) {
                buys |= u32::from(self.is_above(other, place)) << other;
            }
            for other in places(near_sells & others) {
                sells |= u32::from(self.is_above(place, other)) << other;
            }
        }
        (buys & others, sells & others)
    }

    #[cold]
    fn is_above(&mut self, buy: usize, sell: usize) -> bool {
        self.exact += 1;
        self.threshold.is_exceeded(&self.top, buy, sell)
    }

    /// The same where an edge counts from what the one usually costs in terms of the other. A basis is a double, so
    /// doubles decide.
    fn look_adjusted(&mut self, place: usize, at_ns: f64) -> (u32, u32) {
        let (mut buys, mut sells) = (0_u32, 0_u32);
        let here = mids(self.top.quote(place));
        for other in 0..self.hurdles.len() {
            if other == place || !self.top.has_quote(other) {
                continue;
            }
            let there = mids(self.top.quote(other));
            if let Some(usual) = self.usual(other, place, here / there, at_ns) {
                buys |= u32::from(self.top.sells()[place] > self.hurdles[other] * usual) << other;
            }
            if let Some(usual) = self.usual(place, other, there / here, at_ns) {
                sells |= u32::from(self.top.sells()[other] > self.hurdles[place] * usual) << other;
            }
        }
        (buys, sells)
    }

    fn usual(&mut self, buy: usize, sell: usize, ratio: f64, at_ns: f64) -> Option<f64> {
        let way = buy * self.hurdles.len() + sell;
        self.bases[way].update(ratio, at_ns, self.half_life_ns)
    }

    /// Opens, goes on with and closes episodes: first those that sell here, then those that buy here.
    fn follow(
        &mut self,
        place: usize,
        buys: u32,
        sells: u32,
        at_ns: f64,
        numbers: &mut Numbers,
        events: &mut Events<'_>,
    ) {
        for other in places(buys | self.bought_at[place]) {
            self.follow_one(other, place, buys >> other & 1 != 0, at_ns, numbers, events);
        }
        for other in places(sells | self.sold_at[place]) {
            self.follow_one(place, other, sells >> other & 1 != 0, at_ns, numbers, events);
        }
    }

    fn follow_one(
        &mut self,
        buy: usize,
        sell: usize,
        is_above: bool,
        at_ns: f64,
        numbers: &mut Numbers,
        events: &mut Events<'_>,
    ) {
        let way = buy * self.hurdles.len() + sell;
        let route = Route { pair: self.number, buy, sell };
        let is_open = self.bought_at[sell] >> buy & 1 != 0;
        if !is_above {
            self.bought_at[sell] &= !(1 << buy);
            self.sold_at[buy] &= !(1 << sell);
            numbers.closed += 1;
            events.push(Event::Closed, route, at_ns, &self.episodes[way]);
            return;
        }
        let (edge, size) = (self.edge_bps(buy, sell), self.size(buy, sell));
        if is_open {
            if self.episodes[way].go_on(edge, size) {
                events.push(Event::Improved, route, at_ns, &self.episodes[way]);
            }
            return;
        }
        numbers.opened += 1;
        self.bought_at[sell] |= 1 << buy;
        self.sold_at[buy] |= 1 << sell;
        self.episodes[way] = Episode::new(numbers.opened, at_ns, edge, size);
        events.push(Event::Opened, route, at_ns, &self.episodes[way]);
    }

    fn edge_bps(&self, buy: usize, sell: usize) -> f64 {
        let mut cost = self.top.buys()[buy];
        if self.half_life_ns > 0.0 {
            cost *= self.bases[buy * self.hurdles.len() + sell].usual();
        }
        (self.top.sells()[sell] / cost - 1.0) * 10_000.0
    }

    fn size(&self, buy: usize, sell: usize) -> f64 {
        let (sold, bought) = (self.top.quote(sell).bid_size, self.top.quote(buy).ask_size);
        if sold < bought { sold } else { bought }
    }
}

/// The places whose bits are set, from the lowest.
#[inline]
fn places(mut bits: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if bits == 0 {
            return None;
        }
        let place = bits.trailing_zeros() as usize;
        bits &= bits - 1;
        Some(place)
    })
}
