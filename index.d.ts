// The public API of tickbus. Made by scripts/build-ts.mjs from ts/. Do not edit.

import { EventEmitter } from 'node:events';
import { WorkerOptions, Worker } from 'node:worker_threads';

/**
 * The instant from which a bus counts its times. Records carry nanoseconds since then as doubles, exact within
 * 104 days; users see UNIX nanoseconds as `bigint`. One object per bus and thread, so that codecs compare by identity.
 */
declare class Epoch {
    /** The instant, in UNIX nanoseconds. */
    readonly unixNs: bigint;
    constructor(unixNs: bigint);
    /**
     * Nanoseconds from the epoch to `unixNs`, negative before it.
     *
     * @throws {TickbusError} `TICKBUS_RECORD_FIELD` if it is not a bigint, `TICKBUS_RECORD_TIME` if it is out of reach.
     */
    offsetNs(unixNs: bigint, field: string, kind: string): number;
    /** UNIX nanoseconds of a finite offset from this epoch. */
    unixNsAt(offsetNs: number): bigint;
}

/** Typed views over the same memory; offsets are counted in elements of each. */
interface Views {
    readonly words: Uint32Array;
    readonly doubles: Float64Array;
    readonly longs: BigInt64Array;
    readonly bytes: Uint8Array;
}
/**
 * Writes and reads one kind of message of fixed length. `at` is the double before its first field: the first double of
 * the 64-byte record, whose fields begin behind kind and topic; or the one before its place in the payload slab.
 */
interface RecordCodec<T> {
    readonly kind: number;
    readonly name: string;
    /** Bytes of the payload slab that the fields take; 0 if they lie in the record. */
    readonly slabBytes: number;
    /**
     * Checks the message, writes its fields, and returns the record's kind word.
     *
     * @throws {TickbusError} `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME`
     */
    write(views: Views, at: number, message: T, epoch: Epoch): number;
    /** Reads what `write` wrote and said in the kind word. Torn fields give a torn message, and do nothing worse. */
    read(views: Views, at: number, epoch: Epoch, head: number): T;
}
/** A message that lies in memory as a record of 64 bytes already, as its codec would write it on the bus. */
interface WrittenRecord<T = unknown> {
    /** One without bytes in the slab. */
    readonly codec: RecordCodec<T>;
    readonly views: Views;
    /** The record's first double. */
    readonly at: number;
    /** The kind word. */
    readonly head: number;
    /** What its times count from: the epoch of the bus. */
    readonly epoch: Epoch;
}
/** A message with times: what all market data has in common. */
interface Timed {
    /** When it happened at the venue, UNIX nanoseconds. */
    tsEvent: bigint;
    /** When the message was made here, UNIX nanoseconds. @default tsEvent */
    tsInit?: bigint;
}
/**
 * Market data as Tickbus makes it: with times that count from the bus's epoch, as records carry them. The fields are those
 * of each class: to hand them to a constructor here would cost a quote ten nanoseconds more to make.
 */
declare abstract class MarketData implements Timed {
    /** When it happened at the venue, in nanoseconds since `epoch`: the fast form of `tsEvent`. */
    abstract readonly eventNs: number;
    /** When the message was made here, in nanoseconds since `epoch`: the fast form of `tsInit`. */
    abstract readonly initNs: number;
    /** The instant from which `eventNs` and `initNs` count. */
    abstract readonly epoch: Epoch;
    /** When it happened at the venue, UNIX nanoseconds. */
    get tsEvent(): bigint;
    /** When the message was made here, UNIX nanoseconds. */
    get tsInit(): bigint;
}

/** What can be published where a bar is expected. What it spans and how it is made is for the topic to say. */
interface BarLike extends Timed {
    open: number;
    high: number;
    low: number;
    close: number;
    volume: number;
}
/** First, highest, lowest and last price over a span of time or trades, and the size traded. */
declare class Bar extends MarketData implements BarLike {
    readonly open: number;
    readonly high: number;
    readonly low: number;
    readonly close: number;
    readonly volume: number;
    readonly eventNs: number;
    readonly initNs: number;
    readonly epoch: Epoch;
    constructor(open: number, high: number, low: number, close: number, volume: number, eventNs: number, initNs: number, epoch: Epoch);
}

/** Counters of topics by their ids, in pages that never move, so that a handle can keep its page. */
declare class Counters {
    #private;
    page(id: number): Float64Array;
    offset(id: number): number;
    /** Starts again at zero, for the next topic with this id. */
    clear(id: number): void;
}

/** Listeners to events by name. One that throws is an uncaught exception, and stops nobody: neither the others nor who emits. */
declare class Listeners<Events> {
    #private;
    on(event: keyof Events & string, listener: (detail: never) => void): void;
    off(event: keyof Events & string, listener: (detail: never) => void): void;
    has(event: keyof Events & string): boolean;
    /** Says whether anybody listens. */
    emit<E extends keyof Events & string>(event: E, detail: Events[E]): boolean;
}

/**
 * Called with each message and its topic. What it returns is not awaited; a rejection is reported like a throw.
 * It may expect more than the schema says: a `Quote`, say, where plain objects can be published as quotes, too.
 */
type Handler<T = any> = Handling<T>['handle'];
/** Parameters of methods, and only theirs, may be narrower than asked for. */
interface Handling<T> {
    handle(message: T, topic: string): unknown;
}
interface SubscribeOptions {
    /** Higher runs first; ties run in order of subscription. A whole number. @default 0 */
    priority?: number;
    /** Ends the subscription when it aborts. */
    signal?: AbortSignal;
}
/** What keeps subscriptions. */
interface Subscriber {
    remove(subscription: Subscription): void;
}
/** One (pattern, handler) pair on a bus. */
declare class Subscription {
    #private;
    readonly pattern: string;
    readonly handler: Handler;
    readonly priority: number;
    /** Rises with each subscribe on the bus, so that ties have an order. */
    readonly sequence: number;
    /** @internal What is called: the handler, or what calls it once. */
    readonly call: Handler;
    /** @internal */
    constructor(pattern: string, handler: Handler, priority: number, sequence: number, subscriber: Subscriber, call: (subscription: Subscription) => Handler);
    /** Whether messages still arrive. */
    get active(): boolean;
    /** Ends it; counts from the next publish. A second call changes nothing. */
    unsubscribe(): void;
    [Symbol.dispose](): void;
    /** @internal Ends it when the signal aborts. */
    endBy(signal: AbortSignal): void;
    /** @internal Runs `ended` once the subscription has ended, at once if it has already. */
    onEnd(ended: () => void): void;
    /** @internal The signal has aborted. */
    handleEvent(): void;
}

/** One price of an order book. */
interface BookLevel {
    price: number;
    size: number;
    /** Orders at this price. @default 0, unknown */
    count?: number;
}
/** What can be published where a depth is expected. */
interface DepthLike extends Timed {
    /** Up to ten levels, best first. */
    bids: readonly BookLevel[];
    asks: readonly BookLevel[];
    /** The venue's update number. @default 0 */
    sequence?: number;
}
/** The best ten levels of each side of an order book, fewer where the book is thin. */
declare class Depth extends MarketData implements DepthLike {
    readonly bids: readonly Required<BookLevel>[];
    readonly asks: readonly Required<BookLevel>[];
    /** The venue's update number, 0 if it has none. */
    readonly sequence: number;
    readonly eventNs: number;
    readonly initNs: number;
    readonly epoch: Epoch;
    constructor(bids: readonly Required<BookLevel>[], asks: readonly Required<BookLevel>[], eventNs: number, initNs: number, epoch: Epoch, sequence?: number);
}

/**
 * What a field of a `record({ … })` holds.
 *
 * `f64` is a number; `i8` to `i32` and `u8` to `u32` are whole numbers in their range; `i64` and `u64` are bigints; `bool`
 * is true or false; `ns` is UNIX nanoseconds as a bigint, within 104 days of the bus epoch; `text(n)` is text of at most
 * n bytes of UTF-8, n from 1 to 255.
 */
type FieldType = NumberType | 'i64' | 'u64' | 'ns' | 'bool' | TextType;
type NumberType = 'f64' | 'i8' | 'i16' | 'i32' | 'u8' | 'u16' | 'u32';
type TextType = `text(${number})`;
/** The fields of a record, by name. */
type Fields = Readonly<Record<string, FieldType>>;
/** The message that a record of such fields carries. */
type RecordOf<F extends Fields> = {
    -readonly [Name in keyof F]: ValueOf<F[Name]>;
};
type ValueOf<F extends FieldType> = F extends NumberType ? number : F extends 'i64' | 'u64' | 'ns' ? bigint : F extends 'bool' ? boolean : string;

/** What can be published where a quote is expected. */
interface QuoteLike extends Timed {
    bidPrice: number;
    askPrice: number;
    bidSize: number;
    askSize: number;
    /** The venue's update number. @default 0 */
    sequence?: number;
}
/** Best bid and offer of one instrument. Prices and sizes are the venue's decimals, correctly rounded. */
declare class Quote extends MarketData implements QuoteLike {
    readonly bidPrice: number;
    readonly askPrice: number;
    readonly bidSize: number;
    readonly askSize: number;
    /** The venue's update number, 0 if it has none. */
    readonly sequence: number;
    readonly eventNs: number;
    readonly initNs: number;
    readonly epoch: Epoch;
    constructor(bidPrice: number, askPrice: number, bidSize: number, askSize: number, eventNs: number, initNs: number, epoch: Epoch, sequence?: number);
}

/** How urgent the messages of a topic are: one lane each. */
declare const Priority: {
    readonly LOW: 0;
    readonly NORMAL: 1;
    readonly HIGH: 2;
    readonly CRITICAL: 3;
};
type Priority = (typeof Priority)[keyof typeof Priority];

/** What a topic may ask for, whatever its messages are. */
interface TopicOptions<T = unknown> {
    /**
     * What happens when a thread reads slower than it is sent to. `drop`: its oldest records are overwritten and counted
     * as lost. `wait`: a bounded queue on the publishing side takes up the slack; what does not fit is counted as dropped.
     * A publish never blocks. @default 'drop'
     */
    slowReader?: 'drop' | 'wait';
    /** `last`: the topic's last message is kept for who subscribes later. @default nothing is kept */
    replay?: 'last';
    /** How often a consumer group gets a message. @default 'at-most-once' */
    delivery?: 'at-most-once' | 'at-least-once' | 'effectively-once';
    /**
     * How safe a message is before anybody gets it, where the client keeps a journal: queued to be written, handed to the system
     * (it survives the end of the process), or on disk (it survives a power cut). Only for topics that may not lose messages.
     * @default 'written'
     */
    dispatchAfter?: 'memory' | 'written' | 'synced';
    /** The lane for messages that name none. @default Priority.NORMAL */
    priority?: Priority;
    /** What a message is about: messages with one key keep their order. Stays in the thread that names it. */
    key?(message: T): string;
    /**
     * What makes two messages of an effectively-once topic the same, so that one of them is handled. Stays in the thread that
     * names it. @default the message's id
     */
    idempotencyKey?(message: T): string;
}
/** The options that travel to other threads: all but the functions. */
type OptionData = Omit<TopicOptions, 'key' | 'idempotencyKey'>;

/** Who took liquidity. */
type AggressorSide = 'NO_AGGRESSOR' | 'BUYER' | 'SELLER';
/** What can be published where a trade is expected. */
interface TradeLike extends Timed {
    price: number;
    size: number;
    aggressorSide: AggressorSide;
    /** The venue's id: a whole number as text, a UUID in lower case, or up to 24 Latin-1 characters. */
    tradeId: string;
}
/** One trade. The price and the size are the venue's decimals, correctly rounded. */
declare class Trade extends MarketData implements TradeLike {
    readonly price: number;
    readonly size: number;
    readonly aggressorSide: AggressorSide;
    readonly tradeId: string;
    readonly eventNs: number;
    readonly initNs: number;
    readonly epoch: Epoch;
    constructor(price: number, size: number, aggressorSide: AggressorSide, tradeId: string, eventNs: number, initNs: number, epoch: Epoch);
}

type MessageKind = 'quote' | 'trade' | 'bar' | 'depth' | 'record' | 'json' | 'msgpack' | 'bytes';
/**
 * How the messages of a topic travel between threads, and what the topic asks for. Made by `quote()` and its like;
 * `topics()` judges it.
 */
declare class MessageType<T> {
    readonly kind: MessageKind;
    readonly options: Readonly<TopicOptions<T>>;
    /** Whether messages have a key; in a thread without the schema's module the function itself is missing. */
    readonly hasKey: boolean;
    /** What `record()` was given. */
    readonly fields: Fields | undefined;
    /** How to write the fixed layout; undefined where the message is encoded, and for a record that is in no schema yet. */
    readonly codec: RecordCodec<T> | undefined;
    /** @internal */
    constructor(kind: MessageKind, options: TopicOptions<T>, fields?: Fields, codec?: RecordCodec<T> | undefined, hasKey?: boolean);
}
/** Best bid and offer, a fixed 64-byte record. */
declare function quote(options?: TopicOptions<QuoteLike>): MessageType<QuoteLike>;
/** Trades, a fixed 64-byte record. */
declare function trade(options?: TopicOptions<TradeLike>): MessageType<TradeLike>;
/** Open, high, low, close and volume, a fixed 64-byte record. */
declare function bar(options?: TopicOptions<BarLike>): MessageType<BarLike>;
/** The best ten levels of each side of an order book, 512 bytes of fixed layout. */
declare function depth(options?: TopicOptions<DepthLike>): MessageType<DepthLike>;
/**
 * Messages of your own with a fixed layout, such as `record({ price: 'f64', size: 'f64', symbol: 'text(12)' })`: a 64-byte
 * record if the fields take 56 bytes at most, otherwise as many bytes as they take. All fields must be there; others do
 * not travel.
 */
declare function record<const F extends Fields>(fields: F, options?: TopicOptions<RecordOf<F>>): MessageType<RecordOf<F>>;
/** What JSON can say, as JSON text. What it leaves out or turns into null does not travel either. */
declare function json<T = unknown>(options?: TopicOptions<T>): MessageType<T>;
/** Any plain data, as MessagePack. What a topic without an entry uses. A field named `__proto__` arrives as `__proto_`. */
declare function msgpack<T = unknown>(options?: TopicOptions<T>): MessageType<T>;
/** Bytes as they are. Another thread gets a `Uint8Array` of its own. */
declare function bytes(options?: TopicOptions<Uint8Array>): MessageType<Uint8Array>;

/** How a message is to be queued, where its publisher says so. Read before anything else happens, so that one object will do. */
interface QueueTerms {
    /** The priority of a lane; -1 for the topic's own lane. */
    priority: number;
    /** What the message is about; undefined for what the topic's own function says. */
    key: string | undefined;
    /** How long it may wait, in milliseconds; 0 or more, -1 for as long as it takes. */
    deadlineMs: number;
    /** The message's id. */
    id: number;
    /** Its place in the client's journal, if it has one: then it is not refused any more. */
    sequence?: number;
}
/** A queue of this thread that takes what is published on topics that its patterns match: a consumer group. */
interface Queue {
    /** Rises with each queue on the bus, so that lists of them have an order. */
    readonly sequence: number;
    /** The way in for one topic, to all queues that match it. `before` is the one whose place it takes. */
    intake(topic: TopicHandle, queues: readonly Queue[], before: Intake | undefined): Intake;
    /** The bus was closed. What is under way may go on for `timeoutMs`. */
    shut(timeoutMs: number): void;
}
/** The way into the queues for one topic. */
interface Intake {
    readonly queues: readonly Queue[];
    /**
     * Queues a message under the topic's own terms. A queue that has no room for it is a count and nothing else: then no queue
     * takes it, and everybody else gets it.
     *
     * What cannot be encoded throws before anything happened; `outlet`, where given, sends it to other threads before it is
     * queued.
     */
    take(message: unknown, outlet: Outlet | undefined): void;
    /** The same under other terms; says how it was taken. Nobody gets what is refused, other threads included. */
    offer(message: unknown, outlet: Outlet | undefined, terms: QueueTerms): number;
    /** Queues a message of another thread as its publisher there said; as with `take`, a queue without room for it is a count. */
    receive(message: unknown, terms: QueueTerms): void;
    /** No queue matches the topic any more, or the topic was dropped. */
    close(): void;
}

/** Who gets the messages of a topic in this thread, in the order of the calls. The lists never change; many topics share one. */
interface Route$1 {
    readonly subscriptions: readonly Subscription[];
    /** What to call for each of them. */
    readonly handlers: readonly Handler[];
    /** How many topics have it. */
    topics: number;
}

