//! Frames, directories, and a disk that fails when it is told to.

#![allow(dead_code, reason = "each test uses a part")]

use std::cell::Cell;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use tickbus_journal::disk::{Disk, DiskFile, RealDisk};
use tickbus_journal::frame::HEAD_BYTES;
use tickbus_journal::reader::{Found, Reader};

/// A directory that goes with the value.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("tickbus-journal-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A frame without a checksum.
pub(crate) fn frame(sequence: u64, body: usize) -> Vec<u8> {
    let mut bytes = vec![sequence as u8; HEAD_BYTES + body];
    bytes[..4].copy_from_slice(&(body as u32).to_le_bytes());
    bytes[4..8].fill(0);
    bytes[8..16].copy_from_slice(&sequence.to_le_bytes());
    bytes[16..24].copy_from_slice(&(1_000 + sequence).to_le_bytes());
    bytes[24] = 1;
    bytes
}

/// The sequences that a reader finds.
pub(crate) fn read(directory: &Path, through: u64) -> Result<Vec<u64>, tickbus_journal::error::JournalError> {
    let mut reader = Reader::new(directory, 1);
    let mut out = vec![0; 1 << 16];
    let mut found = Vec::new();
    loop {
        let bytes = match reader.read(&mut out, through)? {
            Found::Bytes(0) => return Ok(found),
            Found::Bytes(bytes) => bytes,
            Found::Needs(bytes) => {
                out.resize(bytes, 0);
                continue;
            }
        };
        let mut at = 0;
        while at < bytes {
            let head = tickbus_journal::frame::check(&out[at..bytes]).unwrap();
            found.push(head.sequence);
            at += head.bytes;
        }
    }
}

/// What the disk is to refuse next.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) fails_sync: Cell<bool>,
    /// Bytes that still fit.
    pub(crate) room: Cell<Option<usize>>,
}

#[derive(Debug)]
pub(crate) struct FaultyDisk {
    pub(crate) real: RealDisk,
    pub(crate) faults: Rc<Faults>,
}

#[derive(Debug)]
pub(crate) struct FaultyFile {
    real: File,
    faults: Rc<Faults>,
}

impl Disk for FaultyDisk {
    type File = FaultyFile;

    fn create(&self, name: &str) -> io::Result<FaultyFile> {
        Ok(FaultyFile { real: self.real.create(name)?, faults: Rc::clone(&self.faults) })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.real.remove(name)
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn mark(&mut self, synced: u64) -> io::Result<()> {
        self.real.mark(synced)
    }
}

impl DiskFile for FaultyFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(room) = self.faults.room.get() else { return self.real.append(bytes) };
        let part = room.min(bytes.len());
        self.real.append(&bytes[..part])?;
        self.faults.room.set(Some(room - part));
        if part == bytes.len() { Ok(()) } else { Err(io::ErrorKind::StorageFull.into()) }
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.real.truncate(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.faults.fails_sync.get() { Err(io::Error::other("told to")) } else { Ok(()) }
    }
}
