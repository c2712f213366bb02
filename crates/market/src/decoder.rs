//! Frames of one connection or recording in, records out.

use memchr::memchr;
use tickbus_bus::layout::{FRAME_BYTES_LIMIT, FRAME_BYTES_MOST};

use crate::batch::{Batch, Full, Head, Longs};
use crate::clock::Clock;
use crate::clock_jumps::ClockJumps;
use crate::control::{ControlKind, Controls};
use crate::counts::{Counts, Ignored};
use crate::decimal::Decimal;
use crate::followers::Followers;
use crate::general::normalise;
use crate::lines;
use crate::moment::Moment;
use crate::names::Names;
use crate::reject::{Reason, Rejects, Sample};
use crate::scanner::{Misfit, Scanned, Scanner};
use crate::tops::LastQuotes;
use crate::{binance, bybit, coinbase, kraken, okx};

/// The venues whose frames are decoded, each in a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Venue {
    /// Spot, USD-margined and coin-margined futures.
    Binance,
    /// All products, by the interfaces v5 and v2.
    Bybit,
    /// Exchange and Advanced Trade.
    Coinbase,
    /// Spot, by its first and its second protocol.
    Kraken,
    /// All products, by the interface v5.
    Okx,
}

impl Venue {
    /// The venue of a name in capitals.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "BINANCE" => Some(Self::Binance),
            "BYBIT" => Some(Self::Bybit),
            "COINBASE" => Some(Self::Coinbase),
            "KRAKEN" => Some(Self::Kraken),
            "OKX" => Some(Self::Okx),
            _ => None,
        }
    }

    /// Whether a frame may be JSON that begins with this byte.
    fn takes(self, first: u8) -> bool {
        first == b'{' || (first == b'[' && self == Self::Kraken)
    }

    fn decode<'f>(self, frame: &mut Scanner<'f>, sink: &mut Sink<'_, '_>) -> Scanned<Outcome<'f>> {
        match self {
            Self::Binance => binance::decode(frame, sink),
            Self::Bybit => bybit::decode(frame, sink),
            Self::Coinbase => coinbase::decode(frame, sink),
            Self::Kraken => kraken::decode(frame, sink),
            Self::Okx => okx::decode(frame, sink),
        }
    }
}

/// What a frame was.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'frame> {
    /// A quote was written, or several.
    Quote,
    /// A trade was written, or several.
    Trade,
    /// The levels of an order book update were written, or of several.
    Book,
    /// It is of a kind that is not decoded, by the venue's name.
    Ignored(&'frame [u8]),
}

/// What a venue's decoder writes to.
#[derive(Debug)]
pub struct Sink<'a, 'out> {
    /// Takes the records.
    pub batch: &'a mut Batch<'out>,
    /// The instruments' numbers.
    pub instruments: &'a mut Names,
    /// When the frame was received, nanoseconds since the epoch.
    pub init_ns: f64,
    /// How many messages of its kind the frame has become.
    pub messages: u64,
    /// The instruments' last quotes, for venues that send of them only what has changed.
    pub last: &'a mut LastQuotes,
    clock: Clock,
    imprecise: u64,
}

impl Sink<'_, '_> {
    /// Forgets what the frame has written and counted, down to the first `start` records.
    pub const fn restart(&mut self, start: usize) {
        self.batch.truncate(start);
        self.messages = 1;
        self.imprecise = 0;
    }

    /// What all records of the frame say. `unix_ms` is the venue's time, if it gives one.
    #[inline]
    pub fn head(&mut self, symbol: &[u8], unix_ms: Option<u64>) -> Result<Head, Reason> {
        self.head_of(symbol, self.event_ns(unix_ms)?)
    }

    /// The same of a venue whose times are no milliseconds.
    #[inline]
    pub fn head_at(&mut self, symbol: &[u8], moment: Option<Moment>) -> Result<Head, Reason> {
        self.head_of(symbol, moment.map_or(Ok(self.init_ns), |moment| self.clock.at(moment))?)
    }

    /// When it happened, by the venue's time or else the receive time.
    #[inline]
    pub fn event_ns(&self, unix_ms: Option<u64>) -> Result<f64, Reason> {
        unix_ms.map_or(Ok(self.init_ns), |ms| self.clock.event(ms))
    }

    /// What all records of the frame say, by the venue's time in microseconds.
    #[inline]
    pub fn head_at_us(&mut self, symbol: &[u8], unix_us: u64) -> Result<Head, Reason> {
        self.head_of(symbol, self.event_ns_of_us(unix_us)?)
    }

