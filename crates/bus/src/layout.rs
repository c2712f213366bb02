//! Where everything lies in shared memory.
//!
//! Made by scripts/layout.mjs from crates/bus/layout.json. Do not edit.

/// Raised when old and new code cannot share memory.
pub const LAYOUT_VERSION: u32 = 1;
/// Hash of every constant below; two threads whose hashes differ refuse each other.
pub const LAYOUT_HASH: u32 = 0x1ea1_c2dd;
/// Control words that different threads write lie this many bytes apart.
pub const LINE_BYTES: usize = 128;
/// Most threads of one bus.
pub const MEMBERS: usize = 64;

// roster: The page that all threads of one bus share: a header line, then one line for each member. Offsets in 32-bit words.

/// Marks a roster page ("TBRS").
pub const ROSTER_MAGIC: u32 = 0x5442_5253;
/// Header: the magic.
pub const ROSTER_WORD_MAGIC: usize = 0;
/// Header: the layout hash of whoever made the page.
pub const ROSTER_WORD_HASH: usize = 1;
/// Header: low half of the bus's random token.
pub const ROSTER_WORD_TOKEN_LOW: usize = 2;
/// Header: high half of the bus's random token.
pub const ROSTER_WORD_TOKEN_HIGH: usize = 3;
/// Header: how many members have ended without leaving; whoever sees it change looks for them.
pub const ROSTER_WORD_DEATHS: usize = 4;
/// Header: 1 once the bus was closed by its creator; nobody can attach any more.
pub const ROSTER_WORD_CLOSED: usize = 5;
/// Where the first member's line begins.
pub const ROSTER_HEADER_WORDS: usize = 32;
/// Length of a member's line.
pub const MEMBER_WORDS: usize = 32;
/// Member: one of the MEMBER_STATE values.
pub const MEMBER_WORD_STATE: usize = 0;
/// Member: how many threads have used this slot.
pub const MEMBER_WORD_GENERATION: usize = 1;
/// Member: worker_threads id of the thread, 0 for the main thread.
pub const MEMBER_WORD_THREAD: usize = 2;
/// Member: counts rings, waited on by the JavaScript backend.
pub const MEMBER_WORD_BELL: usize = 3;
/// Member: one of the WAKE values, the sleep flag.
pub const MEMBER_WORD_WAKE: usize = 4;
/// Length of the whole page.
pub const ROSTER_WORDS: usize = 2_080;

// member states: Life of a member's slot.

/// Nobody uses the slot.
pub const MEMBER_STATE_FREE: u32 = 0;
/// Claimed; the thread is not listening yet.
pub const MEMBER_STATE_JOINING: u32 = 1;
/// The thread listens and answers.
pub const MEMBER_STATE_LIVE: u32 = 2;
/// The thread ended without leaving; others drop its rings, then the slot is free.
pub const MEMBER_STATE_DEAD: u32 = 3;

// wake states: What a reading thread does at the moment: the sleep flag, with room for "awake but idle". While polling, the bits above the state count its looks that found nothing.

/// The bits of the wake word that are the state.
pub const WAKE_STATE_MASK: u32 = 3;
/// One look that found nothing, in the wake word.
pub const WAKE_COUNT_ONE: u32 = 4;
/// Delivering: will look at every ring again before it rests; a writer may hold records back for a batch.
pub const WAKE_BUSY: u32 = 0;
/// Awake and found nothing: nobody is rung. A writer that sees the count move since it last showed something shows the next record at once.
pub const WAKE_POLLING: u32 = 1;
/// Asleep: whoever swaps this for WAKE_BUSY must ring.
pub const WAKE_ASLEEP: u32 = 2;

// ring: One writer's outbox: control lines, then a destination mask for each record, the records, the payload slab. Control offsets in 32-bit words.

