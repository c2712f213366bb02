import type { Core, Routes } from '../core.js'
import { callOrder, type Subscription } from './subscription.js'
import type { TopicHandle } from './topic.js'

/** One pattern that somebody subscribes to: the subscriptions of this thread, and which other threads have some. */
export interface PatternEntry {
  readonly id: number
  readonly pattern: string
  subscriptions: readonly Subscription[]
  /** Other threads that subscribe to it: bit n of the pair is member n. */
  maskLow: number
  maskHigh: number
}

export interface RouteTableOptions {
  readonly core: Pick<Core, 'openRoutes'>
  /** Makes the handle of a topic that is seen for the first time. */
  readonly openTopic: (name: string, id: number) => TopicHandle
  /** The other threads that subscribe to a topic changed; `gained` are the bits that it did not have before. */
  readonly remoteChanged: (topic: TopicHandle, gainedLow: number, gainedHigh: number) => void
}

/**
 * Which subscriptions get the messages of which topics. `Routes` says what matches; this keeps the handles of the known
 * topics in step, and touches only those whose route changes.
 */
export class RouteTable {
  readonly patterns = new Map<string, PatternEntry>()
  readonly #options: RouteTableOptions
  /** An object and no Map: it takes half the time, above all for names that were put together just before. */
  readonly #topics: Record<string, TopicHandle | undefined> = Object.create(null)
  readonly #topicById: (TopicHandle | undefined)[] = []
  readonly #patternById: (PatternEntry | undefined)[] = []
  readonly #routes: Routes
  /** Where `#routes` leaves its lists. */
  #answer = shared(256)

  constructor(options: RouteTableOptions) {
    this.#options = options
    this.#routes = options.core.openRoutes(this.#answer)
  }

  /** The handle of a known topic. */
  topic(name: string): TopicHandle | undefined {
    // What is no string would be made one by the look-up.
    return typeof name === 'string' ? this.#topics[name] : undefined
  }

  /** All known topics. */
  topics(): TopicHandle[] {
    return this.#topicById.filter((topic) => topic !== undefined)
  }

  /** Takes a topic in, with the route that it has now. */
  addTopic(name: string): TopicHandle {
    const id = this.#routes.addTopic(name)
    const entries = this.#entries(this.#list(() => this.#routes.resolve(name)))
    const topic = this.#options.openTopic(name, id)
    this.#topics[name] = topic
    this.#topicById[id] = topic
    const subscriptions = entries.flatMap((entry) => entry.subscriptions)
    if (subscriptions.length > 0) topic.setRoute(subscriptions.sort(callOrder))
    this.#setMasks(topic, entries)
    return topic
  }

  /** Forgets a topic: its handle is no longer kept up. */
  dropTopic(topic: TopicHandle): void {
    this.#routes.removeTopic(topic.id)
    delete this.#topics[topic.name]
    this.#topicById[topic.id] = undefined
    topic.drop()
    if (topic.outlet !== undefined) this.#setMasks(topic, [])
  }

  /** Adds a subscription of this thread; returns the topics that it now gets. */
  addSubscription(subscription: Subscription): TopicHandle[] {
    const { entry, topics } = this.#open(subscription.pattern)
    entry.subscriptions = [...entry.subscriptions, subscription]
    for (const topic of topics) topic.setRoute(inserted(topic.route, subscription))
    return topics
  }

  /** Takes a subscription away; says whether it was there. */
  removeSubscription(subscription: Subscription): boolean {
    const entry = this.patterns.get(subscription.pattern)
    if (entry === undefined || !entry.subscriptions.includes(subscription)) return false
    entry.subscriptions = entry.subscriptions.filter((other) => other !== subscription)
    for (const topic of this.#affected(entry.pattern)) {
      topic.setRoute(topic.route.filter((other) => other !== subscription))
    }
    this.#dropIfUnused(entry)
    return true
  }

  /** Adds another thread's interest in a pattern. */
  addRemote(pattern: string, maskLow: number, maskHigh: number): void {
    const { entry, topics } = this.#open(pattern)
    entry.maskLow |= maskLow
    entry.maskHigh |= maskHigh
    for (const topic of topics) this.#setMasks(topic, [topic, entry])
  }

