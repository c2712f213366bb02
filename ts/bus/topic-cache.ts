import type { TopicHandle } from './topic.js'

/**
 * Bounds the topics that are used by name alone. Says which of them to drop for a new one: the first, round in a circle,
 * that was not used since the hand last came by (the "second chance" form of least recently used, F. Corbató, 1968), so
 * that a publish need not keep a list in order.
 */
export class TopicCache {
  readonly #most: number
  readonly #topics: TopicHandle[] = []
  /** The activity of each at the hand's last visit. */
  readonly #seen: number[] = []
  #hand = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Takes a topic in, of which one message is about to come; returns the one that has to leave, if any. */
  add(topic: TopicHandle): TopicHandle | undefined {
    if (this.#topics.length < this.#most) {
      this.#place(this.#topics.length, topic)
      return undefined
    }
    for (;;) {
      const known = this.#topics[this.#hand]
      if (known.life !== 'held' && known.activity > this.#seen[this.#hand]) {
        this.#seen[this.#hand] = known.activity
        this.#advance()
        continue
      }
      this.#place(this.#hand, topic)
      this.#advance()
      // One that got an owner meanwhile leaves the cache only.
      return known.life === 'held' ? undefined : known
    }
  }

  #place(index: number, topic: TopicHandle): void {
    this.#topics[index] = topic
    this.#seen[index] = topic.activity + 1
  }

  #advance(): void {
    this.#hand = (this.#hand + 1) % this.#most
  }
}
