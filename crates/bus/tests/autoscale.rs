//! What the law promises, whatever it is told.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::float_cmp, reason = "sizes are whole numbers")]

use proptest::collection::vec;
use proptest::prelude::*;
use tickbus_bus::autoscale::{
    Autoscaler, Decision, HOLD_MS, LawState, Limits, Measured, Reason, TICK_MS, decide, is_due,
};
use tickbus_bus::layout;
use tickbus_bus::memory::{SharedMemory, Words};

const LIMITS: Limits = Limits { min: 1.0, max: 50.0, cores: 2.0, cpu_target: 0.8, reserved: 0.0, critical_ms: 0.0 };

/// Handlers that wait, and a queue that is empty.
const CALM: Measured = Measured {
    now_ms: 0.0,
    rate_per_s: 1_000.0,
    service_ms: 1.0,
    depth: 0.0,
    oldest_ms: 0.0,
    oldest_critical_ms: 0.0,
    cpu_share: 0.02,
};

/// A law and the time.
struct Pool {
    limits: Limits,
    state: LawState,
    now_ms: f64,
}

impl Pool {
    fn new(limits: Limits) -> Self {
        Self { limits, state: LawState::new(&limits), now_ms: 0.0 }
    }

    fn tick(&mut self, measured: Measured) -> Decision {
        self.now_ms += TICK_MS;
        decide(&self.limits, &mut self.state, &Measured { now_ms: self.now_ms, ..measured })
    }

    /// The decisions of so many milliseconds of one load.
    fn load(&mut self, ms: f64, measured: Measured) -> Vec<Decision> {
        (0..(ms / TICK_MS) as usize).map(|_| self.tick(measured)).collect()
    }

    fn settle(&mut self, measured: Measured) -> f64 {
        self.load(60_000.0, measured).last().expect("ticks").wanted
    }
}

fn changes(decisions: &[Decision]) -> usize {
    decisions.windows(2).filter(|pair| pair[0].wanted != pair[1].wanted).count()
}

fn limits() -> impl Strategy<Value = Limits> {
    (1_u32..=1_024, 1_u32..=1_024, 1_u32..=64, 0.1..=1.0, 0_u32..4).prop_map(|(a, b, cores, cpu_target, reserved)| {
        let (min, max) = (f64::from(a.min(b)), f64::from(a.max(b)));
        Limits { min, max, cores: f64::from(cores), cpu_target, reserved: f64::from(reserved), critical_ms: 10.0 }
    })
}

fn measurement(most: f64) -> impl Strategy<Value = f64> {
    prop_oneof![8 => 0.0..most, 1 => Just(0.0), 1 => Just(f64::NAN)]
}

prop_compose! {
    fn measured()(
        rate_per_s in measurement(1e6),
        service_ms in measurement(1e4),
        depth in measurement(1e6),
        oldest_ms in measurement(1e5),
        oldest_critical_ms in measurement(1e5),
        cpu_share in measurement(1.0),
    ) -> Measured {
        Measured { now_ms: 0.0, rate_per_s, service_ms, depth, oldest_ms, oldest_critical_ms, cpu_share }
    }
}

