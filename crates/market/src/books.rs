//! The order books of many instruments, fed with what a decoder writes.
//!
//! A book is opened for an instrument beforehand, or by its first update if there are settings for all. There are no more
//! than so many: updates beyond that are counted, and so are those of instruments that get no book. What has changed is
//! written out as rows of numbers, each book once however many updates it had.

use tickbus_bus::layout::{
    BOOK_COUNT_CHECKSUM, BOOK_COUNT_CROSSED, BOOK_COUNT_EARLY, BOOK_COUNT_GAP, BOOK_COUNT_GIVEN_UP,
    BOOK_COUNT_INVALIDATED, BOOK_COUNT_LATE, BOOK_COUNT_LEVEL, BOOK_COUNT_SNAPSHOTS, BOOK_COUNT_THINNED,
    BOOK_COUNT_UPDATES, BOOK_COUNT_VERIFIED, BOOK_COUNTS, BOOK_FAULT_CHECKSUM, BOOK_FAULT_CROSSED, BOOK_FAULT_GAP,
    BOOK_FAULT_INVALIDATED, BOOK_FAULT_LEVEL, BOOK_FAULT_NONE, BOOK_ROW_ASK_PRICE, BOOK_ROW_ASK_SIZE,
    BOOK_ROW_BID_PRICE, BOOK_ROW_BID_SIZE, BOOK_ROW_CHANGES, BOOK_ROW_DOUBLES, BOOK_ROW_EVENT, BOOK_ROW_FAULT,
    BOOK_ROW_FAULTS, BOOK_ROW_INIT, BOOK_ROW_INSTRUMENT, BOOK_ROW_SEQUENCE, BOOK_ROW_STATE, BOOK_STATE_EMPTY,
    BOOK_STATE_LIVE, BOOK_STATE_STALE, BOOK_STATE_THINNED, RECORD_DOUBLE_INIT,
};

use crate::batch::{Longs, Side};
use crate::book::depth::Level;
use crate::book::state::{BookCounts, Fault, State};
use crate::book::update::updates;
use crate::book::{Book, BookOptions};

/// What a set of books is bounded by.
#[derive(Clone, Copy, Debug)]
pub struct BooksOptions {
    /// Most books.
    pub books_most: usize,
    /// Instruments have numbers below this.
    pub instruments_most: usize,
    /// How to keep the book of an instrument for which none was opened. Nothing: it gets no book.
    pub settings: Option<BookOptions>,
}

/// Books by their numbers, from 0 on in the order in which they were opened.
#[derive(Debug)]
pub struct Books {
    options: BooksOptions,
    kept: Vec<Kept>,
    /// The book of each instrument, [`NO_BOOK`] if it has none.
    numbers: Vec<u32>,
    changed: Vec<u32>,
    unknown: u64,
    refused: u64,
}

#[derive(Debug)]
struct Kept {
    book: Book,
    instrument: u32,
    init_ns: f64,
    is_changed: bool,
}

const NO_BOOK: u32 = u32::MAX;

impl Books {
    /// No books.
    #[must_use]
    pub const fn new(options: BooksOptions) -> Self {
        Self { options, kept: Vec::new(), numbers: Vec::new(), changed: Vec::new(), unknown: 0, refused: 0 }
    }

    /// Opens the book of an instrument, in place of the one that it may have. Returns the book's number, or nothing if
    /// there is no room.
    pub fn open(&mut self, instrument: u32, settings: BookOptions) -> Option<u32> {
        if instrument as usize >= self.options.instruments_most {
            return None;
        }
        if let Some(number) = self.number_of(instrument) {
            self.kept[number as usize].book = Book::new(settings);
            self.touch(number);
            return Some(number);
        }
        if self.kept.len() >= self.options.books_most {
            return None;
        }
        let number = self.kept.len() as u32;
        if self.numbers.len() <= instrument as usize {
            self.numbers.resize(instrument as usize + 1, NO_BOOK);
        }
        self.numbers[instrument as usize] = number;
        self.kept.push(Kept { book: Book::new(settings), instrument, init_ns: 0.0, is_changed: false });
        self.touch(number);
        Some(number)
    }

    /// The number of an instrument's book.
    #[inline]
    #[must_use]
    pub fn number_of(&self, instrument: u32) -> Option<u32> {
        self.numbers.get(instrument as usize).copied().filter(|number| *number != NO_BOOK)
    }

