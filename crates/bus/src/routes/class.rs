//! What kind of pattern a pattern is.

use crate::pattern::{is_glob, is_wildcard};

/// The classes of patterns, each with an index of its own.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Class {
    /// No wildcard: found by hash.
    Exact,
    /// Between dots each segment is literal or `*`, and the last one may end in `*`: `data.*.BINANCE.BTC*`.
    Segments,
    /// `*` and a literal, where that is not a segment: `*-PERP`.
    Suffixes,
    /// Any other one with a literal in it: `data.?.BINANCE`, `*BTC*`.
    Anchored,
    /// Wildcards alone: `???`.
    Rest,
}

impl Class {
    /// The class of `pattern`.
    #[must_use]
    pub fn of(pattern: &[u8]) -> Self {
        if !is_glob(pattern) {
            Self::Exact
        } else if is_segment_safe(pattern) {
            Self::Segments
        } else if pattern.strip_prefix(b"*").is_some_and(|suffix| !is_glob(suffix)) {
            Self::Suffixes
        } else if !pattern.iter().copied().all(is_wildcard) {
            Self::Anchored
        } else {
            Self::Rest
        }
    }
}

fn is_segment_safe(pattern: &[u8]) -> bool {
    let mut segments = pattern.rsplit(|&byte| byte == b'.');
    let last = segments.next().unwrap_or_default();
    !is_glob(last.strip_suffix(b"*").unwrap_or(last)) && segments.all(|segment| segment == b"*" || !is_glob(segment))
}
