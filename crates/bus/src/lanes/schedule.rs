//! The queue of a consumer group as Rust calls it, by one caller at a time: messages go in, are picked one after the other
//! by policy, and end or come back. Whoever calls has the pool of free envelopes, and a list of what was let go.

use super::controlled_delay::ControlledDelay;
use super::envelopes::{Envelopes, Head};
use super::nodes::{NONE, State};
use super::options::{Overflow, ScheduleOptions, bits};
use super::order::Order;
use super::queue::Queue;
use super::step::Step;
use crate::error::BusError;
use crate::layout::{
    LANES_MOST, OUTCOME_CLOSED, OUTCOME_CONFLATED, OUTCOME_DELIVERED, OUTCOME_OVERFLOW, OUTCOME_RETRIED,
    OUTCOME_RETURNED, OUTCOME_SHED, OUTCOME_UNDECODABLE, OUTCOMES,
};
use crate::memory::Words;

/// A message that left the queue unhandled. Its envelope can be read until whoever called gives it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "whoever calls gives the envelope back"]
pub struct Released {
    /// The envelope's number.
    pub envelope: u32,
    /// One of the outcomes.
    pub reason: u32,
}

/// One step of picking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picked {
    /// The message in this envelope is to be handled, and then settled.
    Leased(u32),
    /// This one is not run any more.
    Released(Released),
}

/// What became of a message that was in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "whoever calls gives the envelope of an ended message back"]
pub enum Settlement {
    /// It has left the queue.
    Ended,
    /// It waits again, where it was, if only after a delay.
    Waits,
    /// It is not in flight, or its generation is another one, or there is no such outcome: nothing happened.
    Unknown,
}

/// The queue.
#[derive(Debug)]
pub struct Schedule<M> {
    queue: Queue<M>,
    order: Order,
    lanes: Vec<Lane>,
    /// A bit for each lane that has a line, and where no message takes the place of another.
    simple: u32,
    /// A bit for each lane that sheds.
    shedding: u32,
    ended: [u64; OUTCOMES],
    /// The time of the last [`Self::wake`].
    now: f64,
}

#[derive(Debug)]
struct Lane {
    capacity: u32,
    overflow: Overflow,
    /// What decides upon shedding, in a lane that sheds.
    delay: Option<ControlledDelay>,
}

impl<M: Words> Schedule<M> {
    /// An empty one over the memory of its envelopes.
    ///
    /// # Errors
    /// [`BusError::Schedule`] if the options or the number of envelopes are out of range.
    pub fn new(envelopes: M, options: &ScheduleOptions) -> Result<Self, BusError> {
        let envelopes = Envelopes::new(envelopes);
        options.check(envelopes.count() as usize)?;
        let lane = |(number, lane): (usize, &super::options::LaneOptions)| Lane {
            capacity: lane.capacity,
            overflow: lane.overflow,
            delay: (lane.shed_target_ns > 0.0 && number < options.urgent_from())
                .then(|| ControlledDelay::new(lane.shed_target_ns, lane.shed_interval_ns)),
        };
        let lanes: Vec<Lane> = options.lanes.iter().enumerate().map(lane).collect();
        let shedding = bits(lanes.iter().map(|lane| lane.delay.is_some()));
        let queue = Queue::new(envelopes, options, shedding);
        let is_simple = |(number, lane): (usize, &Lane)| queue.has_line(number) && !lane.overflow.replaces();
        Ok(Self {
            order: Order::new(options),
            simple: bits(lanes.iter().enumerate().map(is_simple)),
            shedding,
            queue,
            lanes,
            ended: [0; OUTCOMES],
            now: 0.0,
        })
    }

    /// Takes a message in, and returns what has to go for it: an older one whose place it takes, or the oldest of a full
    /// lane that drops. An envelope that is here already, or does not exist, is ignored.
    #[inline]
    pub fn admit(&mut self, envelope: u32) -> Option<Released> {
        let node = self.queue.nodes.of(envelope)?;
        if !self.queue.nodes.tag(node).is(State::Absent) {
            return None;
        }
        let head = self.queue.envelopes.head(envelope);
        if head.lane < LANES_MOST && self.simple & 1 << head.lane != 0 && self.queue.runs_alone(head) {
            self.queue.add_to_line(node, head.lane, head.has_deadline);
            return None;
        }
        self.admit_with_care(node)
    }

