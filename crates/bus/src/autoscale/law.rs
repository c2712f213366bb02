//! How many slots a pool should have, from what was measured.
//!
//! Feed-forward: by Little's law (1961) arrivals times service time is how many slots are busy; the square root of that
//! staffs for chance (Halfin and Whitt 1981); a term for the backlog works off what waits. What was needed within the hold
//! is kept. The cap is Goetz's (Java Concurrency in Practice, 8.2): cores x target / share of the time that handlers compute.

use super::recent_need::RecentNeed;
use super::smoothed::Smoothed;
use crate::layout;

/// Between ticks, in milliseconds.
pub const TICK_MS: f64 = 20.0;
/// Slots beyond the busy ones, in units of the square root of the busy ones.
const STAFFING: f64 = 1.5;
/// Deviations of a Poisson count from which on a rate is no chance: Shewhart's three (1931).
const SURPRISE: f64 = 3.0;
/// In how long a backlog is worked off, in milliseconds.
const DRAIN_MS: f64 = 50.0;
/// A pool shrinks only if it is too large by more than this share.
const DEADBAND: f64 = 0.1;
/// Between two shrinks by at most a quarter, in milliseconds.
const SHRINK_EVERY_MS: f64 = 1_000.0;
/// What passes unobserved counts as no more than this, in milliseconds: nothing is forgotten in the dark.
const STEP_MOST_MS: f64 = 250.0;
/// Between ticks while a critical message waits too long, in milliseconds.
const URGENT_EVERY_MS: f64 = 1.0;

/// What does not change while a pool lives. Slots are whole numbers, `1 <= min <= max`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Fewest slots; the law starts with so many.
    pub min: f64,
    /// Most slots.
    pub max: f64,
    /// Cores that the handlers may use.
    pub cores: f64,
    /// Share of the cores that is to be used.
    pub cpu_target: f64,
    /// Slots kept for critical lanes, beside those that the load asks for.
    pub reserved: f64,
    /// How long a critical message may wait, in milliseconds; 0 for no such objective.
    pub critical_ms: f64,
}

/// What was measured, 0 or more and finite; NaN for what was not.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The time in milliseconds, from any origin.
    pub now_ms: f64,
    /// Messages that arrived in each second.
    pub rate_per_s: f64,
    /// Mean time that handlers took which ended, in milliseconds.
    pub service_ms: f64,
    /// Messages that wait.
    pub depth: f64,
    /// How long the oldest of them has waited, in milliseconds.
    pub oldest_ms: f64,
    /// The same, of critical lanes alone.
    pub oldest_critical_ms: f64,
    /// CPU time of handlers divided by the time that they took.
    pub cpu_share: f64,
}

/// Why the law answered what it answered: the SCALE values of the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Reason {
    /// The size is right.
    Steady = layout::SCALE_STEADY as u32,
    /// Grown: messages arrive faster, or take longer.
    Load = layout::SCALE_LOAD as u32,
    /// Grown: what waits is to be worked off.
    Backlog = layout::SCALE_BACKLOG as u32,
    /// Shrunk, or not grown: the cores carry no more.
    Cores = layout::SCALE_CORES as u32,
    /// Not grown: it is as large as it may be.
    Limit = layout::SCALE_LIMIT as u32,
    /// Shrunk: fewer have been enough for as long as the hold.
    Idle = layout::SCALE_IDLE as u32,
    /// Not shrunk: more were needed a moment ago, or it has just been shrunk.
    Hold = layout::SCALE_HOLD as u32,
    /// Not shrunk: what waits is being worked off.
    Drain = layout::SCALE_DRAIN as u32,
    /// Held: a measurement is missing.
    Unmeasured = layout::SCALE_UNMEASURED as u32,
}

/// What the law answers, and what it computed with.
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    /// How many slots there should be.
    pub wanted: f64,
    /// The most that the cores can carry, between the limits.
    pub cap: f64,
    /// Why.
    pub reason: Reason,
    /// How many of the slots are kept for critical lanes.
    pub kept: f64,
    /// What this moment alone asks for, before hold and limits.
    pub need: f64,
    /// The rate that was computed with.
    pub rate_per_s: f64,
    /// The service time that was computed with.
    pub service_ms: f64,
    /// The CPU share that was computed with.
    pub cpu_share: f64,
}

/// All that the law remembers from tick to tick.
#[derive(Clone, Copy, Debug)]
pub struct LawState {
    size: f64,
    last_tick_ms: f64,
    /// Time under observation, in milliseconds: hold and shrinking go by it.
    observed_ms: f64,
    last_shrink_ms: f64,
    rate: Smoothed,
    service: Smoothed,
    cpu_share: Smoothed,
    recent: RecentNeed,
}

impl LawState {
    /// A pool of the fewest slots, of which nothing was measured yet.
    #[must_use]
    pub const fn new(limits: &Limits) -> Self {
        Self {
            size: limits.min,
            last_tick_ms: f64::NAN,
            observed_ms: 0.0,
            last_shrink_ms: -SHRINK_EVERY_MS,
            rate: Smoothed::new(),
            service: Smoothed::new(),
            cpu_share: Smoothed::new(),
            recent: RecentNeed::new(),
        }
    }

