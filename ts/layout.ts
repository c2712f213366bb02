// Where everything lies in shared memory.
//
// Made by scripts/layout.mjs from crates/bus/layout.json. Do not edit.

/** Raised when old and new code cannot share memory. */
export const LAYOUT_VERSION = 1
/** Hash of every constant below; two threads whose hashes differ refuse each other. */
export const LAYOUT_HASH = 0xeb852455
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
/** The thread listens no longer, and has yet to tell the others. */
export const MEMBER_STATE_LEAVING = 4

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
/** Trade: the id is a whole number below 2^53, kept as a double; without this flag and the next it is Latin-1 text, its length in the upper half of the kind word. */
export const TRADE_FLAG_ID_NUMBER = 4
/** Trade: the id is a UUID in lower case, kept as its 16 bytes. */
export const TRADE_FLAG_ID_UUID = 8
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
/** A message of any other kind whose publisher said how it is to be queued: what it said, the text of the key, then what that kind has. */
export const KIND_QUEUED = 21
/** Payload: where it begins, in slab units; wraps at 2^32, the place in the slab is this modulo the slab's units. */
export const PAYLOAD_WORD_POSITION = 6
/** Payload: bytes. */
export const PAYLOAD_WORD_LENGTH = 7

// queued message: The payload of KIND_QUEUED. Offsets from its first byte; what follows these words begins at multiples of 8 bytes: the text of the key in UTF-16, then the message.

/** The kind word of the message. */
export const QUEUED_WORD_KIND = 0
/** Bytes of the key; QUEUED_NO_KEY if the publisher named none. */
export const QUEUED_WORD_KEY = 1
/** Stands for no key. */
export const QUEUED_NO_KEY = 4294967295
/** The lane's priority; -1 for the topic's own. */
export const QUEUED_DOUBLE_PRIORITY = 1
/** When it expires, in nanoseconds since the bus was opened; -1 for never. */
export const QUEUED_DOUBLE_DEADLINE = 2
/** The message id. */
export const QUEUED_DOUBLE_ID = 3
/** Where the key begins. */
export const QUEUED_BYTES = 32

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

// envelope: What a consumer group keeps of one queued message, 128 bytes in the group's envelope memory: a head, then the message itself if it is a 64-byte record. Whoever has taken an envelope from a port's free list writes it; from its submission on it belongs to the schedule.

/** Length. */
export const ENVELOPE_BYTES = 128
/** Length in 32-bit words. */
export const ENVELOPE_WORDS = 32
/** Length in doubles. */
export const ENVELOPE_DOUBLES = 16
/** Lane in the low byte, flags in the next, attempt in the upper half. */
export const ENVELOPE_WORD_HEAD = 0
/** The group's number of the topic. */
export const ENVELOPE_WORD_TOPIC = 1
/** Low half of the hash of the key; both halves are 0 for a message without a key. */
export const ENVELOPE_WORD_KEY_LOW = 2
/** High half of the hash of the key. */
export const ENVELOPE_WORD_KEY_HIGH = 3
/** When it was published, in nanoseconds since the bus was opened. */
export const ENVELOPE_DOUBLE_QUEUED = 2
/** From when on it is not run any more, on the same clock; 0 for never. */
export const ENVELOPE_DOUBLE_DEADLINE = 3
/** The message id. */
export const ENVELOPE_DOUBLE_ID = 4
/** Where its bytes lie in the slab, if it has any there. */
export const ENVELOPE_WORD_PAYLOAD = 10
/** How many bytes. */
export const ENVELOPE_WORD_LENGTH = 11
/** How many of them, at their beginning, are the text of the key. */
export const ENVELOPE_WORD_KEY_BYTES = 12
/** How often this envelope was given back; written by the schedule. With it an answer that comes too late is told apart. */
export const ENVELOPE_WORD_GENERATION = 13
/** Groups of several threads: which port has the envelope, and what for. */
export const ENVELOPE_WORD_OWNER = 14
/** How long it waits before it can run again, in microseconds: written before it is settled as returned or retried; the schedule sets it back to 0. */
export const ENVELOPE_WORD_DELAY = 15
/** The first of the eight doubles of the record. */
export const ENVELOPE_DOUBLE_RECORD = 8
/** The message is the record in the envelope. */
export const ENVELOPE_FLAG_RECORD = 1
/** There are bytes in the slab. */
export const ENVELOPE_FLAG_BYTES = 2
/** The message may not be lost: it becomes a dead letter where others would be dropped. */
export const ENVELOPE_FLAG_DURABLE = 4
/** A thread has died with it in hand. */
export const ENVELOPE_FLAG_SUSPECT = 8
/** An earlier process may have died with it in hand: the journal knows of each attempt before it begins. */
export const ENVELOPE_FLAG_RECOVERED = 16
/** Its wait and its handler are timed. */
export const ENVELOPE_FLAG_TIMED = 128
/** In the second byte of its owner word: it is in somebody's lease. */
export const ENVELOPE_OWNER_LEASED = 3
/** The same, and its key waits for it. */
export const ENVELOPE_OWNER_LEASED_IN_ORDER = 4
/** Most envelopes of a group: a number of one and an outcome fit a word. */
export const ENVELOPES_MOST = 16777216

