//! What a venue says beside its data: heartbeats, states of its system, answers to what was asked of it, and errors.
//!
//! All are counted. Heartbeats say no more than that; the others are noted with their text until they are taken, so that
//! whoever keeps the connection can read what was refused, and why.

use tickbus_bus::layout::{CONTROL_TEXT_BYTES_MOST, CONTROLS_MOST};

/// What a frame beside the data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlKind {
    /// The connection lives: a heartbeat, or the answer to a ping.
    Heartbeat,
    /// The state of the venue's system or of the connection.
    Status,
    /// The answer to a request.
    Reply,
    /// A request was refused, or something went wrong.
    Error,
}

/// Every kind's name, in the order of the kinds.
pub const CONTROL_KINDS: [&str; 4] = ["heartbeat", "status", "reply", "error"];

impl ControlKind {
    /// The kind of a frame by what its venue calls it: one table, since no name means two things. Nothing if it is data.
    #[must_use]
    pub fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"heartbeat" | b"heartbeats" | b"ping" | b"pong" => Some(Self::Heartbeat),
            b"status" | b"systemStatus" | b"system" | b"serverShutdown" | b"notice" | b"channel-conn-count" => {
                Some(Self::Status)
            }
            b"reply" | b"subscribe" | b"unsubscribe" | b"subscriptions" | b"subscriptionStatus" | b"login" => {
                Some(Self::Reply)
            }
            b"error" | b"channel-conn-count-error" => Some(Self::Error),
            _ => None,
        }
    }

    /// The kind's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        CONTROL_KINDS[self as usize]
    }
}

/// A frame beside the data that says more than that the connection lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlEvent {
    /// What it is.
    pub kind: ControlKind,
    /// The beginning of the frame, at most `CONTROL_TEXT_BYTES_MOST` bytes in whole characters.
    pub text: String,
    /// Which frame or line it was, from 1.
    pub frame: u64,
    /// Where it began, in bytes from the first that the decoder was given.
    pub offset: u64,
}

/// What was said beside the data so far.
#[derive(Clone, Debug, Default)]
pub struct Controls {
    counts: [u64; CONTROL_KINDS.len()],
    events: Vec<ControlEvent>,
    noted: u64,
    lost: u64,
}

impl Controls {
    /// Counts a frame, and notes it unless it is a heartbeat. Where nobody takes them, the first are kept.
    pub fn add(&mut self, kind: ControlKind, bytes: &[u8], frame: u64, offset: u64) {
        self.counts[kind as usize] += 1;
        if kind == ControlKind::Heartbeat {
            return;
        }
        if self.events.len() == CONTROLS_MOST {
            self.lost += 1;
            return;
        }
        self.noted += 1;
        self.events.push(ControlEvent { kind, text: beginning(bytes), frame, offset });
    }

    /// How many there were of each kind that occurred.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        CONTROL_KINDS.into_iter().zip(self.counts).filter(|(_, count)| *count > 0)
    }

    /// How many were noted so far; more than at the last look, if there are some to be taken.
    #[must_use]
    pub const fn noted(&self) -> u64 {
        self.noted
    }

    /// How many were counted but not noted, because nobody had taken those before them.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// Hands over what was noted since the last time.
    pub fn take(&mut self) -> Vec<ControlEvent> {
        std::mem::take(&mut self.events)
    }
}

/// As much of a frame as is kept. The decoder has checked that it is UTF-8.
fn beginning(bytes: &[u8]) -> String {
    let is_inside = |end: usize| bytes.get(end).is_some_and(|byte| byte & 0xc0 == 0x80);
    let mut end = bytes.len().min(CONTROL_TEXT_BYTES_MOST);
    while end > 0 && is_inside(end) {
        end -= 1;
    }
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}
