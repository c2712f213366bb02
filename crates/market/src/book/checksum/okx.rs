//! OKX's text: `bid price:bid size:ask price:ask size` of the best level, then of the next; a side that has no more is
//! left out.

use std::fmt::Write as _;

use super::Levels;

const LEVELS: usize = 25;

pub(super) fn write(bids: &Levels, asks: &Levels, text: &mut String) {
    let (mut bids, mut asks) = (bids.iter(), asks.iter());
    for _ in 0..LEVELS {
        for (key, size) in [bids.next(), asks.next()].into_iter().flatten() {
            let separator = if text.is_empty() { "" } else { ":" };
            write!(text, "{separator}{}:{size}", key.abs()).expect("a String takes everything");
        }
    }
}
