//! Cross-venue arbitrage: quotes in, episodes out.
//!
//! For two instruments of a pair the edge of buying one and selling the other is
//! `bid (1 - fee) / (ask (1 + fee)) - 1`, from the latest quotes. An episode opens at the first quote at which it is above
//! the threshold and closes at the first at which it is not. An update can change the edges of its own instrument only,
//! so it looks at each other instrument of its pair once. What doubles cannot decide is decided in integers
//! ([`crate::exact`]).
//!
//! A bad quote takes its instrument out until the next good one; so does age, looked at whenever a quote comes.

#![allow(clippy::similar_names, reason = "buy and sell are what the field says")]

mod basis;
mod episode;
mod events;
mod expiry;
mod pair;
mod threshold;

use tickbus_bus::layout::{
    ARBITRAGE_COUNT_BACKWARDS, ARBITRAGE_COUNT_CLOSED, ARBITRAGE_COUNT_CROSSED, ARBITRAGE_COUNT_EVENTS,
    ARBITRAGE_COUNT_EXACT, ARBITRAGE_COUNT_EXPIRED, ARBITRAGE_COUNT_NEGATIVE, ARBITRAGE_COUNT_NUMBER,
    ARBITRAGE_COUNT_ONE_SIDED, ARBITRAGE_COUNT_OPENED, ARBITRAGE_COUNT_OTHER, ARBITRAGE_COUNT_QUOTES,
    ARBITRAGE_COUNT_UNKNOWN, ARBITRAGE_COUNT_ZERO, ARBITRAGE_COUNTS, KIND_QUOTE, PAIR_INSTRUMENTS_MOST, TOP_DOUBLES,
};

use crate::batch::Longs;
use crate::consolidated::{QuoteFault, TopQuote};
use events::Events;
use expiry::Expiry;
use pair::{Numbers, Pair};
use threshold::Threshold;

/// What is watched. Instruments are by the numbers that their records carry.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The pair of each instrument, from 0 on without a gap; at most 32 instruments are of one.
    pub pairs: Vec<u32>,
    /// The taker fee of each, in millionths of a basis point: at most a tenth of the price.
    pub fees_micro_bps: Vec<i64>,
    /// How old a quote of each may be; infinite for any age.
    pub stale_ns: Vec<f64>,
    /// What edges have to be above.
    pub min_net_micro_bps: i64,
    /// The half-life of the basis that edges count from; 0 for none.
    pub basis_half_life_ns: f64,
}

/// The kernel of the arbitrage router.
#[derive(Debug)]
pub struct Arbitrage {
    instruments: Vec<Instrument>,
    pairs: Vec<Pair>,
    expiry: Expiry,
    numbers: Numbers,
    counts: [u64; ARBITRAGE_COUNTS],
    last_ns: f64,
    /// Pairs whose tops have changed since they were last asked for, each once.
    changed: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Instrument {
    pair: usize,
    place: usize,
}

/// Events of one quote, without those of what has expired: each other instrument, both ways.
const EVENTS_MOST: usize = 2 * PAIR_INSTRUMENTS_MOST;

impl Arbitrage {
    /// A kernel that has seen nothing. The caller has checked the options.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let threshold = Threshold::new(options.min_net_micro_bps);
        let count = options.pairs.iter().map(|pair| *pair as usize + 1).max().unwrap_or(0);
        let mut fees = vec![Vec::new(); count];
        let mut instruments = Vec::with_capacity(options.pairs.len());
        for (pair, fee) in options.pairs.iter().zip(&options.fees_micro_bps) {
            let pair = *pair as usize;
            instruments.push(Instrument { pair, place: fees[pair].len() });
            fees[pair].push(*fee);
        }
        let half_life = options.basis_half_life_ns;
        let numbered = fees.iter().enumerate();
        Self {
            instruments,
            pairs: numbered.map(|(number, fees)| Pair::new(number as u32, fees, threshold, half_life)).collect(),
            expiry: Expiry::new(options.stale_ns.clone()),
            numbers: Numbers::default(),
            counts: [0; ARBITRAGE_COUNTS],
            last_ns: f64::NEG_INFINITY,
            changed: (0..count as u32).collect(),
        }
    }

    /// Takes quote records in as long as there is room for what might become of them; returns how many. Nothing taken
    /// means that the events need more room, though never more than for all ways and 64 more.
    pub fn update(&mut self, records: impl IntoIterator<Item = Longs>, events: &mut [Longs]) -> usize {
        let mut events = Events::new(events);
        let mut taken = 0;
        for record in records {
            if !self.has_room(&record, &events) {
                break;
            }
            self.take(&record, &mut events);
            taken += 1;
        }
        self.counts[ARBITRAGE_COUNT_EVENTS] = events.len() as u64;
        taken
    }

