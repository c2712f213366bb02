import type { Core, Routes } from '../core.js'
import { excluding, including, isRouteOf, type Route, routeOf } from './route.js'
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
  /** A route that goes by this pattern, while some topic has it: the next topic's is probably the same. */
  recent: WeakRef<Route> | undefined
}

export interface RouteTableOptions {
  readonly core: Pick<Core, 'openRoutes'>
  /** Makes the handle of a topic that is seen for the first time. */
  readonly openTopic: (name: string, id: number) => TopicHandle
  /** Other threads subscribe to a topic, or others than before. */
  readonly remoteChanged: (topic: TopicHandle, maskLow: number, maskHigh: number) => void
}

/**
 * Which subscriptions get the messages of which topics. `Routes` says what matches; this keeps the handles of the known
 * topics in step, and touches only those whose route changes.
 */
export class RouteTable {
  readonly patterns = new Map<string, PatternEntry>()
  readonly #options: RouteTableOptions
  readonly #topics = new Map<string, TopicHandle>()
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
    return this.#topics.get(name)
  }

  /** All known topics. */
  topics(): TopicHandle[] {
    return [...this.#topics.values()]
  }

  /** Takes a topic in, with the route that it has now. */
  addTopic(name: string): TopicHandle {
    const id = this.#routes.addTopic(name)
    const entries = this.#entries(this.#list(() => this.#routes.resolve(name)))
    const topic = this.#options.openTopic(name, id)
    this.#topics.set(name, topic)
    this.#topicById[id] = topic
    if (entries.length > 0) {
      topic.route = routeBy(entries)
      this.#setMasks(topic, entries)
    }
    return topic
  }

  /** Forgets a topic: its handle is no longer kept up. */
  dropTopic(topic: TopicHandle): void {
    this.#routes.removeTopic(topic.id)
    this.#topics.delete(topic.name)
    this.#topicById[topic.id] = undefined
    topic.drop()
    this.#setMasks(topic, [])
  }

  /** Adds a subscription of this thread; returns the topics that it now gets. */
  addSubscription(subscription: Subscription): TopicHandle[] {
    const { entry, topics } = this.#open(subscription.pattern)
    entry.subscriptions = [...entry.subscriptions, subscription]
    replaceRoutes(topics, (route) => including(route, subscription))
    return topics
  }

  /** Takes a subscription away; says whether it was there. */
  removeSubscription(subscription: Subscription): boolean {
    const entry = this.patterns.get(subscription.pattern)
    if (entry === undefined || !entry.subscriptions.includes(subscription)) return false
    entry.subscriptions = entry.subscriptions.filter((other) => other !== subscription)
    replaceRoutes(this.#affected(entry.pattern), (route) => excluding(route, subscription))
    this.#dropIfUnused(entry)
    return true
  }

  /** Adds another thread's interest in a pattern. */
  addRemote(pattern: string, maskLow: number, maskHigh: number): void {
    const { entry, topics } = this.#open(pattern)
    entry.maskLow |= maskLow
    entry.maskHigh |= maskHigh
    for (const topic of topics) this.#setMasks(topic, [topic.outlet ?? NO_MASKS, entry])
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
    const known = this.#topics.get(topic)
    return known?.route.subscriptions ?? subscriptionsBy(this.#matching(topic))
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
    const entry = { id, pattern, subscriptions: [], maskLow: 0, maskHigh: 0, recent: undefined }
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
  #setMasks(topic: TopicHandle, sources: readonly Masks[]): void {
    const before = topic.outlet ?? NO_MASKS
    let low = 0
    let high = 0
    for (const { maskLow, maskHigh } of sources) {
      low |= maskLow
      high |= maskHigh
    }
    if (low !== before.maskLow || high !== before.maskHigh) this.#options.remoteChanged(topic, low, high)
  }
}

type Masks = Pick<PatternEntry, 'maskLow' | 'maskHigh'>
const NO_MASKS: Masks = { maskLow: 0, maskHigh: 0 }

/** The route by these patterns. Topics that go by the same ones share it, as far as they come one after the other. */
function routeBy(entries: readonly PatternEntry[]): Route {
  const subscriptions = subscriptionsBy(entries)
  const [first] = entries
  const recent = first.recent?.deref()
  if (recent !== undefined && isRouteOf(recent, subscriptions)) return recent
  const route = routeOf(subscriptions)
  first.recent = new WeakRef(route)
  return route
}

function subscriptionsBy(entries: readonly PatternEntry[]): Subscription[] {
  return entries.flatMap((entry) => entry.subscriptions).sort(callOrder)
}

/** Gives topics new routes; those that shared one share the new one. */
function replaceRoutes(topics: readonly TopicHandle[], replace: (route: Route) => Route): void {
  const replaced = new Map<Route, Route>()
  for (const topic of topics) {
    const route = replaced.get(topic.route) ?? replace(topic.route)
    replaced.set(topic.route, route)
    topic.route = route
  }
}

/** Numbers in memory that the native backend can keep an address of. */
function shared(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * count))
}