/** A topic held by its user: the fast path of publishing. */
interface Topic<T = unknown> {
    readonly name: string;
    /** Publish calls on this topic in this thread. */
    readonly published: number;
    /** Handler calls for this topic in this thread. */
    readonly delivered: number;
    /**
     * Hands `message` to every subscriber: to other threads first, then into the queues of this thread's consumer groups,
     * then to the handlers of this thread, by reference, highest priority first.
     *
     * @throws {TickbusError} `TICKBUS_CLOSED`; `TICKBUS_NEEDS_CLIENT` for a topic that is journalled; and where another thread subscribes, before anybody got the message,
     * `TICKBUS_ENCODE`, `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME` or `TICKBUS_PAYLOAD_SIZE` if it cannot be sent.
     * On a bus with `onHandlerError: 'throw'` also what a handler throws.
     */
    publish(message: T): void;
}
/** Sends messages to other threads. What cannot be encoded throws, and nobody gets it. */
interface Sender {
    send(message: unknown): void;
}
/** Where a topic's messages go when other threads subscribe to it. */
interface Outlet extends Sender {
    /** Members that subscribe: bit n of the pair is member n. */
    readonly maskLow: number;
    readonly maskHigh: number;
    /** Sends what a record says: a copy of it, where the topic's messages travel as such records. */
    sendRecord(record: WrittenRecord): void;
    /** The way out for one message that is to be queued elsewhere as these terms say; they are read now. */
    under(terms: QueueTerms): Sender;
    /** Sends to these members alone; bit n of the masks is member n. */
    sendTo(message: unknown, maskLow: number, maskHigh: number): void;
}
/** The handle behind `Topic`: a compiled route, replaced and never changed in place while handlers run. */
declare class TopicHandle implements Topic {
    #private;
    readonly name: string;
    readonly type: MessageType<unknown>;
    /** The topic's number in the route table, until it leaves the table. */
    readonly id: number;
    /**
     * `named`: `NamedTopics` finds it by name. `held`: somebody has this object, so that it stays in the route table.
     * `dropped`: it left the table, and its route is no longer kept up.
     */
    life: 'cached' | 'named' | 'held' | 'dropped';
    constructor(name: string, type: MessageType<unknown>, id: number, state: BusState);
    publish(message: unknown): void;
    /** Publishes what `make` returns, and asks it only if somebody takes the message. All else is as with `publish`. */
    publishMade(make: () => unknown): void;
    /**
     * Publishes what a record says. Other threads get a copy of the record; a message is made of it only if somebody in this
     * thread takes it. All else is as with `publish`.
     */
    publishRecord(record: WrittenRecord): void;
    /**
     * Publishes under terms of the caller's, and says how the consumer groups of this thread took it. If one of them has no
     * room nobody gets the message, and after the bus was closed neither.
     */
    offer(message: unknown, terms: QueueTerms): number;
    /** Takes a message that was published in another thread, where it may have been said how to queue it. Never throws. */
    receive(message: unknown, terms?: QueueTerms): void;
    /** Gives the last message to one subscription, where the topic keeps it. */
    replayTo(subscription: Subscription): void;
    /** Sends the last message to members that have just subscribed, where the topic keeps it. */
    replayRemotely(maskLow: number, maskHigh: number): void;
    get published(): number;
    get delivered(): number;
    /** Messages that came by, from here or from other threads. */
    get activity(): number;
    get route(): Route$1;
    /** Takes a new route; a delivery that is under way goes on with the old one. */
    set route(route: Route$1);
    get outlet(): Outlet | undefined;
    set outlet(outlet: Outlet | undefined);
    get intake(): Intake | undefined;
    /** Where the consumer groups of this thread that match the topic take its messages; undefined if there is none. */
    set intake(intake: Intake | undefined);
    /** Whether its messages are written to a journal before anybody gets them. */
    get isJournalled(): boolean;
    /** A client of this thread keeps a journal from now on, or keeps none any more. */
    lookForJournal(): void;
    /** Refuses everything from now on. */
    close(): void;
    /** Leaves the route table: what is counted from now on, by a publish that is under way, counts for this object alone. */
    drop(): void;
}

/** How long something took, in nanoseconds, as far as it was measured. */
interface TimeSummary {
    /** How many were measured. */
    samples: number;
    p50: number;
    p90: number;
    p99: number;
    max: number;
}
/**
 * Counts how long messages waited, or their handlers took, in buckets of which each is at most 1/128 wide of what it holds: percentiles are
 * right to 0.8 %, the longest wait is kept exactly. Written by one thread in memory that others can read and add up,
 * which the histogram of node:perf_hooks does not offer.
 *
 * The bucket of a wait is the exponent and the first 7 bits of its double, read straight from memory.
 */
declare class WaitTimes {
    #private;
    static readonly BYTES: number;
    /** Counts in `WaitTimes.BYTES` of `memory` from `offset`, a multiple of 8. */
    constructor(memory?: ArrayBufferLike, offset?: number);
    /** Counts one wait. Less than a nanosecond counts as one, more than 4 hours as 4 hours. */
    record(ns: number): void;
    /** Forgets everything. */
    clear(): void;
    /** Takes over what another one has counted. */
    add(other: WaitTimes): void;
    /** How many waits were counted. */
    get count(): number;
    /** The longest wait, in nanoseconds; 0 before the first. */
    get longestNs(): number;
    /** The wait that the portion `p`, 0 to 1, of all did not exceed, in nanoseconds; 0 before the first. */
    percentileNs(p: number): number;
    /** The same for several portions, from the lowest up. */
    percentilesNs(portions: readonly number[]): number[];
    /** What is asked most, in whole nanoseconds. */
    summary(): TimeSummary;
}

/** A handler that threw, or whose promise rejected. */
interface HandlerError {
    error: unknown;
    topic: string;
    pattern: string;
    handler: Handler;
}
interface BusStateOptions {
    /** Whether messages are frozen when they are published. */
    readonly freezes: boolean;
    /** Whether what a handler throws leaves `publish`, instead of being reported. */
    readonly letsThrow: boolean;
}
/** What the topic handles of one bus share with it. */
declare class BusState {
    #private;
    closed: boolean;
    /** Whether a client of this thread keeps a journal, so that topics which may not lose messages are published through it. */
    isJournalled: boolean;
    handlerErrors: number;
    readonly freezes: boolean;
    readonly letsThrow: boolean;
    readonly counters: Counters;
    /** How long the handlers of one publish took together. */
    readonly dispatchTimes: WaitTimes;
    /** Last messages of the topics that keep them. */
    readonly lastMessages: Map<TopicHandle, unknown>;
    readonly events: Listeners<Record<string, unknown>>;
    constructor({ freezes, letsThrow }: BusStateOptions);
    /** Counts the fault and hands it to the listeners of `handlerError`; without one, warns once for each handler. */
    reportHandlerError(fault: HandlerError): void;
    /** Says whether anybody listens. */
    emit(name: string, detail: unknown): boolean;
}

/**
 * Every error that Tickbus throws, by its stable code. `{name}` is filled in from the error's details.
 * docs/errors.md is made from this table, and the Rust side uses the same codes.
 */
declare const codes: {
    readonly TICKBUS_ARGUMENT: "Bad argument {name}: expected {expected}, got {got}.";
    readonly TICKBUS_ATTACH_TIMEOUT: "No answer from thread(s) {threads} within {timeoutMs} ms. A thread that runs one long synchronous call cannot answer: attach before it starts, or raise timeoutMs.";
    readonly TICKBUS_AUTOSCALE: "The autoscaler cannot be opened. Mend all of these, then try again:{listing}";
    readonly TICKBUS_BACKEND: "The {backend} backend cannot be used: {reason}. Unset TICKBUS_BACKEND to let Tickbus choose.";
    readonly TICKBUS_BACKPRESSURED: "There is no room for the message on \"{topic}\": {reason}. Await client.ready(), publish less, or give the lane more capacity.";
    readonly TICKBUS_CATALOG_FULL: "The catalog holds {capacity} instruments, so {id} does not fit. Open it with a larger capacity.";
    readonly TICKBUS_CLIENT_CLOSED: "The client is closed. Open a new one; a closed client takes nothing.";
    readonly TICKBUS_CLOSED: "The bus is closed. Open a new one; a closed bus accepts nothing.";
    readonly TICKBUS_CONFIG: "The configuration is not usable. Mend all of these, then try again:{listing}";
    readonly TICKBUS_CONFIG_FILE: "The configuration file {file} is not usable: {reason}. Mend it or remove it; tickbus.schema.json says what it may hold.";
    readonly TICKBUS_DEAD_LETTER: "There is no dead letter {number}: it was redriven, purged, or made room for newer ones. Look at client.deadLetters.list().";
    readonly TICKBUS_DUMP: "The dump {file} cannot be written: {reason}.";
    readonly TICKBUS_ENCODE: "The message on \"{topic}\" cannot be encoded, as it has to be for another thread, a journal or a spill file: {reason}. Send plain data: no functions, no cycles, no symbols.";
    readonly TICKBUS_ENDPOINT: "Endpoint {endpoint} is not usable: {reason}. A name is 1 to 255 bytes, not blank, without * and ?.";
    readonly TICKBUS_ENDPOINT_BUSY: "The thread of endpoint \"{endpoint}\" is so far behind that nothing more can be kept for it. Await bus.ready(), send less, or raise slackRecords.";
    readonly TICKBUS_ENDPOINT_LOST: "The thread of endpoint \"{endpoint}\" ended before it replied.";
    readonly TICKBUS_ENDPOINT_TAKEN: "Endpoint \"{endpoint}\" is registered already. Deregister it first, or choose another name.";
    readonly TICKBUS_ENDPOINT_UNKNOWN: "Nobody is registered as \"{endpoint}\". Register it first, or use trySend().";
    readonly TICKBUS_EPISODES: "The episodes cannot be written to {file}: {reason}.";
    readonly TICKBUS_FEES: "The fee table is not usable: {reason}. It is like {{\"asOf\": \"2026-11-01\", \"takerBps\": {{\"BTCUSDT.BINANCE\": 10}}}}.";
    readonly TICKBUS_GIVEN_UP: "The delivery was given up: {reason}.";
    readonly TICKBUS_GROUP_CONFLICT: "Group \"{group}\" is there already, {reason}. All subscriptions of a group say the same; choose another name for another group.";
    readonly TICKBUS_HANDLER: "The handler of \"{pattern}\" is not a function, got {got}.";
    readonly TICKBUS_INSTRUMENTS: "The instrument list of {venue} cannot be read: {reason}.";
    readonly TICKBUS_INSTRUMENT_KNOWN: "Instrument {id} is in the catalog already. Look it up by get() before you add it.";
    readonly TICKBUS_INTERNAL: "Internal error in {where}: {reason}. Please report it with the stack.";
    readonly TICKBUS_JOURNAL_BUS: "Another client of this thread keeps a journal on this bus already. Publish through that one, or open this one without a journal.";
    readonly TICKBUS_JOURNAL_CLOSED: "The journal {directory} is closed. Open it again; a closed journal takes nothing.";
    readonly TICKBUS_JOURNAL_DAMAGED: "The journal {directory} is damaged: {segment} at byte {offset}: {reason}. Nothing was changed. \"tickbus journal verify\" lists all that is wrong; \"tickbus journal repair\" keeps every record that is whole.";
    readonly TICKBUS_JOURNAL_FULL: "There is no room for the journal {directory}: {reason}. Free some and try again.";
    readonly TICKBUS_JOURNAL_GROUPS: "Which groups read the journal {directory} cannot be told: {file} is unusable: {reason}. Restore it, or remove it: then every group gets all messages that it has not acknowledged.";
    readonly TICKBUS_JOURNAL_IO: "The journal {directory} cannot be used: {reason}.";
    readonly TICKBUS_JOURNAL_LOCKED: "The journal {directory} is written by process {pid}. Close it there, or give each process a directory of its own.";
    readonly TICKBUS_JOURNAL_MISSING: "There is no journal in {directory}: {reason}. Create the folder above it, or mend the path.";
    readonly TICKBUS_JOURNAL_READ_ONLY: "The journal {directory} cannot be written to: {reason}. Give this user the right to, or choose another directory.";
    readonly TICKBUS_JOURNAL_SYNC: "Record {sequence} of the journal {directory} may not be on disk: the sync of its segment failed. It may be there after a restart or not; treat it as not done, and look at the disk.";
    readonly TICKBUS_JOURNAL_UNWRITTEN: "Record {sequence} of the journal {directory} was not written: {reason}.";
    readonly TICKBUS_JOURNAL_VERSION: "The journal {directory} was written by a later Tickbus: {segment} has version {version}. Use that one, or another directory.";
    readonly TICKBUS_LANE: "There is no lane {lane}. The lanes are {lanes}.";
    readonly TICKBUS_LOSSY_LANE: "Messages on \"{topic}\" may not be lost, and lane {lane} loses some when it is full. Let it block or reject, without shed; or give the topic another lane.";
    readonly TICKBUS_MEMBERS: "A bus joins at most {most} threads. Close or terminate one before attaching another.";
    readonly TICKBUS_MEMORY_LIMIT: "What waits would take up to {neededMb} MiB, more than the {memoryMb} MiB of memoryMb. Raise memoryMb, or lower the capacities of the lanes.";
    readonly TICKBUS_NEEDS_CLIENT: "Messages on \"{topic}\" are journalled before anybody gets them. Publish them through the client that keeps the journal: client.publish() or client.tryPublish().";
    readonly TICKBUS_NOT_JOURNALLED: "A message on \"{topic}\" cannot be acknowledged as {ack}: {reason}.";
    readonly TICKBUS_NO_JOURNAL: "This client keeps no journal, so that there is nothing to replay. Open it with journal: {{ dir }}, and give the topics delivery: \"at-least-once\" in the schema.";
    readonly TICKBUS_PAIRS: "The table of pairs is not usable: {reason}. It is like {{\"BTC\": [\"BTCUSDT.BINANCE\", \"BTCUSD_PERP.BINANCE\"]}}.";
    readonly TICKBUS_PATTERN: "Pattern {pattern} is not usable: {reason}. A pattern is 1 to 255 bytes of text; * stands for any run, ? for one byte.";
    readonly TICKBUS_PAYLOAD_SIZE: "The message on \"{topic}\" takes {bytes} bytes encoded, more than the {most} that fit. Raise slabBytes, or payloadBytes of the client, or send it in parts.";
    readonly TICKBUS_POLLING: "polling is 'auto', 'off' or {{ us }} with 0 to 1,000,000 microseconds, got {got}.";
    readonly TICKBUS_PRIORITY: "A priority is a whole number from -2^31 to 2^31 - 1, got {got}.";
    readonly TICKBUS_READY_TIMEOUT: "The readers made no room within {timeoutMs} ms. Publish less, raise ringRecords, or look at stats().threads for who lags behind.";
    readonly TICKBUS_RECORD: "The recording {file} cannot be written: {reason}.";
    readonly TICKBUS_RECORDING: "The recording {file} cannot be read: {reason}.";
    readonly TICKBUS_RECORD_FIELD: "A {kind} needs {field} to be {expected}, got {got}.";
    readonly TICKBUS_RECORD_TIME: "{field} lies more than 104 days from the bus epoch, where nanoseconds no longer fit a double. Open the bus with an epoch near the data: new MessageBus({{ epoch }}).";
    readonly TICKBUS_REPLAY_FAILED: "The replay ended in front of message {sequence} on \"{topic}\", which its handler could not handle: {reason}. Mend the handler and replay from there, let it call delivery.terminate(), or say onFailure: \"skip\".";
    readonly TICKBUS_REPLAY_FROM: "A replay cannot begin at {from}: {reason}. Leave from out to begin with the oldest record that is there; retainBytes of the journal keeps more of them.";
    readonly TICKBUS_REPLAY_NAME: "A replay cannot have the name \"{name}\": {reason}. Choose another one, or end what has it: client.journal.removeConsumer() forgets what the journal knows of a name.";
    readonly TICKBUS_REPLAY_WORKER: "A worker of the replay ended before it had received everything: {reason}.";
    readonly TICKBUS_REQUEST_ABORTED: "The request to \"{endpoint}\" was given up, because its signal aborted.";
    readonly TICKBUS_REQUEST_DUPLICATE: "A request with id \"{id}\" is under way. Use an id once, or leave it to the bus.";
    readonly TICKBUS_REQUEST_TIMEOUT: "No reply from \"{endpoint}\" within {timeoutMs} ms.";
    readonly TICKBUS_RING_SIZE: "{name} is a whole number from {least} to {most}, rounded up to a power of two, got {got}.";
    readonly TICKBUS_SCHEMA: "The schema entry {template} is not usable: {reason}.";
    readonly TICKBUS_SCHEMA_MISMATCH: "This thread attaches with another schema than the bus was opened with: {reason}. Import one schema module in all threads.";
    readonly TICKBUS_SETTLED: "Delivery {id} on \"{topic}\" is settled: its handler said so before, or has ended, or the client is closed. Say what becomes of a delivery once, before its handler ends.";
    readonly TICKBUS_SHARED_GROUP: "A group of several threads cannot be opened, joined or cleared up after: {reason}.";
    readonly TICKBUS_SPAWN: "The worker module {module} did not start: {reason}.";
    readonly TICKBUS_SPILL: "Lanes cannot spill to {directory}: {reason}. Create the directory, or give another one by spillDir.";
    readonly TICKBUS_THREADS: "threads is a whole number from 1 to {most}, got {got}.";
    readonly TICKBUS_TICKET: "This is not a usable ticket: {reason}. Take a fresh one from bus.ticket() in this process.";
    readonly TICKBUS_TOPIC: "Topic {topic} is not usable: {reason}. A topic is 1 to 255 bytes, not blank, without * and ?.";
    readonly TICKBUS_TRACE: "The trace {file} is not usable. Mend all of these, then try again:{listing}";
    readonly TICKBUS_UNSETTLED: "After {turns} turns there is still something deferred. Something defers itself again each time: use turn() to run a few turns only.";
    readonly TICKBUS_USAGE: "{reason}";
    readonly TICKBUS_VENUE_CHANNEL: "{venue} has no channel for {channel}. Subscribe to another, or name the channel in the option channels.";
    readonly TICKBUS_VENUE_CLOSED: "The client of {venue} is closed. Open a new one; a closed client connects no more.";
    readonly TICKBUS_VENUE_LIMIT: "{venue} takes at most {most} subscriptions on one connection, and these would be {count}. Open another client for the rest.";
    readonly TICKBUS_VENUE_REFUSED: "{venue} refused the subscription {topic}: {reason}. Look the name up in the list of instruments.";
    readonly TICKBUS_VENUE_SILENT: "{venue} did not answer the subscription {topic} within {timeoutMs} ms. Try again, or raise answerTimeoutMs.";
    readonly TICKBUS_VENUE_SNAPSHOT: "The book snapshot of {symbol} cannot be had from {venue}: {reason}. It is tried again.";
    readonly TICKBUS_WORKER_MODULE: "The worker module {module} of group \"{group}\" cannot be used: {reason}.";
    readonly TICKBUS_WORKER_RESTARTS: "Worker threads of group \"{group}\" died and were replaced {restarts} times within {seconds} s, so that they are replaced no more. Mend the module, then open the client anew.";
};
type ErrorCode = keyof typeof codes;
/** The one error class of the package: branch on `code`, read `message`, follow `cause`. */
declare class TickbusError extends Error {
    readonly name = "TickbusError";
    /** Stable name of what went wrong, one of the codes in docs/errors.md. */
    readonly code: ErrorCode;
    /** The values that the message was made from. */
    readonly details: Readonly<Record<string, unknown>>;
    constructor(code: ErrorCode, details?: Record<string, unknown>, cause?: unknown);
}

/** Called with what is sent to an endpoint. For a request, what it returns, or what its promise resolves to, is the reply. */
type EndpointHandler<T = any, R = unknown> = (message: T) => R;
/** A name that this thread answers to. */
declare class Endpoint {
    #private;
    readonly name: string;
    /** @internal */
    readonly handler: EndpointHandler;
    /** @internal */
    constructor(name: string, handler: EndpointHandler, end: (endpoint: Endpoint) => void);
    /** Whether messages still arrive. */
    get active(): boolean;
    /** Ends it. A second call changes nothing. */
    deregister(): void;
    [Symbol.dispose](): void;
}

