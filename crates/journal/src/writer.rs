//! The thread that writes: takes what was submitted, writes it, syncs groups, and says how far it is.
//!
//! Who submits holds the lock for one copy, who writes holds it for one swap: nobody waits for the disk. How far the log
//! is lies in memory shared with JavaScript; one ring for each write and each sync tells who waits for that, however many
//! records it had.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{io, mem};

use tickbus_bus::layout::{
    JOURNAL_LONG_BYTES, JOURNAL_LONG_FULL, JOURNAL_LONG_LOST, JOURNAL_LONG_SEGMENTS, JOURNAL_LONG_SYNCED,
    JOURNAL_LONG_SYNCS, JOURNAL_LONG_TAKEN, JOURNAL_LONG_WRITES, JOURNAL_LONG_WRITTEN, JOURNAL_STATE_CLOSED,
    JOURNAL_STATE_FAILED, JOURNAL_STATE_FULL, JOURNAL_STATE_RUNNING, JOURNAL_WORD_STATE, JOURNAL_WORD_WANTS,
    JOURNAL_WORD_WANTS_SYNC,
};
use tickbus_bus::memory::{SharedMemory, Words};

use crate::disk::Disk;
use crate::log::{Log, Lost, Trouble};

/// Between two attempts while the disk is full.
const FULL_RETRY: Duration = Duration::from_millis(20);

/// How long the thread looks for more before it sleeps, if more came soon the last time: on many machines it takes longer
/// than that to fall asleep and be woken.
const EAGER: Duration = Duration::from_micros(100);

/// When what was written is synced. Ends of segments and of the log are synced whatever this says.
#[derive(Clone, Copy, Debug)]
pub struct SyncPolicy {
    /// This long after the first record that is not.
    pub after: Option<Duration>,
    /// When there are so many.
    pub records: u64,
}

/// A running writer.
#[derive(Debug)]
pub struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
    /// Changes with everything that is asked for.
    asked: AtomicU32,
    lost: Mutex<Vec<Lost>>,
    failure: Mutex<Option<String>>,
    most_bytes: usize,
}

/// What the thread is to do.
#[derive(Debug, Default)]
struct Queue {
    frames: Vec<u8>,
    below: u64,
    is_sync_asked: bool,
    is_closing: bool,
    /// The thread sleeps. To wake one that works would cost a call of the system for nothing.
    is_asleep: bool,
}

impl Writer {
    /// Starts the thread. `page` says how far it is, `ring` tells who waits for that; at most `most_bytes` wait in memory.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start<D: Disk + Send + 'static>(
        log: Log<D>,
        policy: SyncPolicy,
        most_bytes: usize,
        page: SharedMemory,
        ring: impl Fn() + Send + 'static,
    ) -> io::Result<Self>
    where
        D::File: Send,
    {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            filled: Condvar::new(),
            asked: AtomicU32::new(0),
            lost: Mutex::default(),
            failure: Mutex::default(),
            most_bytes,
        });
        let mut work = Work {
            log,
            policy,
            page,
            ring,
            frames: Vec::new(),
            done: 0,
            taken: 0,
            since: None,
            asked: 0,
            is_eager: false,
        };
        work.tell(JOURNAL_STATE_RUNNING);
        let run = {
            let shared = Arc::clone(&shared);
            move || work.run(&shared)
        };
        let thread = thread::Builder::new().name("tickbus journal".into()).spawn(run)?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Hands whole frames over, all or none; false if there is no room for them now.
    #[must_use]
    pub fn submit(&self, frames: &[u8]) -> bool {
        let mut queue = held(&self.shared.queue);
        let has_room = queue.frames.len() + frames.len() <= self.shared.most_bytes;
        if has_room {
            queue.frames.extend_from_slice(frames);
            self.wake(queue);
        }
        has_room
    }

    /// Asks for a sync of all that was submitted.
    pub fn sync(&self) {
        self.ask(|queue| queue.is_sync_asked = true);
    }

    /// Asks for the removal of segments that hold nothing from `below` on.
    pub fn remove_below(&self, below: u64) {
        self.ask(|queue| queue.below = below);
    }

    /// Asks for the end: what was submitted is written and synced, if it can be.
    pub fn close(&self) {
        self.ask(|queue| queue.is_closing = true);
    }

    /// What failed syncs have left in doubt, oldest first.
    #[must_use]
    pub fn lost(&self) -> Vec<Lost> {
        held(&self.shared.lost).clone()
    }

    /// Why the state is `JOURNAL_STATE_FAILED`.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        held(&self.shared.failure).clone()
    }

    fn ask(&self, change: impl FnOnce(&mut Queue)) {
        let mut queue = held(&self.shared.queue);
        change(&mut queue);
        self.wake(queue);
    }

    fn wake(&self, mut queue: MutexGuard<'_, Queue>) {
        let was_asleep = mem::take(&mut queue.is_asleep);
        self.shared.asked.fetch_add(1, Ordering::Relaxed);
        drop(queue);
        if was_asleep {
            self.shared.filled.notify_one();
        }
    }
}

