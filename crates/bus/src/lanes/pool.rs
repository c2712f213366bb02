//! Envelopes that nobody uses, the lowest number first: so what is in use lies close together, bursts walk through memory
//! in one direction, and memory that was never needed is never touched.

/// The pool.
#[derive(Debug)]
pub struct Pool {
    /// For each envelope whether somebody was given it to write.
    given: Vec<bool>,
    /// A bit for each envelope that is in use, and one for each word of those that is full.
    used: Vec<u64>,
    full: Vec<u64>,
    /// No word before this one has a free bit.
    lowest: usize,
}

impl Pool {
    /// A full one.
    #[must_use]
    pub fn new(envelopes: u32) -> Self {
        let envelopes = envelopes as usize;
        let mut used = vec![0_u64; envelopes / 64 + 1];
        // Bits beyond the last envelope count as used.
        used[envelopes / 64] = u64::MAX << (envelopes % 64);
        let full = vec![0; used.len() / 64 + 1];
        Self { given: vec![false; envelopes], used, full, lowest: 0 }
    }

    /// Gives out so many, or as many as there are.
    #[inline]
    pub fn take(&mut self, count: usize, mut give: impl FnMut(u32)) {
        let mut left = count;
        while left > 0
            && let Some(word) = self.first_word()
        {
            let mut free = !self.used[word];
            while free != 0 && left > 0 {
                let envelope = 64 * word + free.trailing_zeros() as usize;
                free &= free - 1;
                left -= 1;
                self.given[envelope] = true;
                give(envelope as u32);
            }
            self.used[word] = !free;
            self.full[word / 64] |= u64::from(free == 0) << (word % 64);
        }
    }

    /// Somebody has written an envelope and hands it in. Whether it had been given out, and was not handed in yet.
    #[inline]
    pub fn hand_in(&mut self, envelope: u32) -> bool {
        self.given.get_mut(envelope as usize).is_some_and(std::mem::take)
    }

    /// Takes back an envelope that was handed in.
    #[inline]
    pub fn give(&mut self, envelope: u32) {
        let word = envelope as usize / 64;
        self.used[word] &= !(1 << (envelope % 64));
        self.full[word / 64] &= !(1 << (word % 64));
        self.lowest = self.lowest.min(word);
    }

    /// The first word with a free bit.
    #[inline]
    fn first_word(&mut self) -> Option<usize> {
        if self.used.get(self.lowest).is_some_and(|&word| word != u64::MAX) {
            return Some(self.lowest);
        }
        self.next_word()
    }

    fn next_word(&mut self) -> Option<usize> {
        let mut group = self.lowest / 64;
        let mut free = !self.full[group] & u64::MAX << (self.lowest % 64);
        while free == 0 && group + 1 < self.full.len() {
            group += 1;
            free = !self.full[group];
        }
        let first = if free == 0 { self.used.len() } else { 64 * group + free.trailing_zeros() as usize };
        // The last words may be full from the beginning.
        self.lowest = (first..self.used.len()).find(|&word| self.used[word] != u64::MAX).unwrap_or(self.used.len());
        (self.lowest < self.used.len()).then_some(self.lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;

    fn taken(pool: &mut Pool) -> Vec<u32> {
        let mut taken = Vec::new();
        pool.take(usize::MAX, |envelope| taken.push(envelope));
        taken
    }

    #[test]
    fn every_envelope_is_given_out_once_in_rising_order() {
        for envelopes in [1, 63, 64, 65, 4_095, 4_096, 4_097, 10_000] {
            let mut pool = Pool::new(envelopes);
            assert_eq!(taken(&mut pool), (0..envelopes).collect::<Vec<_>>());
            assert_eq!(taken(&mut pool), []);
        }
    }

    #[test]
    fn what_comes_back_is_given_out_again_the_lowest_first() {
        let mut pool = Pool::new(10_000);
        taken(&mut pool);
        for envelope in [9_999, 64, 63, 4_096, 0, 5_000] {
            assert!(pool.hand_in(envelope));
            assert!(!pool.hand_in(envelope));
            pool.give(envelope);
        }
        let mut first = Vec::new();
        pool.take(2, |envelope| first.push(envelope));
        assert_eq!(first, [0, 63]);
        assert_eq!(taken(&mut pool), [64, 4_096, 5_000, 9_999]);
    }
}
