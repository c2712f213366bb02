//! Clearing up after a member: what its thread had submitted and settled counts, what it had leased comes to an end, all else
//! goes back.

use std::sync::atomic::Ordering::Relaxed;

use super::combiner::Section;
use super::intake::{Intake, settle_direct};
use super::owner::State;
use super::page::Page;
use super::shared_group::SharedGroup;
use crate::error::BusError;
use crate::layout::OUTCOME_RETURNED;
use crate::memory::Words;

impl<W: Words> SharedGroup<W> {
    /// Takes over what a member held that has ended without leaving. Its lists are taken in, since accepted is accepted and
    /// handled is handled. What else it had leased ends as lost, or waits again if it may not be. Answers with 1 + the slot of
    /// a member to ring, or 0.
    ///
    /// # Errors
    /// [`BusError::SharedGroup`] if the member is still there, never was, or was adopted already.
    pub fn adopt(&self, slot: usize, page: W) -> Result<u32, BusError> {
        self.clear_up(slot, page, |number| self.envelopes.heads.bereft(number))
    }

    /// The same after a member that leaves in order: what it had leased goes back to where it was.
    pub(crate) fn return_all(&self, slot: usize, page: W) -> Result<u32, BusError> {
        self.clear_up(slot, page, |_| OUTCOME_RETURNED)
    }

    fn clear_up(&self, slot: usize, page: W, outcome: impl Fn(u32) -> u32) -> Result<u32, BusError> {
        if !self.begin_adopting(slot) {
            return Err(BusError::SharedGroup("the member is still there, or was adopted already"));
        }
        let page = Page(page);
        let mut intake = Intake::new(slot);
        let mut section = intake.take_in(self, &page, false);
        let in_order = self.evict(slot, &outcome);
        if !in_order.is_empty() {
            let section = section.get_or_insert_with(|| self.combiner.enter());
            self.collect(section);
            for number in in_order {
                section.settle(self, number, outcome(number));
            }
        }
        self.forget_gone(&mut intake, section);
        for (lane, credit) in self.credits.iter().enumerate() {
            credit.give_back(self.seats[slot].promised[lane].swap(0, Relaxed));
        }
        self.sleepers.lower(slot);
        self.collect_what_was_left();
        self.free_seat(slot);
        Ok(self.whom_to_ring())
    }

    /// Takes from a member all that it has, but for what it leased in order: that is returned.
    fn evict(&self, slot: usize, outcome: impl Fn(u32) -> u32) -> Vec<u32> {
        let mut in_order = Vec::new();
        for number in 0..self.used().0 {
            let owner = self.envelopes.owner(number);
            if owner.slot != slot {
                continue;
            }
            match owner.state {
                State::Free | State::Released => self.give_back(&[number]),
                State::Leased => {
                    if settle_direct(self, number, owner.lane, outcome(number)) {
                        self.give_back(&[number]);
                    }
                }
                State::LeasedInOrder => in_order.push(number),
                State::Pooled | State::Queued => {}
            }
        }
        in_order
    }

    /// There is nobody to see what had to go.
    fn forget_gone(&self, intake: &mut Intake, mut section: Option<Section<'_, W>>) {
        while intake.show_gone(self, section.as_mut()) && !intake.released.is_empty() {
            intake.forget_released(self);
        }
        intake.forget_released(self);
    }
}