    /// As [`Self::admit`] for a message with a key, or of a lane where it can take the place of another.
    #[inline(never)]
    fn admit_with_care(&mut self, node: u32) -> Option<Released> {
        let head = self.queue.envelopes.head(node - 1);
        let lane = if head.lane < self.lanes.len() { head.lane } else { 0 };
        if self.lanes[lane].overflow.replaces() {
            return self.admit_for_another(node, lane, head);
        }
        self.queue.add(node, lane, head);
        None
    }

    fn admit_for_another(&mut self, node: u32, lane: usize, head: Head) -> Option<Released> {
        if let Some(old) = self.queue.find_conflated(node, lane) {
            self.queue.replace(old, node);
            return Some(self.released(old, OUTCOME_CONFLATED));
        }
        let is_full = self.queue.waiting(lane) >= self.lanes[lane].capacity;
        let dropped = if is_full { self.drop_oldest(lane, OUTCOME_OVERFLOW) } else { None };
        self.queue.add(node, lane, head);
        dropped
    }

    /// Takes in what became of a message in flight, if it still is what it was when it was leased.
    #[inline]
    pub fn settle(&mut self, envelope: u32, generation: u32, outcome: u32) -> Settlement {
        let Some(node) = self.queue.nodes.of(envelope) else { return Settlement::Unknown };
        let is_in_flight = self.queue.nodes.tag(node).is(State::InFlight);
        if !is_in_flight || self.queue.envelopes.generation(envelope) != generation {
            return Settlement::Unknown;
        }
        match outcome {
            OUTCOME_DELIVERED..=OUTCOME_UNDECODABLE => {
                self.ended[outcome as usize] += 1;
                self.queue.finish(node);
                Settlement::Ended
            }
            OUTCOME_RETURNED => {
                self.put_back(node);
                Settlement::Waits
            }
            OUTCOME_RETRIED => {
                self.ended[OUTCOME_RETRIED as usize] += 1;
                self.queue.envelopes.raise_attempt(envelope);
                self.put_back(node);
                Settlement::Waits
            }
            _ => Settlement::Unknown,
        }
    }

    /// Lets a message that was in flight wait again, where it was: at once, or after the delay that its envelope names.
    fn put_back(&mut self, node: u32) {
        let delay = self.queue.envelopes.take_delay(node - 1);
        if delay > 0.0 {
            self.queue.delay(node, self.now + delay);
        } else {
            self.queue.rejoin(node);
        }
    }

    /// It is `now`: what waited for that can run. Delays count from here on.
    #[inline]
    pub fn wake(&mut self, now: f64) {
        self.now = now;
        self.queue.wake(now);
    }

    /// Whatever waits for its time waits no longer for that.
    pub fn wake_all(&mut self) {
        self.queue.wake_all();
    }

    /// How many wait for their time.
    #[must_use]
    pub fn delayed(&self) -> usize {
        self.queue.delayed()
    }

    /// When the first of those is due that wait for their time; 0 if there is none.
    #[inline]
    #[must_use]
    pub fn first_due(&self) -> f64 {
        self.queue.first_due()
    }

    /// Leases the message that runs next, or lets go of it; nothing if none can run. `now` is in nanoseconds since the bus
    /// was opened.
    #[inline]
    pub fn pick(&mut self, now: f64) -> Option<Picked> {
        self.step(now).picked()
    }

    /// The same from urgent lanes alone.
    #[inline]
    pub fn pick_urgent(&mut self, now: f64) -> Option<Picked> {
        self.step_urgent(now).picked()
    }

    /// The same from one run lane, out of turn. Lanes that are ordered by deadline have none.
    pub fn pick_in(&mut self, lane: usize, now: f64) -> Option<Picked> {
        self.take(self.queue.next(lane), now).picked()
    }

    /// The envelope that [`Self::pick_in`] would try.
    #[must_use]
    pub fn next_in(&self, lane: usize) -> Option<u32> {
        let entry = self.queue.next(lane);
        (entry != NONE).then(|| self.queue.message_of(entry) - 1)
    }

    /// As [`Self::pick`].
    #[inline]
    pub(super) fn step(&mut self, now: f64) -> Step {
        if self.runnable_urgent() > 0 {
            return self.step_urgent(now);
        }
        let entry = self.order.choose(&self.queue, now);
        let step = self.take(entry, now);
        if step.is_lease() {
            self.order.count();
        }
        step
    }

    /// As [`Self::pick_urgent`].
    #[inline(never)]
    pub(super) fn step_urgent(&mut self, now: f64) -> Step {
        let entry = if self.runnable_urgent() == 0 { NONE } else { self.queue.highest() };
        self.take(entry, now)
    }

