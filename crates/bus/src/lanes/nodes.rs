//! What a schedule knows of each envelope, apart from the memory that others can write.
//!
//! A node is an envelope's number and one, so that 0 is none. Arrays begin as zeros that the allocator maps without
//! touching them: an envelope that was never used costs no memory.

/// No node.
pub(super) const NONE: u32 = 0;

const SEQUENCE: usize = 0;
const TAG: usize = 1;

const LANE_SHIFT: u32 = 2;
const DEADLINE: u64 = 1 << 6;
const LINE: u64 = 1 << 7;
const MAILBOX_SHIFT: u32 = 8;
const NEXT_SHIFT: u32 = 36;

/// What an envelope is to a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is elsewhere.
    Absent = 0,
    Waiting = 1,
    InFlight = 2,
    /// It waits for its time, and keeps its key to itself meanwhile.
    Delayed = 3,
}

/// What is looked at most in one word: state in 2 bits, lane in 4, whether there is a deadline in 1, whether it is in a
/// line in 1, mailbox in 28, the next in its line in the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(u64);

#[derive(Debug)]
pub(super) struct Nodes {
    /// Sequence and tag.
    all: Vec<[u64; 2]>,
}

impl Nodes {
    pub(super) fn new(envelopes: u32) -> Self {
        Self { all: vec![[0; 2]; envelopes as usize + 1] }
    }

    /// The node of an envelope, if there is such an envelope.
    #[inline]
    pub(super) fn of(&self, envelope: u32) -> Option<u32> {
        let node = envelope as usize + 1;
        (node < self.all.len()).then_some(node as u32)
    }

    #[inline]
    pub(super) fn tag(&self, node: u32) -> Tag {
        Tag(self.all[node as usize][TAG])
    }

    /// Begins a life in the queue.
    #[inline]
    pub(super) fn begin(&mut self, node: u32, sequence: u64, tag: Tag) {
        self.all[node as usize] = [sequence, tag.0];
    }

    /// Chains a node to the last one of its line, which has no next one yet.
    #[inline]
    pub(super) fn chain(&mut self, last: u32, node: u32) {
        self.all[last as usize][TAG] |= u64::from(node) << NEXT_SHIFT;
    }

    #[inline]
    pub(super) fn set_tag(&mut self, node: u32, tag: Tag) {
        self.all[node as usize][TAG] = tag.0;
    }

    #[inline]
    pub(super) fn set_state(&mut self, node: u32, state: State) {
        self.set_tag(node, self.tag(node).with(state));
    }

    /// Its place among all that was submitted.
    #[inline]
    pub(super) fn sequence(&self, node: u32) -> u64 {
        self.all[node as usize][SEQUENCE]
    }

    #[inline]
    pub(super) fn set_sequence(&mut self, node: u32, sequence: u64) {
        self.all[node as usize][SEQUENCE] = sequence;
    }

    /// Whichever of two was submitted first; either may be none.
    #[inline]
    pub(super) fn first(&self, one: u32, other: u32) -> u32 {
        if one == NONE || (other != NONE && self.sequence(other) < self.sequence(one)) { other } else { one }
    }
}

impl Tag {
    #[inline]
    pub(super) const fn waiting(lane: usize, has_deadline: bool, mailbox: u32) -> Self {
        let deadline = if has_deadline { DEADLINE } else { 0 };
        Self(State::Waiting as u64 | (lane as u64) << LANE_SHIFT | deadline | (mailbox as u64) << MAILBOX_SHIFT)
    }

    /// Of a message that is appended to the line of its lane.
    #[inline]
    pub(super) const fn in_line(lane: usize, has_deadline: bool) -> Self {
        let deadline = if has_deadline { DEADLINE } else { 0 };
        Self(State::Waiting as u64 | (lane as u64) << LANE_SHIFT | deadline | LINE)
    }

    /// The same with another state.
    #[inline]
    pub(super) const fn with(self, state: State) -> Self {
        Self(self.0 >> LANE_SHIFT << LANE_SHIFT | state as u64)
    }

    #[inline]
    pub(super) const fn is(self, state: State) -> bool {
        self.0 & ((1 << LANE_SHIFT) - 1) == state as u64
    }

    #[inline]
    pub(super) const fn lane(self) -> usize {
        (self.0 >> LANE_SHIFT & 0xf) as usize
    }

    /// Whether it has a deadline. Most have none, and then the envelope need not be read to pick it.
    #[inline]
    pub(super) const fn has_deadline(self) -> bool {
        self.0 & DEADLINE != 0
    }

    /// Whether it is in the line of its lane, or was when it was leased.
    #[inline]
    pub(super) const fn is_in_line(self) -> bool {
        self.0 & LINE != 0
    }

    /// Whether it is in the line of its lane and has no deadline, as most: nothing keeps it from being leased.
    #[inline]
    pub(super) const fn just_waits(self) -> bool {
        self.0 & (LINE | DEADLINE) == LINE
    }

    /// The next in its line; none for the last.
    #[inline]
    pub(super) const fn next(self) -> u32 {
        (self.0 >> NEXT_SHIFT) as u32
    }

    /// The mailbox of its key; 0 for a message that runs on its own.
    #[inline]
    pub(super) const fn mailbox(self) -> u32 {
        (self.0 >> MAILBOX_SHIFT) as u32 & ((1 << (NEXT_SHIFT - MAILBOX_SHIFT)) - 1)
    }
}
