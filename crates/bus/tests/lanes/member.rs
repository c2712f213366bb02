//! A member of a group as its thread's JavaScript would be: it writes envelopes and lists, and takes turns.

#![allow(dead_code, reason = "tests use different parts")]

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::thread::{self, Thread};

use tickbus_bus::lanes::options::{LaneOptions, Overflow, Policy, ScheduleOptions};
use tickbus_bus::lanes::shared_group::SharedGroup;
use tickbus_bus::lanes::shared_port::SharedPort;
use tickbus_bus::layout::{
    ENVELOPE_BYTES, ENVELOPE_DOUBLE_DEADLINE, ENVELOPE_DOUBLE_ID, ENVELOPE_DOUBLE_QUEUED, ENVELOPE_DOUBLES,
    ENVELOPE_WORD_GENERATION, ENVELOPE_WORD_HEAD, ENVELOPE_WORD_KEY_HIGH, ENVELOPE_WORD_KEY_LOW, ENVELOPE_WORDS,
    PORT_DOUBLE_NOW, PORT_SUBMISSIONS, PORT_WORD_ASKS, PORT_WORD_CONFLATED, PORT_WORD_FREE, PORT_WORD_FREE_LIST,
    PORT_WORD_LEASE_LIST, PORT_WORD_LEASED, PORT_WORD_RELEASE_LIST, PORT_WORD_RELEASED, PORT_WORD_RING, PORT_WORD_ROOM,
    PORT_WORD_SETTLE_LIST, PORT_WORD_SETTLED, PORT_WORD_SLEEPS, PORT_WORD_SUBMIT_LIST, PORT_WORD_SUBMITTED,
    PORT_WORD_URGENT, PORT_WORD_WANTED, PORT_WORDS,
};
use tickbus_bus::memory::{SharedMemory, Words};

pub(crate) type Group = SharedGroup<SharedMemory>;

pub(crate) fn lane() -> LaneOptions {
    LaneOptions { capacity: 1_000, overflow: Overflow::Reject, weight: 1, shed_target_ns: 0.0, shed_interval_ns: 0.0 }
}

/// Four lanes, the highest urgent, keys in order.
pub(crate) fn options() -> ScheduleOptions {
    ScheduleOptions { lanes: vec![lane(); 4], policy: Policy::Strict, urgent: 3, age_ns: 0.0, ordered: true }
}

pub(crate) fn group(options: &ScheduleOptions, envelopes: usize) -> Arc<Group> {
    Arc::new(SharedGroup::new(options.clone(), SharedMemory::leaked(envelopes * ENVELOPE_BYTES), 0).unwrap())
}

/// A message to publish; its value is its id.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) lane: usize,
    pub(crate) key: u64,
    pub(crate) value: u64,
    pub(crate) deadline: f64,
}

pub(crate) struct Member {
    port: SharedPort<SharedMemory>,
    pub(crate) page: SharedMemory,
    envelopes: SharedMemory,
    pub(crate) now: f64,
    /// What is leased and not settled: number and generation.
    leased: Vec<(u32, u32)>,
    ring: u32,
}

impl Member {
    pub(crate) fn join(group: &Arc<Group>, slot: usize) -> Self {
        Self::join_with(group, slot, SharedMemory::leaked(4 * PORT_WORDS))
    }

    /// With a page of zeros.
    pub(crate) fn join_with(group: &Arc<Group>, slot: usize, page: SharedMemory) -> Self {
        let port = SharedPort::join(group, slot, page).unwrap();
        Self { port, page, envelopes: *group.envelope_memory(), now: 1.0, leased: Vec::new(), ring: 0 }
    }

    /// Publishes a message without a deadline; false if there is no room.
    pub(crate) fn publish(&mut self, lane: usize, key: u64, value: u64) -> bool {
        self.send(Sent { lane, key, value, deadline: 0.0 })
    }

    pub(crate) fn send(&mut self, sent: Sent) -> bool {
        let ignores_room =
            matches!(self.port.group().options().lanes[sent.lane].overflow, Overflow::DropOldest | Overflow::Conflate);
        if !ignores_room && self.word(PORT_WORD_ROOM + sent.lane) == 0 {
            self.page.store(PORT_WORD_ASKS, 1 << sent.lane, Relaxed);
            self.turn(0);
            if self.word(PORT_WORD_ROOM + sent.lane) == 0 {
                return false;
            }
        }
        let Some(number) = self.take_free() else { return false };
        let room = self.word(PORT_WORD_ROOM + sent.lane);
        self.page.store(PORT_WORD_ROOM + sent.lane, room.saturating_sub(1), Relaxed);
        self.submit(number, sent);
        if self.word(PORT_WORD_SUBMITTED) as usize == PORT_SUBMISSIONS {
            self.turn(0);
        }
        true
    }

