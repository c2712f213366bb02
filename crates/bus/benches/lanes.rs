//! What does a message through the lanes of several threads cost, beside other queues of this kind?
//!
//! Two producers and two consumers, batches of 16, the same 64-byte record beside each number. All contenders take turns in one
//! run, round by round, so that a disturbance of the machine hits all of them; medians are printed. `cargo bench --bench
//! lanes`.

#![allow(missing_docs, reason = "a bench")]
#![allow(clippy::print_stdout, reason = "it prints its result")]

#[path = "../tests/lanes/member.rs"]
mod member;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Instant;

use crossbeam_queue::{ArrayQueue, SegQueue};
use member::{Member, group, options};
use tickbus_bus::lanes::id_queue::IdQueue;
use tickbus_bus::layout::OUTCOME_DELIVERED;

const ROUNDS: usize = 9;
const EACH: u32 = 200_000;
const BATCH: usize = 16;
const CAPACITY: usize = 4_096;
/// Longs of a record.
const RECORD: usize = 8;

/// Pushes as many of the numbers as fit; pops as many as there are room for.
trait Queue: Sync {
    fn push(&self, numbers: &[u32]) -> usize;
    fn pop(&self, out: &mut [u32]) -> usize;
}

impl Queue for IdQueue {
    fn push(&self, numbers: &[u32]) -> usize {
        Self::push(self, numbers)
    }

    fn pop(&self, out: &mut [u32]) -> usize {
        Self::pop(self, out)
    }
}

impl Queue for ArrayQueue<u32> {
    fn push(&self, numbers: &[u32]) -> usize {
        numbers.iter().take_while(|number| Self::push(self, **number).is_ok()).count()
    }

    fn pop(&self, out: &mut [u32]) -> usize {
        fill(out, || Self::pop(self))
    }
}

impl Queue for SegQueue<u32> {
    fn push(&self, numbers: &[u32]) -> usize {
        if self.len() > CAPACITY {
            return 0;
        }
        for &number in numbers {
            Self::push(self, number);
        }
        numbers.len()
    }

    fn pop(&self, out: &mut [u32]) -> usize {
        fill(out, || Self::pop(self))
    }
}

impl Queue for (crossbeam_channel::Sender<u32>, crossbeam_channel::Receiver<u32>) {
    fn push(&self, numbers: &[u32]) -> usize {
        numbers.iter().take_while(|number| self.0.try_send(**number).is_ok()).count()
    }

    fn pop(&self, out: &mut [u32]) -> usize {
        fill(out, || self.1.try_recv().ok())
    }
}

/// Ordered by lane, then as they came.
type Heap = Mutex<(u64, BinaryHeap<Reverse<(u64, u32)>>)>;

impl Queue for Heap {
    fn push(&self, numbers: &[u32]) -> usize {
        let (sequence, heap) = &mut *self.lock().unwrap();
        if heap.len() > CAPACITY {
            return 0;
        }
        for &number in numbers {
            *sequence += 1;
            heap.push(Reverse((u64::from(number % 4) << 60 | *sequence, number)));
        }
        numbers.len()
    }

    fn pop(&self, out: &mut [u32]) -> usize {
        let (_, heap) = &mut *self.lock().unwrap();
        fill(out, || heap.pop().map(|Reverse((_, number))| number))
    }
}

fn fill(out: &mut [u32], mut pop: impl FnMut() -> Option<u32>) -> usize {
    let mut count = 0;
    while count < out.len() {
        let Some(number) = pop() else { break };
        out[count] = number;
        count += 1;
    }
    count
}

