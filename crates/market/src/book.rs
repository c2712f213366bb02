//! An order book by price levels (L2), kept from a venue's snapshots and updates.
//!
//! It is what the venue has, or says that it is not: an update that is missing, a checksum that differs, or prices that
//! cross make it stale, and a stale book answers nothing until a snapshot comes. Memory is fixed: a side keeps its best
//! levels up to a limit, and knows down to which price none is missing. Levels beyond that are never taken for all there
//! are; while fewer than [`KNOWN_LEAST`] lie before it, the book says that it is thinned.

pub mod checksum;
pub mod continuity;
pub mod depth;
mod levels;
pub mod pending;
mod sizes;
pub mod state;
pub mod update;

use crate::batch::{Longs, Side};

use checksum::Checksum;
use continuity::{Continuity, Position, Verdict};
use levels::{Levels, WHOLE};
use pending::Pending;
use state::{BookCounts, Fault, State};
use update::{Head, level, updates};

/// Levels a side that have to be known for sure: as many as a depth record has.
pub const KNOWN_LEAST: usize = 10;

/// How a venue keeps the book of an instrument.
#[derive(Clone, Copy, Debug)]
pub struct BookOptions {
    /// The rule by which updates follow each other.
    pub continuity: Continuity,
    /// The checksum that comes with updates, if one does.
    pub checksum: Option<Checksum>,
    /// Most levels that a side keeps.
    pub limit: usize,
    /// How many levels a side the venue tells of, if not of all. What falls out of them it repeats when it comes back.
    pub window: Option<usize>,
    /// Most levels a side that a snapshot holds: one with so many was cut off there.
    pub snapshot_levels: usize,
}

impl BookOptions {
    /// The options where nothing else is known than the rule.
    #[must_use]
    pub const fn new(continuity: Continuity) -> Self {
        let snapshot_levels = if continuity.has_snapshot_apart() { 1_000 } else { usize::MAX };
        Self { continuity, checksum: None, limit: 4_096, window: None, snapshot_levels }
    }
}

/// The book of one instrument.
#[derive(Debug)]
pub struct Book {
    options: BookOptions,
    bids: Levels,
    asks: Levels,
    state: State,
    counts: BookCounts,
    position: Position,
    event_ns: f64,
    pending: Pending,
    text: String,
}

impl Book {
    /// A book that waits for a snapshot.
    #[must_use]
    pub fn new(options: BookOptions) -> Self {
        Self {
            options,
            bids: Levels::new(options.limit),
            asks: Levels::new(options.limit),
            state: State::Empty,
            counts: BookCounts::default(),
            position: Position { last: 0, is_at_snapshot: true },
            event_ns: 0.0,
            pending: Pending::default(),
            text: String::new(),
        }
    }

    /// Whether the book can be relied on.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// What happened so far.
    #[must_use]
    pub const fn counts(&self) -> BookCounts {
        self.counts
    }

    /// The venue's number of the last change in the book, 0 where it gives none.
    #[must_use]
    pub const fn last_sequence(&self) -> u64 {
        self.position.last
    }

    /// When the last change happened at the venue, nanoseconds since the decoder's epoch.
    #[must_use]
    pub const fn event_ns(&self) -> f64 {
        self.event_ns
    }

