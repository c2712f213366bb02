//! What waits and what is in flight. A message without a key runs on its own; the others wait in the mailbox of their key,
//! which runs as one.

use super::conflation::{Conflation, Identity};
use super::delayed::Delayed;
use super::envelopes::{Envelopes, Head};
use super::lists::Lists;
use super::mailboxes::Mailboxes;
use super::nodes::{NONE, Nodes, State, Tag};
use super::options::{Overflow, Policy, ScheduleOptions, bits};
use super::run_lanes::RunLanes;
use crate::layout::LANES_MOST;
use crate::memory::Words;

#[derive(Debug)]
pub(super) struct Queue<M> {
    pub(super) envelopes: Envelopes<M>,
    pub(super) nodes: Nodes,
    pub(super) run_lanes: RunLanes,
    waiting: [u32; LANES_MOST],
    lanes: usize,
    /// For each lane the messages without a key, then for each lane those in mailboxes.
    lists: Lists,
    mailboxes: Mailboxes,
    delayed: Delayed,
    /// For each lane that keeps the last message of each topic and key.
    conflations: Vec<Option<Conflation>>,
    /// A bit for each of those lanes.
    conflating: u32,
    is_ordered: bool,
    is_promoting: bool,
    /// Of the message that was submitted last.
    sequence: u64,
}

impl<M: Words> Queue<M> {
    /// `shedding` has a bit for each lane whose messages may be shed instead of leased.
    pub(super) fn new(envelopes: Envelopes<M>, options: &ScheduleOptions, shedding: u32) -> Self {
        let (count, lanes) = (envelopes.count(), options.lanes.len());
        let conflation = |overflow| (overflow == Overflow::Conflate).then(|| Conflation::new(count));
        let by_sequence = bits((0..lanes).map(|lane| options.policy != Policy::Deadline || lane >= options.urgent));
        let conflating = bits(options.lanes.iter().map(|lane| lane.overflow == Overflow::Conflate));
        Self {
            envelopes,
            nodes: Nodes::new(count),
            run_lanes: RunLanes::new(count, options),
            waiting: [0; LANES_MOST],
            lanes,
            lists: Lists::new(count, by_sequence & !conflating & !shedding),
            mailboxes: Mailboxes::new(count, lanes),
            delayed: Delayed::new(count),
            conflations: options.lanes.iter().map(|lane| conflation(lane.overflow)).collect(),
            conflating,
            is_ordered: options.ordered,
            is_promoting: options.policy != Policy::Fifo,
            sequence: 0,
        }
    }

    #[inline]
    pub(super) const fn lanes(&self) -> usize {
        self.lanes
    }

    /// Messages of a lane that wait.
    #[inline]
    pub(super) fn waiting(&self, lane: usize) -> u32 {
        self.waiting[lane]
    }

    /// The waiting message whose place a new one takes.
    pub(super) fn find_conflated(&self, node: u32, lane: usize) -> Option<u32> {
        self.conflations[lane].as_ref()?.find(&self.nodes, self.identity(node))
    }

    /// Whether a message is one for the line of its lane, if the lane has one.
    #[inline]
    pub(super) const fn runs_alone(&self, head: Head) -> bool {
        head.key == 0 || !self.is_ordered
    }

    #[inline]
    pub(super) const fn has_line(&self, lane: usize) -> bool {
        self.lists.has_line(lane)
    }

    /// Adds a message that is not here yet.
    pub(super) fn add(&mut self, node: u32, lane: usize, head: Head) {
        if self.has_line(lane) && self.runs_alone(head) {
            self.add_to_line(node, lane, head.has_deadline);
        } else {
            let key = if self.is_ordered { head.key } else { 0 };
            self.add_to_list(node, lane, key, head.has_deadline);
        }
    }

    /// As [`Self::add`] for one that runs alone, in a lane that has a line.
    #[inline]
    pub(super) fn add_to_line(&mut self, node: u32, lane: usize, has_deadline: bool) {
        self.sequence += 1;
        self.nodes.begin(node, self.sequence, Tag::in_line(lane, has_deadline));
        self.waiting[lane] += 1;
        self.lists.append_to_line(&mut self.nodes, lane, node);
        self.run_lanes.enter_line(lane);
    }

    fn add_to_list(&mut self, node: u32, lane: usize, key: u64, has_deadline: bool) {
        let mailbox = if key == 0 { NONE } else { self.mailboxes.open(key) };
        self.sequence += 1;
        self.nodes.set_sequence(node, self.sequence);
        self.begin_to_wait(node, Tag::waiting(lane, has_deadline, mailbox));
        self.lists.append(Self::list_of(lane, mailbox), node);
        if mailbox == NONE {
            self.run_lanes.enter(&self.nodes, &self.envelopes, node, node);
        } else {
            self.mailboxes.append(mailbox, lane, node);
            self.place(mailbox);
        }
    }

