//! Binance futures: the first update holds the snapshot's last change, each other one names the update before it. One
//! that names the snapshot's own number follows it too.

use super::{Head, Position, Verdict};

pub(super) fn judge(at: Position, update: &Head) -> Verdict {
    if at.is_at_snapshot && update.last >= at.last && update.first <= at.last {
        return Verdict::Next;
    }
    if update.last <= at.last {
        return Verdict::Late;
    }
    if update.previous == Some(at.last) { Verdict::Next } else { Verdict::Gap }
}