interface RequestOptions {
    /** Longest wait for the reply, in milliseconds, up to 2^31 - 1. @default 5_000 */
    timeoutMs?: number;
    /** Gives the request up when it aborts. */
    signal?: AbortSignal;
    /** The request's own name, refused while another of the same name is under way. @default a fresh one */
    id?: string;
}
interface RequestStats {
    made: number;
    replied: number;
    /** Rejected by the endpoint, or because its thread ended. */
    failed: number;
    timedOut: number;
    aborted: number;
    /** Given up because the bus was closed. */
    closed: number;
    /** Under way. */
    pending: number;
}
/** One request that is under way: settles once, and lets go of everything when it does. */
declare class PendingRequest {
    #private;
    readonly id: string;
    readonly endpoint: string;
    readonly reply: Promise<unknown>;
    constructor(id: string, endpoint: string, requests: Requests);
    /** Starts to wait for as long as the options say. */
    wait(timeoutMs: number, signal: AbortSignal | undefined): void;
    /** Runs `settled` once the request has settled, whatever came of it. */
    onSettled(settled: () => void): void;
    /** @internal The signal has aborted. */
    handleEvent(): void;
    /** Takes an endpoint's answer: the reply, or a promise of it. Returns this request's own promise. */
    settleBy(answer: unknown): Promise<unknown>;
    succeed(reply: unknown): void;
    fail(error: unknown): void;
    close(): void;
}
type Outcome = Exclude<keyof RequestStats, 'made' | 'pending'>;
/** The requests that this thread has made. */
declare class Requests {
    #private;
    /**
     * Refuses a request that cannot be made.
     *
     * @throws {TickbusError} `TICKBUS_REQUEST_DUPLICATE`, `TICKBUS_REQUEST_ABORTED`, `TICKBUS_ARGUMENT`
     */
    check(endpoint: string, { id, signal, timeoutMs }: RequestOptions): void;
    /** Opens a request that was checked. */
    open(endpoint: string, { id, signal, timeoutMs }: RequestOptions): PendingRequest;
    /** Counts a request that got its reply, or failed, before it could wait. */
    count(outcome: 'replied' | 'failed'): void;
    /** @internal Forgets a request; says whether it was under way. */
    settle(request: PendingRequest, outcome: Outcome): boolean;
    close(): void;
    stats(): RequestStats;
}

/** An endpoint in another thread. */
interface RemoteEndpoint {
    /** @throws {TickbusError} if the message cannot be sent; nothing has happened then. */
    send(message: unknown): void;
    /** Sends a request, which the reply will settle. Throws as `send` does. */
    request(request: PendingRequest, message: unknown): void;
}
/** What the calls of a thread need of its bus. */
interface CallsHost {
    /** The endpoint in another thread that answers to a name. */
    remote(name: string): RemoteEndpoint | undefined;
    added(name: string): void;
    removed(name: string): void;
    /** The promise that an endpoint returned to `send` was rejected. */
    onRejection(name: string, error: unknown): void;
}
/** Point to point: the endpoints of one thread, and what is sent and asked from it. */
declare class Calls {
    #private;
    readonly requests: Requests;
    /** Messages sent, requests included. */
    sent: number;
    constructor(host: CallsHost);
    register(name: string, handler: EndpointHandler): Endpoint;
    get(name: string): Endpoint | undefined;
    names(): string[];
    /** Says false if nobody answers to the name. */
    trySend(name: string, message: unknown): boolean;
    /** Hands a message to an endpoint of this thread, and lets through what it throws. */
    deliver({ name, handler }: Endpoint, message: unknown): void;
    /** Throws what is wrong with the request itself; the endpoint's fault rejects. */
    request(name: string, message: unknown, options: RequestOptions | undefined): Promise<unknown>;
    /** Ends all endpoints and gives all requests up. */
    close(): void;
}

/** The names of an emitter's events, each with the arguments that it carries: `{ tick: [price: number] }`. */
type EventMap<T> = Record<keyof T, unknown[]> | AnyEvents;
type AnyEvents = [never];
/** What a pattern listener is called with: the name of the event, then its arguments. */
type PatternArguments<T> = T extends AnyEvents ? [
    name: string,
    ...args: any[]
] : {
    [K in keyof T & string]: T[K] extends unknown[] ? [name: K, ...args: T[K]] : never;
}[keyof T & string];
/** The static members are those of Node's `EventEmitter`, and change the same settings. */
interface EventBusConstructor extends Omit<typeof EventEmitter, 'prototype' | 'EventEmitter'> {
    new <T extends EventMap<T> = AnyEvents>(options?: {
        captureRejections?: boolean | undefined;
    }): EventBus<T>;
    readonly prototype: EventBus;
    readonly EventEmitter: EventBusConstructor;
}
/** An `EventEmitter` of Node.js that also listens by pattern. Made by the constructor of the same name. */
interface EventBus<T extends EventMap<T> = AnyEvents> extends EventEmitter<T> {
    /**
     * Calls `listener` with the name and the arguments of every event whose name `pattern` matches as a glob, after the
     * listeners of the name itself. Names that are symbols match nothing, and neither do `newListener` and
     * `removeListener`; any other text may, also where it could not be a topic. Adding the same pair twice calls it
     * twice. Returns the emitter.
     *
     * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`
     */
    onPattern(pattern: string, listener: (this: this, ...event: PatternArguments<T>) => unknown): this;
    /** Takes away one of what `onPattern` added with the same arguments, the latest. Returns the emitter. */
    offPattern(pattern: string, listener: (this: this, ...event: PatternArguments<T>) => unknown): this;
}
/**
 * Node's own `EventEmitter`, extended by `onPattern` and `offPattern`: swap the import and nothing else changes. `on` and
 * `emit` take names literally, `''` and `a.*` included. It is a function, not a class, so that it can also be called on
 * an object (`EventBus.call(this)`), inherited from by `util.inherits`, and mixed in by
 * `Object.assign(Mine.prototype, EventBus.prototype)`.
 */
declare const EventBus: EventBusConstructor;

interface AutoscalerOptions {
    /** `AUTOSCALE_DOUBLES` long, over a SharedArrayBuffer. */
    readonly page: Float64Array;
    /** Fewest slots, 1 or more; the law starts with so many. */
    readonly min: number;
    /** Most slots, up to `AUTOSCALE_SLOTS_MOST`. */
    readonly max: number;
    /** Cores that the handlers may use, 1 or more. */
    readonly cores: number;
    /** Share of the cores that is to be used, above 0 and up to 1. */
    readonly cpuTarget: number;
    /** Slots kept for critical lanes, beside those that the load asks for; below `max`. */
    readonly reserved: number;
    /** How long a critical message may wait, in milliseconds; 0 for no such objective. */
    readonly criticalMs: number;
}
/** The law with its memory. It has no clock and no timer: whoever owns it says the time and calls `tick`. */
interface Autoscaler {
    /** Answers in the page to what the page tells. */
    tick(): void;
    /**
     * Whether a tick is due at the time in the page: `AUTOSCALE_TICK_MS` after the last one, or 1 ms after it while the oldest
     * critical message has waited for more than half of `criticalMs`.
     */
    isDue(): boolean;
}
/** What opens the law of a group of several threads. */
interface StandInOptions extends AutoscalerOptions {
    /** The group, and its envelopes. */
    readonly token: number;
    readonly envelopes: Uint8Array;
    /** The roster of its threads; the owner sits there. */
    readonly roster: Uint8Array;
    /** Most of its threads, and whether there are always so many. */
    readonly threads: number;
    readonly hasFixedThreads: boolean;
    /** The time on the owner's clock, as it stands in the page at each tick. */
    readonly nowMs: number;
}
/**
 * The law of a group of several threads. A thread of the backend's own looks on: when something waits and the owner has not
 * ticked for twice as long as it should, that one measures and ticks by itself, and writes how many slots each thread has into
 * its port (`PORT_WORD_SLOTS`). So spare threads begin.
 */
interface StandIn extends Autoscaler {
    /** A thread is ready: its slot in the roster, its port, what its meter counts in. */
    add(slot: number, port: Uint8Array, meter: Uint8Array): void;
    /** A thread leaves, or has ended. */
    remove(slot: number): void;
    /**
     * What was decided without the owner before its last tick, and not taken yet, the oldest first: `DECISION_DOUBLES` of each.
     */
    take(): number[];
    /** Nobody looks on any more, and calls do nothing. */
    end(): void;
}
type ScaleReason = 'steady' | 'load' | 'backlog' | 'cores' | 'limit' | 'idle' | 'hold' | 'drain' | 'unmeasured';

/**
 * What a backend does for consumer groups: it orders what waits, and picks what runs next. Words and lists that a thread
 * and a schedule hand each other lie in a port (see layout.ts); messages lie in envelopes that both see.
 */
/** What happens to a message that does not fit its lane. `spill` is the client's alone: to a schedule such a lane rejects. */
type Overflow = 'block' | 'reject' | 'dropOldest' | 'dropNewest' | 'conflate' | 'spill';
/**
 * In which order waiting messages run. Urgent lanes always come first, the highest of them foremost, but with `fifo`.
 *
 * `strict`: the highest lane that has something; but one pick in eight goes to the message that has waited longest in a lower
 * lane, if it has waited longer than the age bound. `weighted`: deficit round robin over the lanes (Shreedhar and Varghese
 * 1995), from the highest down. `deadline`: the earliest deadline first, those without one last. `fifo`: as they came,
 * whatever their lane. Where that says nothing, the one that was published first.
 */
type Policy = 'strict' | 'weighted' | 'deadline' | 'fifo';
/** One lane of a schedule. Lanes are numbered from 0, the least urgent. */
interface ScheduledLane {
    /** Most messages that wait. */
    readonly capacity: number;
    readonly overflow: Overflow;
    /** Messages in a round of `weighted`, 1 to 65,535. */
    readonly weight: number;
    /**
     * Sheds the message that waited longest while every message has waited longer than `shedTargetNs` for `shedIntervalNs`:
     * controlled delay (RFC 8289). 0 for never.
     */
    readonly shedTargetNs: number;
    readonly shedIntervalNs: number;
}
interface ScheduleOptions {
    /** The thread's port, `PORT_WORDS` long, over a SharedArrayBuffer, all zero. */
    readonly port: Uint8Array;
    /** The group's envelopes, `ENVELOPE_BYTES` each, over a SharedArrayBuffer, all zero. */
    readonly envelopes: Uint8Array;
    /** 1 to `LANES_MOST`. */
    readonly lanes: readonly ScheduledLane[];
    readonly policy: Policy;
    /** The lowest urgent lane; as many as there are lanes if none is. */
    readonly urgent: number;
    /** The age bound of `strict`, in nanoseconds; 0 for none. */
    readonly ageNs: number;
    /** Whether messages of one key run one after the other, in the order in which they were submitted. */
    readonly ordered: boolean;
}
/**
 * The queue of a consumer group that one thread runs: the same operations give the same trace on both backends.
 *
 * - A message with a key waits in the mailbox of its key. A mailbox can run while it has work and nobody works on it, and
 *   takes its turn in the lane of its most urgent message, at that message's place: so an urgent message draws those before
 *   it along, and overtakes none of its own key.
 * - Envelopes that leave the queue for good are given back by the schedule: settled ones at once, released ones at the
 *   next turn.
 * - Every count of the port is of the whole group.
 */
interface Schedule {
    /**
     * Takes the settlement list in, then the submission list, then puts up to `PORT_WORD_WANTED` messages, and up to
     * `PORT_WORD_URGENT` more of urgent lanes, into the lease list, and what it had to let go into the release list. Both
     * incoming lists are empty afterwards.
     */
    turn(): void;
    /** Writes `PORT_DOUBLE_OLDEST`. */
    inspect(): void;
    /**
     * Lets go of waiting messages, as closed, as many as the release list takes; `PORT_WORD_MORE` says whether any are left.
     * Takes both incoming lists in first.
     */
    clear(): void;
}
/** What makes a consumer group that several threads run. All memory is over whole SharedArrayBuffers, all zero. */
interface SharedGroupOptions extends Omit<ScheduleOptions, 'port'> {
    /**
     * Where bytes of messages lie, in pages of 64 KiB. None if all messages are records.
     */
    readonly slab?: Uint8Array | undefined;
}
/** A group, as the thread has it that made it. */
interface SharedGroup {
    /** By what other threads of the process know it. */
    readonly token: number;
    /**
     * Takes over what a member held that has ended without leaving: what it had submitted or settled counts, what else it had
     * leased ends as `OUTCOME_WORKER_LOST` or waits again, all else goes back. Its seat is free again.
     *
     * @param port The member's port, which the caller has kept.
     * @returns 1 + the slot of a member to ring, or 0.
     * @throws {TickbusError} `TICKBUS_SHARED_GROUP` if the member is still there, or was adopted already.
     */
    adopt(slot: number, port: Uint8Array): number;
    /** Nobody can join or adopt any more. Members go on. */
    close(): void;
}
/** Whoever takes part in a group, to publish or to consume, has a seat and a port. */
interface SharedPortOptions {
    readonly token: number;
    /** The same memory as the group was opened with. */
    readonly envelopes: Uint8Array;
    readonly slab?: Uint8Array | undefined;
    /** The thread's port, `PORT_WORDS` long, over a SharedArrayBuffer, all zero. */
    readonly port: Uint8Array;
    /** The seat: the thread's slot on the bus, below `MEMBERS`. */
    readonly slot: number;
}
/**
 * A thread's port to a group that several threads run. What differs from a {@link Schedule} of one thread:
 *
 * - `PORT_WORD_ROOM` is room that this port was promised. Where it is 0, set the lane's bit in `PORT_WORD_ASKS`, take a turn
 *   and look again; the first such turn also fills the free list. In lanes that drop the oldest or conflate it only tells.
 * - `PORT_WORD_RING` has to be looked at after each call.
 * - Before a thread that could take messages falls asleep, it takes a turn with `PORT_WORD_SLEEPS` set. It sleeps if
 *   nothing was leased and `PORT_WORD_MORE` is 0; whoever then brings work rings it. Other turns may come back with nothing
 *   although something waits.
 * - Counts are of the whole group and a moment old; `PORT_DOUBLE_SETTLED` is written by `inspect` alone.
 * - The thread never writes `ENVELOPE_WORD_GENERATION` and `ENVELOPE_WORD_OWNER`.
 */
interface SharedPort extends Schedule {
    /**
     * Room in the slab for the bytes of an envelope that the thread has out of the port's free list. It goes back with the
     * envelope, or when it is asked for again; 0 bytes only give it back.
     *
     * @returns 1 + its position, in units of `SLAB_UNIT_BYTES`; 0 if there is no room, or more than 1 MiB is wanted.
     */
    alloc(envelope: number, bytes: number): number;
    /**
     * Ends in order: what was leased goes back to where it was. Nothing happens in calls after this.
     *
     * @returns 1 + the slot of a member to ring, or 0.
     */
    leave(): number;
}

/**
 * What a backend does for the rest of the package. The native backend answers from Rust (src/), the JavaScript one
 * from ts/fallback/; everything above this interface is the same code on both, and so are the bytes in shared memory.
 */

/** `native`: the Rust addon. `js`: the pure-JavaScript fallback; slower, not smaller. */
type Backend = 'native' | 'js';
/** One loaded backend. Stateless but for what it opens. */
interface Core {
    readonly backend: Backend;
    /**
     * Whether `pattern` matches all of `topic`. Both are taken as UTF-8 bytes (a lone surrogate counts as U+FFFD):
     * `*` is any run of bytes, `?` is exactly one.
     */
    isMatching(topic: string, pattern: string): boolean;
    /** Opens empty tables that leave their lists in `answer`: see {@link Routes}. */
    openRoutes(answer: Uint32Array): Routes;
    /**
     * Opens the queue of a consumer group; it fills the port's free list. See {@link Schedule}.
     *
     * @throws {TickbusError} `TICKBUS_ARGUMENT`
     */
    openSchedule(options: ScheduleOptions): Schedule;
    /**
     * Opens the law that sizes a pool.
     *
     * @throws {TickbusError} `TICKBUS_AUTOSCALE` if the options cannot be; it lists all that is wrong with them.
     */
    openAutoscaler(options: AutoscalerOptions): Autoscaler;
    /**
     * Opens a consumer group that several threads run; undefined where the backend has none: the thread that owns the group
     * runs it then.
     *
     * @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_SHARED_GROUP`
     */
    readonly openSharedGroup?: (options: SharedGroupOptions) => SharedGroup;
    /**
     * Takes this thread's seat in such a group. A thread that ends without leaving has to be adopted from.
     *
     * @throws {TickbusError} `TICKBUS_ARGUMENT`; `TICKBUS_SHARED_GROUP` if the group is not there any more, was opened with
     * other memory, or the seat is taken.
     */
    readonly joinSharedGroup?: (options: SharedPortOptions) => SharedPort;
    /**
     * Opens the law of such a group, once; this thread sits in the roster.
     *
     * @throws {TickbusError} `TICKBUS_AUTOSCALE`; `TICKBUS_SHARED_GROUP` if the group is not there any more, was opened with other
     * memory, or has a law.
     */
    readonly openStandIn?: (options: StandInOptions) => StandIn;
    /**
     * Makes this thread reachable as one member of a bus.
     *
     * @throws {TickbusError} `TICKBUS_TICKET` if `roster` is not the page that the other members joined with.
     */
    join(options: JoinOptions): Membership;
}
/**
 * Which patterns match which topics: a table of patterns and one of the topics that are in use. Texts are taken as UTF-8
 * bytes and must be well-formed. Ids are small; one that was removed is given again, the smallest first.
 *
 * A call that answers with a list leaves it in memory that it was given before: how many there are in `answer[0]`, and from
 * `answer[1]` on as many of them as fit, in no particular order.
 */
