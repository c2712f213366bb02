//! One side of a book: prices in order, each with its size.
//!
//! The best price lies last, so that a change near the top moves little memory, and the worst one is given up by moving
//! the start. A side that is full keeps the best levels it can.

/// Levels by a key that grows towards the best: the price of a bid, the negative price of an ask.
#[derive(Debug)]
pub(super) struct Levels {
    keys: Box<[f64]>,
    sizes: Box<[f64]>,
    start: usize,
    end: usize,
    /// Where the last change was.
    last: usize,
    limit: usize,
    /// From here on up no level is missing; below, some may be.
    reach: f64,
}

/// Everything is known.
pub(super) const WHOLE: f64 = f64::NEG_INFINITY;

impl Levels {
    /// No levels, and memory for at most `limit`.
    pub(super) fn new(limit: usize) -> Self {
        // Room to move the start in: the levels are moved back once for so many that were given up.
        let room = limit + limit / 4 + 1;
        let empty = || vec![0.0; room].into_boxed_slice();
        Self { keys: empty(), sizes: empty(), start: 0, end: 0, last: 0, limit, reach: WHOLE }
    }

    pub(super) const fn len(&self) -> usize {
        self.end - self.start
    }

    pub(super) const fn reach(&self) -> f64 {
        self.reach
    }

    /// Says that levels below the worst one may be missing from now on.
    pub(super) fn cut_off(&mut self) {
        if let Some(worst) = self.keys().first() {
            self.reach = self.reach.max(*worst);
        }
    }

    pub(super) const fn clear(&mut self) {
        self.start = 0;
        self.end = 0;
        self.reach = WHOLE;
    }

    /// The level at a place, 0 being the best.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<(f64, f64)> {
        (place < self.len()).then(|| (self.keys[self.end - 1 - place], self.sizes[self.end - 1 - place]))
    }

    /// Puts a level in, changes its size, or takes it out with a size of 0. Returns how many levels were given up.
    #[inline]
    #[allow(clippy::float_cmp, reason = "the same price is the same double")]
    pub(super) fn set(&mut self, key: f64, size: f64) -> usize {
        let at = self.position(key);
        if at < self.end && self.keys[at] == key {
            if size == 0.0 {
                self.remove(at);
            } else {
                self.sizes[at] = size;
            }
            return 0;
        }
        if size == 0.0 { 0 } else { self.insert(at, key, size) }
    }

    /// Gives up the worst levels beyond the best `count`, which stays as much as is known.
    pub(super) const fn truncate(&mut self, count: usize) {
        if self.len() > count {
            self.start = self.end - count;
        }
    }

    /// How many levels are known without a gap; no more than `most` are looked for.
    pub(super) fn known(&self, most: usize) -> usize {
        let keys = self.keys();
        let best = &keys[keys.len().saturating_sub(most)..];
        best.iter().filter(|key| **key >= self.reach).count()
    }

    fn keys(&self) -> &[f64] {
        &self.keys[self.start..self.end]
    }

    /// The first place whose key is not less. Looked for from where the last change was, in steps of growing width: venues
    /// list the changes of an update in order.
    #[inline]
    fn position(&mut self, key: f64) -> usize {
        let (mut low, mut high) = (self.start, self.end);
        let from = self.last.clamp(low, high);
        let mut step = 1;
        if from < high && self.keys[from] < key {
            low = from + 1;
            while low + step < high && self.keys[low + step] < key {
                low += step + 1;
                step *= 2;
            }
            high = high.min(low + step);
        } else {
            high = from;
            while high >= low + step && self.keys[high - step] >= key {
                high -= step;
                step *= 2;
            }
            low = low.max((high + 1).saturating_sub(step));
        }
        self.last = low + self.keys[low..high].partition_point(|other| *other < key);
        self.last
    }

    fn remove(&mut self, at: usize) {
        self.keys.copy_within(at + 1..self.end, at);
        self.sizes.copy_within(at + 1..self.end, at);
        self.end -= 1;
    }

    fn insert(&mut self, at: usize, key: f64, size: f64) -> usize {
        let is_full = self.len() == self.limit;
        if is_full && at == self.start {
            self.cut_off();
            return 1;
        }
        if is_full {
            self.start += 1;
            self.cut_off();
        }
        let at = if self.end == self.keys.len() { self.move_back(at) } else { at };
        self.keys.copy_within(at..self.end, at + 1);
        self.sizes.copy_within(at..self.end, at + 1);
        self.keys[at] = key;
        self.sizes[at] = size;
        self.end += 1;
        usize::from(is_full)
    }

    /// Moves all levels to the beginning of the memory; returns where `at` is then.
    #[cold]
    fn move_back(&mut self, at: usize) -> usize {
        let start = self.start;
        self.keys.copy_within(start..self.end, 0);
        self.sizes.copy_within(start..self.end, 0);
        self.start = 0;
        self.end -= start;
        at - start
    }
}
