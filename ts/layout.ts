// Where everything lies in shared memory.
//
// Made by scripts/layout.mjs from crates/bus/layout.json. Do not edit.

/** Raised when old and new code cannot share memory. */
export const LAYOUT_VERSION = 1
/** Hash of every constant below; two threads whose hashes differ refuse each other. */
export const LAYOUT_HASH = 0x1ea1c2dd
/** Control words that different threads write lie this many bytes apart. */
export const LINE_BYTES = 128
/** Most threads of one bus. */
export const MEMBERS = 64

// roster: The page that all threads of one bus share: a header line, then one line for each member. Offsets in 32-bit words.

/** Marks a roster page ("TBRS"). */
export const ROSTER_MAGIC = 0x54425253
/** Header: the magic. */
export const ROSTER_WORD_MAGIC = 0
/** Header: the layout hash of whoever made the page. */
export const ROSTER_WORD_HASH = 1
/** Header: low half of the bus's random token. */
export const ROSTER_WORD_TOKEN_LOW = 2
/** Header: high half of the bus's random token. */
export const ROSTER_WORD_TOKEN_HIGH = 3
/** Header: how many members have ended without leaving; whoever sees it change looks for them. */
export const ROSTER_WORD_DEATHS = 4
/** Header: 1 once the bus was closed by its creator; nobody can attach any more. */
export const ROSTER_WORD_CLOSED = 5
/** Where the first member's line begins. */
export const ROSTER_HEADER_WORDS = 32
/** Length of a member's line. */
export const MEMBER_WORDS = 32
/** Member: one of the MEMBER_STATE values. */
export const MEMBER_WORD_STATE = 0
/** Member: how many threads have used this slot. */
export const MEMBER_WORD_GENERATION = 1
/** Member: worker_threads id of the thread, 0 for the main thread. */
export const MEMBER_WORD_THREAD = 2
/** Member: counts rings, waited on by the JavaScript backend. */
export const MEMBER_WORD_BELL = 3
/** Member: one of the WAKE values, the sleep flag. */
export const MEMBER_WORD_WAKE = 4
/** Length of the whole page. */
export const ROSTER_WORDS = 2080

// member states: Life of a member's slot.

/** Nobody uses the slot. */
export const MEMBER_STATE_FREE = 0
/** Claimed; the thread is not listening yet. */
export const MEMBER_STATE_JOINING = 1
/** The thread listens and answers. */
export const MEMBER_STATE_LIVE = 2
/** The thread ended without leaving; others drop its rings, then the slot is free. */
export const MEMBER_STATE_DEAD = 3

// wake states: What a reading thread does at the moment: the sleep flag, with room for "awake but idle". While polling, the bits above the state count its looks that found nothing.

/** The bits of the wake word that are the state. */
export const WAKE_STATE_MASK = 3
/** One look that found nothing, in the wake word. */
export const WAKE_COUNT_ONE = 4
/** Delivering: will look at every ring again before it rests; a writer may hold records back for a batch. */
export const WAKE_BUSY = 0
/** Awake and found nothing: nobody is rung. A writer that sees the count move since it last showed something shows the next record at once. */
export const WAKE_POLLING = 1
/** Asleep: whoever swaps this for WAKE_BUSY must ring. */
export const WAKE_ASLEEP = 2

// ring: One writer's outbox: control lines, then a destination mask for each record, the records, the payload slab. Control offsets in 32-bit words.

