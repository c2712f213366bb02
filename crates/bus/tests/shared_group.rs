//! Groups of several threads: what a turn does, that room is exact, that nothing is lost, and what is left after a death.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

#[path = "lanes/member.rs"]
mod member;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::thread;

use member::{Member, Sent, group, lane, options};
use proptest::prelude::*;
use tickbus_bus::lanes::id_queue::IdQueue;
use tickbus_bus::lanes::id_stack::IdStack;
use tickbus_bus::lanes::options::{Overflow, Policy, ScheduleOptions};
use tickbus_bus::lanes::shared_group::SharedGroup;
use tickbus_bus::lanes::shared_port::SharedPort;
use tickbus_bus::lanes::slab::{SLAB_BLOCK_MOST, SLAB_PAGE_BYTES, Slab};
use tickbus_bus::layout::{
    ENVELOPE_BYTES, OUTCOME_CLOSED, OUTCOME_CONFLATED, OUTCOME_DELIVERED, OUTCOME_EXPIRED, OUTCOME_OVERFLOW,
    OUTCOME_RETRIED, OUTCOME_RETURNED, OUTCOME_WORKER_LOST, PORT_DOUBLE_OLDEST, PORT_DOUBLE_SETTLED, PORT_WORD_MORE,
    PORT_WORD_RING, PORT_WORD_RUNNABLE, PORT_WORD_SUBMIT_LIST, PORT_WORD_SUBMITTED, PORT_WORD_WAITING, PORT_WORDS,
};
use tickbus_bus::memory::{SharedMemory, Words};

const HIGH: usize = 2;
const URGENT: usize = 3;

#[test]
fn one_thread_gets_what_another_has_published() {
    let group = group(&options(), 1_024);
    let (mut publisher, mut consumer) = (Member::join(&group, 0), Member::join(&group, 1));
    for value in 0..20 {
        assert!(publisher.publish(1, 0, value));
    }
    publisher.turn(0);
    assert_eq!(publisher.word(PORT_WORD_WAITING + 1), 20);
    assert_eq!(consumer.lease(16), (0..16).collect::<Vec<_>>());
    assert_eq!(consumer.word(PORT_WORD_RUNNABLE), 4);
    consumer.settle_all(OUTCOME_DELIVERED);
    assert_eq!(consumer.lease(16), (16..20).collect::<Vec<_>>());
    assert_eq!(group.settled(OUTCOME_DELIVERED), 16);
}

#[test]
fn higher_lanes_run_first_whether_their_messages_have_keys_or_not() {
    let group = group(&options(), 1_024);
    let (mut publisher, mut consumer) = (Member::join(&group, 0), Member::join(&group, 1));
    for (lane, key, value) in [(0, 0, 0), (HIGH, 7, 1), (1, 8, 2), (URGENT, 0, 3), (HIGH, 0, 4), (URGENT, 9, 5)] {
        assert!(publisher.publish(lane, key, value));
    }
    publisher.turn(0);
    assert_eq!(consumer.lease(16), [3, 5, 1, 4, 2, 0]);
}

#[test]
fn messages_of_one_key_wait_for_the_one_that_runs_whoever_runs_it() {
    let group = group(&options(), 1_024);
    let [mut publisher, mut one, mut other] = [0, 1, 2].map(|slot| Member::join(&group, slot));
    for value in 0..3 {
        assert!(publisher.publish(1, 42, value));
    }
    publisher.turn(0);
    assert_eq!(one.lease(16), [0]);
    assert!(other.lease(16).is_empty());
    one.settle_all(OUTCOME_DELIVERED);
    one.turn(0);
    assert_eq!(other.lease(16), [1]);
    other.settle_all(OUTCOME_RETURNED);
    other.turn(0);
    assert_eq!(one.lease(16), [1], "it is back in its place");
}

#[test]
fn a_message_in_a_higher_lane_may_run_eight_times_as_often_as_one_that_has_waited_too_long() {
    let mut options = options();
    options.age_ns = 10.0;
    let group = group(&options, 1_024);
    let mut member = Member::join(&group, 0);
    for value in 0..3 {
        assert!(member.publish(0, 0, value));
    }
    for value in 100..120 {
        assert!(member.publish(HIGH, 0, value));
    }
    member.now += 1_000.0;
    let order = member.lease(20);
    assert_eq!(order.iter().position(|value| *value == 0), Some(7));
    assert_eq!(order.iter().position(|value| *value == 1), Some(15));
}

