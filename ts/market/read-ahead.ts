/** Items read in one go, few enough that whoever waits for its time is not late because of them. */
const STEP = 64

/**
 * Takes items from a source before they are needed, so that needing one takes no time. It does nothing by itself:
 * whoever uses it calls `read` when there is time for it.
 */
export class ReadAhead<T> {
  readonly #source: AsyncIterator<T>
  readonly #most: number
  #items: T[] = []
  #at = 0
  #isOver = false

  /** Holds about `most` items at a time. */
  constructor(source: AsyncIterable<T>, most: number) {
    this.#source = source[Symbol.asyncIterator]()
    this.#most = most
  }

  /** How many items are here. */
  get size(): number {
    return this.#items.length - this.#at
  }

  /** How full it is, 0 to 1. */
  get portionFull(): number {
    return Math.min(1, this.size / this.#most)
  }

  /** The next item, if it is here; it stays. */
  get first(): T | undefined {
    return this.#items[this.#at]
  }

  /** What is here, in order; it stays. */
  get held(): readonly T[] {
    return this.#items.slice(this.#at)
  }

  /** Whether there is nothing to read: as many as allowed are here, or the source has ended. */
  get isFull(): boolean {
    return this.#isOver || this.size >= this.#most
  }

  /** Whether the source has ended and its last item was taken. */
  get isOver(): boolean {
    return this.#isOver && this.size === 0
  }

  /** The next item, if it is here. */
  take(): T | undefined {
    const item = this.first
    if (item !== undefined) this.#at += 1
    return item
  }

  /** Reads a step further. */
  async read(): Promise<void> {
    if (this.#at > this.#items.length / 2) {
      this.#items = this.#items.slice(this.#at)
      this.#at = 0
    }
    for (let i = 0; i < STEP && !this.#isOver; i += 1) {
      const { done, value } = await this.#source.next()
      if (done) this.#isOver = true
      else this.#items.push(value)
    }
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    this.#isOver = true
    await this.#source.return?.()
  }
}
