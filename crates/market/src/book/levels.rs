//! One side of a book: prices in order, each with its size.
//!
//! Most of what a venue sends changes levels that are known, and many that go come back soon. So sizes lie in a table by
//! price ([`Sizes`]), where a change takes the same few instructions wherever its level is, and a level that goes leaves
//! its price behind, with a size of 0. The order of prices is touched only by prices that are new: they are put in by
//! moving the shorter end of it. Prices that are left behind are dropped when they outnumber the levels.
//!
//! Memory grows with the levels up to a limit; a side that is full keeps the best levels it can.

use super::sizes::Sizes;

/// Levels by a key that grows towards the best: the price of a bid, the negative price of an ask.
#[derive(Debug)]
pub(super) struct Levels {
    sizes: Sizes,
    /// Keys in ascending order, between `start` and `end`.
    keys: Box<[f64]>,
    start: usize,
    end: usize,
    /// How many keys have a size.
    live: usize,
    /// The least and the greatest key that has a size; if there is none, every key lies outside of them.
    worst: f64,
    best: f64,
    limit: usize,
    /// From here on up no level is missing; below, some may be.
    reach: f64,
}

/// Everything is known.
pub(super) const WHOLE: f64 = f64::NEG_INFINITY;

/// Keys that there is room for at first.
const ROOM_AT_FIRST: usize = 64;
/// So many keys without a size are never too many.
const DEAD_AT_LEAST: usize = 64;

impl Levels {
    /// No levels, and memory for at most `limit`.
    pub(super) fn new(limit: usize) -> Self {
        let room = ROOM_AT_FIRST.min(room_for(limit));
        Self {
            sizes: Sizes::new(room),
            keys: vec![0.0; room].into(),
            start: room / 2,
            end: room / 2,
            live: 0,
            worst: f64::INFINITY,
            best: f64::NEG_INFINITY,
            limit,
            reach: WHOLE,
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.live
    }

    pub(super) const fn reach(&self) -> f64 {
        self.reach
    }

    /// Memory taken, in bytes.
    pub(super) const fn bytes(&self) -> usize {
        self.sizes.bytes() + size_of_val(&*self.keys)
    }

    /// Says that levels below the worst one may be missing from now on.
    pub(super) const fn cut_off(&mut self) {
        if self.live > 0 {
            self.reach = self.reach.max(self.worst);
        }
    }

    pub(super) fn clear(&mut self) {
        if self.start < self.end {
            self.sizes.clear();
        }
        self.start = self.keys.len() / 2;
        self.end = self.start;
        self.live = 0;
        self.find_ends();
        self.reach = WHOLE;
    }

    /// The best level: its key and its size.
    #[inline]
    pub(super) fn best(&self) -> Option<(f64, f64)> {
        (self.live > 0).then(|| (self.best, self.sizes.of(self.best)))
    }

    /// All levels, the best first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (f64, f64)> {
        let end = if self.live > 0 { self.position(self.best) + 1 } else { self.start };
        let sized = self.keys[self.start..end].iter().rev().map(|key| (*key, self.sizes.of(*key)));
        sized.filter(|(_, size)| *size != 0.0).take(self.live)
    }

    /// Puts a level in, changes its size, or takes it out with a size of 0. Returns how many levels were given up.
    #[inline]
    pub(super) fn set(&mut self, key: f64, size: f64) -> usize {
        let at = self.sizes.find(key);
        if self.sizes.is_free(at) {
            return if size == 0.0 { 0 } else { self.add(key, size) };
        }
        let was = self.sizes.at(at);
        self.sizes.set(at, size);
        self.live = self.live + usize::from(size != 0.0) - usize::from(was != 0.0);
        let is_inside = self.worst < key && key < self.best;
        if is_inside && self.live <= self.limit && self.live >= self.dead_least() {
            return 0;
        }
        self.settle(key, was, size)
    }

    /// Gives up the worst levels beyond the best `count`, which stays as much as is known.
    pub(super) fn truncate(&mut self, count: usize) {
        while self.live > count {
            self.drop_worst();
        }
    }

    /// How many levels are known without a gap; no more than `most` are looked for.
    pub(super) fn known(&self, most: usize) -> usize {
        self.iter().take(most).take_while(|(key, _)| *key >= self.reach).count()
    }