#[test]
fn weights_share_out_the_picks() {
    let mut options = options();
    options.policy = Policy::Weighted;
    for (lane, weight) in options.lanes.iter_mut().zip([1, 2, 4, 1]) {
        lane.weight = weight;
    }
    let group = group(&options, 1_024);
    let mut member = Member::join(&group, 0);
    for value in 0..30 {
        assert!((0..3).all(|lane| member.publish(lane, 0, 100 * lane as u64 + value)));
    }
    let lanes: Vec<u64> = member.lease(14).into_iter().map(|value| value / 100).collect();
    assert_eq!(lanes, [2, 2, 2, 2, 1, 1, 0, 2, 2, 2, 2, 1, 1, 0]);
}

#[test]
fn with_fifo_lanes_make_no_difference() {
    let mut options = options();
    options.policy = Policy::Fifo;
    let group = group(&options, 1_024);
    let mut member = Member::join(&group, 0);
    for (value, lane) in [0, URGENT, 1, 0, HIGH].into_iter().enumerate() {
        assert!(member.publish(lane, 0, value as u64));
    }
    assert_eq!(member.lease(16), [0, 1, 2, 3, 4]);
}

#[test]
fn urgent_picks_come_on_top_and_take_nothing_else() {
    let group = group(&options(), 1_024);
    let mut member = Member::join(&group, 0);
    for (lane, value) in [(1, 0), (1, 1), (URGENT, 2), (URGENT, 3)] {
        assert!(member.publish(lane, 0, value));
    }
    assert_eq!(member.lease_urgent(1, 8), [2, 3]);
    assert_eq!(member.lease_urgent(0, 8), Vec::<u64>::new());
}

#[test]
fn one_port_can_use_all_the_room_there_is_and_no_more() {
    let mut options = options();
    options.lanes[1].capacity = 10;
    let group = group(&options, 1_024);
    let mut member = Member::join(&group, 0);
    let accepted = (0..50).filter(|&value| member.publish(1, 0, value)).count();
    assert_eq!(accepted, 10);
    member.turn(0);
    assert!(!member.publish(1, 0, 99));
    assert_eq!(member.lease(1), [0]);
    assert!(member.publish(1, 0, 10));
    assert!(!member.publish(1, 0, 99));
}

#[test]
fn room_that_a_port_does_not_use_goes_to_another() {
    let mut options = options();
    options.lanes[1].capacity = 8;
    let group = group(&options, 1_024);
    let (mut one, mut other) = (Member::join(&group, 0), Member::join(&group, 1));
    assert!(one.publish(1, 0, 0), "it was promised room for 2");
    assert_eq!((1..20).filter(|&value| other.publish(1, 0, value)).count(), 6);
    one.turn(0);
    one.turn(0);
    assert_eq!((1..20).filter(|&value| other.publish(1, 0, value)).count(), 1);
    other.turn(0);
    assert_eq!(group.waiting(1), 8);
}

#[test]
fn the_oldest_makes_room_where_the_lane_says_so() {
    let mut options = options();
    options.lanes[1].capacity = 3;
    options.lanes[1].overflow = Overflow::DropOldest;
    for key in [0, 5] {
        let group = group(&options, 1_024);
        let mut member = Member::join(&group, 0);
        for value in 0..8 {
            assert!(member.publish(1, key, value));
            if value == 2 || value == 6 {
                member.turn(0);
            }
        }
        member.turn(0);
        assert_eq!(group.waiting(1), 3);
        assert_eq!(member.released(), [(4, OUTCOME_OVERFLOW)]);
        assert_eq!(group.settled(OUTCOME_OVERFLOW), 5);
        let mut left = Vec::new();
        while group.waiting(1) > 0 {
            left.extend(member.lease(1));
            member.settle_all(OUTCOME_DELIVERED);
        }
        assert_eq!(left, [5, 6, 7]);
    }
}

#[test]
fn a_conflating_lane_says_at_once_what_was_replaced() {
    let mut options = options();
    options.lanes[1].overflow = Overflow::Conflate;
    let group = group(&options, 1_024);
    let mut member = Member::join(&group, 0);
    for (key, value) in [(5, 0), (6, 1), (5, 2)] {
        assert!(member.publish(1, key, value));
    }
    member.turn(0);
    assert_eq!(member.conflated(), 1);
    assert_eq!(member.released(), [(0, OUTCOME_CONFLATED)]);
    assert_eq!(group.waiting(1), 2);
}

