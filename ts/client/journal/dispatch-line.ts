/** A message that the journal has taken, on its way to groups, other threads and handlers. */
export interface Journalled {
  readonly sequence: number
  readonly topic: string
  readonly message: unknown
  /** -1 for the topic's own. */
  readonly priority: number
  /** The client's lane that it will take. */
  readonly lane: number
  readonly key: string | undefined
  /** On the client's clock; -1 for never. */
  readonly expiresNs: number
  readonly id: number
}

/** How safe a message is before it is dispatched. */
export type DispatchAfter = 'memory' | 'written' | 'synced'

/** Messages that wait to be as safe as their topics ask, in order of their sequences. */
export class DispatchLine {
  #messages: Journalled[] = []
  #head = 0
  /** How many of each key. */
  readonly #keys = new Map<string, number>()
  /** Somebody watches for the first one. */
  isWatched = false

  get size(): number {
    return this.#messages.length - this.#head
  }

  get first(): Journalled | undefined {
    return this.#messages[this.#head]
  }

  /** Whether something of a key waits here, so that what comes later has to wait as well. */
  has(key: string | undefined): boolean {
    return key !== undefined && this.#keys.has(key)
  }

  /** Whether the message of a sequence waits here. */
  holds(sequence: number): boolean {
    let [low, high] = [this.#head, this.#messages.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#messages[middle].sequence < sequence) low = middle + 1
      else high = middle
    }
    return this.#messages[low]?.sequence === sequence
  }

  add(message: Journalled): void {
    this.#messages.push(message)
    const { key } = message
    if (key !== undefined) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1)
  }

  shift(): Journalled {
    const message = this.#messages[this.#head]
    this.#head += 1
    if (this.#head === this.#messages.length) {
      this.#messages = []
      this.#head = 0
    } else if (this.#head > 1_024 && 2 * this.#head > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#head)
      this.#head = 0
    }
    const { key } = message
    if (key === undefined) return message
    const left = this.#keys.get(key)! - 1
    if (left === 0) this.#keys.delete(key)
    else this.#keys.set(key, left)
    return message
  }

  /** Gives up what waits. */
  clear(): void {
    this.#messages = []
    this.#head = 0
    this.#keys.clear()
  }
}
