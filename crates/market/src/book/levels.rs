//! One side of a book: prices in order, each with its size.
//!
//! Most of what a venue sends changes levels that are known, and many that go come back soon. So sizes lie in a table by
//! price ([`Sizes`]), where a change takes the same few instructions wherever its level is, and a level that goes leaves
//! its price behind, with a size of 0. The order of prices is touched only by prices that are new: they are put in by
//! moving the shorter end of it. Prices that are left behind are dropped when they outnumber the levels.
//!
//! Memory grows with the levels up to a limit; a side that is full keeps the best levels it can. A snapshot says how many
//! levels come, and gets room for them and half as many more, in one piece.

use std::mem;

use super::sizes::Sizes;

/// Levels by a key that grows towards the best: the price of a bid, the negative price of an ask.
#[derive(Debug)]
pub(super) struct Levels {
    sizes: Sizes,
    /// Places of the keys, these in ascending order, between `start` and `end`.
    order: Box<[u32]>,
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
const ROOM_AT_FIRST: usize = 48;
/// So many keys without a size are never too many.
const DEAD_AT_LEAST: usize = 64;

impl Levels {
    /// No levels, and memory for at most `limit`.
    pub(super) fn new(limit: usize) -> Self {
        let room = ROOM_AT_FIRST.min(room_most(limit));
        Self {
            sizes: Sizes::new(room),
            order: vec![0; room].into(),
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
        self.sizes.bytes() + size_of_val(&*self.order)
    }

    /// Says that levels below the worst one may be missing from now on.
    pub(super) const fn cut_off(&mut self) {
        if self.live > 0 {
            self.reach = self.reach.max(self.worst);
        }
    }

    /// Takes all levels out, and makes room for as many as will come.
    pub(super) fn clear_for(&mut self, levels: usize) {
        let room = room_for(levels).min(room_most(self.limit));
        if room > self.order.len() {
            self.order = vec![0; room].into();
            self.sizes = self.sizes.anew(room);
        } else if self.start < self.end {
            self.sizes.clear();
        }
        self.start = self.order.len() / 2;
        self.end = self.start;
        self.live = 0;
        (self.worst, self.best) = (f64::INFINITY, f64::NEG_INFINITY);
        self.reach = WHOLE;
    }

    /// The best level: its key and its size.
    #[inline]
    pub(super) fn best(&self) -> Option<(f64, f64)> {
        self.sizes.find(self.best).map(|place| (self.best, self.sizes.at(place)))
    }

    /// All levels, the best first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (f64, f64)> {
        let end = if self.live > 0 { self.position(self.best) + 1 } else { self.start };
        let places = self.order[self.start..end].iter().rev().map(|place| *place as usize);
        let sized = places.map(|place| (self.sizes.key(place), self.sizes.at(place)));
        sized.filter(|(_, size)| *size != 0.0).take(self.live)
    }