// port: Where a thread and a schedule hand each other lists of envelopes; one page for each thread of a group. Words and doubles count from its first byte. A list is a count and as many entries.

/** Thread: envelopes in the submission list. */
export const PORT_WORD_SUBMITTED = 0
/** Thread: entries in the settlement list. */
export const PORT_WORD_SETTLED = 1
/** Thread: how many messages of any lane it wants in the lease. */
export const PORT_WORD_WANTED = 2
/** Thread: how many more it wants if they are of an urgent lane. */
export const PORT_WORD_URGENT = 3
/** Schedule: envelopes in the lease list. */
export const PORT_WORD_LEASED = 4
/** Schedule: entries in the release list. */
export const PORT_WORD_RELEASED = 5
/** Both: envelopes in the free list; the thread takes from its end, each turn fills it up. */
export const PORT_WORD_FREE = 6
/** Schedule: 1 if the turn stopped because the release list was full. */
export const PORT_WORD_MORE = 7
/** Schedule: waiting messages that nothing but a free consumer is missing for. */
export const PORT_WORD_RUNNABLE = 8
/** Schedule: those of them in urgent lanes. */
export const PORT_WORD_RUNNABLE_URGENT = 9
/** Schedule: how many submissions of the last turn took the place of a waiting message. */
export const PORT_WORD_CONFLATED = 10
/** Schedule: 1 + the slot of a sleeping member that the thread has to ring; 0 for none. */
export const PORT_WORD_RING = 11
/** Thread: 1 if this turn is its last before it sleeps; the turn sets it to 0. */
export const PORT_WORD_SLEEPS = 12
/** Thread, groups of several threads: bit n asks for room in lane n; the turn sets it to 0. */
export const PORT_WORD_ASKS = 13
/** Schedule: how many of the waiting messages wait for another attempt, and are not due. */
export const PORT_WORD_DELAYED = 14
/** Thread: the time of the turn, in nanoseconds since the bus was opened. */
export const PORT_DOUBLE_NOW = 8
/** Schedule: when the first of the messages is due that wait for another attempt; 0 if none does. */
export const PORT_DOUBLE_DUE = 9
/** Both, a word for each lane: how many messages still fit. The thread counts down what it submits, each turn sets it. */
export const PORT_WORD_ROOM = 32
/** Schedule, a word for each lane: messages waiting, those included that wait for their key. */
export const PORT_WORD_WAITING = 48
/** Schedule, a double for each lane, upon an inspection: when its oldest waiting message was published; 0 if none waits. */
export const PORT_DOUBLE_OLDEST = 32
/** Schedule, a double for each outcome: how many messages ended so; replaced and dropped ones are counted by their reason. */
export const PORT_DOUBLE_SETTLED = 48
/** Envelopes that the thread submits, in order. */
export const PORT_WORD_SUBMIT_LIST = 192
/** Envelopes that the thread may write. */
export const PORT_WORD_FREE_LIST = 256
/** Envelopes that the thread has to handle, in order. */
export const PORT_WORD_LEASE_LIST = 384
/** What became of leased messages, two words each: the envelope's number with the outcome in the top byte, and its generation. */
export const PORT_WORD_SETTLE_LIST = 512
/** Messages that left the queue unhandled: the envelope's number with the reason in the top byte. They can be read until the next turn. */
export const PORT_WORD_RELEASE_LIST = 640
/** Lending, owner: messages lent to the thread so far; wraps at 2^32, as all counts of lending do. */
export const PORT_WORD_LENT = 768
/** Lending, owner: urgent messages lent to it so far, on a list of their own. */
export const PORT_WORD_LENT_URGENT = 769
/** Groups of several threads, owner: 1 + the most urgent lane of which something has come for the thread; the thread sets it to 0 before it takes a turn. */
export const PORT_WORD_ARRIVED = 770
/** Groups of several threads, owner or backend: how many handlers may be under way at once in the thread; 0 for a spare one, which takes nothing. */
export const PORT_WORD_SLOTS = 772
/** Lending, thread: messages taken from the loan list so far. */
export const PORT_WORD_TAKEN = 800
/** Lending, thread: messages taken from the urgent loan list so far. */
export const PORT_WORD_TAKEN_URGENT = 801
/** Lending, thread: up to which count of messages it may be lent more. */
export const PORT_WORD_ASKED = 802
/** Lending, thread: up to which count of urgent messages it may be lent more. */
export const PORT_WORD_ASKED_URGENT = 803
/** Lending, thread: settlements written so far; stored before the counts of what it asks for. */
export const PORT_WORD_RETURNED = 804
/** Lending: ring of envelopes lent. */
export const PORT_WORD_LOAN_LIST = 832
/** Lending: ring of urgent envelopes lent. */
export const PORT_WORD_URGENT_LOAN_LIST = 1088
/** Lending: ring of settlements, two words each as in the settlement list. */
export const PORT_WORD_RETURN_LIST = 1344
/** Length of the page. */
export const PORT_WORDS = 5440
/** Places of either loan list, a power of two. Both, and what a thread has in hand, fit the return list. */
export const PORT_LOANS = 256
/** Places of the return list, a power of two: more than a thread has in hand. */
export const PORT_RETURNS = 2048
/** Most entries of the submission list. */
export const PORT_SUBMISSIONS = 64
/** Most entries of the free list. */
export const PORT_FREES = 128
/** Most envelopes that a turn puts into the lease list. */
export const PORT_LEASES = 64
/** Most entries of the settlement list. */
export const PORT_SETTLEMENTS = 64
/** Most entries of the release list. */
export const PORT_RELEASES = 128
/** Most lanes of a group. */
export const LANES_MOST = 16

