//! Frames into segments: what the writing thread does, without the thread.
//!
//! A segment is full when the next frame does not fit, whatever the batches were; so the same frames give the same files.
//! A sync that fails ends its segment for good, since the kernel may have thrown away what it could not write and reports
//! that once (the "fsyncgate" of 2018). What was not synced is reported as failed: it may be there after a restart or not.
//! The next header says so, and a reader takes from the ended segment what is whole.

use std::io;

use crate::directory::name_of;
use crate::disk::{Disk, DiskFile};
use crate::error::is_full;
use crate::frame::{self, head};
use crate::header::{HEADER_BYTES, Header};

/// Sequences of which nobody knows whether they are on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The first of them.
    pub first: u64,
    /// The last of them.
    pub last: u64,
}

/// Why not all was written.
#[derive(Debug)]
pub enum Trouble {
    /// There is no room. Nothing is lost; try again.
    Full,
    /// Nothing more can be written, ever.
    Failed(io::Error),
}

/// What happened so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Bytes written to files, headers included.
    pub bytes: u64,
    /// Calls that wrote.
    pub writes: u64,
    /// Calls that synced.
    pub syncs: u64,
    /// Segments begun.
    pub segments: u64,
}

/// The end of the log, open for writing.
#[derive(Debug)]
pub struct Log<D: Disk> {
    disk: D,
    segment_bytes: u64,
    segment: Option<Segment<D::File>>,
    /// First sequences of the segments that are there, the open one included.
    firsts: Vec<u64>,
    written: u64,
    synced: u64,
    lost: Vec<Lost>,
    counts: Counts,
}

#[derive(Debug)]
struct Segment<F> {
    file: F,
    length: u64,
}

impl<D: Disk> Log<D> {
    /// Goes on behind `last`, which is on disk as all before it, with a new segment.
    pub fn new(disk: D, segment_bytes: u64, firsts: Vec<u64>, last: u64) -> Self {
        let counts = Counts::default();
        Self { disk, segment_bytes, segment: None, firsts, written: last, synced: last, lost: Vec::new(), counts }
    }

    /// The last sequence that was handed to the system: it survives the death of the process.
    pub const fn written(&self) -> u64 {
        self.written
    }

    /// The last sequence that is on disk.
    pub const fn synced(&self) -> u64 {
        self.synced
    }

    /// What failed syncs have left in doubt, oldest first.
    pub fn lost(&self) -> &[Lost] {
        &self.lost
    }

    /// What happened so far.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Seals and writes whole frames. Returns how many bytes of them it took, and why it stopped before the end.
    pub fn append(&mut self, frames: &mut [u8]) -> (usize, Option<Trouble>) {
        let mut taken = 0;
        while taken < frames.len() {
            match self.append_some(&mut frames[taken..]) {
                Ok(more) => taken += more,
                Err(trouble) => return (taken, Some(trouble)),
            }
        }
        (taken, None)
    }

    /// Writes as many frames as the segment takes, with one call.
    fn append_some(&mut self, frames: &mut [u8]) -> Result<usize, Trouble> {
        let first = head(frames).map_err(|no| failed(no.reason()))?;
        let is_filled = |segment: &Segment<_>, bytes: u64, limit: u64| {
            segment.length > HEADER_BYTES as u64 && segment.length + bytes > limit
        };
        if self.segment.as_ref().is_some_and(|segment| is_filled(segment, first.bytes as u64, self.segment_bytes)) {
            self.end_segment()?;
        }
        if self.segment.is_none() {
            self.begin_segment(first.sequence, first.time_ns)?;
        }
        let Some(segment) = self.segment.as_mut() else { return Ok(0) };
        let (mut end, mut last) = (0, 0);
        while end < frames.len() {
            let next = head(&frames[end..]).map_err(|no| failed(no.reason()))?;
            if end > 0 && segment.length + (end + next.bytes) as u64 > self.segment_bytes {
                break;
            }
            let frame = frames.get_mut(end..end + next.bytes).ok_or_else(|| failed("half a frame was submitted"))?;
            frame::seal(frame);
            (end, last) = (end + next.bytes, next.sequence);
        }
        if let Err(error) = segment.file.append(&frames[..end]) {
            // The part that was written is no record, and must not stand before the next attempt.
            segment.file.truncate(segment.length).map_err(Trouble::Failed)?;
            return Err(trouble(error));
        }
        segment.length += end as u64;
        self.written = last;
        self.counts.writes += 1;
        self.counts.bytes += end as u64;
        Ok(end)
    }

    /// Returns when all that was written is on disk, or is listed as lost.
    ///
    /// # Errors
    /// [`Trouble::Failed`] if not even that could be noted.
    pub fn sync(&mut self) -> Result<(), Trouble> {
        let Some(segment) = self.segment.as_mut() else { return Ok(()) };
        // What a failed sync has left in doubt lies in a segment before, and is not brought to disk by one without records.
        if self.synced == self.written || segment.length == HEADER_BYTES as u64 {
            return Ok(());
        }
        self.counts.syncs += 1;
        if segment.file.sync().is_err() {
            self.lost.push(Lost { first: self.synced + 1, last: self.written });
            self.segment = None;
            return Ok(());
        }
        self.synced = self.written;
        self.disk.mark(self.synced).map_err(Trouble::Failed)
    }

    /// Removes the segments that hold no sequence from `below` on; never the last one.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove_below(&mut self, below: u64) -> io::Result<()> {
        let removable = self.firsts.windows(2).take_while(|pair| pair[1] <= below).count();
        for first in self.firsts.drain(..removable) {
            self.disk.remove(&name_of(first))?;
        }
        if removable > 0 { self.disk.sync_directory() } else { Ok(()) }
    }

    fn end_segment(&mut self) -> Result<(), Trouble> {
        self.sync()?;
        self.segment = None;
        Ok(())
    }

    fn begin_segment(&mut self, first: u64, time_ns: u64) -> Result<(), Trouble> {
        let name = name_of(first);
        let header = Header { first, written_before: self.written, synced_before: self.synced, time_ns };
        let mut file = self.disk.create(&name).map_err(trouble)?;
        if let Err(error) = file.append(&header.encode()) {
            self.disk.remove(&name).map_err(Trouble::Failed)?;
            return Err(trouble(error));
        }
        self.disk.sync_directory().map_err(Trouble::Failed)?;
        self.firsts.push(first);
        self.segment = Some(Segment { file, length: HEADER_BYTES as u64 });
        self.counts.segments += 1;
        self.counts.bytes += HEADER_BYTES as u64;
        Ok(())
    }
}

fn trouble(error: io::Error) -> Trouble {
    if is_full(&error) { Trouble::Full } else { Trouble::Failed(error) }
}

fn failed(reason: &'static str) -> Trouble {
    Trouble::Failed(io::Error::other(reason))
}