    /// What there is to do after a size was written at one of the ends, or there are too many levels or too few.
    #[inline(never)]
    fn settle(&mut self, key: f64, was: f64, size: f64) -> usize {
        if (was == 0.0) == (size == 0.0) {
            return 0;
        }
        if size != 0.0 {
            // As if it had not been there: whether there is room is for `add` to say.
            self.sizes.put(key, 0.0);
            self.live -= 1;
            return self.add(key, size);
        }
        if self.live == 0 || key <= self.worst || key >= self.best {
            self.find_ends();
        }
        if self.live < self.dead_least() {
            self.arrange(self.keys.len());
        }
        0
    }

    /// So many levels there have to be, or the keys without a size are too many.
    #[inline]
    const fn dead_least(&self) -> usize {
        ((self.end - self.start).saturating_sub(DEAD_AT_LEAST)) / 2
    }

    /// Puts in a level that is not there.
    fn add(&mut self, key: f64, size: f64) -> usize {
        let is_full = self.live == self.limit;
        if is_full && key < self.worst {
            self.cut_off();
            return 1;
        }
        if is_full {
            self.drop_worst();
            self.cut_off();
        }
        self.put(key, size);
        self.live += 1;
        self.worst = self.worst.min(key);
        self.best = self.best.max(key);
        usize::from(is_full)
    }

    /// Writes the size of a key, and the key into the order if it is not there.
    #[allow(clippy::float_cmp, reason = "the same price is the same double")]
    fn put(&mut self, key: f64, size: f64) {
        let is_new = self.sizes.is_free(self.sizes.find(key));
        if is_new && (self.start == 0 || self.end == self.keys.len()) {
            self.make_room();
        }
        if is_new {
            let at = self.position(key);
            if at - self.start < self.end - at {
                self.keys.copy_within(self.start..at, self.start - 1);
                self.start -= 1;
                self.keys[at - 1] = key;
            } else {
                self.keys.copy_within(at..self.end, at + 1);
                self.end += 1;
                self.keys[at] = key;
            }
        }
        self.sizes.put(key, size);
    }

    /// Takes the worst level out.
    fn drop_worst(&mut self) {
        self.sizes.put(self.worst, 0.0);
        self.live -= 1;
        self.find_ends();
    }

    /// Finds the ends anew, from where they were inwards.
    fn find_ends(&mut self) {
        if self.live == 0 {
            (self.worst, self.best) = (f64::INFINITY, f64::NEG_INFINITY);
            return;
        }
        let (low, high) = (self.position(self.worst), self.position(self.best));
        let has_size = |key: &&f64| self.sizes.of(**key) != 0.0;
        let keys = &self.keys[low..=high];
        let worst = keys.iter().find(has_size).copied().expect("a level lies between the ends");
        let best = keys.iter().rev().find(has_size).copied().expect("a level lies between the ends");
        (self.worst, self.best) = (worst, best);
    }

    /// Makes room at both ends: by dropping keys without a size and going to the middle, or else in more memory.
    #[cold]
    fn make_room(&mut self) {
        let room = self.keys.len();
        let is_crowded = self.live > room / 2;
        self.arrange(if is_crowded { (2 * room).min(room_for(self.limit)) } else { room });
    }

    /// Keeps the keys that have a size alone, in the middle of so much room.
    fn arrange(&mut self, room: usize) {
        let levels: Vec<_> = self.keys[self.start..self.end]
            .iter()
            .map(|key| (*key, self.sizes.of(*key)))
            .filter(|(_, size)| *size != 0.0)
            .collect();
        if room == self.keys.len() {
            self.sizes.clear();
        } else {
            self.keys = vec![0.0; room].into();
            self.sizes = Sizes::new(room);
        }
        self.start = (room - levels.len()) / 2;
        self.end = self.start + levels.len();
        for (place, (key, size)) in self.keys[self.start..self.end].iter_mut().zip(levels) {
            *place = key;
            self.sizes.put(key, size);
        }
    }

    /// The first place whose key is not less. New prices are often beyond one of the ends.
    fn position(&self, key: f64) -> usize {
        let keys = &self.keys[self.start..self.end];
        match (keys.first(), keys.last()) {
            (Some(first), _) if key <= *first => self.start,
            (_, Some(last)) if key > *last => self.end,
            _ => self.start + keys.partition_point(|other| *other < key),
        }
    }
}

/// Room for the keys of a full side, with a fourth more for those without a size and for both ends.
const fn room_for(limit: usize) -> usize {
    limit + limit / 4 + 4
}
