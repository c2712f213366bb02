import type { RecordRun } from './merge-records.js'
import { RecordQueue } from './record-queue.js'

/**
 * Takes messages from recordings before they are needed, so that needing one takes no time. It does nothing by itself:
 * whoever uses it calls `read` when there is time for it.
 */
export class ReadAhead {
  readonly #runs: AsyncIterator<readonly RecordRun[]>
  readonly #most: number
  readonly #queue = new RecordQueue()
  #isOver = false

  /** Holds about `most` messages at a time. */
  constructor(runs: AsyncIterable<readonly RecordRun[]>, most: number) {
    this.#runs = runs[Symbol.asyncIterator]()
    this.#most = most
  }

  /** How many messages are here. */
  get size(): number {
    return this.#queue.size
  }

  /** How full it is, 0 to 1. */
  get portionFull(): number {
    return Math.min(1, this.size / this.#most)
  }

  /** When the next message that is here was received, in nanoseconds since the epoch; undefined if there is none. */
  get firstNs(): number | undefined {
    const first = this.#queue.first
    return first?.records.receivedNs(first.from)
  }

  /** What is here, in order; it stays. Each lasts until the next is asked for. */
  get held(): Iterable<RecordRun> {
    return this.#queue
  }

  /** Whether there is nothing to read: as many as allowed are here, or the source has ended. */
  get isFull(): boolean {
    return this.#isOver || this.size >= this.#most
  }

  /** The next message, if it is here. It lasts until the next call. */
  take(): RecordRun | undefined {
    return this.#queue.take()
  }

  /** Reads a step further: what the recordings give at once. */
  async read(): Promise<void> {
    if (this.#isOver) return
    const { done, value } = await this.#runs.next()
    if (done) this.#isOver = true
    else for (const run of value) this.#queue.add(run)
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    this.#isOver = true
    await this.#runs.return?.()
  }
}