// outcomes: How a message of a group ends, or what else becomes of it. The top byte of entries in settlement and release lists.

/** Its handler has returned, or its promise has resolved. */
export const OUTCOME_DELIVERED = 1
/** Its handler threw, or its promise rejected. */
export const OUTCOME_FAILED = 2
/** It became a dead letter. */
export const OUTCOME_DEAD = 3
/** Its handler took too long. */
export const OUTCOME_TIMED_OUT = 4
/** The thread that handled it ended. */
export const OUTCOME_WORKER_LOST = 5
/** There was no room for it, or it made room for another. */
export const OUTCOME_OVERFLOW = 6
/** A later message of the same topic and key took its place. */
export const OUTCOME_CONFLATED = 7
/** Its deadline passed while it waited. */
export const OUTCOME_EXPIRED = 8
/** The lane was behind for too long. */
export const OUTCOME_SHED = 9
/** The group was closed while it waited. */
export const OUTCOME_CLOSED = 10
/** Its bytes could not be read. */
export const OUTCOME_UNDECODABLE = 11
/** It was not started and goes back to where it was. Not an end, and not counted. */
export const OUTCOME_RETURNED = 12
/** It waits for another attempt. Not an end; counted. */
export const OUTCOME_RETRIED = 13
/** How many counts there are, unused ones included. */
export const OUTCOMES = 16

// autoscale: What the law that sizes a pool is told and what it answers, in doubles from the first of its page. A measurement that there is none of is NaN.