#[test]
fn what_has_expired_is_released_and_not_leased() {
    let group = group(&options(), 1_024);
    let mut member = Member::join(&group, 0);
    for (key, value) in [(0, 0), (3, 1), (0, 2)] {
        assert!(member.send(Sent { lane: 1, key, value, deadline: if value == 2 { 0.0 } else { 50.0 } }));
    }
    member.now = 50.0;
    assert_eq!(member.lease(16), [2]);
    let mut released = member.released();
    released.sort_unstable();
    assert_eq!(released, [(0, OUTCOME_EXPIRED), (1, OUTCOME_EXPIRED)]);
    assert_eq!(group.waiting(1), 0);
}

#[test]
fn an_answer_counts_once_from_the_one_who_has_the_lease() {
    let group = group(&options(), 1_024);
    let [mut publisher, mut one, mut other] = [0, 1, 2].map(|slot| Member::join(&group, slot));
    for (key, value) in [(0, 0), (9, 1)] {
        assert!(publisher.publish(1, key, value));
    }
    publisher.turn(0);
    assert_eq!(one.lease(16).len(), 2);
    let leased = one.take_leased();
    for &(number, generation) in &leased {
        other.settle(number, generation, OUTCOME_DELIVERED);
        one.settle(number, generation.wrapping_sub(1), OUTCOME_DELIVERED);
        one.settle(number, generation, 77);
        one.settle(u32::MAX >> 8, generation, OUTCOME_DELIVERED);
    }
    other.turn(0);
    one.turn(0);
    assert_eq!(group.settled(OUTCOME_DELIVERED), 0);
    for &(number, generation) in leased.iter().chain(&leased) {
        one.settle(number, generation, OUTCOME_DELIVERED);
    }
    one.turn(0);
    assert_eq!(group.settled(OUTCOME_DELIVERED), 2);
}

#[test]
fn a_returned_message_runs_before_those_that_came_after_it() {
    for key in [0, 4] {
        let group = group(&options(), 1_024);
        let mut member = Member::join(&group, 0);
        assert!((0..3).all(|value| member.publish(1, key, value)));
        assert_eq!(member.lease(1), [0]);
        member.settle_all(OUTCOME_RETURNED);
        assert_eq!(member.lease(1), [0]);
    }
}

#[test]
fn who_takes_a_turn_is_awake_and_not_rung() {
    let group = group(&options(), 1_024);
    let [mut publisher, mut one] = [0, 1].map(|slot| Member::join(&group, slot));
    assert!(one.sleep(16).is_empty());
    assert!(one.lease(16).is_empty());
    assert!(publisher.publish(1, 0, 0));
    publisher.turn(0);
    assert_eq!(publisher.word(PORT_WORD_RING), 0);
}

#[test]
fn a_retried_message_waits_again_with_one_attempt_more() {
    for key in [0, 4] {
        let group = group(&options(), 1_024);
        let mut member = Member::join(&group, 0);
        assert!(member.publish(1, key, 7));
        assert_eq!(member.lease(16), [7]);
        member.settle_all(OUTCOME_RETRIED);
        assert_eq!(member.lease(16), [7]);
        assert_eq!(member.attempts(), [1]);
        assert_eq!(group.settled(OUTCOME_RETRIED), 1);
    }
}

#[test]
fn nonsense_in_a_port_page_is_ignored() {
    let group = group(&options(), 64);
    let mut member = Member::join(&group, 0);
    assert!(member.publish(1, 0, 7));
    for word in 0..PORT_WORDS {
        if word != PORT_WORD_SUBMITTED && word != PORT_WORD_SUBMIT_LIST {
            member.page.store(word, u32::MAX, Relaxed);
        }
    }
    member.port_turn();
    for word in 0..PORT_WORDS {
        member.page.store(word, 0x5555_5555, Relaxed);
    }
    member.port_turn();
    assert!(group.waiting(1) <= 1);
    let memory = *group.envelope_memory();
    for word in 0..memory.len() {
        memory.store(word, u32::MAX, Relaxed);
    }
    member.port_turn();
    member.clear();
}

