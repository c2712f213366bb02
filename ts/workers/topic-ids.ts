import { TOPIC_INDEX_BITS } from '../layout.js'

/** What an id stands for. */
export interface IdOwner {
  /** -1 while it has none. */
  id: number
}

const MOST_INDEXES = 2 ** TOPIC_INDEX_BITS
/** Ids are 31 bits, so that they are small integers to the engine: an index, and how often it was given before. */
const GENERATION_MASK = 2 ** (31 - TOPIC_INDEX_BITS) - 1

/**
 * The ids by which a ring's records name topics and endpoints. An index is given again only after so many others that no
 * record of its former owner can still be under way: each new id is followed by a record that bears it.
 */
export class TopicIds {
  readonly #owners: (IdOwner | undefined)[] = []
  readonly #generations: number[] = []
  /** Indexes that are in use, turn by turn. */
  #indexes: number
  #next = -1
  #owned = 0

  /** `recordsUnderWay` is how many records can be written before the oldest is gone. */
  constructor(recordsUnderWay: number) {
    this.#indexes = MOST_INDEXES
    while (this.#indexes >= 4 * recordsUnderWay) this.#indexes /= 2
  }

  assign(owner: IdOwner): void {
    const index = this.#free()
    const previous = this.#owners[index]
    // Only where there are more owners than indexes; it gets another one when it next needs it.
    if (previous !== undefined) this.release(previous)
    this.#generations[index] = ((this.#generations[index] ?? -1) + 1) & GENERATION_MASK
    owner.id = index | (this.#generations[index] << TOPIC_INDEX_BITS)
    this.#owners[index] = owner
    this.#owned += 1
  }

  /** Its index is free for others. */
  release(owner: IdOwner): void {
    if (owner.id < 0) return
    this.#owners[owner.id % MOST_INDEXES] = undefined
    owner.id = -1
    this.#owned -= 1
  }

  owners<T extends IdOwner>(): T[] {
    return this.#owners.filter((owner) => owner !== undefined) as T[]
  }

  /** The next index that nobody has; at most every other one is taken, so that it is near. */
  #free(): number {
    if (2 * this.#owned >= this.#indexes && this.#indexes < MOST_INDEXES) this.#indexes *= 2
    do this.#next = (this.#next + 1) % this.#indexes
    while (this.#owners[this.#next] !== undefined && this.#owned < MOST_INDEXES)
    return this.#next
  }
}
