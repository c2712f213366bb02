//! The earliest deadline first, what has none last, and of equals the one that was submitted first.

use super::queue::Queue;
use crate::memory::Words;

#[derive(Debug)]
pub(super) struct Deadline;

impl Deadline {
    pub(super) fn choose<M: Words>(queue: &Queue<M>) -> u32 {
        queue.run_lanes.earliest()
    }
}
