//! Where everything lies in shared memory.
//!
//! Made by scripts/layout.mjs from crates/bus/layout.json. Do not edit.

/// Raised when old and new code cannot share memory.
pub const LAYOUT_VERSION: u32 = 1;
/// Hash of every constant below; two threads whose hashes differ refuse each other.
pub const LAYOUT_HASH: u32 = 0xeb85_2455;
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
/// The thread listens no longer, and has yet to tell the others.
pub const MEMBER_STATE_LEAVING: u32 = 4;

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
/// Trade: the id is a whole number below 2^53, kept as a double; without this flag and the next it is Latin-1 text, its length in the upper half of the kind word.
pub const TRADE_FLAG_ID_NUMBER: u32 = 4;
/// Trade: the id is a UUID in lower case, kept as its 16 bytes.
pub const TRADE_FLAG_ID_UUID: u32 = 8;
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
/// A message of any other kind whose publisher said how it is to be queued: what it said, the text of the key, then what that kind has.
pub const KIND_QUEUED: u32 = 21;
/// Payload: where it begins, in slab units; wraps at 2^32, the place in the slab is this modulo the slab's units.
pub const PAYLOAD_WORD_POSITION: usize = 6;
/// Payload: bytes.
pub const PAYLOAD_WORD_LENGTH: usize = 7;

// queued message: The payload of KIND_QUEUED. Offsets from its first byte; what follows these words begins at multiples of 8 bytes: the text of the key in UTF-16, then the message.

/// The kind word of the message.
pub const QUEUED_WORD_KIND: usize = 0;
/// Bytes of the key; QUEUED_NO_KEY if the publisher named none.
pub const QUEUED_WORD_KEY: usize = 1;
/// Stands for no key.
pub const QUEUED_NO_KEY: usize = 4_294_967_295;
/// The lane's priority; -1 for the topic's own.
pub const QUEUED_DOUBLE_PRIORITY: usize = 1;
/// When it expires, in nanoseconds since the bus was opened; -1 for never.
pub const QUEUED_DOUBLE_DEADLINE: usize = 2;
/// The message id.
pub const QUEUED_DOUBLE_ID: usize = 3;
/// Where the key begins.
pub const QUEUED_BYTES: usize = 32;

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

// envelope: What a consumer group keeps of one queued message, 128 bytes in the group's envelope memory: a head, then the message itself if it is a 64-byte record. Whoever has taken an envelope from a port's free list writes it; from its submission on it belongs to the schedule.

/// Length.
pub const ENVELOPE_BYTES: usize = 128;
/// Length in 32-bit words.
pub const ENVELOPE_WORDS: usize = 32;
/// Length in doubles.
pub const ENVELOPE_DOUBLES: usize = 16;
/// Lane in the low byte, flags in the next, attempt in the upper half.
pub const ENVELOPE_WORD_HEAD: usize = 0;
/// The group's number of the topic.
pub const ENVELOPE_WORD_TOPIC: usize = 1;
/// Low half of the hash of the key; both halves are 0 for a message without a key.
pub const ENVELOPE_WORD_KEY_LOW: usize = 2;
/// High half of the hash of the key.
pub const ENVELOPE_WORD_KEY_HIGH: usize = 3;
/// When it was published, in nanoseconds since the bus was opened.
pub const ENVELOPE_DOUBLE_QUEUED: usize = 2;
/// From when on it is not run any more, on the same clock; 0 for never.
pub const ENVELOPE_DOUBLE_DEADLINE: usize = 3;
/// The message id.
pub const ENVELOPE_DOUBLE_ID: usize = 4;
/// Where its bytes lie in the slab, if it has any there.
pub const ENVELOPE_WORD_PAYLOAD: usize = 10;
/// How many bytes.
pub const ENVELOPE_WORD_LENGTH: usize = 11;
/// How many of them, at their beginning, are the text of the key.
pub const ENVELOPE_WORD_KEY_BYTES: usize = 12;
/// How often this envelope was given back; written by the schedule. With it an answer that comes too late is told apart.
pub const ENVELOPE_WORD_GENERATION: usize = 13;
/// Groups of several threads: which port has the envelope, and what for.
pub const ENVELOPE_WORD_OWNER: usize = 14;
/// How long it waits before it can run again, in microseconds: written before it is settled as returned or retried; the schedule sets it back to 0.
pub const ENVELOPE_WORD_DELAY: usize = 15;
/// The first of the eight doubles of the record.
pub const ENVELOPE_DOUBLE_RECORD: usize = 8;
/// The message is the record in the envelope.
pub const ENVELOPE_FLAG_RECORD: u32 = 1;
/// There are bytes in the slab.
pub const ENVELOPE_FLAG_BYTES: u32 = 2;
/// The message may not be lost: it becomes a dead letter where others would be dropped.
pub const ENVELOPE_FLAG_DURABLE: u32 = 4;
/// A thread has died with it in hand.
pub const ENVELOPE_FLAG_SUSPECT: u32 = 8;
/// An earlier process may have died with it in hand: the journal knows of each attempt before it begins.
pub const ENVELOPE_FLAG_RECOVERED: u32 = 16;
/// Its wait and its handler are timed.
pub const ENVELOPE_FLAG_TIMED: u32 = 128;
/// In the second byte of its owner word: it is in somebody's lease.
pub const ENVELOPE_OWNER_LEASED: usize = 3;
/// The same, and its key waits for it.
pub const ENVELOPE_OWNER_LEASED_IN_ORDER: usize = 4;
/// Most envelopes of a group: a number of one and an outcome fit a word.
pub const ENVELOPES_MOST: usize = 16_777_216;

