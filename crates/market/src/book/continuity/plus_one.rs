//! Numbers without a hole: an update begins with the number after the last one.

use super::{Head, Position, Verdict};

pub(super) fn judge(at: Position, update: &Head) -> Verdict {
    if update.last <= at.last {
        return Verdict::Late;
    }
    if update.first == at.last.saturating_add(1) { Verdict::Next } else { Verdict::Gap }
}
