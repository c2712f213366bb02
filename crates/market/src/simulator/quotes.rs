//! The latest quote of each stream, prices in ticks and sizes in lots. No quote crosses that of the same symbol at another
//! venue: what would do so stops a tick short of it, as if somebody took the difference at once. So whatever crosses was
//! planted.

use super::elementary::exp;
use super::options::Options;
use super::prices::Prices;
use super::random::Random;

const BPS: f64 = 1e-4;
/// Deviation of the logarithm of sizes.
const SIZE_DEVIATION: f64 = 0.9;
/// No size is further from the median than this many deviations.
const SIZE_MOST: f64 = 4.0;

/// The quote of one stream.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Top {
    pub bid: f64,
    pub ask: f64,
    pub bid_size: f64,
    pub ask_size: f64,
    pub sequence: u64,
    noise: f64,
    noise_at: f64,
    /// Whether the prices are those that the venue would choose if it were alone.
    is_free: bool,
}

impl Top {
    /// Whether the stream has quoted.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        self.ask > 0.0
    }
}

/// The quotes by their streams.
#[derive(Debug)]
pub struct Quotes {
    tops: Vec<Top>,
}

impl Quotes {
    /// No stream has quoted.
    #[must_use]
    pub fn new(streams: usize) -> Self {
        Self { tops: vec![Top::default(); streams] }
    }

    /// The quote of a stream.
    #[inline]
    #[must_use]
    pub fn of(&self, stream: usize) -> &Top {
        &self.tops[stream]
    }

    /// Numbers the quote that is sent next.
    #[inline]
    pub fn number(&mut self, stream: usize) {
        self.tops[stream].sequence += 1;
    }

    /// Chooses the prices anew where the old ones do not hold any more, otherwise one of the sizes.
    #[inline]
    pub fn renew(&mut self, stream: usize, now: f64, options: &Options, prices: &Prices, random: &mut Random) {
        let (venue, symbol) = options.parts(stream);
        let top = &mut self.tops[stream];
        move_noise(top, now, venue.noise_ns, random);
        let opinion = 1.0 + top.noise * venue.noise_bps * BPS;
        let mid = prices.at(stream % options.symbols.len(), now - venue.lag_ns) * opinion;
        if top.is_free && top.bid < mid && mid < top.ask {
            self.renew_size(stream, options, random);
            return;
        }
        let half = 0.5 * venue.spread_bps * BPS * prices.spread() * mid;
        let bid = (mid - half).floor();
        self.place(stream, bid, (mid + half).ceil().max(bid + 1.0), options);
        self.tops[stream].bid_size = size(symbol.lots, random);
        self.tops[stream].ask_size = size(symbol.lots, random);
    }

    /// Changes the size of one side.
    pub fn renew_size(&mut self, stream: usize, options: &Options, random: &mut Random) {
        let size = size(options.parts(stream).1.lots, random);
        let top = &mut self.tops[stream];
        if random.uniform() < 0.5 {
            top.bid_size = size;
        } else {
            top.ask_size = size;
        }
    }

    /// Forces the prices, until the next time that they are chosen.
    pub fn force(&mut self, stream: usize, bid: f64, ask: f64) {
        let top = &mut self.tops[stream];
        top.bid = bid;
        top.ask = ask;
        top.is_free = false;
    }

    fn place(&mut self, stream: usize, bid: f64, ask: f64, options: &Options) {
        let (mut lowest_ask, mut highest_bid) = (f64::INFINITY, 0.0_f64);
        for other in options.streams_of(stream % options.symbols.len()) {
            let top = &self.tops[other];
            if other != stream && top.is_quoted() {
                lowest_ask = lowest_ask.min(top.ask);
                highest_bid = highest_bid.max(top.bid);
            }
        }
        let top = &mut self.tops[stream];
        top.bid = bid.min(lowest_ask - 1.0).max(1.0);
        top.ask = ask.max(highest_bid + 1.0);
        top.is_free = bid < lowest_ask && ask > highest_bid;
    }
}

/// A size, in lots.
#[inline]
pub fn size(lots: f64, random: &mut Random) -> f64 {
    let z = random.normal().clamp(-SIZE_MOST, SIZE_MOST);
    (lots * exp(SIZE_DEVIATION * z)).floor().max(1.0)
}

/// An Ornstein-Uhlenbeck process of deviation 1.
#[inline]
fn move_noise(top: &mut Top, now: f64, noise_ns: f64, random: &mut Random) {
    let kept = exp((top.noise_at - now) / noise_ns);
    top.noise = kept * top.noise + (1.0 - kept * kept).sqrt() * random.normal();
    top.noise_at = now;
}
