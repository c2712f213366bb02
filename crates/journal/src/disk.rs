//! What the log does to files, so that tests can let it fail.

use std::fmt::Debug;
use std::fs::{File, OpenOptions, remove_file};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::mark;

/// A directory of segments.
pub trait Disk: Debug {
    /// A new file of it, open for writing.
    type File: DiskFile;
    /// Creates a file that was not there.
    ///
    /// # Errors
    /// What the system says.
    fn create(&self, name: &str) -> io::Result<Self::File>;
    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Returns when files that were created and removed are so on disk.
    ///
    /// # Errors
    /// What the system says.
    fn sync_directory(&self) -> io::Result<()>;
    /// Notes up to which sequence all is on disk.
    ///
    /// # Errors
    /// What the system says.
    fn mark(&mut self, synced: u64) -> io::Result<()>;
}

/// A file that grows at its end.
pub trait DiskFile: Debug {
    /// Writes all of `bytes` at the end, or a part and fails.
    ///
    /// # Errors
    /// What the system says.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Cuts off what lies behind `length`.
    ///
    /// # Errors
    /// What the system says.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
    /// Returns when all that was written is on disk.
    ///
    /// # Errors
    /// What the system says. What was written is then lost or not, and no later success says which.
    fn sync(&mut self) -> io::Result<()>;
}

/// A directory of the file system.
#[derive(Debug)]
pub struct RealDisk {
    directory: PathBuf,
    mark: File,
}

impl RealDisk {
    /// Takes a directory that is there.
    ///
    /// # Errors
    /// If it cannot be written to.
    pub fn open(directory: &Path) -> io::Result<Self> {
        let mark = OpenOptions::new().create(true).truncate(false).write(true).open(directory.join(mark::NAME))?;
        Ok(Self { directory: directory.to_owned(), mark })
    }
}

impl Disk for RealDisk {
    type File = File;

    fn create(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(self.directory.join(name))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        remove_file(self.directory.join(name))
    }

    fn sync_directory(&self) -> io::Result<()> {
        sync_directory(&self.directory)
    }

    fn mark(&mut self, synced: u64) -> io::Result<()> {
        self.mark.rewind()?;
        self.mark.write_all(&mark::encode(synced))
    }
}

/// Returns when the names in a directory are on disk. Windows has no such call, and writes them by itself.
///
/// # Errors
/// What the system says.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(directory)?.sync_all() }
}

impl DiskFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(|_| ())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}
