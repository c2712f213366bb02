//! Which segments a directory holds.

use std::fs;
use std::io;
use std::path::Path;

const ENDING: &str = ".segment";
const DIGITS: usize = 20;

/// The file name of the segment that begins with a sequence.
#[must_use]
pub fn name_of(first: u64) -> String {
    format!("{first:0DIGITS$}{ENDING}")
}

/// The first sequences of all segments, in rising order. Other files are not looked at.
///
/// # Errors
/// If the directory cannot be read.
pub fn segments(directory: &Path) -> io::Result<Vec<u64>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        if let Some(first) = entry?.file_name().to_str().and_then(first_of) {
            found.push(first);
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn first_of(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(ENDING)?;
    if digits.len() == DIGITS { digits.parse().ok() } else { None }
}