    pub(crate) fn take_free(&mut self) -> Option<u32> {
        if self.word(PORT_WORD_FREE) == 0 {
            self.page.store(PORT_WORD_ASKS, 1, Relaxed);
            self.turn(0);
        }
        let free = self.word(PORT_WORD_FREE).checked_sub(1)?;
        self.page.store(PORT_WORD_FREE, free, Relaxed);
        Some(self.word(PORT_WORD_FREE_LIST + free as usize))
    }

    pub(crate) fn submit(&mut self, number: u32, sent: Sent) {
        let word = |word: usize| number as usize * ENVELOPE_WORDS + word;
        let double = |double: usize| number as usize * ENVELOPE_DOUBLES + double;
        self.envelopes.store(word(ENVELOPE_WORD_HEAD), sent.lane as u32, Relaxed);
        self.envelopes.store(word(ENVELOPE_WORD_KEY_LOW), sent.key as u32, Relaxed);
        self.envelopes.store(word(ENVELOPE_WORD_KEY_HIGH), (sent.key >> 32) as u32, Relaxed);
        self.envelopes.write(double(ENVELOPE_DOUBLE_QUEUED), self.now.to_bits());
        self.envelopes.write(double(ENVELOPE_DOUBLE_DEADLINE), sent.deadline.to_bits());
        self.envelopes.write(double(ENVELOPE_DOUBLE_ID), (sent.value as f64).to_bits());
        self.now += 0.01;
        let submitted = self.word(PORT_WORD_SUBMITTED);
        self.page.store(PORT_WORD_SUBMIT_LIST + submitted as usize, number, Relaxed);
        self.page.store(PORT_WORD_SUBMITTED, submitted + 1, Relaxed);
    }

    pub(crate) fn turn(&mut self, wanted: u32) {
        self.turn_with(wanted, 0, false);
    }

    fn turn_with(&mut self, wanted: u32, urgent: u32, sleeps: bool) {
        self.page.store(PORT_WORD_WANTED, wanted, Relaxed);
        self.page.store(PORT_WORD_URGENT, urgent, Relaxed);
        self.page.store(PORT_WORD_SLEEPS, u32::from(sleeps), Relaxed);
        self.page.write(PORT_DOUBLE_NOW, self.now.to_bits());
        self.port_turn();
        for index in 0..self.word(PORT_WORD_LEASED) as usize {
            let number = self.word(PORT_WORD_LEASE_LIST + index);
            let generation = self.envelopes.load(number as usize * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION, Relaxed);
            self.leased.push((number, generation));
        }
    }

    /// A turn with the page as it is.
    pub(crate) fn port_turn(&mut self) {
        self.port.turn();
        let ring = self.word(PORT_WORD_RING);
        if ring != 0 {
            self.ring = ring;
        }
    }

    pub(crate) fn lease(&mut self, wanted: u32) -> Vec<u64> {
        self.lease_urgent(wanted, 0)
    }

    /// How many messages a turn has leased.
    pub(crate) fn lease_count(&mut self, wanted: u32) -> u32 {
        self.turn_with(wanted, 0, false);
        self.word(PORT_WORD_LEASED)
    }

    pub(crate) fn lease_urgent(&mut self, wanted: u32, urgent: u32) -> Vec<u64> {
        self.turn_with(wanted, urgent, false);
        self.values()
    }

    pub(crate) fn sleep(&mut self, wanted: u32) -> Vec<u64> {
        self.turn_with(wanted, 0, true);
        self.values()
    }

    pub(crate) fn sleep_for_urgent(&mut self, urgent: u32) {
        self.turn_with(0, urgent, true);
    }

    /// Keys and values.
    pub(crate) fn lease_keyed(&mut self, wanted: u32) -> Vec<(u64, u64)> {
        self.lease(wanted).into_iter().zip(self.newest()).map(|(value, number)| (self.key(number), value)).collect()
    }

    pub(crate) fn sleep_keyed(&mut self, wanted: u32) -> Vec<(u64, u64)> {
        self.sleep(wanted).into_iter().zip(self.newest()).map(|(value, number)| (self.key(number), value)).collect()
    }

    /// Who was to be rung since this was last asked.
    pub(crate) fn ringing(&mut self) -> u32 {
        std::mem::take(&mut self.ring)
    }

