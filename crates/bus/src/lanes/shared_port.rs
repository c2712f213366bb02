//! A thread's port to a group of several threads: what one turn does.
//!
//! Settlements in, submissions in, picks out, released out, free list filled up, room promised, a sleeper to ring. A turn
//! waits for the combiner in two cases only: to submit to a conflating lane, whose answer is due at once, and to look once
//! more before the thread sleeps. Otherwise what needs the combiner is left for whoever has it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::combiner::Section;
use super::intake::Intake;
use super::lease::{Lease, Leasing};
use super::options::Overflow;
use super::owner::State;
use super::page::{Page, Wish};
use super::picker::Picker;
use super::schedule::Released;
use super::shared_group::SharedGroup;
use crate::error::BusError;
use crate::layout::{
    OUTCOME_CLOSED, OUTCOMES, PORT_DOUBLE_OLDEST, PORT_DOUBLE_SETTLED, PORT_FREES, PORT_WORD_CONFLATED, PORT_WORD_FREE,
    PORT_WORD_FREE_LIST, PORT_WORD_LEASE_LIST, PORT_WORD_LEASED, PORT_WORD_MORE, PORT_WORD_RELEASE_LIST,
    PORT_WORD_RELEASED, PORT_WORD_RING, PORT_WORD_ROOM, PORT_WORD_RUNNABLE, PORT_WORD_RUNNABLE_URGENT,
    PORT_WORD_WAITING,
};
use crate::memory::Words;

/// A port holds at most this part of all envelopes free.
const FREE_SHARE: usize = 8;

/// A seat that is taken. Dropped, it is left as after the thread's death: somebody has to adopt what it held.
#[derive(Debug)]
pub struct SharedPort<W: Words + Clone> {
    group: Arc<SharedGroup<W>>,
    slot: usize,
    page: Page<W>,
    intake: Intake,
    picker: Picker,
    /// Whether the thread publishes: others need no free envelopes.
    publishes: bool,
}

impl<W: Words + Clone> SharedPort<W> {
    /// Takes a seat, with a zeroed port page.
    ///
    /// # Errors
    /// [`BusError::SharedGroup`] if there is no such seat, or somebody has it, or nobody has adopted what its last member
    /// held.
    pub fn join(group: &Arc<SharedGroup<W>>, slot: usize, page: W) -> Result<Self, BusError> {
        group.sit(slot, &page)?;
        let group = Arc::clone(group);
        let intake = Intake::new(slot);
        Ok(Self { group, slot, page: Page(page), intake, picker: Picker::default(), publishes: false })
    }

    /// The group.
    #[must_use]
    pub const fn group(&self) -> &Arc<SharedGroup<W>> {
        &self.group
    }

    /// One turn.
    pub fn turn(&mut self) {
        let group = &*self.group;
        let wish = self.page.take_wish();
        group.sleepers.lower(self.slot);
        let asks = wish.wanted + wish.urgent > 0;
        let mut section = self.intake.take_in(group, &self.page, asks);
        if let Some(sleep) = wish.sleep {
            group.sleepers.raise(self.slot, sleep);
            let section = section.get_or_insert_with(|| group.combiner.enter());
            group.collect(section);
        }
        let lease = Leasing::new(group, &mut self.intake, section.as_mut(), wish.now).pick(&mut self.picker, &wish);
        let more = self.intake.show_gone(group, section.as_mut());
        drop(section);
        let sleeps = wish.sleep.is_some() && lease.count == 0 && !more;
        if !sleeps {
            // If it was to sleep, it has found something.
            group.sleepers.lower(self.slot);
            group.collect_what_was_left();
        }
        self.show_lease(&lease);
        self.page.set(PORT_WORD_MORE, u32::from(more));
        self.publishes |= wish.asks != 0 || self.intake.submitted > 0;
        self.finish(wish.asks, sleeps);
    }

    /// Lets go of waiting messages, as closed, as many as the release list takes. Takes both incoming lists in first.
    pub fn clear(&mut self) {
        let group = &*self.group;
        let _: Wish = self.page.take_wish();
        group.sleepers.lower(self.slot);
        let mut section = self.intake.take_in(group, &self.page, false);
        let entered = section.get_or_insert_with(|| group.combiner.enter());
        group.collect(entered);
        let more = close(group, &mut self.intake, entered);
        drop(section);
        self.show_lease(&Lease::new());
        self.page.set(PORT_WORD_MORE, u32::from(more));
        self.finish(0, false);
    }

    /// Writes when the oldest message of each lane was published, and how many messages have ended in which way.
    pub fn inspect(&mut self) {
        let group = &*self.group;
        group.each_oldest(|lane, queued| self.page.set_double(PORT_DOUBLE_OLDEST + lane, queued));
        for outcome in 0..OUTCOMES {
            self.page.set_double(PORT_DOUBLE_SETTLED + outcome, group.settled(outcome as u32) as f64);
        }
        self.page.set(PORT_WORD_RING, group.whom_to_ring());
    }

