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
    /** The lane for messages that name none. @default Priority.NORMAL */
    priority?: Priority;
    /** What a message is about: messages with one key keep their order. Stays in the thread that names it. */
    key?(message: T): string;
}
/** The options that travel to other threads: all but the function. */
type OptionData = Omit<TopicOptions, 'key'>;

/** Who took liquidity. */
type AggressorSide = 'NO_AGGRESSOR' | 'BUYER' | 'SELLER';
/** What can be published where a trade is expected. */
interface TradeLike extends Timed {
    price: number;
    size: number;
    aggressorSide: AggressorSide;
    /** The venue's id: a whole number as text, or up to 24 Latin-1 characters. */
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
/** Any plain data, as MessagePack. What a topic without an entry uses. */
declare function msgpack<T = unknown>(options?: TopicOptions<T>): MessageType<T>;
/** Bytes as they are. Another thread gets a `Uint8Array` of its own. */
declare function bytes(options?: TopicOptions<Uint8Array>): MessageType<Uint8Array>;

/** Who gets the messages of a topic in this thread, in the order of the calls. The lists never change; many topics share one. */
interface Route {
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
     * Hands `message` to every subscriber: to other threads first, then to the handlers of this thread, by reference,
     * highest priority first.
     *
     * @throws {TickbusError} `TICKBUS_CLOSED`; and where another thread subscribes, before anybody got the message,
     * `TICKBUS_ENCODE`, `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME` or `TICKBUS_PAYLOAD_SIZE` if it cannot be sent.
     * On a bus with `onHandlerError: 'throw'` also what a handler throws.
     */
    publish(message: T): void;
}
/** Where a topic's messages go when other threads subscribe to it. */
interface Outlet {
    /** Members that subscribe: bit n of the pair is member n. */
    readonly maskLow: number;
    readonly maskHigh: number;
    send(message: unknown): void;
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
    /** Takes a message that was published in another thread. Never throws. */
    receive(message: unknown): void;
    /** Gives the last message to one subscription, where the topic keeps it. */
    replayTo(subscription: Subscription): void;
    /** Sends the last message to members that have just subscribed, where the topic keeps it. */
    replayRemotely(maskLow: number, maskHigh: number): void;
    get published(): number;
    get delivered(): number;
    /** Messages that came by, from here or from other threads. */
    get activity(): number;
    get route(): Route;
    /** Takes a new route; a delivery that is under way goes on with the old one. */
    set route(route: Route);
    get outlet(): Outlet | undefined;
    set outlet(outlet: Outlet | undefined);
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
    handlerErrors: number;
    readonly freezes: boolean;
    readonly letsThrow: boolean;
    readonly counters: Counters;
    /** How long the handlers of one publish took together. */
    readonly dispatchTimes: WaitTimes;
    /** Last messages of the topics that keep them. */
    readonly lastMessages: Map<TopicHandle, unknown>;
    readonly events: EventEmitter<[never]>;
    constructor({ freezes, letsThrow }: BusStateOptions);
    /** Counts the fault and hands it to the listeners of `handlerError`; without one, warns once for each handler. */
    reportHandlerError(fault: HandlerError): void;
    /** Emits an event; a listener that throws is reported as an uncaught exception and stops nobody. */
    emit(name: string, detail: unknown): boolean;
}

/**
 * Every error that Tickbus throws, by its stable code. `{name}` is filled in from the error's details.
 * docs/errors.md is made from this table, and the Rust side uses the same codes.
 */
declare const codes: {
    readonly TICKBUS_ARGUMENT: "Bad argument {name}: expected {expected}, got {got}.";
    readonly TICKBUS_ATTACH_TIMEOUT: "No answer from thread(s) {threads} within {timeoutMs} ms. A thread that runs one long synchronous call cannot answer: attach before it starts, or raise timeoutMs.";
    readonly TICKBUS_BACKEND: "The {backend} backend cannot be used: {reason}. Unset TICKBUS_BACKEND to let Tickbus choose.";
    readonly TICKBUS_CATALOG_FULL: "The catalog holds {capacity} instruments, so {id} does not fit. Open it with a larger capacity.";
    readonly TICKBUS_CLOSED: "The bus is closed. Open a new one; a closed bus accepts nothing.";
    readonly TICKBUS_ENCODE: "The message on \"{topic}\" cannot be sent to another thread: {reason}. Send plain data: no functions, no cycles, no symbols.";
    readonly TICKBUS_DUMP: "The dump {file} cannot be written: {reason}.";
    readonly TICKBUS_ENDPOINT: "Endpoint {endpoint} is not usable: {reason}. A name is 1 to 255 bytes, not blank, without * and ?.";
    readonly TICKBUS_ENDPOINT_BUSY: "The thread of endpoint \"{endpoint}\" is so far behind that nothing more can be kept for it. Await bus.ready(), send less, or raise slackRecords.";
    readonly TICKBUS_ENDPOINT_LOST: "The thread of endpoint \"{endpoint}\" ended before it replied.";
    readonly TICKBUS_ENDPOINT_TAKEN: "Endpoint \"{endpoint}\" is registered already. Deregister it first, or choose another name.";
    readonly TICKBUS_ENDPOINT_UNKNOWN: "Nobody is registered as \"{endpoint}\". Register it first, or use trySend().";
    readonly TICKBUS_HANDLER: "The handler of \"{pattern}\" is not a function, got {got}.";
    readonly TICKBUS_INSTRUMENT_KNOWN: "Instrument {id} is in the catalog already. Look it up by get() before you add it.";
    readonly TICKBUS_INSTRUMENTS: "The instrument list of {venue} cannot be read: {reason}.";
    readonly TICKBUS_INTERNAL: "Internal error in {where}: {reason}. Please report it with the stack.";
    readonly TICKBUS_MEMBERS: "A bus joins at most {most} threads. Close or terminate one before attaching another.";
    readonly TICKBUS_PATTERN: "Pattern {pattern} is not usable: {reason}. A pattern is 1 to 255 bytes of text; * stands for any run, ? for one byte.";
    readonly TICKBUS_PAYLOAD_SIZE: "The message on \"{topic}\" takes {bytes} bytes encoded, more than the {most} that fit. Raise slabBytes or send it in parts.";
    readonly TICKBUS_POLLING: "polling is 'auto', 'off' or {{ us }} with 0 to 1,000,000 microseconds, got {got}.";
    readonly TICKBUS_PRIORITY: "A priority is a whole number from -2^31 to 2^31 - 1, got {got}.";
    readonly TICKBUS_READY_TIMEOUT: "The readers made no room within {timeoutMs} ms. Publish less, raise ringRecords, or look at stats().threads for who lags behind.";
    readonly TICKBUS_RECORD_FIELD: "A {kind} needs {field} to be {expected}, got {got}.";
    readonly TICKBUS_RECORD_TIME: "{field} lies more than 104 days from the bus epoch, where nanoseconds no longer fit a double. Open the bus with an epoch near the data: new MessageBus({{ epoch }}).";
    readonly TICKBUS_RECORDING: "The recording {file} cannot be read: {reason}.";
    readonly TICKBUS_REPLAY_WORKER: "A worker of the replay ended before it had received everything: {reason}.";
    readonly TICKBUS_REQUEST_ABORTED: "The request to \"{endpoint}\" was given up, because its signal aborted.";
    readonly TICKBUS_REQUEST_DUPLICATE: "A request with id \"{id}\" is under way. Use an id once, or leave it to the bus.";
    readonly TICKBUS_REQUEST_TIMEOUT: "No reply from \"{endpoint}\" within {timeoutMs} ms.";
    readonly TICKBUS_RING_SIZE: "{name} is a whole number from {least} to {most}, rounded up to a power of two, got {got}.";
    readonly TICKBUS_SCHEMA: "The schema entry {template} is not usable: {reason}.";
    readonly TICKBUS_SCHEMA_MISMATCH: "This thread attaches with another schema than the bus was opened with: {reason}. Import one schema module in all threads.";
    readonly TICKBUS_SPAWN: "The worker module {module} did not start: {reason}.";
    readonly TICKBUS_THREADS: "threads is a whole number from 1 to {most}, got {got}.";
    readonly TICKBUS_TICKET: "This is not a usable ticket: {reason}. Take a fresh one from bus.ticket() in this process.";
    readonly TICKBUS_TOPIC: "Topic {topic} is not usable: {reason}. A topic is 1 to 255 bytes, not blank, without * and ?.";
    readonly TICKBUS_USAGE: "{reason}";
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
    /** Other threads that subscribe to it: bit n of the pair is member n. */
    maskLow: number;
    maskHigh: number;
    /** A route that some topic has, and in which a subscription of this pattern is called first: the next topic's is probably the same. */
    recent: Route | undefined;
}
interface RouteTableOptions {
    readonly core: Pick<Core, 'openRoutes'>;
    /** Makes the handle of a topic that is seen for the first time. */
    readonly openTopic: (name: string, id: number) => TopicHandle;
    /** Other threads subscribe to a topic, or others than before. */
    readonly remoteChanged: (topic: TopicHandle, maskLow: number, maskHigh: number) => void;
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
    /** Patterns that this thread subscribes to. */
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
    protected shut(): void;
    /** The endpoint in another thread that answers to a name. */
    protected remoteEndpoint(_name: string): RemoteEndpoint | undefined;
    /** A pattern got its first subscription in this thread. */
    protected patternAdded(_pattern: string): void;
    /** A pattern lost its last subscription in this thread. */
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

/** Which backend runs unless a bus asks for another one. */
declare const backend: Backend;

/**
 * How long a thread that found nothing to read looks again before it sleeps. `'auto'`: 0 to 200 us, as long as it has
 * paid off lately, by at most one thread less than there are cores. `{ us }`: always that long. `'off'`: not at all.
 */
type Polling = 'auto' | 'off' | {
    readonly us: number;
};

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
}

export { Bar, Depth, Endpoint, Epoch, EventBus, MessageBus, MessageStream, MessageType, Priority, Quote, Schema, SpawnedThreads, Subscription, TickbusError, Trade, WaitTimes, backend, bar, bytes, codes, depth, isMatching, json, msgpack, quote, record, topics, trade };
export type { AggressorSide, AttachOptions, Backend, BarLike, BookLevel, BusStats, Definition, DepthLike, EndpointHandler, ErrorCode, EventBusConstructor, FieldType, Fields, Handler, HandlerError, LostRecords, MessageBusOptions, MessageKind, MessageOf, MessagesOptions, PatternArguments, Polling, QuoteLike, RecordOf, RequestOptions, RequestStats, SlowReader, SpawnOptions, SubscribeOptions, ThreadExit, ThreadStats, Ticket, TimeSummary, Timed, Topic, TopicOptions, TradeLike, UndecodableRecord, Undeliverable };
