//! The durable log of Tickbus: frames in segments, one writing thread with group commit, recovery.
//!
//! Bodies of frames are opaque here; `ts/delivery/journal` says what they mean, and `docs/journal-format.md` how all of
//! it lies on disk. `ts/fallback/journal` is the twin in TypeScript: the same frames give the same files.

pub mod directory;
pub mod disk;
pub mod error;
pub mod frame;
pub mod header;
pub mod log;
pub mod mark;
pub mod reader;
pub mod recovery;
pub mod writer;