    /// The same where the time is known as nanoseconds since the epoch.
    #[inline]
    pub fn head_of(&mut self, symbol: &[u8], event_ns: f64) -> Result<Head, Reason> {
        let instrument = self.instruments.number(symbol).ok_or(Reason::Instrument)?;
        Ok(Head { instrument, event_ns, init_ns: self.init_ns })
    }

    /// When it happened, by the venue's time in microseconds.
    #[inline]
    pub fn event_ns_of_us(&self, unix_us: u64) -> Result<f64, Reason> {
        self.clock.event_us(unix_us)
    }

    /// A price or size that may be 0. Counts those that have too many digits.
    #[inline]
    pub fn amount(&mut self, decimal: Decimal, field: &'static str) -> Result<f64, Reason> {
        if decimal.value.is_sign_negative() {
            return Err(Reason::Negative(field));
        }
        if decimal.value == f64::INFINITY || (decimal.value == 0.0 && decimal.is_nonzero) {
            return Err(Reason::Range(field));
        }
        self.imprecise += u64::from(!decimal.is_precise);
        Ok(decimal.value)
    }

    /// A price or size that is more than 0.
    #[inline]
    pub fn positive(&mut self, decimal: Decimal, field: &'static str) -> Result<f64, Reason> {
        let value = self.amount(decimal, field)?;
        if value == 0.0 { Err(Reason::Zero(field)) } else { Ok(value) }
    }
}

/// Decodes the frames of one venue.
#[derive(Debug)]
pub struct Decoder {
    venue: Venue,
    clock: Clock,
    instruments: Names,
    counts: Counts,
    ignored: Ignored,
    rejects: Rejects,
    controls: Controls,
    clock_jumps: ClockJumps,
    last: LastQuotes,
    followers: Followers,
    scratch: Vec<u8>,
    offset: u64,
    frame_bytes_most: usize,
}

/// Room of the general parser that is kept from one frame to the next.
const SCRATCH_KEPT: usize = 1 << 20;

impl Decoder {
    /// A decoder of a venue's frames, for at most so many instruments.
    #[must_use]
    pub fn new(venue: Venue, instruments_most: usize) -> Self {
        Self {
            venue,
            clock: Clock::new(0, 0),
            instruments: Names::new(instruments_most),
            counts: Counts::default(),
            ignored: Ignored::default(),
            rejects: Rejects::default(),
            controls: Controls::default(),
            clock_jumps: ClockJumps::default(),
            last: LastQuotes::default(),
            followers: Followers::default(),
            scratch: Vec::new(),
            offset: 0,
            frame_bytes_most: FRAME_BYTES_MOST,
        }
    }

    /// Sets the length of the longest frame that is taken, at most `FRAME_BYTES_LIMIT`.
    pub fn set_frame_bytes_most(&mut self, most: usize) {
        self.frame_bytes_most = most.min(FRAME_BYTES_LIMIT);
    }

    /// Sets the instant from which the times of what follows count.
    pub const fn set_epoch(&mut self, clock: Clock) {
        self.clock = clock;
        self.clock_jumps.restart();
    }

    /// Gives an instrument the next number, by the venue's name. Says whether there was room.
    pub fn add_instrument(&mut self, symbol: &[u8]) -> bool {
        self.instruments.number(symbol).is_some()
    }

    /// Decodes recorded lines, each with a line end, as long as they are whole and there is room in `out`. Returns how
    /// many bytes were taken: what is behind them has to be given again.
    pub fn lines(&mut self, input: &[u8], out: &mut [Longs]) -> usize {
        let mut batch = Batch::new(out);
        let mut taken = 0;
        while let Some(length) = memchr(b'\n', &input[taken..]) {
            let line = &input[taken..taken + length];
            if self.line(line, &mut batch) == Err(Full) {
                break;
            }
            taken += length + 1;
            self.offset += length as u64 + 1;
        }
        self.counts.records = batch.len() as u64;
        taken
    }