#[test]
fn closing_lets_all_go_from_the_highest_lane_down() {
    let group = group(&options(), 1_024);
    let mut member = Member::join(&group, 0);
    for value in 0..200 {
        assert!(member.publish([0, HIGH][value as usize % 2], value % 3, value));
    }
    let mut closed = BTreeSet::new();
    loop {
        member.clear();
        closed.extend(member.released().into_iter().map(|(value, reason)| (value, reason == OUTCOME_CLOSED)));
        if member.word(PORT_WORD_MORE) == 0 {
            break;
        }
    }
    assert_eq!(closed, (0..200).map(|value| (value, true)).collect());
    assert_eq!(group.settled(OUTCOME_CLOSED), 200);
    assert!((0..4).all(|lane| group.waiting(lane) == 0));
}

#[test]
fn an_inspection_says_how_old_the_oldest_is_and_what_became_of_all() {
    let group = group(&options(), 1_024);
    let mut member = Member::join(&group, 0);
    for (now, key) in [(10.0, 0), (20.0, 0), (5.0, 3)] {
        member.now = now;
        assert!(member.publish(1, key, 0));
    }
    member.turn(0);
    member.inspect();
    assert_eq!(member.double(PORT_DOUBLE_OLDEST + 1).to_bits(), 5_f64.to_bits());
    assert_eq!(member.lease(16).len(), 3);
    member.settle_all(OUTCOME_DELIVERED);
    member.turn(0);
    member.inspect();
    assert_eq!(member.double(PORT_DOUBLE_OLDEST + 1).to_bits(), 0);
    assert_eq!(member.double(PORT_DOUBLE_SETTLED + OUTCOME_DELIVERED as usize).to_bits(), 3_f64.to_bits());
}

#[test]
fn who_brings_work_or_leaves_some_rings_one_sleeper() {
    let group = group(&options(), 1_024);
    let [mut publisher, mut one, mut other] = [0, 1, 2].map(|slot| Member::join(&group, slot));
    assert!(one.sleep(16).is_empty());
    assert!(other.sleep(16).is_empty());
    assert!((0..20).all(|value| publisher.publish(1, 0, value)));
    publisher.turn(0);
    assert_eq!(publisher.word(PORT_WORD_RING), 2);
    assert_eq!(one.lease(16).len(), 16);
    assert_eq!(one.word(PORT_WORD_RING), 3, "it leaves 4 behind");
    assert_eq!(other.lease(16).len(), 4);
    assert_eq!(other.word(PORT_WORD_RING), 0);
}

#[test]
fn who_sleeps_for_urgent_work_only_is_not_rung_for_other() {
    let group = group(&options(), 1_024);
    let [mut publisher, mut busy] = [0, 1].map(|slot| Member::join(&group, slot));
    busy.sleep_for_urgent(4);
    assert!(publisher.publish(1, 0, 0));
    publisher.turn(0);
    assert_eq!(publisher.word(PORT_WORD_RING), 0);
    assert!(publisher.publish(URGENT, 0, 1));
    publisher.turn(0);
    assert_eq!(publisher.word(PORT_WORD_RING), 2);
    assert_eq!(busy.lease_urgent(0, 4), [1]);
}

#[test]
fn a_settled_key_rings_for_what_has_waited_for_it() {
    let group = group(&options(), 1_024);
    let [mut publisher, mut one, mut other] = [0, 1, 2].map(|slot| Member::join(&group, slot));
    assert!((0..2).all(|value| publisher.publish(1, 5, value)));
    publisher.turn(0);
    assert_eq!(one.lease(1), [0]);
    assert!(other.sleep(16).is_empty(), "the key is busy");
    one.settle_all(OUTCOME_DELIVERED);
    one.turn(0);
    assert_eq!(one.word(PORT_WORD_RING), 3);
    assert_eq!(other.lease(16), [1]);
}

