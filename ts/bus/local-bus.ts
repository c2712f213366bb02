import type { Backend, Core } from '../core.js'
import { badArgument, show, TickbusError } from '../errors.js'
import { loadCore } from '../native/index.js'
import { BusState, type HandlerError } from './bus-state.js'
import { Calls, type RemoteEndpoint, unknownEndpoint } from './calls.js'
import type { Endpoint, EndpointHandler } from './endpoint.js'
import { type MessagesOptions, MessageStream } from './message-stream.js'
import { checkPattern, checkTopic, hasWildcard } from './name.js'
import { NamedTopics } from './named-topics.js'
import type { Queue } from './queue.js'
import type { RequestOptions, RequestStats } from './requests.js'
import { RouteTable } from './route-table.js'
import { type Definition, Schema, topics } from './schema.js'
import {
  callOrder,
  everyTime,
  type Handler,
  onlyOnce,
  type SubscribeOptions,
  Subscription,
  type Subscriber,
} from './subscription.js'
import type { MessageOf, StatedOr, Unstated } from './topic-types.js'
import { type Outlet, type Topic, TopicHandle } from './topic.js'
import type { TimeSummary } from './wait-times.js'

export interface LocalBusOptions<D extends Definition = {}> {
  /** What travels on which topics, made by `topics()`. Without it every topic is free-form. */
  schema?: Schema<D>
  /** Which backend this bus runs on. @default the one that the package chose, see `backend` */
  backend?: Backend
  /** Whose bus it is, for logs and bridges; not used otherwise. */
  traderId?: string
  /**
   * What happens when a handler throws. `report`: it is counted and emitted as `handlerError`, the others run. `throw`: it
   * leaves `publish`, the handlers after it do not run, as with an EventEmitter. @default 'report'
   */
  onHandlerError?: 'report' | 'throw'
  /** Freezes every message and what it refers to, so that a handler that changes one fails. For development. @default false */
  freeze?: boolean
  /** Topics that are remembered although they are used by name alone, 1 to 16,777,216; held handles come on top. @default 65_536 */
  topicCache?: number
}

/** Counters of one thread. */
export interface LocalStats {
  /** Publish calls. */
  published: number
  /** Handler calls. */
  delivered: number
  handlerErrors: number
  /** Topics that this thread knows. */
  topics: number
  /** Topics that were dropped, because too many were used by name alone. */
  evicted: number
  /** Patterns that this thread subscribes to, and its subscriptions to them. */
  patterns: number
  subscriptions: number
  /** Endpoints of this thread. */
  endpoints: number
  /** Messages sent to endpoints, requests included. */
  sent: number
  requests: RequestStats
  /** Messages that nobody got, by reason. */
  dropped: {
    /** No room in the stream of a `messages()` loop. */
    streams: number
    /** Last messages of topics with `replay: 'last'` that were dropped with their topic, see `evicted`. */
    replay: number
  }
  /** How long the handlers of one publish took together, one publish in 64 of each topic, in nanoseconds. */
  dispatchNs: TimeSummary
}

/** What rooms above need of a bus, and its users do not. */
export interface BusInside {
  readonly core: Core
  /** The handle of a topic that is published by name. @throws {TickbusError} `TICKBUS_TOPIC`, `TICKBUS_CLOSED` */
  find(topic: string): TopicHandle
  isClosed(): boolean
  /** Makes a queue take what is published, here or in other threads, on topics that a pattern matches. */
  addQueue(pattern: string, queue: Queue): void
  removeQueue(pattern: string, queue: Queue): void
  /** A client of this thread keeps a journal from now on, or keeps none any more. Says false if another one does. */
  setJournalled(isJournalled: boolean): boolean
  /** What needs the bus until it has ended, such as other threads and journals: the close waits for it. Takes itself out. */
  readonly guests: Set<Guest>
}

