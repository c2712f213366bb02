//! The sleep flag: how a thread with nothing to read goes to sleep without missing the record that ends its sleep.
//!
//! The reader raises the flag and then looks at every ring once more; the writer shows its record and then looks at the
//! flag. Whatever the order, one sees the other (T. J. Dekker's mutual exclusion), which takes a full fence between the
//! store and the load on both sides. Of many writers that see the flag only the one that lowers it rings, so that a
//! burst costs one wake-up. Checked by `tests/loom.rs`; cost by `cargo bench --bench wake`.

use std::sync::atomic::Ordering::{Relaxed, Release, SeqCst};

use crate::layout::{MEMBER_WORD_WAKE, WAKE_ASLEEP, WAKE_BUSY, WAKE_COUNT_ONE, WAKE_POLLING};
use crate::memory::Words;
use crate::roster::{Roster, member_word};

/// One member's sleep flag.
#[derive(Debug)]
pub struct SleepFlag<'a, W> {
    words: &'a W,
    word: usize,
}

impl<W: Words> Roster<W> {
    /// The sleep flag of the member in `slot`.
    #[must_use]
    pub fn sleep_flag(&self, slot: usize) -> SleepFlag<'_, W> {
        SleepFlag { words: &self.words, word: member_word(slot, MEMBER_WORD_WAKE) }
    }
}

impl<W: Words> SleepFlag<'_, W> {
    /// Reader: is delivering; a writer may hold records back for a batch.
    pub fn set_busy(&self) {
        self.words.store(self.word, WAKE_BUSY, Release);
    }

    /// Reader: awake, and has found nothing so many times; a writer that sees the number move shows records at once,
    /// and rings nobody.
    pub fn set_polling(&self, looks: u32) {
        self.words.store(self.word, WAKE_POLLING | looks.wrapping_mul(WAKE_COUNT_ONE), Release);
    }

    /// Reader: raises the flag, looks for work once more, and says whether to sleep. After `true` every record that is
    /// shown leads to a ring.
    #[must_use]
    pub fn fall_asleep(&self, has_work: impl FnOnce() -> bool) -> bool {
        self.words.store(self.word, WAKE_ASLEEP, Relaxed);
        W::fence(SeqCst);
        if has_work() {
            self.set_busy();
            return false;
        }
        true
    }

    /// Writer, after it has shown records: whether the caller must ring the member.
    #[must_use]
    pub fn lower(&self) -> bool {
        W::fence(SeqCst);
        self.words.load(self.word, Relaxed) == WAKE_ASLEEP && self.words.exchange(self.word, WAKE_ASLEEP, WAKE_BUSY)
    }
}