proptest! {
    #[test]
    fn the_size_never_leaves_the_limits(limits in limits(), told in vec((measured(), -100.0..2_000.0), 1..400)) {
        let mut pool = Pool::new(limits);
        for (measured, passed_ms) in told {
            pool.now_ms += passed_ms;
            let Decision { wanted, cap, kept, .. } = pool.tick(measured);
            prop_assert!(wanted >= limits.min && wanted <= limits.max && wanted == wanted.floor(), "{wanted}");
            prop_assert!(cap >= limits.min && cap <= limits.max, "{cap}");
            prop_assert!(kept >= 0.0 && kept < wanted, "{kept} of {wanted}");
        }
    }

    #[test]
    fn a_constant_load_is_answered_by_one_size(before in measured(), rate in 0.0..1e5, service in 0.01..100.0, cpu in 0.0..1.0) {
        let mut pool = Pool::new(LIMITS);
        pool.load(500.0, before);
        let load = Measured { rate_per_s: rate, service_ms: service, cpu_share: cpu, ..CALM };
        // From 50 down to 1 by quarters takes 13 shrinks of a second each, and they begin after the hold.
        pool.load(HOLD_MS + 40_000.0, load);
        prop_assert!(changes(&pool.load(60_000.0, load)) == 0);
    }

    #[test]
    fn a_cold_start_into_a_constant_load_takes_one_change(rate in 0.0..1e5, service in 0.01..100.0, cpu in 0.0..1.0) {
        let load = Measured { rate_per_s: rate, service_ms: service, cpu_share: cpu, ..CALM };
        let mut pool = Pool::new(LIMITS);
        pool.tick(load);
        prop_assert!(changes(&pool.load(60_000.0, load)) == 0);
    }

    #[test]
    fn a_higher_rate_never_asks_for_fewer(history in vec(measured(), 0..100), now in measured(), more in 0.0..1e6) {
        let mut pool = Pool::new(LIMITS);
        for measured in history {
            pool.tick(measured);
        }
        let mut other = Pool { ..Pool::new(LIMITS) };
        (other.state, other.now_ms) = (pool.state, pool.now_ms);
        let [low, high] = [pool.tick(now), other.tick(Measured { rate_per_s: now.rate_per_s + more, ..now })];
        prop_assert!(high.wanted >= low.wanted, "{low:?} {high:?}");
    }

    #[test]
    fn a_higher_rate_never_settles_at_fewer(start in 0.0..5e4, rate in 0.0..5e4, more in 0.0..5e4) {
        let settled = |rate_per_s| {
            let mut pool = Pool::new(LIMITS);
            pool.load(1_000.0, Measured { rate_per_s: start, ..CALM });
            pool.settle(Measured { rate_per_s, ..CALM })
        };
        prop_assert!(settled(rate + more) >= settled(rate));
    }

    #[test]
    fn no_second_takes_more_than_a_quarter_away(sizes in vec(0.0..5e4, 1..6)) {
        let mut pool = Pool::new(LIMITS);
        let mut decisions = Vec::new();
        for rate_per_s in sizes {
            decisions.extend(pool.load(15_000.0, Measured { rate_per_s, ..CALM }));
        }
        for second in decisions.windows((1_000.0 / TICK_MS) as usize) {
            let [first, last] = [second[0].wanted, second[second.len() - 1].wanted];
            prop_assert!(last >= (first * 0.75).floor().min(first - 1.0), "{first} to {last}");
        }
    }

    #[test]
    fn computing_handlers_never_get_more_than_the_cores_carry(rate in 0.0..1e5, depth in 0.0..1e5, cpu in 0.01..=1.0) {
        let mut pool = Pool::new(LIMITS);
        for decision in pool.load(5_000.0, Measured { rate_per_s: rate, depth, cpu_share: cpu, ..CALM }) {
            prop_assert!(decision.wanted <= (2.0 / cpu).ceil() + 1.0);
        }
    }
}

#[test]
fn little_s_law_and_the_square_root_make_the_size() {
    // 10,000 a second of 1 ms keep 10 busy; 1.5 times the root of 10 is 4.7.
    let decision = Pool::new(LIMITS).tick(Measured { rate_per_s: 10_000.0, ..CALM });
    assert_eq!((decision.wanted, decision.reason), (15.0, Reason::Load));
}

#[test]
fn a_step_is_answered_by_the_next_tick() {
    let mut pool = Pool::new(LIMITS);
    pool.settle(CALM);
    assert_eq!(pool.tick(Measured { rate_per_s: 10_000.0, ..CALM }).wanted, 15.0);
}

#[test]
fn a_rate_within_chance_is_smoothed() {
    let mut pool = Pool::new(LIMITS);
    pool.settle(Measured { rate_per_s: 10_000.0, ..CALM });
    // Three deviations of 200 arrivals are 42.
    assert!(pool.tick(Measured { rate_per_s: 12_000.0, ..CALM }).rate_per_s < 11_000.0);
    assert_eq!(pool.tick(Measured { rate_per_s: 14_000.0, ..CALM }).rate_per_s, 14_000.0);
}

#[test]
fn what_waits_is_worked_off_in_fifty_milliseconds() {
    let mut pool = Pool::new(LIMITS);
    pool.settle(CALM);
    let decision = pool.tick(Measured { depth: 500.0, ..CALM });
    assert_eq!((decision.wanted, decision.reason), (13.0, Reason::Backlog));
}

#[test]
fn nothing_shrinks_within_the_hold_nor_while_something_waits() {
    let mut pool = Pool::new(LIMITS);
    pool.load(20_000.0, Measured { rate_per_s: 30_000.0, ..CALM });
    let idle = Measured { rate_per_s: 0.0, service_ms: f64::NAN, ..CALM };
    let held = pool.load(HOLD_MS - TICK_MS, idle);
    assert!(held.iter().all(|decision| decision.wanted == 39.0 && decision.reason != Reason::Idle));
    // The service is so short that this alone needs no slots.
    let waiting = Measured { depth: 60.0, oldest_ms: 60.0, ..idle };
    let drained = pool.load(HOLD_MS, waiting);
    assert!(drained.iter().all(|decision| decision.wanted == 39.0));
    assert_eq!(drained.last().expect("ticks").reason, Reason::Drain);
    let after = pool.load(1_000.0, idle);
    assert_eq!((after.last().expect("ticks").wanted, after[0].reason), (30.0, Reason::Idle));
}

