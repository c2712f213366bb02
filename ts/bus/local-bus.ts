import type { Backend, Core, Routes } from '../core.js'
import { show, TickbusError } from '../errors.js'
import { loadCore } from '../native/index.js'
import { BusState, type HandlerError } from './bus-state.js'
import { checkPattern, checkTopic } from './name.js'
import { Schema, topics } from './schema.js'
import { callOrder, type Handler, type SubscribeOptions, Subscription } from './subscription.js'
import { type Topic, TopicHandle } from './topic.js'

export interface LocalBusOptions {
  /** What travels on which topics, made by `topics()`. Without it every topic is free-form. */
  schema?: Schema
  /** Which backend this bus runs on. @default the one that the package chose, see `backend` */
  backend?: Backend
}

/** One pattern that somebody subscribes to: the subscriptions of this thread, and which other threads have some. */
export interface PatternEntry {
  readonly id: number
  readonly pattern: string
  subscriptions: readonly Subscription[]
  maskLow: number
  maskHigh: number
}

/** The bus inside one thread: patterns, topic handles and synchronous dispatch. `MessageBus` adds the other threads. */
export class LocalBus {
  /** What travels on which topics. */
  readonly schema: Schema
  /** Which backend this bus runs on. */
  readonly backend: Backend
  protected readonly core: Core
  protected readonly state = new BusState()
  readonly #routes: Routes
  #scratch = new Uint32Array(256)
  readonly #patterns = new Map<string, PatternEntry>()
  readonly #patternById: (PatternEntry | undefined)[] = []
  readonly #topics = new Map<string, TopicHandle>()
  #sequence = 0

  constructor(options: LocalBusOptions = {}) {
    if (options.schema !== undefined && !(options.schema instanceof Schema)) {
      const got = show(options.schema)
      throw new TickbusError('TICKBUS_ARGUMENT', { name: 'schema', expected: 'what topics({ … }) returns', got })
    }
    this.schema = options.schema ?? topics({})
    this.core = loadCore(options.backend)
    this.backend = this.core.backend
    this.#routes = this.core.openRoutes()
  }

  /**
   * Calls `handler` for every message on a topic that `pattern` matches, from the next publish on.
   * Subscribing the same pair again changes nothing and returns the first subscription.
   *
   * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`, `TICKBUS_PRIORITY`, `TICKBUS_CLOSED`
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- until schemas type the topic, the handler says what it expects
  subscribe<T = any>(pattern: string, handler: Handler<T>, options: SubscribeOptions = {}): Subscription {
    checkPattern(pattern)
    if (typeof handler !== 'function') throw new TickbusError('TICKBUS_HANDLER', { pattern, got: show(handler) })
    const { priority = 0, signal } = options
    if (!Number.isInteger(priority) || (priority | 0) !== priority) {
      throw new TickbusError('TICKBUS_PRIORITY', { got: show(priority) })
    }
    this.assertOpen()
    const known = this.#patterns.get(pattern)?.subscriptions.find((other) => other.handler === handler)
    if (known !== undefined) return known

    this.#sequence += 1
    const abort = () => subscription.unsubscribe()
    const subscription = new Subscription(pattern, handler, priority, this.#sequence, (ended) => {
      signal?.removeEventListener('abort', abort)
      this.#remove(ended)
    })
    if (signal?.aborted) {
      subscription.unsubscribe()
      return subscription
    }
    signal?.addEventListener('abort', abort, { once: true })
    const entry = this.#entry(pattern)
    entry.subscriptions = [...entry.subscriptions, subscription]
    this.#patch(entry)
    if (entry.subscriptions.length === 1) this.patternAdded(pattern)
    return subscription
  }

  /** Ends the subscription of this pair; says whether there was one. */
  unsubscribe(pattern: string, handler: Handler): boolean {
    const subscription = this.#patterns.get(pattern)?.subscriptions.find((other) => other.handler === handler)
    subscription?.unsubscribe()
    return subscription !== undefined
  }

  /**
   * The handle of a topic: hold it, and publish on it without a look-up.
   *
   * @throws {TickbusError} `TICKBUS_TOPIC`, `TICKBUS_CLOSED`
   */
  topic<T = unknown>(name: string): Topic<T> {
    this.assertOpen()
    return this.handle(name) as Topic<T>
  }

  /**
   * Publishes by name: a look-up, then the same as the handle's `publish`.
   *
   * @throws {TickbusError} `TICKBUS_TOPIC`, and what {@link Topic.publish} throws
   */
  publish(topic: string, message: unknown): void {
    const handle = this.#topics.get(topic) ?? this.topic(topic)
    handle.publish(message)
  }

  /** Listens to the bus itself. Returns the bus. */
  on(event: 'handlerError', listener: (fault: HandlerError) => void): this
  on(event: string, listener: (detail: never) => void): this {
    this.state.events.on(event, listener as (detail: unknown) => void)
    return this
  }

  /** Stops listening. Returns the bus. */
  off(event: string, listener: (detail: never) => void): this {
    this.state.events.off(event, listener as (detail: unknown) => void)
    return this
  }

