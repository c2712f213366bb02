//! Names under small numbers, bounded in number and in length, so that garbage cannot grow memory.
//!
//! A name that was met before costs one comparison if it was the last one, and else a hash of its bytes and another: a
//! small table remembers which number each hash had last. Only what that does not know asks the map, whose hash an
//! attacker cannot foresee.

use std::collections::HashMap;

use tickbus_bus::layout::MARKET_NAME_BYTES_MOST;

/// Entries of the small table; a power of two.
const RECENT: usize = 256;

/// A table of names.
#[derive(Debug)]
pub struct Names {
    most: usize,
    all: Vec<Box<[u8]>>,
    numbers: HashMap<Box<[u8]>, u32>,
    recent: [u32; RECENT],
    last: u32,
}

impl Names {
    /// An empty table for at most so many names.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, all: Vec::new(), numbers: HashMap::new(), recent: [u32::MAX; RECENT], last: 0 }
    }

    /// The name's number, a new one if it has none. Nothing if the table is full or the text can be no name: it is
    /// empty, too long, not UTF-8, or has quotes, backslashes, spaces or control characters in it.
    #[inline]
    pub fn number(&mut self, name: &[u8]) -> Option<u32> {
        if !self.is(self.last, name) {
            self.last = self.recall(name)?;
        }
        Some(self.last)
    }

    fn recall(&mut self, name: &[u8]) -> Option<u32> {
        let entry = hash(name) % RECENT;
        if !self.is(self.recent[entry], name) {
            self.recent[entry] = self.look_up(name)?;
        }
        Some(self.recent[entry])
    }

    #[inline]
    fn is(&self, number: u32, name: &[u8]) -> bool {
        self.all.get(number as usize).is_some_and(|known| **known == *name)
    }

    #[cold]
    fn look_up(&mut self, name: &[u8]) -> Option<u32> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        if self.all.len() >= self.most || !is_name(name) {
            return None;
        }
        let number = self.all.len() as u32;
        self.all.push(name.into());
        self.numbers.insert(name.into(), number);
        Some(number)
    }

    /// The only name that there is or can be.
    #[must_use]
    pub fn only(&self) -> Option<u32> {
        (self.most == 1 && self.all.len() == 1).then_some(0)
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The names in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|name| std::str::from_utf8(name).unwrap_or_default())
    }
}

fn is_name(name: &[u8]) -> bool {
    !name.is_empty()
        && name.len() <= MARKET_NAME_BYTES_MOST
        && !name.iter().any(|byte| matches!(byte, 0..=b' ' | b'"' | b'\\' | 0x7f))
        && std::str::from_utf8(name).is_ok()
}

#[inline]
fn hash(name: &[u8]) -> usize {
    name.iter().fold(name.len(), |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(*byte)))
}