    /// A book by its number.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Book> {
        self.kept.get(number as usize).map(|kept| &kept.book)
    }

    /// How many books there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there is no book.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Applies the updates among records to the books of their instruments, in order.
    pub fn apply(&mut self, records: &[Longs]) {
        for update in updates(records) {
            let instrument = (update[0][0] >> TOPIC_SHIFT) as u32;
            let Some(number) = self.number_of(instrument).or_else(|| self.open_for(instrument)) else { continue };
            let kept = &mut self.kept[number as usize];
            kept.book.apply(update);
            kept.init_ns = f64::from_bits(update[0][RECORD_DOUBLE_INIT]);
            self.touch(number);
        }
    }

    /// Says that a book is not what the venue has any more; one that is not there is passed over.
    pub fn invalidate(&mut self, number: u32) {
        let Some(kept) = self.kept.get_mut(number as usize) else { return };
        kept.book.invalidate();
        self.touch(number);
    }

    /// Writes the rows of the books that have changed since the last call, and their numbers before them. Returns how
    /// many. `page` is as long as [`page_doubles`](Self::page_doubles) says.
    pub fn write_changes(&mut self, page: &mut [f64]) -> usize {
        if page.len() < self.page_doubles() {
            return 0;
        }
        let (list, rows) = page.split_at_mut(self.options.books_most);
        for (place, number) in list.iter_mut().zip(&self.changed) {
            *place = f64::from(*number);
            let kept = &mut self.kept[*number as usize];
            kept.is_changed = false;
            kept.write(&mut rows[*number as usize * BOOK_ROW_DOUBLES..][..BOOK_ROW_DOUBLES]);
        }
        let count = self.changed.len();
        self.changed.clear();
        count
    }

    /// Length of the page that rows are written to.
    #[must_use]
    pub const fn page_doubles(&self) -> usize {
        self.options.books_most * (1 + BOOK_ROW_DOUBLES)
    }

    /// How many books there are, how many updates had none and for how many there was no room, and bytes of memory.
    #[must_use]
    pub fn totals(&self) -> [f64; 4] {
        let levels: usize = self.kept.iter().map(|kept| kept.book.bytes()).sum();
        let around = size_of::<Kept>() - size_of::<Book>();
        let tables = (self.numbers.capacity() + self.changed.capacity()) * size_of::<u32>();
        let bytes = levels + self.kept.len() * around + tables;
        [self.kept.len() as f64, self.unknown as f64, self.refused as f64, bytes as f64]
    }

    #[cold]
    fn open_for(&mut self, instrument: u32) -> Option<u32> {
        let is_known = (instrument as usize) < self.options.instruments_most;
        let Some(settings) = self.options.settings.filter(|_| is_known) else {
            self.unknown += 1;
            return None;
        };
        let number = self.open(instrument, settings);
        self.refused += u64::from(number.is_none());
        number
    }

    #[inline]
    fn touch(&mut self, number: u32) {
        let kept = &mut self.kept[number as usize];
        if !kept.is_changed {
            kept.is_changed = true;
            self.changed.push(number);
        }
    }
}

impl Kept {
    fn write(&self, row: &mut [f64]) {
        let Self { book, instrument, init_ns, .. } = self;
        let counts = book.counts();
        let (state, fault) = codes_of(book.state());
        let [bid, ask] = [Side::Bid, Side::Ask].map(|side| book.best(side).unwrap_or(NO_LEVEL));
        row[BOOK_ROW_STATE] = f64::from(state);
        row[BOOK_ROW_FAULT] = fault as f64;
        row[BOOK_ROW_BID_PRICE] = bid.price;
        row[BOOK_ROW_BID_SIZE] = bid.size;
        row[BOOK_ROW_ASK_PRICE] = ask.price;
        row[BOOK_ROW_ASK_SIZE] = ask.size;
        row[BOOK_ROW_SEQUENCE] = book.last_sequence() as f64;
        row[BOOK_ROW_EVENT] = book.event_ns();
        row[BOOK_ROW_INIT] = *init_ns;
        row[BOOK_ROW_CHANGES] = (counts.snapshots + counts.updates) as f64;
        row[BOOK_ROW_FAULTS] = counts.faults() as f64;
        row[BOOK_ROW_INSTRUMENT] = f64::from(*instrument);
    }
}

/// What a book met, as JavaScript reads it.
#[must_use]
pub const fn counts_of(counts: &BookCounts) -> [f64; BOOK_COUNTS] {
    let mut out = [0.0; BOOK_COUNTS];
    out[BOOK_COUNT_SNAPSHOTS] = counts.snapshots as f64;
    out[BOOK_COUNT_UPDATES] = counts.updates as f64;
    out[BOOK_COUNT_LATE] = counts.late as f64;
    out[BOOK_COUNT_EARLY] = counts.early as f64;
    out[BOOK_COUNT_VERIFIED] = counts.verified as f64;
    out[BOOK_COUNT_GIVEN_UP] = counts.given_up as f64;
    out[BOOK_COUNT_GAP] = counts.gap as f64;
    out[BOOK_COUNT_CROSSED] = counts.crossed as f64;
    out[BOOK_COUNT_CHECKSUM] = counts.checksum as f64;
    out[BOOK_COUNT_LEVEL] = counts.level as f64;
    out[BOOK_COUNT_THINNED] = counts.thinned as f64;
    out[BOOK_COUNT_INVALIDATED] = counts.invalidated as f64;
    out
}

const fn codes_of(state: State) -> (u32, usize) {
    match state {
        State::Empty => (BOOK_STATE_EMPTY, BOOK_FAULT_NONE),
        State::Live => (BOOK_STATE_LIVE, BOOK_FAULT_NONE),
        State::Thinned => (BOOK_STATE_THINNED, BOOK_FAULT_NONE),
        State::Stale(Fault::Gap) => (BOOK_STATE_STALE, BOOK_FAULT_GAP),
        State::Stale(Fault::Crossed) => (BOOK_STATE_STALE, BOOK_FAULT_CROSSED),
        State::Stale(Fault::Checksum) => (BOOK_STATE_STALE, BOOK_FAULT_CHECKSUM),
        State::Stale(Fault::Level) => (BOOK_STATE_STALE, BOOK_FAULT_LEVEL),
        State::Stale(Fault::Invalidated) => (BOOK_STATE_STALE, BOOK_FAULT_INVALIDATED),
    }
}

const NO_LEVEL: Level = Level { price: f64::NAN, size: f64::NAN };
const TOPIC_SHIFT: u32 = 32;
