//! OKX: each update names the one before it. Before 2023 none did, and only the checksum told of a gap; the decoder
//! rejects those that have neither.

use super::{Head, Position, Verdict, previous};

pub(super) fn judge(at: Position, update: &Head) -> Verdict {
    if update.previous.is_none() { Verdict::Next } else { previous::judge(at, update) }
}