// port: Where a thread and a schedule hand each other lists of envelopes; one page for each thread of a group. Words and doubles count from its first byte. A list is a count and as many entries.

/// Thread: envelopes in the submission list.
pub const PORT_WORD_SUBMITTED: usize = 0;
/// Thread: entries in the settlement list.
pub const PORT_WORD_SETTLED: usize = 1;
/// Thread: how many messages of any lane it wants in the lease.
pub const PORT_WORD_WANTED: usize = 2;
/// Thread: how many more it wants if they are of an urgent lane.
pub const PORT_WORD_URGENT: usize = 3;
/// Schedule: envelopes in the lease list.
pub const PORT_WORD_LEASED: usize = 4;
/// Schedule: entries in the release list.
pub const PORT_WORD_RELEASED: usize = 5;
/// Both: envelopes in the free list; the thread takes from its end, each turn fills it up.
pub const PORT_WORD_FREE: usize = 6;
/// Schedule: 1 if the turn stopped because the release list was full.
pub const PORT_WORD_MORE: usize = 7;
/// Schedule: waiting messages that nothing but a free consumer is missing for.
pub const PORT_WORD_RUNNABLE: usize = 8;
/// Schedule: those of them in urgent lanes.
pub const PORT_WORD_RUNNABLE_URGENT: usize = 9;
/// Schedule: how many submissions of the last turn took the place of a waiting message.
pub const PORT_WORD_CONFLATED: usize = 10;
/// Schedule: 1 + the slot of a sleeping member that the thread has to ring; 0 for none.
pub const PORT_WORD_RING: usize = 11;
/// Thread: 1 if this turn is its last before it sleeps; the turn sets it to 0.
pub const PORT_WORD_SLEEPS: usize = 12;
/// Thread, groups of several threads: bit n asks for room in lane n; the turn sets it to 0.
pub const PORT_WORD_ASKS: usize = 13;
/// Schedule: how many of the waiting messages wait for another attempt, and are not due.
pub const PORT_WORD_DELAYED: usize = 14;
/// Thread: the time of the turn, in nanoseconds since the bus was opened.
pub const PORT_DOUBLE_NOW: usize = 8;
/// Schedule: when the first of the messages is due that wait for another attempt; 0 if none does.
pub const PORT_DOUBLE_DUE: usize = 9;
/// Both, a word for each lane: how many messages still fit. The thread counts down what it submits, each turn sets it.
pub const PORT_WORD_ROOM: usize = 32;
/// Schedule, a word for each lane: messages waiting, those included that wait for their key.
pub const PORT_WORD_WAITING: usize = 48;
/// Schedule, a double for each lane, upon an inspection: when its oldest waiting message was published; 0 if none waits.
pub const PORT_DOUBLE_OLDEST: usize = 32;
/// Schedule, a double for each outcome: how many messages ended so; replaced and dropped ones are counted by their reason.
pub const PORT_DOUBLE_SETTLED: usize = 48;
/// Envelopes that the thread submits, in order.
pub const PORT_WORD_SUBMIT_LIST: usize = 192;
/// Envelopes that the thread may write.
pub const PORT_WORD_FREE_LIST: usize = 256;
/// Envelopes that the thread has to handle, in order.
pub const PORT_WORD_LEASE_LIST: usize = 384;
/// What became of leased messages, two words each: the envelope's number with the outcome in the top byte, and its generation.
pub const PORT_WORD_SETTLE_LIST: usize = 512;
/// Messages that left the queue unhandled: the envelope's number with the reason in the top byte. They can be read until the next turn.
pub const PORT_WORD_RELEASE_LIST: usize = 640;
/// Lending, owner: messages lent to the thread so far; wraps at 2^32, as all counts of lending do.
pub const PORT_WORD_LENT: usize = 768;
/// Lending, owner: urgent messages lent to it so far, on a list of their own.
pub const PORT_WORD_LENT_URGENT: usize = 769;
/// Groups of several threads, owner: 1 + the most urgent lane of which something has come for the thread; the thread sets it to 0 before it takes a turn.
pub const PORT_WORD_ARRIVED: usize = 770;
/// Groups of several threads, owner or backend: how many handlers may be under way at once in the thread; 0 for a spare one, which takes nothing.
pub const PORT_WORD_SLOTS: usize = 772;
/// Lending, thread: messages taken from the loan list so far.
pub const PORT_WORD_TAKEN: usize = 800;
/// Lending, thread: messages taken from the urgent loan list so far.
pub const PORT_WORD_TAKEN_URGENT: usize = 801;
/// Lending, thread: up to which count of messages it may be lent more.
pub const PORT_WORD_ASKED: usize = 802;
/// Lending, thread: up to which count of urgent messages it may be lent more.
pub const PORT_WORD_ASKED_URGENT: usize = 803;
/// Lending, thread: settlements written so far; stored before the counts of what it asks for.
pub const PORT_WORD_RETURNED: usize = 804;
/// Lending: ring of envelopes lent.
pub const PORT_WORD_LOAN_LIST: usize = 832;
/// Lending: ring of urgent envelopes lent.
pub const PORT_WORD_URGENT_LOAN_LIST: usize = 1_088;
/// Lending: ring of settlements, two words each as in the settlement list.
pub const PORT_WORD_RETURN_LIST: usize = 1_344;
/// Length of the page.
pub const PORT_WORDS: usize = 5_440;
/// Places of either loan list, a power of two. Both, and what a thread has in hand, fit the return list.
pub const PORT_LOANS: usize = 256;
/// Places of the return list, a power of two: more than a thread has in hand.
pub const PORT_RETURNS: usize = 2_048;
/// Most entries of the submission list.
pub const PORT_SUBMISSIONS: usize = 64;
/// Most entries of the free list.
pub const PORT_FREES: usize = 128;
/// Most envelopes that a turn puts into the lease list.
pub const PORT_LEASES: usize = 64;
/// Most entries of the settlement list.
pub const PORT_SETTLEMENTS: usize = 64;
/// Most entries of the release list.
pub const PORT_RELEASES: usize = 128;
/// Most lanes of a group.
pub const LANES_MOST: usize = 16;