interface Routes {
    /** Adds a pattern and returns its id; the same text has the same id. Lists the topics that it matches. */
    addPattern(pattern: string): number;
    /** Forgets a pattern. An unknown id changes nothing. */
    removePattern(id: number): void;
    /** Adds a topic and returns its id; the same text has the same id. Lists the patterns that match it. */
    addTopic(topic: string): number;
    /** Forgets a topic. An unknown id changes nothing. */
    removeTopic(id: number): void;
    /** Lists the patterns that match `topic`, known or not. */
    resolve(topic: string): void;
    /** Lists the topics that `pattern`, known or not, matches. */
    affected(pattern: string): void;
    /**
     * Makes calls leave their lists in `answer` from now on: an even number of elements, 2 or more, over a SharedArrayBuffer
     * from its beginning.
     */
    answerIn(answer: Uint32Array): void;
}
interface JoinOptions {
    /** View of the whole roster page (see layout.ts), over a SharedArrayBuffer. */
    roster: Uint8Array;
    /** This member's slot, 0 to 63, claimed by the caller. */
    slot: number;
    /** The slot's generation at the claim. */
    generation: number;
    /** Called on this thread's event loop after another thread rang, once or more for each ring. Must not throw. */
    wake: () => void;
}
/** A thread's place on a bus. It never keeps the event loop alive by itself. */
interface Membership {
    /**
     * Wakes the member in `slot`. Safe from any turn; a slot that nobody uses is ignored.
     * The caller has already swapped the member's sleep flag for `WAKE_BUSY`.
     */
    ring(slot: number): void;
    /**
     * Stops listening and frees what the backend holds for this thread. May be called twice. A thread that ends without
     * it is marked dead in the roster, and the others are rung: by the addon's clean-up hook on the native backend, by
     * the thread that created it on the JavaScript backend.
     */
    leave(): void;
}

interface MessagesOptions extends SubscribeOptions {
    /** Most messages that wait for the loop, 1 to 16,777,216. @default 1_000 */
    limit?: number;
    /** Which message gives way when `limit` are waiting; either is counted in `dropped`. @default 'dropOldest' */
    overflow?: 'dropOldest' | 'dropNewest';
}
/**
 * Messages of a pattern, one after the other: `for await (const [message, topic] of bus.messages(pattern))`. Collects from
 * the moment it was made, until the loop is left, the signal aborts or the bus closes; what waits then is still handed over.
 */
declare class MessageStream<T> implements AsyncIterableIterator<[message: T, topic: string]> {
    #private;
    /** @internal */
    constructor({ limit, overflow }: MessagesOptions, end: () => void);
    /** Messages that found no room. */
    get dropped(): number;
    /** Messages that wait for the loop. */
    get waiting(): number;
    [Symbol.asyncIterator](): this;
    next(): Promise<IteratorResult<[T, string]>>;
    /** Ends the subscription and forgets what waits. */
    return(): Promise<IteratorResult<[T, string]>>;
    [Symbol.asyncDispose](): Promise<void>;
    /** @internal Takes a message; says whether one was dropped for it. */
    push(message: T, topic: string): boolean;
    /** @internal No more messages will come. */
    finish(): void;
}

/** One pattern that somebody subscribes to: the subscriptions of this thread, and which other threads have some. */
interface PatternEntry {
    readonly id: number;
    readonly pattern: string;
    subscriptions: readonly Subscription[];
    /** Queues of this thread that take what it matches. */
    queues: readonly Queue[];
    /** Other threads that subscribe to it: bit n of the pair is member n. */
    maskLow: number;
    maskHigh: number;
    /** A route that some topic has, and in which a subscription of this pattern is called first: the next topic's is probably the same. */
    recent: Route$1 | undefined;
}
interface RouteTableOptions {
    readonly core: Pick<Core, 'openRoutes'>;
    /** Makes the handle of a topic that is seen for the first time. */
    readonly openTopic: (name: string, id: number) => TopicHandle;
    /** Other threads subscribe to a topic, or others than before. */
    readonly remoteChanged: (topic: TopicHandle, maskLow: number, maskHigh: number) => void;
    /** Queues of this thread take a topic, or others than before. */
    readonly queuesChanged: (topic: TopicHandle, queues: readonly Queue[]) => void;
}
/**
 * Which subscriptions get the messages of which topics. `Routes` says what matches; this keeps the handles of the known
 * topics in step, and touches only those whose route changes.
 */
declare class RouteTable {
    #private;
    readonly patterns: Map<string, PatternEntry>;
    constructor(options: RouteTableOptions);
    /** The handle of a known topic. */
    topic(name: string): TopicHandle | undefined;
    /** All known topics. */
    topics(): TopicHandle[];
    /** Takes a topic in, with the route that it has now. */
    addTopic(name: string): TopicHandle;
    /** Forgets a topic: its handle is no longer kept up. */
    dropTopic(topic: TopicHandle): void;
    /** Adds a subscription of this thread; returns the topics that it now gets. */
    addSubscription(subscription: Subscription): TopicHandle[];
    /** Takes a subscription away; says whether it was there. */
    removeSubscription(subscription: Subscription): boolean;
    /** Makes a queue take what a pattern matches. */
    addQueue(pattern: string, queue: Queue): void;
    /** Takes a queue away from a pattern. */
    removeQueue(pattern: string, queue: Queue): void;
    /** Adds another thread's interest in a pattern; bit n of the masks is member n. */
    addRemote(pattern: string, maskLow: number, maskHigh: number): void;
    /** Takes another thread's interest in a pattern away. */
    removeRemote(pattern: string, maskLow: number, maskHigh: number): void;
    /** Takes away another thread's interest in everything. */
    dropRemote(maskLow: number, maskHigh: number): void;
    /** Subscriptions of this thread that a topic has, or would have, in the order in which they are called. */
    subscriptionsOf(topic: string): readonly Subscription[];
    /** Whether anybody, here or in another thread, subscribes to a topic. */
    isWanted(topic: string): boolean;
}

/** Where a field lies, in bytes from the first. */
interface FieldPlace {
    readonly name: string;
    readonly type: FieldType;
    readonly offset: number;
}

/** What `topics()` takes: message types by topic template. */
type Definition = Readonly<Record<string, MessageType<any>>>;
/** One entry of a schema as data: everything but functions. */
interface SchemaEntry {
    readonly template: string;
    readonly kind: MessageKind;
    readonly options: OptionData;
    readonly hasKey: boolean;
    /** The layout of a `record({ … })`, with offsets in bytes from the first field. */
    readonly fields?: readonly FieldPlace[];
}
/** A schema as data, as a ticket carries it to another thread; in one order, whoever wrote it. */
type SchemaData = readonly SchemaEntry[];
/** Says for every topic how its messages travel. Made by `topics()`. */
declare class Schema<D extends Definition = {}> {
    #private;
    /** The message types by template: `MessageOf<typeof schema.definition, 'data.quotes.X.Y'>`. */
    readonly definition: D;
    /** @internal Entries without a fault. */
    constructor(entries: readonly (readonly [template: string, type: MessageType<unknown>])[]);
    /** The most specific entry that fits the topic; MessagePack without options if none does. */
    typeOf(topic: string): MessageType<unknown>;
    /** The codecs of its records, by their numbers. */
    get records(): readonly RecordCodec<unknown>[];
    /** The schema as plain data: templates, kinds, options and layouts, no functions. */
    toData(): SchemaData;
    static fromData(data: SchemaData): Schema;
}
/**
 * Declares what travels on which topics.
 *
 * A key is a topic in which `{name}` stands for one segment, and the last `{name}` for the rest, dots included. Of two
 * templates that fit one topic, the one whose first differing segment is literal wins, then the longer one.
 *
 * @throws {TickbusError} `TICKBUS_SCHEMA` if a template, an option or a record's field is malformed, or two templates are
 * equally specific; `TICKBUS_ARGUMENT` if the definition is no object.
 */
declare function topics<const D extends Definition>(definition: D): Schema<D>;

/**
 * The message that a topic or a pattern of a schema carries.
 *
 * A literal topic takes the most specific template that fits, as `typeOf` does when code runs. A pattern takes all
 * templates that begin and end alike, as far as there are no wildcards. Text that is not known when types are checked,
 * and what fits no template, is free-form: `any`.
 */
type MessageOf<D extends Definition, Name extends string> = Name extends unknown ? string extends Name ? FreeForm : HasWildcard<Name> extends true ? Carried<D, Reached<Templates<D>, Name>> : Carried<D, MostSpecific<Fitting<Templates<D>, Name>>> : never;
/** {@link MessageOf}, unless the caller names the type: `bus.subscribe<Tick>('a.*', …)`. */
type StatedOr<T, D extends Definition, Name extends string> = [T] extends [Unstated] ? MessageOf<D, Name> : NoInfer<T>;
/** Stands for a message type that the caller did not name. No message is of this type. */
interface Unstated {
    readonly [UNSTATED]: never;
}
declare const UNSTATED: unique symbol;
type FreeForm = any;
type Templates<D extends Definition> = keyof D & string;
type Carried<D extends Definition, Template extends string> = [Template] extends [never] ? FreeForm : string extends Template ? FreeForm : D[Template] extends MessageType<infer T> ? T : never;
/** Of all templates, those that fit a topic: segment by segment, the last parameter takes the rest. */
type Fitting<Template extends string, Topic extends string> = Template extends unknown ? Fits<Template, Topic> extends true ? Template : never : never;
type Fits<Template extends string, Topic extends string> = Template extends `${infer Segment}.${infer Rest}` ? Topic extends `${infer Taken}.${infer Left}` ? SegmentFits<Segment, Taken> extends true ? Fits<Rest, Left> : false : false : SegmentFits<Template, Topic>;
type SegmentFits<Segment extends string, Text extends string> = Text extends '' ? false : Segment extends Parameter ? true : Text extends Segment ? true : false;
type Parameter = `{${string}}`;
/** Of templates that fit one topic, the winner. */
type MostSpecific<Template extends string> = WithShape<Template, BestShape<ShapeOf<Template>>>;
type WithShape<Template extends string, Shape extends string> = Template extends unknown ? ShapeOf<Template> extends Shape ? Template : never : never;
/** A letter for each segment: L for text, P for a parameter. */
type ShapeOf<Template extends string> = Template extends `${infer Segment}.${infer Rest}` ? `${Letter<Segment>}${ShapeOf<Rest>}` : Letter<Template>;
type Letter<Segment extends string> = Segment extends Parameter ? 'P' : 'L';
/** Letter by letter: text before a parameter, and what goes on before what ends. */
type BestShape<Shape extends string> = [Extract<Shape, `L${string}`>] extends [never] ? [Extract<Shape, `P${string}`>] extends [never] ? '' : `P${BestShape<Tail<'P', Shape>>}` : `L${BestShape<Tail<'L', Shape>>}`;
type Tail<First extends string, Shape extends string> = Shape extends `${First}${infer Rest}` ? Rest : never;
type HasWildcard<Name extends string> = Name extends `${string}*${string}` | `${string}?${string}` ? true : false;
/** Of all templates, those whose topics a pattern may match. */
type Reached<Template extends string, Pattern extends string> = Template extends unknown ? StartAlike<Before<Before<Pattern, '*'>, '?'>, Before<Template, '{'>> extends true ? EndAlike<After<After<Pattern, '*'>, '?'>, After<Template, '}'>> extends true ? Template : never : never : never;
type Before<Text extends string, Mark extends string> = Text extends `${infer Start}${Mark}${string}` ? Start : Text;
type After<Text extends string, Mark extends string> = Text extends `${string}${Mark}${infer End}` ? After<End, Mark> : Text;
type StartAlike<A extends string, B extends string> = A extends `${B}${string}` ? true : B extends `${A}${string}` ? true : false;
type EndAlike<A extends string, B extends string> = A extends `${string}${B}` ? true : B extends `${string}${A}` ? true : false;

interface LocalBusOptions<D extends Definition = {}> {
    /** What travels on which topics, made by `topics()`. Without it every topic is free-form. */
    schema?: Schema<D>;
    /** Which backend this bus runs on. @default the one that the package chose, see `backend` */
    backend?: Backend;
    /** Whose bus it is, for logs and bridges; not used otherwise. */
    traderId?: string;
    /**
     * What happens when a handler throws. `report`: it is counted and emitted as `handlerError`, the others run. `throw`: it
     * leaves `publish`, the handlers after it do not run, as with an EventEmitter. @default 'report'
     */
    onHandlerError?: 'report' | 'throw';
    /** Freezes every message and what it refers to, so that a handler that changes one fails. For development. @default false */
    freeze?: boolean;
    /** Topics that are remembered although they are used by name alone, 1 to 16,777,216; held handles come on top. @default 65_536 */
    topicCache?: number;
}
/** Counters of one thread. */
interface LocalStats {
    /** Publish calls. */
    published: number;
    /** Handler calls. */
    delivered: number;
    handlerErrors: number;
    /** Topics that this thread knows. */
    topics: number;
    /** Topics that were dropped, because too many were used by name alone. */
    evicted: number;
    /** Patterns that this thread subscribes to, and its subscriptions to them. */
    patterns: number;
    subscriptions: number;
    /** Endpoints of this thread. */
    endpoints: number;
    /** Messages sent to endpoints, requests included. */
    sent: number;
    requests: RequestStats;
    /** Messages that nobody got, by reason. */
    dropped: {
        /** No room in the stream of a `messages()` loop. */
        streams: number;
        /** Last messages of topics with `replay: 'last'` that were dropped with their topic, see `evicted`. */
        replay: number;
    };
    /** How long the handlers of one publish took together, one publish in 64 of each topic, in nanoseconds. */
    dispatchNs: TimeSummary;
}
/** The bus inside one thread: patterns, topic handles and synchronous dispatch. `MessageBus` adds the other threads. */
declare class LocalBus<D extends Definition = {}> {
    #private;
    /** What travels on which topics. */
    readonly schema: Schema<D>;
    /** Which backend this bus runs on. */
    readonly backend: Backend;
    /** Whose bus it is. */
    readonly traderId: string | undefined;
    /** How the bus treats messages and handlers: the same in all its threads. */
    protected readonly habits: Required<Pick<LocalBusOptions, 'onHandlerError' | 'freeze' | 'topicCache'>>;
    protected readonly core: Core;
    protected readonly state: BusState;
    protected readonly calls: Calls;
    protected readonly table: RouteTable;
    /** @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_BACKEND` */
    constructor(options?: LocalBusOptions<D>);
    /**
     * Calls `handler` for every message on a topic that `pattern` matches, from the next publish on. Where a topic keeps its
     * last message (`replay: 'last'`), the handler gets that one first, before `subscribe` returns.
     * Subscribing the same pair again changes nothing and returns the first subscription.
     *
     * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`, `TICKBUS_PRIORITY`, `TICKBUS_CLOSED`
     */
    subscribe<T = Unstated, Pattern extends string = string>(pattern: Pattern, handler: Handler<StatedOr<T, D, Pattern>>, options?: SubscribeOptions): Subscription;
    /**
     * Calls `handler` for the next message, then ends the subscription.
     *
     * @throws {TickbusError} the same as `subscribe`
     */
    once<T = Unstated, Pattern extends string = string>(pattern: Pattern, handler: Handler<StatedOr<T, D, Pattern>>, options?: SubscribeOptions): Subscription;
    /**
     * The messages of a pattern as an async iterator, which holds a bounded number of them: see {@link MessagesOptions}.
     *
     * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_ARGUMENT`, `TICKBUS_PRIORITY`, `TICKBUS_CLOSED`
     */
    messages<T = Unstated, Pattern extends string = string>(pattern: Pattern, options?: MessagesOptions): MessageStream<StatedOr<T, D, Pattern>>;
    /** Ends the subscription of this pair; says whether there was one. */
    unsubscribe(pattern: string, handler: Handler): boolean;
    /**
     * The handle of a topic: hold it, and publish on it without a look-up. The same name gives the same handle.
     *
     * @throws {TickbusError} `TICKBUS_TOPIC`, `TICKBUS_CLOSED`
     */
    topic<T = Unstated, Name extends string = string>(name: Name): Topic<StatedOr<T, D, Name>>;
    /**
     * Publishes by name: a look-up, then the same as the handle's `publish`.
     *
     * @throws {TickbusError} `TICKBUS_TOPIC`, and what {@link Topic.publish} throws
     */
    publish<Name extends string>(topic: Name, message: MessageOf<D, Name>): void;
    /**
     * Makes this thread answer to a name, for `send` and `request` from anywhere on the bus.
     *
     * @throws {TickbusError} `TICKBUS_ENDPOINT`, `TICKBUS_HANDLER`, `TICKBUS_ENDPOINT_TAKEN`, `TICKBUS_CLOSED`
     */
    register<T = any, R = unknown>(name: string, handler: EndpointHandler<T, R>): Endpoint;
    /** Ends an endpoint of this thread; says whether there was one. */
    deregister(name: string): boolean;
    /**
     * Hands `message` to an endpoint: at once if it is in this thread, and what it throws is thrown here; otherwise it is on
     * its way when this returns.
     *
     * @throws {TickbusError} `TICKBUS_ENDPOINT`, `TICKBUS_ENDPOINT_UNKNOWN`, `TICKBUS_CLOSED`; for another thread also
     * `TICKBUS_ENCODE`, `TICKBUS_PAYLOAD_SIZE`, `TICKBUS_ENDPOINT_BUSY`
     */
    send(name: string, message: unknown): void;
    /** The same as `send`, but says false if nobody answers to the name. */
    trySend(name: string, message: unknown): boolean;
    /**
     * Asks an endpoint. Resolves with what it returns, or with what its promise resolves to; rejects with what it throws.
     * Nothing is kept once that has happened.
     *
     * @throws (rejects) {TickbusError} `TICKBUS_REQUEST_TIMEOUT`, `TICKBUS_REQUEST_ABORTED`, `TICKBUS_REQUEST_DUPLICATE`,
     * `TICKBUS_ENDPOINT`, `TICKBUS_ENDPOINT_UNKNOWN`, `TICKBUS_ENDPOINT_LOST`, `TICKBUS_ARGUMENT`, `TICKBUS_CLOSED`, and
     * what `send` throws
     */
    request<R = any>(name: string, message: unknown, options?: RequestOptions): Promise<R>;
    /**
     * Subscriptions of this thread, in the order in which they are called. A text without a wildcard selects those that would
     * get a message on that topic; one with a wildcard those whose pattern it matches as a glob, character by character: `data.*`
     * selects `data.?.X` and not `*`. Without a text: all.
     */
    subscriptions(text?: string): Subscription[];
    /** Whether `subscriptions(text)` would have any, those of other threads included. */
    hasSubscribers(text: string): boolean;
    /** Topics that this thread knows: held, or published by name and not forgotten yet. */
    topics(): string[];
    /** Patterns that this thread subscribes to, those of its consumer groups included. */
    patterns(): string[];
    /** Names that somebody on the bus answers to, as far as this thread knows. */
    endpoints(): string[];
    /** Listens to the bus itself. Returns the bus. */
    on(event: 'handlerError', listener: (fault: HandlerError) => void): this;
    /** Stops listening. Returns the bus. */
    off(event: string, listener: (detail: never) => void): this;
    protected assertOpen(): void;
    /** The handle of a topic on which a message comes from elsewhere, which a closed bus has, too. */
    protected handle(name: string): TopicHandle;
    protected localStats(): LocalStats;
    /** Reports an error of an endpoint that has no caller who could be told. */
    protected endpointFailed(name: string, error: unknown): void;
    /** Ends all subscriptions, endpoints and requests, and refuses everything from now on. */
    protected shut(timeoutMs: number): void;
    /** Whether anything is to be ended before the bus is closed. */
    protected get hasGuests(): boolean;
    /** Ends what runs in other threads and needs the bus until then. */
    protected endGuests(timeoutMs: number): Promise<void>;
    /** The endpoint in another thread that answers to a name. */
    protected remoteEndpoint(_name: string): RemoteEndpoint | undefined;
    /** A pattern got its first subscription or queue in this thread. */
    protected patternAdded(_pattern: string): void;
    /** A pattern lost its last subscription and queue in this thread. */
    protected patternRemoved(_pattern: string): void;
    /** This thread answers to a name from now on. */
    protected endpointAdded(_name: string): void;
    /** This thread no longer answers to a name. */
    protected endpointRemoved(_name: string): void;
    /** The way out for a topic to which these other threads subscribe, if any. */
    protected outletOf(_topic: TopicHandle, _maskLow: number, _maskHigh: number): Outlet | undefined;
}