    /// Puts a new message in the place of one that waits in the same lane, and lets go of that.
    pub(super) fn replace(&mut self, old: u32, node: u32) {
        let tag = self.nodes.tag(old);
        let (lane, mailbox) = (tag.lane(), tag.mailbox());
        self.nodes.set_sequence(node, self.nodes.sequence(old));
        self.cease_to_wait(old, State::Absent);
        let has_deadline = self.envelopes.deadline(node - 1) != 0.0;
        self.begin_to_wait(node, Tag::waiting(lane, has_deadline, mailbox));
        self.lists.replace(Self::list_of(lane, mailbox), old, node);
        if mailbox == NONE {
            self.run_lanes.leave(&self.nodes, &self.lists, old);
            self.run_lanes.enter(&self.nodes, &self.envelopes, node, node);
        } else {
            self.mailboxes.replace(mailbox, lane, old, node);
            self.place(mailbox);
        }
    }

    /// The waiting message of a lane that was submitted first, those of busy keys included; none if none waits.
    pub(super) fn oldest(&self, lane: usize) -> u32 {
        self.nodes.first(self.lists.first(lane), self.lists.first(LANES_MOST + lane))
    }

    /// The entry of a run lane that runs next; none if there is none.
    #[inline]
    pub(super) fn next(&self, lane: usize) -> u32 {
        self.run_lanes.next(&self.nodes, &self.lists, lane)
    }

    /// The entry of the highest run lane that has one.
    #[inline]
    pub(super) fn highest(&self) -> u32 {
        self.run_lanes.mask().checked_ilog2().map_or(NONE, |lane| self.next(lane as usize))
    }

    /// The message that runs when it is the turn of an entry.
    #[inline]
    pub(super) fn message_of(&self, entry: u32) -> u32 {
        let mailbox = self.nodes.tag(entry).mailbox();
        if mailbox == NONE { entry } else { self.mailboxes.get(mailbox).runs }
    }

    /// Takes a message that runs next out of what waits.
    pub(super) fn lease(&mut self, node: u32) {
        let tag = self.nodes.tag(node);
        if tag.is_in_line() {
            self.lease_from_line(node, tag);
        } else {
            self.lease_from_list(node);
        }
    }

    /// As [`Self::lease`] for a message with this tag, which is in a line.
    #[inline]
    pub(super) fn lease_from_line(&mut self, node: u32, tag: Tag) {
        self.nodes.set_tag(node, tag.with(State::InFlight));
        self.leave_line(tag);
    }

    /// Takes the message of this tag away, which is the first of its line.
    #[inline]
    fn leave_line(&mut self, tag: Tag) {
        let lane = tag.lane();
        self.waiting[lane] -= 1;
        self.lists.advance_line(lane, tag);
        self.run_lanes.leave_line(&self.lists, lane);
    }

    fn lease_from_list(&mut self, node: u32) {
        let tag = self.cease_to_wait(node, State::InFlight);
        let (lane, mailbox) = (tag.lane(), tag.mailbox());
        self.lists.leave(&self.nodes, Self::list_of(lane, mailbox), node);
        if mailbox == NONE {
            self.run_lanes.leave(&self.nodes, &self.lists, node);
        } else {
            self.mailboxes.remove(mailbox, lane, node);
            self.mailboxes.get_mut(mailbox).is_busy = true;
            self.place(mailbox);
        }
    }

    /// Lets go of a message that runs next, or is the oldest of its lane.
    pub(super) fn release(&mut self, node: u32) {
        let tag = self.nodes.tag(node);
        if tag.is_in_line() {
            self.nodes.set_tag(node, tag.with(State::Absent));
            return self.leave_line(tag);
        }
        let tag = self.cease_to_wait(node, State::Absent);
        let (lane, mailbox) = (tag.lane(), tag.mailbox());
        let list = Self::list_of(lane, mailbox);
        self.lists.leave(&self.nodes, list, node);
        self.lists.remove(list, node);
        if mailbox == NONE {
            self.run_lanes.leave(&self.nodes, &self.lists, node);
        } else {
            self.mailboxes.remove(mailbox, lane, node);
            self.place(mailbox);
        }
    }

    /// Lets go of a message that was in flight; its key is free.
    #[inline]
    pub(super) fn finish(&mut self, node: u32) {
        let tag = self.nodes.tag(node);
        self.nodes.set_tag(node, tag.with(State::Absent));
        if !tag.is_in_line() {
            self.finish_in_list(node, tag);
        }
    }

