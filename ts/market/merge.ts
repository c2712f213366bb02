import type { TickbusError } from '../errors.js'
import type { Line } from './recording.js'

/** Where one of several recordings is being read. */
export class Cursor {
  readonly #batches: AsyncIterator<readonly Line[]>
  readonly #onFault: (error: TickbusError) => void
  #batch: readonly Line[] = []
  #at = 0

  constructor(batches: AsyncIterator<readonly Line[]>, onFault: (error: TickbusError) => void) {
    this.#batches = batches
    this.#onFault = onFault
  }

  /** The next line; undefined once the recording has ended, and before the first `refill`. */
  get head(): Line | undefined {
    return this.#batch[this.#at]
  }

  /** Steps over the head. Says whether `refill` has to be awaited before there can be another. */
  step(): boolean {
    this.#at += 1
    return this.#at === this.#batch.length
  }

  /** Reads on to the next line. A recording that cannot be read further is reported, and ends here. */
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
 * The lines of all cursors by receive time, with the index of the cursor that each is from. A recording's own order is
 * never changed, also where its clock went back; of equal times the earlier cursor's line comes first.
 */
export async function* mergeByTime(cursors: readonly Cursor[]): AsyncGenerator<readonly [index: number, line: Line]> {
  for (;;) {
    let first = -1
    for (let i = 0; i < cursors.length; i += 1) {
      const head = cursors[i].head
      if (head !== undefined && (first < 0 || isEarlier(head, cursors[first].head!))) first = i
    }
    if (first < 0) return
    yield [first, cursors[first].head!]
    if (cursors[first].step()) await cursors[first].refill()
  }
}

function isEarlier(a: Line, b: Line): boolean {
  return a.seconds === b.seconds ? a.nanos < b.nanos : a.seconds < b.seconds
}
