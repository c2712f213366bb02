//! What a market is simulated with. `ts/market-core.ts` says what each is; all of it was checked before it gets here.

#![allow(missing_docs, reason = "ts/market-core.ts says what each is")]

#[derive(Clone, Debug)]
pub struct Options {
    pub seed_low: u32,
    pub seed_high: u32,
    pub venues: Vec<Venue>,
    pub symbols: Vec<Symbol>,
    pub quotes: ArrivalLaw,
    pub trades: ArrivalLaw,
    pub prices: PriceLaw,
    pub dislocations: DislocationLaw,
}

#[derive(Clone, Copy, Debug)]
pub struct Venue {
    pub lag_ns: f64,
    pub spread_bps: f64,
    pub noise_bps: f64,
    pub noise_ns: f64,
    pub activity: f64,
    pub quote_unit_ns: f64,
    pub trade_unit_ns: f64,
    pub has_sequence: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    pub price: f64,
    pub tick_units: f64,
    pub price_scale: f64,
    pub size_scale: f64,
    pub lots: f64,
    pub beta: f64,
    pub volatility: f64,
    pub activity: f64,
}

impl Symbol {
    /// What so many ticks are.
    #[inline]
    #[must_use]
    pub fn price_of(&self, ticks: f64) -> f64 {
        ticks * self.tick_units / self.price_scale
    }
}

#[derive(Clone, Copy, Debug)]
pub struct ArrivalLaw {
    pub per_second: f64,
    pub fast_branching: f64,
    pub slow_branching: f64,
    pub fast_ns: f64,
    pub slow_ns: f64,
    pub burst_tail: f64,
    pub burst_most: f64,
    pub gap_ns: f64,
}

#[derive(Clone, Debug)]
pub struct PriceLaw {
    pub volatilities: Vec<f64>,
    pub spreads: Vec<f64>,
    pub stay_ns: f64,
    pub revert_ns: f64,
    pub deviation: f64,
    pub jump_ns: f64,
    pub jump_least_bps: f64,
    pub jump_most_bps: f64,
}

#[derive(Clone, Copy, Debug)]
pub struct DislocationLaw {
    pub every_ns: f64,
    pub length_ns: f64,
    pub least_bps: f64,
    pub most_bps: f64,
}

impl Options {
    /// How many streams there are: one symbol at one venue each.
    #[must_use]
    pub const fn streams(&self) -> usize {
        self.venues.len() * self.symbols.len()
    }

    /// The venue and the symbol of a stream.
    #[inline]
    #[must_use]
    pub fn parts(&self, stream: usize) -> (&Venue, &Symbol) {
        let count = self.symbols.len();
        (&self.venues[stream / count], &self.symbols[stream % count])
    }

    /// The streams of a symbol, one at each venue.
    pub fn streams_of(&self, symbol: usize) -> impl Iterator<Item = usize> + use<> {
        (symbol..self.streams()).step_by(self.symbols.len())
    }
}