/// Marks a ring ("TBRG").
pub const RING_MAGIC: u32 = 0x5442_5247;
/// Header: the magic.
pub const RING_WORD_MAGIC: usize = 0;
/// Header: the layout hash of the writer.
pub const RING_WORD_HASH: usize = 1;
/// Header: records, a power of two.
pub const RING_WORD_CAPACITY: usize = 2;
/// Header: bytes of the payload slab, a power of two.
pub const RING_WORD_SLAB: usize = 3;
/// Header: slot of the writing member.
pub const RING_WORD_WRITER: usize = 4;
/// Writer: records shown to readers; wraps at 2^32.
pub const RING_WORD_TAIL: usize = 32;
/// Writer: records that may already be overwritten; always at or ahead of the tail.
pub const RING_WORD_RESERVED: usize = 64;
/// Writer: slab units that may already be overwritten; wraps at 2^32.
pub const RING_WORD_SLAB_RESERVED: usize = 96;
/// Writer: 1 while it waits for room; the reader that swaps it for 0 rings the writer.
pub const RING_WORD_WANTED: usize = 128;
/// Writer: 64 doubles, records addressed to each member so far; written between the tail and RING_WORD_COUNTED: whoever has read up to a tail at which both agree can tell exactly what was lost.
pub const RING_WORD_SENT: usize = 160;
/// Writer: the tail up to which the counts of what was sent are complete; stored after them.
pub const RING_WORD_COUNTED: usize = 288;
/// Readers: one line for each member; its first word is the next position it will read.
pub const RING_WORD_CURSORS: usize = 320;
/// Length of a reader's line.
pub const RING_CURSOR_WORDS: usize = 32;
/// Reader's line: the position up to which everything was handed to handlers; stored after the counters.
pub const RING_CURSOR_WORD_DONE: usize = 1;
/// Reader's line: records addressed to it that it has received.
pub const RING_CURSOR_DOUBLE_RECEIVED: usize = 1;
/// Reader's line: records received that could not be decoded.
pub const RING_CURSOR_DOUBLE_UNDECODABLE: usize = 2;
/// Where the masks begin.
pub const RING_CONTROL_WORDS: usize = 2_368;
/// Words of a destination mask: bit n of the pair is member n.
pub const RING_MASK_WORDS: usize = 2;
/// Fewest records of a ring.
pub const RING_CAPACITY_MIN: usize = 64;
/// Most records of a ring.
pub const RING_CAPACITY_MAX: usize = 1_048_576;
/// Fewest bytes of a payload slab.
pub const RING_SLAB_MIN: usize = 4_096;
/// Most bytes of a payload slab.
pub const RING_SLAB_MAX: usize = 1_073_741_824;
/// Payloads begin at multiples of this, and slab positions count it, so that they wrap only after 32 GiB.
pub const SLAB_UNIT_BYTES: usize = 8;
/// Most bytes of one payload times the records of the ring: what a ring can hold of payloads passes in less than a wrap.
pub const PAYLOAD_SPAN: usize = 17_179_869_184;
/// Records held back before they are shown, at the start of a burst.
pub const RING_BATCH: usize = 16;
/// Records held back before they are shown, late in a burst, but at most a sixteenth of the ring.
pub const RING_BATCH_MOST: usize = 128;
/// The writer reserves this part of the ring at a time, but at least a batch: readers look at the reservation, and each change costs both sides a line of cache.
pub const RING_RESERVE_SHARE: usize = 16;

// record: The 64-byte record. Word offsets are 32-bit, double offsets 64-bit, both from the record's first byte. Times are nanoseconds since the bus epoch.

/// Length.
pub const RECORD_BYTES: usize = 64;
/// Kind in the low byte, flags in the next, the rest is the kind's own.
pub const RECORD_WORD_KIND: usize = 0;
/// The writer's id of the topic: index in the low 20 bits, generation above.
pub const RECORD_WORD_TOPIC: usize = 1;
/// When it happened at the venue.
pub const RECORD_DOUBLE_EVENT: usize = 1;
/// When the message was made here.
pub const RECORD_DOUBLE_INIT: usize = 2;
/// The first of the five doubles that belong to the kind.
pub const RECORD_DOUBLE_FIELDS: usize = 3;
/// What follows the kind and the topic: both times and the five doubles.
pub const RECORD_FIELD_BYTES: usize = 56;
/// Bits of a topic id that are its index.
pub const TOPIC_INDEX_BITS: usize = 20;

