//! Who sizes a group while its owner does not come to it.

#![cfg(not(loom))]
#![allow(missing_docs, reason = "a test")]

#[path = "lanes/member.rs"]
mod member;

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use member::{Group, Member, group, options};
use tickbus_bus::autoscale::{Autoscaler, Limits, PATIENCE_MS, StandIn, TICK_MS, Threads};
use tickbus_bus::layout::{
    AUTOSCALE_DOUBLE_DEPTH, AUTOSCALE_DOUBLE_NOW, AUTOSCALE_DOUBLE_WANTED, AUTOSCALE_DOUBLES, DECISION_DOUBLE_FROM,
    DECISION_DOUBLES, METER_DOUBLE_BEGUN, METER_DOUBLE_BUSY, METER_DOUBLE_CALLED, METER_DOUBLE_ENDED,
    METER_DOUBLE_OCCUPIED, METER_DOUBLE_SLOTS, PORT_WORD_SLOTS, PORT_WORDS,
};
use tickbus_bus::memory::{SharedMemory, Words};

const LIMITS: Limits = Limits { min: 1.0, max: 8.0, cores: 2.0, cpu_target: 0.8, reserved: 1.0, critical_ms: 2.0 };

struct Desk {
    stand_in: StandIn<SharedMemory>,
    page: SharedMemory,
    publisher: Member,
    ports: Vec<SharedMemory>,
    meters: Vec<SharedMemory>,
}

/// A group of so many threads, of which the first is at work with one slot.
fn desk(threads: usize) -> Desk {
    let group: Arc<Group> = group(&options(), 1_024);
    let page = SharedMemory::leaked(8 * AUTOSCALE_DOUBLES);
    let law = Autoscaler::new(page, LIMITS).unwrap();
    let mut stand_in = StandIn::new(law, Arc::clone(&group), Threads { most: 2.0, is_fixed: false }, 0.0, 1_000.0);
    let ports: Vec<_> = (0..threads).map(|_| SharedMemory::leaked(4 * PORT_WORDS)).collect();
    let meters: Vec<_> = (0..threads).map(|_| SharedMemory::leaked(8 * (METER_DOUBLE_SLOTS + 8))).collect();
    for slot in 0..threads {
        stand_in.add(slot + 1, ports[slot], meters[slot]);
    }
    ports[0].store(PORT_WORD_SLOTS, 1, SeqCst);
    Desk { stand_in, page, publisher: Member::join(&group, 0), ports, meters }
}

impl Desk {
    fn publish(&mut self, messages: u64) {
        for value in 0..messages {
            assert!(self.publisher.publish(1, 0, value));
        }
        self.publisher.turn(0);
    }

    /// The first thread has handled so many messages that computed for 2 ms each.
    fn handled(&self, messages: f64) {
        let ns = messages * 2e6;
        for (place, value) in [
            (METER_DOUBLE_BEGUN, messages),
            (METER_DOUBLE_CALLED, ns),
            (METER_DOUBLE_ENDED, messages),
            (METER_DOUBLE_OCCUPIED, ns),
            (METER_DOUBLE_BUSY, ns),
        ] {
            self.meters[0].write(place, value.to_bits());
        }
    }

    /// Looks; says who was rung.
    fn look(&mut self, now_ms: f64) -> Vec<usize> {
        let rung = RefCell::new(Vec::new());
        self.stand_in.look(now_ms, |slot| rung.borrow_mut().push(slot));
        rung.into_inner()
    }

    /// The owner ticks, then takes what was decided before.
    fn caught_up(&mut self, now_ms: f64) -> Vec<f64> {
        self.page.write(AUTOSCALE_DOUBLE_NOW, (1_000.0 + now_ms).to_bits());
        self.stand_in.tick(now_ms);
        self.stand_in.take()
    }

    fn slots(&self) -> Vec<u32> {
        self.ports.iter().map(|port| port.load(PORT_WORD_SLOTS, SeqCst)).collect()
    }
}

#[test]
fn slots_grow_and_a_spare_thread_begins_when_the_owner_is_late() {
    let mut desk = desk(3);
    desk.publish(200);
    desk.handled(10.0);
    assert!(desk.look(PATIENCE_MS - 1.0).is_empty(), "the owner has its time");
    assert_eq!(desk.look(PATIENCE_MS), [2]);
    // The cores carry two slots that compute all the time.
    assert_eq!(desk.slots(), [1, 1, 0]);
    let decision = desk.caught_up(PATIENCE_MS + 1.0);
    assert_eq!(decision.len(), DECISION_DOUBLES);
    assert!((decision[AUTOSCALE_DOUBLE_NOW] - (1_000.0 + PATIENCE_MS)).abs() < 1e-9);
    assert_eq!(decision[AUTOSCALE_DOUBLE_DEPTH].to_bits(), 200.0_f64.to_bits());
    assert_eq!(decision[AUTOSCALE_DOUBLE_WANTED].to_bits(), 2.0_f64.to_bits());
    assert_eq!(decision[DECISION_DOUBLE_FROM..].to_vec(), [1.0, 1.0, 2.0, 0.0]);
    assert!(desk.stand_in.take().is_empty());
}

#[test]
fn a_thread_that_is_not_there_is_late_and_asked_for_once() {
    let mut desk = desk(1);
    desk.publish(200);
    desk.handled(10.0);
    desk.look(PATIENCE_MS);
    assert_eq!(desk.slots(), [2]);
    desk.look(PATIENCE_MS + TICK_MS);
    let decisions = desk.caught_up(PATIENCE_MS + TICK_MS + 1.0);
    assert_eq!(decisions.len(), DECISION_DOUBLES);
    assert_eq!(decisions[DECISION_DOUBLE_FROM..].to_vec(), [1.0, 1.0, 2.0, 1.0]);
}

#[test]
fn what_is_decided_after_a_tick_comes_after_it() {
    let mut desk = desk(2);
    assert!(desk.caught_up(0.0).is_empty());
    desk.publish(200);
    desk.handled(10.0);
    desk.look(PATIENCE_MS);
    assert!(desk.stand_in.take().is_empty(), "the tick knew nothing of it");
    assert_eq!(desk.caught_up(PATIENCE_MS + 1.0).len(), DECISION_DOUBLES);
}

#[test]
fn an_owner_on_time_is_left_alone_and_so_is_a_group_without_work() {
    let mut desk = desk(2);
    desk.handled(10.0);
    for look in 0..20 {
        assert!(desk.look(f64::from(look) * TICK_MS).is_empty(), "nothing waits");
    }
    desk.publish(200);
    for look in 20..40 {
        let now_ms = f64::from(look) * TICK_MS;
        assert!(desk.caught_up(now_ms).is_empty());
        assert!(desk.look(now_ms + 1.0).is_empty(), "the owner is on time");
    }
    assert_eq!(desk.slots(), [1, 0]);
    assert!(desk.stand_in.take().is_empty());
}

#[test]
fn a_thread_that_has_left_gets_nothing_more() {
    let mut desk = desk(2);
    desk.publish(200);
    desk.handled(10.0);
    desk.stand_in.remove(2);
    desk.look(PATIENCE_MS);
    assert_eq!(desk.slots(), [2, 0]);
}
