//! Shared memory as JavaScript hands it over.

use napi::bindgen_prelude::Uint8Array;
use tickbus_bus::memory::SharedMemory;

use crate::error::{Result, refused};

/// A view over a `SharedArrayBuffer`, whose memory stays where it is as long as this exists. It ends on the thread of its
/// own environment, since it holds a JavaScript reference.
pub(crate) struct View {
    memory: SharedMemory,
    _reference: Uint8Array,
}

impl View {
    pub(crate) fn new(view: Uint8Array) -> Result<Self> {
        // SAFETY: `ts/native` passes views over a SharedArrayBuffer only, whose bytes never move, and are kept by the
        // reference beside them. Who copies the memory out keeps this view until it has stopped.
        let memory = unsafe { SharedMemory::new(view.as_ptr().cast_mut(), view.len()) };
        Ok(Self { memory: memory.map_err(refused)?, _reference: view })
    }

    pub(crate) const fn memory(&self) -> SharedMemory {
        self.memory
    }
}
