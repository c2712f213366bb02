//! The one glob of Tickbus, over the UTF-8 bytes of topic and pattern: `*` is any run of bytes, empty included and dots
//! included; `?` is exactly one byte; everything else is itself; the whole topic must match.
//!
//! Greedy with one point to come back to: after a later `*` has matched, an earlier one never needs another try
//! (R. Cox, "Glob Matching Can Be Simple And Fast Too", 2017). So the point moves only forward, and between two moves no
//! more of the pattern is read than there is: **at most (topic bytes + 1) x (pattern bytes + 1) steps**, whatever the
//! pattern. `ts/fallback/pattern.ts` is the same.

/// Whether `pattern` matches all of `topic`.
///
/// ```
/// use tickbus_bus::pattern::is_matching;
///
/// assert!(is_matching(b"data.quotes.BINANCE.BTCUSDT", b"data.*.BTC*"));
/// assert!(!is_matching(b"data.quotes", b"data.?"));
/// ```
#[must_use]
pub fn is_matching(topic: &[u8], pattern: &[u8]) -> bool {
    is_matching_by_steps(topic, pattern, || ())
}

/// [`is_matching`], and a call of `step` for each byte of the pattern that is looked at: for tests, which count them.
#[must_use]
#[inline]
pub fn is_matching_by_steps(topic: &[u8], pattern: &[u8], mut step: impl FnMut()) -> bool {
    let (mut t, mut p) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < topic.len() {
        step();
        match pattern.get(p) {
            Some(b'*') => {
                p += 1;
                star = Some((t, p));
            }
            Some(&byte) if byte == b'?' || byte == topic[t] => {
                t += 1;
                p += 1;
            }
            _ => {
                // Go back: the last `*` takes one byte more.
                let Some((taken, after)) = star else { return false };
                t = taken + 1;
                p = after;
                star = Some((t, p));
            }
        }
    }
    pattern[p..].iter().all(|&byte| {
        step();
        byte == b'*'
    })
}

/// Whether a pattern can match other texts than itself.
#[must_use]
pub fn is_glob(pattern: &[u8]) -> bool {
    pattern.iter().copied().any(is_wildcard)
}

/// Whether a byte of a pattern stands for others.
#[must_use]
pub fn is_wildcard(byte: u8) -> bool {
    matches!(byte, b'*' | b'?')
}
