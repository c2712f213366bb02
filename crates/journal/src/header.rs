//! The 64 bytes at the beginning of a segment.

use crate::error::JournalError;
use crate::frame::{u32_at, u64_at};

/// Bytes of a header.
pub const HEADER_BYTES: usize = 64;
/// Raised when an older reader could not make sense of a segment.
pub const VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"TICKBUSJ";
const CHECKSUM: usize = HEADER_BYTES - 4;

/// What a segment says of itself and of the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The first sequence that it may hold.
    pub first: u64,
    /// The last sequence written before it.
    pub written_before: u64,
    /// Up to here the segment before is whole; what it has beyond that was never known to be on disk.
    pub synced_before: u64,
    /// Time of its first record, UNIX nanoseconds.
    pub time_ns: u64,
}

impl Header {
    /// As it lies on disk.
    #[must_use]
    pub fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&(HEADER_BYTES as u32).to_le_bytes());
        for (place, long) in [self.first, self.written_before, self.synced_before, self.time_ns].iter().enumerate() {
            bytes[16 + 8 * place..24 + 8 * place].copy_from_slice(&long.to_le_bytes());
        }
        let sum = crc32c::crc32c(&bytes[..CHECKSUM]);
        bytes[CHECKSUM..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Reads it back; `first` is what the file's name says.
    ///
    /// # Errors
    /// [`JournalError::Version`] if a later version wrote it, [`JournalError::Damaged`] if it is no header, or another
    /// segment's.
    pub fn decode(bytes: &[u8], segment: &str, first: u64) -> Result<Self, JournalError> {
        let damaged = |reason| Err(JournalError::Damaged { segment: segment.to_owned(), offset: 0, reason });
        if bytes.len() < HEADER_BYTES || &bytes[..8] != MAGIC {
            return damaged("this is no segment of a journal");
        }
        let version = u32_at(bytes, 8);
        // A later header may be longer, and have its checksum elsewhere.
        if version > VERSION {
            return Err(JournalError::Version { segment: segment.to_owned(), version });
        }
        if u32_at(bytes, CHECKSUM) != crc32c::crc32c(&bytes[..CHECKSUM]) {
            return damaged("the checksum of the header is wrong");
        }
        let long = |place: usize| u64_at(bytes, 16 + 8 * place);
        if long(0) != first {
            return damaged("the file has another segment's name");
        }
        Ok(Self { first, written_before: long(1), synced_before: long(2), time_ns: long(3) })
    }
}
