//! What does a message through the schedule cost, taken in, picked and settled in batches of 64, while so many wait?
//! Beside it what one would take without one: a heap of (lane, sequence), and a queue for each lane.
//!
//! Only the schedule has keys, leases that can be returned, and bounds, so the rivals do less. Both get the same messages:
//! four lanes, none urgent, in no order.

#![allow(missing_docs, reason = "a bench")]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hint::black_box;
use std::sync::atomic::Ordering::Relaxed;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tickbus_bus::lanes::options::{LaneOptions, Overflow, Policy, ScheduleOptions};
use tickbus_bus::lanes::schedule::{Picked, Schedule, Settlement};
use tickbus_bus::layout::{
    ENVELOPE_BYTES, ENVELOPE_DOUBLE_DEADLINE, ENVELOPE_DOUBLES, ENVELOPE_WORD_HEAD, ENVELOPE_WORD_KEY_HIGH,
    ENVELOPE_WORD_KEY_LOW, ENVELOPE_WORDS, OUTCOME_DELIVERED,
};
use tickbus_bus::memory::{SharedMemory, Words};

const BATCH: usize = 64;
const LANES: usize = 4;
const KEYS: u64 = 10_000;
const DEPTHS: [usize; 3] = [1_000, 100_000, 1_000_000];

/// A number of 64 bits for each number, which looks random (Sebastiano Vigna's splitmix64).
fn scatter(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn lane(number: u64) -> usize {
    scatter(number) as usize % LANES
}

/// How messages differ from each other, beyond their lanes.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Keyed,
    WithDeadline,
}

/// A schedule, with `depth` messages in it.
struct Desk {
    memory: SharedMemory,
    schedule: Schedule<SharedMemory>,
    kind: Kind,
    submitted: u64,
    free: Vec<u32>,
}

impl Desk {
    fn new(kind: Kind, depth: usize) -> Self {
        let count = depth + BATCH;
        let memory = SharedMemory::leaked(count * ENVELOPE_BYTES);
        let lane = LaneOptions {
            capacity: 1 << 24,
            overflow: Overflow::Reject,
            weight: 1,
            shed_target_ns: 0.0,
            shed_interval_ns: 0.0,
        };
        let policy = if kind == Kind::WithDeadline { Policy::Deadline } else { Policy::Strict };
        let options = ScheduleOptions { lanes: vec![lane; LANES], policy, urgent: LANES, age_ns: 0.0, ordered: true };
        let schedule = Schedule::new(memory, &options).unwrap();
        let mut desk = Self { memory, schedule, kind, submitted: 0, free: (0..count as u32).rev().collect() };
        (0..depth).for_each(|_| desk.submit());
        desk
    }

    fn submit(&mut self) {
        let envelope = self.free.pop().unwrap();
        let word = |word| ENVELOPE_WORDS * envelope as usize + word;
        self.memory.store(word(ENVELOPE_WORD_HEAD), lane(self.submitted) as u32, Relaxed);
        if self.kind == Kind::Keyed {
            let key = scatter(scatter(self.submitted) % KEYS);
            self.memory.store(word(ENVELOPE_WORD_KEY_LOW), key as u32, Relaxed);
            self.memory.store(word(ENVELOPE_WORD_KEY_HIGH), (key >> 32) as u32, Relaxed);
        }
        if self.kind == Kind::WithDeadline {
            let deadline = 1e15 + (self.submitted + scatter(self.submitted) % 1_000_000) as f64;
            self.memory.write(ENVELOPE_DOUBLES * envelope as usize + ENVELOPE_DOUBLE_DEADLINE, deadline.to_bits());
        }
        self.submitted += 1;
        let released = self.schedule.admit(envelope);
        assert!(released.is_none());
    }

    /// Takes in, picks and settles a batch.
    fn turn(&mut self) {
        (0..BATCH).for_each(|_| self.submit());
        let mut leased = [0; BATCH];
        for place in &mut leased {
            let Some(Picked::Leased(envelope)) = self.schedule.pick(0.0) else { panic!("nothing can run") };
            *place = envelope;
        }
        for envelope in black_box(leased) {
            let generation = self.schedule.envelopes().generation(envelope);
            assert_eq!(self.schedule.settle(envelope, generation, OUTCOME_DELIVERED), Settlement::Ended);
            self.free.push(envelope);
        }
    }
}

fn schedule(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("schedule");
    group.throughput(Throughput::Elements(BATCH as u64));
    let kinds = [(Kind::Plain, "strict"), (Kind::Keyed, "strict, 10,000 keys"), (Kind::WithDeadline, "deadline")];
    for depth in DEPTHS {
        for (kind, name) in kinds {
            let mut desk = Desk::new(kind, depth);
            group.bench_function(BenchmarkId::new(name, depth), |bencher| bencher.iter(|| desk.turn()));
        }
        group.bench_function(BenchmarkId::new("std BinaryHeap by lane and sequence", depth), |bencher| {
            let (mut heap, mut sequence) = (BinaryHeap::new(), 0);
            let mut push = |heap: &mut BinaryHeap<_>| {
                heap.push((lane(sequence), Reverse(sequence), sequence as u32));
                sequence += 1;
            };
            (0..depth).for_each(|_| push(&mut heap));
            bencher.iter(|| {
                (0..BATCH).for_each(|_| push(&mut heap));
                (0..BATCH).filter(|_| black_box(heap.pop()).is_some()).count()
            });
        });
        group.bench_function(BenchmarkId::new("std VecDeque for each lane", depth), |bencher| {
            let (mut queues, mut sequence) = (vec![VecDeque::new(); LANES], 0);
            let mut push = |queues: &mut [VecDeque<u32>]| {
                queues[lane(sequence)].push_back(sequence as u32);
                sequence += 1;
            };
            (0..depth).for_each(|_| push(&mut queues));
            bencher.iter(|| {
                (0..BATCH).for_each(|_| push(&mut queues));
                for _ in 0..BATCH {
                    black_box(queues.iter_mut().rev().find_map(VecDeque::pop_front));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, schedule);
criterion_main!(benches);
