//! How a venue says that no update is missing. Each rule is one file.

mod binance_futures;
mod binance_spot;
mod plus_one;
mod previous;

use super::update::Head;

/// The rule by which updates follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuity {
    /// `U` and `u`, with a snapshot that is fetched apart from the stream.
    BinanceSpot,
    /// `U`, `u` and `pu`, with a snapshot that is fetched apart from the stream.
    BinanceFutures,
    /// Each update's number is one more than the one before: Bybit `u`, Coinbase Advanced `sequence_num`.
    PlusOne,
    /// Each update names the one before: OKX `prevSeqId`.
    Previous,
    /// No numbers: only checksums tell. Kraken, and OKX before it had `seqId`.
    Checksum,
    /// Nothing tells: Coinbase Exchange.
    Unverified,
}

/// What an update is to the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The one that comes next.
    Next,
    /// One that the book has already.
    Late,
    /// One before which another is missing.
    Gap,
}

/// How far the book has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    /// Number of the last change in the book.
    pub(super) last: u64,
    /// Whether nothing followed the snapshot yet.
    pub(super) is_at_snapshot: bool,
}

impl Continuity {
    /// Whether snapshots do not come in the stream, so that they have to be fitted in among its updates.
    #[must_use]
    pub const fn has_snapshot_apart(self) -> bool {
        matches!(self, Self::BinanceSpot | Self::BinanceFutures)
    }

    #[inline]
    pub(super) fn judge(self, at: Position, update: &Head) -> Verdict {
        match self {
            Self::BinanceSpot => binance_spot::judge(at, update),
            Self::BinanceFutures => binance_futures::judge(at, update),
            Self::PlusOne => plus_one::judge(at, update),
            Self::Previous => previous::judge(at, update),
            Self::Checksum | Self::Unverified => Verdict::Next,
        }
    }
}