/** Ends on demand, within `timeoutMs`; may be asked more than once. */
export interface Guest {
  close(timeoutMs: number): Promise<void>
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
let inside: (bus: LocalBus<any>) => BusInside

/** The inside of a bus: see {@link BusInside}. */
// oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
export function insideOf(bus: LocalBus<any>): BusInside {
  return inside(bus)
}

/** The bus inside one thread: patterns, topic handles and synchronous dispatch. `MessageBus` adds the other threads. */
export class LocalBus<D extends Definition = {}> {
  /** What travels on which topics. */
  readonly schema: Schema<D>
  /** Which backend this bus runs on. */
  readonly backend: Backend
  /** Whose bus it is. */
  readonly traderId: string | undefined
  /** How the bus treats messages and handlers: the same in all its threads. */
  protected readonly habits: Required<Pick<LocalBusOptions, 'onHandlerError' | 'freeze' | 'topicCache'>>
  protected readonly core: Core
  protected readonly state: BusState
  protected readonly calls: Calls
  protected readonly table: RouteTable
  readonly #guests = new Set<Guest>()
  readonly #names: NamedTopics
  readonly #subscriber: Subscriber = { remove: (subscription) => this.#remove(subscription) }
  #sequence = 0
  #subscriptions = 0
  #streamDrops = 0

  static {
    inside = (bus) => ({
      guests: bus.#guests,
      core: bus.core,
      find: (topic) => bus.#find(topic),
      isClosed: () => bus.state.closed,
      addQueue: (pattern, queue) => bus.#addQueue(pattern, queue),
      removeQueue: (pattern, queue) => bus.#removeQueue(pattern, queue),
      setJournalled: (isJournalled) => bus.#setJournalled(isJournalled),
    })
  }

  /** @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_BACKEND` */
  constructor(options: LocalBusOptions<D> = {}) {
    const { schema, traderId, onHandlerError = 'report', freeze = false, topicCache = 65_536 } = options
    if (schema !== undefined && !(schema instanceof Schema))
      throw badArgument('schema', 'what topics({ … }) returns', schema)
    if (traderId !== undefined && typeof traderId !== 'string') throw badArgument('traderId', 'a string', traderId)
    if (onHandlerError !== 'report' && onHandlerError !== 'throw') {
      throw badArgument('onHandlerError', `'report' or 'throw'`, onHandlerError)
    }
    if (typeof freeze !== 'boolean') throw badArgument('freeze', 'true or false', freeze)
    if (!Number.isInteger(topicCache) || topicCache < 1 || topicCache > 2 ** 24) {
      throw badArgument('topicCache', 'a whole number from 1 to 16,777,216', topicCache)
    }
    this.schema = schema ?? (topics({}) as unknown as Schema<D>)
    this.traderId = traderId
    this.habits = { onHandlerError, freeze, topicCache }
    this.core = loadCore(options.backend)
    this.backend = this.core.backend
    this.state = new BusState({ freezes: freeze, letsThrow: onHandlerError === 'throw' })
    this.calls = new Calls({
      remote: (name) => this.remoteEndpoint(name),
      added: (name) => this.endpointAdded(name),
      removed: (name) => this.endpointRemoved(name),
      onRejection: (name, error) => this.endpointFailed(name, error),
    })
    this.table = new RouteTable({
      core: this.core,
      openTopic: (name, id) => new TopicHandle(name, this.schema.typeOf(name), id, this.state),
      remoteChanged: (topic, maskLow, maskHigh) => this.#changeRemote(topic, maskLow, maskHigh),
      queuesChanged: changeQueues,
    })
    this.#names = new NamedTopics(this.table, this.state, topicCache)
  }

  /**
   * Calls `handler` for every message on a topic that `pattern` matches, from the next publish on. Where a topic keeps its
   * last message (`replay: 'last'`), the handler gets that one first, before `subscribe` returns.
   * Subscribing the same pair again changes nothing and returns the first subscription.
   *
   * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`, `TICKBUS_PRIORITY`, `TICKBUS_CLOSED`
   */
  subscribe<T = Unstated, Pattern extends string = string>(
    pattern: Pattern,
    handler: Handler<StatedOr<T, D, Pattern>>,
    options: SubscribeOptions = {},
  ): Subscription {
    return this.#subscribe(pattern, handler, options, everyTime)
  }

  /**
   * Calls `handler` for the next message, then ends the subscription.
   *
   * @throws {TickbusError} the same as `subscribe`
   */
  once<T = Unstated, Pattern extends string = string>(
    pattern: Pattern,
    handler: Handler<StatedOr<T, D, Pattern>>,
    options: SubscribeOptions = {},
  ): Subscription {
    return this.#subscribe(pattern, handler, options, onlyOnce)
  }

