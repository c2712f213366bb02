//! Which lengths occur, so that a look-up by hash knows which ends of a text to try.

/// Distinct lengths, rising, each with the number of its uses.
#[derive(Debug, Default)]
pub(super) struct Lengths(Vec<(usize, u32)>);

impl Lengths {
    pub(super) fn add(&mut self, length: usize) {
        match self.0.binary_search_by_key(&length, |&(length, _)| length) {
            Ok(at) => self.0[at].1 += 1,
            Err(at) => self.0.insert(at, (length, 1)),
        }
    }

    pub(super) fn remove(&mut self, length: usize) {
        let Ok(at) = self.0.binary_search_by_key(&length, |&(length, _)| length) else { return };
        self.0[at].1 -= 1;
        if self.0[at].1 == 0 {
            self.0.remove(at);
        }
    }

    pub(super) fn up_to(&self, longest: usize) -> impl Iterator<Item = usize> {
        self.0.iter().map(|&(length, _)| length).take_while(move |&length| length <= longest)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
