import type { GroupTopic } from './group-topic.js'

/** The topics of a group by their numbers. */
export interface TopicTable {
  /** The number of the next topic. */
  next(): number
  add(topic: GroupTopic): void
  find(number: number): GroupTopic | undefined
  /** Nothing of a topic waits or runs any more. */
  remove(topic: GroupTopic): void
  topics(): Iterable<GroupTopic>
}

/** Numbers are given again: for groups whose messages are read in this thread alone. */
export class ReusedNumbers implements TopicTable {
  readonly #topics: (GroupTopic | undefined)[] = []
  readonly #free: number[] = []

  next(): number {
    return this.#free.pop() ?? this.#topics.length
  }

  add(topic: GroupTopic): void {
    this.#topics[topic.number] = topic
  }

  find(number: number): GroupTopic | undefined {
    return this.#topics[number]
  }

  remove({ number }: GroupTopic): void {
    this.#topics[number] = undefined
    this.#free.push(number)
  }

  topics(): GroupTopic[] {
    return this.#topics.filter((topic) => topic !== undefined)
  }
}

/**
 * Each topic gets a number of its own: another thread may still go by the old one. The last `kept` of those that were
 * removed can be found still.
 */
export class RisingNumbers implements TopicTable {
  readonly #topics = new Map<number, GroupTopic>()
  readonly #removed = new Set<number>()
  readonly #kept: number
  #last = 0

  constructor(kept: number) {
    this.#kept = kept
  }

  next(): number {
    this.#last += 1
    return this.#last
  }

  add(topic: GroupTopic): void {
    this.#topics.set(topic.number, topic)
  }

  find(number: number): GroupTopic | undefined {
    return this.#topics.get(number)
  }

  remove({ number }: GroupTopic): void {
    this.#removed.add(number)
    if (this.#removed.size <= this.#kept) return
    for (const oldest of this.#removed) {
      this.#removed.delete(oldest)
      this.#topics.delete(oldest)
      return
    }
  }

  topics(): Iterable<GroupTopic> {
    return this.#topics.values()
  }
}