/**
 * Whether `pattern` matches all of `topic`: the matcher behind every subscription. Both are taken as UTF-8 bytes; `*` is
 * any run of bytes, dots and nothing included, `?` is exactly one byte, everything else stands for itself.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT` if one of them is not a string.
 */
declare function isMatching(topic: string, pattern: string): boolean;

/**
 * Why a message became a dead letter. `failed`: its handler threw, rejected or said `nack` too often; `timedOut`: the last of
 * its deliveries ran out of time; `blocked`: its key would have waited for it for too long; `terminated`: its handler said so;
 * `expired`: its deadline passed; `undecodable`: its bytes could not be read; `workerLost`: two threads died with it in hand.
 */
type DeathReason = 'failed' | 'timedOut' | 'blocked' | 'terminated' | 'expired' | 'undecodable' | 'workerLost';
/** One delivery that was not acknowledged. */
interface FailedAttempt {
    /** 1 for the first. */
    readonly attempt: number;
    /** When it came to its end, in nanoseconds since the bus was opened. */
    readonly atNs: number;
    readonly reason: 'failed' | 'nacked' | 'timedOut' | 'terminated' | 'undecodable' | 'workerLost';
    /** Name of the error's class; undefined where there was none. */
    readonly errorClass: string | undefined;
    readonly errorMessage: string | undefined;
    /** Equal for errors that were thrown in the same place: see {@link stackHash}. */
    readonly stackHash: string | undefined;
    /** worker_threads id of the thread in which the handler ran; 0 for the main thread, -1 for one that died. */
    readonly worker: number;
}
/** What a group could not deliver, and why. */
interface DeadLetter {
    /** The letter's own number in its store: one message can die in several groups. */
    readonly number: number;
    /** The message's id, as its receipt has it. */
    readonly id: number;
    readonly topic: string;
    readonly group: string;
    readonly key: string | undefined;
    readonly priority: number;
    /** When it was published and when it died, in nanoseconds since the bus was opened. */
    readonly publishedNs: number;
    readonly diedNs: number;
    readonly reason: DeathReason;
    /** What the handler gave as its reason to terminate; otherwise the message of the last error. */
    readonly note: string | undefined;
    /** The last 64 deliveries that were not acknowledged, the oldest first. */
    readonly attempts: readonly FailedAttempt[];
    /** undefined if it could not be read. */
    readonly message: unknown;
}

/** How a group takes a letter: it has queued it, has no room just now, or is not there any more. */
type Taken = 'queued' | 'full' | 'gone';
/** What a redrive needs of the client. */
interface RedriveHost {
    readonly closed: boolean;
    /** Queues a letter's message for its group. */
    give(letter: DeadLetter): Taken;
    /** Runs once after `ms` milliseconds. */
    after(ms: number, run: () => void): void;
}
/** What became of the letters of a redrive. */
interface RedriveReport {
    /** Queued again. */
    redriven: number;
    /** Still in the store: their group is not there, their message cannot be had, or the client was closed meanwhile. */
    left: number;
}

/** Which letters are meant: those that all the given fields fit. */
interface LetterFilter {
    group?: string;
    topic?: string;
    key?: string;
    reason?: DeathReason;
    errorClass?: string;
    stackHash?: string;
    /** Most letters, the oldest first. */
    limit?: number;
}
interface RedriveOptions extends LetterFilter {
    /** Letters a second, above 0 and at most 100,000. @default 100 */
    perSecond?: number;
}
/**
 * What a client's groups could not deliver, in memory, the oldest first. The store is bounded: where it is full, the oldest
 * letter goes, and counts as discarded.
 */
declare class DeadLetters {
    #private;
    /** Most letters that are kept. */
    readonly capacity: number;
    /** @internal */
    constructor(host: RedriveHost, capacity: number, onGone?: (letter: DeadLetter) => void);
    /** Letters that are kept now. */
    get size(): number;
    /** Letters that made room for newer ones. */
    get discarded(): number;
    /**
     * The letters that fit, the oldest first.
     *
     * @throws {TickbusError} `TICKBUS_ARGUMENT`
     */
    list(filter?: LetterFilter): DeadLetter[];
    /**
     * One letter, by its number.
     *
     * @throws {TickbusError} `TICKBUS_DEAD_LETTER` if there is none.
     */
    read(number: number): DeadLetter;
    /**
     * Gives letters to their groups once more, as new copies with the ids that they had: those that fit, or the one of a number.
     * A letter leaves the store when its group has queued it. Resolves once all were tried; where a lane is full, that waits.
     *
     * @throws (rejects) {TickbusError} `TICKBUS_DEAD_LETTER`, `TICKBUS_ARGUMENT`, `TICKBUS_CLIENT_CLOSED`
     */
    redrive(which: number | RedriveOptions): Promise<RedriveReport>;
    /**
     * Forgets the letters that fit, or the one of a number; says how many.
     *
     * @throws {TickbusError} `TICKBUS_DEAD_LETTER`, `TICKBUS_ARGUMENT`
     */
    purge(which: number | LetterFilter): number;
    /** @internal Keeps a letter. */
    add(letter: Omit<DeadLetter, 'number'>): DeadLetter;
    /** @internal The client is closed: what is being redriven stays. */
    end(): void;
}

interface JournalCore {
    /**
     * Finds the end of the log in a directory that is locked, and cuts off what was torn. All that is left is on disk.
     *
     * @throws {TickbusError} `TICKBUS_JOURNAL_DAMAGED`, `TICKBUS_JOURNAL_VERSION` with nothing changed;
     * `TICKBUS_JOURNAL_MISSING`, `TICKBUS_JOURNAL_READ_ONLY`, `TICKBUS_JOURNAL_IO`
     */
    recoverJournal(directory: string): JournalRecovery;
    /**
     * Starts the writer of a directory that was recovered. It begins a new segment with the first frame that it gets.
     *
     * @throws {TickbusError} as above, and `TICKBUS_JOURNAL_FULL`
     */
    openJournalWriter(options: JournalWriterOptions): JournalWriter;
    /** Opens a reader, which may run beside the writer, also of another process. */
    openJournalReader(directory: string, from: number): JournalFrames;
}
interface JournalRecovery {
    /** The last sequence that is there; 0 if there is none. */
    readonly last: number;
    /** The sequence to go on with. */
    readonly next: number;
    /** Bytes that were cut off as torn. */
    readonly tornBytes: number;
}
interface JournalWriterOptions {
    readonly directory: string;
    /** What {@link JournalRecovery} said. */
    readonly last: number;
    /** A segment ends before the frame that would make it longer than this. */
    readonly segmentBytes: number;
    /** Most bytes that wait in memory. */
    readonly queueBytes: number;
    /** Microseconds from the first record that is not synced to the sync; below 0: none but those that must be. */
    readonly syncAfterUs: number;
    /** So many records are synced without waiting for more. */
    readonly syncRecords: number;
    /** Where the writer says how far it is, by the `JOURNAL_` places of layout.ts, over a SharedArrayBuffer, zeroed. */
    readonly page: Uint8Array;
    /** Called on this thread's event loop after the writer got further, if the page said that somebody waits. */
    readonly wake: () => void;
}
interface JournalWriter {
    /** Takes a copy of whole frames without checksums, in order of their sequences: all, or none (false) for want of room. */
    submit(frames: Uint8Array): boolean;
    /** Asks for a sync. */
    sync(): void;
    /** Asks for the removal of segments that hold no sequence from this one on. The last one stays. */
    removeBelow(sequence: number): void;
    /** Ranges of sequences that failed syncs have left in doubt. */
    lost(): readonly SequenceRange[];
    /** Why the writer has failed, if it has. */
    failure(): string | null;
    /** Asks the writer to write and sync what it has, and to end; the page says when it has. */
    close(): void;
    /** Frees what is left, after the page has said so. */
    end(): void;
}
/** Both ends included. */
interface SequenceRange {
    readonly first: number;
    readonly last: number;
}
interface JournalFrames {
    /**
     * Copies whole checked frames into `out`, up to the sequence `through`; Infinity if nobody knows how far the writer is.
     * Returns how many bytes; 0 if there are no more for now; below 0, how many the next frame alone needs. `out` is over
     * memory that is not shared.
     *
     * @throws {TickbusError} `TICKBUS_JOURNAL_DAMAGED`, `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_MISSING`
     */
    read(out: Uint8Array, through: number): number;
}

/** A file that is open, without waiting for the disk. */
interface OpenFile {
    read(into: Uint8Array, offset: number, length: number, position: number): Promise<{
        readonly bytesRead: number;
    }>;
    write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{
        readonly bytesWritten: number;
    }>;
    datasync(): Promise<void>;
    truncate(length: number): Promise<void>;
    close(): Promise<void>;
}
/** The part of `node:fs` that they use; each function as there. */
interface Files {
    openSync(path: string, flags: string): number;
    closeSync(file: number): void;
    readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number;
    writeSync(file: number, bytes: Uint8Array, offset?: number, length?: number, position?: number): number;
    ftruncateSync(file: number, length: number): void;
    fsyncSync(file: number): void;
    readFileSync(path: string): Uint8Array;
    writeFileSync(path: string, text: string, options: {
        readonly flag: string;
    }): void;
    readdirSync(path: string): string[];
    statSync(path: string): {
        readonly size: number;
        isDirectory(): boolean;
    };
    existsSync(path: string): boolean;
    mkdirSync(path: string, options?: {
        readonly mode: number;
    }): unknown;
    renameSync(from: string, to: string): void;
    linkSync(from: string, to: string): void;
    rmSync(path: string, options?: Removal): void;
    open(path: string, flags: string, mode?: number): Promise<OpenFile>;
    rm(path: string, options?: Removal): Promise<void>;
}
interface Removal {
    /** It need not be there. */
    readonly force?: boolean;
    /** With all that is in it. */
    readonly recursive?: boolean;
}
/** Keeps the process alive from `ref` on, until `unref`. It begins with `ref`. */
interface Keeper {
    ref(): unknown;
    unref(): unknown;
    close(): unknown;
}
interface System {
    readonly files: Files;
    /** The UNIX time, in milliseconds, at which `nowMs` began to count. */
    readonly timeOrigin: number;
    /** Milliseconds on a clock that never falls. */
    nowMs(): number;
    /** UNIX milliseconds, which may jump. */
    unixMs(): number;
    setTimeout(run: () => void, ms: number): object;
    clearTimeout(timer: object | undefined): void;
    setImmediate(run: () => void): void;
    keeper(): Keeper;
    fillRandom(bytes: Uint8Array<ArrayBuffer>): void;
}

/** How a topic's messages are delivered. */
type DeliveryClass = 'at-most-once' | 'at-least-once' | 'effectively-once';
/** How the payload is encoded. The journal only keeps it. */
type PayloadEncoding = 'bytes' | 'json' | 'messagepack' | 'record';
interface JournalMessage {
    /** 1 to 255 bytes of UTF-8. */
    readonly topic: string;
    readonly payload: Uint8Array;
    /** @default 'bytes' */
    readonly encoding?: PayloadEncoding;
    /** Order domain, up to 65,535 bytes of UTF-8. @default none */
    readonly key?: string;
    /** Number of the lane, 0 to 15. @default 1, NORMAL */
    readonly lane?: number;
    /** When the message is of no use any more, UNIX nanoseconds. @default never */
    readonly deadlineNs?: bigint;
    /** Deliveries before this one, 0 to 65,535: of a message that is written again. @default 0 */
    readonly attempt?: number;
    /** 16 bytes, made by the publisher. @default none */
    readonly id?: Uint8Array;
    /** @default 'at-least-once' */
    readonly delivery?: DeliveryClass;
    /** What makes two messages the same, where that is not the id; up to 65,535 bytes of UTF-8. @default none */
    readonly idempotencyKey?: string;
}

/** Reads the messages of a journal in order, also while it is written, by this process or another. */

/** A message as it was read back. */
interface JournalRecord {
    readonly sequence: number;
    /** When it was appended, UNIX nanoseconds. */
    readonly timeNs: bigint;
    readonly message: JournalMessage;
}
/** Any record. `body` is only there until the next one is read. */
interface RawRecord {
    readonly sequence: number;
    readonly timeNs: bigint;
    readonly type: number;
    readonly body: Uint8Array;
}
interface CursorOptions {
    /** First sequence to read. @default 1, the oldest that is there */
    readonly from?: number;
    /** Leaves out what was appended before, UNIX nanoseconds. @default nothing */
    readonly fromTimeNs?: bigint;
}
declare class JournalCursor {
    #private;
    /** @internal */
    constructor(core: JournalCore, directory: string, { from, fromTimeNs }?: CursorOptions, through?: () => number, system?: System);
    /**
     * Reads a directory that another process may write to. What its writer has not finished is not there yet.
     *
     * @throws {TickbusError} `TICKBUS_BACKEND`, and with `fromTimeNs` what `next` throws
     */
    static open(directory: string, options?: CursorOptions & {
        readonly backend?: Backend;
    }): JournalCursor;
    /**
     * The next message, or undefined if there is none for now: ask again later.
     *
     * @throws {TickbusError} `TICKBUS_JOURNAL_DAMAGED`, `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_MISSING`,
     * `TICKBUS_JOURNAL_IO`
     */
    next(): JournalRecord | undefined;
    /** All messages that are there, one by one; ends where `next` has none. */
    [Symbol.iterator](): Generator<JournalRecord>;
    /** @internal */
    nextRaw(): RawRecord | undefined;
}

/** When what was written is synced to the disk. */
type SyncPolicy = 
/** As soon as anything is there: in groups of what comes within 200 us, or of 64 records. */
'always'
/** Every 10 ms, or as often as `syncIntervalMs` says. */
 | 'interval'
/** When the system does by itself, at the end of a segment, and when `sync` is called or `synced` awaited. */
 | 'os';
interface JournalOptions {
    /** @default 'interval' */
    readonly sync?: SyncPolicy;
    /** Milliseconds from the first record that is not synced to the sync of policy `interval`, up to 60,000. @default 10 */
    readonly syncIntervalMs?: number;
    /** A segment ends before the record that would make it longer than so many bytes, 4 KiB to 1 GiB. @default 64 MiB */
    readonly segmentBytes?: number;
    /** Most bytes of records that wait to be written, 64 KiB to 1 GiB; beyond it `append` answers that there is no room. @default 8 MiB */
    readonly queueBytes?: number;
    /** Segments that everybody has acknowledged are kept up to so many bytes together, for reading back. @default 0 */
    readonly retainBytes?: number;
    /** They are kept no longer than so many milliseconds, where `retainBytes` would keep them. @default no limit */
    readonly retainMs?: number;
    /** @default the one that the package runs on */
    readonly backend?: Backend;
    /** Takes the place of the system's clock: UNIX nanoseconds. */
    readonly nowNs?: () => bigint;
    /** @internal Files and time of its own, as in a simulation; on the JavaScript backend only. @default the process's */
    readonly system?: System;
}

/**
 * How far the writer of a journal is, as it says on its page, and who waits for that. A failed sync leaves ranges in
 * doubt; what is synced later has passed them, so they are looked at first.
 */

/** `full` waits for room on the disk and goes on then; `failed` and `closed` are for good. */
type JournalState = 'running' | 'full' | 'failed' | 'closed';
/** What the writer has done since the journal was opened. */
interface WriterCounts {
    readonly state: JournalState;
    readonly written: number;
    readonly synced: number;
    /** Bytes written to files, headers included. */
    readonly bytes: number;
    readonly writes: number;
    readonly syncs: number;
    readonly segments: number;
    /** How often the disk became full. */
    readonly full: number;
    /** Records that failed syncs have left in doubt. */
    readonly inDoubt: number;
}

/** Files from a sequence on stay as long as somebody reads them who is no consumer. */
interface Hold {
    /** May grow. */
    sequence: number;
}

/** A message that a consumer has not acknowledged, from before the journal was opened. */
interface PendingRecord extends JournalRecord {
    /** How often it was delivered to this consumer, by what was noted. */
    readonly attempts: number;
}
interface JournalStats extends WriterCounts {
    /** The last sequence that was given out. */
    readonly appended: number;
    /** Bytes that wait to be written. */
    readonly waitingBytes: number;
    /** Calls of `append` that found no room. */
    readonly refused: number;
    /** Messages whose sequences are kept in memory, since a consumer may ask for them. */
    readonly remembered: number;
    /** Acknowledged positions of all consumers. */
    readonly consumers: Readonly<Record<string, number>>;
}
/**
 * A durable log of messages in one directory, with what consumers have acknowledged of it.
 *
 * `append` gives a message its sequence and never waits; `written` and `synced` resolve when it is as safe as they say:
 * after `written` it survives the death of the process, after `synced` that of the machine. One journal writes to a
 * directory at a time; any number of cursors read it. docs/journal-format.md says what is in the files.
 */