/** Marks a ring ("TBRG"). */
export const RING_MAGIC = 0x54425247
/** Header: the magic. */
export const RING_WORD_MAGIC = 0
/** Header: the layout hash of the writer. */
export const RING_WORD_HASH = 1
/** Header: records, a power of two. */
export const RING_WORD_CAPACITY = 2
/** Header: bytes of the payload slab, a power of two. */
export const RING_WORD_SLAB = 3
/** Header: slot of the writing member. */
export const RING_WORD_WRITER = 4
/** Writer: records shown to readers; wraps at 2^32. */
export const RING_WORD_TAIL = 32
/** Writer: records that may already be overwritten; always at or ahead of the tail. */
export const RING_WORD_RESERVED = 64
/** Writer: slab units that may already be overwritten; wraps at 2^32. */
export const RING_WORD_SLAB_RESERVED = 96
/** Writer: 1 while it waits for room; the reader that swaps it for 0 rings the writer. */
export const RING_WORD_WANTED = 128
/** Writer: 64 doubles, records addressed to each member so far; written between the tail and RING_WORD_COUNTED: whoever has read up to a tail at which both agree can tell exactly what was lost. */
export const RING_WORD_SENT = 160
/** Writer: the tail up to which the counts of what was sent are complete; stored after them. */
export const RING_WORD_COUNTED = 288
/** Readers: one line for each member; its first word is the next position it will read. */
export const RING_WORD_CURSORS = 320
/** Length of a reader's line. */
export const RING_CURSOR_WORDS = 32
/** Reader's line: the position up to which everything was handed to handlers; stored after the counters. */
export const RING_CURSOR_WORD_DONE = 1
/** Reader's line: records addressed to it that it has received. */
export const RING_CURSOR_DOUBLE_RECEIVED = 1
/** Reader's line: records received that could not be decoded. */
export const RING_CURSOR_DOUBLE_UNDECODABLE = 2
/** Where the masks begin. */
export const RING_CONTROL_WORDS = 2368
/** Words of a destination mask: bit n of the pair is member n. */
export const RING_MASK_WORDS = 2
/** Fewest records of a ring. */
export const RING_CAPACITY_MIN = 64
/** Most records of a ring. */
export const RING_CAPACITY_MAX = 1048576
/** Fewest bytes of a payload slab. */
export const RING_SLAB_MIN = 4096
/** Most bytes of a payload slab. */
export const RING_SLAB_MAX = 1073741824
/** Payloads begin at multiples of this, and slab positions count it, so that they wrap only after 32 GiB. */
export const SLAB_UNIT_BYTES = 8
/** Most bytes of one payload times the records of the ring: what a ring can hold of payloads passes in less than a wrap. */
export const PAYLOAD_SPAN = 17179869184
/** Records held back before they are shown, at the start of a burst. */
export const RING_BATCH = 16
/** Records held back before they are shown, late in a burst, but at most a sixteenth of the ring. */
export const RING_BATCH_MOST = 128
/** The writer reserves this part of the ring at a time, but at least a batch: readers look at the reservation, and each change costs both sides a line of cache. */
export const RING_RESERVE_SHARE = 16

// record: The 64-byte record. Word offsets are 32-bit, double offsets 64-bit, both from the record's first byte. Times are nanoseconds since the bus epoch.

/** Length. */
export const RECORD_BYTES = 64
/** Kind in the low byte, flags in the next, the rest is the kind's own. */
export const RECORD_WORD_KIND = 0
/** The writer's id of the topic: index in the low 20 bits, generation above. */
export const RECORD_WORD_TOPIC = 1
/** When it happened at the venue. */
export const RECORD_DOUBLE_EVENT = 1
/** When the message was made here. */
export const RECORD_DOUBLE_INIT = 2
/** The first of the five doubles that belong to the kind. */
export const RECORD_DOUBLE_FIELDS = 3
/** What follows the kind and the topic: both times and the five doubles. */
export const RECORD_FIELD_BYTES = 56
/** Bits of a topic id that are its index. */
export const TOPIC_INDEX_BITS = 20

// record kinds: What a record means. Kinds from KIND_IN_SLAB on have bytes in the payload slab.

/** Best bid and offer. */
export const KIND_QUOTE = 1
/** Quote: best bid price. */
export const QUOTE_DOUBLE_BID_PRICE = 3
/** Quote: best ask price. */
export const QUOTE_DOUBLE_ASK_PRICE = 4
/** Quote: size at the best bid. */
export const QUOTE_DOUBLE_BID_SIZE = 5
/** Quote: size at the best ask. */
export const QUOTE_DOUBLE_ASK_SIZE = 6
/** Quote: the venue's update number, 0 if it has none. */
export const QUOTE_DOUBLE_SEQUENCE = 7
/** A trade. */
export const KIND_TRADE = 2
/** Trade: price. */
export const TRADE_DOUBLE_PRICE = 3
/** Trade: size. */
export const TRADE_DOUBLE_SIZE = 4
/** Trade: first of the 24 bytes of the trade id. */
export const TRADE_DOUBLE_ID = 5
/** Trade: the two low flag bits, 0 none, 1 buyer, 2 seller. */
export const TRADE_FLAGS_AGGRESSOR = 3
/** Trade: the id is a whole number below 2^53, kept as a double; otherwise Latin-1 text, its length in the upper half of the kind word. */
export const TRADE_FLAG_ID_NUMBER = 4
/** Open, high, low, close and volume over a span of time. */
export const KIND_BAR = 3
/** Bar: first price. */
export const BAR_DOUBLE_OPEN = 3
/** Bar: highest price. */
export const BAR_DOUBLE_HIGH = 4
/** Bar: lowest price. */
export const BAR_DOUBLE_LOW = 5
/** Bar: last price. */
export const BAR_DOUBLE_CLOSE = 6
/** Bar: size traded. */
export const BAR_DOUBLE_VOLUME = 7
/** A record that the schema defines; the upper half of the kind word is its number there. Its fields lie from the event time on, as its layout says; it has times only if that says so. */
export const KIND_RECORD = 4
/** The first kind with bytes in the slab: where they lie is in the two payload words. */
export const KIND_IN_SLAB = 16
/** MessagePack; the upper half of the kind word is the length of the writer's structure table that it needs. */
export const KIND_PAYLOAD = 16
/** JSON text in UTF-8. */
export const KIND_JSON = 17
/** Bytes as they are. */
export const KIND_BYTES = 18
/** The best levels of an order book. */
export const KIND_DEPTH = 19
/** The same as KIND_RECORD, where the fields take more than RECORD_FIELD_BYTES. */
export const KIND_WIDE_RECORD = 20
/** Payload: where it begins, in slab units; wraps at 2^32, the place in the slab is this modulo the slab's units. */
export const PAYLOAD_WORD_POSITION = 6
/** Payload: bytes. */
export const PAYLOAD_WORD_LENGTH = 7