  /** Takes another thread's interest in a pattern away. */
  removeRemote(pattern: string, maskLow: number, maskHigh: number): void {
    const entry = this.patterns.get(pattern)
    if (entry === undefined) return
    entry.maskLow &= ~maskLow
    entry.maskHigh &= ~maskHigh
    // Another pattern may still stand for the same thread.
    for (const topic of this.#affected(pattern)) this.#setMasks(topic, this.#matching(topic.name))
    this.#dropIfUnused(entry)
  }

  /** Takes away another thread's interest in everything. */
  dropRemote(maskLow: number, maskHigh: number): void {
    for (const entry of [...this.patterns.values()]) {
      if ((entry.maskLow & maskLow) !== 0 || (entry.maskHigh & maskHigh) !== 0) {
        this.removeRemote(entry.pattern, maskLow, maskHigh)
      }
    }
  }

  /** Subscriptions of this thread that a topic has, or would have, in the order in which they are called. */
  subscriptionsOf(topic: string): readonly Subscription[] {
    const known = this.#topics[topic]
    if (known !== undefined) return known.route
    return this.#matching(topic)
      .flatMap((entry) => entry.subscriptions)
      .sort(callOrder)
  }

  /** Whether anybody, here or in another thread, subscribes to a topic. */
  isWanted(topic: string): boolean {
    return this.#matching(topic).length > 0
  }

  /** The patterns that match a topic, known or not. */
  #matching(topic: string): PatternEntry[] {
    this.#routes.resolve(topic)
    return this.#entries(this.#list(() => this.#routes.resolve(topic)))
  }

  #affected(pattern: string): TopicHandle[] {
    this.#routes.affected(pattern)
    return this.#handles(this.#list(() => this.#routes.affected(pattern)))
  }

  /** A pattern's entry, made if there is none, and the known topics that it matches. */
  #open(pattern: string): { entry: PatternEntry; topics: TopicHandle[] } {
    const known = this.patterns.get(pattern)
    if (known !== undefined) return { entry: known, topics: this.#affected(pattern) }
    const id = this.#routes.addPattern(pattern)
    const entry = { id, pattern, subscriptions: [], maskLow: 0, maskHigh: 0 }
    this.patterns.set(pattern, entry)
    this.#patternById[id] = entry
    return { entry, topics: this.#handles(this.#list(() => this.#routes.affected(pattern))) }
  }

  #dropIfUnused(entry: PatternEntry): void {
    if (entry.subscriptions.length > 0 || entry.maskLow !== 0 || entry.maskHigh !== 0) return
    this.#routes.removePattern(entry.id)
    this.patterns.delete(entry.pattern)
    this.#patternById[entry.id] = undefined
  }

  /** The list of the last call; if it did not fit, `ask` must ask for the same again. */
  #list(ask: () => void): Uint32Array {
    const count = this.#answer[0]
    if (count >= this.#answer.length) {
      this.#answer = shared(2 * count)
      this.#routes.answerIn(this.#answer)
      ask()
    }
    return this.#answer.subarray(1, 1 + count)
  }

  #entries(ids: Uint32Array): PatternEntry[] {
    return Array.from(ids, (id) => this.#patternById[id]!)
  }

  #handles(ids: Uint32Array): TopicHandle[] {
    return Array.from(ids, (id) => this.#topicById[id]!)
  }

  /** Gives a topic the other threads of all `sources` together. */
  #setMasks(topic: TopicHandle, sources: readonly { maskLow: number; maskHigh: number }[]): void {
    let low = 0
    let high = 0
    for (const { maskLow, maskHigh } of sources) {
      low |= maskLow
      high |= maskHigh
    }
    const gainedLow = low & ~topic.maskLow
    const gainedHigh = high & ~topic.maskHigh
    if (low === topic.maskLow && high === topic.maskHigh) return
    topic.maskLow = low
    topic.maskHigh = high
    this.#options.remoteChanged(topic, gainedLow, gainedHigh)
  }
}

/** A route with one more subscription, the youngest of all. */
function inserted(route: readonly Subscription[], subscription: Subscription): Subscription[] {
  const index = route.findIndex((other) => other.priority < subscription.priority)
  return route.toSpliced(index < 0 ? route.length : index, 0, subscription)
}

/** Numbers in memory that the native backend can keep an address of. */
function shared(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * count))
}
