//! Where the bytes of queued messages lie: blocks of memory that any thread allocates and any thread frees.
//!
//! Size classes are powers of two from 64 bytes to 32 KiB. A class is handed pages of 64 KiB on demand, keeps which blocks
//! of them are free in a bit map, and hands a page back once all of it is free (J. Bonwick's slab allocator). What is larger
//! gets a run of pages, first fit. A class's lock is held for a few instructions; pages have one of their own.
//!
//! Nothing of this lies in the memory itself, which others may write to at any time.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use hashbrown::HashMap;

use super::sync::{Mutex, lock};
use crate::layout::SLAB_UNIT_BYTES;
use crate::memory::zeroed_counts;

/// Bytes of a page.
pub const SLAB_PAGE_BYTES: usize = 1 << PAGE_SHIFT;
/// Most bytes of a block.
pub const SLAB_BLOCK_MOST: usize = 1 << 20;

const PAGE_SHIFT: u32 = 16;
const SMALLEST_SHIFT: u32 = 6;
const CLASSES: usize = (PAGE_SHIFT - SMALLEST_SHIFT) as usize;
const PAGE_UNITS: u32 = (SLAB_PAGE_BYTES / SLAB_UNIT_BYTES) as u32;
/// Blocks of a page of the smallest class, by 64.
const MAP_LONGS: usize = 1 << (PAGE_SHIFT - SMALLEST_SHIFT - 6);

/// An allocator over pages that are numbered from 0.
#[derive(Debug)]
pub struct Slab {
    classes: [Mutex<Class>; CLASSES],
    pages: Mutex<Pages>,
    /// What each page that begins a run is used for: 1 + its class, or `CLASSES` + its pages. It changes only while nobody
    /// has a block there.
    uses: Box<[AtomicU32]>,
}

#[derive(Debug, Default)]
struct Class {
    pages: HashMap<u32, Page>,
    /// Pages with free blocks; some that have none any more, or are gone, are found out when their turn comes.
    open: Vec<u32>,
}

/// The free blocks of a page, one bit each.
#[derive(Debug)]
struct Page {
    free: [u64; MAP_LONGS],
    used: u32,
}

impl Slab {
    /// An empty slab in so many bytes, of which whole pages are used.
    #[must_use]
    pub fn new(bytes: usize) -> Self {
        let pages = (bytes / SLAB_PAGE_BYTES).min((u32::MAX / PAGE_UNITS) as usize);
        Self {
            classes: std::array::from_fn(|_| Mutex::new(Class::default())),
            pages: Mutex::new(Pages { taken: vec![false; pages], first: 0 }),
            uses: zeroed_counts(pages),
        }
    }

    /// A block of at least so many bytes: its position, in units of [`SLAB_UNIT_BYTES`]. None if there is no room for it, or
    /// if it is larger than [`SLAB_BLOCK_MOST`].
    #[must_use]
    pub fn allocate(&self, bytes: usize) -> Option<u32> {
        if bytes > SLAB_BLOCK_MOST {
            return None;
        }
        let shift = bytes.max(1).next_power_of_two().trailing_zeros().max(SMALLEST_SHIFT);
        if shift < PAGE_SHIFT { self.allocate_block(shift) } else { self.allocate_run(bytes.div_ceil(SLAB_PAGE_BYTES)) }
    }

    /// Frees the block at a position that `allocate` has given.
    pub fn free(&self, position: u32) {
        let page = position / PAGE_UNITS;
        let Some(of) = self.uses.get(page as usize).map(|of| of.load(Relaxed) as usize) else { return };
        match of {
            0 => debug_assert!(false, "freed twice"),
            1..=CLASSES => self.free_block(of - 1, page, position % PAGE_UNITS),
            _ => self.free_run(page, of - CLASSES),
        }
    }

    /// How many pages are in use.
    #[must_use]
    pub fn pages_used(&self) -> usize {
        lock(&self.pages).taken.iter().filter(|taken| **taken).count()
    }

    fn allocate_block(&self, shift: u32) -> Option<u32> {
        let index = (shift - SMALLEST_SHIFT) as usize;
        let mut class = lock(&self.classes[index]);
        let number = class.open_page().or_else(|| {
            let number = lock(&self.pages).take(1)?;
            self.uses[number as usize].store(index as u32 + 1, Relaxed);
            class.pages.insert(number, Page::new(1 << (PAGE_SHIFT - shift)));
            class.open.push(number);
            Some(number)
        })?;
        let block = class.pages.get_mut(&number)?.take()?;
        Some(number * PAGE_UNITS + (block << shift) / SLAB_UNIT_BYTES as u32)
    }

    fn free_block(&self, index: usize, number: u32, unit: u32) {
        let block = unit >> (index as u32 + SMALLEST_SHIFT - SLAB_UNIT_BYTES.trailing_zeros());
        let mut class = lock(&self.classes[index]);
        let Some(page) = class.pages.get_mut(&number) else { return };
        let was_full = page.is_full();
        page.give(block);
        if page.used == 0 {
            class.pages.remove(&number);
            self.free_run(number, 1);
        } else if was_full {
            class.open.push(number);
        }
    }

    fn allocate_run(&self, pages: usize) -> Option<u32> {
        let number = lock(&self.pages).take(pages)?;
        self.uses[number as usize].store((CLASSES + pages) as u32, Relaxed);
        Some(number * PAGE_UNITS)
    }

    fn free_run(&self, number: u32, pages: usize) {
        self.uses[number as usize].store(0, Relaxed);
        lock(&self.pages).give(number, pages);
    }
}

impl Class {
    fn open_page(&mut self) -> Option<u32> {
        while let Some(&number) = self.open.last() {
            if self.pages.get(&number).is_some_and(|page| !page.is_full()) {
                return Some(number);
            }
            self.open.pop();
        }
        None
    }
}

impl Page {
    fn new(blocks: usize) -> Self {
        let map = |long: usize| match blocks.saturating_sub(64 * long) {
            0 => 0,
            left @ 1..64 => (1 << left) - 1,
            _ => u64::MAX,
        };
        Self { free: std::array::from_fn(map), used: 0 }
    }

    fn is_full(&self) -> bool {
        self.free == [0; MAP_LONGS]
    }

    fn take(&mut self) -> Option<u32> {
        let (long, map) = self.free.iter_mut().enumerate().find(|(_, map)| **map != 0)?;
        let bit = map.trailing_zeros();
        *map &= *map - 1;
        self.used += 1;
        Some(64 * long as u32 + bit)
    }

    fn give(&mut self, block: u32) {
        let bit = 1 << (block % 64);
        debug_assert!(self.free[block as usize / 64] & bit == 0, "freed twice");
        self.free[block as usize / 64] |= bit;
        self.used -= 1;
    }
}

/// Which pages are taken.
#[derive(Debug)]
struct Pages {
    taken: Vec<bool>,
    /// No page before it is free.
    first: usize,
}

impl Pages {
    /// The first of so many free pages side by side.
    fn take(&mut self, pages: usize) -> Option<u32> {
        while self.taken.get(self.first) == Some(&true) {
            self.first += 1;
        }
        let mut run = 0;
        for page in self.first..self.taken.len() {
            run = if self.taken[page] { 0 } else { run + 1 };
            if run == pages {
                let start = page + 1 - pages;
                self.taken[start..=page].fill(true);
                return Some(start as u32);
            }
        }
        None
    }

    fn give(&mut self, start: u32, pages: usize) {
        let start = start as usize;
        self.taken[start..start + pages].fill(false);
        self.first = self.first.min(start);
    }
}
