//! A member that sends back what it reads, until it is stopped: the shortest complete user of rings, sleep flag and
//! bells, for litmus tests, the self-test of `tickbus doctor`, and as the pattern for I/O threads.
//!
//! It waits for its readers and so loses nothing of what it has taken.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_utils::Backoff;

use crate::error::BusError;
use crate::layout::MEMBERS;
use crate::memory::Words;
use crate::record::Record;
use crate::ring::members;
use crate::ring_reader::RingReader;
use crate::ring_writer::RingWriter;
use crate::roster::Roster;

/// Records moved before anybody is told.
const BATCH: usize = 64;

/// Wakes members, wherever they run.
pub trait Bells {
    /// Wakes the member in `slot`; a slot that nobody uses is ignored.
    fn ring(&self, slot: usize);
}

/// What an echo reads and writes.
#[derive(Debug)]
pub struct Echo<W> {
    roster: Roster<W>,
    slot: usize,
    source: RingReader<W>,
    target: RingWriter<W>,
    to: u64,
    /// Taken from the source, waiting for room in the target.
    held: Option<Record>,
    payload: Vec<u8>,
}

impl<W: Words> Echo<W> {
    /// The member in `slot`, which reads `source` and writes `target` for the members in `to`.
    ///
    /// # Errors
    /// [`BusError::Foreign`] if there is no such slot, or payloads of the source would not fit the target.
    pub fn new(
        roster: Roster<W>,
        slot: usize,
        source: RingReader<W>,
        target: RingWriter<W>,
        to: u64,
    ) -> Result<Self, BusError> {
        if slot >= MEMBERS {
            return Err(BusError::Foreign("there is no such slot"));
        }
        if target.shape().most_payload() < source.shape().most_payload() {
            return Err(BusError::Foreign("payloads of the one ring do not fit the other"));
        }
        Ok(Self { roster, slot, source, target, to, held: None, payload: Vec::new() })
    }

    /// Works until `stopping`. `rest` blocks until somebody rings this member or stops it; it may return early.
    pub fn run(mut self, bells: &impl Bells, stopping: &AtomicBool, rest: impl Fn()) {
        let (backoff, mut looks) = (Backoff::new(), 0_u32);
        while !stopping.load(Ordering::Acquire) {
            if self.pass(bells) {
                backoff.reset();
            } else if !backoff.is_completed() {
                looks = looks.wrapping_add(1);
                self.roster.sleep_flag(self.slot).set_polling(looks);
                backoff.snooze();
            } else {
                if self.must_sleep(stopping) {
                    rest();
                }
                self.roster.sleep_flag(self.slot).set_busy();
            }
        }
    }

    /// Moves one batch; says whether anything moved.
    fn pass(&mut self, bells: &impl Bells) -> bool {
        let moved = (0..BATCH).take_while(|_| self.move_one()).count();
        if moved == 0 {
            return false;
        }
        self.target.show();
        for slot in members(self.to) {
            if self.roster.sleep_flag(slot).lower() {
                bells.ring(slot);
            }
        }
        if self.source.advance() {
            bells.ring(self.source.writer());
        }
        true
    }

    fn move_one(&mut self) -> bool {
        let Some(record) = self.held.take().or_else(|| self.source.take(&mut self.payload)) else {
            return false;
        };
        if !self.target.has_room(self.payload.len(), self.to) {
            self.held = Some(record);
            return false;
        }
        if record.payload_span().is_none() {
            self.target.push(&record, self.to);
        } else {
            let pushed = self.target.push_payload(record, &self.payload, self.to);
            pushed.expect("the rings were compared in `new`, and a reader takes no more than its ring allows");
        }
        true
    }

    fn must_sleep(&mut self, stopping: &AtomicBool) -> bool {
        if self.held.is_some() {
            return self.target.ask_for_room(self.payload.len(), self.to);
        }
        let source = &mut self.source;
        self.roster.sleep_flag(self.slot).fall_asleep(|| source.has_more() || stopping.load(Ordering::Acquire))
    }
}
