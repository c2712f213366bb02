//! Reads whole records in order, from a sequence on, also while a writer adds to them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::directory::{name_of, segments};
use crate::error::JournalError;
use crate::frame::{self, HEAD_BYTES, NoFrame};
use crate::header::{HEADER_BYTES, Header};

const BLOCK_BYTES: usize = 1 << 20;

/// Reads a directory. Times are not looked at: whoever wants some skips the rest. What is removed before it was read is
/// passed over.
#[derive(Debug)]
pub struct Reader {
    directory: PathBuf,
    from: u64,
    place: Option<Place>,
}

/// Within a segment.
#[derive(Debug)]
struct Place {
    /// Opened for each block: a reader that nobody ends keeps no file.
    path: PathBuf,
    header: Header,
    name: String,
    /// What was read of the file, from `offset` on, the first `used` bytes of it being done with.
    block: Vec<u8>,
    used: usize,
    offset: u64,
    /// The last sequence that was read here.
    last: u64,
}

/// What a call found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// So many bytes of whole frames; 0 if there are no more for now.
    Bytes(usize),
    /// The next frame alone takes so many.
    Needs(usize),
}

impl Reader {
    /// Begins with the first record that has `from` or a later sequence.
    #[must_use]
    pub fn new(directory: &Path, from: u64) -> Self {
        Self { directory: directory.to_owned(), from, place: None }
    }

    /// Copies whole frames out. `through` is the last sequence that is known to be written: what lies beyond it may be
    /// half there, and is then not read.
    ///
    /// # Errors
    /// [`JournalError`]; what was read before stays read.
    pub fn read(&mut self, out: &mut [u8], through: u64) -> Result<Found, JournalError> {
        let mut copied = 0;
        loop {
            if self.place.is_none() && !self.enter(through)? {
                return Ok(Found::Bytes(copied));
            }
            let Some(place) = self.place.as_mut() else { return Ok(Found::Bytes(copied)) };
            let last = place.last;
            let next = match place.next() {
                Err(error) if is_removed(&error, &self.directory, place.header.first)? => {
                    self.go_on_after(last);
                    continue;
                }
                found => found?,
            };
            let head = match next {
                Ok(head) if place.last + 1 == head.sequence => head,
                other => {
                    let reason = other.map_or_else(NoFrame::reason, |_| "a record has another's sequence");
                    if !self.leave(reason, through)? {
                        return Ok(Found::Bytes(copied));
                    }
                    continue;
                }
            };
            if head.sequence > through {
                return Ok(Found::Bytes(copied));
            }
            if head.sequence >= self.from {
                let Some(room) = out.get_mut(copied..copied + head.bytes) else {
                    return Ok(if copied > 0 { Found::Bytes(copied) } else { Found::Needs(head.bytes) });
                };
                room.copy_from_slice(&place.block[place.used..place.used + head.bytes]);
                copied += head.bytes;
            }
            place.used += head.bytes;
            place.last = head.sequence;
        }
    }

    /// Opens the segment in which `from` lies, or the next one; false if it is not there yet.
    fn enter(&mut self, through: u64) -> Result<bool, JournalError> {
        loop {
            let firsts = segments(&self.directory)?;
            let at = firsts.partition_point(|&first| first <= self.from).saturating_sub(1);
            let Some(&first) = firsts.get(at) else { return Ok(false) };
            match self.open(first, at + 1 == firsts.len(), through) {
                Err(JournalError::Io(error)) if is_removed(&error, &self.directory, first)? => {}
                opened => return opened,
            }
        }
    }

    /// The segment is gone, and all before it: enters the oldest one that is there.
    fn go_on_after(&mut self, last: u64) {
        self.from = self.from.max(last + 1);
        self.place = None;
    }