    /// Writes how the open episodes stand, as far as there is room; `counts` says how many.
    pub fn write_open(&mut self, events: &mut [Longs]) {
        let mut events = Events::new(events);
        for pair in &self.pairs {
            pair.write_open(self.last_ns, &mut events);
        }
        self.counts[ARBITRAGE_COUNT_EVENTS] = events.len() as u64;
    }

    /// What happened so far, by the `ARBITRAGE_COUNT_` places.
    #[must_use]
    pub fn counts(&self) -> [u64; ARBITRAGE_COUNTS] {
        let mut counts = self.counts;
        counts[ARBITRAGE_COUNT_OPENED] = self.numbers.opened;
        counts[ARBITRAGE_COUNT_CLOSED] = self.numbers.closed;
        counts
    }

    /// Hands over the tops of the pairs in which they have changed since the last time, by the numbers of the pairs; all
    /// of them at first.
    pub fn each_changed(&mut self, mut take: impl FnMut(usize, [f64; TOP_DOUBLES])) {
        for number in self.changed.drain(..) {
            let pair = &mut self.pairs[number as usize];
            pair.is_noted = false;
            take(number as usize, pair.top.view());
        }
    }

    #[inline]
    fn has_room(&self, record: &Longs, events: &Events<'_>) -> bool {
        let room = events.room();
        if room < EVENTS_MOST {
            return false;
        }
        let is_due = self.expiry.is_due(TopQuote::of(record).received_ns);
        !is_due || room - EVENTS_MOST >= (self.numbers.opened - self.numbers.closed) as usize
    }

    #[inline]
    fn take(&mut self, record: &Longs, events: &mut Events<'_>) {
        if record[0] & KIND_MASK != u64::from(KIND_QUOTE) {
            self.counts[ARBITRAGE_COUNT_OTHER] += 1;
            return;
        }
        let number = (record[0] >> TOPIC_SHIFT) as usize;
        let Some(&Instrument { pair, place }) = self.instruments.get(number) else {
            self.counts[ARBITRAGE_COUNT_UNKNOWN] += 1;
            return;
        };
        let quote = TopQuote::of(record);
        let at_ns = quote.received_ns;
        if let Some(fault) = quote.fault() {
            self.counts[count_of(fault)] += 1;
            self.expiry.clear(number);
            // A time that is none must not get into an episode.
            let at_ns = if at_ns.is_finite() { at_ns } else { self.last_ns.max(0.0) };
            self.change(pair, |pair, numbers| pair.withdraw(place, at_ns, numbers, events));
            return;
        }
        self.counts[ARBITRAGE_COUNT_QUOTES] += 1;
        self.counts[ARBITRAGE_COUNT_BACKWARDS] += u64::from(at_ns < self.last_ns);
        self.last_ns = at_ns;
        self.expiry.set(number, at_ns);
        if self.expiry.is_due(at_ns) {
            self.expire(at_ns, events);
        }
        self.change(pair, |pair, numbers| pair.set(place, quote, numbers, events));
    }

    /// Changes a pair, and notes what has come of it.
    #[inline]
    fn change(&mut self, number: usize, change: impl FnOnce(&mut Pair, &mut Numbers)) {
        let pair = &mut self.pairs[number];
        let (changes, exact) = (pair.top.changes(), pair.exact());
        change(pair, &mut self.numbers);
        self.counts[ARBITRAGE_COUNT_EXACT] += pair.exact() - exact;
        if pair.top.changes() != changes && !pair.is_noted {
            pair.is_noted = true;
            self.changed.push(number as u32);
        }
    }

    #[cold]
    fn expire(&mut self, at_ns: f64, events: &mut Events<'_>) {
        for number in self.expiry.expired(at_ns) {
            let Instrument { pair, place } = self.instruments[number];
            self.counts[ARBITRAGE_COUNT_EXPIRED] += 1;
            self.change(pair, |pair, numbers| pair.withdraw(place, at_ns, numbers, events));
        }
    }
}

const KIND_MASK: u64 = 0xff;
const TOPIC_SHIFT: u32 = 32;

const fn count_of(fault: QuoteFault) -> usize {
    match fault {
        QuoteFault::Number => ARBITRAGE_COUNT_NUMBER,
        QuoteFault::Negative => ARBITRAGE_COUNT_NEGATIVE,
        QuoteFault::Zero => ARBITRAGE_COUNT_ZERO,
        QuoteFault::OneSided => ARBITRAGE_COUNT_ONE_SIDED,
        QuoteFault::Crossed => ARBITRAGE_COUNT_CROSSED,
    }
}