// outcomes: How a message of a group ends, or what else becomes of it. The top byte of entries in settlement and release lists.

/// Its handler has returned, or its promise has resolved.
pub const OUTCOME_DELIVERED: u32 = 1;
/// Its handler threw, or its promise rejected.
pub const OUTCOME_FAILED: u32 = 2;
/// It became a dead letter.
pub const OUTCOME_DEAD: u32 = 3;
/// Its handler took too long.
pub const OUTCOME_TIMED_OUT: u32 = 4;
/// The thread that handled it ended.
pub const OUTCOME_WORKER_LOST: u32 = 5;
/// There was no room for it, or it made room for another.
pub const OUTCOME_OVERFLOW: u32 = 6;
/// A later message of the same topic and key took its place.
pub const OUTCOME_CONFLATED: u32 = 7;
/// Its deadline passed while it waited.
pub const OUTCOME_EXPIRED: u32 = 8;
/// The lane was behind for too long.
pub const OUTCOME_SHED: u32 = 9;
/// The group was closed while it waited.
pub const OUTCOME_CLOSED: u32 = 10;
/// Its bytes could not be read.
pub const OUTCOME_UNDECODABLE: u32 = 11;
/// It was not started and goes back to where it was. Not an end, and not counted.
pub const OUTCOME_RETURNED: u32 = 12;
/// It waits for another attempt. Not an end; counted.
pub const OUTCOME_RETRIED: u32 = 13;
/// How many counts there are, unused ones included.
pub const OUTCOMES: usize = 16;

