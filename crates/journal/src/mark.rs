//! The file `synced`: the last sequence that is known to be on disk, `sequence u64, CRC-32C u32`.
//!
//! It is written after each sync and never synced itself. So it lags behind after a power cut, and is exact after the
//! death of the process: there it tells a torn tail, which nobody was promised, from a damaged one.

use std::fs;
use std::io;
use std::path::Path;

use crate::frame::{u32_at, u64_at};

/// Name of the file.
pub const NAME: &str = "synced";

/// As it lies on disk.
#[must_use]
pub fn encode(sequence: u64) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&sequence.to_le_bytes());
    let sum = crc32c::crc32c(&bytes[..8]);
    bytes[8..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// The sequence in it; 0 where there is none, or none that can be read.
///
/// # Errors
/// If the file is there and cannot be read.
pub fn read(directory: &Path) -> io::Result<u64> {
    let bytes = match fs::read(directory.join(NAME)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        other => other?,
    };
    let is_whole = bytes.len() == 12 && u32_at(&bytes, 8) == crc32c::crc32c(&bytes[..8]);
    Ok(if is_whole { u64_at(&bytes, 0) } else { 0 })
}
