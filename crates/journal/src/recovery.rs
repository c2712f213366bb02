//! Finds the end of the log after whatever ended its writer, and cuts off what was torn.
//!
//! Only the last segment can have a torn tail: each one before it was synced, or its successor says where it counts no
//! more. What the mark says was synced is never cut off, nor is anything with a whole record behind it: that is damage,
//! and is refused with nothing changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::directory::{name_of, segments};
use crate::disk::sync_directory;
use crate::error::JournalError;
use crate::frame::{self, NoFrame};
use crate::header::{HEADER_BYTES, Header};
use crate::mark;

/// How many sequences are left out after an end that was not clean. More than a writer can have handed out beyond what is
/// found: it syncs before a segment ends, and a segment and a queue of at most 1 GiB each hold fewer records than this.
pub const SKIPPED: u64 = 1 << 26;
/// Type of the record that a writer ends with.
pub const TYPE_CLOSED: u8 = 5;

const TYPE: usize = 24;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The last sequence that is there, all before it being on disk now; 0 where there is none.
    pub last: u64,
    /// The sequence to go on with: one that nobody was ever given.
    pub next: u64,
    /// Bytes that were cut off as torn.
    pub torn_bytes: u64,
}

/// Recovers a directory that nobody writes to.
///
/// # Errors
/// [`JournalError::Damaged`] and [`JournalError::Version`] with nothing changed; [`JournalError::Io`].
pub fn recover(directory: &Path) -> Result<Recovered, JournalError> {
    let synced = mark::read(directory)?;
    let mut torn_bytes = 0;
    let mut begun = 0;
    for first in segments(directory)?.into_iter().rev() {
        let name = name_of(first);
        let path = directory.join(&name);
        let bytes = fs::read(&path)?;
        let header = match Header::decode(&bytes, &name, first) {
            Ok(header) => header,
            Err(JournalError::Damaged { .. }) if is_unborn(&bytes, first, synced) => {
                // Created and never heard of again: not even its header reached the disk. The newest is begun anew below.
                torn_bytes += bytes.len() as u64;
                if begun == 0 {
                    begun = first;
                } else {
                    fs::remove_file(&path)?;
                }
                continue;
            }
            Err(error) => return Err(error),
        };
        let end = scan(&bytes, &header, &name, synced)?;
        let torn = (bytes.len() - end.length) as u64;
        let file = OpenOptions::new().write(true).open(&path)?;
        if torn > 0 {
            file.set_len(end.length as u64)?;
        }
        file.sync_all()?;
        let skip = if end.is_closed && torn_bytes == 0 && begun == 0 { 1 } else { SKIPPED };
        // The first sequence of a segment was handed out, whether or not its record is there.
        let next = end.last.max(begun).max(if skip == 1 { 0 } else { first }) + skip;
        let last = if end.last < first { header.written_before } else { end.last };
        begin_anew(directory, begun, last)?;
        return Ok(Recovered { last, next, torn_bytes: torn_bytes + torn });
    }
    // Sequences of a log that is empty by now may have been handed out all the same.
    let handed_out = begun.max(synced);
    begin_anew(directory, begun, 0)?;
    Ok(Recovered { last: 0, next: if handed_out == 0 { 1 } else { handed_out + SKIPPED }, torn_bytes })
}

/// Leaves an empty segment where one was never really begun: its name is what tells the next recovery which sequences were
/// handed out.
fn begin_anew(directory: &Path, first: u64, last: u64) -> io::Result<()> {
    if first > 0 {
        let header = Header { first, written_before: last, synced_before: last, time_ns: 0 };
        let mut file = File::create(directory.join(name_of(first)))?;
        file.write_all(&header.encode())?;
        file.sync_all()?;
    }
    sync_directory(directory)
}

struct End {
    length: usize,
    last: u64,
    is_closed: bool,
}

fn is_unborn(bytes: &[u8], first: u64, synced: u64) -> bool {
    first > synced && frame::find(bytes, 0, first, first + SKIPPED).is_none()
}

/// Where the whole records of the last segment end.
fn scan(bytes: &[u8], header: &Header, name: &str, synced: u64) -> Result<End, JournalError> {
    let mut end = End { length: HEADER_BYTES, last: header.first - 1, is_closed: false };
    while end.length < bytes.len() {
        let found = frame::check(&bytes[end.length..]);
        match found {
            Ok(head) if head.sequence == end.last + 1 => {
                end.is_closed = bytes[end.length + TYPE] == TYPE_CLOSED;
                end = End { length: end.length + head.bytes, last: head.sequence, ..end };
            }
            _ => {
                let reason = found.map_or_else(NoFrame::reason, |_| "a record has another's sequence");
                let is_promised = synced > end.last;
                let most = end.last + SKIPPED;
                if is_promised || frame::find(bytes, end.length + 1, end.last + 1, most).is_some() {
                    let offset = end.length as u64;
                    return Err(JournalError::Damaged { segment: name.to_owned(), offset, reason });
                }
                end.is_closed = false;
                return Ok(end);
            }
        }
    }
    // What the mark promises must be there, however cleanly the file ends.
    if synced > end.last {
        let reason = "records that were synced are missing at the end";
        return Err(JournalError::Damaged { segment: name.to_owned(), offset: end.length as u64, reason });
    }
    Ok(end)
}