// record kinds: What a record means. Kinds from KIND_IN_SLAB on have bytes in the payload slab.

/// Best bid and offer.
pub const KIND_QUOTE: u32 = 1;
/// Quote: best bid price.
pub const QUOTE_DOUBLE_BID_PRICE: usize = 3;
/// Quote: best ask price.
pub const QUOTE_DOUBLE_ASK_PRICE: usize = 4;
/// Quote: size at the best bid.
pub const QUOTE_DOUBLE_BID_SIZE: usize = 5;
/// Quote: size at the best ask.
pub const QUOTE_DOUBLE_ASK_SIZE: usize = 6;
/// Quote: the venue's update number, 0 if it has none.
pub const QUOTE_DOUBLE_SEQUENCE: usize = 7;
/// A trade.
pub const KIND_TRADE: u32 = 2;
/// Trade: price.
pub const TRADE_DOUBLE_PRICE: usize = 3;
/// Trade: size.
pub const TRADE_DOUBLE_SIZE: usize = 4;
/// Trade: first of the 24 bytes of the trade id.
pub const TRADE_DOUBLE_ID: usize = 5;
/// Trade: the two low flag bits, 0 none, 1 buyer, 2 seller.
pub const TRADE_FLAGS_AGGRESSOR: u32 = 3;
/// Trade: the id is a whole number below 2^53, kept as a double; otherwise Latin-1 text, its length in the upper half of the kind word.
pub const TRADE_FLAG_ID_NUMBER: u32 = 4;
/// Open, high, low, close and volume over a span of time.
pub const KIND_BAR: u32 = 3;
/// Bar: first price.
pub const BAR_DOUBLE_OPEN: usize = 3;
/// Bar: highest price.
pub const BAR_DOUBLE_HIGH: usize = 4;
/// Bar: lowest price.
pub const BAR_DOUBLE_LOW: usize = 5;
/// Bar: last price.
pub const BAR_DOUBLE_CLOSE: usize = 6;
/// Bar: size traded.
pub const BAR_DOUBLE_VOLUME: usize = 7;
/// A record that the schema defines; the upper half of the kind word is its number there. Its fields lie from the event time on, as its layout says; it has times only if that says so.
pub const KIND_RECORD: u32 = 4;
/// The first kind with bytes in the slab: where they lie is in the two payload words.
pub const KIND_IN_SLAB: u32 = 16;
/// MessagePack; the upper half of the kind word is the length of the writer's structure table that it needs.
pub const KIND_PAYLOAD: u32 = 16;
/// JSON text in UTF-8.
pub const KIND_JSON: u32 = 17;
/// Bytes as they are.
pub const KIND_BYTES: u32 = 18;
/// The best levels of an order book.
pub const KIND_DEPTH: u32 = 19;
/// The same as KIND_RECORD, where the fields take more than RECORD_FIELD_BYTES.
pub const KIND_WIDE_RECORD: u32 = 20;
/// Payload: where it begins, in slab units; wraps at 2^32, the place in the slab is this modulo the slab's units.
pub const PAYLOAD_WORD_POSITION: usize = 6;
/// Payload: bytes.
pub const PAYLOAD_WORD_LENGTH: usize = 7;

// depth: The payload of KIND_DEPTH. Offsets from its first byte; a level is price, size and count, best level first.

