//! Controlled delay (K. Nichols and V. Jacobson, RFC 8289): a queue that is behind for a whole interval sheds a message,
//! then more and more often until it has caught up.

/// Intervals after which the rate at which a queue shed before says nothing any more.
const RECENT_INTERVALS: f64 = 16.0;

#[derive(Clone, Copy, Debug)]
pub(super) struct ControlledDelay {
    target_ns: f64,
    interval_ns: f64,
    /// When the delay will have been above the target for an interval; 0 while it is not.
    first_above: f64,
    is_shedding: bool,
    next: f64,
    count: u32,
    last_count: u32,
}

impl ControlledDelay {
    pub(super) const fn new(target_ns: f64, interval_ns: f64) -> Self {
        Self { target_ns, interval_ns, first_above: 0.0, is_shedding: false, next: 0.0, count: 0, last_count: 0 }
    }

    /// Whether to shed a message that has waited for `sojourn_ns` and would run now. The last of a queue is never shed.
    pub(super) fn sheds(&mut self, now: f64, sojourn_ns: f64, is_last: bool) -> bool {
        if !self.is_behind(now, sojourn_ns, is_last) {
            self.is_shedding = false;
            return false;
        }
        if !self.is_shedding {
            self.begin(now);
            return true;
        }
        if now < self.next {
            return false;
        }
        self.count = self.count.saturating_add(1);
        self.next = self.after(self.next);
        true
    }

    fn is_behind(&mut self, now: f64, sojourn_ns: f64, is_last: bool) -> bool {
        if sojourn_ns < self.target_ns || is_last {
            self.first_above = 0.0;
            return false;
        }
        if self.first_above != 0.0 {
            return now >= self.first_above;
        }
        self.first_above = now + self.interval_ns;
        false
    }

    /// Goes on at the rate of the last time, if that was not long ago.
    fn begin(&mut self, now: f64) {
        let rate = self.count - self.last_count;
        let is_recent = now - self.next < RECENT_INTERVALS * self.interval_ns;
        self.is_shedding = true;
        self.count = if rate > 1 && is_recent { rate } else { 1 };
        self.last_count = self.count;
        self.next = self.after(now);
    }

    fn after(&self, time: f64) -> f64 {
        time + self.interval_ns / f64::from(self.count).sqrt()
    }
}