    pub(crate) fn settle_all(&mut self, outcome: u32) {
        for (number, generation) in self.take_leased() {
            self.settle(number, generation, outcome);
        }
    }

    pub(crate) fn take_leased(&mut self) -> Vec<(u32, u32)> {
        std::mem::take(&mut self.leased)
    }

    pub(crate) fn settle(&mut self, number: u32, generation: u32, outcome: u32) {
        let settled = self.word(PORT_WORD_SETTLED);
        let word = PORT_WORD_SETTLE_LIST + 2 * settled as usize;
        self.page.store(word, number | outcome << 24, Relaxed);
        self.page.store(word + 1, generation, Relaxed);
        self.page.store(PORT_WORD_SETTLED, settled + 1, Relaxed);
    }

    /// Values and reasons.
    pub(crate) fn released(&self) -> Vec<(u64, u32)> {
        let entries =
            (0..self.word(PORT_WORD_RELEASED) as usize).map(|index| self.word(PORT_WORD_RELEASE_LIST + index));
        entries.map(|entry| (self.value(entry & 0x00ff_ffff), entry >> 24)).collect()
    }

    pub(crate) fn attempts(&self) -> Vec<u32> {
        let head = |number: u32| self.envelopes.load(number as usize * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD, Relaxed);
        self.leased.iter().map(|(number, _)| head(*number) >> 16).collect()
    }

    pub(crate) fn conflated(&self) -> u32 {
        self.word(PORT_WORD_CONFLATED)
    }

    pub(crate) fn allocate(&self, number: u32, bytes: usize) -> u32 {
        self.port.allocate(number, bytes)
    }

    pub(crate) fn clear(&mut self) {
        self.port.clear();
    }

    pub(crate) fn inspect(&mut self) {
        self.port.inspect();
    }

    pub(crate) fn leave(self) -> u32 {
        self.port.leave()
    }

    pub(crate) fn word(&self, word: usize) -> u32 {
        self.page.load(word, Relaxed)
    }

    pub(crate) fn double(&self, double: usize) -> f64 {
        f64::from_bits(self.page.read(double))
    }

    /// How many envelopes can be had.
    pub(crate) fn free_envelopes(group: &Arc<Group>) -> usize {
        let mut member = Self::join(group, 63);
        let mut free = 0;
        while member.take_free().is_some() {
            free += 1;
        }
        assert_eq!(member.leave(), 0);
        free
    }

    fn values(&self) -> Vec<u64> {
        self.newest().into_iter().map(|number| self.value(number)).collect()
    }

    fn newest(&self) -> Vec<u32> {
        (0..self.word(PORT_WORD_LEASED) as usize).map(|index| self.word(PORT_WORD_LEASE_LIST + index)).collect()
    }

    fn value(&self, number: u32) -> u64 {
        f64::from_bits(self.envelopes.read(number as usize * ENVELOPE_DOUBLES + ENVELOPE_DOUBLE_ID)) as u64
    }

    fn key(&self, number: u32) -> u64 {
        u64::from(self.envelopes.load(number as usize * ENVELOPE_WORDS + ENVELOPE_WORD_KEY_LOW, Relaxed))
    }
}

/// Doorbells of threads that sleep.
pub(crate) struct Bells {
    sleepers: Mutex<Vec<(usize, Thread)>>,
    rung: Vec<AtomicBool>,
    rings: AtomicU64,
}

impl Bells {
    pub(crate) fn new() -> Self {
        Self {
            sleepers: Mutex::default(),
            rung: (0..64).map(|_| AtomicBool::new(false)).collect(),
            rings: AtomicU64::new(0),
        }
    }

    pub(crate) fn sit(&self, slot: usize) {
        self.sleepers.lock().unwrap().push((slot, thread::current()));
    }

    /// 1 + the slot, or 0 for nobody.
    pub(crate) fn ring(&self, ring: u32) {
        let Some(slot) = (ring as usize).checked_sub(1) else { return };
        self.rings.fetch_add(1, Relaxed);
        self.rung[slot].store(true, SeqCst);
        for (_, thread) in self.sleepers.lock().unwrap().iter().filter(|(sleeper, _)| *sleeper == slot) {
            thread.unpark();
        }
    }

    pub(crate) fn sleep(&self, slot: usize) {
        while !self.rung[slot].swap(false, SeqCst) {
            thread::park();
        }
    }

    pub(crate) fn wake_all(&self) {
        (1..=64).for_each(|ring| self.ring(ring));
    }
}
