//! What one turn takes to run: by policy, out of the lock-free lanes and, while the port has the combiner, out of the schedule.

use super::combiner::{OUTCOME_SHIFT, Section};
use super::intake::Intake;
use super::options::Policy;
use super::owner::{Owner, State};
use super::page::Wish;
use super::picker::{Choice, Fronts, Picker};
use super::schedule::Picked;
use super::shared_group::SharedGroup;
use crate::layout::{LANES_MOST, PORT_LEASES};
use crate::memory::Words;

/// What was taken.
#[derive(Debug)]
pub(crate) struct Lease {
    pub(crate) numbers: [u32; PORT_LEASES],
    pub(crate) count: usize,
    /// How many of them waited in each lane. They are discounted together, after they were taken.
    pub(crate) departed: [u32; LANES_MOST],
}

/// Taking.
#[derive(Debug)]
pub(crate) struct Leasing<'turn, 'group, W: Words> {
    group: &'group SharedGroup<W>,
    intake: &'turn mut Intake,
    section: Option<&'turn mut Section<'group, W>>,
    now: f64,
    lease: Lease,
}

impl Lease {
    pub(crate) const fn new() -> Self {
        Self { numbers: [0; PORT_LEASES], count: 0, departed: [0; LANES_MOST] }
    }

    fn add<W: Words>(&mut self, group: &SharedGroup<W>, number: u32, owner: Owner) {
        group.envelopes.set_owner(number, owner);
        self.numbers[self.count] = number;
        self.count += 1;
        self.departed[owner.lane] += 1;
    }
}

impl<'turn, 'group, W: Words> Leasing<'turn, 'group, W> {
    pub(crate) fn new(
        group: &'group SharedGroup<W>,
        intake: &'turn mut Intake,
        section: Option<&'turn mut Section<'group, W>>,
        now: f64,
    ) -> Self {
        Self { group, intake, section, now, lease: Lease::new() }
    }

    /// Takes what the thread wants, as far as there is anything and the release list has room.
    pub(crate) fn pick(mut self, picker: &mut Picker, wish: &Wish) -> Lease {
        self.pick_any(picker, wish.wanted);
        self.pick_urgent(wish.wanted + wish.urgent);
        self.lease
    }

    fn pick_any(&mut self, picker: &mut Picker, most: usize) {
        while let Some(left) = self.left(most) {
            if self.group.options.policy == Policy::Deadline {
                let now = self.now;
                let step = self.section.as_mut().and_then(|section| section.ordered.schedule.pick(now));
                let Some(step) = step else { return };
                self.keep(step);
                continue;
            }
            let fronts = Fronts { group: self.group, section: self.section.as_deref() };
            let Some(choice) = picker.choose(&fronts, left, self.now) else { return };
            let before = self.lease.count;
            self.take(&choice);
            picker.took(self.group, choice, self.lease.count - before);
        }
    }

    fn pick_urgent(&mut self, most: usize) {
        while let Some(left) = self.left(most) {
            let fronts = Fronts { group: self.group, section: self.section.as_deref() };
            let Some(choice) = Picker::urgent(&fronts, left) else { return };
            self.take(&choice);
        }
    }

    /// How many messages there is still room for; none if there is none.
    fn left(&self, most: usize) -> Option<usize> {
        let left = most.saturating_sub(self.lease.count);
        (left > 0 && self.intake.has_room(self.section.as_deref())).then_some(left)
    }

    /// Takes messages of a lane; none if others have taken them first, or what there was is not run any more.
    fn take(&mut self, choice: &Choice) {
        let ordered = Fronts { group: self.group, section: self.section.as_deref() }.ordered(choice.lane);
        let Some(ordered) = ordered else { return self.take_direct(choice.lane, choice.quota) };
        let heads = &self.group.envelopes.heads;
        let is_first = |front| heads.queued(ordered) <= heads.queued(front);
        if self.group.direct_lane(choice.lane).front().is_none_or(is_first) {
            self.take_ordered(choice.lane);
        } else {
            self.take_direct(choice.lane, 1);
        }
    }

    fn take_ordered(&mut self, lane: usize) {
        let Some(section) = &mut self.section else { return };
        let schedule = &mut section.ordered.schedule;
        let is_fifo = self.group.options.policy == Policy::Fifo;
        let picked = if is_fifo { schedule.pick(self.now) } else { schedule.pick_in(lane, self.now) };
        if let Some(picked) = picked {
            self.keep(picked);
        }
    }

    fn keep(&mut self, picked: Picked) {
        let Some(section) = &mut self.section else { return };
        let Some(number) = section.keep(self.group, picked) else { return };
        let lane = self.group.envelopes.owner(number).lane;
        self.lease.add(self.group, number, Owner { slot: self.intake.slot(), state: State::LeasedInOrder, lane });
    }

    fn take_direct(&mut self, lane: usize, most: usize) {
        let group = self.group;
        let mut numbers = [0; PORT_LEASES];
        let popped = group.direct_lane(lane).pop(&mut numbers[..most.min(self.intake.room()).min(PORT_LEASES)]);
        for &number in &numbers[..popped] {
            let lane = group.envelopes.owner(number).lane;
            if group.envelopes.is_expired(number, self.now) {
                group.credits[lane].depart(1);
                let reason = group.envelopes.heads.expired(number);
                group.count(reason, 1);
                self.intake.release(group, number | reason << OUTCOME_SHIFT);
            } else {
                self.lease.add(group, number, Owner { slot: self.intake.slot(), state: State::Leased, lane });
            }
        }
    }
}
