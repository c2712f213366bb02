//! Memory that several threads, Rust and JavaScript, read and write at the same time.
//!
//! JavaScript may change any byte at any moment, so Rust never forms a reference to plain data in it: control words
//! are 32-bit atomics, everything else moves as relaxed 64-bit atomics, which cost what plain loads and stores cost.
//! Each word is always accessed in one of the two widths, as the memory model wants it; that is why payloads begin at
//! multiples of eight bytes.

#![allow(unsafe_code, reason = "the one place where addresses become atomics")]

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

use crate::error::BusError;

#[cfg(target_endian = "big")]
compile_error!("the record layout packs 32-bit words into 64-bit ones in little-endian order");

/// Shared memory as words. Offsets out of range panic.
pub trait Words {
    /// Loads a 32-bit control word.
    fn load(&self, word: usize, order: Ordering) -> u32;
    /// Loads control words from `word` on, relaxed.
    #[inline]
    fn load_some<const N: usize>(&self, word: usize) -> [u32; N] {
        std::array::from_fn(|nth| self.load(word + nth, Ordering::Relaxed))
    }
    /// Loads `count` times `N` control words from `word` on, relaxed, and hands each `N` over.
    #[inline]
    fn each<const N: usize>(&self, word: usize, count: usize, mut take: impl FnMut([u32; N])) {
        (0..count).for_each(|nth| take(self.load_some(word + N * nth)));
    }
    /// Stores a 32-bit control word.
    fn store(&self, word: usize, value: u32, order: Ordering);
    /// Swaps a control word, sequentially consistent; returns what it was.
    fn swap(&self, word: usize, value: u32) -> u32;
    /// Changes a control word from `current` to `new`, sequentially consistent; says whether it did.
    fn exchange(&self, word: usize, current: u32, new: u32) -> bool;
    /// Adds 1 to a control word, sequentially consistent.
    fn increment(&self, word: usize);
    /// Loads 64 bits of data, relaxed. `long` counts in eight bytes.
    fn read(&self, long: usize) -> u64;
    /// Stores 64 bits of data, relaxed.
    fn write(&self, long: usize, value: u64);
    /// An atomic fence.
    fn fence(order: Ordering);
    /// Length in 32-bit words.
    fn len(&self) -> usize;
    /// Whether there is nothing.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Zeroed words of our own that order nothing. Those that are never touched cost address space only.
pub(crate) fn zeroed_counts(length: usize) -> Box<[AtomicU32]> {
    // SAFETY: all zero is a valid atomic.
    unsafe { Box::new_zeroed_slice(length).assume_init() }
}

/// Zeroed words of our own.
#[cfg(not(loom))]
pub(crate) fn zeroed_words(length: usize) -> Box<[AtomicU32]> {
    zeroed_counts(length)
}

/// As [`zeroed_words`], of 64 bits.
#[cfg(not(loom))]
pub(crate) fn zeroed_longs(length: usize) -> Box<[AtomicU64]> {
    // SAFETY: all zero is a valid atomic.
    unsafe { Box::new_zeroed_slice(length).assume_init() }
}

/// As without the model checker, whose atomics are made one by one.
#[cfg(loom)]
pub(crate) fn zeroed_words(length: usize) -> Box<[loom::sync::atomic::AtomicU32]> {
    (0..length).map(|_| loom::sync::atomic::AtomicU32::new(0)).collect()
}

/// As without the model checker, whose atomics are made one by one.
#[cfg(loom)]
pub(crate) fn zeroed_longs(length: usize) -> Box<[loom::sync::atomic::AtomicU64]> {
    (0..length).map(|_| loom::sync::atomic::AtomicU64::new(0)).collect()
}

/// A stretch of memory that somebody else keeps mapped.
#[derive(Clone, Copy, Debug)]
pub struct SharedMemory {
    /// At a multiple of eight bytes.
    base: NonNull<u64>,
    words: usize,
}

// SAFETY: it is only an address; everything behind it is accessed by atomic operations.
unsafe impl Send for SharedMemory {}
// SAFETY: as for `Send`.
unsafe impl Sync for SharedMemory {}

impl SharedMemory {
    /// Takes `bytes` bytes at `base`.
    ///
    /// # Errors
    /// [`BusError::Foreign`] if the memory does not begin and end at a multiple of eight bytes.
    ///
    /// # Safety
    /// The memory stays mapped and writable as long as this value or a copy of it is used, and Rust code accesses it
    /// through such values only.
    pub unsafe fn new(base: *mut u8, bytes: usize) -> Result<Self, BusError> {
        if !base.addr().is_multiple_of(8) || !bytes.is_multiple_of(8) {
            return Err(BusError::Foreign("the memory does not lie at multiples of eight bytes"));
        }
        #[allow(clippy::cast_ptr_alignment, reason = "just checked")]
        let base = NonNull::new(base.cast::<u64>()).ok_or(BusError::Foreign("the memory is empty"))?;
        Ok(Self { base, words: bytes / 4 })
    }