/// Nanoseconds a message, two producers to two consumers: the record is written before and read after.
fn through(queue: &dyn Queue) -> f64 {
    let records: Vec<[AtomicU64; RECORD]> =
        (0..2 * CAPACITY).map(|_| std::array::from_fn(|_| AtomicU64::new(0))).collect();
    let taken = AtomicU64::new(0);
    let sum = AtomicU64::new(0);
    let begin = Instant::now();
    thread::scope(|scope| {
        for producer in 0..2 {
            let records = &records;
            scope.spawn(move || {
                for first in (0..EACH).step_by(BATCH) {
                    let numbers: [u32; BATCH] =
                        std::array::from_fn(|n| (2 * (first + n as u32) + producer) % records.len() as u32);
                    for &number in &numbers {
                        records[number as usize].iter().for_each(|long| long.store(1, Relaxed));
                    }
                    let mut pushed = 0;
                    while pushed < BATCH {
                        let more = queue.push(&numbers[pushed..]);
                        pushed += more;
                        if more == 0 {
                            thread::yield_now();
                        }
                    }
                }
            });
        }
        for _ in 0..2 {
            let (records, taken, sum) = (&records, &taken, &sum);
            scope.spawn(move || {
                let mut numbers = [0; BATCH];
                let mut mine = 0;
                while taken.load(Relaxed) < u64::from(2 * EACH) {
                    let popped = queue.pop(&mut numbers);
                    for &number in &numbers[..popped] {
                        mine += records[number as usize].iter().map(|long| long.load(Relaxed)).sum::<u64>();
                    }
                    taken.fetch_add(popped as u64, Relaxed);
                    if popped == 0 {
                        thread::yield_now();
                    }
                }
                sum.fetch_add(mine, Relaxed);
            });
        }
    });
    let elapsed = begin.elapsed().as_nanos() as f64;
    assert_eq!(sum.into_inner(), u64::from(2 * EACH) * RECORD as u64);
    elapsed / f64::from(2 * EACH)
}

/// The same through whole turns of a group: envelopes, lists, room, leases, settlements. `key` chooses a message's key.
fn through_group(key: fn(u64) -> u64) -> f64 {
    let mut options = options();
    options.lanes.iter_mut().for_each(|lane| lane.capacity = CAPACITY as u32);
    let group = group(&options, 4 * CAPACITY);
    let taken = AtomicU64::new(0);
    let begin = Instant::now();
    thread::scope(|scope| {
        for slot in 0..2 {
            let group = &group;
            scope.spawn(move || {
                let mut member = Member::join(group, slot);
                for value in 0..u64::from(EACH) {
                    while !member.publish((value % 4) as usize, key(value), value) {
                        thread::yield_now();
                    }
                    if value % BATCH as u64 == BATCH as u64 - 1 {
                        member.turn(0);
                    }
                }
                member.turn(0);
            });
        }
        for slot in 2..4 {
            let (group, taken) = (&group, &taken);
            scope.spawn(move || {
                let mut member = Member::join(group, slot);
                while taken.load(Relaxed) < u64::from(2 * EACH) {
                    let leased = member.lease_count(BATCH as u32);
                    taken.fetch_add(u64::from(leased), Relaxed);
                    member.settle_all(OUTCOME_DELIVERED);
                    if leased == 0 {
                        thread::yield_now();
                    }
                }
                member.turn(0);
            });
        }
    });
    let elapsed = begin.elapsed().as_nanos() as f64;
    assert_eq!(group.settled(OUTCOME_DELIVERED), u64::from(2 * EACH));
    elapsed / f64::from(2 * EACH)
}

fn main() {
    type Contender = (&'static str, fn() -> f64);
    let contenders: [Contender; 8] = [
        ("IdQueue", || through(&IdQueue::new(CAPACITY))),
        ("crossbeam ArrayQueue", || through(&ArrayQueue::new(CAPACITY))),
        ("crossbeam SegQueue", || through(&SegQueue::new())),
        ("crossbeam-channel bounded", || through(&crossbeam_channel::bounded(CAPACITY))),
        ("Mutex<BinaryHeap>, a lock for each batch", || through(&Heap::default())),
        ("group, whole turns, no keys", || through_group(|_| 0)),
        ("group, whole turns, half with 1,000 keys", || through_group(|value| value % 2 * (1 + value % 1_000))),
        ("group, whole turns, all with 1,000 keys", || through_group(|value| 1 + value % 1_000)),
    ];
    let mut results = vec![Vec::new(); contenders.len()];
    for _ in 0..ROUNDS {
        for ((_, run), results) in contenders.iter().zip(&mut results) {
            results.push(run());
        }
    }
    println!("2 x 2 threads, batches of {BATCH}, ns a message: median of {ROUNDS} rounds (fastest - slowest)");
    for ((name, _), mut results) in contenders.iter().zip(results) {
        results.sort_by(f64::total_cmp);
        println!("{:8.1} ({:.1} - {:.1})  {name}", results[ROUNDS / 2], results[0], results[ROUNDS - 1]);
    }
}