/** Told: the time in milliseconds, from any origin; it never goes back. */
export const AUTOSCALE_DOUBLE_NOW = 0
/** Told: messages that arrived in each second, since the last tick or for at least a tick's length. */
export const AUTOSCALE_DOUBLE_RATE = 1
/** Told: mean time from the start to the end of handlers that ended since the last tick, in milliseconds, waiting included. */
export const AUTOSCALE_DOUBLE_SERVICE = 2
/** Told: messages that wait. */
export const AUTOSCALE_DOUBLE_DEPTH = 3
/** Told: how long the oldest of them has waited, in milliseconds; 0 if none waits. */
export const AUTOSCALE_DOUBLE_OLDEST = 4
/** Told: the same, of critical lanes alone. */
export const AUTOSCALE_DOUBLE_OLDEST_CRITICAL = 5
/** Told: CPU time of the handlers divided by the time that they took, 0 to 1. */
export const AUTOSCALE_DOUBLE_CPU_SHARE = 6
/** Answered: how many slots there should be. */
export const AUTOSCALE_DOUBLE_WANTED = 8
/** Answered: the most that the cores can carry, between the limits. */
export const AUTOSCALE_DOUBLE_CAP = 9
/** Answered: one of the SCALE values. */
export const AUTOSCALE_DOUBLE_REASON = 10
/** Answered: how many of the slots are kept for critical lanes. */
export const AUTOSCALE_DOUBLE_KEPT = 11
/** Answered: what this moment alone asks for, before hold and limits; NaN if it is not known. */
export const AUTOSCALE_DOUBLE_NEED = 12
/** Answered: the rate that was computed with; NaN if it is not known. */
export const AUTOSCALE_DOUBLE_RATE_USED = 13
/** Answered: the service time that was computed with; NaN if it is not known. */
export const AUTOSCALE_DOUBLE_SERVICE_USED = 14
/** Answered: the CPU share that was computed with; NaN if it is not known. */
export const AUTOSCALE_DOUBLE_CPU_SHARE_USED = 15
/** Length of the page. */
export const AUTOSCALE_DOUBLES = 16
/** A decision that the backend took by itself: behind a page as it was then, the slots before it. */
export const DECISION_DOUBLE_FROM = 16
/** Decision: worker threads at work before it. */
export const DECISION_DOUBLE_THREADS_FROM = 17
/** Decision: worker threads that there should be. */
export const DECISION_DOUBLE_THREADS_TO = 18
/** Decision: those of them that have to be started first. */
export const DECISION_DOUBLE_THREADS_LATE = 19
/** Length of a decision. */
export const DECISION_DOUBLES = 20
/** Most slots of a pool. */
export const AUTOSCALE_SLOTS_MOST = 1024

// meter: What the handlers of one thread have taken so far, in doubles from the first of its memory: times in nanoseconds.

/** Handlers that were called. */
export const METER_DOUBLE_BEGUN = 0
/** How long they took until they returned. */
export const METER_DOUBLE_CALLED = 1
/** Handlers that came to their end. */
export const METER_DOUBLE_ENDED = 2
/** How long their promises took to be settled after they had returned. */
export const METER_DOUBLE_AWAITED = 3
/** How long handlers were under way, those included that still are, when the thread last took stock; worker threads only. */
export const METER_DOUBLE_OCCUPIED = 4
/** How long the thread had computed then; stored after the one before. */
export const METER_DOUBLE_BUSY = 5
/** Since when handlers are being called; 0 if none is. */
export const METER_DOUBLE_BATCH_SINCE = 6
/** The first of as many doubles as there are slots: since when the promise in it is waited for; 0 for none. */
export const METER_DOUBLE_SLOTS = 7

// scale reasons: Why the law answered what it answered.

/** The size is right. */
export const SCALE_STEADY = 0
/** Grown: messages arrive faster, or take longer. */
export const SCALE_LOAD = 1
/** Grown: what waits is to be worked off. */
export const SCALE_BACKLOG = 2
/** Shrunk, or not grown: the cores carry no more. */
export const SCALE_CORES = 3
/** Not grown: it is as large as it may be. */
export const SCALE_LIMIT = 4
/** Shrunk: fewer have been enough for as long as the hold. */
export const SCALE_IDLE = 5
/** Not shrunk: more were needed a moment ago, or it has just been shrunk. */
export const SCALE_HOLD = 6
/** Not shrunk: what waits is being worked off. */
export const SCALE_DRAIN = 7
/** Held: a measurement is missing. */
export const SCALE_UNMEASURED = 8
/** How many reasons there are. */
export const SCALE_REASONS = 9

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
/** Book level: the venue's checksum of the book after the update, in place of the first sequence, if the flag says so; the first sequence is the last one then. */
export const BOOK_LEVEL_DOUBLE_CHECKSUM = 5
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
/** Book level: a checksum is given. */
export const BOOK_LEVEL_FLAG_CHECKSUM = 64

