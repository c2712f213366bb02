// The public API of tickbus. Made by scripts/build-ts.mjs from ts/. Do not edit.

import { EventEmitter } from 'node:events';
import { WorkerOptions, Worker } from 'node:worker_threads';

/** Called with each message and its topic. What it returns is not awaited; a rejection is reported like a throw. */
type Handler<T = any> = (message: T, topic: string) => unknown;
interface SubscribeOptions {
    /** Higher runs first; ties run in order of subscription. A whole number. @default 0 */
    priority?: number;
    /** Ends the subscription when it aborts. */
    signal?: AbortSignal;
}
/** One (pattern, handler) pair on a bus. */
declare class Subscription {
    #private;
    readonly pattern: string;
    readonly handler: Handler;
    readonly priority: number;
    /** Rises with each subscribe on the bus, so that ties have an order. */
    readonly sequence: number;
    /** @internal */
    constructor(pattern: string, handler: Handler, priority: number, sequence: number, end: (subscription: Subscription) => void);
    /** Whether messages still arrive. */
    get active(): boolean;
    /** Ends it; counts from the next publish. A second call changes nothing. */
    unsubscribe(): void;
    [Symbol.dispose](): void;
}

/** A handler that threw, or whose promise rejected. */
interface HandlerError {
    error: unknown;
    topic: string;
    pattern: string;
    handler: Handler;
}
/** What the topic handles of one bus share with it: whether it is open, and where faults go. */
declare class BusState {
    #private;
    closed: boolean;
    handlerErrors: number;
    readonly events: EventEmitter<[never]>;
    /** Counts the fault and hands it to the listeners of `handlerError`; without one, warns once for each handler. */
    reportHandlerError(fault: HandlerError): void;
    /** Emits an event; a listener that throws is reported as an uncaught exception and stops nobody. */
    emit(name: string, detail: unknown): boolean;
}

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
    /** UNIX nanoseconds of an offset from this epoch. */
    unixNsAt(offsetNs: number): bigint;
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
    /** Opens an empty pattern table. */
    openRoutes(): Routes;
    /**
     * Makes this thread reachable as one member of a bus.
     *
     * @throws {TickbusError} `TICKBUS_TICKET` if `roster` is not the page that the other members joined with.
     */
    join(options: JoinOptions): Membership;
}
/** A table of patterns that says which of them match a topic. */
interface Routes {
    /** Adds a pattern; the same text gives the same id again. Ids are small and are reused after `remove`. */
    add(pattern: string): number;
    /** Forgets a pattern. An unknown id changes nothing. */
    remove(id: number): void;
    /**
     * Writes the ids of all patterns that match `topic` into `out`, in rising order, as far as they fit.
     * Returns how many match: if that is more than `out.length`, call again with a longer array.
     */
    resolve(topic: string, out: Uint32Array): number;
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

/** Typed views over the same memory; offsets are counted in elements of each. */
interface Views {
    readonly words: Uint32Array;
    readonly doubles: Float64Array;
    readonly bytes: Uint8Array;
}
/**
 * Writes and reads one kind of fixed 64-byte record. `at` is the record's first double; its first word is `2 * at`.
 * `write` checks before it writes and throws `TICKBUS_RECORD_FIELD` or `TICKBUS_RECORD_TIME`; it sets the kind word,
 * and leaves the topic word alone.
 */
interface RecordCodec<T> {
    readonly kind: number;
    readonly name: string;
    write(views: Views, at: number, message: T, epoch: Epoch): void;
    read(views: Views, at: number, epoch: Epoch): T;
}
/** A message with times: what `quote()` and `trade()` have in common. */
interface Timed {
    /** When it happened at the venue, UNIX nanoseconds. */
    tsEvent: bigint;
    /** When the message was made here, UNIX nanoseconds. @default tsEvent */
    tsInit?: bigint;
}

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
declare class Quote implements QuoteLike {
    readonly bidPrice: number;
    readonly askPrice: number;
    readonly bidSize: number;
    readonly askSize: number;
    /** The venue's update number, 0 if it has none. */
    readonly sequence: number;
    /** When it happened at the venue, in nanoseconds since `epoch`: the fast form of `tsEvent`. */
    readonly eventNs: number;
    /** When the message was made here, in nanoseconds since `epoch`: the fast form of `tsInit`. */
    readonly initNs: number;
    /** The instant from which `eventNs` and `initNs` count. */
    readonly epoch: Epoch;
    constructor(bidPrice: number, askPrice: number, bidSize: number, askSize: number, eventNs: number, initNs: number, epoch: Epoch, sequence?: number);
    /** When it happened at the venue, UNIX nanoseconds. */
    get tsEvent(): bigint;
    /** When the message was made here, UNIX nanoseconds. */
    get tsInit(): bigint;
}

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
declare class Trade implements TradeLike {
    readonly price: number;
    readonly size: number;
    readonly aggressorSide: AggressorSide;
    readonly tradeId: string;
    /** When it happened at the venue, in nanoseconds since `epoch`: the fast form of `tsEvent`. */
    readonly eventNs: number;
    /** When the message was made here, in nanoseconds since `epoch`: the fast form of `tsInit`. */
    readonly initNs: number;
    /** The instant from which `eventNs` and `initNs` count. */
    readonly epoch: Epoch;
    constructor(price: number, size: number, aggressorSide: AggressorSide, tradeId: string, eventNs: number, initNs: number, epoch: Epoch);
    /** When it happened at the venue, UNIX nanoseconds. */
    get tsEvent(): bigint;
    /** When the message was made here, UNIX nanoseconds. */
    get tsInit(): bigint;
}

/** What a topic may ask for, whatever its messages are. */
interface TopicOptions {
    /**
     * What happens when a thread reads slower than it is sent to. `drop`: its oldest records are overwritten and counted
     * as lost. `wait`: a bounded queue on the publishing side takes up the slack; what does not fit is counted as dropped.
     * A publish never blocks. @default 'drop'
     */
    slowReader?: 'drop' | 'wait';
}
/** How the messages of a topic travel between threads, and what the topic asks for. Made by `quote()` and its like. */
interface MessageType<T> {
    readonly kind: 'quote' | 'trade' | 'msgpack';
    readonly options: Readonly<TopicOptions>;
    /** How to write the fixed record; undefined for MessagePack. */
    readonly codec: RecordCodec<T> | undefined;
}
/** Best bid and offer, a fixed 64-byte record. */
declare function quote(options?: TopicOptions): MessageType<QuoteLike>;
/** Trades, a fixed 64-byte record. */
declare function trade(options?: TopicOptions): MessageType<TradeLike>;
/** Any plain data, as MessagePack. What a topic without an entry uses. */
declare function msgpack<T = unknown>(options?: TopicOptions): MessageType<T>;
/** A schema as data, as a ticket carries it to another thread. */
type SchemaData = readonly {
    template: string;
    kind: string;
    options: TopicOptions;
}[];
interface Entry {
    readonly template: string;
    readonly segments: readonly string[];
    readonly type: MessageType<unknown>;
}
/** Says for every topic how its messages travel. Made by `topics()`. */
declare class Schema {
    #private;
    /** @internal */
    constructor(entries: readonly Entry[]);
    /** The most specific entry that fits the topic; MessagePack without options if none does. */
    typeOf(topic: string): MessageType<unknown>;
    /** The schema as plain data: templates, kinds and options, no functions. */
    toData(): SchemaData;
    static fromData(data: SchemaData): Schema;
}
/**
 * Declares what travels on which topics.
 *
 * A key is a topic in which `{name}` stands for one segment, and the last `{name}` for the rest, dots included. Of two
 * templates that fit one topic, the one whose first differing segment is literal wins, then the longer one.
 *
 * @throws {TickbusError} `TICKBUS_SCHEMA` if a template is malformed, or two are equally specific.
 */
declare function topics(definition: Record<string, MessageType<never> | MessageType<unknown>>): Schema;

/** A topic held by its user: the fast path of publishing. */
interface Topic<T = unknown> {
    readonly name: string;
    /**
     * Hands `message` to every subscriber: to other threads first, then to the handlers of this thread, by reference,
     * highest priority first.
     *
     * @throws {TickbusError} `TICKBUS_CLOSED`; and where another thread subscribes, before anybody got the message,
     * `TICKBUS_ENCODE`, `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME` or `TICKBUS_PAYLOAD_SIZE` if it cannot be sent.
     */
    publish(message: T): void;
}
/** Where a topic's messages go when other threads subscribe to it. */
interface Outlet {
    send(message: unknown): void;
}
/** The handle behind `Topic`: a compiled route, replaced and never changed in place while handlers run. */
declare class TopicHandle implements Topic {
    #private;
    readonly name: string;
    readonly type: MessageType<unknown>;
    /** Set while other threads subscribe. */
    outlet: Outlet | undefined;
    /** Members other than this one that subscribe: bit n of the pair is member n. */
    maskLow: number;
    maskHigh: number;
    published: number;
    delivered: number;
    constructor(name: string, type: MessageType<unknown>, state: BusState);
    publish(message: unknown): void;
    /** Runs the handlers of this thread. Never throws: what they throw is counted and reported. */
    deliver(message: unknown): void;
    /** Takes a new route; a delivery that is under way goes on with the old one. */
    setRoute(route: readonly Subscription[]): void;
}

interface LocalBusOptions {
    /** What travels on which topics, made by `topics()`. Without it every topic is free-form. */
    schema?: Schema;
    /** Which backend this bus runs on. @default the one that the package chose, see `backend` */
    backend?: Backend;
}
/** The bus inside one thread: patterns, topic handles and synchronous dispatch. `MessageBus` adds the other threads. */
declare class LocalBus {
    #private;
    /** What travels on which topics. */
    readonly schema: Schema;
    /** Which backend this bus runs on. */
    readonly backend: Backend;
    protected readonly core: Core;
    protected readonly state: BusState;
    constructor(options?: LocalBusOptions);
    /**
     * Calls `handler` for every message on a topic that `pattern` matches, from the next publish on.
     * Subscribing the same pair again changes nothing and returns the first subscription.
     *
     * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`, `TICKBUS_PRIORITY`, `TICKBUS_CLOSED`
     */
    subscribe<T = any>(pattern: string, handler: Handler<T>, options?: SubscribeOptions): Subscription;
    /** Ends the subscription of this pair; says whether there was one. */
    unsubscribe(pattern: string, handler: Handler): boolean;
    /**
     * The handle of a topic: hold it, and publish on it without a look-up.
     *
     * @throws {TickbusError} `TICKBUS_TOPIC`, `TICKBUS_CLOSED`
     */
    topic<T = unknown>(name: string): Topic<T>;
    /**
     * Publishes by name: a look-up, then the same as the handle's `publish`.
     *
     * @throws {TickbusError} `TICKBUS_TOPIC`, and what {@link Topic.publish} throws
     */
    publish(topic: string, message: unknown): void;
    /** Listens to the bus itself. Returns the bus. */
    on(event: 'handlerError', listener: (fault: HandlerError) => void): this;
    /** Stops listening. Returns the bus. */
    off(event: string, listener: (detail: never) => void): this;
    protected assertOpen(): void;
    /** The handle behind `topic`, which a closed bus has, too: records may still arrive. */
    protected handle(name: string): TopicHandle;
    /** Published and delivered messages of this thread, all topics together. */
    protected totals(): {
        published: number;
        delivered: number;
        topics: number;
        patterns: number;
    };
    /** Ends all subscriptions and refuses everything from now on. */
    protected shut(): void;
    /** Adds or takes away one member's interest in a pattern, and patches the topics that it matches. */
    protected setRemote(pattern: string, maskLow: number, maskHigh: number, interested: boolean): void;
    /** Takes away one member's interest in everything. */
    protected dropRemote(maskLow: number, maskHigh: number): void;
    /** Patterns with a subscription in this thread. */
    protected localPatterns(): string[];
    /** A pattern got its first subscription in this thread. */
    protected patternAdded(_pattern: string): void;
    /** A pattern lost its last subscription in this thread. */
    protected patternRemoved(_pattern: string): void;
    /** The other threads that subscribe to a topic changed: its masks say to which. */
    protected remoteChanged(_topic: TopicHandle): void;
}

/**
 * Whether `pattern` matches all of `topic`: the matcher behind every subscription. Both are taken as UTF-8 bytes; `*` is
 * any run of bytes, dots and nothing included, `?` is exactly one byte, everything else stands for itself.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT` if one of them is not a string.
 */
declare function isMatching(topic: string, pattern: string): boolean;

/**
 * Every error that Tickbus throws, by its stable code. `{name}` is filled in from the error's details.
 * docs/errors.md is made from this table, and the Rust side uses the same codes.
 */
declare const codes: {
    readonly TICKBUS_ARGUMENT: "Bad argument {name}: expected {expected}, got {got}.";
    readonly TICKBUS_ATTACH_TIMEOUT: "No answer from thread(s) {threads} within {timeoutMs} ms. A thread that runs one long synchronous call cannot answer: attach before it starts, or raise timeoutMs.";
    readonly TICKBUS_BACKEND: "The {backend} backend cannot be used: {reason}. Unset TICKBUS_BACKEND to let Tickbus choose.";
    readonly TICKBUS_CLOSED: "The bus is closed. Open a new one; a closed bus accepts nothing.";
    readonly TICKBUS_ENCODE: "The message on \"{topic}\" cannot be sent to another thread: {reason}. Send plain data: no functions, no cycles, no symbols.";
    readonly TICKBUS_FRAME: "This {venue} frame cannot be read: {reason}.";
    readonly TICKBUS_HANDLER: "The handler of \"{pattern}\" is not a function, got {got}.";
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

/** Which backend runs unless a bus asks for another one. */
declare const backend: Backend;

/**
 * How long a thread that found nothing to read looks again before it sleeps. `'auto'`: 0 to 200 us, as long as it has
 * paid off lately, by at most one thread less than there are cores. `{ us }`: always that long. `'off'`: not at all.
 */
type Polling = 'auto' | 'off' | {
    readonly us: number;
};

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

interface MessageBusOptions extends LocalBusOptions {
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
interface AttachOptions {
    /** The schema module of this thread; must say the same as the bus's. @default the bus's own, as the ticket carries it */
    schema?: Schema;
    /** Longest wait for the other threads' answers, in milliseconds. @default 10_000 */
    timeoutMs?: number;
}
interface BusStats {
    /** Publish calls in this thread. */
    published: number;
    /** Handler calls in this thread. */
    delivered: number;
    handlerErrors: number;
    /** Topics that this thread knows, and patterns that it subscribes to. */
    topics: number;
    patterns: number;
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
declare class MessageBus extends LocalBus {
    #private;
    /** From when records count their times. */
    readonly epoch: Epoch;
    /**
     * @throws {TickbusError} `TICKBUS_RING_SIZE`, `TICKBUS_POLLING`, `TICKBUS_ARGUMENT`, `TICKBUS_BACKEND`
     */
    constructor(options?: MessageBusOptions);
    /**
     * Makes this thread a member of a bus that another one opened. In a spawned module the ticket is known; in a worker of
     * your own pass it, or put it into `workerData`, itself or under the key `tickbus`. The same bus gives the same object.
     *
     * @throws {TickbusError} `TICKBUS_TICKET`, `TICKBUS_CLOSED`, `TICKBUS_MEMBERS`, `TICKBUS_SCHEMA_MISMATCH`, `TICKBUS_ATTACH_TIMEOUT`
     */
    static attach(ticket?: unknown, options?: AttachOptions): Promise<MessageBus>;
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
    protected patternAdded(pattern: string): void;
    protected patternRemoved(pattern: string): void;
    protected remoteChanged(topic: TopicHandle): void;
}

export { Epoch, MessageBus, Quote, Schema, SpawnedThreads, Subscription, TickbusError, Trade, backend, codes, isMatching, msgpack, quote, topics, trade };
export type { AggressorSide, AttachOptions, Backend, BusStats, ErrorCode, Handler, HandlerError, LostRecords, MessageBusOptions, MessageType, Polling, QuoteLike, SlowReader, SpawnOptions, SubscribeOptions, ThreadExit, ThreadStats, Ticket, Timed, Topic, TopicOptions, TradeLike, UndecodableRecord };