    #[inline(never)]
    fn finish_in_list(&mut self, node: u32, tag: Tag) {
        let (lane, mailbox) = (tag.lane(), tag.mailbox());
        self.lists.remove(Self::list_of(lane, mailbox), node);
        if mailbox != NONE {
            self.mailboxes.get_mut(mailbox).is_busy = false;
            self.place(mailbox);
        }
    }

    /// Lets a message that was in flight wait again, where it was.
    pub(super) fn rejoin(&mut self, node: u32) {
        let tag = self.nodes.tag(node);
        let (lane, mailbox) = (tag.lane(), tag.mailbox());
        self.begin_to_wait(node, tag.with(State::Waiting));
        if tag.is_in_line() {
            self.lists.rejoin_line(&self.nodes, lane, node);
            return self.run_lanes.enter_line(lane);
        }
        self.lists.rejoin(&self.nodes, Self::list_of(lane, mailbox), node);
        if mailbox == NONE {
            self.run_lanes.enter(&self.nodes, &self.envelopes, node, node);
        } else {
            self.mailboxes.get_mut(mailbox).is_busy = false;
            self.mailboxes.prepend(mailbox, lane, node);
            self.place(mailbox);
        }
    }

    /// Lets a message that was in flight wait until `due`. It keeps its place in its lane, counts as waiting there, and its
    /// key waits with it.
    pub(super) fn delay(&mut self, node: u32, due: f64) {
        let tag = self.nodes.tag(node);
        self.nodes.set_tag(node, tag.with(State::Delayed));
        self.waiting[tag.lane()] += 1;
        self.delayed.add(node, due, self.nodes.sequence(node));
    }

    /// Lets those rejoin that are due.
    #[inline]
    pub(super) fn wake(&mut self, now: f64) {
        loop {
            let node = self.delayed.take_due(now);
            if node == NONE {
                return;
            }
            self.rejoin_delayed(node);
        }
    }

    /// Lets all rejoin, due or not.
    pub(super) fn wake_all(&mut self) {
        loop {
            let node = self.delayed.take_first();
            if node == NONE {
                return;
            }
            self.rejoin_delayed(node);
        }
    }

    fn rejoin_delayed(&mut self, node: u32) {
        self.waiting[self.nodes.tag(node).lane()] -= 1;
        self.rejoin(node);
    }

    /// How many wait for their time.
    pub(super) fn delayed(&self) -> usize {
        self.delayed.len()
    }

    /// When the first of those is due that wait for their time; 0 if there is none.
    #[inline]
    pub(super) fn first_due(&self) -> f64 {
        self.delayed.first_due()
    }

    #[inline]
    fn begin_to_wait(&mut self, node: u32, tag: Tag) {
        self.nodes.set_tag(node, tag);
        self.waiting[tag.lane()] += 1;
        if self.conflating & 1 << tag.lane() != 0 {
            let identity = self.identity(node);
            self.conflations[tag.lane()].as_mut().into_iter().for_each(|conflation| conflation.add(node, identity));
        }
    }

    /// Returns the tag that it had.
    #[inline]
    fn cease_to_wait(&mut self, node: u32, state: State) -> Tag {
        let tag = self.nodes.tag(node);
        self.nodes.set_state(node, state);
        self.waiting[tag.lane()] -= 1;
        if self.conflating & 1 << tag.lane() != 0 {
            self.conflations[tag.lane()].as_mut().into_iter().for_each(|conflation| conflation.remove(node));
        }
        tag
    }

    /// Puts a mailbox where it runs now: in the lane of its most urgent message, at that message's place.
    fn place(&mut self, number: u32) {
        let Self { nodes, run_lanes, mailboxes, lists, envelopes, .. } = self;
        let mailbox = *mailboxes.get(number);
        let runs = if mailbox.is_busy { NONE } else { mailboxes.oldest(nodes, number) };
        let entry = if runs != NONE && self.is_promoting { mailboxes.most_urgent(number) } else { runs };
        if (entry, runs) != (mailbox.entry, mailbox.runs) {
            if mailbox.entry != NONE {
                run_lanes.leave(nodes, lists, mailbox.entry);
            }
            let mailbox = mailboxes.get_mut(number);
            (mailbox.entry, mailbox.runs) = (entry, runs);
            if entry != NONE {
                run_lanes.enter(nodes, envelopes, entry, runs);
            }
        }
        if entry == NONE && !mailbox.is_busy {
            mailboxes.close(number);
        }
    }

    #[inline]
    const fn list_of(lane: usize, mailbox: u32) -> usize {
        if mailbox == NONE { lane } else { LANES_MOST + lane }
    }

    fn identity(&self, node: u32) -> Identity {
        Identity { topic: self.envelopes.topic(node - 1), key: self.envelopes.key(node - 1) }
    }
}
