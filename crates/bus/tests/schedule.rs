//! The schedule of a thread against plain lists, over any log of turns; that no message is lost; that keys keep their order.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]
#![allow(clippy::float_cmp, reason = "what is compared was copied")]

mod naive_schedule;
#[allow(dead_code, reason = "only its numbers are used here")]
mod oracle;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::Ordering::Relaxed;

use naive_schedule::{Message, Naive};
use oracle::Numbers;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use tickbus_bus::error::BusError;
use tickbus_bus::lanes::options::{LaneOptions, Overflow, Policy, ScheduleOptions};
use tickbus_bus::lanes::turn::Turns;
use tickbus_bus::layout::*;
use tickbus_bus::memory::{SharedMemory, Words};

const ENVELOPES: u32 = 300;
const OVERFLOWS: [Overflow; 5] =
    [Overflow::Block, Overflow::Reject, Overflow::DropOldest, Overflow::DropNewest, Overflow::Conflate];
const POLICIES: [Policy; 4] = [Policy::Strict, Policy::Weighted, Policy::Deadline, Policy::Fifo];

/// One call, and what the thread does before it. What it chooses follows from `seed` and the state of things.
#[derive(Clone, Debug)]
struct Step {
    call: Call,
    submissions: usize,
    settlements: usize,
    wanted: u32,
    urgent: u32,
    later_ns: f64,
    seed: u64,
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Turn,
    Clear,
}

