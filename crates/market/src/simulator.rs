//! A simulated market: quotes and trades of every symbol at every venue, in the order of their receipt.
//!
//! One fair price a symbol ([`prices`]); venues that learn of it late and see it through noise, and do not cross each
//! other ([`quotes`]); messages that come in bursts which excite further bursts ([`arrivals`]); and dislocations that are
//! planted and labelled ([`dislocation`]). All numbers that were fitted stand in `ts/market/simulator/laws.ts`.
//!
//! The same options give the same bytes, here and in `ts/fallback/market/simulator/`, which is the same step for step:
//! the arithmetic is what IEEE 754 rounds alike everywhere ([`elementary`]).

pub mod arrivals;
pub mod calendar;
pub mod dislocation;
pub mod elementary;
pub mod options;
pub mod prices;
pub mod quotes;
pub mod random;

use crate::batch::{Aggressor, Batch, Full, Head, Longs, Quote, Trade};
use crate::trade_id::TradeId;
use arrivals::Arrivals;
use calendar::Calendar;
use dislocation::{Dislocations, Planted, pause, plan};
use options::Options;
use prices::Prices;
use quotes::{Quotes, size};
use random::Random;

/// Nothing arrives before this, so that no event lies before the epoch.
const START_NS: f64 = 100_000_000.0;

/// Records that `write` must have room for to write any: more than one arrival can bring.
pub const ROOM: usize = 64;

/// A simulated market.
#[derive(Debug)]
pub struct Simulation {
    options: Options,
    random: Random,
    prices: Prices,
    quotes: Quotes,
    dislocations: Dislocations,
    /// Quotes of each stream, its trades, and at the end the dislocations.
    calendar: Calendar,
    /// By the calendar's entries.
    arrivals: Vec<Arrivals>,
    sides: Vec<Aggressor>,
    trade_ids: Vec<u64>,
    now: f64,
}