// order books: What a set of order books writes for JavaScript to read, in doubles: a list of the books that have changed, with room for all there may be, then a row for each book.

/** Row: one of the BOOK_STATE values. */
export const BOOK_ROW_STATE = 0
/** Row: why the book is stale, one of the BOOK_FAULT values. */
export const BOOK_ROW_FAULT = 1
/** Row: best bid price; NaN if there is none, or the book does not follow the venue. */
export const BOOK_ROW_BID_PRICE = 2
/** Row: size at the best bid, NaN likewise. */
export const BOOK_ROW_BID_SIZE = 3
/** Row: best ask price, NaN likewise. */
export const BOOK_ROW_ASK_PRICE = 4
/** Row: size at the best ask, NaN likewise. */
export const BOOK_ROW_ASK_SIZE = 5
/** Row: the venue's number of the last change in the book, 0 where it gives none. */
export const BOOK_ROW_SEQUENCE = 6
/** Row: when that change happened at the venue, nanoseconds since the epoch. */
export const BOOK_ROW_EVENT = 7
/** Row: when the last update or snapshot for the book was received, applied or not. */
export const BOOK_ROW_INIT = 8
/** Row: snapshots and updates applied so far. */
export const BOOK_ROW_CHANGES = 9
/** Row: how often the book went stale so far. */
export const BOOK_ROW_FAULTS = 10
/** Row: the instrument's number. */
export const BOOK_ROW_INSTRUMENT = 11
/** Length of a row. */
export const BOOK_ROW_DOUBLES = 16
/** It waits for its first snapshot. */
export const BOOK_STATE_EMPTY = 0
/** It is what the venue has. */
export const BOOK_STATE_LIVE = 1
/** It follows the venue, but levels that it never saw may belong near the top. */
export const BOOK_STATE_THINNED = 2
/** It is not what the venue has, and needs a snapshot. */
export const BOOK_STATE_STALE = 3
/** It is not stale. */
export const BOOK_FAULT_NONE = 0
/** An update is missing. */
export const BOOK_FAULT_GAP = 1
/** The best bid was not below the best ask. */
export const BOOK_FAULT_CROSSED = 2
/** The venue's checksum was another one. */
export const BOOK_FAULT_CHECKSUM = 3
/** An update held a price or size that cannot be. */
export const BOOK_FAULT_LEVEL = 4
/** Whoever keeps it said so: its connection was lost, say. */
export const BOOK_FAULT_INVALIDATED = 5
/** Count of a book: snapshots taken. */
export const BOOK_COUNT_SNAPSHOTS = 0
/** Count of a book: updates applied. */
export const BOOK_COUNT_UPDATES = 1
/** Count of a book: updates and snapshots dropped because it had more already. */
export const BOOK_COUNT_LATE = 2
/** Count of a book: updates dropped because no snapshot had come, or for want of room while they waited for it. */
export const BOOK_COUNT_EARLY = 3
/** Count of a book: checksums that were right. */
export const BOOK_COUNT_VERIFIED = 4
/** Count of a book: levels given up because of the depth limit. */
export const BOOK_COUNT_GIVEN_UP = 5
/** Count of a book: how often it went stale for want of an update. */
export const BOOK_COUNT_GAP = 6
/** Count of a book: how often it went stale because it crossed. */
export const BOOK_COUNT_CROSSED = 7
/** Count of a book: how often it went stale for a wrong checksum. */
export const BOOK_COUNT_CHECKSUM = 8
/** Count of a book: how often it went stale because of a level that cannot be. */
export const BOOK_COUNT_LEVEL = 9
/** Count of a book: how often it became thinned. */
export const BOOK_COUNT_THINNED = 10
/** Count of a book: how often it went stale because whoever keeps it said so. */
export const BOOK_COUNT_INVALIDATED = 11
/** How many counts a book has. */
export const BOOK_COUNTS = 12
/** Total: how many books there are. */
export const BOOKS_TOTAL_BOOKS = 0
/** Total: updates of instruments that have no book and get none. */
export const BOOKS_TOTAL_UNKNOWN = 1
/** Total: updates of instruments for whose book there was no room. */
export const BOOKS_TOTAL_REFUSED = 2
/** Total: memory of all books, in bytes; of the JavaScript backend that of the levels and waiting updates alone. */
export const BOOKS_TOTAL_BYTES = 3
/** How many totals there are. */
export const BOOKS_TOTALS = 4
/** Setting: 0 for none, 1 for Kraken's, 2 for OKX's. */
export const BOOK_SETTING_CHECKSUM = 0
/** Setting: decimal places of prices in Kraken's checksum. */
export const BOOK_SETTING_PRICE_PLACES = 1
/** Setting: decimal places of sizes in Kraken's checksum. */
export const BOOK_SETTING_SIZE_PLACES = 2
/** Setting: most levels that a side keeps. */
export const BOOK_SETTING_LIMIT = 3
/** Setting: how many levels a side the venue tells of; infinity for all. */
export const BOOK_SETTING_WINDOW = 4
/** Setting: most levels a side that a snapshot holds; infinity if there is no limit. */
export const BOOK_SETTING_SNAPSHOT_LEVELS = 5
/** How many settings a book has beside its continuity. */
export const BOOK_SETTINGS = 6
/** Most books of a set. */
export const BOOKS_MOST = 65536

