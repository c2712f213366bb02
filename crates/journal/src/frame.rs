//! One record on disk: `length u32, CRC-32C u32, sequence u64, time u64, type u8, body`, little-endian.
//!
//! The checksum is taken over all but itself. A frame of zeros is none, so that a tail that a file system has filled
//! with zeros ends the log.

/// Bytes before the body.
pub const HEAD_BYTES: usize = 25;
/// Most bytes of a body: a length beyond that is no length.
pub const BODY_BYTES_MOST: usize = 1 << 24;

const CHECKSUM: usize = 4;
const SEQUENCE: usize = 8;

/// What stands before a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Bytes of the whole frame.
    pub bytes: usize,
    /// Its place in the log, from 1.
    pub sequence: u64,
    /// UNIX nanoseconds.
    pub time_ns: u64,
}

/// Why bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFrame {
    /// There are fewer bytes than it says.
    Short,
    /// It is longer than any.
    Long,
    /// The checksum is another.
    Checksum,
}

impl NoFrame {
    /// For people.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Short => "the file ends within a record",
            Self::Long => "a record cannot be as long as this one says",
            Self::Checksum => "the checksum of a record is wrong",
        }
    }
}

/// Reads what stands before a body, unchecked.
///
/// # Errors
/// [`NoFrame`] if there are too few bytes, or the length cannot be.
pub fn head(bytes: &[u8]) -> Result<Head, NoFrame> {
    if bytes.len() < HEAD_BYTES {
        return Err(NoFrame::Short);
    }
    let body = u32_at(bytes, 0) as usize;
    if body > BODY_BYTES_MOST {
        return Err(NoFrame::Long);
    }
    Ok(Head { bytes: HEAD_BYTES + body, sequence: u64_at(bytes, SEQUENCE), time_ns: u64_at(bytes, 16) })
}

/// Reads the frame at the beginning of `bytes`.
///
/// # Errors
/// [`NoFrame`] if there is none.
pub fn check(bytes: &[u8]) -> Result<Head, NoFrame> {
    let found = head(bytes)?;
    let frame = bytes.get(..found.bytes).ok_or(NoFrame::Short)?;
    if u32_at(frame, CHECKSUM) == checksum(frame) { Ok(found) } else { Err(NoFrame::Checksum) }
}

/// Puts the checksum into a frame that has all the rest.
pub fn seal(frame: &mut [u8]) {
    let sum = checksum(frame);
    frame[CHECKSUM..SEQUENCE].copy_from_slice(&sum.to_le_bytes());
}

/// Where a frame of a sequence from `lowest` to `highest` begins, at `from` or behind it. What was torn has none behind it.
#[must_use]
pub fn find(bytes: &[u8], from: usize, lowest: u64, highest: u64) -> Option<usize> {
    let end = bytes.len().checked_sub(HEAD_BYTES)?;
    (from..=end).find(|&offset| {
        let sequence = u64_at(bytes, offset + SEQUENCE);
        sequence >= lowest && sequence <= highest && check(&bytes[offset..]).is_ok()
    })
}

fn checksum(frame: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&frame[..CHECKSUM]), &frame[SEQUENCE..])
}

pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[offset..offset + 4]);
    u32::from_le_bytes(word)
}

pub(crate) fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    let mut long = [0; 8];
    long.copy_from_slice(&bytes[offset..offset + 8]);
    u64::from_le_bytes(long)
}
