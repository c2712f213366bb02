//! Plants what an arbitrageur looks for: of one symbol, one venue's ask falls below another's bid. All other venues step
//! aside first, so that exactly one pair of them crosses; both ends stand still until the buying end quotes as usual again.

use super::options::{Options, Symbol};
use super::quotes::Quotes;
use super::random::Random;

const BPS: f64 = 1e-4;
const BPS_IN_ONE: f64 = 1e4;
const LEAST_NS: f64 = 1_000.0;
/// No more are planted than can be kept.
const MOST_PLANTED: usize = 1_000_000;

/// What was planted: between the times, the ask of `buy` lies below the bid of `sell` by `bps` of the ask.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "ts/market-core.ts says what each is")]
pub struct Planted {
    pub buy: usize,
    pub sell: usize,
    pub from_ns: f64,
    /// Infinite while it is open.
    pub to_ns: f64,
    pub bps: f64,
}

/// A dislocation that is about to open.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The stream whose ask falls.
    pub buy: usize,
    /// The stream whose bid stands above it.
    pub sell: usize,
    /// Where the ask falls to, in ticks.
    pub ask: f64,
    /// How long it stays so.
    pub length_ns: f64,
}

/// What was planted so far, and what is open.
#[derive(Debug, Default)]
pub struct Dislocations {
    planted: Vec<Planted>,
    held: Option<(usize, usize)>,
}

impl Dislocations {
    /// Whether one is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.held.is_some()
    }

    /// What was planted so far.
    #[must_use]
    pub fn planted(&self) -> &[Planted] {
        &self.planted
    }

    /// Whether another one can be kept.
    #[must_use]
    pub const fn has_room(&self) -> bool {
        self.planted.len() < MOST_PLANTED
    }

    /// Whether the stream's prices stand still.
    #[inline]
    #[must_use]
    pub fn holds(&self, stream: usize) -> bool {
        self.held.is_some_and(|(buy, sell)| stream == buy || stream == sell)
    }

    /// Notes that a plan is in the market from a time on.
    pub fn open(&mut self, plan: &Plan, bid: f64, symbol: &Symbol, from_ns: f64) {
        // Of the prices as they are sent, so that whoever computes it from them gets the same.
        let bps = (symbol.price_of(bid) / symbol.price_of(plan.ask) - 1.0) * BPS_IN_ONE;
        self.planted.push(Planted { buy: plan.buy, sell: plan.sell, from_ns, to_ns: f64::INFINITY, bps });
        self.held = Some((plan.buy, plan.sell));
    }

    /// Lets both ends quote as usual from a time on; returns the end that has to do so now.
    pub fn close(&mut self, to_ns: f64) -> Option<usize> {
        let (buy, _) = self.held.take()?;
        if let Some(last) = self.planted.last_mut() {
            last.to_ns = to_ns;
        }
        Some(buy)
    }
}

/// Time until the next one begins.
pub fn pause(options: &Options, random: &mut Random) -> f64 {
    random.exponential() * options.dislocations.every_ns
}

/// Draws the next one; nothing if an end has not quoted yet.
pub fn plan(options: &Options, quotes: &Quotes, random: &mut Random) -> Option<Plan> {
    let (venues, symbols, law) = (options.venues.len(), options.symbols.len(), &options.dislocations);
    let symbol = random.below(symbols);
    let first = random.below(venues);
    let second = (first + 1 + random.below(venues - 1)) % venues;
    let bps = law.least_bps + random.uniform() * (law.most_bps - law.least_bps);
    let length_ns = LEAST_NS + random.exponential() * law.length_ns;
    let (buy, sell) = (first * symbols + symbol, second * symbols + symbol);
    if !quotes.of(buy).is_quoted() || !quotes.of(sell).is_quoted() {
        return None;
    }
    let bid = quotes.of(sell).bid;
    let ask = (bid / (1.0 + bps * BPS)).floor().min(bid - 1.0);
    (ask >= 2.0).then_some(Plan { buy, sell, ask, length_ns })
}