    pub(super) const fn size(&self) -> f64 {
        self.size
    }
}

/// Whether a tick is due: `TICK_MS` after the last one, or 1 ms after it while the oldest critical message has waited for
/// more than half of what it may.
#[must_use]
pub fn is_due(limits: &Limits, state: &LawState, measured: &Measured) -> bool {
    let passed_ms = measured.now_ms - state.last_tick_ms;
    if passed_ms.is_nan() || passed_ms >= TICK_MS {
        return true;
    }
    let is_late = limits.critical_ms > 0.0 && 2.0 * measured.oldest_critical_ms > limits.critical_ms;
    is_late && passed_ms >= URGENT_EVERY_MS
}

/// The size from now on. Changes the state, and nothing else.
pub fn decide(limits: &Limits, state: &mut LawState, measured: &Measured) -> Decision {
    let passed_ms = passed(state, measured.now_ms);
    state.rate.take(measured.rate_per_s, passed_ms);
    state.service.take(measured.service_ms, passed_ms);
    state.cpu_share.take(measured.cpu_share, passed_ms);

    let rate_per_s = expected(measured.rate_per_s, state.rate.value, passed_ms);
    let service_ms = state.service.value;
    let cpu_share = state.cpu_share.value;
    let busy = (rate_per_s * service_ms) / 1_000.0;
    let staffed = busy + STAFFING * busy.sqrt();
    let need = (staffed + (measured.depth * service_ms) / DRAIN_MS).ceil() + limits.reserved;
    let cap = carried(limits, cpu_share);

    let is_measured = !measured.rate_per_s.is_nan() && !need.is_nan() && !cpu_share.is_nan();
    let moment = Moment { staffed, need, cap, passed_ms };
    let reason = if is_measured { resize(limits, state, measured, &moment) } else { Reason::Unmeasured };
    let kept = smaller(limits.reserved, state.size - 1.0);
    Decision { wanted: state.size, cap, reason, kept, need, rate_per_s, service_ms, cpu_share }
}

struct Moment {
    staffed: f64,
    need: f64,
    cap: f64,
    passed_ms: f64,
}

/// Sets the size; returns why.
fn resize(limits: &Limits, state: &mut LawState, measured: &Measured, moment: &Moment) -> Reason {
    let &Moment { staffed, need, cap, passed_ms } = moment;
    let size = state.size;
    state.observed_ms += smaller(passed_ms, STEP_MOST_MS);
    state.recent.add(state.observed_ms, need);
    let wished = state.recent.most();
    let wanted = between(limits.min, wished, cap);
    if wanted > size {
        state.size = wanted;
        return if staffed.ceil() + limits.reserved > size { Reason::Load } else { Reason::Backlog };
    }
    if wanted >= size && wished > size {
        return if cap < limits.max { Reason::Cores } else { Reason::Limit };
    }

    let band = size * DEADBAND;
    if size - wanted <= band {
        return if between(limits.min, need, cap) < wanted { Reason::Hold } else { Reason::Steady };
    }
    // More than the cores carry makes everything slower, so nothing is waited for.
    if size - cap > band {
        state.size = cap;
        return Reason::Cores;
    }
    if measured.depth > size || measured.oldest_ms > DRAIN_MS {
        return Reason::Drain;
    }
    if state.observed_ms - state.last_shrink_ms < SHRINK_EVERY_MS {
        return Reason::Hold;
    }
    let quarter = larger((size / 4.0).floor(), 1.0);
    state.size = larger(wanted, size - quarter);
    state.last_shrink_ms = state.observed_ms;
    Reason::Idle
}

/// Milliseconds since the last tick; the first one counts as one that was due.
fn passed(state: &mut LawState, now_ms: f64) -> f64 {
    let passed_ms = now_ms - state.last_tick_ms;
    state.last_tick_ms = now_ms;
    if passed_ms.is_nan() { TICK_MS } else { larger(passed_ms, 0.0) }
}

/// Fast up, slow down: the rate of this moment counts by itself if it is higher than chance lets the smooth one look.
fn expected(rate_per_s: f64, smooth: f64, passed_ms: f64) -> f64 {
    let seconds = larger(passed_ms, TICK_MS) / 1_000.0;
    if rate_per_s > smooth + SURPRISE * (smooth / seconds).sqrt() { rate_per_s } else { smooth }
}

/// The most slots that the cores carry.
fn carried(limits: &Limits, cpu_share: f64) -> f64 {
    if cpu_share > 0.0 {
        between(limits.min, ((limits.cores * limits.cpu_target) / cpu_share).ceil(), limits.max)
    } else {
        limits.max
    }
}

fn between(low: f64, value: f64, high: f64) -> f64 {
    larger(low, smaller(value, high))
}

// Not `f64::max` and `f64::min`, which leave out NaN: JavaScript's comparison is the same as this.
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