// market decoding: What a decoder counts, in doubles from the first of its counts, and what it is bounded by.

/** Records that the last call wrote; all other counts are since the decoder was opened. */
export const COUNT_RECORDS = 0
/** Frames and recorded lines, of whatever kind. */
export const COUNT_FRAMES = 1
/** Quotes. */
export const COUNT_QUOTES = 2
/** Trades. */
export const COUNT_TRADES = 3
/** Order book updates. */
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
/** Frames beside the data that were noted to be taken; heartbeats are not. */
export const COUNT_CONTROLS = 10
/** Frames that were received before the one in front of them. */
export const COUNT_CLOCK_JUMPS = 11
/** How many counts there are. */
export const COUNTS = 12
/** Longest frame that is decoded unless a decoder is told otherwise: several times the longest book snapshot that venues send. */
export const FRAME_BYTES_MOST = 16777216
/** Longest frame that a decoder can be told to take. */
export const FRAME_BYTES_LIMIT = 67108864
/** Deepest nesting of a frame that is decoded. */
export const FRAME_NESTING_MOST = 64
/** Longest name of an instrument or of a kind of frame. */
export const MARKET_NAME_BYTES_MOST = 64
/** Kinds of ignored frames that are counted apart. */
export const IGNORED_NAMES_MOST = 64
/** Rejected frames that are described, and clock jumps. */
export const REJECT_SAMPLES_MOST = 16
/** Frames beside the data that wait to be taken. */
export const CONTROLS_MOST = 64
/** Text that is kept of each. */
export const CONTROL_TEXT_BYTES_MOST = 200

// consolidated top: Best bid and offer of one pair over its instruments, in doubles from its first.

/** Bid price of the instrument whose bid is best after its fee; 0 if there is none. */
export const TOP_DOUBLE_BID = 0
/** The same of the offer. */
export const TOP_DOUBLE_ASK = 1
/** Size at that bid. */
export const TOP_DOUBLE_BID_SIZE = 2
/** Size at that offer. */
export const TOP_DOUBLE_ASK_SIZE = 3
/** The bid after its fee. */
export const TOP_DOUBLE_NET_BID = 4
/** The offer with its fee. */
export const TOP_DOUBLE_NET_ASK = 5
/** Whose bid it is, by its place in the pair; -1 if there is none. */
export const TOP_DOUBLE_BID_PLACE = 6
/** The same of the offer. */
export const TOP_DOUBLE_ASK_PLACE = 7
/** When any of it changed last, nanoseconds since the epoch. */
export const TOP_DOUBLE_AT = 8
/** How often any of it has changed. */
export const TOP_DOUBLE_CHANGES = 9
/** How many doubles there are. */
export const TOP_DOUBLES = 10

// arbitrage events: What becomes of an episode, 64 bytes each, and what the kernel counts and is bounded by. Word offsets are 32-bit, double offsets 64-bit. Times are nanoseconds since the epoch.