    /// Decodes frames, each with its receive time in nanoseconds since the epoch, as long as there is room in `out`.
    /// Returns how many were taken.
    pub fn frames<'f>(&mut self, frames: impl IntoIterator<Item = (&'f [u8], f64)>, out: &mut [Longs]) -> usize {
        let mut batch = Batch::new(out);
        let mut taken = 0;
        for (frame, init_ns) in frames {
            if self.frame(frame, Clock::in_reach(init_ns), &mut batch) == Err(Full) {
                break;
            }
            taken += 1;
            self.offset += frame.len() as u64;
        }
        self.counts.records = batch.len() as u64;
        taken
    }

    /// What was met so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            instruments: self.instruments.len() as u64,
            controls: self.controls.noted(),
            clock_jumps: self.clock_jumps.count(),
            ..self.counts
        }
    }

    /// The instruments in the order of their numbers, by the venue's names.
    pub fn instruments(&self) -> impl Iterator<Item = &str> {
        self.instruments.iter()
    }

    /// The kinds of frames that are not decoded.
    #[must_use]
    pub const fn ignored(&self) -> &Ignored {
        &self.ignored
    }

    /// What was rejected.
    #[must_use]
    pub const fn rejects(&self) -> &Rejects {
        &self.rejects
    }

    /// What the venue said beside its data.
    #[must_use]
    pub const fn controls(&self) -> &Controls {
        &self.controls
    }

    /// The same, to take what it has noted.
    pub const fn controls_mut(&mut self) -> &mut Controls {
        &mut self.controls
    }

    /// Where the receive time went back.
    #[must_use]
    pub const fn clock_jumps(&self) -> &ClockJumps {
        &self.clock_jumps
    }

    #[inline]
    fn line(&mut self, line: &[u8], batch: &mut Batch<'_>) -> Result<(), Full> {
        match lines::split(line) {
            Some((time, frame)) => self.frame(frame, self.clock.received(time), batch),
            None => self.frame(line, Err(Reason::Time), batch),
        }
    }

    #[inline]
    fn frame(&mut self, frame: &[u8], init: Result<f64, Reason>, batch: &mut Batch<'_>) -> Result<(), Full> {
        let start = batch.len();
        let outcome = match init {
            Err(reason) => Err(Misfit::Reject(reason)),
            Ok(_) if frame.len() > self.frame_bytes_most => Err(Misfit::Reject(Reason::Length)),
            Ok(init_ns) => match self.scan(frame, |frame, followers| Scanner::new(frame, followers), init_ns, batch) {
                Err(Misfit::Syntax | Misfit::Reject(_)) => {
                    batch.truncate(start);
                    self.general(frame, init_ns, batch)
                }
                outcome => outcome,
            },
        };
        let reason = match outcome {
            Ok(None) => None,
            Ok(Some(kind)) => {
                self.controls.add(kind, frame, self.counts.frames + 1, self.offset);
                None
            }
            Err(Misfit::Full) if start > 0 => {
                batch.truncate(start);
                return Err(Full);
            }
            Err(Misfit::Full) => Some(Reason::Room),
            Err(Misfit::Reject(reason)) => Some(reason),
            Err(Misfit::Syntax) => Some(Reason::Json),
        };
        self.counts.frames += 1;
        if let Ok(init_ns) = init {
            self.clock_jumps.see(init_ns, self.counts.frames, self.offset);
        }
        if let Some(reason) = reason {
            batch.truncate(start);
            self.counts.rejected += 1;
            self.rejects.add(Sample { frame: self.counts.frames, offset: self.offset, reason });
        }
        Ok(())
    }

    #[inline]
    fn scan(
        &mut self,
        frame: &[u8],
        scanner: impl for<'f> FnOnce(&'f [u8], &'f mut Followers) -> Scanner<'f>,
        init_ns: f64,
        batch: &mut Batch<'_>,
    ) -> Scanned<Option<ControlKind>> {
        let mut frame = scanner(frame, &mut self.followers);
        let (instruments, last) = (&mut self.instruments, &mut self.last);
        let mut sink = Sink { batch, instruments, init_ns, messages: 1, last, clock: self.clock, imprecise: 0 };
        let outcome = self.venue.decode(&mut frame, &mut sink)?;
        self.counts.imprecise += sink.imprecise;
        let messages = sink.messages;
        match outcome {
            Outcome::Quote => self.counts.quotes += messages,
            Outcome::Trade => self.counts.trades += messages,
            Outcome::Book => self.counts.books += messages,
            Outcome::Ignored(kind) => {
                self.ignored.add(kind);
                self.counts.ignored += 1;
                return Ok(ControlKind::of(kind));
            }
        }
        Ok(None)
    }

    #[cold]
    fn general(&mut self, frame: &[u8], init_ns: f64, batch: &mut Batch<'_>) -> Scanned<Option<ControlKind>> {
        let mut scratch = std::mem::take(&mut self.scratch);
        let outcome = normalise(frame, &mut scratch).map_err(Misfit::Reject).and_then(|()| match scratch.first() {
            Some(first) if self.venue.takes(*first) => {
                self.scan(&scratch, |frame, followers| Scanner::normal(frame, followers), init_ns, batch)
            }
            _ => Err(Misfit::Reject(Reason::Object)),
        });
        scratch.clear();
        scratch.shrink_to(SCRATCH_KEPT);
        self.scratch = scratch;
        self.counts.general += u64::from(outcome.is_ok());
        outcome
    }
}
