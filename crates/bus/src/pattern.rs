//! The one glob of Tickbus, over the UTF-8 bytes of topic and pattern: `*` is any run of bytes, empty included and dots
//! included; `?` is exactly one byte; everything else is itself; the whole topic must match.
//!
//! Greedy with one point to come back to: after a later `*` has matched, an earlier one never needs another try
//! (R. Cox, "Glob Matching Can Be Simple And Fast Too", 2017). At most topic length times pattern length steps.
//! `ts/fallback/pattern.ts` is the same.

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
    let (mut t, mut p) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < topic.len() {
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
    pattern[p..].iter().all(|&byte| byte == b'*')
}

/// Whether a pattern can match other texts than itself.
#[must_use]
pub fn is_glob(pattern: &[u8]) -> bool {
    pattern.iter().any(|byte| matches!(byte, b'*' | b'?'))
}