  /**
   * The messages of a pattern as an async iterator, which holds a bounded number of them: see {@link MessagesOptions}.
   *
   * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_ARGUMENT`, `TICKBUS_PRIORITY`, `TICKBUS_CLOSED`
   */
  messages<T = Unstated, Pattern extends string = string>(
    pattern: Pattern,
    options: MessagesOptions = {},
  ): MessageStream<StatedOr<T, D, Pattern>> {
    const stream = new MessageStream<StatedOr<T, D, Pattern>>(options, () => subscription.unsubscribe())
    const collect: Handler<StatedOr<T, D, Pattern>> = (message, topic) => {
      if (stream.push(message, topic)) this.#streamDrops += 1
    }
    const subscription = this.#subscribe(pattern, collect, options, everyTime)
    subscription.onEnd(() => stream.finish())
    return stream
  }

  /** Ends the subscription of this pair; says whether there was one. */
  unsubscribe(pattern: string, handler: Handler): boolean {
    const subscription = this.#subscriptionOf(pattern, handler)
    subscription?.unsubscribe()
    return subscription !== undefined
  }

  /**
   * The handle of a topic: hold it, and publish on it without a look-up. The same name gives the same handle.
   *
   * @throws {TickbusError} `TICKBUS_TOPIC`, `TICKBUS_CLOSED`
   */
  topic<T = Unstated, Name extends string = string>(name: Name): Topic<StatedOr<T, D, Name>> {
    this.assertOpen()
    let topic = this.table.topic(name)
    if (topic === undefined) {
      checkTopic(name)
      topic = this.table.addTopic(name)
    }
    topic.life = 'held'
    return topic as Topic<StatedOr<T, D, Name>>
  }

  /**
   * Publishes by name: a look-up, then the same as the handle's `publish`.
   *
   * @throws {TickbusError} `TICKBUS_TOPIC`, and what {@link Topic.publish} throws
   */
  publish<Name extends string>(topic: Name, message: MessageOf<D, Name>): void {
    this.#find(topic).publish(message)
  }

  /**
   * Makes this thread answer to a name, for `send` and `request` from anywhere on the bus.
   *
   * @throws {TickbusError} `TICKBUS_ENDPOINT`, `TICKBUS_HANDLER`, `TICKBUS_ENDPOINT_TAKEN`, `TICKBUS_CLOSED`
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- an endpoint says what it expects
  register<T = any, R = unknown>(name: string, handler: EndpointHandler<T, R>): Endpoint {
    this.assertOpen()
    return this.calls.register(name, handler)
  }

  /** Ends an endpoint of this thread; says whether there was one. */
  deregister(name: string): boolean {
    const endpoint = this.calls.get(name)
    endpoint?.deregister()
    return endpoint !== undefined
  }

  /**
   * Hands `message` to an endpoint: at once if it is in this thread, and what it throws is thrown here; otherwise it is on
   * its way when this returns.
   *
   * @throws {TickbusError} `TICKBUS_ENDPOINT`, `TICKBUS_ENDPOINT_UNKNOWN`, `TICKBUS_CLOSED`; for another thread also
   * `TICKBUS_ENCODE`, `TICKBUS_PAYLOAD_SIZE`, `TICKBUS_ENDPOINT_BUSY`
   */
  send(name: string, message: unknown): void {
    if (!this.trySend(name, message)) throw unknownEndpoint(name)
  }

  /** The same as `send`, but says false if nobody answers to the name. */
  trySend(name: string, message: unknown): boolean {
    this.assertOpen()
    return this.calls.trySend(name, message)
  }

  /**
   * Asks an endpoint. Resolves with what it returns, or with what its promise resolves to; rejects with what it throws.
   * Nothing is kept once that has happened.
   *
   * @throws (rejects) {TickbusError} `TICKBUS_REQUEST_TIMEOUT`, `TICKBUS_REQUEST_ABORTED`, `TICKBUS_REQUEST_DUPLICATE`,
   * `TICKBUS_ENDPOINT`, `TICKBUS_ENDPOINT_UNKNOWN`, `TICKBUS_ENDPOINT_LOST`, `TICKBUS_ARGUMENT`, `TICKBUS_CLOSED`, and
   * what `send` throws
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- the caller says what the reply is
  request<R = any>(name: string, message: unknown, options?: RequestOptions): Promise<R> {
    try {
      this.assertOpen()
      return this.calls.request(name, message, options) as Promise<R>
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * Subscriptions of this thread, in the order in which they are called. A text without a wildcard selects those that would
   * get a message on that topic; one with a wildcard those whose pattern it matches as a glob, character by character: `data.*`
   * selects `data.?.X` and not `*`. Without a text: all.
   */
  subscriptions(text?: string): Subscription[] {
    if (text === undefined) return this.#subscriptionsWhere(() => true)
    checkPattern(text)
    if (!hasWildcard(text)) return [...this.table.subscriptionsOf(text)]
    return this.#subscriptionsWhere((pattern) => this.core.isMatching(pattern, text))
  }

