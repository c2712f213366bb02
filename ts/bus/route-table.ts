import type { Core, Routes } from '../core.js'
import type { Queue } from './queue.js'
import { excluding, including, isRouteOf, NOBODY, type Route, routeOf } from './route.js'
import { callOrder, type Subscription } from './subscription.js'
import type { TopicHandle } from './topic.js'

/** One pattern that somebody subscribes to: the subscriptions of this thread, and which other threads have some. */
export interface PatternEntry {
  readonly id: number
  readonly pattern: string
  subscriptions: readonly Subscription[]
  /** Queues of this thread that take what it matches. */
  queues: readonly Queue[]
  /** Other threads that subscribe to it: bit n of the pair is member n. */
  maskLow: number
  maskHigh: number
  /** A route that some topic has, and in which a subscription of this pattern is called first: the next topic's is probably the same. */
  recent: Route | undefined
}

export interface RouteTableOptions {
  readonly core: Pick<Core, 'openRoutes'>
  /** Makes the handle of a topic that is seen for the first time. */
  readonly openTopic: (name: string, id: number) => TopicHandle
  /** Other threads subscribe to a topic, or others than before. */
  readonly remoteChanged: (topic: TopicHandle, maskLow: number, maskHigh: number) => void
  /** Queues of this thread take a topic, or others than before. */
  readonly queuesChanged: (topic: TopicHandle, queues: readonly Queue[]) => void
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
    const entries = this.#entries(name)
    const topic = this.#options.openTopic(name, id)
    this.#topics.set(name, topic)
    this.#topicById[id] = topic
    const subscriptions = subscriptionsBy(entries)
    if (subscriptions.length > 0) this.#setRoute(topic, this.#routeOf(subscriptions))
    if (entries.length > 0) {
      this.#setMasks(topic, entries)
      this.#setQueues(topic, entries)
    }
    return topic
  }

  /** Forgets a topic: its handle is no longer kept up. */
  dropTopic(topic: TopicHandle): void {
    this.#routes.removeTopic(topic.id)
    this.#topics.delete(topic.name)
    this.#topicById[topic.id] = undefined
    topic.drop()
    this.#setRoute(topic, NOBODY)
    this.#setMasks(topic, [])
    this.#setQueues(topic, [])
  }

  /** Adds a subscription of this thread; returns the topics that it now gets. */
  addSubscription(subscription: Subscription): TopicHandle[] {
    const { entry, topics } = this.#open(subscription.pattern)
    entry.subscriptions = [...entry.subscriptions, subscription]
    this.#replaceRoutes(topics, (route) => including(route, subscription))
    return topics
  }

  /** Takes a subscription away; says whether it was there. */
  removeSubscription(subscription: Subscription): boolean {
    const entry = this.patterns.get(subscription.pattern)
    if (entry === undefined || !entry.subscriptions.includes(subscription)) return false
    entry.subscriptions = entry.subscriptions.filter((other) => other !== subscription)
    this.#replaceRoutes(this.#affected(entry.pattern), (route) => excluding(route, subscription))
    this.#dropIfUnused(entry)
    return true
  }

  /** Makes a queue take what a pattern matches. */
  addQueue(pattern: string, queue: Queue): void {
    const { entry, topics } = this.#open(pattern)
    entry.queues = [...entry.queues, queue]
    for (const topic of topics) this.#setQueues(topic, [{ queues: queuesOf(topic) }, entry])
  }

  /** Takes a queue away from a pattern. */
  removeQueue(pattern: string, queue: Queue): void {
    const entry = this.patterns.get(pattern)
    if (entry === undefined) return
    entry.queues = entry.queues.filter((other) => other !== queue)
    // Another pattern may still stand for the same queue.
    for (const topic of this.#affected(pattern)) this.#setQueues(topic, this.#matching(topic.name))
    this.#dropIfUnused(entry)
  }

  /** Adds another thread's interest in a pattern; bit n of the masks is member n. */
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
    return this.#entries(topic)
  }

  #affected(pattern: string): TopicHandle[] {
    this.#routes.affected(pattern)
    return this.#handles(pattern)
  }

  /** A pattern's entry, made if there is none, and the known topics that it matches. */
  #open(pattern: string): { entry: PatternEntry; topics: TopicHandle[] } {
    const known = this.patterns.get(pattern)
    if (known !== undefined) return { entry: known, topics: this.#affected(pattern) }
    const id = this.#routes.addPattern(pattern)
    const entry: PatternEntry = {
      id,
      pattern,
      subscriptions: [],
      queues: [],
      maskLow: 0,
      maskHigh: 0,
      recent: undefined,
    }
    this.patterns.set(pattern, entry)
    this.#patternById[id] = entry
    return { entry, topics: this.#handles(pattern) }
  }

  #dropIfUnused(entry: PatternEntry): void {
    if (entry.subscriptions.length > 0 || entry.queues.length > 0 || entry.maskLow !== 0 || entry.maskHigh !== 0) return
    this.#routes.removePattern(entry.id)
    this.patterns.delete(entry.pattern)
    this.#patternById[entry.id] = undefined
  }

  /** The patterns in the answer of the last call, which was about `topic`. */
  #entries(topic: string): PatternEntry[] {
    if (this.#growAnswer()) this.#routes.resolve(topic)
    const entries: PatternEntry[] = []
    for (let i = 1; i <= this.#answer[0]; i += 1) entries.push(this.#patternById[this.#answer[i]]!)
    return entries
  }

  /** The topics in the answer of the last call, which was about `pattern`. */
  #handles(pattern: string): TopicHandle[] {
    if (this.#growAnswer()) this.#routes.affected(pattern)
    const topics: TopicHandle[] = []
    for (let i = 1; i <= this.#answer[0]; i += 1) topics.push(this.#topicById[this.#answer[i]]!)
    return topics
  }

  /** Whether the last answer did not fit: now it will. */
  #growAnswer(): boolean {
    const count = this.#answer[0]
    if (count < this.#answer.length) return false
    this.#answer = shared(2 * count)
    this.#routes.answerIn(this.#answer)
    return true
  }

  /** The route of these subscriptions: the one that the last topic got under the same first pattern, if it is the same. */
  #routeOf(subscriptions: readonly Subscription[]): Route {
    const first = this.patterns.get(subscriptions[0].pattern)!
    if (first.recent === undefined || !isRouteOf(first.recent, subscriptions)) first.recent = routeOf(subscriptions)
    return first.recent
  }

  #setRoute(topic: TopicHandle, route: Route): void {
    const old = topic.route
    topic.route = route
    route.topics += 1
    old.topics -= 1
    if (old.topics === 0) this.#forgetRoute(old)
  }

  /** No topic has it any more, so nobody shall keep its subscriptions alive. */
  #forgetRoute(route: Route): void {
    const first = this.patterns.get(route.subscriptions[0].pattern)
    if (first?.recent === route) first.recent = undefined
  }

  /** Gives topics new routes; those that shared one share the new one. */
  #replaceRoutes(topics: readonly TopicHandle[], replace: (route: Route) => Route): void {
    const replaced = new Map<Route, Route>()
    for (const topic of topics) {
      const route = replaced.get(topic.route) ?? replace(topic.route)
      replaced.set(topic.route, route)
      this.#setRoute(topic, route)
    }
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

  /** Gives a topic the queues of all `sources` together, each once. */
  #setQueues(topic: TopicHandle, sources: readonly Pick<PatternEntry, 'queues'>[]): void {
    const before = queuesOf(topic)
    if (before.length === 0 && sources.every(({ queues }) => queues.length === 0)) return
    const queues = [...new Set(sources.flatMap((source) => source.queues))].sort((a, b) => a.sequence - b.sequence)
    if (queues.length === before.length && queues.every((queue, index) => queue === before[index])) return
    this.#options.queuesChanged(topic, queues)
  }
}

type Masks = Pick<PatternEntry, 'maskLow' | 'maskHigh'>
const NO_MASKS: Masks = { maskLow: 0, maskHigh: 0 }
const NO_SUBSCRIPTIONS: readonly Subscription[] = []
const NO_QUEUES: readonly Queue[] = []

function queuesOf(topic: TopicHandle): readonly Queue[] {
  return topic.intake?.queues ?? NO_QUEUES
}

function subscriptionsBy(entries: readonly PatternEntry[]): readonly Subscription[] {
  if (entries.length === 0) return NO_SUBSCRIPTIONS
  // Those of one pattern are in the order of their sequence only.
  if (entries.length === 1 && entries[0].subscriptions.length === 1) return entries[0].subscriptions
  return entries.flatMap((entry) => entry.subscriptions).sort(callOrder)
}

/** Numbers in memory that the native backend can keep an address of. */
function shared(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * count))
}
