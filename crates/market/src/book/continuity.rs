//! How a venue says that no update is missing. Each rule is one file.

mod binance_futures;
mod binance_spot;
mod okx;
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
    /// Each update's number is one more than the one before: Bybit `u`. Not Coinbase Advanced `sequence_num`, which counts all
    /// messages of the connection.
    PlusOne,
    /// Each update names the one before.
    Previous,
    /// Each update names the one before (`prevSeqId`), or has a checksum instead.
    Okx,
    /// No numbers: only checksums tell. Kraken.
    Checksum,
    /// Nothing tells: Coinbase, Bybit v2.
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
    /// The rule of a name, as JavaScript has them.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "binance-spot" => Some(Self::BinanceSpot),
            "binance-futures" => Some(Self::BinanceFutures),
            "plus-one" => Some(Self::PlusOne),
            "previous" => Some(Self::Previous),
            "okx" => Some(Self::Okx),
            "checksum" => Some(Self::Checksum),
            "unverified" => Some(Self::Unverified),
            _ => None,
        }
    }

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
            Self::Okx => okx::judge(at, update),
            Self::Checksum | Self::Unverified => Verdict::Next,
        }
    }
}