#[test]
fn what_a_dead_thread_held_is_found() {
    let group = group(&options(), 256);
    let [mut dead, mut other] = [0, 1].map(|slot| Member::join(&group, slot));
    for value in 0..6 {
        assert!(dead.publish(1, value % 2 * 7, value));
    }
    assert_eq!(dead.lease(4), [0, 1, 2, 4], "2 of key 7 and the unkeyed ones");
    assert!(dead.publish(1, 0, 10), "submitted, and not taken in yet");
    let (number, generation) = dead.take_leased()[0];
    dead.settle(number, generation, OUTCOME_DELIVERED);
    let page = dead.page;
    assert!(group.adopt(0, page).is_err(), "it is still there");
    drop(dead);
    assert!(SharedPort::join(&group, 0, page).is_err(), "nobody has adopted it yet");
    assert!(other.sleep(1).len() <= 1);
    other.settle_all(OUTCOME_RETURNED);
    assert!(other.sleep(0).is_empty());
    group.adopt(0, page).unwrap();
    assert!(group.adopt(0, page).is_err());
    assert_eq!(group.settled(OUTCOME_DELIVERED), 1, "settled, and not taken in yet");
    assert_eq!(group.settled(OUTCOME_WORKER_LOST), 3);
    let mut left = Vec::new();
    while group.waiting(1) > 0 {
        left.extend(other.lease(8));
        other.settle_all(OUTCOME_DELIVERED);
    }
    left.sort_unstable();
    assert_eq!(left, [3, 5, 10]);
    other.turn(0);
    assert_eq!(other.leave(), 0);
    assert_eq!(Member::free_envelopes(&group), 256);
}

#[test]
fn who_leaves_gives_all_back() {
    let group = group(&options(), 256);
    let [mut one, mut other] = [0, 1].map(|slot| Member::join(&group, slot));
    for value in 0..4 {
        assert!(one.publish(1, value % 2 * 7, value));
    }
    assert_eq!(one.lease(2), [0, 1]);
    assert!(other.sleep(0).is_empty());
    assert!(one.publish(1, 0, 4));
    let ring = one.leave();
    assert_eq!(ring, 0);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.extend(other.lease(8));
        other.settle_all(OUTCOME_DELIVERED);
    }
    let keyed: Vec<u64> = seen.iter().copied().filter(|value| value % 2 == 1).collect();
    assert_eq!(keyed, [1, 3]);
    assert_eq!(seen.iter().copied().collect::<BTreeSet<_>>(), (0..5).collect());
    drop(Member::join(&group, 0));
}

#[test]
fn bytes_in_the_slab_are_freed_with_their_envelope() {
    let options = options();
    let memory = SharedMemory::leaked(256 * ENVELOPE_BYTES);
    let group = Arc::new(SharedGroup::new(options, memory, 4 * SLAB_PAGE_BYTES).unwrap());
    let mut member = Member::join(&group, 0);
    for round in 0..50 {
        let number = member.take_free().unwrap();
        assert_ne!(member.allocate(number, 60_000), 0, "round {round}");
        assert_ne!(member.allocate(number, 100_000), 0, "the first one is freed");
        member.submit(number, Sent { lane: 1, key: 0, value: round, deadline: 0.0 });
        assert_eq!(member.lease(1), [round]);
        assert_eq!(member.allocate(number, 8), 0, "it is not in the port's free list any more");
        member.settle_all(OUTCOME_DELIVERED);
        member.turn(0);
    }
    assert_eq!(group.used().1, 0);
    assert_eq!(member.allocate(250, 8), 0, "not in its free list");
}

#[test]
fn groups_and_seats_that_cannot_be_are_refused() {
    let memory = SharedMemory::leaked(4 * ENVELOPE_BYTES);
    let refuse = |options: ScheduleOptions, memory, slab| {
        SharedGroup::new(options, memory, slab).err().map(|error| error.code())
    };
    let refused = Some("TICKBUS_SHARED_GROUP");
    assert_eq!(refuse(ScheduleOptions { lanes: vec![], ..options() }, memory, 0), refused);
    assert_eq!(refuse(ScheduleOptions { lanes: vec![lane(); 17], ..options() }, memory, 0), refused);
    assert_eq!(refuse(ScheduleOptions { urgent: 5, ..options() }, memory, 0), refused);
    assert_eq!(refuse(options(), SharedMemory::leaked(ENVELOPE_BYTES + 8), 0), refused);
    assert_eq!(refuse(options(), memory, 100), refused);
    let group = Arc::new(SharedGroup::new(options(), memory, 0).unwrap());
    assert!(SharedPort::join(&group, 64, SharedMemory::leaked(4 * PORT_WORDS)).is_err());
    assert!(SharedPort::join(&group, 0, SharedMemory::leaked(8)).is_err());
    let _first = Member::join(&group, 0);
    assert!(SharedPort::join(&group, 0, SharedMemory::leaked(4 * PORT_WORDS)).is_err());
}

