import { badArgument } from '../errors.js'
import type { SubscribeOptions } from './subscription.js'

export interface MessagesOptions extends SubscribeOptions {
  /** Most messages that wait for the loop, 1 to 16,777,216. @default 1_000 */
  limit?: number
  /** Which message gives way when `limit` are waiting; either is counted in `dropped`. @default 'dropOldest' */
  overflow?: 'dropOldest' | 'dropNewest'
}

const LIMIT = 1_000
const MOST_LIMIT = 2 ** 24

/**
 * Messages of a pattern, one after the other: `for await (const [message, topic] of bus.messages(pattern))`. Collects from
 * the moment it was made, until the loop is left, the signal aborts or the bus closes; what waits then is still handed over.
 */
export class MessageStream<T> implements AsyncIterableIterator<[message: T, topic: string]> {
  readonly #limit: number
  readonly #dropsOldest: boolean
  readonly #waiting: [T, string][] = []
  /** Index of the oldest message in `#waiting`; those before it are gone. */
  #first = 0
  #asking: ((result: IteratorResult<[T, string]>) => void)[] = []
  #dropped = 0
  #ended = false
  #end: () => void

  /** @internal */
  constructor({ limit = LIMIT, overflow = 'dropOldest' }: MessagesOptions, end: () => void) {
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_LIMIT) {
      const expected = `a whole number from 1 to ${MOST_LIMIT}`
      throw badArgument('limit', expected, limit)
    }
    if (overflow !== 'dropOldest' && overflow !== 'dropNewest') {
      const expected = `'dropOldest' or 'dropNewest'`
      throw badArgument('overflow', expected, overflow)
    }
    this.#limit = limit
    this.#dropsOldest = overflow === 'dropOldest'
    this.#end = end
  }

  /** Messages that found no room. */
  get dropped(): number {
    return this.#dropped
  }

  /** Messages that wait for the loop. */
  get waiting(): number {
    return this.#waiting.length - this.#first
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<[T, string]>> {
    const value = this.#shift()
    if (value !== undefined) return Promise.resolve({ value, done: false })
    if (this.#ended) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => this.#asking.push(resolve))
  }

  /** Ends the subscription and forgets what waits. */
  return(): Promise<IteratorResult<[T, string]>> {
    this.#waiting.length = this.#first = 0
    this.#end()
    return Promise.resolve({ value: undefined, done: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /** @internal Takes a message; says whether one was dropped for it. */
  push(message: T, topic: string): boolean {
    const ask = this.#asking.shift()
    if (ask !== undefined) {
      ask({ value: [message, topic], done: false })
      return false
    }
    const full = this.waiting >= this.#limit
    if (full) this.#dropped += 1
    if (full && this.#dropsOldest) this.#shift()
    if (!full || this.#dropsOldest) this.#waiting.push([message, topic])
    return full
  }

  /** @internal No more messages will come. */
  finish(): void {
    this.#ended = true
    const asking = this.#asking
    this.#asking = []
    for (const resolve of asking) resolve({ value: undefined, done: true })
  }

  #shift(): [T, string] | undefined {
    if (this.waiting === 0) return undefined
    const value = this.#waiting[this.#first]
    this.#first += 1
    // Moves the rest up only when half is gone, so that a message costs the same however many wait.
    if (2 * this.#first >= this.#waiting.length) {
      this.#waiting.splice(0, this.#first)
      this.#first = 0
    }
    return value
  }
}
