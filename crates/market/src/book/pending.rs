//! Updates that wait for a snapshot.

use crate::batch::Longs;

use super::update::updates;

/// Most levels that wait: those of the longest update.
pub const PENDING_MOST: usize = 16_384;

/// The levels of the last updates, in order. Takes memory only while there are some.
#[derive(Debug, Default)]
pub(super) struct Pending {
    records: Vec<Longs>,
}

impl Pending {
    /// Appends an update. Gives up the older half of what waits if there is no room. Returns how many updates were given up.
    pub(super) fn push(&mut self, update: &[Longs]) -> u64 {
        if update.len() > PENDING_MOST {
            return 1;
        }
        let mut lost = 0;
        while self.records.len() + update.len() > PENDING_MOST {
            lost += self.drop_older_half();
        }
        self.records.extend_from_slice(update);
        lost
    }

    /// Takes out all levels.
    pub(super) fn take(&mut self) -> Vec<Longs> {
        std::mem::take(&mut self.records)
    }

    /// Memory taken, in bytes.
    pub(super) const fn bytes(&self) -> usize {
        self.records.capacity() * size_of::<Longs>()
    }

    fn drop_older_half(&mut self) -> u64 {
        let half = self.records.len().div_ceil(2);
        let (mut dropped, mut levels) = (0, 0);
        for update in updates(&self.records) {
            if levels >= half {
                break;
            }
            levels += update.len();
            dropped += 1;
        }
        self.records.drain(..levels);
        dropped
    }
}