/// When it happened at the venue.
pub const DEPTH_DOUBLE_EVENT: usize = 0;
/// When the message was made here.
pub const DEPTH_DOUBLE_INIT: usize = 1;
/// The venue's update number, 0 if it has none.
pub const DEPTH_DOUBLE_SEQUENCE: usize = 2;
/// How many bid levels there are.
pub const DEPTH_WORD_BIDS: usize = 6;
/// How many ask levels there are.
pub const DEPTH_WORD_ASKS: usize = 7;
/// The first bid level.
pub const DEPTH_DOUBLE_BIDS: usize = 4;
/// The first ask level.
pub const DEPTH_DOUBLE_ASKS: usize = 34;
/// Most levels a side.
pub const DEPTH_LEVELS: usize = 10;
/// Length of a level.
pub const DEPTH_LEVEL_DOUBLES: usize = 3;
/// Length of the payload.
pub const DEPTH_BYTES: usize = 512;

// market records: What venue decoders write: quotes, trades and book levels, with the decoder's number of the instrument in the topic word. An update of an order book is a run of book levels, all of them in one batch.

/// One price level of an order book update.
pub const KIND_BOOK_LEVEL: u32 = 8;
/// Book level: price.
pub const BOOK_LEVEL_DOUBLE_PRICE: usize = 3;
/// Book level: size; 0 in an update removes the level.
pub const BOOK_LEVEL_DOUBLE_SIZE: usize = 4;
/// Book level: the venue's number of the first change in the update.
pub const BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE: usize = 5;
/// Book level: the venue's number of the last change in the update.
pub const BOOK_LEVEL_DOUBLE_LAST_SEQUENCE: usize = 6;
/// Book level: the last number of the update before this one, if the flag says that the venue gives it.
pub const BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE: usize = 7;
/// Book level: an ask; otherwise a bid.
pub const BOOK_LEVEL_FLAG_ASK: u32 = 1;
/// Book level: of a whole book, which takes the place of what was there.
pub const BOOK_LEVEL_FLAG_SNAPSHOT: u32 = 2;
/// Book level: the first of its update.
pub const BOOK_LEVEL_FLAG_FIRST: u32 = 4;
/// Book level: the last of its update.
pub const BOOK_LEVEL_FLAG_LAST: u32 = 8;
/// Book level: stands for an update without a level; its price and size mean nothing.
pub const BOOK_LEVEL_FLAG_NONE: u32 = 16;
/// Book level: the previous sequence is given.
pub const BOOK_LEVEL_FLAG_PREVIOUS: u32 = 32;

// market decoding: What a decoder counts, in doubles from the first of its counts, and what it is bounded by.

/// Records that the last call wrote; all other counts are since the decoder was opened.
pub const COUNT_RECORDS: usize = 0;
/// Frames and recorded lines, of whatever kind.
pub const COUNT_FRAMES: usize = 1;
/// Frames that were quotes.
pub const COUNT_QUOTES: usize = 2;
/// Frames that were trades.
pub const COUNT_TRADES: usize = 3;
/// Frames that were order book updates.
pub const COUNT_BOOKS: usize = 4;
/// Frames of kinds that are not decoded.
pub const COUNT_IGNORED: usize = 5;
/// Frames that could not be read.
pub const COUNT_REJECTED: usize = 6;
/// Frames that took the general parser.
pub const COUNT_GENERAL: usize = 7;
/// Prices and sizes with more than 15 significant digits.
pub const COUNT_IMPRECISE: usize = 8;
/// Instruments that have a number.
pub const COUNT_INSTRUMENTS: usize = 9;
/// How many counts there are.
pub const COUNTS: usize = 10;
/// Longest frame that is decoded.
pub const FRAME_BYTES_MOST: usize = 524_288;
/// Deepest nesting of a frame that is decoded.
pub const FRAME_NESTING_MOST: usize = 64;
/// Longest name of an instrument or of a kind of frame.
pub const MARKET_NAME_BYTES_MOST: usize = 64;
/// Kinds of ignored frames that are counted apart.
pub const IGNORED_NAMES_MOST: usize = 64;
/// Rejected frames that are described.
pub const REJECT_SAMPLES_MOST: usize = 16;
