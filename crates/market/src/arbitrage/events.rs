//! What becomes of episodes, as 64-byte records in memory that the caller gives.

use tickbus_bus::layout::{
    EPISODE_CLOSED, EPISODE_DOUBLE_AT, EPISODE_DOUBLE_EDGE, EPISODE_DOUBLE_NUMBER, EPISODE_DOUBLE_OPENED_AT,
    EPISODE_DOUBLE_PEAK, EPISODE_DOUBLE_SIZE, EPISODE_DOUBLE_UPDATES, EPISODE_IMPROVED, EPISODE_OPEN, EPISODE_OPENED,
};

use super::episode::Episode;
use crate::batch::Longs;

/// What happened to an episode.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Opened,
    Improved,
    Closed,
    Open,
}

impl Event {
    const fn word(self) -> usize {
        match self {
            Self::Opened => EPISODE_OPENED,
            Self::Improved => EPISODE_IMPROVED,
            Self::Closed => EPISODE_CLOSED,
            Self::Open => EPISODE_OPEN,
        }
    }
}

/// Which episode of which pair it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) pair: u32,
    pub(crate) buy: usize,
    pub(crate) sell: usize,
}

/// The output and how much of it is written. Who writes has made sure that there is room.
#[derive(Debug)]
pub(crate) struct Events<'out> {
    records: &'out mut [Longs],
    len: usize,
}

impl<'out> Events<'out> {
    pub(crate) const fn new(records: &'out mut [Longs]) -> Self {
        Self { records, len: 0 }
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) const fn room(&self) -> usize {
        self.records.len() - self.len
    }

    pub(crate) fn push(&mut self, event: Event, route: Route, at_ns: f64, episode: &Episode) {
        let record = &mut self.records[self.len];
        self.len += 1;
        let word = (event.word() | route.buy << 8 | route.sell << 16) as u64;
        record[0] = word | u64::from(route.pair) << 32;
        record[EPISODE_DOUBLE_AT] = at_ns.to_bits();
        record[EPISODE_DOUBLE_OPENED_AT] = episode.opened_ns.to_bits();
        record[EPISODE_DOUBLE_EDGE] = episode.edge_bps.to_bits();
        record[EPISODE_DOUBLE_PEAK] = episode.peak_bps.to_bits();
        record[EPISODE_DOUBLE_SIZE] = episode.size.to_bits();
        record[EPISODE_DOUBLE_UPDATES] = (episode.updates as f64).to_bits();
        record[EPISODE_DOUBLE_NUMBER] = (episode.number as f64).to_bits();
    }
}