/** The edge is above the threshold, and was not before. */
export const EPISODE_OPENED = 1
/** The edge is larger than ever in this episode. */
export const EPISODE_IMPROVED = 2
/** The edge is not above the threshold any more. */
export const EPISODE_CLOSED = 3
/** Nothing happened: how an open episode stands. */
export const EPISODE_OPEN = 4
/** One of these in the low byte; where to buy in the next, where to sell in the one after, by places in the pair. */
export const EPISODE_WORD_EVENT = 0
/** The pair's number. */
export const EPISODE_WORD_PAIR = 1
/** When it happened. */
export const EPISODE_DOUBLE_AT = 1
/** When the episode opened. */
export const EPISODE_DOUBLE_OPENED_AT = 2
/** The edge in basis points; if it closed, the last one before. */
export const EPISODE_DOUBLE_EDGE = 3
/** The largest edge so far in basis points. */
export const EPISODE_DOUBLE_PEAK = 4
/** The smaller of the two sizes at the largest edge. */
export const EPISODE_DOUBLE_SIZE = 5
/** Updates of either instrument since it opened, up to the last at which it was open. */
export const EPISODE_DOUBLE_UPDATES = 6
/** The episode's number, from 1. */
export const EPISODE_DOUBLE_NUMBER = 7
/** Events that the last call wrote; all other counts are since the kernel was opened. */
export const ARBITRAGE_COUNT_EVENTS = 0
/** Quotes that were taken in. */
export const ARBITRAGE_COUNT_QUOTES = 1
/** Quotes with a price, a size or a time that is none: not finite, or beyond all prices. */
export const ARBITRAGE_COUNT_NUMBER = 2
/** Quotes with a negative price or size. */
export const ARBITRAGE_COUNT_NEGATIVE = 3
/** Quotes without a price on either side. */
export const ARBITRAGE_COUNT_ZERO = 4
/** Quotes without a price on one side. */
export const ARBITRAGE_COUNT_ONE_SIDED = 5
/** Quotes whose bid is above their offer. */
export const ARBITRAGE_COUNT_CROSSED = 6
/** Quotes of instruments that are in no pair. */
export const ARBITRAGE_COUNT_UNKNOWN = 7
/** Records that are no quotes. */
export const ARBITRAGE_COUNT_OTHER = 8
/** Quotes that were received before the one before them: a clock was set back. */
export const ARBITRAGE_COUNT_BACKWARDS = 9
/** Quotes that were given up because they were older than their limit. */
export const ARBITRAGE_COUNT_EXPIRED = 10
/** Episodes that were opened. */
export const ARBITRAGE_COUNT_OPENED = 11
/** Episodes that were closed. */
export const ARBITRAGE_COUNT_CLOSED = 12
/** Comparisons that were so close that they were made in integers. */
export const ARBITRAGE_COUNT_EXACT = 13
/** How many counts there are. The tops of all pairs follow them. */
export const ARBITRAGE_COUNTS = 14
/** Most instruments of a pair. */
export const PAIR_INSTRUMENTS_MOST = 32

// journal: The page on which the writer of a journal says how far it is. LONGs count in eight bytes, WORDs in four; only the wants are written by both sides.

/** The last sequence that was handed to the system. */
export const JOURNAL_LONG_WRITTEN = 0
/** The last sequence that is on disk, but for those that are listed as lost. */
export const JOURNAL_LONG_SYNCED = 1
/** How many ranges of sequences are listed as lost. */
export const JOURNAL_LONG_LOST = 2
/** Bytes of frames that were written: they wait no more. */
export const JOURNAL_LONG_TAKEN = 3
/** Bytes written to files, headers included. */
export const JOURNAL_LONG_BYTES = 4
/** Calls that wrote records. */
export const JOURNAL_LONG_WRITES = 5
/** Calls that synced. */
export const JOURNAL_LONG_SYNCS = 6
/** Segments begun. */
export const JOURNAL_LONG_SEGMENTS = 7
/** How often the disk became full. */
export const JOURNAL_LONG_FULL = 8
/** 1 if somebody waits for the writer to write. */
export const JOURNAL_WORD_WANTS = 20
/** One of the JOURNAL_STATE values. */
export const JOURNAL_WORD_STATE = 21
/** 1 if somebody waits for the writer to sync. */
export const JOURNAL_WORD_WANTS_SYNC = 22
/** Length of the page. */
export const JOURNAL_PAGE_BYTES = 128
/** Writes what it gets. */
export const JOURNAL_STATE_RUNNING = 1
/** Waits for room on the disk, and goes on then. */
export const JOURNAL_STATE_FULL = 2
/** Has ended: the disk failed. */
export const JOURNAL_STATE_FAILED = 3
/** Has ended, as it was asked to. */
export const JOURNAL_STATE_CLOSED = 4