    /// Memory taken, in bytes: that of the levels, and of updates that wait for a snapshot.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.bids.bytes() + self.asks.bytes() + self.pending.bytes() + self.text.capacity()
    }

    /// Applies an update: the run of its levels, with the checksum that they carry, if they do.
    #[inline]
    pub fn apply(&mut self, update: &[Longs]) -> State {
        let Some(head) = update.first().map(Head::of) else { return self.state };
        if head.is_snapshot {
            self.replace(update, &head);
        } else if self.state.is_following() {
            self.follow(update, &head);
        } else {
            self.keep(update);
        }
        self.state
    }

    /// Says that the book is not what the venue has any more: one that followed it is stale until the next snapshot. What
    /// waits for a snapshot is dropped, since nothing says that what comes next follows on it.
    pub fn invalidate(&mut self) {
        drop(self.pending.take());
        if self.state.is_following() {
            self.fail(Fault::Invalidated);
        }
    }

    fn replace(&mut self, update: &[Longs], head: &Head) {
        let is_apart = self.options.continuity.has_snapshot_apart();
        if is_apart && self.state.is_following() && head.last < self.position.last {
            self.counts.late += 1;
            return;
        }
        let asks = update.iter().filter(|record| matches!(level(record), Some((Side::Ask, ..)))).count();
        self.bids.clear_for(update.len() - asks);
        self.asks.clear_for(asks);
        self.state = State::Live;
        self.counts.snapshots += 1;
        self.position = Position { last: head.last, is_at_snapshot: true };
        self.event_ns = head.event_ns;
        let is_sound = self.write(update);
        for side in [&mut self.bids, &mut self.asks] {
            if side.len() >= self.options.snapshot_levels {
                side.cut_off();
            }
        }
        self.examine(is_sound, head.checksum);
        let pending = self.pending.take();
        for update in updates(&pending) {
            self.apply(update);
        }
    }

    #[inline]
    fn follow(&mut self, update: &[Longs], head: &Head) {
        match self.options.continuity.judge(self.position, head) {
            Verdict::Late => self.counts.late += 1,
            Verdict::Gap => {
                self.fail(Fault::Gap);
                self.keep(update);
            }
            Verdict::Next => {
                self.counts.updates += 1;
                self.position = Position { last: head.last, is_at_snapshot: false };
                self.event_ns = head.event_ns;
                let is_sound = self.write(update);
                self.examine(is_sound, head.checksum);
            }
        }
    }

    /// Keeps an update for the snapshot to come, if that has to be fitted in among the updates.
    fn keep(&mut self, update: &[Longs]) {
        self.counts.early += if self.options.continuity.has_snapshot_apart() { self.pending.push(update) } else { 1 };
    }

    /// Writes the levels. Says whether all of them can be.
    #[inline]
    fn write(&mut self, update: &[Longs]) -> bool {
        for (side, price, size) in update.iter().map_while(level) {
            // False for what is no number, too.
            let is_sound = price > 0.0 && price.is_finite() && size >= 0.0 && size.is_finite();
            if !is_sound {
                return false;
            }
            let given_up = match side {
                Side::Bid => self.bids.set(price, size),
                Side::Ask => self.asks.set(-price, size),
            };
            self.counts.given_up += given_up as u64;
        }
        if let Some(window) = self.options.window {
            self.bids.truncate(window);
            self.asks.truncate(window);
        }
        true
    }

    /// Looks what the book is good for as it is now.
    #[inline]
    fn examine(&mut self, is_sound: bool, checksum: Option<u32>) {
        if !is_sound {
            self.fail(Fault::Level);
        } else if self.is_crossed() {
            self.fail(Fault::Crossed);
        } else if !self.agrees(checksum) {
            self.fail(Fault::Checksum);
        } else {
            let is_thinned = self.is_thinned();
            self.counts.thinned += u64::from(is_thinned && self.state == State::Live);
            self.state = if is_thinned { State::Thinned } else { State::Live };
        }
    }

    fn agrees(&mut self, checksum: Option<u32>) -> bool {
        let (Some(kind), Some(expected)) = (self.options.checksum, checksum) else { return true };
        let is_same = kind.of(&self.bids, &self.asks, &mut self.text) == expected;
        self.counts.verified += u64::from(is_same);
        is_same
    }

    fn is_crossed(&self) -> bool {
        // An ask's key is its negative price.
        matches!((self.bids.best(), self.asks.best()), (Some((bid, _)), Some((ask, _))) if bid + ask >= 0.0)
    }

    fn is_thinned(&self) -> bool {
        [&self.bids, &self.asks].into_iter().any(|side| side.reach() != WHOLE && side.known(KNOWN_LEAST) < KNOWN_LEAST)
    }

    const fn fail(&mut self, fault: Fault) {
        self.state = State::Stale(fault);
        self.counts.count(fault);
    }

    const fn side(&self, side: Side) -> &Levels {
        match side {
            Side::Bid => &self.bids,
            Side::Ask => &self.asks,
        }
    }
}