#[test]
fn a_pool_too_large_by_less_than_a_tenth_stays() {
    let mut pool = Pool::new(LIMITS);
    assert_eq!(pool.settle(Measured { rate_per_s: 30_000.0, ..CALM }), 39.0);
    // 27.3 busy ones and 1.5 times their root are 35.2.
    assert_eq!(pool.settle(Measured { rate_per_s: 27_300.0, ..CALM }), 39.0);
    assert_eq!(pool.settle(Measured { rate_per_s: 26_000.0, ..CALM }), 34.0);
}

#[test]
fn a_missing_measurement_holds_the_size() {
    let mut pool = Pool::new(LIMITS);
    let size = pool.settle(Measured { rate_per_s: 10_000.0, ..CALM });
    for missing in
        [Measured { rate_per_s: f64::NAN, depth: 1e6, ..CALM }, Measured { rate_per_s: 1e6, depth: f64::NAN, ..CALM }]
    {
        for decision in pool.load(30_000.0, missing) {
            assert_eq!((decision.wanted, decision.reason), (size, Reason::Unmeasured));
        }
    }
    let mut unknown = Pool::new(LIMITS);
    let decision = unknown.tick(Measured { rate_per_s: 1e6, cpu_share: f64::NAN, ..CALM });
    assert_eq!((decision.wanted, decision.reason), (1.0, Reason::Unmeasured));
}

#[test]
fn time_without_ticks_is_not_time_without_load() {
    let mut pool = Pool::new(LIMITS);
    let size = pool.settle(Measured { rate_per_s: 10_000.0, ..CALM });
    pool.now_ms += 60_000.0;
    assert_eq!(pool.tick(Measured { rate_per_s: 0.0, ..CALM }).wanted, size);
}

#[test]
fn handlers_that_begin_to_compute_lose_slots_at_once() {
    let mut pool = Pool::new(LIMITS);
    pool.load(1_000.0, Measured { rate_per_s: 30_000.0, ..CALM });
    let decisions = pool.load(1_000.0, Measured { rate_per_s: 30_000.0, cpu_share: 1.0, depth: 1e4, ..CALM });
    let last = decisions.last().expect("ticks");
    assert_eq!((last.wanted, last.cap, last.reason), (2.0, 2.0, Reason::Cores));
}

#[test]
fn reserved_slots_come_on_top_and_one_slot_is_kept_for_nobody() {
    let limits = Limits { reserved: 1.0, ..LIMITS };
    let decision = Pool::new(limits).tick(Measured { rate_per_s: 10_000.0, ..CALM });
    assert_eq!((decision.wanted, decision.kept), (16.0, 1.0));
    let decision = Pool::new(limits).tick(Measured { rate_per_s: 0.0, ..CALM });
    assert_eq!((decision.wanted, decision.kept), (1.0, 0.0));
}

#[test]
fn a_tick_is_due_at_once_when_a_critical_message_has_waited_half_its_objective() {
    let limits = Limits { critical_ms: 2.0, ..LIMITS };
    let mut state = LawState::new(&limits);
    assert!(is_due(&limits, &state, &CALM));
    decide(&limits, &mut state, &CALM);
    let after = |now_ms, oldest_critical_ms| is_due(&limits, &state, &Measured { now_ms, oldest_critical_ms, ..CALM });
    assert_eq!([after(19.0, 1.0), after(20.0, 0.0), after(0.5, 1.1), after(1.0, 1.1)], [false, true, false, true]);
}

#[test]
fn a_page_of_nonsense_is_taken_as_unmeasured() {
    let page = SharedMemory::leaked(8 * layout::AUTOSCALE_DOUBLES);
    let mut autoscaler = Autoscaler::new(page, LIMITS).expect("a page");
    for nonsense in [-1.0, f64::NEG_INFINITY, f64::INFINITY, f64::NAN] {
        (0..layout::AUTOSCALE_DOUBLE_WANTED).for_each(|place| page.write(place, nonsense.to_bits()));
        autoscaler.tick();
        let answer = |place| f64::from_bits(page.read(place));
        assert_eq!(answer(layout::AUTOSCALE_DOUBLE_WANTED), 1.0);
        assert_eq!(answer(layout::AUTOSCALE_DOUBLE_REASON), layout::SCALE_UNMEASURED as f64);
    }
    assert!(Autoscaler::new(SharedMemory::leaked(8), LIMITS).is_err());
}
