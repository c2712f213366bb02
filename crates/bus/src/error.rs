//! What can be refused, with the codes of the one table in `ts/errors.ts`.

/// Why this crate refused something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BusError {
    /// Memory that cannot be what it is said to be: wrong place, length, magic, layout, or bus.
    #[error("{0}")]
    Foreign(&'static str),
    /// A group of several threads that cannot be, or a seat in it that cannot be had.
    #[error("{0}")]
    SharedGroup(&'static str),
    /// A schedule that cannot be; `ts/` has checked it before.
    #[error("{0}")]
    Schedule(&'static str),
    /// A ring of sizes that the layout does not allow.
    #[error("{records} records with a slab of {slab} bytes is not a size that a ring can have")]
    RingSize {
        /// Records asked for.
        records: usize,
        /// Bytes of payload slab asked for.
        slab: usize,
    },
    /// A payload that the ring's slab cannot hold.
    #[error("a payload of {bytes} bytes, more than the {most} that fit")]
    PayloadSize {
        /// Bytes of the payload.
        bytes: usize,
        /// Most bytes that this ring takes.
        most: usize,
    },
}

impl BusError {
    /// The stable code, a key of `codes` in `ts/errors.ts`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Foreign(_) => "TICKBUS_TICKET",
            Self::SharedGroup(_) => "TICKBUS_SHARED_GROUP",
            Self::Schedule(_) => "TICKBUS_INTERNAL",
            Self::RingSize { .. } => "TICKBUS_RING_SIZE",
            Self::PayloadSize { .. } => "TICKBUS_PAYLOAD_SIZE",
        }
    }
}