    /// Zeroed memory that is never freed, for tests and benches.
    ///
    /// # Panics
    /// If `bytes` is 0.
    #[must_use]
    pub fn leaked(bytes: usize) -> Self {
        let longs: Box<[AtomicU64]> = (0..bytes.div_ceil(8)).map(|_| AtomicU64::new(0)).collect();
        assert!(!longs.is_empty(), "memory of no bytes");
        let longs: &'static [AtomicU64] = Box::leak(longs);
        // A shared reference allows writes here because its elements are atomics.
        Self { base: NonNull::from(longs).cast(), words: longs.len() * 2 }
    }

    /// Whether both are the same bytes.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.base == other.base && self.words == other.words
    }

    #[inline]
    fn word(&self, word: usize) -> &AtomicU32 {
        if word >= self.words {
            out_of_range("word", word, self.words);
        }
        // SAFETY: the offset is in range, as just checked, so the address stays within the memory.
        let address = unsafe { self.base.as_ptr().cast::<u32>().add(word) };
        // SAFETY: aligned since `base` is; mapped and only accessed atomically, as the caller of `new` has promised.
        unsafe { AtomicU32::from_ptr(address) }
    }

    /// So many times `N` words.
    #[inline]
    fn some<const N: usize>(&self, word: usize, count: usize) -> &[[AtomicU32; N]] {
        let length = N.saturating_mul(count);
        if length > self.words || word > self.words - length {
            out_of_range("word", word, self.words);
        }
        // SAFETY: the offsets are in range, as just checked, so the addresses stay within the memory.
        let address = unsafe { self.base.as_ptr().cast::<u32>().add(word) };
        // SAFETY: aligned since `base` is; mapped and only accessed atomically, as the caller of `new` has promised.
        unsafe { std::slice::from_raw_parts(address.cast(), count) }
    }

    #[inline]
    fn long(&self, long: usize) -> &AtomicU64 {
        if long >= self.words / 2 {
            out_of_range("long", long, self.words / 2);
        }
        // SAFETY: the offset is in range, as just checked, so the address stays within the memory.
        let address = unsafe { self.base.as_ptr().add(long) };
        // SAFETY: aligned since `base` is; mapped and only accessed atomically, as the caller of `new` has promised.
        unsafe { AtomicU64::from_ptr(address) }
    }
}

#[inline]
fn loaded<const N: usize>(words: &[AtomicU32; N]) -> [u32; N] {
    std::array::from_fn(|nth| words[nth].load(Ordering::Relaxed))
}

/// Takes its arguments by value: a reference would keep each offset in memory.
#[cold]
#[inline(never)]
fn out_of_range(what: &str, offset: usize, length: usize) -> ! {
    panic!("{what} {offset} of {length}");
}

impl Words for SharedMemory {
    #[inline]
    fn load_some<const N: usize>(&self, word: usize) -> [u32; N] {
        loaded(&self.some(word, 1)[0])
    }

    #[inline]
    fn each<const N: usize>(&self, word: usize, count: usize, mut take: impl FnMut([u32; N])) {
        self.some(word, count).iter().for_each(|words| take(loaded(words)));
    }

    #[inline]
    fn load(&self, word: usize, order: Ordering) -> u32 {
        self.word(word).load(order)
    }

    #[inline]
    fn store(&self, word: usize, value: u32, order: Ordering) {
        self.word(word).store(value, order);
    }

    #[inline]
    fn swap(&self, word: usize, value: u32) -> u32 {
        self.word(word).swap(value, Ordering::SeqCst)
    }

    #[inline]
    fn exchange(&self, word: usize, current: u32, new: u32) -> bool {
        self.word(word).compare_exchange(current, new, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    #[inline]
    fn increment(&self, word: usize) {
        self.word(word).fetch_add(1, Ordering::SeqCst);
    }

    #[inline]
    fn read(&self, long: usize) -> u64 {
        self.long(long).load(Ordering::Relaxed)
    }

    #[inline]
    fn write(&self, long: usize, value: u64) {
        self.long(long).store(value, Ordering::Relaxed);
    }

    #[inline]
    fn fence(order: Ordering) {
        fence(order);
    }

    fn len(&self) -> usize {
        self.words
    }
}