  /** Whether `subscriptions(text)` would have any, those of other threads included. */
  hasSubscribers(text: string): boolean {
    checkPattern(text)
    if (!hasWildcard(text)) return this.table.isWanted(text)
    return [...this.table.patterns.keys()].some((pattern) => this.core.isMatching(pattern, text))
  }

  /** Topics that this thread knows: held, or published by name and not forgotten yet. */
  topics(): string[] {
    return this.table.topics().map(({ name }) => name)
  }

  /** Patterns that this thread subscribes to, those of its consumer groups included. */
  patterns(): string[] {
    return [...this.table.patterns.keys()].filter((pattern) => this.#listens(pattern))
  }

  /** Names that somebody on the bus answers to, as far as this thread knows. */
  endpoints(): string[] {
    return this.calls.names()
  }

  /** Listens to the bus itself. Returns the bus. */
  on(event: 'handlerError', listener: (fault: HandlerError) => void): this
  on(event: string, listener: (detail: never) => void): this {
    this.state.events.on(event, listener)
    return this
  }

  /** Stops listening. Returns the bus. */
  off(event: string, listener: (detail: never) => void): this {
    this.state.events.off(event, listener)
    return this
  }

  protected assertOpen(): void {
    if (this.state.closed) throw new TickbusError('TICKBUS_CLOSED')
  }

  /** The handle of a topic on which a message comes from elsewhere, which a closed bus has, too. */
  protected handle(name: string): TopicHandle {
    return this.table.topic(name) ?? this.#names.add(name)
  }

  protected localStats(): LocalStats {
    const { topics, published, delivered, messages } = this.#names.forgotten
    const known = this.table.topics()
    const stats: LocalStats = {
      published,
      delivered,
      handlerErrors: this.state.handlerErrors,
      topics: known.length,
      evicted: topics,
      patterns: this.patterns().length,
      subscriptions: this.#subscriptions,
      endpoints: this.calls.names().length,
      sent: this.calls.sent,
      requests: this.calls.requests.stats(),
      dropped: { streams: this.#streamDrops, replay: messages },
      dispatchNs: this.state.dispatchTimes.summary(),
    }
    for (const topic of known) {
      stats.published += topic.published
      stats.delivered += topic.delivered
    }
    return stats
  }

  /** Reports an error of an endpoint that has no caller who could be told. */
  protected endpointFailed(name: string, error: unknown): void {
    const handler = this.calls.get(name)?.handler ?? nobody
    this.state.reportHandlerError({ error, topic: name, pattern: name, handler })
  }

  /** Ends all subscriptions, endpoints and requests, and refuses everything from now on. */
  protected shut(timeoutMs: number): void {
    this.state.closed = true
    for (const topic of this.table.topics()) topic.close()
    for (const entry of [...this.table.patterns.values()]) {
      for (const subscription of entry.subscriptions) subscription.unsubscribe()
      for (const queue of entry.queues) queue.shut(timeoutMs)
    }
    this.calls.close()
  }

  /** Whether anything is to be ended before the bus is closed. */
  protected get hasGuests(): boolean {
    return this.#guests.size > 0
  }

  /** Ends what runs in other threads and needs the bus until then. */
  protected async endGuests(timeoutMs: number): Promise<void> {
    await Promise.all([...this.#guests].map((guest) => guest.close(timeoutMs)))
  }

  /** The endpoint in another thread that answers to a name. */
  protected remoteEndpoint(_name: string): RemoteEndpoint | undefined {
    return undefined
  }

  /** A pattern got its first subscription or queue in this thread. */
  protected patternAdded(_pattern: string): void {
    // Nobody else is interested until other threads are.
  }

  /** A pattern lost its last subscription and queue in this thread. */
  protected patternRemoved(_pattern: string): void {
    // See above.
  }

  /** This thread answers to a name from now on. */
  protected endpointAdded(_name: string): void {
    // See above.
  }

  /** This thread no longer answers to a name. */
  protected endpointRemoved(_name: string): void {
    // See above.
  }

  /** The way out for a topic to which these other threads subscribe, if any. */
  protected outletOf(_topic: TopicHandle, _maskLow: number, _maskHigh: number): Outlet | undefined {
    return undefined
  }

  #subscribe(
    pattern: string,
    handler: Handler,
    options: SubscribeOptions,
    call: (subscription: Subscription) => Handler,
  ): Subscription {
    checkPattern(pattern)
    if (typeof handler !== 'function') throw new TickbusError('TICKBUS_HANDLER', { pattern, got: show(handler) })
    const { priority = 0, signal } = options
    if (!Number.isInteger(priority) || (priority | 0) !== priority) {
      throw new TickbusError('TICKBUS_PRIORITY', { got: show(priority) })
    }
    this.assertOpen()
    const known = this.#subscriptionOf(pattern, handler)
    if (known !== undefined) return known

    this.#sequence += 1
    const subscription = new Subscription(pattern, handler, priority, this.#sequence, this.#subscriber, call)
    if (signal?.aborted) {
      subscription.unsubscribe()
      return subscription
    }
    if (signal !== undefined) subscription.endBy(signal)
    const isFirst = !this.#listens(pattern)
    const topics = this.table.addSubscription(subscription)
    this.#subscriptions += 1
    if (isFirst) this.patternAdded(pattern)
    for (const topic of topics) topic.replayTo(subscription)
    return subscription
  }

  #changeRemote(topic: TopicHandle, maskLow: number, maskHigh: number): void {
    const { maskLow: beforeLow = 0, maskHigh: beforeHigh = 0 } = topic.outlet ?? {}
    const gainedLow = maskLow & ~beforeLow
    const gainedHigh = maskHigh & ~beforeHigh
    topic.outlet = this.outletOf(topic, maskLow, maskHigh)
    if (gainedLow === 0 && gainedHigh === 0) return
    try {
      topic.replayRemotely(gainedLow, gainedHigh)
    } catch (error) {
      // It was published when nobody needed it encoded.
      this.state.reportHandlerError({ error, topic: topic.name, pattern: topic.name, handler: nobody })
    }
  }

  #remove(subscription: Subscription): void {
    if (!this.table.removeSubscription(subscription)) return
    this.#subscriptions -= 1
    if (!this.#listens(subscription.pattern)) this.patternRemoved(subscription.pattern)
  }

  #addQueue(pattern: string, queue: Queue): void {
    const isFirst = !this.#listens(pattern)
    this.table.addQueue(pattern, queue)
    if (isFirst) this.patternAdded(pattern)
  }

  #setJournalled(isJournalled: boolean): boolean {
    if (isJournalled && this.state.isJournalled) return false
    this.state.isJournalled = isJournalled
    for (const topic of this.table.topics()) topic.lookForJournal()
    return true
  }

  #removeQueue(pattern: string, queue: Queue): void {
    const listened = this.#listens(pattern)
    this.table.removeQueue(pattern, queue)
    if (listened && !this.#listens(pattern)) this.patternRemoved(pattern)
  }

  /** Whether a subscription or a queue of this thread has the pattern. */
  #listens(pattern: string): boolean {
    const entry = this.table.patterns.get(pattern)
    return entry !== undefined && (entry.subscriptions.length > 0 || entry.queues.length > 0)
  }