    /// Room in the slab for the bytes of an envelope in this port's free list: 1 + its position in units of 8 bytes, or 0 if
    /// there is none. What the envelope had there is freed; with no bytes that is all that happens.
    #[must_use]
    pub fn allocate(&self, envelope: u32, bytes: usize) -> u32 {
        let Some(number) = self.group.envelopes.number(envelope) else { return 0 };
        let owner = self.group.envelopes.owner(number);
        if owner.state != State::Free || owner.slot != self.slot {
            return 0;
        }
        self.group.allocate(number, bytes)
    }

    /// Gives the seat up in order: takes both incoming lists in and returns what was leased to where it was. Answers with
    /// 1 + the slot of a member to ring, or 0.
    #[must_use]
    pub fn leave(mut self) -> u32 {
        let group = Arc::clone(&self.group);
        drop(self.intake.take_in(&group, &self.page, false));
        self.intake.forget_released(&group);
        let (slot, page) = (self.slot, self.page.0.clone());
        drop(self);
        group.return_all(slot, page).unwrap_or(0)
    }

    fn show_lease(&self, lease: &Lease) {
        for (&number, word) in lease.numbers[..lease.count].iter().zip(PORT_WORD_LEASE_LIST..) {
            self.page.set(word, number);
        }
        self.page.set(PORT_WORD_LEASED, lease.count as u32);
        for (credit, &departed) in self.group.credits.iter().zip(&lease.departed) {
            credit.depart(departed);
        }
    }

    /// What every turn ends with.
    fn finish(&mut self, asks: u32, sleeps: bool) {
        for (&entry, word) in self.intake.released.iter().zip(PORT_WORD_RELEASE_LIST..) {
            self.page.set(word, entry);
        }
        self.page.set(PORT_WORD_RELEASED, self.intake.released.len() as u32);
        self.page.set(PORT_WORD_CONFLATED, self.intake.conflated);
        self.fill_free();
        self.promise_room(asks, sleeps);
        let ring = if sleeps { self.group.whom_else_to_ring(self.slot) } else { self.group.whom_to_ring() };
        self.page.set(PORT_WORD_RING, ring);
    }

    fn fill_free(&self) {
        if !self.publishes {
            return;
        }
        let most = (self.group.envelopes.count() as usize / FREE_SHARE).clamp(1, PORT_FREES);
        let free = (self.page.get(PORT_WORD_FREE) as usize).min(PORT_FREES);
        let mut fresh = [0; PORT_FREES];
        let taken = self.group.take_free(self.slot, &mut fresh[..most.saturating_sub(free)]);
        for (&number, word) in fresh[..taken].iter().zip(PORT_WORD_FREE_LIST + free..) {
            self.page.set(word, number);
        }
        self.page.set(PORT_WORD_FREE, (free + taken) as u32);
    }

    /// Promises room in lanes that the thread uses or asks for, and takes it back in all others.
    fn promise_room(&mut self, asks: u32, sleeps: bool) {
        let group = &*self.group;
        let mut waiting_in_all = 0;
        for (lane, credit) in group.credits.iter().enumerate() {
            let unused = self.intake.promised(group, lane);
            let uses = !sleeps && (asks & 1 << lane != 0 || self.intake.arrived[lane] > 0);
            let lets_go = matches!(group.options.lanes[lane].overflow, Overflow::DropOldest | Overflow::Conflate);
            let promised = if uses && !lets_go {
                credit.grant(unused)
            } else {
                credit.give_back(unused);
                0
            };
            group.seats[self.slot].promised[lane].store(promised, Relaxed);
            let waiting = credit.waiting();
            waiting_in_all += waiting;
            let room = if lets_go { credit.capacity().saturating_sub(waiting) } else { promised };
            self.page.set(PORT_WORD_ROOM + lane, room);
            self.page.set(PORT_WORD_WAITING + lane, waiting);
        }
        self.page.set(PORT_WORD_RUNNABLE, waiting_in_all.saturating_sub(group.combiner.blocked()));
        self.page.set(PORT_WORD_RUNNABLE_URGENT, group.runnable_urgent());
    }
}

impl<W: Words + Clone> Drop for SharedPort<W> {
    fn drop(&mut self) {
        self.group.end(self.slot);
    }
}

/// Lets go of waiting messages, highest lane first; says whether any are left.
fn close<W: Words>(group: &SharedGroup<W>, intake: &mut Intake, section: &mut Section<'_, W>) -> bool {
    for lane in (0..group.options.lanes.len()).rev() {
        while intake.has_room(Some(section)) {
            let Some(number) = group.direct_lane(lane).pop_one() else { break };
            section.let_go(group, Some(Released { envelope: number, reason: OUTCOME_CLOSED }));
        }
    }
    while intake.has_room(Some(section)) {
        let Some(closed) = section.ordered.schedule.close_one() else { break };
        section.let_go(group, Some(closed));
    }
    intake.show_gone(group, Some(section)) || group.is_anything_waiting()
}