impl Simulation {
    /// A market at its beginning.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let streams = options.streams();
        let mut arrivals = Vec::with_capacity(2 * streams);
        for law in [&options.quotes, &options.trades] {
            for stream in 0..streams {
                let (venue, symbol) = options.parts(stream);
                arrivals.push(Arrivals::new(law, venue.activity * symbol.activity, START_NS));
            }
        }
        let mut random = Random::new(options.seed_low, options.seed_high);
        let mut calendar = Calendar::new(2 * streams + 1);
        for (entry, arrivals) in arrivals.iter_mut().enumerate() {
            calendar.set(entry, arrivals.first(&mut random));
        }
        if options.venues.len() > 1 {
            calendar.set(2 * streams, START_NS + pause(&options, &mut random));
        }
        Self {
            random,
            prices: Prices::new(&options.prices, &options.symbols),
            quotes: Quotes::new(streams),
            dislocations: Dislocations::default(),
            calendar,
            arrivals,
            sides: vec![Aggressor::Buyer; streams],
            trade_ids: vec![0; streams],
            now: START_NS,
            options,
        }
    }

    /// Writes the next records, up to those that are due at `until_ns`, as long as there is room for what can come at
    /// once. Returns how many it wrote.
    pub fn write(&mut self, out: &mut [Longs], until_ns: f64) -> usize {
        let Some(most) = out.len().checked_sub(ROOM) else { return 0 };
        let mut batch = Batch::new(out);
        let streams = self.options.streams();
        while batch.len() <= most {
            let (entry, due_ns) = self.calendar.first();
            if due_ns > until_ns {
                break;
            }
            self.now = due_ns.ceil().max(self.now + 1.0);
            self.prices.advance_to(self.now, &mut self.random);
            let written = if entry < streams {
                self.quote(entry, &mut batch)
            } else if entry < 2 * streams {
                self.trade(entry, &mut batch)
            } else {
                self.dislocate(entry, &mut batch)
            };
            debug_assert!(written.is_ok(), "one arrival brings fewer records than there is room for");
        }
        batch.len()
    }

    /// What was planted so far, in the order of the times.
    #[must_use]
    pub fn dislocations(&self) -> &[Planted] {
        self.dislocations.planted()
    }

    fn quote(&mut self, stream: usize, batch: &mut Batch<'_>) -> Result<(), Full> {
        if self.dislocations.holds(stream) {
            self.quotes.renew_size(stream, &self.options, &mut self.random);
        } else {
            self.quotes.renew(stream, self.now, &self.options, &self.prices, &mut self.random);
        }
        self.write_quote(stream, batch)?;
        self.calendar.set(stream, self.arrivals[stream].after(self.now, &mut self.random));
        Ok(())
    }

    /// A trade at the stream's best price; a burst is what one order takes.
    fn trade(&mut self, entry: usize, batch: &mut Batch<'_>) -> Result<(), Full> {
        let stream = entry - self.options.streams();
        if !self.arrivals[entry].is_in_burst() {
            self.sides[stream] = if self.random.uniform() < 0.5 { Aggressor::Buyer } else { Aggressor::Seller };
        }
        if self.quotes.of(stream).is_quoted() {
            self.write_trade(stream, batch)?;
        }
        self.calendar.set(entry, self.arrivals[entry].after(self.now, &mut self.random));
        Ok(())
    }

    fn dislocate(&mut self, entry: usize, batch: &mut Batch<'_>) -> Result<(), Full> {
        let wait_ns = if self.dislocations.is_open() {
            self.close(batch)?;
            pause(&self.options, &mut self.random)
        } else {
            match self.open(batch)? {
                Some(length_ns) => length_ns,
                None => pause(&self.options, &mut self.random),
            }
        };
        self.calendar.set(entry, self.now + wait_ns);
        Ok(())
    }

    /// Opens a dislocation, if it can be; returns how long it stays open.
    fn open(&mut self, batch: &mut Batch<'_>) -> Result<Option<f64>, Full> {
        if !self.dislocations.has_room() {
            return Ok(None);
        }
        let Some(plan) = plan(&self.options, &self.quotes, &mut self.random) else { return Ok(None) };
        for other in self.options.streams_of(plan.buy % self.options.symbols.len()) {
            let top = *self.quotes.of(other);
            if other != plan.buy && other != plan.sell && top.bid >= plan.ask {
                self.quotes.force(other, plan.ask - 1.0, top.ask);
                self.write_forced(other, batch)?;
            }
        }
        let bid = self.quotes.of(plan.buy).bid.min(plan.ask - 1.0);
        self.quotes.force(plan.buy, bid, plan.ask);
        let symbol = self.options.parts(plan.buy).1;
        self.dislocations.open(&plan, self.quotes.of(plan.sell).bid, symbol, self.now);
        self.write_forced(plan.buy, batch)?;
        Ok(Some(plan.length_ns))
    }

    fn close(&mut self, batch: &mut Batch<'_>) -> Result<(), Full> {
        let Some(buy) = self.dislocations.close(self.now) else { return Ok(()) };
        self.quotes.renew(buy, self.now, &self.options, &self.prices, &mut self.random);
        self.write_forced(buy, batch)
    }

    /// Writes a quote out of turn; each has a time of its own.
    fn write_forced(&mut self, stream: usize, batch: &mut Batch<'_>) -> Result<(), Full> {
        self.write_quote(stream, batch)?;
        self.now += 1.0;
        Ok(())
    }

    #[inline]
    fn write_quote(&mut self, stream: usize, batch: &mut Batch<'_>) -> Result<(), Full> {
        self.quotes.number(stream);
        let (venue, symbol) = self.options.parts(stream);
        let top = self.quotes.of(stream);
        let quote = Quote {
            bid: symbol.price_of(top.bid),
            ask: symbol.price_of(top.ask),
            bid_size: top.bid_size / symbol.size_scale,
            ask_size: top.ask_size / symbol.size_scale,
            sequence: if venue.has_sequence { top.sequence } else { 0 },
        };
        batch.quote(&self.head(stream, venue.lag_ns, venue.quote_unit_ns), &quote)
    }

    fn write_trade(&mut self, stream: usize, batch: &mut Batch<'_>) -> Result<(), Full> {
        let (venue, symbol) = self.options.parts(stream);
        let (top, aggressor) = (self.quotes.of(stream), self.sides[stream]);
        let ticks = if matches!(aggressor, Aggressor::Buyer) { top.ask } else { top.bid };
        let lots = size(symbol.lots, &mut self.random);
        self.trade_ids[stream] += 1;
        let trade = Trade {
            price: symbol.price_of(ticks),
            size: lots / symbol.size_scale,
            aggressor,
            id: TradeId::Number(self.trade_ids[stream]),
        };
        batch.trade(&self.head(stream, venue.lag_ns, venue.trade_unit_ns), &trade)
    }

    #[inline]
    fn head(&self, stream: usize, lag_ns: f64, unit_ns: f64) -> Head {
        let event_ns = if unit_ns == 0.0 { self.now } else { ((self.now - lag_ns) / unit_ns).floor() * unit_ns };
        Head { instrument: stream as u32, event_ns, init_ns: self.now }
    }
}
