//! When each of a fixed number of things is due next: a tournament, in which a change replays one path to the top.

/// The calendar.
#[derive(Debug)]
pub struct Calendar {
    times: Vec<f64>,
    /// Who wins at each node: node 1 is the top, the children of n are 2n and 2n + 1.
    winners: Vec<u32>,
}

impl Calendar {
    /// Nothing is due.
    #[must_use]
    pub fn new(count: usize) -> Self {
        let size = count.next_power_of_two().max(2);
        let leaves = 0..size as u32;
        let mut calendar =
            Self { times: vec![f64::INFINITY; size], winners: leaves.clone().map(|_| 0).chain(leaves).collect() };
        for entry in (0..size).step_by(2) {
            calendar.set(entry, f64::INFINITY);
        }
        calendar
    }

    /// What is due first, and when; of equal times the one with the lower number.
    #[inline]
    #[must_use]
    pub fn first(&self) -> (usize, f64) {
        let entry = self.winners[1] as usize;
        (entry, self.times[entry])
    }

    /// Sets when something is due.
    #[inline]
    pub fn set(&mut self, entry: usize, time: f64) {
        self.times[entry] = time;
        let mut node = (self.times.len() + entry) / 2;
        while node > 0 {
            let (left, right) = (self.winners[2 * node], self.winners[2 * node + 1]);
            let is_right = self.times[right as usize] < self.times[left as usize];
            self.winners[node] = if is_right { right } else { left };
            node /= 2;
        }
    }
}
