//! Atomics and locks: those of the standard library, or the model checker's.

#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicU32, AtomicU64, fence};
#[cfg(loom)]
pub(crate) use loom::sync::{Mutex, MutexGuard};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, fence};
#[cfg(not(loom))]
pub(crate) use std::sync::{Mutex, MutexGuard};

use std::sync::PoisonError;

/// Waits a moment for another thread that is in the middle of something.
#[cfg(not(loom))]
pub(crate) use crossbeam_utils::Backoff;

/// As without the model checker, to which each wait is a switch to another thread.
#[cfg(loom)]
pub(crate) struct Backoff;

#[cfg(loom)]
impl Backoff {
    pub(crate) const fn new() -> Self {
        Self
    }

    #[allow(clippy::unused_self, reason = "as in crossbeam")]
    pub(crate) fn snooze(&self) {
        loom::thread::yield_now();
    }
}

/// Locks. What a thread left that panicked inside is taken as it is: all sections leave their state usable at each step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
