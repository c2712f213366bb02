//! Binance spot: the first update holds the change after the snapshot, each other one begins where the last ended.

use super::{Head, Position, Verdict};

pub(super) fn judge(at: Position, update: &Head) -> Verdict {
    let next = at.last.saturating_add(1);
    if update.last < next {
        return Verdict::Late;
    }
    let is_next = if at.is_at_snapshot { update.first <= next } else { update.first == next };
    if is_next { Verdict::Next } else { Verdict::Gap }
}
