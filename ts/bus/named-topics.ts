import type { BusState } from './bus-state.js'
import type { RouteTable } from './route-table.js'
import { TopicCache } from './topic-cache.js'
import type { TopicHandle } from './topic.js'

/** What topics that were forgotten had counted. */
export interface ForgottenTopics {
  topics: number
  published: number
  delivered: number
  /** Last messages that went with them. */
  messages: number
}

/** The topics that are used by name alone: finds those in use quickly, and forgets others when there are too many. */
export class NamedTopics {
  readonly forgotten: ForgottenTopics = { topics: 0, published: 0, delivered: 0, messages: 0 }
  readonly #table: RouteTable
  readonly #state: BusState
  readonly #cache: TopicCache
  /**
   * Those that were published by name more than once. An object and no Map: it takes half the time, above all for names
   * that were put together just before; but what is used once is not worth its place.
   */
  readonly #inUse: Record<string, TopicHandle | undefined> = Object.create(null)

  constructor(table: RouteTable, state: BusState, most: number) {
    this.#table = table
    this.#state = state
    this.#cache = new TopicCache(most)
  }

  /** A topic that was published by name more than once, and not forgotten since. */
  find(name: string): TopicHandle | undefined {
    return this.#inUse[name]
  }

  /** Makes a known topic one that `find` finds. */
  use(topic: TopicHandle): void {
    if (topic.life === 'cached') topic.life = 'named'
    this.#inUse[topic.name] = topic
  }

  /** Takes in a topic that is not known. */
  add(name: string): TopicHandle {
    const topic = this.#table.addTopic(name)
    const leaving = this.#cache.add(topic)
    if (leaving !== undefined) this.#forget(leaving)
    return topic
  }

  #forget(topic: TopicHandle): void {
    const { forgotten } = this
    forgotten.topics += 1
    forgotten.published += topic.published
    forgotten.delivered += topic.delivered
    if (this.#state.lastMessages.has(topic)) forgotten.messages += 1
    if (topic.life === 'named') delete this.#inUse[topic.name]
    this.#table.dropTopic(topic)
    this.#state.counters.clear(topic.id)
  }
}