declare class Journal {
    #private;
    readonly directory: string;
    /** What was found when the journal was opened. */
    readonly recovered: JournalRecovery;
    /**
     * Opens a directory, and creates it if only it is missing and not the folder above it. What a crash has left is
     * recovered: a torn tail is cut off, damage is refused with nothing changed.
     *
     * @throws {TickbusError} `TICKBUS_JOURNAL_MISSING`, `TICKBUS_JOURNAL_READ_ONLY`, `TICKBUS_JOURNAL_FULL`,
     * `TICKBUS_JOURNAL_LOCKED`, `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_DAMAGED`, `TICKBUS_JOURNAL_IO`,
     * `TICKBUS_ARGUMENT`, `TICKBUS_BACKEND`
     */
    static open(directory: string, options?: JournalOptions): Promise<Journal>;
    private constructor();
    get state(): JournalState;
    /**
     * Adds a message and returns its sequence, or undefined if there is no room: the disk is full or slower than what is
     * appended. `ready` resolves when there is some again. Never waits; the message is written at the end of this turn.
     *
     * @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_JOURNAL_CLOSED`, `TICKBUS_JOURNAL_UNWRITTEN` if the disk has failed
     */
    append(message: JournalMessage): number | undefined;
    /** Hands over what was appended in this turn, without waiting for its end. */
    flush(): void;
    /**
     * Resolves when the message has been handed to the system: it survives the death of this process. Messages that were
     * handed over together are answered together, with one promise; after a rejection, asking again tells of each by itself.
     *
     * @throws {TickbusError} rejects with `TICKBUS_JOURNAL_UNWRITTEN`, `TICKBUS_JOURNAL_CLOSED`
     */
    written(sequence: number): Promise<void>;
    /**
     * Resolves when the message is on disk: it survives the death of the machine. Together with others, as `written`.
     *
     * @throws {TickbusError} rejects with `TICKBUS_JOURNAL_SYNC` if a sync failed, so that nobody knows;
     * `TICKBUS_JOURNAL_UNWRITTEN`, `TICKBUS_JOURNAL_CLOSED`
     */
    synced(sequence: number): Promise<void>;
    /** Syncs all that was appended so far. Rejects as `synced`. */
    sync(): Promise<void>;
    /** Resolves when half of `queueBytes` is free, or the journal has ended. */
    ready(): Promise<void>;
    /**
     * Makes a consumer known: segments stay until all consumers have acknowledged what is in them. It begins with the next
     * message, with the first one that is not acknowledged by all others, or with a sequence, as far as that is there. One that
     * is known goes on where it was.
     *
     * @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_JOURNAL_CLOSED`
     */
    addConsumer(name: string, { from }?: {
        from?: 'next' | 'first' | number;
    }): void;
    /** Forgets a consumer; nothing is kept for it any more. */
    removeConsumer(name: string): void;
    /**
     * A consumer is done with a message; false if it had been before, or if that is no message that is kept. Written at the
     * end of the turn, and never refused: while the disk is full it waits in memory.
     */
    acknowledge(consumer: string, sequence: number): boolean;
    /** The same for all messages up to a sequence, that one included; false if it was done with them before. */
    acknowledgeThrough(consumer: string, sequence: number): boolean;
    /**
     * Notes how often a message was delivered, 0 to 32,767, so that a restart counts on. False if there is no room to write it:
     * a restart counts from the last one that was written then.
     */
    attempted(consumer: string, sequence: number, attempts: number): boolean;
    get consumers(): string[];
    /** Up to this sequence a consumer has acknowledged every message. */
    acknowledged(consumer: string): number;
    /**
     * What a consumer has not acknowledged, in order, of what is written. Read as it is asked for.
     *
     * @throws {TickbusError} as {@link JournalCursor.next}
     */
    pending(consumer: string): Generator<PendingRecord>;
    /** Reads messages back, also while others are written: up to what is written when it gets there. */
    read(options?: CursorOptions): JournalCursor;
    /**
     * Removes segments that every consumer has acknowledged and that `retainBytes` and `retainMs` do not keep, after the
     * state of all consumers is on disk. Without consumers nothing is removed. Resolves when that was asked of the writer.
     *
     * @throws {TickbusError} rejects as `synced`, and with `TICKBUS_JOURNAL_FULL` while there is no room for that state
     */
    retain(): Promise<void>;
    stats(): JournalStats;
    /**
     * Writes and syncs everything, and gives the directory back. May be called twice.
     *
     * @throws {TickbusError} rejects with `TICKBUS_JOURNAL_UNWRITTEN` if there was no room for all, or the disk has failed,
     * and with `TICKBUS_JOURNAL_SYNC` if the last sync failed. The directory is given back all the same.
     */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    /** @internal Keeps files from a sequence on, until `release`. */
    hold(sequence: number): Hold;
    /** @internal */
    release(hold: Hold): void;
    /** @internal Whether a consumer is known. */
    knows(consumer: string): boolean;
    /** @internal The oldest sequence that is there and stays for now. */
    get oldest(): number;
    /** @internal Where to begin so as to meet all that was appended at a time or later; undefined if some of it may be gone. */
    beginOf(timeNs: bigint): number | undefined;
    /** @internal The last sequence that was given out, or that there was before; those that an unclean end left out are none. */
    get lastAppended(): number;
    /** @internal Whether a consumer has not acknowledged a message that it is to get. */
    isPending(consumer: string, sequence: number): boolean;
    /** @internal How often a message was delivered to a consumer, by what was noted. */
    attemptsOf(consumer: string, sequence: number): number;
    /**
     * @internal The delivery of a message that makes them so many begins: should this process die, it counts. Returns the
     * sequence under which that is noted, for {@link noted}; undefined if there is no room.
     */
    begins(consumer: string, sequence: number, attempts: number): number | undefined;
    /** @internal Resolves when all up to a sequence is written, or nothing is for now, or any more. */
    noted(sequence: number): Promise<void>;
    /** @internal Whether a process has died, by what is noted, when a consumer had a message in hand. */
    isUnderWay(consumer: string, sequence: number): boolean;
    /** @internal Whether a process may have died with a message in hand. */
    isSuspect(consumer: string, sequence: number): boolean;
    /** @internal All that a consumer has not acknowledged, in order, written or not; also when the disk has failed. */
    pendingSequences(consumer: string): readonly number[];
    /** @internal The sequence that the next record gets. */
    get nextSequence(): number;
    /** @internal All up to here is written. */
    get lastWritten(): number;
    /** @internal All up to here is on disk, but for what {@link doubtOf} has a reason against. */
    get lastSynced(): number;
    /** @internal Why nobody knows whether a message is on disk, though later ones are; undefined if that is known. */
    doubtOf(sequence: number): TickbusError | undefined;
    /** @internal Every record that is there, from before the journal was opened, in order. */
    recoveredRecords(): Generator<RawRecord>;
    /** @internal Throws `TICKBUS_JOURNAL_CLOSED`, or `TICKBUS_JOURNAL_UNWRITTEN` if the disk has failed. */
    checkOpen(): void;
}

/** When and how often a group tries again. */
interface RetryRules {
    /** Most deliveries of a message that were not acknowledged, `retryLater` apart. */
    readonly maxDeliver: number;
    /** Waits after the first failure, the second and so on, in milliseconds; the last one counts for all that follow. */
    readonly backoffMs: readonly number[];
    /** How long a key waits with a message that is tried again, in milliseconds, counted from its first failure. */
    readonly maxBlockMs: number;
}

/**
 * How long a thread that found nothing to read looks again before it sleeps. `'auto'`: 0 to 200 us, as long as it has
 * paid off lately, by at most one thread less than there are cores. `{ us }`: always that long. `'off'`: not at all.
 */
type Polling = 'auto' | 'off' | {
    readonly us: number;
};

/**
 * What a thread needs to attach to a bus: plain data and one SharedArrayBuffer. Put it anywhere in `workerData`, use it
 * as often as there are threads. It is of use in this process only.
 */
interface Ticket {
    /** Version of the ticket's own form. */
    readonly tickbus: 1;
    readonly layout: number;
    readonly pid: number;
    readonly roster: SharedArrayBuffer;
    /** Names that threads have taken. */
    readonly names: SharedArrayBuffer;
    readonly backend: Backend;
    readonly epochNs: bigint;
    readonly openedNs: bigint;
    readonly schema: SchemaData;
    readonly ringRecords: number;
    readonly slabBytes: number;
    readonly slackRecords: number;
    readonly polling: Polling;
    readonly traderId: string | undefined;
    readonly onHandlerError: 'report' | 'throw';
    readonly freeze: boolean;
    readonly topicCache: number;
}

/** A message for an endpoint arrived after the endpoint had gone. */
interface Undeliverable {
    endpoint: string;
    message: unknown;
}

/** What went to and came from one other thread. */
interface ThreadStats {
    slot: number;
    /** worker_threads id, 0 for the main thread. */
    thread: number;
    /** From this thread to that one. */
    sent: number;
    received: number;
    lost: number;
    dropped: number;
    /** From that thread to this one. */
    arrived: number;
    missed: number;
    undecodable: number;
}

interface SpawnOptions {
    /** How many threads run the module, 1 to 63. @default 1 */
    threads?: number;
    /** What `workerData` is in the module. Anything that can be cloned. */
    workerData?: unknown;
    /** Everything else that `new Worker` takes: env, name, resourceLimits and so on. */
    worker?: Omit<WorkerOptions, 'workerData' | 'eval'>;
}
/** A thread ended. */
interface ThreadExit {
    thread: number;
    code: number;
}
/** The threads of one `spawn`. */
declare class SpawnedThreads {
    #private;
    /** @internal */
    constructor(workers: readonly Worker[]);
    /** How many of them run. */
    get threads(): number;
    /** worker_threads ids of those that run. */
    get threadIds(): number[];
    /** Ends them at once, in the middle of whatever they do. */
    terminate(): Promise<void>;
    /** Resolves once all have ended, or terminates them after `timeoutMs`. */
    ended(timeoutMs: number): Promise<void>;
    on(event: 'exit', listener: (exit: ThreadExit) => void): this;
    /** An exception that a thread did not catch; the thread ends. Without a listener a process warning says so. */
    on(event: 'error', listener: (error: unknown) => void): this;
}

interface MessageBusOptions<D extends Definition = {}> extends LocalBusOptions<D> {
    /** UNIX nanoseconds from which records count their times; 104 days around it can be told exactly. @default now */
    epoch?: bigint;
    /** Records that each thread's ring holds, 64 to 1,048,576, rounded up to a power of two. @default 16_384 */
    ringRecords?: number;
    /** Bytes of each thread's payload slab, 4 KiB to 1 GiB, rounded up to a power of two. One message takes a quarter at most, and no more than 16 GiB divided by `ringRecords`. @default 4 MiB */
    slabBytes?: number;
    /** Records that wait on the publishing side for readers that are waited for; their payloads take four slabs at most. @default 65_536 */
    slackRecords?: number;
    /** How long a thread that found nothing looks again before it sleeps. @default 'auto' */
    polling?: Polling;
}
interface AttachOptions<D extends Definition = {}> {
    /** The schema module of this thread; must say the same as the bus's. @default the bus's own, as the ticket carries it */
    schema?: Schema<D>;
    /** Longest wait for the other threads' answers, in milliseconds. @default 10_000 */
    timeoutMs?: number;
}
/** Counters of one thread of a bus. */
interface BusStats extends LocalStats {
    /** What went to and came from each other thread. */
    threads: ThreadStats[];
}
/** Another thread's records were overwritten before this one read them. */
interface LostRecords {
    thread: number;
    count: number;
}
/** Records for slow readers found no room; emitted once until there is room again. */
interface SlowReader {
    threads: number[];
}
/** A record arrived that could not be decoded. */
interface UndecodableRecord {
    topic: string | undefined;
    error: unknown;
}
/**
 * The message bus. In one thread: patterns, topic handles, synchronous dispatch. With `spawn`, or `ticket` and `attach`,
 * every thread of the process becomes a member of the same bus.
 */
declare class MessageBus<D extends Definition = {}> extends LocalBus<D> {
    #private;
    /** From when records count their times. */
    readonly epoch: Epoch;
    /** @internal Names that threads of the bus have taken. */
    readonly names: SharedArrayBuffer;
    /**
     * @throws {TickbusError} `TICKBUS_RING_SIZE`, `TICKBUS_POLLING`, `TICKBUS_ARGUMENT`, `TICKBUS_BACKEND`
     */
    constructor(options?: MessageBusOptions<D>);
    /**
     * Makes this thread a member of a bus that another one opened. In a spawned module the ticket is known; in a worker of
     * your own pass it, or put it into `workerData`, itself or under the key `tickbus`. The same bus gives the same object.
     *
     * @throws {TickbusError} `TICKBUS_TICKET`, `TICKBUS_CLOSED`, `TICKBUS_MEMBERS`, `TICKBUS_SCHEMA_MISMATCH`, `TICKBUS_ATTACH_TIMEOUT`
     */
    static attach<D extends Definition = {}>(ticket?: unknown, options?: AttachOptions<D>): Promise<MessageBus<D>>;
    /**
     * What another thread needs to attach: plain data, for `workerData`.
     *
     * @throws {TickbusError} `TICKBUS_CLOSED`
     */
    ticket(): Ticket;
    /**
     * Starts worker threads that run a module, each a member of the bus once it has called `await MessageBus.attach()`.
     * Resolves when all of them have run their module and this thread knows their subscriptions.
     *
     * @throws {TickbusError} `TICKBUS_SPAWN` if one fails to start; `TICKBUS_THREADS`, `TICKBUS_CLOSED`
     */
    spawn(url: URL | string, options?: SpawnOptions): Promise<SpawnedThreads>;
    /**
     * Resolves once there is room: nothing waits on this side, and no thread has more than half a ring of records from
     * this one to read. Flow control for bursts.
     *
     * @throws {TickbusError} `TICKBUS_READY_TIMEOUT` if there is none within `timeoutMs`, where given.
     */
    ready(options?: {
        timeoutMs?: number;
    }): Promise<void>;
    /**
     * Resolves once every other thread knows the subscriptions that this one has now.
     *
     * @throws {TickbusError} `TICKBUS_ATTACH_TIMEOUT` if a thread does not answer within `timeoutMs`, 10 s by default.
     */
    synced(options?: {
        timeoutMs?: number;
    }): Promise<void>;
    /** Shows other threads what was held back for a batch, now; by itself that happens at the end of the turn. */
    flush(): void;
    /** Nanoseconds since the bus was opened, by a monotonic clock that is the same in all its threads. */
    nowNs(): number;
    /** Counters of this thread. */
    stats(): BusStats;
    on(event: 'handlerError', listener: (fault: HandlerError) => void): this;
    on(event: 'lost', listener: (lost: LostRecords) => void): this;
    on(event: 'slowReader', listener: (slow: SlowReader) => void): this;
    on(event: 'undecodable', listener: (record: UndecodableRecord) => void): this;
    on(event: 'undeliverable', listener: (message: Undeliverable) => void): this;
    on(event: 'close', listener: () => void): this;
    /**
     * Ends all subscriptions and leaves the bus; what was published before is still read by the others. In the thread that
     * opened the bus it closes it for all threads, and spawned ones are terminated if they have not ended by themselves
     * within `timeoutMs`. A second call returns the first one's promise.
     */
    close(options?: {
        timeoutMs?: number;
    }): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    /** Names that somebody on the bus answers to: in this thread, and in others as far as they have said so. */
    endpoints(): string[];
    protected patternAdded(pattern: string): void;
    protected patternRemoved(pattern: string): void;
    protected endpointAdded(name: string): void;
    protected endpointRemoved(name: string): void;
    protected remoteEndpoint(name: string): RemoteEndpoint | undefined;
    protected outletOf({ name, type }: TopicHandle, maskLow: number, maskHigh: number): Outlet | undefined;
    /** @internal Whether another thread is on the bus. */
    hasThread(thread: number): boolean;
}

/** One change of a group's size: what it was, what was known, and why. What was not measured is NaN. */
interface ScalingDecision {
    group: string;
    /** When, in nanoseconds on the client's clock. */
    atNs: number;
    /** Slots before and after. */
    from: number;
    to: number;
    /** Worker threads before and after, without spare ones; 0 for functions of the client's thread. */
    threadsFrom: number;
    threadsTo: number;
    /** Threads that it wants and that have to start first: no spare one was there. */
    threadsLate: number;
    /**
     * It was decided while the loop of the client's thread was blocked, and carried out as far as that goes; threads that are late
     * were started only so many milliseconds after it. 0 for decisions of that thread's own.
     */
    lateMs: number;
    reason: ScaleReason;
    /** The reason as a sentence. */
    text: string;
    /** What was measured: arrivals since the last tick, the mean time of handlers, and the share of it that they compute. */
    ratePerS: number;
    serviceMs: number;
    cpuShare: number;
    /** Messages that wait, and how long the oldest has waited, of all and of urgent lanes. */
    depth: number;
    oldestMs: number;
    oldestCriticalMs: number;
    /** The same three as the law smoothed them and computed with them. */
    ratePerSUsed: number;
    serviceMsUsed: number;
    cpuShareUsed: number;
    /** What this moment alone asked for, the most that the cores carry, and slots that are kept for urgent lanes. */
    need: number;
    cap: number;
    kept: number;
    /** The limits of the slots, and the cores that the handlers may use. */
    min: number;
    max: number;
    cores: number;
}

/** What `setTimer` gave out: only the clock that made it looks inside. */
type Timer = object;
/** Where a client gets its time and its turns from: the process's own, or a virtual one in tests. */
interface Clock {
    /** Nanoseconds since the clock began; never falls, never 0. */
    nowNs(): number;
    /** Runs once in a later turn of the loop, in the order of the calls. */
    defer(run: () => void): void;
    /** Runs once after `ms` milliseconds. A weak timer does not keep the process alive. */
    setTimer(run: () => void, ms: number, isWeak?: boolean): Timer;
    clearTimer(timer: Timer): void;
    /** Whether it goes on by itself: only then can threads that do not run JavaScript do something on time. */
    readonly isReal?: boolean;
    /** CPU time that the process has taken so far, in nanoseconds, where it is known. */
    cpuNs?(): number;
}