// autoscale: What the law that sizes a pool is told and what it answers, in doubles from the first of its page. A measurement that there is none of is NaN.

/// Told: the time in milliseconds, from any origin; it never goes back.
pub const AUTOSCALE_DOUBLE_NOW: usize = 0;
/// Told: messages that arrived in each second, since the last tick or for at least a tick's length.
pub const AUTOSCALE_DOUBLE_RATE: usize = 1;
/// Told: mean time from the start to the end of handlers that ended since the last tick, in milliseconds, waiting included.
pub const AUTOSCALE_DOUBLE_SERVICE: usize = 2;
/// Told: messages that wait.
pub const AUTOSCALE_DOUBLE_DEPTH: usize = 3;
/// Told: how long the oldest of them has waited, in milliseconds; 0 if none waits.
pub const AUTOSCALE_DOUBLE_OLDEST: usize = 4;
/// Told: the same, of critical lanes alone.
pub const AUTOSCALE_DOUBLE_OLDEST_CRITICAL: usize = 5;
/// Told: CPU time of the handlers divided by the time that they took, 0 to 1.
pub const AUTOSCALE_DOUBLE_CPU_SHARE: usize = 6;
/// Answered: how many slots there should be.
pub const AUTOSCALE_DOUBLE_WANTED: usize = 8;
/// Answered: the most that the cores can carry, between the limits.
pub const AUTOSCALE_DOUBLE_CAP: usize = 9;
/// Answered: one of the SCALE values.
pub const AUTOSCALE_DOUBLE_REASON: usize = 10;
/// Answered: how many of the slots are kept for critical lanes.
pub const AUTOSCALE_DOUBLE_KEPT: usize = 11;
/// Answered: what this moment alone asks for, before hold and limits; NaN if it is not known.
pub const AUTOSCALE_DOUBLE_NEED: usize = 12;
/// Answered: the rate that was computed with; NaN if it is not known.
pub const AUTOSCALE_DOUBLE_RATE_USED: usize = 13;
/// Answered: the service time that was computed with; NaN if it is not known.
pub const AUTOSCALE_DOUBLE_SERVICE_USED: usize = 14;
/// Answered: the CPU share that was computed with; NaN if it is not known.
pub const AUTOSCALE_DOUBLE_CPU_SHARE_USED: usize = 15;
/// Length of the page.
pub const AUTOSCALE_DOUBLES: usize = 16;
/// A decision that the backend took by itself: behind a page as it was then, the slots before it.
pub const DECISION_DOUBLE_FROM: usize = 16;
/// Decision: worker threads at work before it.
pub const DECISION_DOUBLE_THREADS_FROM: usize = 17;
/// Decision: worker threads that there should be.
pub const DECISION_DOUBLE_THREADS_TO: usize = 18;
/// Decision: those of them that have to be started first.
pub const DECISION_DOUBLE_THREADS_LATE: usize = 19;
/// Length of a decision.
pub const DECISION_DOUBLES: usize = 20;
/// Most slots of a pool.
pub const AUTOSCALE_SLOTS_MOST: usize = 1_024;

// meter: What the handlers of one thread have taken so far, in doubles from the first of its memory: times in nanoseconds.

