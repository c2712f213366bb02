//! What the handlers of a thread have taken: its meter, read from outside.

use crate::layout::{
    METER_DOUBLE_AWAITED, METER_DOUBLE_BEGUN, METER_DOUBLE_BUSY, METER_DOUBLE_CALLED, METER_DOUBLE_ENDED,
    METER_DOUBLE_OCCUPIED,
};
use crate::memory::Words;

/// In so long a time what was measured before counts half, in milliseconds.
const HALF_MS: f64 = 250.0;

/// Counts, and times in nanoseconds: so far, or since the last look.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    begun: f64,
    called: f64,
    ended: f64,
    awaited: f64,
    occupied: f64,
    busy: f64,
}

impl Spent {
    pub(super) fn read<W: Words>(meter: &W) -> Self {
        let double = |place: usize| f64::from_bits(meter.read(place));
        // The thread writes the first of these two after the second: so its share is never too high.
        let busy = double(METER_DOUBLE_BUSY);
        Self {
            begun: double(METER_DOUBLE_BEGUN),
            called: double(METER_DOUBLE_CALLED),
            ended: double(METER_DOUBLE_ENDED),
            awaited: double(METER_DOUBLE_AWAITED),
            occupied: double(METER_DOUBLE_OCCUPIED),
            busy,
        }
    }

    pub(super) fn since(&self, before: &Self) -> Self {
        Self {
            begun: self.begun - before.begun,
            called: self.called - before.called,
            ended: self.ended - before.ended,
            awaited: self.awaited - before.awaited,
            occupied: self.occupied - before.occupied,
            busy: self.busy - before.busy,
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.begun += other.begun;
        self.called += other.called;
        self.ended += other.ended;
        self.awaited += other.awaited;
        self.occupied += other.occupied;
        self.busy += other.busy;
    }

    /// Mean time that handlers took to return, in nanoseconds; NaN if none was called.
    pub(super) fn mean_called(&self) -> f64 {
        if self.begun > 0.0 { self.called / self.begun } else { f64::NAN }
    }

    /// Mean time that promises took to be settled, in nanoseconds; NaN if no handler has ended.
    pub(super) fn mean_awaited(&self) -> f64 {
        if self.ended > 0.0 { self.awaited / self.ended } else { f64::NAN }
    }
}

/// Which share of their time handlers compute: as `ThreadShare` in `ts/client/scaling` has it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ThreadShare {
    busy: f64,
    occupied: f64,
}

impl ThreadShare {
    pub(super) fn take(&mut self, spent: &Spent, passed_ms: f64) {
        let kept = HALF_MS / (HALF_MS + passed_ms);
        self.busy = kept * self.busy + spent.busy;
        self.occupied = kept * self.occupied + spent.occupied;
    }

    /// From 0 to 1; NaN if nothing was ever under way.
    pub(super) fn value(&self) -> f64 {
        if self.occupied > 0.0 { (self.busy / self.occupied).clamp(0.0, 1.0) } else { f64::NAN }
    }
}
