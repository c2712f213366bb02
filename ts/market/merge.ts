import type { TickbusError } from '../errors.js'

/** Something that was received, by a clock that all have in common. */
interface Received {
  readonly receivedNs: number | bigint
}

/** Where one of several recordings is being read. */
export class Cursor<T extends Received> {
  readonly #batches: AsyncIterator<readonly T[]>
  readonly #onFault: (error: TickbusError) => void
  #batch: readonly T[] = []
  #at = 0

  constructor(batches: AsyncIterator<readonly T[]>, onFault: (error: TickbusError) => void) {
    this.#batches = batches
    this.#onFault = onFault
  }

  /** The next message; undefined once the recording has ended, and before the first `refill`. */
  get head(): T | undefined {
    return this.#batch[this.#at]
  }

  /** Steps over the head. Says whether `refill` has to be awaited before there can be another. */
  step(): boolean {
    this.#at += 1
    return this.#at === this.#batch.length
  }

  /** Reads on to the next message. A recording that cannot be read further is reported, and ends here. */
  async refill(): Promise<void> {
    this.#batch = []
    this.#at = 0
    try {
      for (;;) {
        const { done, value } = await this.#batches.next()
        if (done) return
        if (value.length === 0) continue
        this.#batch = value
        return
      }
    } catch (error) {
      this.#onFault(error as TickbusError)
    }
  }

  /** Stops reading and closes the file. */
  async close(): Promise<void> {
    await this.#batches.return?.()
  }
}

/**
 * What all cursors have by receive time. A recording's own order is never changed, also where its clock went back;
 * of equal times the earlier cursor's comes first.
 */
export async function* mergeByTime<T extends Received>(cursors: readonly Cursor<T>[]): AsyncGenerator<T> {
  for (;;) {
    let first: Cursor<T> | undefined
    let earliest: number | bigint = Infinity
    for (const cursor of cursors) {
      const { head } = cursor
      if (head === undefined || head.receivedNs >= earliest) continue
      first = cursor
      earliest = head.receivedNs
    }
    if (first === undefined) return
    yield first.head!
    if (first.step()) await first.refill()
  }
}
