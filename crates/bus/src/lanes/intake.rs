//! What a turn takes in, and what it lets go: the thread's settlements and submissions, and its release list.

use std::sync::atomic::Ordering::Relaxed;

use super::combiner::{NUMBER_MASK, OUTCOME_SHIFT, Section};
use super::options::Overflow;
use super::owner::{Owner, State};
use super::page::{Page, Settlement};
use super::shared_group::SharedGroup;
use crate::layout::{
    LANES_MOST, OUTCOME_DELIVERED, OUTCOME_OVERFLOW, OUTCOME_RETRIED, OUTCOME_RETURNED, PORT_RELEASES,
    PORT_SETTLEMENTS, PORT_SUBMISSIONS,
};
use crate::memory::Words;

/// Of one port.
#[derive(Debug)]
pub(crate) struct Intake {
    slot: usize,
    /// Entries of the release list: what left the queue in this turn, and is given back in the next.
    pub(crate) released: Vec<u32>,
    /// How many submissions there were in this turn, in all and for each lane, and how many took the place of another.
    pub(crate) submitted: usize,
    pub(crate) arrived: [u32; LANES_MOST],
    pub(crate) conflated: u32,
}

impl Intake {
    pub(crate) fn new(slot: usize) -> Self {
        let released = Vec::with_capacity(PORT_RELEASES);
        Self { slot, released, submitted: 0, arrived: [0; LANES_MOST], conflated: 0 }
    }