    fn open(&mut self, first: u64, is_last: bool, through: u64) -> Result<bool, JournalError> {
        let name = name_of(first);
        let path = self.directory.join(&name);
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        File::open(&path)?.take(HEADER_BYTES as u64).read_to_end(&mut bytes)?;
        let header = match Header::decode(&bytes, &name, first) {
            Ok(header) => header,
            // Its writer has just begun.
            Err(JournalError::Damaged { .. }) if is_last && through < first => return Ok(false),
            Err(JournalError::Damaged { .. }) if is_last && through == u64::MAX && bytes.len() < HEADER_BYTES => {
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        let (block, offset) = (Vec::new(), HEADER_BYTES as u64);
        self.place = Some(Place { path, header, name, block, used: 0, offset, last: first - 1 });
        Ok(true)
    }

    /// There is no record where one was looked for. Goes on with the next segment if this one has all that it must have;
    /// false if it is the last one and more may come.
    fn leave(&mut self, reason: &'static str, through: u64) -> Result<bool, JournalError> {
        let Some(place) = self.place.as_ref() else { return Ok(false) };
        let damaged = |place: &Place, reason| {
            let (segment, offset) = (place.name.clone(), place.offset + place.used as u64);
            Err(JournalError::Damaged { segment, offset, reason })
        };
        let firsts = segments(&self.directory)?;
        if firsts.first().is_some_and(|&oldest| oldest > place.header.first) {
            let last = place.last;
            self.go_on_after(last);
            return Ok(true);
        }
        let Some(&next) = firsts.iter().find(|&&first| first > place.header.first) else {
            // A log that skipped sequences at a restart may have been told of more than this segment has.
            return if through != u64::MAX && through > place.last { damaged(place, reason) } else { Ok(false) };
        };
        let (last, first) = (place.last, place.header.first);
        let ended = self.place.take();
        match self.open(next, firsts.last() == Some(&next), through) {
            Ok(true) => {}
            Err(JournalError::Io(error)) if is_removed(&error, &self.directory, next)? => {
                self.go_on_after(last);
                return Ok(true);
            }
            other => {
                self.place = ended;
                return other;
            }
        }
        let (Some(ended), Some(entered)) = (ended, self.place.as_ref()) else { return Ok(false) };
        let whole = entered.header.synced_before.min(entered.header.written_before);
        // A segment without records ends where the one before it did.
        if last < whole && whole >= first {
            let found = damaged(&ended, reason);
            self.place = Some(ended);
            return found;
        }
        if entered.header.written_before < first.saturating_sub(1).min(last) && last >= first {
            let found = damaged(&ended, "the segment after it begins before it ends");
            self.place = Some(ended);
            return found;
        }
        Ok(true)
    }
}

/// Whether a segment could not be opened because its writer needs it no more: it removes the oldest ones first.
fn is_removed(error: &io::Error, directory: &Path, first: u64) -> Result<bool, JournalError> {
    Ok(error.kind() == io::ErrorKind::NotFound && segments(directory)?.first().is_some_and(|&oldest| oldest > first))
}

impl Place {
    /// The frame that comes next, whole in the block.
    fn next(&mut self) -> io::Result<Result<frame::Head, NoFrame>> {
        if self.left() < HEAD_BYTES {
            self.fill(BLOCK_BYTES)?;
        }
        let head = match frame::head(&self.block[self.used..]) {
            Ok(head) => head,
            Err(no) => return Ok(Err(no)),
        };
        if self.left() < head.bytes {
            self.fill(head.bytes.max(BLOCK_BYTES))?;
        }
        let found = frame::check(&self.block[self.used..]);
        if found.is_err() {
            // It may be half there; the next look reads it again.
            self.fill(0)?;
        }
        Ok(found)
    }

    const fn left(&self) -> usize {
        self.block.len() - self.used
    }

    /// Makes the block begin with the frame that comes next, and hold up to `bytes`.
    fn fill(&mut self, bytes: usize) -> io::Result<()> {
        self.offset += self.used as u64;
        self.block.clear();
        self.used = 0;
        if bytes == 0 {
            return Ok(());
        }
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.offset))?;
        file.take(bytes as u64).read_to_end(&mut self.block).map(|_| ())
    }
}