impl Drop for Writer {
    /// Returns when the thread has ended.
    fn drop(&mut self) {
        self.close();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            debug_assert!(ended.is_ok(), "the journal's thread panicked");
        }
    }
}

/// What one turn of the thread is for, beyond what it took to write.
struct Asked {
    below: u64,
    is_sync: bool,
    is_end: bool,
    /// Whether the queue still holds frames.
    has_more: bool,
}

/// What the thread has.
struct Work<D: Disk, R> {
    log: Log<D>,
    policy: SyncPolicy,
    page: SharedMemory,
    ring: R,
    /// What was taken from the queue; the first `done` bytes are written.
    frames: Vec<u8>,
    done: usize,
    /// Bytes of frames written since the start.
    taken: u64,
    /// When the first record that is not synced was written.
    since: Option<Instant>,
    /// What was asked for when it last took something, and whether that came soon.
    asked: u32,
    is_eager: bool,
}

impl<D: Disk, R: Fn()> Work<D, R> {
    fn run(&mut self, shared: &Shared) {
        let mut is_full = false;
        loop {
            let asked = self.take(shared, is_full);
            let mut trouble = self.write(shared);
            if asked.below > 0 && trouble.is_none() {
                trouble = self.log.remove_below(asked.below).err().map(Trouble::Failed);
            }
            let is_writable = !matches!(trouble, Some(Trouble::Failed(_)));
            if is_writable && (asked.is_sync || asked.is_end || self.is_sync_due()) {
                trouble = self.sync(shared).or(trouble);
            }
            match trouble {
                Some(Trouble::Failed(error)) => {
                    *held(&shared.failure) = Some(error.to_string());
                    return self.tell(JOURNAL_STATE_FAILED);
                }
                Some(Trouble::Full) if !is_full => {
                    self.page.write(JOURNAL_LONG_FULL, self.page.read(JOURNAL_LONG_FULL) + 1);
                    is_full = true;
                    self.tell(JOURNAL_STATE_FULL);
                }
                None if is_full => {
                    is_full = false;
                    self.tell(JOURNAL_STATE_RUNNING);
                }
                None | Some(Trouble::Full) => {}
            }
            // Closing waits for nobody: what found no room is told by the sequence that was not written.
            if asked.is_end && (is_full || !asked.has_more) {
                return self.tell(JOURNAL_STATE_CLOSED);
            }
        }
    }

    /// Returns when more was asked for than when it last took something; or else when it is time to sleep.
    fn look(&self, shared: &Shared, began: Instant) {
        while self.is_eager && shared.asked.load(Ordering::Relaxed) == self.asked && began.elapsed() < EAGER {
            // Whoever else could use this processor does.
            thread::yield_now();
        }
    }