    /// Puts a level in, changes its size, or takes it out with a size of 0. Returns how many levels were given up.
    #[inline]
    pub(super) fn set(&mut self, key: f64, size: f64) -> usize {
        let Some(place) = self.sizes.find(key) else {
            return if size == 0.0 { 0 } else { self.add(key, size) };
        };
        let was = self.sizes.at(place);
        self.sizes.set(place, size);
        self.live = self.live + usize::from(size != 0.0) - usize::from(was != 0.0);
        let is_inside = self.worst < key && key < self.best;
        if is_inside && self.live <= self.limit && self.live >= self.dead_least() {
            return 0;
        }
        self.settle(key, place, was)
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
    fn settle(&mut self, key: f64, place: usize, was: f64) -> usize {
        let size = self.sizes.at(place);
        if (was == 0.0) == (size == 0.0) {
            return 0;
        }
        if size != 0.0 {
            // As if it had not been there: whether there is room is for `add` to say.
            self.sizes.set(place, 0.0);
            self.live -= 1;
            return self.add(key, size);
        }
        if key <= self.worst {
            self.find_worst();
        }
        if key >= self.best {
            self.find_best();
        }
        if self.live < self.dead_least() {
            self.arrange(self.order.len());
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
    fn put(&mut self, key: f64, size: f64) {
        if let Some(place) = self.sizes.find(key) {
            self.sizes.set(place, size);
            return;
        }
        if self.start == 0 || self.end == self.order.len() {
            self.make_room();
        }
        let at = self.position(key);
        let place = self.sizes.push(key, size) as u32;
        if at - self.start < self.end - at {
            self.order.copy_within(self.start..at, self.start - 1);
            self.start -= 1;
            self.order[at - 1] = place;
        } else {
            self.order.copy_within(at..self.end, at + 1);
            self.end += 1;
            self.order[at] = place;
        }
    }

    /// Takes the worst level out.
    fn drop_worst(&mut self) {
        let place = self.sizes.find(self.worst).expect("the worst level is there");
        self.sizes.set(place, 0.0);
        self.live -= 1;
        self.find_worst();
        if self.live == 0 {
            self.find_best();
        }
    }

    /// Finds the worst level anew, from where it was towards the best.
    fn find_worst(&mut self) {
        let from = self.position(self.worst);
        let mut places = self.order[from..self.end].iter().map(|place| *place as usize);
        let worst = places.find(|place| self.sizes.at(*place) != 0.0);
        self.worst = worst.map_or(f64::INFINITY, |place| self.sizes.key(place));
    }

    /// Finds the best level anew, from where it was towards the worst.
    fn find_best(&mut self) {
        let to = (self.position(self.best) + 1).min(self.end);
        let mut places = self.order[self.start..to].iter().rev().map(|place| *place as usize);
        let best = places.find(|place| self.sizes.at(*place) != 0.0);
        self.best = best.map_or(f64::NEG_INFINITY, |place| self.sizes.key(place));
    }

    /// Makes room at both ends: by going to the middle, by dropping keys without a size, or else in more memory.
    #[cold]
    fn make_room(&mut self) {
        let room = self.order.len();
        let length = self.end - self.start;
        if room - length > (room / 16).max(1) {
            let middle = (room - length) / 2;
            self.order.copy_within(self.start..self.end, middle);
            (self.start, self.end) = (middle, middle + length);
            return;
        }
        let is_crowded = self.live > room - room / 4;
        self.arrange(if is_crowded { (2 * self.live).min(room_most(self.limit)) } else { room });
    }

    /// Keeps the keys that have a size alone, in the middle of so much room.
    fn arrange(&mut self, room: usize) {
        let anew = self.sizes.anew(room);
        let sizes = mem::replace(&mut self.sizes, anew);
        let order = mem::replace(&mut self.order, vec![0; room].into());
        let places = order[self.start..self.end].iter().map(|place| *place as usize);
        self.start = (room - self.live) / 2;
        self.end = self.start;
        for place in places.filter(|place| sizes.at(*place) != 0.0) {
            self.order[self.end] = self.sizes.push(sizes.key(place), sizes.at(place)) as u32;
            self.end += 1;
        }
    }

    /// The first place in the order whose key is not less. New prices are often beyond one of the ends.
    fn position(&self, key: f64) -> usize {
        let order = &self.order[self.start..self.end];
        let key_of = |place: &u32| self.sizes.key(*place as usize);
        match (order.first().map(key_of), order.last().map(key_of)) {
            (Some(first), _) if key <= first => self.start,
            (_, Some(last)) if key > last => self.end,
            _ => self.start + order.partition_point(|place| key_of(place) < key),
        }
    }
}

/// Room for the keys of a snapshot and those that come new, until they are gone through for those without a size.
const fn room_for(levels: usize) -> usize {
    levels + levels / 2
}

/// Room for the keys of a full side, with a fourth more for those without a size and for both ends.
const fn room_most(limit: usize) -> usize {
    limit + limit / 4 + 4
}
