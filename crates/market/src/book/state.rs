//! What a book is good for, and what happened to it.

/// Whether the book can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its first snapshot.
    Empty,
    /// It is what the venue has.
    Live,
    /// It follows the venue, but so many levels went that those which the depth limit or the snapshot left out may belong
    /// near the top. A snapshot makes it whole.
    Thinned,
    /// It is not what the venue has, and needs a snapshot.
    Stale(Fault),
}

impl State {
    /// Whether the book follows the venue's updates, and so has something to say.
    #[must_use]
    pub const fn is_following(self) -> bool {
        matches!(self, Self::Live | Self::Thinned)
    }
}

/// Why a book is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An update is missing.
    Gap,
    /// The best bid was not below the best ask.
    Crossed,
    /// The venue's checksum was another one.
    Checksum,
    /// An update held a price that is not more than 0, or a size that is less, or either was no number.
    Level,
    /// Whoever keeps the book said so: its connection was lost, say.
    Invalidated,
}

/// What a book met, since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BookCounts {
    /// Snapshots taken.
    pub snapshots: u64,
    /// Updates applied.
    pub updates: u64,
    /// Updates and snapshots dropped because the book had more already.
    pub late: u64,
    /// Updates dropped because no snapshot had come, or for want of room while they waited for it.
    pub early: u64,
    /// Checksums that were right.
    pub verified: u64,
    /// Levels given up because of the depth limit.
    pub given_up: u64,
    /// How often the book went stale for want of an update.
    pub gap: u64,
    /// How often the book went stale because it crossed.
    pub crossed: u64,
    /// How often the book went stale for a wrong checksum.
    pub checksum: u64,
    /// How often the book went stale because of a level that cannot be.
    pub level: u64,
    /// How often the book became thinned.
    pub thinned: u64,
    /// How often the book went stale because whoever keeps it said so.
    pub invalidated: u64,
}

impl BookCounts {
    /// How often the book went stale.
    #[must_use]
    pub const fn faults(&self) -> u64 {
        self.gap + self.crossed + self.checksum + self.level + self.invalidated
    }

    pub(super) const fn count(&mut self, fault: Fault) {
        *match fault {
            Fault::Gap => &mut self.gap,
            Fault::Crossed => &mut self.crossed,
            Fault::Checksum => &mut self.checksum,
            Fault::Level => &mut self.level,
            Fault::Invalidated => &mut self.invalidated,
        } += 1;
    }
}
