import type { TickbusError } from '../errors.js'
import type { FeedInstrument } from './feed-instrument.js'
import type { Epoch } from '../bus/index.js'
import type { MarketMessage, Records } from './market-message.js'

/** What a recording was decoded to in one go; it lasts until the next is asked for. */
export interface RecordBatch {
  readonly records: Records
  /** How many there are, 1 or more. */
  readonly count: number
  /** By the numbers that the records say. */
  readonly instruments: readonly FeedInstrument[]
}

/** Records from one on up to another, which are whole messages. */
export interface RecordRun {
  readonly records: Records
  readonly from: number
  readonly to: number
  /** By the numbers that the records say. */
  readonly instruments: readonly FeedInstrument[]
}

/** The messages that a run of records is. */
export function* messagesOf({ records, from, to, instruments }: RecordRun, epoch: Epoch): Generator<MarketMessage> {
  for (let record = from; record < to;) {
    const end = records.endOf(record, to)
    yield records.message(record, end, instruments[records.instrumentOf(record)]!, epoch)
    record = end
  }
}

/** Where one of several recordings is being read, as records. */
export class RecordCursor {
  readonly #batches: AsyncIterator<RecordBatch>
  readonly #onFault: (error: TickbusError) => void
  #batch: RecordBatch | undefined
  #at = 0

  constructor(batches: AsyncIterator<RecordBatch>, onFault: (error: TickbusError) => void) {
    this.#batches = batches
    this.#onFault = onFault
  }

  /** When the next message was received; infinite once the recording has ended, and before the first `refill`. */
  get headNs(): number {
    if (this.#batch === undefined) return Infinity
    const receivedNs = this.#batch.records.receivedNs(this.#at)
    // What has no time, as no decoder writes it, is not waited with.
    return Number.isNaN(receivedNs) ? -Infinity : receivedNs
  }

  /** Steps over the next message and those behind it that were received before one time, and not after another. */
  take(beforeNs: number, untilNs: number): RecordRun {
    const { records, count, instruments } = this.#batch!
    const from = this.#at
    let to = records.endOf(from, count)
    while (to < count) {
      const receivedNs = records.receivedNs(to)
      if (receivedNs >= beforeNs || receivedNs > untilNs) break
      to = records.endOf(to, count)
    }
    this.#at = to
    return { records, from, to, instruments }
  }

  /** Whether there is a message without `refill`. */
  get isFilled(): boolean {
    return this.#batch !== undefined && this.#at < this.#batch.count
  }

  /** Reads on to the next message. A recording that cannot be read further is reported, and ends here. */
  async refill(): Promise<void> {
    this.#batch = undefined
    this.#at = 0
    try {
      const { done, value } = await this.#batches.next()
      if (!done) this.#batch = value
    } catch (error) {
      this.#onFault(error as TickbusError)
    }
  }
}

/**
 * What all cursors have by receive time, up to one time, in runs as long as they can be: `mergeByTime` for records, in the same
 * order. As many runs at a time as there are without reading on; they last until the next are asked for.
 */
export async function* mergeRecords(
  cursors: readonly RecordCursor[],
  untilNs: number,
): AsyncGenerator<readonly RecordRun[]> {
  for (;;) {
    const runs: RecordRun[] = []
    let cursor: RecordCursor | undefined
    do {
      cursor = takeNext(cursors, untilNs, runs)
    } while (cursor?.isFilled)
    if (runs.length > 0) yield runs
    if (cursor === undefined) return
    await cursor.refill()
  }
}

/** Takes the next run from the cursor that has it, and says which; undefined if none has any up to the time. */
function takeNext(cursors: readonly RecordCursor[], untilNs: number, runs: RecordRun[]): RecordCursor | undefined {
  let first: RecordCursor | undefined
  let [earliest, beforeNs, lastNs] = [Infinity, Infinity, untilNs]
  for (const cursor of cursors) {
    const { headNs } = cursor
    if (headNs < earliest) {
      first = cursor
      // Of equal times the earlier cursor's comes first.
      ;[earliest, beforeNs, lastNs] = [headNs, earliest, untilNs]
    } else lastNs = Math.min(lastNs, headNs)
  }
  if (first === undefined || earliest > untilNs) return undefined
  runs.push(first.take(beforeNs, lastNs))
  return first
}