    #[allow(clippy::inline_always, reason = "a call would cost a tenth of a message")]
    #[inline(always)]
    fn take(&mut self, entry: u32, now: f64) -> Step {
        if entry == NONE {
            return Step::NONE;
        }
        let tag = self.queue.nodes.tag(entry);
        if !tag.just_waits() {
            return self.take_with_care(entry, now);
        }
        self.queue.lease_from_line(entry, tag);
        Step::lease(entry)
    }

    /// As [`Self::take`] for what may expire, be shed, or wait in a mailbox.
    #[inline(never)]
    fn take_with_care(&mut self, entry: u32, now: f64) -> Step {
        let node = self.queue.message_of(entry);
        if self.queue.nodes.tag(node).has_deadline() && self.is_expired(entry, node, now) {
            return Step::release(self.release(node, self.queue.envelopes.expired(node - 1)));
        }
        if self.is_shed(node, now) {
            return Step::release(self.release(node, OUTCOME_SHED));
        }
        self.queue.lease(node);
        Step::lease(node)
    }

    /// Whether the message of an entry that was chosen must not be run any more. Where deadlines order them they lie at hand:
    /// to read them in the envelopes would miss the cache each time.
    #[inline]
    fn is_expired(&self, entry: u32, node: u32, now: f64) -> bool {
        let Queue { nodes, run_lanes, envelopes, .. } = &self.queue;
        if run_lanes.is_by_deadline(nodes.tag(entry).lane()) {
            run_lanes.is_expired(now)
        } else {
            envelopes.deadline(node - 1) <= now
        }
    }

    #[inline]
    fn is_shed(&mut self, node: u32, now: f64) -> bool {
        let lane = self.queue.nodes.tag(node).lane();
        if self.shedding & 1 << lane == 0 {
            return false;
        }
        let Some(delay) = &mut self.lanes[lane].delay else { return false };
        delay.sheds(now, now - self.queue.envelopes.queued(node - 1), self.queue.waiting(lane) == 1)
    }

    /// Lets go of the waiting message of a lane that was submitted first, for a reason that is an outcome.
    pub fn drop_oldest(&mut self, lane: usize, reason: u32) -> Option<Released> {
        let oldest = self.queue.oldest(lane);
        (oldest != NONE).then(|| self.release(oldest, reason))
    }

    /// Lets go of a waiting message because the group is closed: highest lane first, in order of submission.
    pub fn close_one(&mut self) -> Option<Released> {
        (0..self.lanes.len()).rev().find_map(|lane| self.drop_oldest(lane, OUTCOME_CLOSED))
    }

    fn release(&mut self, node: u32, reason: u32) -> Released {
        self.queue.release(node);
        self.released(node, reason)
    }

    fn released(&mut self, node: u32, reason: u32) -> Released {
        self.ended[reason as usize] += 1;
        Released { envelope: node - 1, reason }
    }

    /// Messages and mailboxes that nothing but a free consumer is missing for.
    #[inline]
    #[must_use]
    pub const fn runnable(&self) -> u32 {
        self.queue.run_lanes.count()
    }

    /// Those of them in urgent lanes.
    #[inline]
    #[must_use]
    pub const fn runnable_urgent(&self) -> u32 {
        self.queue.run_lanes.urgent_count()
    }

    /// How many lanes there are.
    #[must_use]
    pub const fn lanes(&self) -> usize {
        self.queue.lanes()
    }

    /// Messages of a lane that wait, those of busy keys included.
    #[must_use]
    pub fn waiting(&self, lane: usize) -> u32 {
        self.queue.waiting(lane)
    }

    /// Messages that a lane still takes.
    #[must_use]
    pub fn room(&self, lane: usize) -> u32 {
        self.lanes[lane].capacity.saturating_sub(self.queue.waiting(lane))
    }

    /// The waiting message of a lane that was submitted first, those of busy keys included.
    #[must_use]
    pub fn oldest(&self, lane: usize) -> Option<u32> {
        self.queue.oldest(lane).checked_sub(1)
    }

    /// How many messages ended so, and how many were retried, by outcome.
    #[must_use]
    pub const fn ended(&self) -> &[u64; OUTCOMES] {
        &self.ended
    }

    /// The memory of its envelopes.
    #[must_use]
    pub const fn envelopes(&self) -> &Envelopes<M> {
        &self.queue.envelopes
    }
}