    /// Waits for something to do, and takes it.
    fn take(&mut self, shared: &Shared, is_full: bool) -> Asked {
        let began = Instant::now();
        self.look(shared, began);
        let mut queue = held(&shared.queue);
        loop {
            // While the disk is full, what waits stays where it counts against the bound.
            let has_more = !is_full && !queue.frames.is_empty();
            if has_more || queue.is_closing || queue.is_sync_asked || queue.below > 0 {
                break;
            }
            let wait = if is_full { Some(FULL_RETRY) } else { self.until_sync() };
            queue.is_asleep = wait.is_none_or(|wait| !wait.is_zero());
            let Some(wait) = wait else {
                queue = shared.filled.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if wait.is_zero() {
                break;
            }
            let (again, outcome) = shared.filled.wait_timeout(queue, wait).unwrap_or_else(PoisonError::into_inner);
            queue = again;
            if outcome.timed_out() {
                break;
            }
        }
        queue.is_asleep = false;
        self.is_eager = began.elapsed() < 2 * EAGER;
        self.asked = shared.asked.load(Ordering::Relaxed);
        if self.done == self.frames.len() {
            self.frames.clear();
            self.done = 0;
            mem::swap(&mut self.frames, &mut queue.frames);
        }
        Asked {
            below: mem::take(&mut queue.below),
            is_sync: mem::take(&mut queue.is_sync_asked),
            is_end: queue.is_closing,
            has_more: !queue.frames.is_empty(),
        }
    }

    fn write(&mut self, shared: &Shared) -> Option<Trouble> {
        let before = self.log.written();
        let (taken, trouble) = self.log.append(&mut self.frames[self.done..]);
        self.done += taken;
        self.taken += taken as u64;
        self.list_lost(shared);
        if self.log.written() > before {
            self.since.get_or_insert_with(Instant::now);
            self.publish();
        }
        trouble
    }

    fn sync(&mut self, shared: &Shared) -> Option<Trouble> {
        let trouble = self.log.sync().err();
        self.since = None;
        self.list_lost(shared);
        self.publish();
        trouble
    }

    /// Before the mark of what is synced passes them: the end of a segment is synced as well.
    fn list_lost(&self, shared: &Shared) {
        let lost = self.log.lost();
        if self.page.read(JOURNAL_LONG_LOST) != lost.len() as u64 {
            *held(&shared.lost) = lost.to_vec();
        }
    }

    fn is_sync_due(&self) -> bool {
        let waiting = self.log.written() - self.log.synced();
        self.since.is_some_and(|_| waiting >= self.policy.records)
            || self.until_sync().is_some_and(|left| left.is_zero())
    }

    fn until_sync(&self) -> Option<Duration> {
        let (since, after) = (self.since?, self.policy.after?);
        Some(after.saturating_sub(since.elapsed()))
    }

    /// Says how far it is, and rings if anybody waits for that: nobody who waits for a sync is woken by a write.
    fn publish(&self) {
        let counts = self.log.counts();
        let lost = self.log.lost().len() as u64;
        let has_synced =
            self.page.read(JOURNAL_LONG_SYNCED) != self.log.synced() || self.page.read(JOURNAL_LONG_LOST) != lost;
        self.page.write(JOURNAL_LONG_LOST, lost);
        // Whoever sees that a later sequence is synced sees what was lost before it.
        SharedMemory::fence(Ordering::SeqCst);
        for (long, value) in [
            (JOURNAL_LONG_WRITTEN, self.log.written()),
            (JOURNAL_LONG_SYNCED, self.log.synced()),
            (JOURNAL_LONG_TAKEN, self.taken),
            (JOURNAL_LONG_BYTES, counts.bytes),
            (JOURNAL_LONG_WRITES, counts.writes),
            (JOURNAL_LONG_SYNCS, counts.syncs),
            (JOURNAL_LONG_SEGMENTS, counts.segments),
        ] {
            self.page.write(long, value);
        }
        SharedMemory::fence(Ordering::SeqCst);
        let is_wanted = self.page.swap(JOURNAL_WORD_WANTS, 0) != 0;
        if (has_synced && self.page.swap(JOURNAL_WORD_WANTS_SYNC, 0) != 0) || is_wanted {
            (self.ring)();
        }
    }

    /// Says in which state it is; everybody wants to know that.
    fn tell(&mut self, status: u32) {
        self.publish();
        self.page.store(JOURNAL_WORD_STATE, status, Ordering::SeqCst);
        (self.ring)();
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