/// Handlers that were called.
pub const METER_DOUBLE_BEGUN: usize = 0;
/// How long they took until they returned.
pub const METER_DOUBLE_CALLED: usize = 1;
/// Handlers that came to their end.
pub const METER_DOUBLE_ENDED: usize = 2;
/// How long their promises took to be settled after they had returned.
pub const METER_DOUBLE_AWAITED: usize = 3;
/// How long handlers were under way, those included that still are, when the thread last took stock; worker threads only.
pub const METER_DOUBLE_OCCUPIED: usize = 4;
/// How long the thread had computed then; stored after the one before.
pub const METER_DOUBLE_BUSY: usize = 5;
/// Since when handlers are being called; 0 if none is.
pub const METER_DOUBLE_BATCH_SINCE: usize = 6;
/// The first of as many doubles as there are slots: since when the promise in it is waited for; 0 for none.
pub const METER_DOUBLE_SLOTS: usize = 7;

// scale reasons: Why the law answered what it answered.

/// The size is right.
pub const SCALE_STEADY: usize = 0;
/// Grown: messages arrive faster, or take longer.
pub const SCALE_LOAD: usize = 1;
/// Grown: what waits is to be worked off.
pub const SCALE_BACKLOG: usize = 2;
/// Shrunk, or not grown: the cores carry no more.
pub const SCALE_CORES: usize = 3;
/// Not grown: it is as large as it may be.
pub const SCALE_LIMIT: usize = 4;
/// Shrunk: fewer have been enough for as long as the hold.
pub const SCALE_IDLE: usize = 5;
/// Not shrunk: more were needed a moment ago, or it has just been shrunk.
pub const SCALE_HOLD: usize = 6;
/// Not shrunk: what waits is being worked off.
pub const SCALE_DRAIN: usize = 7;
/// Held: a measurement is missing.
pub const SCALE_UNMEASURED: usize = 8;
/// How many reasons there are.
pub const SCALE_REASONS: usize = 9;

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
/// Book level: the venue's checksum of the book after the update, in place of the first sequence, if the flag says so; the first sequence is the last one then.
pub const BOOK_LEVEL_DOUBLE_CHECKSUM: usize = 5;
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
/// Book level: a checksum is given.
pub const BOOK_LEVEL_FLAG_CHECKSUM: u32 = 64;

// order books: What a set of order books writes for JavaScript to read, in doubles: a list of the books that have changed, with room for all there may be, then a row for each book.

