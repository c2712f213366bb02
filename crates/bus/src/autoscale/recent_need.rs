//! What was needed within the hold.

/// How long a need is remembered at least, in milliseconds.
pub const HOLD_MS: f64 = 10_000.0;

const SPAN_MS: f64 = 250.0;
/// One more than fill the hold, since the youngest is incomplete.
const SPANS: usize = 41;

/// The most that was needed within the hold. It counts in spans of 250 ms, so that its memory is small and fixed.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecentNeed {
    most: [f64; SPANS],
    span: usize,
}

impl RecentNeed {
    pub(super) const fn new() -> Self {
        Self { most: [0.0; SPANS], span: 0 }
    }

    /// Takes a need in. The time never goes back, and goes on by a span at most.
    pub(super) fn add(&mut self, observed_ms: f64, need: f64) {
        let span = (observed_ms / SPAN_MS).floor() as usize;
        let place = &mut self.most[span % SPANS];
        if span > self.span {
            *place = 0.0;
        }
        self.span = span;
        if need > *place {
            *place = need;
        }
    }

    pub(super) fn most(&self) -> f64 {
        self.most.iter().fold(0.0, |most, &need| if need > most { need } else { most })
    }
}
