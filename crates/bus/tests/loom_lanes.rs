//! The lanes that several threads share under the model checker: the queue and the set of numbers by themselves, then whole
//! turns of a group's ports.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p tickbus-bus --test loom_lanes --release`
//!
//! The crate's own queues, locks and fences are loom's here. Envelopes and port pages are plain memory: what orders them is
//! under test, not they.

#![cfg(loom)]
#![allow(missing_docs, reason = "a test")]

#[path = "lanes/member.rs"]
mod member;

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use loom::thread;
use member::{Group, Member, options};
use tickbus_bus::lanes::id_queue::IdQueue;
use tickbus_bus::lanes::id_stack::IdStack;
use tickbus_bus::lanes::shared_group::SharedGroup;
use tickbus_bus::layout::{ENVELOPE_BYTES, OUTCOME_DELIVERED, PORT_WORD_RING, PORT_WORD_RUNNABLE_URGENT, PORT_WORDS};
use tickbus_bus::memory::{SharedMemory, Words};

fn check(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(preemptions);
    builder.max_branches = 20_000;
    builder.check(model);
}

fn popped(queue: &IdQueue, most: usize) -> Vec<u32> {
    let mut numbers = vec![0; most];
    let count = queue.pop(&mut numbers);
    numbers.truncate(count);
    numbers
}

#[test]
fn a_queue_hands_each_number_to_one_consumer_in_order() {
    check(2, || {
        let queue = Arc::new(IdQueue::new(4));
        let producer = |numbers: &'static [u32]| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || assert_eq!(queue.push(numbers), numbers.len()))
        };
        let producers = [producer(&[1, 2]), producer(&[3])];
        let consumer = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || popped(&queue, 2))
        };
        let mut seen = popped(&queue, 2);
        let other = consumer.join().unwrap();
        assert!(!(seen.contains(&2) && other.contains(&1) && seen.contains(&1)));
        let in_order = |numbers: &[u32]| numbers.iter().filter(|number| **number < 3).is_sorted();
        assert!(in_order(&seen) && in_order(&other));
        producers.into_iter().for_each(|producer| producer.join().unwrap());
        seen.extend(other);
        seen.extend(popped(&queue, 4));
        seen.sort_unstable();
        assert_eq!(seen, [1, 2, 3]);
    });
}

/// What a thread has pushed may be hidden behind what another is just about to store; what the two counts say is true then.
#[test]
fn who_has_popped_as_much_as_was_pushed_has_its_own_numbers() {
    check(3, || {
        let queue = Arc::new(IdQueue::new(4));
        let other = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || queue.push_all(&[9]))
        };
        queue.push_all(&[1]);
        let pushed = queue.pushed();
        let mut seen = Vec::new();
        while let Some(number) = queue.pop_one() {
            seen.push(number);
        }
        assert!(seen.contains(&1) || queue.popped() < pushed);
        other.join().unwrap();
        assert_eq!(queue.pushed(), 2);
    });
}

#[test]
fn a_full_queue_takes_a_number_once_another_has_gone() {
    check(3, || {
        let queue = Arc::new(IdQueue::new(1));
        assert_eq!(queue.push(&[1]), 1);
        let producer = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || queue.push_all(&[2]))
        };
        let first = loop {
            if let Some(number) = queue.pop_one() {
                break number;
            }
            thread::yield_now();
        };
        assert_eq!(first, 1);
        producer.join().unwrap();
        assert_eq!(queue.pop_one(), Some(2));
        assert!(queue.is_empty());
    });
}

#[test]
fn a_number_of_a_set_has_one_holder() {
    check(3, || {
        let stack = Arc::new(IdStack::new(3));
        let mut warm = [0; 3];
        assert_eq!(stack.take(&mut warm), 3);
        stack.give(&warm);
        // Takes, gives back in another order and takes again: what a count of changes is for.
        let other = {
            let stack = Arc::clone(&stack);
            thread::spawn(move || {
                let mut two = [0; 2];
                let taken = stack.take(&mut two);
                stack.give(&two[..taken / 2]);
                two[taken / 2..taken].to_vec()
            })
        };
        let mut two = [0; 2];
        let taken = stack.take(&mut two);
        let mut all: Vec<u32> = two[..taken].to_vec();
        all.extend(other.join().unwrap());
        let mut rest = [0; 3];
        let left = stack.take(&mut rest);
        all.extend(&rest[..left]);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);
    });
}

/// Memory of a small group and its ports, made once for all runs of a model.
#[derive(Clone, Copy)]
struct Memory {
    envelopes: SharedMemory,
    pages: [SharedMemory; 3],
}

impl Memory {
    fn new() -> Self {
        let page = || SharedMemory::leaked(4 * PORT_WORDS);
        Self { envelopes: SharedMemory::leaked(16 * ENVELOPE_BYTES), pages: [page(), page(), page()] }
    }