type PresetName = 'development' | 'production' | 'highFrequency';
/** One lane of each consumer group. What is left out comes from the preset. */
interface LaneConfig {
    /** Most messages that wait, 1 to 16,777,216. @default 10_000 */
    capacity?: number;
    /** What happens to a message that does not fit. @default 'block' for critical and above, 'reject' otherwise */
    overflow?: Overflow;
    /** Longest wait of `block`, in milliseconds, 0 to 60,000. @default 50 */
    timeoutMs?: number;
    /** Largest file of `spill`, in MiB, 0.1 to 1,048,576; one for each group. @default 256 */
    spillMb?: number;
    /** Share of the capacity, 0 to 1, from which on the lane is behind. @default 0.8 */
    highWater?: number;
    /** Share of the capacity, below `highWater`, from which on it has caught up again. @default 0.2 */
    lowWater?: number;
    /** Messages in a round of policy `weighted`, 1 to 65,535. @default 1, 2, 10 and 20 from low to critical */
    weight?: number;
    /** Lets go of messages while the lane is behind; only for lanes that may lose. `{}` for the defaults. @default never */
    shed?: ShedConfig;
}
/** Controlled delay (RFC 8289). */
interface ShedConfig {
    /** The wait that is acceptable, in milliseconds, 0.001 to 60,000. @default 5 */
    targetMs?: number;
    /** How long every message must have waited longer before one is shed, in milliseconds, 0.001 to 60,000. @default 100 */
    intervalMs?: number;
}
/** A lane of one's own. */
interface OwnLaneConfig extends LaneConfig {
    /**
     * Its place among the lanes, 0 to 15, different for each: low 0, normal 1, high 2 and critical 3 are taken, 2.5 lies
     * between high and critical. From 3 on a lane is urgent.
     */
    priority: number;
}
/** Which lane a topic takes, if neither its schema nor the publisher says so. */
interface Route {
    /** Topics that it is for, with `*` and `?`. */
    pattern: string;
    /** Name of a lane. */
    lane: string;
}
/** The journal of a client: the directory, and what {@link JournalOptions} says of the rest. */
interface JournalConfig extends Omit<JournalOptions, 'backend' | 'nowNs' | 'system'> {
    /** Made if only it is missing, and not the folder above it. */
    readonly dir: string;
}
/** What code, or a configuration file, says about a client. */
interface ClientConfig {
    /** Where everything comes from that is not given. @default TICKBUS_ENV, or else 'development' */
    preset?: PresetName;
    /** `low`, `normal`, `high`, `critical`, and up to 12 lanes of one's own by name. */
    lanes?: {
        low?: LaneConfig;
        normal?: LaneConfig;
        high?: LaneConfig;
        critical?: LaneConfig;
        [name: string]: LaneConfig | OwnLaneConfig | undefined;
    };
    /** In which order waiting messages run. @default 'strict' */
    policy?: Policy;
    /** How long a message of a lower lane waits before `strict` lets it through, in milliseconds, up to a day; 0 for ever. */
    ageMs?: number;
    /** Concurrency slots of each group, 1 to 1,024. @default from 1 to 10, 20 or 50, by preset */
    workers?: {
        min?: number;
        max?: number;
    };
    /** Whether slots follow the load between `min` and `max`. @default true if both are given and differ, else as the preset says */
    autoscale?: boolean;
    /** Most memory for everything that waits, in MiB, 1 to 65,536. @default 256, or 512 for highFrequency */
    memoryMb?: number;
    /** Longest encoded payload, in bytes, 64 to 16,777,216. @default 1_048_576 */
    payloadBytes?: number;
    /** Folder for the files of lanes that spill. @default the system's folder for temporary files */
    spillDir?: string;
    /** Where messages of topics that may not lose any are written before anybody gets them. @default no journal */
    journal?: JournalConfig;
    /** Looked through in order before the preset's own; the first that matches decides. */
    routes?: Route[];
}
interface LoadConfigOptions {
    /** The folder with the file. @default the process's own */
    cwd?: string;
    /** @default process.env */
    env?: NodeJS.ProcessEnv;
    /** What code says over file and environment. */
    options?: ClientConfig;
}

/** How urgent a log line is, from the least; `silent` for no lines at all. */
type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
/** Takes a message, or details and then a message. */
interface LogMethod {
    (message: string): void;
    (details: object, message?: string): void;
}
/** What a client logs to: the part of pino's interface that it uses, so that a pino instance can be given as it is. */
interface Logger {
    readonly trace: LogMethod;
    readonly debug: LogMethod;
    readonly info: LogMethod;
    readonly warn: LogMethod;
    readonly error: LogMethod;
    readonly fatal: LogMethod;
    /** A logger that adds `bindings` to each of its lines. */
    child(bindings: Record<string, unknown>): Logger;
}

/** A lane has filled up, or is relieved again. */
interface WaterMark {
    group: string;
    lane: string;
    /** Messages that wait in it. */
    waiting: number;
}

/** What is said of a delivery, by its handler or by how that ended. The first word counts. */
interface Word {
    readonly kind: 'acknowledged' | 'failed' | 'nacked' | 'postponed' | 'terminated' | 'timedOut' | 'undecodable' | 'fenced';
    /** What was thrown, if anything was. */
    readonly error: unknown;
    /** The wait until the next attempt, in milliseconds; undefined for the group's own. */
    readonly delayMs: number | undefined;
    /** Why there shall be none. */
    readonly note: string | undefined;
}

/** Who hears what a handler says while its promise is under way. */
interface Listener {
    heard(word: Word): void;
    /** The time for the acknowledgement begins anew. */
    extended(): void;
    /** A word came that counts no more. */
    late(): void;
}
/** How a handler wants a message back. */
interface RetryOptions {
    /** How long it waits first, in milliseconds, 0 to 3,600,000. @default what the group's back-off list says */
    delayMs?: number;
}
/** What all deliveries of a topic to a group have in common. */
interface DeliverySource {
    /** The topic. */
    readonly name: string;
    readonly group: string;
    /** Priorities by lane. */
    readonly priorities: readonly number[];
}
/** What a handler learns about the message that it gets, beside the message itself. */
declare class Delivery {
    #private;
    /**
     * The message's id: see {@link Receipt}. All groups of a thread that get a copy see the same, and those of other threads,
     * too, if its publisher gave it a priority, a key or a deadline.
     */
    readonly id: number;
    /** What the message is about, if its publisher or its topic says so. */
    readonly key: string | undefined;
    /**
     * When it was published, in nanoseconds since the bus was opened: compare it with `bus.nowNs()`. Up to 32 messages of one
     * turn of the loop may show the time of the first of them.
     */
    readonly publishedNs: number;
    /** @internal */
    constructor(source: DeliverySource, head: number, id: number, key: string | undefined, publishedNs: number);
    /** Whether it was read back from the journal by a replay: then it is a `ReplayedDelivery`, with its place and time there. */
    get replayed(): boolean;
    get topic(): string;
    get group(): string;
    /** The priority of the lane in which it waited. */
    get priority(): number;
    /** 1 for the first delivery. */
    get attempt(): number;
    /**
     * Acknowledges the message, now: what comes after it in its key may begin. A handler that returns, or whose promise resolves,
     * acknowledges as well, so that few need this.
     *
     * @throws {TickbusError} `TICKBUS_SETTLED` if something was said of the delivery before, or its handler has ended. What is
     * said after its time ran out is ignored, and counted as `fenced`.
     */
    ack(): void;
    /**
     * The message has failed, and is tried again as far as its topic and group allow; the same as throwing, but no error.
     *
     * @throws {TickbusError} as `ack`; `TICKBUS_ARGUMENT`
     */
    nack({ delayMs }?: RetryOptions): void;
    /**
     * Not now: the message comes back later, and this counts as no attempt.
     *
     * @throws {TickbusError} as `ack`; `TICKBUS_ARGUMENT`
     */
    retryLater({ delayMs }?: RetryOptions): void;
    /**
     * Never again: the message becomes a dead letter, if its topic may not lose messages, and counts as failed otherwise.
     *
     * @throws {TickbusError} as `ack`; `TICKBUS_ARGUMENT`
     */
    terminate(reason: string): void;
    /**
     * The work takes longer: `ackWaitMs` begins anew.
     *
     * @throws {TickbusError} as `ack`
     */
    extend(): void;
    /**
     * Aborts when the client gives the delivery up: when its `ackWaitMs` has run out, at the close, and when a `drain` runs out
     * of time.
     */
    get signal(): AbortSignal;
    /** @internal Gives the delivery up. */
    abort(reason: unknown): void;
    /** @internal Its handler has returned a promise. What was said before that is answered. */
    attach(listener: Listener): Word | undefined;
    /** @internal Its handler has come to its end, which says so much: what was said before counts. */
    conclude(word: Word): Word;
    /** @internal Its time is up: no word counts any more. */
    fence(): void;
    /** @internal Whether its time was up. Then a word has come too late; the first one is counted. */
    isLate(): boolean;
}

/** Called with each message that a group gets, and what there is to know about it. A promise that it returns is awaited. */
type GroupHandler<T = any> = GroupHandling<T>['handle'];
/** Parameters of methods, and only theirs, may be narrower than asked for. */
interface GroupHandling<T> {
    handle(message: T, delivery: Delivery): unknown;
}
/** One of those who compete for a group's messages. */
interface Consumer {
    readonly pattern: string;
    readonly handler: GroupHandler;
}
/** A message of a group whose handler threw, or whose promise rejected. */
interface GroupHandlerError {
    error: unknown;
    group: string;
    topic: string;
    pattern: string;
    /** For a worker module a function that stands for it, by the module's URL. */
    handler: GroupHandler;
    /** Faults of the same thread that were not told since the last one that was: a thread tells at most 100 a second. */
    untold?: number;
}
/** A worker thread of a group ended unasked: what it had in hand is lost, what waits goes to the others, and it is replaced. */
interface WorkerLoss {
    group: string;
    /** worker_threads id. */
    thread: number;
    code: number;
    /** What it did not catch, if that ended it. */
    error: unknown;
}
/** Worker threads of a group died too often to be replaced any more: those that are left go on, without any messages wait. */
interface RestartLimit {
    group: string;
    /** How many were replaced within the last 30 s. */
    restarts: number;
    /** `TICKBUS_WORKER_RESTARTS`; its cause is what the last one did not catch. */
    error: TickbusError;
}
/** A handler has been under way for very long: perhaps it never comes to its end, and its slot is lost. */
interface StuckHandler {
    group: string;
    /** How long the oldest handler of the group has been under way, in milliseconds. */
    ageMs: number;
}

/** What a client emits. */
interface ClientEvents {
    /** A handler threw, or its promise rejected. With no listener one process warning for each handler says so. */
    handlerError: GroupHandlerError;
    /** A group could not deliver a message of a topic that may not lose any: it is in `client.deadLetters`. */
    deadLetter: DeadLetter;
    /** A worker thread of a group ended unasked. With no listener a process warning says so. */
    workerLost: WorkerLoss;
    /** Worker threads of a group died too often to be replaced any more. With no listener a process warning says so. */
    restartLimit: RestartLimit;
    /** A group has changed its size: what it was, what was known, and why. */
    scaled: ScalingDecision;
    /** A handler has been under way for more than 10 s; once for each that is the oldest of its group. */
    stuck: StuckHandler;
    /** A lane has filled up to its high-water mark. */
    highWater: WaterMark;
    /** A lane that had filled up is down at its low-water mark. */
    lowWater: WaterMark;
    close: undefined;
}

/** Percentiles in microseconds. */
interface Percentiles {
    p50: number;
    p90: number;
    p99: number;
    p999: number;
    max: number;
}

/** Why copies were not delivered. */
interface Dropped {
    /** There was no room, or it made room for a newer one. */
    overflow: number;
    /** A newer one of the same topic and key took its place. */
    conflated: number;
    /** Its deadline passed while it waited. */
    expired: number;
    /** The lane was behind for too long. */
    shed: number;
    /** Its handler did not acknowledge it within `ackWaitMs`. */
    timedOut: number;
    /** Its handler threw, or the handler's promise rejected. */
    failed: number;
    workerLost: number;
    /** The client was closed while it waited, or before its handler was done. */
    closed: number;
    /** Its bytes could not be read, from a spill file for instance. */
    undecodable: number;
}
/** One lane of a group. */
interface LaneStats {
    /** Messages that wait, spilled ones included. */
    queued: number;
    /** Messages in its spill file, or on the way there and back. */
    spilled: number;
    /** How long messages waited until their handler began, in microseconds: one in 64, of urgent lanes each one. */
    waitUs: Percentiles;
    /** How long their handlers took, promises included. */
    runUs: Percentiles;
}
/**
 * What became of a group's copies. At every moment `copies` is `delivered + dead + queued + inFlight` and all of `dropped`
 * together.
 */
interface GroupStats {
    /** One for each message that the group matched when it was published, refused ones apart. */
    copies: number;
    /** Handlers that returned, or whose promise resolved. */
    delivered: number;
    /** Messages that became dead letters. */
    dead: number;
    dropped: Dropped;
    /** Deliveries that failed and were followed by another one. */
    retried: number;
    /** Words on deliveries that came after their time had run out, and so did not count. */
    fenced: number;
    /** Deliveries of effectively-once topics that did not begin, since the message was handled before; they count as delivered. */
    duplicates: number;
    /**
     * Deliveries of effectively-once topics that had begun in a worker thread that died: nobody knows whether their messages were
     * handled, and they are tried again.
     */
    inDoubt: number;
    /** Messages that wait, spilled ones included. */
    queued: number;
    /** Messages in spill files, or on the way there and back. */
    spilled: number;
    /** Publishes that were refused since a spill file was full, or its disk did not keep up. */
    spillFull: number;
    /** Publishes that were refused since the disk of a spill file had failed. */
    spillFailed: number;
    /** Messages whose handler has not come to an end. */
    inFlight: number;
    /** How long the oldest waiting message has waited; 0 if none waits. */
    oldestMs: number;
    /** How long the oldest handler that has come to no end has been under way, in milliseconds, to a millisecond or so; 0 if none is. */
    oldestRunningMs: number;
    /** How many handlers may be under way at once. */
    slots: number;
    /** Threads in which they run. */
    threads: number;
    /** The last 32 changes of its size, the oldest first; none where it does not follow the load. */
    scaling: ScalingDecision[];
    /** By the lanes' names. */
    lanes: Record<string, LaneStats>;
}
/** Counters of a client. */
interface ClientStats {
    /** Messages that were not refused: all that were published through the client, and of those published through the bus what its groups matched. */
    published: number;
    /** Publishes that a group had no room for. */
    refused: number;
    /** By name: groups that are there, and named ones that have ended, until their name is used again. */
    groups: Record<string, GroupStats>;
}

/** A message that was read back from the journal, as its handler sees it: `id`, `topic`, `key` and `priority` are those that it had. */
declare class ReplayedDelivery extends Delivery {
    /** Its place in the journal. */
    readonly sequence: number;
    /** When it was appended, UNIX nanoseconds. Messages that were handed to the disk together have one time. */
    readonly timeNs: bigint;
    /** @internal */
    constructor(source: DeliverySource, head: number, id: number, publishedNs: number, record: JournalRecord);
    get replayed(): boolean;
}

/** Called with each message of a replay, and what there is to know about it. A promise that it returns is awaited. */
type ReplayHandler<T = any> = ReplayHandling<T>['handle'];
/** Parameters of methods, and only theirs, may be narrower than asked for. */
interface ReplayHandling<T> {
    handle(message: T, delivery: ReplayedDelivery): unknown;
}
interface ReplayOptions<T = any, Pattern extends string = string> {
    /** Gets the messages, and nobody else does. One that returns, or whose promise resolves, acknowledges. */
    handler: ReplayHandler<T>;
    /** Patterns of topics. @default all that are journalled */
    topics?: Pattern | readonly Pattern[];
    /**
     * Where it begins: a sequence as a number, or a time in UNIX nanoseconds as a bigint, from which on it was appended. A name
     * that the journal knows goes on where it was instead. @default the oldest that is there
     */
    from?: number | bigint;
    /** The last sequence, or the last time; that one included. @default what was last when the replay began */
    to?: number | bigint;
    /** How many times the pace at which it was appended, 0.001 to 1,000,000; or as fast as the handler takes it. @default 'max' */
    speed?: number | 'max';
    /**
     * Whose cursor in the journal says what is done, 1 to 255 bytes, not beginning with `#`: the next replay of that name goes on
     * there, in this process or another. Files stay as long as it has not been through them. @default nobody's
     */
    name?: string;
    /** Goes on with what is published from now on, and ends when it is stopped. @default false */
    follow?: boolean;
    /**
     * Most handlers under way at once, 1 to 256. From 2 on only messages of one key keep their order. @default 1
     */
    concurrency?: number;
    /** Deliveries of a message until it has failed, 1 to 1,000; those that its handler put off by `retryLater` apart. @default 5 */
    maxDeliver?: number;
    /** Waits before the second delivery and so on, as a group's. @default [10, 100, 1_000, 5_000, 30_000] */
    backoffMs?: readonly number[];
    /** How long a handler's promise may take, in milliseconds; then it is tried again, and what it says counts no more. @default 5_000 */
    ackWaitMs?: number;
    /** What becomes of a message that has failed: the replay ends in front of it, or passes it over and counts it. @default 'stop' */
    onFailure?: 'stop' | 'skip';
    /** Stops the replay when it aborts. */
    signal?: AbortSignal;
}
/** All of them, checked. */
interface ReplaySettings {
    readonly handler: ReplayHandler;
    readonly topics: readonly string[];
    readonly from: number | bigint | undefined;
    readonly to: number | bigint | undefined;
    readonly speed: number | 'max';
    readonly name: string | undefined;
    readonly follow: boolean;
    readonly concurrency: number;
    readonly rules: RetryRules;
    readonly ackWaitNs: number;
    readonly skips: boolean;
    readonly signal: AbortSignal | undefined;
}

/** How far a replay is. At every moment `matched = handled + failed + queued + inFlight`. */
interface ReplayStats {
    /** Messages that were read, whatever their topics. */
    readonly read: number;
    /** Those of them that it is about. */
    readonly matched: number;
    /** Acknowledged. */
    readonly handled: number;
    /** Passed over: their handler terminated them, or they failed and `onFailure` is `skip`. */
    readonly failed: number;
    /** Deliveries that were followed by another one. */
    readonly retried: number;
    /** Words of handlers that came after `ackWaitMs`. */
    readonly fenced: number;
    /** Read, and not begun: they come again under the same name where the replay has ended. */
    readonly queued: number;
    /** Begun and not done, those that wait for another attempt included. */
    readonly inFlight: number;
    /** All messages up to this sequence are done with. */
    readonly position: number;
}
/** What a replay has done. */
interface ReplayReport extends ReplayStats {
    /** All was replayed; or it was stopped, or its client was closed, before. */
    readonly ended: 'done' | 'stopped' | 'closed';
}

