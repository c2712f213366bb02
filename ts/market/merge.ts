import type { TickbusError } from '../errors.js'
import type { MarketMessage } from './market-message.js'

/** Where one of several recordings is being read. */
export class Cursor {
  readonly #batches: AsyncIterator<readonly MarketMessage[]>
  readonly #onFault: (error: TickbusError) => void
  #batch: readonly MarketMessage[] = []
  #at = 0

  constructor(batches: AsyncIterator<readonly MarketMessage[]>, onFault: (error: TickbusError) => void) {
    this.#batches = batches
    this.#onFault = onFault
  }

  /** The next message; undefined once the recording has ended, and before the first `refill`. */
  get head(): MarketMessage | undefined {
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
 * The messages of all cursors by receive time. A recording's own order is never changed, also where its clock went back;
 * of equal times the earlier cursor's message comes first.
 */
export async function* mergeByTime(cursors: readonly Cursor[]): AsyncGenerator<MarketMessage> {
  for (;;) {
    let first: Cursor | undefined
    let earliest = Infinity
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