/// Two publishers, three consumers, half of the messages keyed: each message is delivered once, those of a key one after
/// the other in the order of its publisher, and at rest all is accounted for. Sleepers sleep, so that a wake-up that is lost
/// stops the test.
#[test]
fn under_load_nothing_is_lost_doubled_or_reordered() {
    for policy in [Policy::Strict, Policy::Weighted, Policy::Fifo, Policy::Deadline] {
        stress(policy, 40_000);
    }
}

fn stress(policy: Policy, each: u64) {
    let mut options = options();
    options.policy = policy;
    options.lanes[0].capacity = 300;
    options.lanes[1].capacity = 50;
    let group = group(&options, 4_096);
    let bells = member::Bells::new();
    let sum = AtomicU64::new(0);
    let delivered = AtomicU64::new(0);
    // The last value of each key that has begun, and whether one is running.
    let keys: Vec<AtomicU64> = (0..64).map(|_| AtomicU64::new(0)).collect();
    let running: Vec<AtomicU64> = (0..64).map(|_| AtomicU64::new(0)).collect();
    // Counted, not asserted where they are seen: a consumer that panics would leave the producers waiting for room.
    let (together, overtaken) = (AtomicU64::new(0), AtomicU64::new(0));
    let total = 2 * each;
    thread::scope(|scope| {
        for slot in 0..2 {
            let (group, bells) = (&group, &bells);
            scope.spawn(move || {
                let mut member = Member::join(group, slot);
                for value in 1..=each {
                    let key = if value % 2 == 0 { 1 + (value / 2 % 30) * 2 + slot as u64 } else { 0 };
                    let lane = (value % 7 % 4) as usize;
                    let lane = if key == 0 { lane } else { key as usize % 4 };
                    while !member.publish(lane, key, value << 8 | slot as u64) {
                        bells.ring(member.word(PORT_WORD_RING));
                        thread::yield_now();
                    }
                    bells.ring(member.ringing());
                }
                member.turn(0);
                bells.ring(member.word(PORT_WORD_RING));
                bells.ring(member.leave());
            });
        }
        for slot in 2..5 {
            let (group, bells, sum, delivered) = (&group, &bells, &sum, &delivered);
            let (keys, running, together, overtaken) = (&keys, &running, &together, &overtaken);
            scope.spawn(move || {
                let mut member = Member::join(group, slot);
                bells.sit(slot);
                while delivered.load(SeqCst) < total {
                    let mut leased = member.lease_keyed(16);
                    bells.ring(member.word(PORT_WORD_RING));
                    if leased.is_empty() {
                        leased = member.sleep_keyed(16);
                        bells.ring(member.word(PORT_WORD_RING));
                        if leased.is_empty() {
                            bells.sleep(slot);
                            continue;
                        }
                    }
                    for &(key, value) in &leased {
                        if key != 0 {
                            together.fetch_add(running[key as usize].swap(1, SeqCst), Relaxed);
                            let before = keys[key as usize].swap(value >> 8, SeqCst);
                            overtaken.fetch_add(u64::from(before >= value >> 8), Relaxed);
                            running[key as usize].store(0, SeqCst);
                        }
                        sum.fetch_add(value >> 8, Relaxed);
                    }
                    let count = leased.len() as u64;
                    let before = delivered.fetch_add(count, SeqCst);
                    member.settle_all(OUTCOME_DELIVERED);
                    if before + count == total {
                        bells.wake_all();
                    }
                }
                member.turn(0);
                bells.ring(member.leave());
            });
        }
    });
    assert_eq!(together.load(SeqCst), 0, "messages of one key handled side by side");
    assert_eq!(overtaken.load(SeqCst), 0, "messages that were overtaken by later ones of their key and thread");
    assert_eq!(delivered.load(SeqCst), total);
    assert_eq!(sum.load(SeqCst), each * (each + 1));
    assert_eq!(group.settled(OUTCOME_DELIVERED), total);
    assert!((0..4).all(|lane| group.waiting(lane) == 0));
}