/// Row: one of the BOOK_STATE values.
pub const BOOK_ROW_STATE: usize = 0;
/// Row: why the book is stale, one of the BOOK_FAULT values.
pub const BOOK_ROW_FAULT: usize = 1;
/// Row: best bid price; NaN if there is none, or the book does not follow the venue.
pub const BOOK_ROW_BID_PRICE: usize = 2;
/// Row: size at the best bid, NaN likewise.
pub const BOOK_ROW_BID_SIZE: usize = 3;
/// Row: best ask price, NaN likewise.
pub const BOOK_ROW_ASK_PRICE: usize = 4;
/// Row: size at the best ask, NaN likewise.
pub const BOOK_ROW_ASK_SIZE: usize = 5;
/// Row: the venue's number of the last change in the book, 0 where it gives none.
pub const BOOK_ROW_SEQUENCE: usize = 6;
/// Row: when that change happened at the venue, nanoseconds since the epoch.
pub const BOOK_ROW_EVENT: usize = 7;
/// Row: when the last update or snapshot for the book was received, applied or not.
pub const BOOK_ROW_INIT: usize = 8;
/// Row: snapshots and updates applied so far.
pub const BOOK_ROW_CHANGES: usize = 9;
/// Row: how often the book went stale so far.
pub const BOOK_ROW_FAULTS: usize = 10;
/// Row: the instrument's number.
pub const BOOK_ROW_INSTRUMENT: usize = 11;
/// Length of a row.
pub const BOOK_ROW_DOUBLES: usize = 16;
/// It waits for its first snapshot.
pub const BOOK_STATE_EMPTY: u32 = 0;
/// It is what the venue has.
pub const BOOK_STATE_LIVE: u32 = 1;
/// It follows the venue, but levels that it never saw may belong near the top.
pub const BOOK_STATE_THINNED: u32 = 2;
/// It is not what the venue has, and needs a snapshot.
pub const BOOK_STATE_STALE: u32 = 3;
/// It is not stale.
pub const BOOK_FAULT_NONE: usize = 0;
/// An update is missing.
pub const BOOK_FAULT_GAP: usize = 1;
/// The best bid was not below the best ask.
pub const BOOK_FAULT_CROSSED: usize = 2;
/// The venue's checksum was another one.
pub const BOOK_FAULT_CHECKSUM: usize = 3;
/// An update held a price or size that cannot be.
pub const BOOK_FAULT_LEVEL: usize = 4;
/// Whoever keeps it said so: its connection was lost, say.
pub const BOOK_FAULT_INVALIDATED: usize = 5;
/// Count of a book: snapshots taken.
pub const BOOK_COUNT_SNAPSHOTS: usize = 0;
/// Count of a book: updates applied.
pub const BOOK_COUNT_UPDATES: usize = 1;
/// Count of a book: updates and snapshots dropped because it had more already.
pub const BOOK_COUNT_LATE: usize = 2;
/// Count of a book: updates dropped because no snapshot had come, or for want of room while they waited for it.
pub const BOOK_COUNT_EARLY: usize = 3;
/// Count of a book: checksums that were right.
pub const BOOK_COUNT_VERIFIED: usize = 4;
/// Count of a book: levels given up because of the depth limit.
pub const BOOK_COUNT_GIVEN_UP: usize = 5;
/// Count of a book: how often it went stale for want of an update.
pub const BOOK_COUNT_GAP: usize = 6;
/// Count of a book: how often it went stale because it crossed.
pub const BOOK_COUNT_CROSSED: usize = 7;
/// Count of a book: how often it went stale for a wrong checksum.
pub const BOOK_COUNT_CHECKSUM: usize = 8;
/// Count of a book: how often it went stale because of a level that cannot be.
pub const BOOK_COUNT_LEVEL: usize = 9;
/// Count of a book: how often it became thinned.
pub const BOOK_COUNT_THINNED: usize = 10;
/// Count of a book: how often it went stale because whoever keeps it said so.
pub const BOOK_COUNT_INVALIDATED: usize = 11;
/// How many counts a book has.
pub const BOOK_COUNTS: usize = 12;
/// Total: how many books there are.
pub const BOOKS_TOTAL_BOOKS: usize = 0;
/// Total: updates of instruments that have no book and get none.
pub const BOOKS_TOTAL_UNKNOWN: usize = 1;
/// Total: updates of instruments for whose book there was no room.
pub const BOOKS_TOTAL_REFUSED: usize = 2;
/// Total: memory of all books, in bytes; of the JavaScript backend that of the levels and waiting updates alone.
pub const BOOKS_TOTAL_BYTES: usize = 3;
/// How many totals there are.
pub const BOOKS_TOTALS: usize = 4;
/// Setting: 0 for none, 1 for Kraken's, 2 for OKX's.
pub const BOOK_SETTING_CHECKSUM: usize = 0;
/// Setting: decimal places of prices in Kraken's checksum.
pub const BOOK_SETTING_PRICE_PLACES: usize = 1;
/// Setting: decimal places of sizes in Kraken's checksum.
pub const BOOK_SETTING_SIZE_PLACES: usize = 2;
/// Setting: most levels that a side keeps.
pub const BOOK_SETTING_LIMIT: usize = 3;
/// Setting: how many levels a side the venue tells of; infinity for all.
pub const BOOK_SETTING_WINDOW: usize = 4;
/// Setting: most levels a side that a snapshot holds; infinity if there is no limit.
pub const BOOK_SETTING_SNAPSHOT_LEVELS: usize = 5;
/// How many settings a book has beside its continuity.
pub const BOOK_SETTINGS: usize = 6;
/// Most books of a set.
pub const BOOKS_MOST: usize = 65_536;

// market decoding: What a decoder counts, in doubles from the first of its counts, and what it is bounded by.