// depth: The payload of KIND_DEPTH. Offsets from its first byte; a level is price, size and count, best level first.

/** When it happened at the venue. */
export const DEPTH_DOUBLE_EVENT = 0
/** When the message was made here. */
export const DEPTH_DOUBLE_INIT = 1
/** The venue's update number, 0 if it has none. */
export const DEPTH_DOUBLE_SEQUENCE = 2
/** How many bid levels there are. */
export const DEPTH_WORD_BIDS = 6
/** How many ask levels there are. */
export const DEPTH_WORD_ASKS = 7
/** The first bid level. */
export const DEPTH_DOUBLE_BIDS = 4
/** The first ask level. */
export const DEPTH_DOUBLE_ASKS = 34
/** Most levels a side. */
export const DEPTH_LEVELS = 10
/** Length of a level. */
export const DEPTH_LEVEL_DOUBLES = 3
/** Length of the payload. */
export const DEPTH_BYTES = 512

// market records: What venue decoders write: quotes, trades and book levels, with the decoder's number of the instrument in the topic word. An update of an order book is a run of book levels, all of them in one batch.

/** One price level of an order book update. */
export const KIND_BOOK_LEVEL = 8
/** Book level: price. */
export const BOOK_LEVEL_DOUBLE_PRICE = 3
/** Book level: size; 0 in an update removes the level. */
export const BOOK_LEVEL_DOUBLE_SIZE = 4
/** Book level: the venue's number of the first change in the update. */
export const BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE = 5
/** Book level: the venue's number of the last change in the update. */
export const BOOK_LEVEL_DOUBLE_LAST_SEQUENCE = 6
/** Book level: the last number of the update before this one, if the flag says that the venue gives it. */
export const BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE = 7
/** Book level: an ask; otherwise a bid. */
export const BOOK_LEVEL_FLAG_ASK = 1
/** Book level: of a whole book, which takes the place of what was there. */
export const BOOK_LEVEL_FLAG_SNAPSHOT = 2
/** Book level: the first of its update. */
export const BOOK_LEVEL_FLAG_FIRST = 4
/** Book level: the last of its update. */
export const BOOK_LEVEL_FLAG_LAST = 8
/** Book level: stands for an update without a level; its price and size mean nothing. */
export const BOOK_LEVEL_FLAG_NONE = 16
/** Book level: the previous sequence is given. */
export const BOOK_LEVEL_FLAG_PREVIOUS = 32

// market decoding: What a decoder counts, in doubles from the first of its counts, and what it is bounded by.

/** Records that the last call wrote; all other counts are since the decoder was opened. */
export const COUNT_RECORDS = 0
/** Frames and recorded lines, of whatever kind. */
export const COUNT_FRAMES = 1
/** Frames that were quotes. */
export const COUNT_QUOTES = 2
/** Frames that were trades. */
export const COUNT_TRADES = 3
/** Frames that were order book updates. */
export const COUNT_BOOKS = 4
/** Frames of kinds that are not decoded. */
export const COUNT_IGNORED = 5
/** Frames that could not be read. */
export const COUNT_REJECTED = 6
/** Frames that took the general parser. */
export const COUNT_GENERAL = 7
/** Prices and sizes with more than 15 significant digits. */
export const COUNT_IMPRECISE = 8
/** Instruments that have a number. */
export const COUNT_INSTRUMENTS = 9
/** How many counts there are. */
export const COUNTS = 10
/** Longest frame that is decoded. */
export const FRAME_BYTES_MOST = 524288
/** Deepest nesting of a frame that is decoded. */
export const FRAME_NESTING_MOST = 64
/** Longest name of an instrument or of a kind of frame. */
export const MARKET_NAME_BYTES_MOST = 64
/** Kinds of ignored frames that are counted apart. */
export const IGNORED_NAMES_MOST = 64
/** Rejected frames that are described. */
export const REJECT_SAMPLES_MOST = 16
