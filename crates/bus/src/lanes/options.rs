//! What a schedule is opened with.

use crate::error::BusError;
use crate::layout::{ENVELOPES_MOST, LANES_MOST};

/// What happens to a message that does not fit its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// The submitter waits for room.
    Block,
    /// The submitter is refused.
    Reject,
    /// The message of the lane goes that was submitted first.
    DropOldest,
    /// The submitter drops it.
    DropNewest,
    /// It takes the place of the waiting message of the same topic and key; without one the oldest goes.
    Conflate,
}

impl Overflow {
    /// Whether a new message can take the place of one that waits.
    pub(super) const fn replaces(self) -> bool {
        matches!(self, Self::DropOldest | Self::Conflate)
    }
}

/// In which order waiting messages run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The highest lane first; one pick in eight may go to what has waited too long below it.
    Strict,
    /// Deficit round robin over the lanes that are not urgent.
    Weighted,
    /// The earliest deadline first.
    Deadline,
    /// As they came, whatever their lane.
    Fifo,
}

/// One lane. Lanes are numbered from 0, the least urgent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneOptions {
    /// Most messages that wait, 1 to [`ENVELOPES_MOST`].
    pub capacity: u32,
    /// What happens to those that do not fit.
    pub overflow: Overflow,
    /// Messages in a round of [`Policy::Weighted`], 1 to 65,535.
    pub weight: u32,
    /// Delay that is borne, in nanoseconds; 0 for any.
    pub shed_target_ns: f64,
    /// How long it is borne if it is longer, in nanoseconds.
    pub shed_interval_ns: f64,
}

/// A schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduleOptions {
    /// 1 to [`LANES_MOST`].
    pub lanes: Vec<LaneOptions>,
    /// The order.
    pub policy: Policy,
    /// The lowest urgent lane; as many as there are lanes if none is.
    pub urgent: usize,
    /// The age bound of [`Policy::Strict`], in nanoseconds; 0 for none.
    pub age_ns: f64,
    /// Whether messages of one key run one after the other, in the order in which they were submitted.
    pub ordered: bool,
}

impl ScheduleOptions {
    /// Refuses what no schedule can be opened with, over so many envelopes.
    pub(super) fn check(&self, envelopes: usize) -> Result<(), BusError> {
        let is_time = |ns: f64| ns >= 0.0 && ns.is_finite();
        let is_lane = |lane: &LaneOptions| {
            let is_interval = lane.shed_target_ns == 0.0 || lane.shed_interval_ns > 0.0;
            (1..=ENVELOPES_MOST as u32).contains(&lane.capacity)
                && (1..=0xffff).contains(&lane.weight)
                && is_time(lane.shed_target_ns)
                && is_time(lane.shed_interval_ns)
                && is_interval
        };
        let demands = [
            ((1..=ENVELOPES_MOST).contains(&envelopes), "a schedule has 1 to 16,777,216 envelopes"),
            ((1..=LANES_MOST).contains(&self.lanes.len()), "a schedule has 1 to 16 lanes"),
            (self.lanes.iter().all(is_lane), "a lane's capacity, weight or times are out of range"),
            (self.urgent <= self.lanes.len(), "the lowest urgent lane is at most the number of lanes"),
            (is_time(self.age_ns), "the age bound is a time of 0 or more"),
        ];
        demands.into_iter().find(|(is_met, _)| !is_met).map_or(Ok(()), |(_, what)| Err(BusError::Schedule(what)))
    }

    /// The lowest urgent lane as the order takes it: with [`Policy::Fifo`] none is.
    pub(super) fn urgent_from(&self) -> usize {
        if self.policy == Policy::Fifo { self.lanes.len() } else { self.urgent }
    }
}

/// A mask of which lanes are so.
pub(super) fn bits(lanes: impl Iterator<Item = bool>) -> u32 {
    lanes.enumerate().fold(0, |mask, (lane, is_so)| mask | u32::from(is_so) << lane)
}