/// Threads that end at any turn, and one that adopts them and lets others take their seats.
#[test]
fn deaths_under_load_leave_nothing_behind() {
    let group = group(&options(), 2_048);
    let published = AtomicU64::new(0);
    for _ in 0..40 {
        let pages: Vec<SharedMemory> = thread::scope(|scope| {
            let workers: Vec<_> = (0..3)
                .map(|slot| {
                    let (group, published) = (&group, &published);
                    scope.spawn(move || {
                        let mut member = Member::join(group, slot);
                        for value in 0..97 + 31 * slot as u64 {
                            if member.publish((value % 4) as usize, value % 5, value) {
                                published.fetch_add(1, Relaxed);
                            }
                            if value % 3 == 0 {
                                member.lease(4);
                            }
                            if value % 4 == 0 {
                                member.settle_all(OUTCOME_DELIVERED);
                            }
                        }
                        member.page
                    })
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        for (slot, page) in pages.into_iter().enumerate() {
            group.adopt(slot, page).unwrap();
        }
    }
    let mut member = Member::join(&group, 9);
    while (0..4).any(|lane| group.waiting(lane) > 0) {
        member.lease(64);
        member.settle_all(OUTCOME_DELIVERED);
    }
    member.turn(0);
    let ended = group.settled(OUTCOME_DELIVERED) + group.settled(OUTCOME_WORKER_LOST);
    assert_eq!(ended, published.load(Relaxed));
    assert!(group.settled(OUTCOME_WORKER_LOST) > 0);
    assert!(group.used().0 <= 2_048);
    assert_eq!(member.leave(), 0);
    assert_eq!(Member::free_envelopes(&group), 2_048);
}

#[test]
fn numbers_pass_a_queue_once_each_and_in_order() {
    let queue = IdQueue::new(64);
    let seen: Vec<AtomicU64> = (0..200_000).map(|_| AtomicU64::new(0)).collect();
    let taken = AtomicU64::new(0);
    thread::scope(|scope| {
        for producer in 0..2_u32 {
            let queue = &queue;
            scope.spawn(move || {
                let numbers: Vec<u32> = (0..100_000).map(|n| 2 * n + producer).collect();
                for (index, batch) in numbers.chunks(7).enumerate() {
                    let mut batch = batch;
                    while !batch.is_empty() {
                        let pushed = queue.push(&batch[..batch.len().min(1 + index % 7)]);
                        batch = &batch[pushed..];
                        if pushed == 0 {
                            thread::yield_now();
                        }
                    }
                }
            });
        }
        for _ in 0..2 {
            let (queue, seen, taken) = (&queue, &seen, &taken);
            scope.spawn(move || {
                let mut last = [None; 2];
                let mut batch = [0; 5];
                while taken.load(Relaxed) < 200_000 {
                    let popped = queue.pop(&mut batch);
                    for &number in &batch[..popped] {
                        seen[number as usize].fetch_add(1, Relaxed);
                        assert!(last[number as usize % 2].replace(number) < Some(number), "out of order");
                    }
                    taken.fetch_add(popped as u64, Relaxed);
                    if popped == 0 {
                        thread::yield_now();
                    }
                }
            });
        }
    });
    assert!(seen.iter().all(|count| count.load(Relaxed) == 1));
}

#[test]
fn a_set_of_numbers_gives_each_to_one_at_a_time() {
    let stack = IdStack::new(100);
    let held: Vec<AtomicU64> = (0..100).map(|_| AtomicU64::new(0)).collect();
    thread::scope(|scope| {
        for thread in 0..4 {
            let (stack, held) = (&stack, &held);
            scope.spawn(move || {
                let mut numbers = [0; 16];
                for round in 0..30_000 {
                    let taken = stack.take(&mut numbers[..=(round + thread) % 16]);
                    for &number in &numbers[..taken] {
                        assert_eq!(held[number as usize].swap(1, SeqCst), 0);
                    }
                    for &number in &numbers[..taken] {
                        held[number as usize].store(0, SeqCst);
                    }
                    stack.give(&numbers[..taken]);
                }
            });
        }
    });
    let mut all = [0; 128];
    assert_eq!(stack.take(&mut all), 100);
    assert_eq!(all[..100].iter().collect::<BTreeSet<_>>().len(), 100);
}

#[test]
fn the_last_one_given_back_is_the_first_one_given_out() {
    let stack = IdStack::new(10);
    let mut numbers = [0; 3];
    assert_eq!(stack.take(&mut numbers), 3);
    assert_eq!(numbers, [0, 1, 2]);
    stack.give(&[1, 0]);
    assert_eq!((stack.take(&mut numbers), numbers), (3, [1, 0, 3]));
    assert_eq!(stack.used(), 4);
}

proptest! {
    /// Against a queue of the standard library.
    #[test]
    fn a_queue_is_a_queue(capacity in 1_usize..9, steps in prop::collection::vec((any::<bool>(), 0_usize..10), 0..200)) {
        let queue = IdQueue::new(capacity);
        let mut model = std::collections::VecDeque::new();
        let mut next = 0;
        for (pushes, count) in steps {
            if pushes {
                let numbers: Vec<u32> = (next..next + count as u32).collect();
                let pushed = queue.push(&numbers);
                prop_assert_eq!(pushed, count.min(capacity.next_power_of_two() - model.len()));
                model.extend(&numbers[..pushed]);
                next += pushed as u32;
            } else {
                let mut out = vec![0; count];
                let popped = queue.pop(&mut out);
                let expected: Vec<u32> = (0..count.min(model.len())).filter_map(|_| model.pop_front()).collect();
                prop_assert_eq!(&out[..popped], &expected[..]);
            }
            prop_assert_eq!(queue.front(), model.front().copied());
            prop_assert_eq!(queue.len(), model.len());
        }
    }

    /// Blocks never overlap, and freed memory can be had again in any size.
    #[test]
    fn blocks_of_a_slab_never_overlap(steps in prop::collection::vec((any::<bool>(), 0_usize..21, any::<prop::sample::Index>()), 0..300)) {
        let slab = Slab::new(64 * SLAB_PAGE_BYTES);
        let mut blocks: Vec<(u32, usize)> = Vec::new();
        for (allocates, shift, index) in steps {
            if allocates {
                let bytes = (1 << shift) - (1 << shift) / 3;
                if let Some(position) = slab.allocate(bytes) {
                    let (start, end) = (position as usize * 8, position as usize * 8 + bytes);
                    prop_assert!(end <= 64 * SLAB_PAGE_BYTES);
                    prop_assert!(blocks.iter().all(|&(other, length)| end <= other as usize * 8 || other as usize * 8 + length <= start));
                    blocks.push((position, bytes));
                }
            } else if !blocks.is_empty() {
                let (position, _) = blocks.swap_remove(index.index(blocks.len()));
                slab.free(position);
            }
        }
        for (position, _) in blocks {
            slab.free(position);
        }
        prop_assert_eq!(slab.pages_used(), 0);
        prop_assert!((0..4).all(|_| slab.allocate(SLAB_BLOCK_MOST).is_some()));
        prop_assert!(slab.allocate(1).is_none());
    }
}

#[test]
fn a_slab_serves_threads_at_once_and_says_when_it_is_full() {
    let slab = Slab::new(16 * SLAB_PAGE_BYTES);
    assert!(slab.allocate(SLAB_BLOCK_MOST + 1).is_none());
    let owners: Vec<AtomicU64> = (0..16 * SLAB_PAGE_BYTES / 64).map(|_| AtomicU64::new(0)).collect();
    thread::scope(|scope| {
        for thread in 1..4_u64 {
            let (slab, owners) = (&slab, &owners);
            scope.spawn(move || {
                let mut held: HashMap<u32, usize> = HashMap::new();
                for round in 0..20_000_usize {
                    let bytes = [64, 200, 3_000, 40_000, 70_000][(round * 7 + thread as usize) % 5];
                    if let Some(position) = slab.allocate(bytes) {
                        for block in &owners[position as usize / 8..][..bytes.div_ceil(64)] {
                            assert_eq!(block.swap(thread, Relaxed), 0, "given to two");
                        }
                        held.insert(position, bytes);
                    }
                    // At the end everything goes.
                    let kept = if round < 19_999 { 5 } else { 0 };
                    while held.len() > kept {
                        let (&position, &bytes) = held.iter().next().unwrap();
                        held.remove(&position);
                        for block in &owners[position as usize / 8..][..bytes.div_ceil(64)] {
                            assert_eq!(block.swap(0, Relaxed), thread);
                        }
                        slab.free(position);
                    }
                }
            });
        }
    });
    assert_eq!(slab.pages_used(), 0);
    let all: Vec<_> = std::iter::from_fn(|| slab.allocate(64)).collect();
    assert_eq!(all.len(), 16 * 1_024);
    for position in all {
        slab.free(position);
    }
    assert!(slab.allocate(SLAB_BLOCK_MOST).is_some());
}