/// Records that the last call wrote; all other counts are since the decoder was opened.
pub const COUNT_RECORDS: usize = 0;
/// Frames and recorded lines, of whatever kind.
pub const COUNT_FRAMES: usize = 1;
/// Quotes.
pub const COUNT_QUOTES: usize = 2;
/// Trades.
pub const COUNT_TRADES: usize = 3;
/// Order book updates.
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
/// Frames beside the data that were noted to be taken; heartbeats are not.
pub const COUNT_CONTROLS: usize = 10;
/// Frames that were received before the one in front of them.
pub const COUNT_CLOCK_JUMPS: usize = 11;
/// How many counts there are.
pub const COUNTS: usize = 12;
/// Longest frame that is decoded unless a decoder is told otherwise: several times the longest book snapshot that venues send.
pub const FRAME_BYTES_MOST: usize = 16_777_216;
/// Longest frame that a decoder can be told to take.
pub const FRAME_BYTES_LIMIT: usize = 67_108_864;
/// Deepest nesting of a frame that is decoded.
pub const FRAME_NESTING_MOST: usize = 64;
/// Longest name of an instrument or of a kind of frame.
pub const MARKET_NAME_BYTES_MOST: usize = 64;
/// Kinds of ignored frames that are counted apart.
pub const IGNORED_NAMES_MOST: usize = 64;
/// Rejected frames that are described, and clock jumps.
pub const REJECT_SAMPLES_MOST: usize = 16;
/// Frames beside the data that wait to be taken.
pub const CONTROLS_MOST: usize = 64;
/// Text that is kept of each.
pub const CONTROL_TEXT_BYTES_MOST: usize = 200;

// consolidated top: Best bid and offer of one pair over its instruments, in doubles from its first.

/// Bid price of the instrument whose bid is best after its fee; 0 if there is none.
pub const TOP_DOUBLE_BID: usize = 0;
/// The same of the offer.
pub const TOP_DOUBLE_ASK: usize = 1;
/// Size at that bid.
pub const TOP_DOUBLE_BID_SIZE: usize = 2;
/// Size at that offer.
pub const TOP_DOUBLE_ASK_SIZE: usize = 3;
/// The bid after its fee.
pub const TOP_DOUBLE_NET_BID: usize = 4;
/// The offer with its fee.
pub const TOP_DOUBLE_NET_ASK: usize = 5;
/// Whose bid it is, by its place in the pair; -1 if there is none.
pub const TOP_DOUBLE_BID_PLACE: usize = 6;
/// The same of the offer.
pub const TOP_DOUBLE_ASK_PLACE: usize = 7;
/// When any of it changed last, nanoseconds since the epoch.
pub const TOP_DOUBLE_AT: usize = 8;
/// How often any of it has changed.
pub const TOP_DOUBLE_CHANGES: usize = 9;
/// How many doubles there are.
pub const TOP_DOUBLES: usize = 10;

// arbitrage events: What becomes of an episode, 64 bytes each, and what the kernel counts and is bounded by. Word offsets are 32-bit, double offsets 64-bit. Times are nanoseconds since the epoch.