    /// Takes both lists in. Returns the combiner if it was needed and to be had, with all that was left there taken in;
    /// `wants` says whether it is needed to pick from.
    pub(crate) fn take_in<'group, W: Words>(
        &mut self,
        group: &'group SharedGroup<W>,
        page: &Page<W>,
        wants: bool,
    ) -> Option<Section<'group, W>> {
        self.forget_released(group);
        let mut settlements = [Settlement::NONE; PORT_SETTLEMENTS];
        let settled = page.take_settlements(&mut settlements);
        let mut numbers = [0; PORT_SUBMISSIONS];
        let submitted = self.take_submitted(group, page, &mut numbers);
        let conflates =
            |&number: &u32| group.options.lanes[group.envelopes.owner(number).lane].overflow == Overflow::Conflate;
        let says_at_once = numbers[..submitted].iter().any(conflates);
        let mut section = if says_at_once {
            Some(group.combiner.enter())
        } else if (wants && group.combiner.is_needed())
            || Self::is_order_needed(group, &settlements[..settled], &numbers[..submitted])
        {
            group.combiner.try_enter()
        } else {
            None
        };
        let is_whole = match &mut section {
            Some(section) if says_at_once => group.collect_whole(section),
            Some(section) => group.collect(section),
            None => false,
        };
        self.settle(group, section.as_mut(), &settlements[..settled]);
        self.submit(group, &mut section, is_whole, &numbers[..submitted]);
        section
    }

    /// Gives back what was released in the last turn.
    pub(crate) fn forget_released<W: Words>(&mut self, group: &SharedGroup<W>) {
        for entry in &mut self.released {
            *entry &= NUMBER_MASK;
        }
        group.give_back(&self.released);
        self.released.clear();
    }

    pub(crate) const fn slot(&self) -> usize {
        self.slot
    }

    /// How many more messages the release list takes.
    pub(crate) fn room(&self) -> usize {
        PORT_RELEASES.saturating_sub(self.released.len())
    }

    /// Whether it takes another one, with all that is about to be put there.
    pub(crate) fn has_room<W: Words>(&self, section: Option<&Section<'_, W>>) -> bool {
        self.room() > section.map_or(0, |section| section.ordered.gone.len())
    }

    /// Puts a message that has left the queue into the release list.
    pub(crate) fn release<W: Words>(&mut self, group: &SharedGroup<W>, entry: u32) {
        let number = entry & NUMBER_MASK;
        let lane = group.envelopes.owner(number).lane;
        group.envelopes.set_owner(number, Owner { slot: self.slot, state: State::Released, lane });
        self.released.push(entry);
    }

    /// Puts what the schedule let go into the release list; says whether the list is full.
    pub(crate) fn show_gone<W: Words>(&mut self, group: &SharedGroup<W>, section: Option<&mut Section<'_, W>>) -> bool {
        let Some(section) = section else { return self.room() == 0 };
        while self.room() > 0 {
            let Some(entry) = section.ordered.gone.pop_front() else { return false };
            self.release(group, entry);
        }
        true
    }

    /// Room that the port was promised and has not used.
    pub(crate) fn promised<W: Words>(&self, group: &SharedGroup<W>, lane: usize) -> u32 {
        group.seats[self.slot].promised[lane].load(Relaxed)
    }

    /// The submission list, without what this port has no right to submit; a number that is there twice counts once. All
    /// that is left is counted as waiting.
    fn take_submitted<W: Words>(
        &mut self,
        group: &SharedGroup<W>,
        page: &Page<W>,
        numbers: &mut [u32; PORT_SUBMISSIONS],
    ) -> usize {
        let listed = page.take_submissions(numbers);
        (self.submitted, self.arrived, self.conflated) = (0, [0; LANES_MOST], 0);
        for index in 0..listed {
            let Some(number) = group.envelopes.number(numbers[index]) else { continue };
            let owner = group.envelopes.owner(number);
            if owner.state != State::Free || owner.slot != self.slot {
                continue;
            }
            let lane = group.envelopes.lane(number);
            group.envelopes.set_owner(number, Owner::queued(lane));
            numbers[self.submitted] = number;
            self.submitted += 1;
            self.arrived[lane] += 1;
        }
        for (lane, credit) in group.credits.iter().enumerate().filter(|(lane, _)| self.arrived[*lane] > 0) {
            let promised = &group.seats[self.slot].promised[lane];
            let unused = promised.load(Relaxed);
            let used = unused.min(self.arrived[lane]);
            credit.arrive(self.arrived[lane], used);
            promised.store(unused - used, Relaxed);
        }
        group.count_arrivals(self.submitted);
        self.submitted
    }

    fn is_order_needed<W: Words>(group: &SharedGroup<W>, settlements: &[Settlement], numbers: &[u32]) -> bool {
        let is_in_order = |settlement: &Settlement| {
            let number = group.envelopes.number(settlement.entry & NUMBER_MASK);
            number.is_some_and(|number| group.envelopes.owner(number).state == State::LeasedInOrder)
        };
        settlements.iter().any(is_in_order)
            || numbers.iter().any(|&number| !group.is_direct(number, group.envelopes.owner(number).lane))
    }

    fn settle<W: Words>(
        &self,
        group: &SharedGroup<W>,
        mut section: Option<&mut Section<'_, W>>,
        settlements: &[Settlement],
    ) {
        let mut ended = Vec::new();
        for &Settlement { entry, generation } in settlements {
            let Some(number) = group.envelopes.number(entry & NUMBER_MASK) else { continue };
            let owner = group.envelopes.owner(number);
            let outcome = entry >> OUTCOME_SHIFT;
            let is_ours = owner.slot == self.slot && matches!(owner.state, State::Leased | State::LeasedInOrder);
            if !is_ours || generation != group.envelopes.heads.generation(number) || !is_outcome(outcome) {
                continue;
            }
            // From here on it is not leased, so that an entry that is there twice counts once.
            group.envelopes.set_owner(number, Owner::queued(owner.lane));
            if owner.state == State::Leased {
                if settle_direct(group, number, owner.lane, outcome) {
                    ended.push(number);
                }
                continue;
            }
            match &mut section {
                Some(section) => section.settle(group, number, outcome),
                None => group.combiner.leave(&[number | outcome << OUTCOME_SHIFT]),
            }
        }
        group.give_back(&ended);
    }

    /// Submissions that keep an order go in at once if all that this thread has left before is in, `is_whole`. Otherwise
    /// they are left behind that, so that they do not overtake it.
    fn submit<'group, W: Words>(
        &mut self,
        group: &'group SharedGroup<W>,
        section: &mut Option<Section<'group, W>>,
        is_whole: bool,
        numbers: &[u32],
    ) {
        let mut pushed = 0;
        for (index, &number) in numbers.iter().enumerate() {
            let lane = group.envelopes.owner(number).lane;
            if group.is_direct(number, lane) {
                if group.options.lanes[lane].overflow == Overflow::DropOldest && group.credits[lane].is_over() {
                    push_run(group, &numbers[pushed..index]);
                    pushed = index;
                    self.drop_oldest(group, section, lane);
                }
                continue;
            }
            push_run(group, &numbers[pushed..index]);
            pushed = index + 1;
            match section {
                Some(section) if is_whole => self.conflated += u32::from(section.admit(group, number)),
                _ => group.combiner.leave(&[number]),
            }
        }
        push_run(group, &numbers[pushed..]);
    }

    /// Lets the oldest message of a lane go, to make room.
    fn drop_oldest<'group, W: Words>(
        &mut self,
        group: &'group SharedGroup<W>,
        section: &mut Option<Section<'group, W>>,
        lane: usize,
    ) {
        if let Some(oldest) = group.direct_lane(lane).pop_one() {
            group.credits[lane].depart(1);
            group.count(OUTCOME_OVERFLOW, 1);
            self.release(group, oldest | OUTCOME_OVERFLOW << OUTCOME_SHIFT);
        } else if group.combiner.holds_any() {
            let section = section.get_or_insert_with(|| group.combiner.enter());
            group.collect(section);
            section.drop_oldest(group, lane);
        }
    }
}

/// What became of a message that was leased out of a lock-free lane; says whether it ended, so that its envelope is to be
/// given back.
pub(crate) fn settle_direct<W: Words>(group: &SharedGroup<W>, number: u32, lane: usize, outcome: u32) -> bool {
    if outcome == OUTCOME_RETRIED {
        group.envelopes.heads.raise_attempt(number);
    }
    group.count(outcome, u64::from(outcome != OUTCOME_RETURNED));
    if outcome != OUTCOME_RETURNED && outcome != OUTCOME_RETRIED {
        return true;
    }
    group.envelopes.set_owner(number, Owner::queued(lane));
    group.credits[lane].arrive(1, 0);
    group.direct_lane(lane).give_back(number);
    false
}

/// Pushes messages to their lock-free lanes, side by side where they go to the same one.
fn push_run<W: Words>(group: &SharedGroup<W>, numbers: &[u32]) {
    let lane = |number: &u32| group.envelopes.owner(*number).lane;
    for run in numbers.chunk_by(|a, b| lane(a) == lane(b)) {
        group.direct_lane(lane(&run[0])).push(run);
    }
}

fn is_outcome(outcome: u32) -> bool {
    (OUTCOME_DELIVERED..=OUTCOME_RETRIED).contains(&outcome)
}