  #subscriptionOf(pattern: string, handler: Handler): Subscription | undefined {
    return this.table.patterns.get(pattern)?.subscriptions.find((other) => other.handler === handler)
  }

  #subscriptionsWhere(selects: (pattern: string) => boolean): Subscription[] {
    const entries = [...this.table.patterns.values()].filter(({ pattern }) => selects(pattern))
    return entries.flatMap((entry) => entry.subscriptions).sort(callOrder)
  }

  /** The handle for publishing by name. */
  #find(topic: string): TopicHandle {
    // What is no string would be made one by the look-up.
    const known = typeof topic === 'string' ? this.#names.find(topic) : undefined
    return known ?? this.#name(topic)
  }

  /** A topic that is published by name for the first or the second time, or again since it was forgotten. */
  #name(name: string): TopicHandle {
    const known = this.table.topic(name)
    if (known !== undefined) {
      this.#names.use(known)
      return known
    }
    this.assertOpen()
    checkTopic(name)
    return this.#names.add(name)
  }
}

/** Gives a topic the way into these queues. */
function changeQueues(topic: TopicHandle, queues: readonly Queue[]): void {
  const before = topic.intake
  topic.intake = queues.length > 0 ? queues[0].intake(topic, queues, before) : undefined
  if (queues.length === 0) before?.close()
}

/** Stands for an endpoint that is gone. */
function nobody(): void {}
