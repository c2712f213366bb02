//! What a decoder has met so far.

use tickbus_bus::layout::{
    COUNT_BOOKS, COUNT_CLOCK_JUMPS, COUNT_CONTROLS, COUNT_FRAMES, COUNT_GENERAL, COUNT_IGNORED, COUNT_IMPRECISE,
    COUNT_INSTRUMENTS, COUNT_QUOTES, COUNT_RECORDS, COUNT_REJECTED, COUNT_TRADES, COUNTS, IGNORED_NAMES_MOST,
};

use crate::names::Names;

/// The counts by their places in `layout.json`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "layout.json says what each is")]
pub struct Counts {
    pub records: u64,
    pub frames: u64,
    pub quotes: u64,
    pub trades: u64,
    pub books: u64,
    pub ignored: u64,
    pub rejected: u64,
    pub general: u64,
    pub imprecise: u64,
    pub instruments: u64,
    pub controls: u64,
    pub clock_jumps: u64,
}

impl Counts {
    /// The counts as doubles in the order of `layout.json`.
    #[must_use]
    pub fn doubles(&self) -> [f64; COUNTS] {
        let mut doubles = [0.0; COUNTS];
        for (place, count) in [
            (COUNT_RECORDS, self.records),
            (COUNT_FRAMES, self.frames),
            (COUNT_QUOTES, self.quotes),
            (COUNT_TRADES, self.trades),
            (COUNT_BOOKS, self.books),
            (COUNT_IGNORED, self.ignored),
            (COUNT_REJECTED, self.rejected),
            (COUNT_GENERAL, self.general),
            (COUNT_IMPRECISE, self.imprecise),
            (COUNT_INSTRUMENTS, self.instruments),
            (COUNT_CONTROLS, self.controls),
            (COUNT_CLOCK_JUMPS, self.clock_jumps),
        ] {
            doubles[place] = count as f64;
        }
        doubles
    }
}

/// Frames of kinds that are not decoded, counted by the venue's name for the kind.
#[derive(Debug)]
pub struct Ignored {
    names: Names,
    counts: [u64; IGNORED_NAMES_MOST],
    others: u64,
}

impl Default for Ignored {
    fn default() -> Self {
        Self { names: Names::new(IGNORED_NAMES_MOST), counts: [0; IGNORED_NAMES_MOST], others: 0 }
    }
}

impl Ignored {
    /// Counts a frame.
    pub fn add(&mut self, kind: &[u8]) {
        match self.names.number(kind) {
            Some(number) => self.counts[number as usize] += 1,
            None => self.others += 1,
        }
    }

    /// The kinds in the order of their first frame, and `(others)` for those beyond the bound.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        let others = (self.others > 0).then_some(("(others)", self.others));
        self.names.iter().zip(self.counts).chain(others)
    }
}
