//! Each update names the one before it. Its own number may be the same, where nothing changed, or less, where the venue
//! began to count anew.

use super::{Head, Position, Verdict};

pub(super) fn judge(at: Position, update: &Head) -> Verdict {
    if update.previous == Some(at.last) {
        return Verdict::Next;
    }
    if update.last <= at.last { Verdict::Late } else { Verdict::Gap }
}