/** What a replay needs of its client. */
interface ReplayHost {
    readonly journal: Journal;
    readonly clock: Clock;
    readonly epochNs: bigint;
    readonly priorities: readonly number[];
    readonly group: string;
    random(): number;
    isMatching(topic: string, pattern: string): boolean;
    /** Whether a message that is written is also as safe as its topic asks. */
    mayDispatch(record: JournalRecord): boolean;
    decode(record: JournalRecord): unknown;
    failed(fault: GroupHandlerError): void;
    passedOver(record: JournalRecord, error: unknown): void;
    /** The last thing that it says. */
    ended(replay: Replay): void;
}
/** Where a replay begins. */
interface ReplayStart {
    readonly sequence: number;
    /** Messages before the first one of this time or later are none of it. */
    readonly fromTimeNs: bigint;
}
/**
 * Messages of a client's journal on their way to one handler once more. It reads ahead a little, calls the handler in turns of
 * the event loop of its own, and moves over what is done in order: that is its position, and the cursor of its name.
 */
declare class Replay {
    #private;
    /** Whose cursor in the journal it moves; undefined for nobody's. */
    readonly name: string | undefined;
    /**
     * Resolves when it has ended, and what it did is written.
     *
     * @throws (rejects) {TickbusError} `TICKBUS_REPLAY_FAILED` where a message failed and `onFailure` is `stop`;
     * `TICKBUS_REPLAY_NAME` if the name was removed from the journal, and what reading and writing a journal throws
     */
    readonly done: Promise<ReplayReport>;
    /** @internal */
    constructor(settings: ReplaySettings, start: ReplayStart, host: ReplayHost);
    /** Counters, exact at the moment of the call. */
    stats(): ReplayStats;
    /** Resolves when all that the journal has by now is done with, as far as the replay goes, or when the replay has ended. */
    caughtUp(): Promise<void>;
    /**
     * Begins nothing more, and waits for the handlers that are under way. Resolves, as {@link Replay.done}, when what they did is
     * written: none of it comes again under the same name.
     */
    stop(): Promise<ReplayReport>;
    [Symbol.asyncDispose](): Promise<void>;
    /** @internal Something more was appended. */
    appended(): void;
    /** @internal Begins nothing more: the process ends, and what is under way comes to its end before. */
    drain(): void;
    /** @internal Begins nothing more, and aborts the signals of what is under way: the client closes. */
    close(reason: unknown): void;
    /** @internal Ends now. What is under way counts no more. */
    abandon(): void;
    /** @internal Whether it has come, or comes, to its end with handlers under way. */
    get isEnding(): boolean;
    /** @internal */
    get hasEnded(): boolean;
}

/** Called with a message whose deadline passed while it waited. */
type ExpiredHandler = (message: any, delivery: Delivery) => void;

interface GroupOptions {
    /**
     * Name of the group, 1 to 255 characters. All that subscribe under one name compete for its messages and say the same
     * options. @default a group of its own for each subscribe, with at most 1,000 messages in a lane
     */
    group?: string;
    /**
     * Most handlers under way at once, 1 to 65,536. Handlers that return no promise run one after the other anyhow.
     * @default from workers.min to workers.max as the load asks for it, where the client autoscales; workers.max otherwise
     */
    concurrency?: number;
    /**
     * How many worker threads run a module, 1 to 63; `concurrency` is divided over them. Not for functions. @default as many as
     * `workers.max`, but at most the processor's cores less one; where the group scales, from one to the cores
     */
    threads?: number;
    /**
     * `key`: of the messages with one key one is under way at a time, in the order in which they were published. `none` gives
     * that up for speed. @default 'key'
     */
    order?: 'key' | 'none';
    /**
     * Deliveries of a message that may not be lost before it becomes a dead letter, 1 to 1,000; those that its handler put off by
     * `retryLater` apart. @default 5
     */
    maxDeliver?: number;
    /**
     * Waits before the second delivery, the third and so on, in milliseconds: 1 to 64 of them, 0 to 3,600,000 each. The last one
     * counts for all that follow; each varies by 20 %. @default [10, 100, 1_000, 5_000, 30_000]
     */
    backoffMs?: readonly number[];
    /**
     * How long a handler's promise may take to acknowledge, in milliseconds. Then the delivery's signal aborts and what it says
     * counts no more: the message is tried again if it may not be lost, and counts as `timedOut` otherwise.
     * @default 5_000 for messages that may not be lost, and as long as it takes for others
     */
    ackWaitMs?: number;
    /**
     * How long the messages of a key wait for one of them that is tried again, in milliseconds, from its first failure on: if it
     * would take longer, it becomes a dead letter and the key goes on. After a journal was opened also how long a key waits for
     * patterns that the group had before. @default 30_000
     */
    maxBlockMs?: number;
    /**
     * How many acknowledged messages of effectively-once topics the group remembers, and for how many milliseconds.
     * @default { size: 100_000, ms: 600_000 }
     */
    idempotency?: {
        size?: number;
        ms?: number;
    };
    /** Called with each message whose deadline passed while it waited. All subscriptions of a group give the same function, or none. */
    onExpired?: ExpiredHandler;
    /** Ends the subscription when it aborts. */
    signal?: AbortSignal;
}

/** One (pattern, handler) pair of a group. */
declare class GroupSubscription implements Consumer {
    #private;
    readonly pattern: string;
    readonly handler: GroupHandler;
    readonly group: string;
    /** @internal */
    constructor(pattern: string, handler: GroupHandler, group: string, end: (subscription: GroupSubscription) => void, signal: AbortSignal | undefined);
    /** Whether messages still arrive. */
    get active(): boolean;
    /**
     * Ends it: counts from the next publish. What waits already is still handled; if this was the group's last subscription,
     * the group is gone once it has been. A second call changes nothing.
     */
    unsubscribe(): void;
    [Symbol.dispose](): void;
    /** @internal The signal has aborted. */
    handleEvent(): void;
    /** @internal The client was closed. */
    end(): void;
}

/** How a message is queued. What is left out the topic says, by its schema. */
interface PublishOptions {
    /** Which lane: one of {@link Priority}, or the priority of a lane of your own. @default the topic's, or Priority.NORMAL */
    priority?: number;
    /** What the message is about: messages with one key keep their order. @default what the topic's function says */
    key?: string;
    /** How long it may wait, in milliseconds; if its handler has not begun by then, it does not. @default as long as it takes */
    deadlineMs?: number;
}
/** How a message was taken. Of several groups the worst counts, the last of these. */
type PublishStatus = 'accepted' | 'conflated' | 'spilled' | 'shed' | 'backpressured' | 'closed';
/** What `publish` resolves to. */
interface Receipt {
    /** A whole number that rises with each message of the thread, unique in the process. */
    readonly id: number;
    readonly status: 'accepted' | 'conflated' | 'spilled' | 'shed';
    /** Its place in the client's journal, if its topic is journalled: unique for good. */
    readonly sequence?: number;
}

/** Which signals end the process in order, and how long that may take. */
interface SignalDrainOptions {
    /** @default ['SIGTERM', 'SIGINT'] */
    signals?: readonly NodeJS.Signals[];
    /** Longest wait for what was accepted, in milliseconds, 0 to 2,147,483,647. @default 10_000 */
    timeoutMs?: number;
}

interface ClientOptions extends Omit<ClientConfig, 'journal'> {
    /** Where messages of topics that may not lose any are written before anybody gets them, or its directory. @default no journal */
    journal?: JournalConfig | string;
    /** What the client logs to, such as a pino instance. @default nothing is logged */
    logger?: Logger;
    /** Where time and turns of the event loop come from. @default the process's own */
    clock?: Clock;
    /** Numbers from 0 to 1, for the jitter of waits. @default Math.random */
    random?: () => number;
    /** Most dead letters that are kept, 1 to 1,000,000. @default 10_000 */
    deadLetterCapacity?: number;
    /** Finishes what was accepted when the process is told to end, and ends it; see `docs/delivery.md`. @default signals are left alone */
    drainOnSignal?: SignalDrainOptions;
    /** @internal Files and time of the journal and of what spills, as in a simulation; on the JavaScript backend only. @default the process's */
    system?: System;
    /** @internal A `ThreadSystem`, where worker threads come from. @default `node:worker_threads` */
    threads?: object;
}
/** How safe a message is when its receipt resolves. */
type AckLevel = 'memory' | 'written' | 'synced';
interface AwaitedPublishOptions extends PublishOptions {
    /**
     * When the receipt resolves: `memory`, once the message is taken; `written`, once it is in the journal and survives the end of
     * the process; `synced`, once it is on disk. @default 'memory'
     */
    ack?: AckLevel;
    /** Longest wait for room in a lane that blocks, in milliseconds. @default the lane's own, 50 unless it says otherwise */
    timeoutMs?: number;
}
/** What `drain` left. */
interface DrainReport {
    /** Whether nothing was left. */
    complete: boolean;
    /** Messages that wait. */
    queued: number;
    /** Messages whose handlers are under way. */
    inFlight: number;
    /** Messages that lie in the journal alone. They come after the next open: of its failed disk, those that were written. */
    journalled: number;
    /** The same of each group that has any. */
    groups: Record<string, {
        queued: number;
        inFlight: number;
        journalled: number;
    }>;
}
/**
 * Consumer groups on a bus: each gets a copy of what it subscribes to, queued in priority lanes, and runs its handlers in
 * later turns of the event loop, by policy and with bounded concurrency. See `docs/lanes.md`.
 */
declare class BufferedMessageBusClient<D extends Definition = {}> {
    #private;
    readonly bus: MessageBus<D>;
    /** What groups could not deliver of topics that may not lose messages. */
    readonly deadLetters: DeadLetters;
    private constructor();
    /**
     * Opens a client on a bus. Nothing is left behind if that fails.
     *
     * @throws {TickbusError} `TICKBUS_CONFIG`, with all that is wrong; `TICKBUS_MEMORY_LIMIT` if the lanes of one group take
     * more than `memoryMb`; `TICKBUS_SPILL` if a lane spills and has nowhere to; `TICKBUS_LOSSY_LANE` if the schema has a topic that may not lose messages in a lane that does;
     * `TICKBUS_ARGUMENT`, `TICKBUS_CLOSED`
     */
    static open<D extends Definition = {}>(bus: MessageBus<D>, options?: ClientOptions): Promise<BufferedMessageBusClient<D>>;
    /**
     * Subscribes a function of this thread, or a module that runs in worker threads of the group: its default export is the
     * handler, `open({ bus })` and `close()` are called where it has them. Resolves once all threads are ready. The group gets one copy of each message that any of its patterns matches, from the
     * next publish on; of its subscriptions that match, one gets it, each in turn. Subscribing the same pair again changes
     * nothing and resolves to the first subscription.
     *
     * @throws (rejects) {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`, `TICKBUS_ARGUMENT`, `TICKBUS_GROUP_CONFLICT`,
     * `TICKBUS_MEMORY_LIMIT`, `TICKBUS_CLIENT_CLOSED`, `TICKBUS_WORKER_MODULE`, `TICKBUS_THREADS`
     */
    subscribe<T = Unstated, Pattern extends string = string>(pattern: Pattern, handler: GroupHandler<StatedOr<T, D, Pattern>> | URL, options?: GroupOptions): Promise<GroupSubscription>;
    /**
     * Publishes as `bus.publish` does, and says how groups queue it, those of other threads too. Never waits; returns how the
     * groups of this thread took it: other threads count for themselves what they have no room for. With
     * `backpressured` nobody got the message, bus subscribers and other threads included; with `closed` neither.
     *
     * @throws {TickbusError} before anybody got it: `TICKBUS_TOPIC`, `TICKBUS_LANE`, `TICKBUS_ARGUMENT`, `TICKBUS_LOSSY_LANE`,
     * and what {@link Topic.publish} throws
     */
    tryPublish<Name extends string>(topic: Name, message: MessageOf<D, Name>, options?: PublishOptions): PublishStatus;
    /** What may not be lost is written here; undefined for a client without a journal. */
    get journal(): Journal | undefined;
    /**
     * Publishes, and waits for room where a lane blocks: for `timeoutMs` at most, those first who came first. Resolves once the
     * message is queued.
     *
     * @throws (rejects) {TickbusError} `TICKBUS_BACKPRESSURED` if there is no room, `TICKBUS_CLIENT_CLOSED`, `TICKBUS_CLOSED`, and
     * what `tryPublish` throws
     */
    publish<Name extends string>(topic: Name, message: MessageOf<D, Name>, options?: AwaitedPublishOptions): Promise<Receipt>;
    /**
     * Reads the journal back to a handler: messages as they were published, in order, and to nobody else. With a `name` it goes on
     * where that one's cursor in the journal stands. It begins in a later turn; see `docs/delivery.md`.
     *
     * @throws {TickbusError} `TICKBUS_NO_JOURNAL`, `TICKBUS_CLIENT_CLOSED`, `TICKBUS_ARGUMENT`, `TICKBUS_PATTERN`;
     * `TICKBUS_REPLAY_FROM` if what it is to begin with is gone, or not there yet; `TICKBUS_REPLAY_NAME` if a group has the name,
     * or another replay that is under way
     */
    replay<T = Unstated, Pattern extends string = string>(options: ReplayOptions<StatedOr<T, D, Pattern>, Pattern>): Replay;
    /**
     * Resolves once a lane, by its name, has room in every group; one that was full, only when it is down at its low-water
     * mark. Resolves at the close, too.
     *
     * @throws (rejects) {TickbusError} `TICKBUS_LANE`
     */
    ready(lane: string): Promise<void>;
    /** Counters of this client, exact at the moment of the call. */
    stats(): ClientStats;
    /**
     * Resolves once nothing waits and no handler is under way, or after `timeoutMs`, where given: then the signals of the
     * deliveries under way abort. What a journal whose disk has failed will not give out any more is not waited for. Says what
     * was left. Publishing goes on meanwhile.
     *
     * @throws (rejects) {TickbusError} `TICKBUS_ARGUMENT`
     */
    drain(options?: {
        timeoutMs?: number;
    }): Promise<DrainReport>;
    /**
     * Takes nothing more, lets go of everything that waits, aborts the signals of the deliveries under way, and waits for their
     * handlers, for `timeoutMs` at most: what is not done by then counts as closed. A second call returns the first one's
     * promise. The bus stays open; its close closes the client.
     */
    close(options?: {
        timeoutMs?: number;
    }): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
    /** Listens to the client: see {@link ClientEvents}. Returns the client. */
    on<E extends keyof ClientEvents>(event: E, listener: (detail: ClientEvents[E]) => void): this;
    /** Stops listening. Returns the client. */
    off<E extends keyof ClientEvents>(event: E, listener: (detail: ClientEvents[E]) => void): this;
    /** @internal Those who wait for room wait in vain, and nothing more is replayed: the process drains. */
    refuseWaiting(): void;
    /** @internal From now on so many handlers of a group may be under way at once, in so many worker threads; those that are go on. */
    resize(group: string, slots: number, threads?: number): void;
}

/**
 * The configuration of a client, for `BufferedMessageBusClient.open(bus, await loadConfig())`: what stands in
 * `tickbus.config.mjs` (its default export) or `tickbus.config.json` of the folder `cwd`, over that the environment
 * (`TICKBUS_ENV`, `TICKBUS_POLICY`, `TICKBUS_WORKERS_MIN`, `TICKBUS_WORKERS_MAX`, `TICKBUS_MEMORY_MB`), over that
 * `options`. Without a file it is what the others say. Only what was said is in it, and the preset.
 *
 * @throws {TickbusError} `TICKBUS_CONFIG_FILE` if the file cannot be read; `TICKBUS_CONFIG` with all faults of all sources,
 * each with its place; `TICKBUS_MEMORY_LIMIT`; `TICKBUS_ARGUMENT` if `cwd` is no folder.
 */
declare function loadConfig(options?: LoadConfigOptions): Promise<ClientConfig>;

/** Which backend runs unless a bus asks for another one. */
declare const backend: Backend;

export { Bar, BufferedMessageBusClient, DeadLetters, Delivery, Depth, Endpoint, Epoch, EventBus, GroupSubscription, Journal, JournalCursor, MessageBus, MessageStream, MessageType, Priority, Quote, Replay, ReplayedDelivery, Schema, SpawnedThreads, Subscription, TickbusError, Trade, WaitTimes, backend, bar, bytes, codes, depth, isMatching, json, loadConfig, msgpack, quote, record, topics, trade };
export type { AckLevel, AggressorSide, AttachOptions, AwaitedPublishOptions, Backend, BarLike, BookLevel, BusStats, ClientConfig, ClientEvents, ClientOptions, ClientStats, Clock, CursorOptions, DeadLetter, DeathReason, Definition, DeliveryClass, DepthLike, DrainReport, Dropped, EndpointHandler, ErrorCode, EventBusConstructor, ExpiredHandler, FailedAttempt, FieldType, Fields, GroupHandler, GroupHandlerError, GroupOptions, GroupStats, Handler, HandlerError, JournalConfig, JournalMessage, JournalOptions, JournalRecord, JournalState, JournalStats, LaneConfig, LaneStats, LetterFilter, LoadConfigOptions, LogLevel, LogMethod, Logger, LostRecords, MessageBusOptions, MessageKind, MessageOf, MessagesOptions, Overflow, OwnLaneConfig, PatternArguments, PayloadEncoding, PendingRecord, Percentiles, Policy, Polling, PresetName, PublishOptions, PublishStatus, QuoteLike, Receipt, RecordOf, RedriveOptions, RedriveReport, ReplayHandler, ReplayOptions, ReplayReport, ReplayStats, RequestOptions, RequestStats, RestartLimit, RetryOptions, Route, ScaleReason, ScalingDecision, ShedConfig, SignalDrainOptions, SlowReader, SpawnOptions, StuckHandler, SubscribeOptions, SyncPolicy, ThreadExit, ThreadStats, Ticket, TimeSummary, Timed, Timer, Topic, TopicOptions, TradeLike, UndecodableRecord, Undeliverable, WaterMark, WorkerLoss };
