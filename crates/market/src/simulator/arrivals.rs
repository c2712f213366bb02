//! The times at which messages of one kind arrive in one stream. Bursts are a Hawkes process with two exponential
//! kernels, drawn exactly and without rejection (A. Dassios, H. Zhao, "Exact simulation of Hawkes process with
//! exponentially decaying intensity", 2013): the next is the earliest of what the base and each kernel would bring alone.

use super::elementary::{exp, ln};
use super::options::ArrivalLaw;
use super::random::Random;

const NS_PER_SECOND: f64 = 1e9;

/// The arrivals of one stream.
#[derive(Debug)]
pub struct Arrivals {
    law: ArrivalLaw,
    /// Bursts a nanosecond that nothing causes.
    base: f64,
    /// What each kernel adds to that at `at`.
    fast: f64,
    slow: f64,
    at: f64,
    /// Messages of the burst that are still to come behind the one that is due.
    left: f64,
    is_in_burst: bool,
}

impl Arrivals {
    /// Arrivals from a time on; `activity` is a factor on their rate.
    #[must_use]
    pub fn new(law: &ArrivalLaw, activity: f64, start_ns: f64) -> Self {
        let bursts = law.per_second * activity / mean_burst(law) / NS_PER_SECOND;
        Self {
            law: *law,
            base: bursts * (1.0 - law.fast_branching - law.slow_branching),
            // In the mean each kernel brings its part of all bursts.
            fast: bursts * law.fast_branching,
            slow: bursts * law.slow_branching,
            at: start_ns,
            left: 0.0,
            is_in_burst: false,
        }
    }

    /// When the first burst begins.
    pub fn first(&mut self, random: &mut Random) -> f64 {
        self.next_burst(self.at, random)
    }

    /// Whether the message that is due belongs to the same burst as the one before.
    #[must_use]
    pub const fn is_in_burst(&self) -> bool {
        self.is_in_burst
    }

    /// When the message after the one at `now` arrives.
    #[inline]
    pub fn after(&mut self, now: f64, random: &mut Random) -> f64 {
        self.is_in_burst = self.left > 0.0;
        if self.is_in_burst {
            self.left -= 1.0;
            return now + random.exponential() * self.law.gap_ns;
        }
        self.decay_to(now);
        self.fast += self.law.fast_branching / self.law.fast_ns;
        self.slow += self.law.slow_branching / self.law.slow_ns;
        self.next_burst(now, random)
    }

    fn next_burst(&mut self, now: f64, random: &mut Random) -> f64 {
        let law = &self.law;
        let mut wait = random.exponential() / self.base;
        wait = wait.min(wait_for(self.fast, law.fast_ns, random));
        wait = wait.min(wait_for(self.slow, law.slow_ns, random));
        self.left = exp(random.exponential() / law.burst_tail).floor().min(law.burst_most) - 1.0;
        now + wait
    }

    fn decay_to(&mut self, now: f64) {
        let elapsed = now - self.at;
        self.fast *= exp(-elapsed / self.law.fast_ns);
        self.slow *= exp(-elapsed / self.law.slow_ns);
        self.at = now;
    }
}

/// How long an intensity that decays takes to bring something; for ever if it dies before.
#[inline]
fn wait_for(intensity: f64, decay_ns: f64, random: &mut Random) -> f64 {
    let left = 1.0 - random.exponential() / (intensity * decay_ns);
    if left > 0.0 { -ln(left) * decay_ns } else { f64::INFINITY }
}

/// A burst has n messages or more with the probability n^-tail: these add up to the mean.
fn mean_burst(law: &ArrivalLaw) -> f64 {
    (1..=law.burst_most as u32).fold(0.0, |sum, n| sum + exp(-law.burst_tail * ln(f64::from(n))))
}
