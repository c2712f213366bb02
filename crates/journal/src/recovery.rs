//! Finds the end of the log after whatever ended its writer, and cuts off what was torn.
//!
//! Only the last segment can have a torn tail: each one before it was synced, or its successor says where it counts no
//! more; one that counts not at all may even have lost its header, and goes. What the mark says was synced is never cut off, nor is anything with a whole record behind it: that is damage,
//! and is refused with nothing changed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

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
    let mut firsts = segments(directory)?;
    while let Some(first) = firsts.pop() {
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
        let unborn = unborn_before(directory, header, &firsts)?;
        let torn = (bytes.len() - end.length) as u64;
        for (path, _) in &unborn {
            fs::remove_file(path)?;
        }
        settle_before(directory, header, &firsts)?;
        settle(&path, &bytes[..end.length], end.synced)?;
        let skip = if end.is_closed && torn_bytes == 0 && begun == 0 { 1 } else { SKIPPED };
        // The first sequence of a segment was handed out, whether or not its record is there.
        let next = end.last.max(begun).max(if skip == 1 { 0 } else { first }) + skip;
        let last = if end.last < first { header.written_before } else { end.last };
        begin_anew(directory, begun, last)?;
        let unborn_bytes: u64 = unborn.iter().map(|(_, bytes)| bytes).sum();
        return Ok(Recovered { last, next, torn_bytes: torn_bytes + torn + unborn_bytes });
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

/// Cuts off what is torn, and brings the rest to disk. What the mark does not speak of is written once more: a sync of the
/// process before may have failed, and the system then takes for written what is not on disk.
fn settle(path: &Path, bytes: &[u8], synced: usize) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.set_len(bytes.len() as u64)?;
    file.seek(SeekFrom::Start(synced as u64))?;
    file.write_all(&bytes[synced..])?;
    file.sync_all()
}

/// Brings to disk what failed syncs have left in doubt of the segments before one, as the header after each of them says: it is
/// read back with the rest, and counts as safe from now on.
fn settle_before(directory: &Path, header: Header, firsts: &[u64]) -> Result<(), JournalError> {
    let mut after = header;
    for &first in firsts.iter().rev() {
        let name = name_of(first);
        let path = directory.join(&name);
        // Not even its header was there.
        if !path.exists() {
            continue;
        }
        if after.synced_before < after.written_before {
            let bytes = fs::read(&path)?;
            settle(&path, &bytes, end_of(&bytes, first, after.synced_before))?;
        }
        after = Header::decode(&head_of(&path)?, &name, first)?;
    }
    Ok(())
}

/// Where the records of a segment end that are not later than a sequence.
fn end_of(bytes: &[u8], first: u64, last: u64) -> usize {
    let mut at = if last < first { 0 } else { HEADER_BYTES };
    for _ in first..=last {
        match frame::check(&bytes[at..]) {
            Ok(head) => at += head.bytes,
            Err(_) => break,
        }
    }
    at
}

/// The bytes of a header, as far as they are there.
fn head_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEADER_BYTES);
    File::open(path)?.take(HEADER_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

struct End {
    length: usize,
    /// Up to here the mark says that it is on disk.
    synced: usize,
    last: u64,
    is_closed: bool,
}

/// Segments before one that were never really begun either, with their bytes: their first sync failed, the writer went on
/// with the next one, and the power took what was not on disk. The next header that is there says that nothing in them was
/// synced.
fn unborn_before(directory: &Path, header: Header, firsts: &[u64]) -> Result<Vec<(PathBuf, u64)>, JournalError> {
    let mut unborn = Vec::new();
    let mut after = header;
    for &first in firsts.iter().rev() {
        let name = name_of(first);
        let path = directory.join(&name);
        match Header::decode(&head_of(&path)?, &name, first) {
            Ok(found) => after = found,
            Err(error @ JournalError::Damaged { .. }) => {
                let bytes = fs::read(&path)?;
                if !is_unborn(&bytes, first, after.synced_before) {
                    return Err(error);
                }
                unborn.push((path, bytes.len() as u64));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(unborn)
}

/// Whether nothing in a segment without a header was ever known to be on disk, nor is there.
fn is_unborn(bytes: &[u8], first: u64, synced: u64) -> bool {
    first > synced && frame::find(bytes, 0, first, first + SKIPPED).is_none()
}

/// Where the whole records of the last segment end.
fn scan(bytes: &[u8], header: &Header, name: &str, synced: u64) -> Result<End, JournalError> {
    let mut end = End { length: HEADER_BYTES, synced: 0, last: header.first - 1, is_closed: false };
    while end.length < bytes.len() {
        let found = frame::check(&bytes[end.length..]);
        match found {
            Ok(head) if head.sequence == end.last + 1 => {
                end.is_closed = bytes[end.length + TYPE] == TYPE_CLOSED;
                end = End { length: end.length + head.bytes, last: head.sequence, ..end };
                if end.last <= synced {
                    end.synced = end.length;
                }
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