fn options() -> impl Strategy<Value = ScheduleOptions> {
    let lane = (1..24_u32, select(&OVERFLOWS), 1..5_u32, select(&[0.0, 0.0, 20.0]));
    let lanes = vec(lane, 1..5);
    (lanes, select(&POLICIES), 0..5_usize, select(&[0.0, 60.0]), any::<bool>()).prop_map(
        |(lanes, policy, urgent, age_ns, ordered)| {
            let urgent = urgent.min(lanes.len());
            let lane = |(capacity, overflow, weight, shed_target_ns)| LaneOptions {
                capacity,
                overflow,
                weight,
                shed_target_ns,
                shed_interval_ns: 100.0,
            };
            ScheduleOptions { lanes: lanes.into_iter().map(lane).collect(), policy, urgent, age_ns, ordered }
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let call = prop_oneof![40 => Just(Call::Turn), 1 => Just(Call::Clear)];
    let few_or_many = || prop_oneof![3 => 0..6_u32, 1 => 0..70_u32];
    (call, few_or_many(), few_or_many(), few_or_many(), 0..4_u32, select(&[0.0, 1.0, 10.0, 50.0]), any::<u64>())
        .prop_map(|(call, submissions, settlements, wanted, urgent, later_ns, seed)| Step {
            call,
            submissions: submissions.min(64) as usize,
            settlements: settlements.min(64) as usize,
            wanted,
            urgent,
            later_ns,
            seed,
        })
}

/// A thread with its port.
struct Thread {
    port: SharedMemory,
    envelopes: SharedMemory,
    turns: Turns<SharedMemory>,
    naive: Naive,
    now: f64,
    /// Messages so far, which is the id of the last one.
    written: u64,
}

impl Thread {
    fn new(options: &ScheduleOptions) -> Self {
        let port = SharedMemory::leaked(4 * PORT_WORDS);
        let envelopes = SharedMemory::leaked(ENVELOPES as usize * ENVELOPE_BYTES);
        let turns = Turns::new(port, envelopes, options).unwrap();
        Self { port, envelopes, turns, naive: Naive::new(options, ENVELOPES), now: 1.0, written: 0 }
    }

    fn step(&mut self, step: &Step) {
        let numbers = &mut Numbers(step.seed);
        self.now += step.later_ns;
        let settled = self.settle(step.settlements, numbers);
        let submitted = self.submit(step.submissions, numbers);
        self.port.store(PORT_WORD_WANTED, step.wanted, Relaxed);
        self.port.store(PORT_WORD_URGENT, step.urgent, Relaxed);
        self.port.write(PORT_DOUBLE_NOW, self.now.to_bits());
        match step.call {
            Call::Turn => {
                self.turns.turn();
                let wanted = PORT_LEASES.min(step.wanted as usize);
                self.naive.turn(&settled, &submitted, wanted, step.urgent as usize, self.now);
            }
            Call::Clear => {
                self.turns.clear();
                self.naive.clear(&settled, &submitted);
            }
        }
    }

    /// Settles what is in flight, and some that never were, or were long ago.
    fn settle(&mut self, count: usize, numbers: &mut Numbers) -> Vec<[u32; 3]> {
        let settlement = |_| {
            let flying = self.naive.in_flight.len();
            let is_nonsense = flying == 0 || numbers.below(12) == 0;
            let envelope = if is_nonsense {
                [numbers.below(ENVELOPES as usize) as u32, ENVELOPES, (1 << 24) - 1][numbers.below(3)]
            } else {
                self.naive.in_flight[numbers.below(flying)].envelope
            };
            let generation = self.naive.generations.get(envelope as usize).copied().unwrap_or_default();
            let outcome = [1, 2, 3, 11, OUTCOME_RETURNED, OUTCOME_RETURNED, OUTCOME_RETRIED, 1, 1, 0, 14, 255];
            let late = u32::from(numbers.below(15) == 0);
            [envelope, outcome[numbers.below(outcome.len())], generation.wrapping_sub(late)]
        };
        let settled: Vec<_> = (0..count).map(settlement).collect();
        for (nth, &[envelope, outcome, generation]) in settled.iter().enumerate() {
            self.port.store(PORT_WORD_SETTLE_LIST + 2 * nth, envelope | outcome << 24, Relaxed);
            self.port.store(PORT_WORD_SETTLE_LIST + 2 * nth + 1, generation, Relaxed);
        }
        self.port.store(PORT_WORD_SETTLED, count as u32, Relaxed);
        settled
    }

    /// Submits new messages, and some envelopes that are not there, or not the thread's.
    fn submit(&mut self, count: usize, numbers: &mut Numbers) -> Vec<Message> {
        let mut submitted: Vec<Message> = Vec::new();
        while submitted.len() < count {
            if numbers.below(20) == 0 {
                let known = submitted.iter().chain(&self.naive.waiting).chain(&self.naive.in_flight).last();
                let absent = Message { envelope: ENVELOPES, ..self.message(0, numbers) };
                submitted.push(known.cloned().unwrap_or(absent));
                continue;
            }
            let Some(envelope) = self.naive.free.pop() else { break };
            let message = self.message(envelope, numbers);
            self.write(&message);
            submitted.push(message);
        }
        for (nth, message) in submitted.iter().enumerate() {
            self.port.store(PORT_WORD_SUBMIT_LIST + nth, message.envelope, Relaxed);
        }
        self.port.store(PORT_WORD_SUBMITTED, submitted.len() as u32, Relaxed);
        self.port.store(PORT_WORD_FREE, self.naive.free.len() as u32, Relaxed);
        submitted
    }

    fn message(&self, envelope: u32, numbers: &mut Numbers) -> Message {
        Message {
            envelope,
            lane: [0, 1, 2, 3, 0, 1, 2, 200][numbers.below(8)],
            topic: numbers.below(2) as u32,
            key: [0, 0, 1, 2, 1 << 32, 5 << 40][numbers.below(6)],
            queued: self.now - numbers.below(40) as f64,
            deadline: [0.0, 0.0, 0.0, self.now + numbers.below(200) as f64][numbers.below(4)],
            place: 0,
        }
    }

    fn write(&mut self, message: &Message) {
        self.written += 1;
        let word = |word| ENVELOPE_WORDS * message.envelope as usize + word;
        let double = |double| ENVELOPE_DOUBLES * message.envelope as usize + double;
        self.envelopes.store(word(ENVELOPE_WORD_HEAD), message.lane as u32, Relaxed);
        self.envelopes.store(word(ENVELOPE_WORD_TOPIC), message.topic, Relaxed);
        self.envelopes.store(word(ENVELOPE_WORD_KEY_LOW), message.key as u32, Relaxed);
        self.envelopes.store(word(ENVELOPE_WORD_KEY_HIGH), (message.key >> 32) as u32, Relaxed);
        self.envelopes.write(double(ENVELOPE_DOUBLE_QUEUED), message.queued.to_bits());
        self.envelopes.write(double(ENVELOPE_DOUBLE_DEADLINE), message.deadline.to_bits());
        self.envelopes.write(double(ENVELOPE_DOUBLE_ID), (self.written as f64).to_bits());
        self.naive.attempts[message.envelope as usize] = 0;
    }

    fn compare(&self) {
        let Self { naive, .. } = self;
        assert_eq!(self.list(PORT_WORD_LEASED, PORT_WORD_LEASE_LIST), naive.leased, "leased");
        let released: Vec<u32> = naive.released.iter().map(|&(envelope, reason)| envelope | reason << 24).collect();
        assert_eq!(self.list(PORT_WORD_RELEASED, PORT_WORD_RELEASE_LIST), released, "released");
        assert_eq!(self.list(PORT_WORD_FREE, PORT_WORD_FREE_LIST), naive.free, "free");
        let state = [PORT_WORD_MORE, PORT_WORD_CONFLATED, PORT_WORD_RUNNABLE, PORT_WORD_RUNNABLE_URGENT];
        let expected =
            [u32::from(naive.is_more), naive.conflated, naive.runnable() as u32, naive.runnable_urgent() as u32];
        assert_eq!(state.map(|word| self.word(word)), expected, "more, conflated, runnable, runnable and urgent");
        assert_eq!([PORT_WORD_SUBMITTED, PORT_WORD_SETTLED].map(|word| self.word(word)), [0; 2], "lists taken in");
        for (outcome, &count) in naive.ended.iter().enumerate() {
            assert_eq!(self.double(PORT_DOUBLE_SETTLED + outcome), count as f64, "ended with {outcome}");
        }
        for (envelope, generation) in naive.generations.iter().enumerate() {
            assert_eq!(self.envelopes.load(ENVELOPE_WORDS * envelope + ENVELOPE_WORD_GENERATION, Relaxed), *generation);
        }
        for message in naive.waiting.iter().chain(&naive.in_flight) {
            let head = self.envelopes.load(ENVELOPE_WORDS * message.envelope as usize + ENVELOPE_WORD_HEAD, Relaxed);
            assert_eq!(head >> 16, naive.attempts[message.envelope as usize], "attempts");
        }
    }

    fn compare_lanes(&self, options: &ScheduleOptions) {
        self.turns.inspect();
        for (lane, LaneOptions { capacity, .. }) in options.lanes.iter().enumerate() {
            let waiting = self.naive.in_lane(lane).count() as u32;
            assert_eq!(self.word(PORT_WORD_WAITING + lane), waiting, "waiting in {lane}");
            assert_eq!(self.word(PORT_WORD_ROOM + lane), capacity.saturating_sub(waiting), "room in {lane}");
            let oldest = self.naive.oldest(lane).map_or(0.0, |message| message.queued);
            assert_eq!(self.double(PORT_DOUBLE_OLDEST + lane), oldest, "oldest of {lane}");
        }
    }

    fn key_and_id(&self, envelope: u32) -> (u64, f64) {
        let word = |word| u64::from(self.envelopes.load(ENVELOPE_WORDS * envelope as usize + word, Relaxed));
        let id = self.envelopes.read(ENVELOPE_DOUBLES * envelope as usize + ENVELOPE_DOUBLE_ID);
        (word(ENVELOPE_WORD_KEY_HIGH) << 32 | word(ENVELOPE_WORD_KEY_LOW), f64::from_bits(id))
    }

    fn list(&self, count: usize, list: usize) -> Vec<u32> {
        (0..self.word(count) as usize).map(|nth| self.word(list + nth)).collect()
    }

    fn word(&self, word: usize) -> u32 {
        self.port.load(word, Relaxed)
    }

    fn double(&self, double: usize) -> f64 {
        f64::from_bits(self.port.read(double))
    }
}

fn run(cases: u32, steps: usize, check: impl Fn(&ScheduleOptions, &[Step])) {
    let mut runner = TestRunner::new(ProptestConfig { cases, ..ProptestConfig::default() });
    let logs = (options(), vec(step(), 1..steps));
    let outcome = runner.run(&logs, |(options, steps)| {
        check(&options, &steps);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_schedule_agrees_with_plain_lists() {
    let met = RefCell::new([0; OUTCOMES]);
    run(400, 80, |options, steps| {
        let mut thread = Thread::new(options);
        thread.compare();
        for step in steps {
            thread.step(step);
            thread.compare();
            thread.compare_lanes(options);
        }
        for (sum, ended) in met.borrow_mut().iter_mut().zip(thread.naive.ended) {
            *sum += ended;
        }
    });
    for outcome in [OUTCOME_OVERFLOW, OUTCOME_CONFLATED, OUTCOME_EXPIRED, OUTCOME_SHED, OUTCOME_CLOSED] {
        assert!(met.borrow()[outcome as usize] > 100, "too few ended with {outcome} to say anything");
    }
}

#[test]
fn no_message_is_lost() {
    run(100, 60, |options, steps| {
        let mut thread = Thread::new(options);
        for step in steps {
            thread.step(step);
            let ended: f64 =
                (1..=OUTCOME_UNDECODABLE as usize).map(|end| thread.double(PORT_DOUBLE_SETTLED + end)).sum();
            let waiting: u32 = (0..options.lanes.len()).map(|lane| thread.word(PORT_WORD_WAITING + lane)).sum();
            let in_flight = thread.naive.in_flight.len() as u32;
            assert_eq!(thread.written, ended as u64 + u64::from(waiting + in_flight), "copies and what became of them");
        }
    });
}

#[test]
fn a_key_is_in_flight_once_and_in_order() {
    run(200, 60, |options, steps| {
        let is_kept = |lane: &LaneOptions| lane.overflow != Overflow::Conflate;
        let options = ScheduleOptions { ordered: true, ..options.clone() };
        if !options.lanes.iter().all(is_kept) {
            return;
        }
        let mut thread = Thread::new(&options);
        let mut last: HashMap<u64, f64> = HashMap::new();
        for step in steps {
            thread.step(step);
            for envelope in thread.list(PORT_WORD_LEASED, PORT_WORD_LEASE_LIST) {
                let (key, id) = thread.key_and_id(envelope);
                let before = last.entry(key).or_default();
                assert!(key == 0 || id >= *before, "a message of key {key} ran before an earlier one");
                *before = id;
            }
            let keys: Vec<u64> =
                thread.naive.in_flight.iter().map(|message| message.key).filter(|&key| key != 0).collect();
            assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "a key is in flight twice");
        }
    });
}

#[test]
fn what_no_schedule_can_be_is_refused() {
    let lane =
        LaneOptions { capacity: 1, overflow: Overflow::Reject, weight: 1, shed_target_ns: 0.0, shed_interval_ns: 0.0 };
    let good = ScheduleOptions { lanes: vec![lane], policy: Policy::Strict, urgent: 1, age_ns: 0.0, ordered: true };
    let open = |port_words: usize, envelopes: usize, options: &ScheduleOptions| {
        let memory = |bytes: usize| SharedMemory::leaked(bytes.max(8));
        Turns::new(memory(4 * port_words), memory(ENVELOPE_BYTES * envelopes), options).map(drop)
    };
    let with_lane = |lane| ScheduleOptions { lanes: vec![lane], ..good.clone() };
    assert_eq!(open(PORT_WORDS, 1, &good), Ok(()));
    let bad = [
        ScheduleOptions { lanes: Vec::new(), ..good.clone() },
        ScheduleOptions { lanes: vec![lane; LANES_MOST + 1], ..good.clone() },
        ScheduleOptions { urgent: 2, ..good.clone() },
        ScheduleOptions { age_ns: f64::NAN, ..good.clone() },
        with_lane(LaneOptions { capacity: 0, ..lane }),
        with_lane(LaneOptions { weight: 0, ..lane }),
        with_lane(LaneOptions { shed_target_ns: -1.0, ..lane }),
        with_lane(LaneOptions { shed_target_ns: 1.0, ..lane }),
    ];
    for options in bad {
        assert!(matches!(open(PORT_WORDS, 1, &options), Err(BusError::Schedule(_))), "{options:?}");
    }
    assert!(matches!(open(PORT_WORDS, 0, &good), Err(BusError::Schedule(_))));
    assert!(matches!(open(PORT_WORDS + 2, 1, &good), Err(BusError::Schedule(_))));
}
