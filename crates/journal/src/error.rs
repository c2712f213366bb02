//! What can go wrong, with the codes of the one table in `ts/errors.ts`.

use std::io;

/// Why a journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Bytes that cannot be what was written.
    #[error("{segment} at byte {offset}: {reason}")]
    Damaged {
        /// File name of the segment.
        segment: String,
        /// Where in it.
        offset: u64,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A segment that a later version wrote.
    #[error("{segment} has version {version}")]
    Version {
        /// File name of the segment.
        segment: String,
        /// The version in its header.
        version: u32,
    },
    /// The system refused.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl JournalError {
    /// The stable code, a key of `codes` in `ts/errors.ts`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "TICKBUS_JOURNAL_DAMAGED",
            Self::Version { .. } => "TICKBUS_JOURNAL_VERSION",
            Self::Io(error) if is_full(error) => "TICKBUS_JOURNAL_FULL",
            Self::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => "TICKBUS_JOURNAL_MISSING",
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "TICKBUS_JOURNAL_READ_ONLY",
                _ => "TICKBUS_JOURNAL_IO",
            },
        }
    }
}

/// Whether there is no room: on the device, in the quota, or under the limit of a file's size.
#[must_use]
pub fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
