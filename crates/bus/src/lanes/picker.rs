//! Which lane a port takes from next, over the lock-free lanes and, while it has the combiner, over the schedule.
//!
//! Urgent lanes come first, the highest of them foremost. Then by policy: `strict` with its age bound, `weighted` as deficit
//! round robin (Shreedhar and Varghese 1995), whose state each port keeps for itself, `fifo`. Within a lane the message that
//! was published first.

use super::combiner::Section;
use super::options::Policy;
use super::shared_group::SharedGroup;
use crate::layout::LANES_MOST;
use crate::memory::Words;

/// Of so many picks one goes to a message that has waited too long in a lower lane.
const AGED_ONE_IN: u32 = 8;

/// A lane, and how many messages may be taken from it before the next decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) lane: usize,
    pub(crate) quota: usize,
    /// The message was taken because it has waited too long.
    is_aged: bool,
}

/// A port's place in the policy.
#[derive(Debug, Default)]
pub(crate) struct Picker {
    /// Picks of lanes that are not urgent since the last one that was due to age.
    since_aged: u32,
    deficits: [u32; LANES_MOST],
    /// The lane whose turn it is in the round.
    visited: Option<usize>,
}

/// What can be picked from at the moment.
#[derive(Debug)]
pub(crate) struct Fronts<'turn, 'group, W: Words> {
    pub(crate) group: &'group SharedGroup<W>,
    pub(crate) section: Option<&'turn Section<'group, W>>,
}

impl<W: Words> Fronts<'_, '_, W> {
    fn has(&self, lane: usize) -> bool {
        self.ordered(lane).is_some() || !self.group.direct_lane(lane).is_empty()
    }

    /// The message of a lane that the schedule would run next; with `fifo` lane 0 stands for all.
    pub(crate) fn ordered(&self, lane: usize) -> Option<u32> {
        let schedule = &self.section?.ordered.schedule;
        if self.group.options.policy != Policy::Fifo {
            return schedule.next_in(lane);
        }
        let fronts = (0..schedule.lanes()).filter_map(|lane| schedule.next_in(lane));
        fronts.min_by(|a, b| self.group.envelopes.heads.queued(*a).total_cmp(&self.group.envelopes.heads.queued(*b)))
    }

    /// When the next message of a lane was published.
    fn queued(&self, lane: usize) -> Option<f64> {
        let direct = self.group.direct_lane(lane).front().map(|number| self.group.envelopes.heads.queued(number));
        let ordered = self.ordered(lane).map(|number| self.group.envelopes.heads.queued(number));
        direct.into_iter().chain(ordered).min_by(f64::total_cmp)
    }
}

impl Picker {
    /// The highest urgent lane that has something.
    pub(crate) fn urgent<W: Words>(fronts: &Fronts<'_, '_, W>, most: usize) -> Option<Choice> {
        let group = fronts.group;
        let lane = (group.urgent()..group.options.lanes.len()).rev().find(|&lane| fronts.has(lane))?;
        Some(Choice::of(lane, most))
    }

    /// Where up to `most` messages come from next.
    pub(crate) fn choose<W: Words>(&mut self, fronts: &Fronts<'_, '_, W>, most: usize, now: f64) -> Option<Choice> {
        if let Some(urgent) = Self::urgent(fronts, most) {
            return Some(urgent);
        }
        match fronts.group.options.policy {
            Policy::Strict => self.strict(fronts, most, now),
            Policy::Weighted => self.weighted(fronts, most),
            Policy::Fifo | Policy::Deadline => fronts.has(0).then_some(Choice::of(0, most)),
        }
    }

    /// So many messages were taken by a choice.
    pub(crate) fn took<W: Words>(&mut self, group: &SharedGroup<W>, choice: Choice, taken: usize) {
        if choice.lane >= group.urgent() {
            return;
        }
        let deficit = &mut self.deficits[choice.lane];
        *deficit = deficit.saturating_sub(taken as u32);
        self.since_aged = if choice.is_aged { 0 } else { (self.since_aged + taken as u32).min(AGED_ONE_IN - 1) };
    }

    fn strict<W: Words>(&mut self, fronts: &Fronts<'_, '_, W>, most: usize, now: f64) -> Option<Choice> {
        let group = fronts.group;
        let highest = (0..group.urgent()).rev().find(|&lane| fronts.has(lane))?;
        let age_ns = group.options.age_ns;
        if age_ns <= 0.0 || highest == 0 {
            return Some(Choice::of(highest, most));
        }
        let before_aged = (AGED_ONE_IN - 1 - self.since_aged) as usize;
        if before_aged > 0 {
            return Some(Choice::of(highest, most.min(before_aged)));
        }
        let fronts = (0..highest).filter_map(|lane| Some((fronts.queued(lane)?, lane)));
        let aged = fronts.filter(|(queued, _)| now - queued > age_ns).min_by(|a, b| a.0.total_cmp(&b.0));
        // If there is none there will be none within this turn: its time stands still.
        Some(aged.map_or(Choice::of(highest, most), |(_, lane)| Choice { lane, quota: 1, is_aged: true }))
    }

    fn weighted<W: Words>(&mut self, fronts: &Fronts<'_, '_, W>, most: usize) -> Option<Choice> {
        let lanes = fronts.group.urgent();
        for _ in 0..=lanes {
            if let Some(lane) = self.visited {
                if !fronts.has(lane) {
                    self.deficits[lane] = 0;
                }
                if self.deficits[lane] > 0 {
                    return Some(Choice::of(lane, most.min(self.deficits[lane] as usize)));
                }
            }
            let lane = self.visited.unwrap_or(0).checked_sub(1).or(lanes.checked_sub(1))?;
            self.visited = Some(lane);
            if fronts.has(lane) {
                self.deficits[lane] += fronts.group.options.lanes[lane].weight;
            }
        }
        None
    }
}

impl Choice {
    const fn of(lane: usize, quota: usize) -> Self {
        Self { lane, quota, is_aged: false }
    }
}