  protected assertOpen(): void {
    if (this.state.closed) throw new TickbusError('TICKBUS_CLOSED')
  }

  /** The handle behind `topic`, which a closed bus has, too: records may still arrive. */
  protected handle(name: string): TopicHandle {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    checkTopic(name)
    const handle = new TopicHandle(name, this.schema.typeOf(name), this.state)
    this.#topics.set(name, handle)
    this.#compile(handle)
    return handle
  }

  /** Published and delivered messages of this thread, all topics together. */
  protected totals(): { published: number; delivered: number; topics: number; patterns: number } {
    let published = 0
    let delivered = 0
    for (const handle of this.#topics.values()) {
      published += handle.published
      delivered += handle.delivered
    }
    return { published, delivered, topics: this.#topics.size, patterns: this.localPatterns().length }
  }

  /** Ends all subscriptions and refuses everything from now on. */
  protected shut(): void {
    this.state.closed = true
    for (const entry of [...this.#patterns.values()]) {
      for (const subscription of entry.subscriptions) subscription.unsubscribe()
    }
  }

  /** Adds or takes away one member's interest in a pattern, and patches the topics that it matches. */
  protected setRemote(pattern: string, maskLow: number, maskHigh: number, interested: boolean): void {
    const entry = this.#entry(pattern)
    entry.maskLow = interested ? entry.maskLow | maskLow : entry.maskLow & ~maskLow
    entry.maskHigh = interested ? entry.maskHigh | maskHigh : entry.maskHigh & ~maskHigh
    this.#patch(entry)
    this.#dropIfUnused(entry)
  }

  /** Takes away one member's interest in everything. */
  protected dropRemote(maskLow: number, maskHigh: number): void {
    for (const entry of [...this.#patterns.values()]) {
      if ((entry.maskLow & maskLow) !== 0 || (entry.maskHigh & maskHigh) !== 0) {
        this.setRemote(entry.pattern, maskLow, maskHigh, false)
      }
    }
  }

  /** Patterns with a subscription in this thread. */
  protected localPatterns(): string[] {
    return [...this.#patterns.values()].filter((entry) => entry.subscriptions.length > 0).map((entry) => entry.pattern)
  }

  /** A pattern got its first subscription in this thread. */
  protected patternAdded(_pattern: string): void {
    // Nobody else is interested until other threads are.
  }

  /** A pattern lost its last subscription in this thread. */
  protected patternRemoved(_pattern: string): void {
    // See above.
  }

  /** The other threads that subscribe to a topic changed: its masks say to which. */
  protected remoteChanged(_topic: TopicHandle): void {
    // See above.
  }

  #remove(subscription: Subscription): void {
    const entry = this.#patterns.get(subscription.pattern)
    if (entry === undefined || !entry.subscriptions.includes(subscription)) return
    entry.subscriptions = entry.subscriptions.filter((other) => other !== subscription)
    this.#patch(entry)
    if (entry.subscriptions.length > 0) return
    this.#dropIfUnused(entry)
    this.patternRemoved(subscription.pattern)
  }

  #entry(pattern: string): PatternEntry {
    const known = this.#patterns.get(pattern)
    if (known !== undefined) return known
    const entry = { id: this.#routes.add(pattern), pattern, subscriptions: [], maskLow: 0, maskHigh: 0 }
    this.#patterns.set(pattern, entry)
    this.#patternById[entry.id] = entry
    return entry
  }

  #dropIfUnused(entry: PatternEntry): void {
    if (entry.subscriptions.length > 0 || entry.maskLow !== 0 || entry.maskHigh !== 0) return
    this.#routes.remove(entry.id)
    this.#patterns.delete(entry.pattern)
    this.#patternById[entry.id] = undefined
  }

  /** Compiles again the known topics that a pattern matches. */
  #patch(entry: PatternEntry): void {
    for (const handle of this.#topics.values()) {
      if (this.core.isMatching(handle.name, entry.pattern)) this.#compile(handle)
    }
  }

  #compile(handle: TopicHandle): void {
    const matches = this.#matches(handle.name)
    const route = matches.flatMap((entry) => entry.subscriptions).sort(callOrder)
    handle.setRoute(Object.freeze(route))
    let maskLow = 0
    let maskHigh = 0
    for (const entry of matches) {
      maskLow |= entry.maskLow
      maskHigh |= entry.maskHigh
    }
    if (maskLow === handle.maskLow && maskHigh === handle.maskHigh) return
    handle.maskLow = maskLow
    handle.maskHigh = maskHigh
    this.remoteChanged(handle)
  }

  #matches(topic: string): PatternEntry[] {
    let count = this.#routes.resolve(topic, this.#scratch)
    if (count > this.#scratch.length) {
      this.#scratch = new Uint32Array(2 * count)
      count = this.#routes.resolve(topic, this.#scratch)
    }
    return Array.from(this.#scratch.subarray(0, count), (id) => this.#patternById[id]!)
  }
}