    /// An empty group with one urgent lane.
    fn group(&self) -> Arc<Group> {
        for memory in self.pages.iter().chain([&self.envelopes]) {
            (0..memory.len()).for_each(|word| memory.store(word, 0, Relaxed));
        }
        let mut options = options();
        options.lanes.truncate(1);
        options.urgent = 0;
        Arc::new(SharedGroup::new(options, self.envelopes, 0).unwrap())
    }

    fn join(&self, group: &Arc<Group>, slot: usize) -> Member {
        Member::join_with(group, slot, self.pages[slot])
    }
}

#[test]
fn nothing_stays_in_the_ingress_when_the_combiner_is_given_up() {
    let memory = Memory::new();
    check(2, move || {
        let group = memory.group();
        let [mut one, mut other, mut last] = [0, 1, 2].map(|slot| memory.join(&group, slot));
        assert!(one.publish(0, 5, 1));
        assert!(other.publish(0, 6, 2));
        let submitting = thread::spawn(move || {
            one.turn(0);
            one
        });
        other.turn(0);
        let one = submitting.join().unwrap();
        // This turn takes nothing in: it only says what the schedule knows.
        last.turn(0);
        assert_eq!(last.word(PORT_WORD_RUNNABLE_URGENT), 2);
        drop((one, other));
    });
}

/// One thread brings a message, another one is about to sleep: it finds the message, or is rung.
fn sleep_races_with_a_message(key: u64) {
    let memory = Memory::new();
    check(2, move || {
        let group = memory.group();
        let [mut publisher, mut sleeper] = [0, 1].map(|slot| memory.join(&group, slot));
        assert!(publisher.publish(0, key, 1));
        let publishing = thread::spawn(move || {
            publisher.turn(0);
            let ring = publisher.word(PORT_WORD_RING);
            (publisher, ring)
        });
        let leased = sleeper.sleep(1);
        let (publisher, ring) = publishing.join().unwrap();
        assert!(leased == [1] || ring == 2, "asleep, and nobody rings");
        assert!(ring == 0 || ring == 2);
        drop((publisher, sleeper));
    });
}

#[test]
fn a_sleeper_finds_a_message_without_a_key_or_is_rung() {
    sleep_races_with_a_message(0);
}

#[test]
fn a_sleeper_finds_a_message_with_a_key_or_is_rung() {
    sleep_races_with_a_message(5);
}

#[test]
fn a_settled_key_is_picked_up_or_somebody_is_rung_for_it() {
    let memory = Memory::new();
    check(2, move || {
        let group = memory.group();
        let [mut one, mut other] = [0, 1].map(|slot| memory.join(&group, slot));
        assert!(one.publish(0, 5, 1));
        assert!(one.publish(0, 5, 2));
        assert_eq!(one.lease(2), [1]);
        let settling = thread::spawn(move || {
            one.settle_all(OUTCOME_DELIVERED);
            one.turn(0);
            let ring = one.word(PORT_WORD_RING);
            (one, ring)
        });
        let leased = other.sleep(1);
        let (one, ring) = settling.join().unwrap();
        assert!(leased == [2] || ring == 2, "the key is free, and nobody works on it");
        drop((one, other));
    });
}

#[test]
fn two_never_work_on_one_key() {
    let memory = Memory::new();
    check(2, move || {
        let group = memory.group();
        let [mut publisher, mut one, mut other] = [0, 1, 2].map(|slot| memory.join(&group, slot));
        assert!(publisher.publish(0, 5, 1));
        assert!(publisher.publish(0, 5, 2));
        publisher.turn(0);
        let leasing = thread::spawn(move || {
            let leased = one.sleep(2);
            (one, leased)
        });
        let mut leased = other.sleep(2);
        let (one, theirs) = leasing.join().unwrap();
        leased.extend(theirs);
        assert_eq!(leased, [1]);
        drop((publisher, one, other));
    });
}

#[test]
fn of_several_sleepers_one_is_rung_for_a_message() {
    let memory = Memory::new();
    check(2, move || {
        let group = memory.group();
        let [mut one, mut other, mut sleeper] = [0, 1, 2].map(|slot| memory.join(&group, slot));
        assert!(sleeper.sleep(1).is_empty());
        assert!(one.publish(0, 0, 1));
        assert!(other.publish(0, 0, 2));
        let publishing = thread::spawn(move || {
            one.turn(0);
            let ring = one.word(PORT_WORD_RING);
            (one, ring)
        });
        other.turn(0);
        let (one, ring) = publishing.join().unwrap();
        assert_eq!(ring + other.word(PORT_WORD_RING), 3, "once, and by one of them");
        drop((one, other, sleeper));
    });
}