/// The edge is above the threshold, and was not before.
pub const EPISODE_OPENED: usize = 1;
/// The edge is larger than ever in this episode.
pub const EPISODE_IMPROVED: usize = 2;
/// The edge is not above the threshold any more.
pub const EPISODE_CLOSED: usize = 3;
/// Nothing happened: how an open episode stands.
pub const EPISODE_OPEN: usize = 4;
/// One of these in the low byte; where to buy in the next, where to sell in the one after, by places in the pair.
pub const EPISODE_WORD_EVENT: usize = 0;
/// The pair's number.
pub const EPISODE_WORD_PAIR: usize = 1;
/// When it happened.
pub const EPISODE_DOUBLE_AT: usize = 1;
/// When the episode opened.
pub const EPISODE_DOUBLE_OPENED_AT: usize = 2;
/// The edge in basis points; if it closed, the last one before.
pub const EPISODE_DOUBLE_EDGE: usize = 3;
/// The largest edge so far in basis points.
pub const EPISODE_DOUBLE_PEAK: usize = 4;
/// The smaller of the two sizes at the largest edge.
pub const EPISODE_DOUBLE_SIZE: usize = 5;
/// Updates of either instrument since it opened, up to the last at which it was open.
pub const EPISODE_DOUBLE_UPDATES: usize = 6;
/// The episode's number, from 1.
pub const EPISODE_DOUBLE_NUMBER: usize = 7;
/// Events that the last call wrote; all other counts are since the kernel was opened.
pub const ARBITRAGE_COUNT_EVENTS: usize = 0;
/// Quotes that were taken in.
pub const ARBITRAGE_COUNT_QUOTES: usize = 1;
/// Quotes with a price, a size or a time that is none: not finite, or beyond all prices.
pub const ARBITRAGE_COUNT_NUMBER: usize = 2;
/// Quotes with a negative price or size.
pub const ARBITRAGE_COUNT_NEGATIVE: usize = 3;
/// Quotes without a price on either side.
pub const ARBITRAGE_COUNT_ZERO: usize = 4;
/// Quotes without a price on one side.
pub const ARBITRAGE_COUNT_ONE_SIDED: usize = 5;
/// Quotes whose bid is above their offer.
pub const ARBITRAGE_COUNT_CROSSED: usize = 6;
/// Quotes of instruments that are in no pair.
pub const ARBITRAGE_COUNT_UNKNOWN: usize = 7;
/// Records that are no quotes.
pub const ARBITRAGE_COUNT_OTHER: usize = 8;
/// Quotes that were received before the one before them: a clock was set back.
pub const ARBITRAGE_COUNT_BACKWARDS: usize = 9;
/// Quotes that were given up because they were older than their limit.
pub const ARBITRAGE_COUNT_EXPIRED: usize = 10;
/// Episodes that were opened.
pub const ARBITRAGE_COUNT_OPENED: usize = 11;
/// Episodes that were closed.
pub const ARBITRAGE_COUNT_CLOSED: usize = 12;
/// Comparisons that were so close that they were made in integers.
pub const ARBITRAGE_COUNT_EXACT: usize = 13;
/// How many counts there are. The tops of all pairs follow them.
pub const ARBITRAGE_COUNTS: usize = 14;
/// Most instruments of a pair.
pub const PAIR_INSTRUMENTS_MOST: usize = 32;

// journal: The page on which the writer of a journal says how far it is. LONGs count in eight bytes, WORDs in four; only the wants are written by both sides.

/// The last sequence that was handed to the system.
pub const JOURNAL_LONG_WRITTEN: usize = 0;
/// The last sequence that is on disk, but for those that are listed as lost.
pub const JOURNAL_LONG_SYNCED: usize = 1;
/// How many ranges of sequences are listed as lost.
pub const JOURNAL_LONG_LOST: usize = 2;
/// Bytes of frames that were written: they wait no more.
pub const JOURNAL_LONG_TAKEN: usize = 3;
/// Bytes written to files, headers included.
pub const JOURNAL_LONG_BYTES: usize = 4;
/// Calls that wrote records.
pub const JOURNAL_LONG_WRITES: usize = 5;
/// Calls that synced.
pub const JOURNAL_LONG_SYNCS: usize = 6;
/// Segments begun.
pub const JOURNAL_LONG_SEGMENTS: usize = 7;
/// How often the disk became full.
pub const JOURNAL_LONG_FULL: usize = 8;
/// 1 if somebody waits for the writer to write.
pub const JOURNAL_WORD_WANTS: usize = 20;
/// One of the JOURNAL_STATE values.
pub const JOURNAL_WORD_STATE: usize = 21;
/// 1 if somebody waits for the writer to sync.
pub const JOURNAL_WORD_WANTS_SYNC: usize = 22;
/// Length of the page.
pub const JOURNAL_PAGE_BYTES: usize = 128;
/// Writes what it gets.
pub const JOURNAL_STATE_RUNNING: u32 = 1;
/// Waits for room on the disk, and goes on then.
pub const JOURNAL_STATE_FULL: u32 = 2;
/// Has ended: the disk failed.
pub const JOURNAL_STATE_FAILED: u32 = 3;
/// Has ended, as it was asked to.
pub const JOURNAL_STATE_CLOSED: u32 = 4;
