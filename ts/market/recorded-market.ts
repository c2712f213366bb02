import type { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import { TickbusError } from '../errors.js'
import type { FeedInstrument } from './feed-instrument.js'
import type { MarketMessage } from './market-message.js'
import { Cursor, mergeByTime } from './merge.js'
import { checkRecording, type Rejection } from './recording.js'
import { Source } from './source.js'

/** What the lines of the recordings were. */
export interface LineCounts {
  quotes: number
  trades: number
  bookUpdates: number
  /** Frames of other kinds; they are not published. */
  other: number
  /** Lines that are no frame of the file's instrument. */
  rejected: number
  total: number
}

/** How many rejected lines are described; all are counted. */
const MOST_DESCRIBED = 10

/** Several recordings, read side by side in the order in which their lines were received. */
export class RecordedMarket {
  readonly #sources: Source[] = []
  readonly #bytes: number
  #bytesRead = 0
  #epochNs = 0n
  /** Recordings that could not be read to their end, or held nothing. The others were read on. */
  readonly faults: TickbusError[] = []

  private constructor(bytes: number) {
    this.#bytes = bytes
  }

  /**
   * Opens the recordings, and reads as far as the first line of each. `backend` is what decodes them.
   *
   * @throws {TickbusError} `TICKBUS_RECORDING` if one is missing, is no gzip file or has a name that says no market, or
   * if none holds a line of a recording; `TICKBUS_BACKEND`.
   */
  static async open(files: readonly string[], backend?: Backend): Promise<RecordedMarket> {
    const sizes = await Promise.all(files.map(checkRecording))
    if (files.length === 0) throw new TickbusError('TICKBUS_RECORDING', { file: '(none)', reason: 'no file was named' })
    const market = new RecordedMarket(sizes.reduce((sum, size) => sum + size, 0))
    const onRead = (bytes: number) => void (market.#bytesRead += bytes)
    const sources = files.map((file) => new Source(file, backend, onRead))
    market.#sources.push(...sources)
    const seconds = await Promise.all(sources.map((source) => market.#firstSecond(source)))
    const first = Math.min(...seconds)
    if (first < Infinity) {
      market.#epochNs = BigInt(first) * 1_000_000_000n
      return market
    }
    await market.close()
    market.#reportEmpty()
    throw market.faults[0]
  }

  /** The first receive time, rounded down to a second, in UNIX nanoseconds: an epoch for the bus to replay on. */
  get epochNs(): bigint {
    return this.#epochNs
  }

  get instruments(): readonly FeedInstrument[] {
    return this.#sources.map(({ instrument }) => instrument)
  }

  /** How much of the files has been read, 0 to 1. */
  get portionRead(): number {
    return this.#bytesRead / this.#bytes
  }

  /** What the lines read so far were. */
  get counts(): LineCounts {
    const counts: LineCounts = { quotes: 0, trades: 0, bookUpdates: 0, other: 0, rejected: 0, total: 0 }
    for (const { decoder } of this.#sources) {
      const { quotes, trades, bookUpdates, ignored, rejected, frames } = decoder.counts
      counts.quotes += quotes
      counts.trades += trades
      counts.bookUpdates += bookUpdates
      counts.other += ignored
      counts.rejected += rejected
      counts.total += frames
    }
    return counts
  }

  /** Prices and sizes with more digits than a double gives back. */
  get imprecise(): number {
    return this.#sources.reduce((sum, { decoder }) => sum + decoder.counts.imprecise, 0)
  }

  /** The first lines that were passed over, and why. */
  get rejections(): Rejection[] {
    return this.#sources.flatMap((source) => source.rejections).slice(0, MOST_DESCRIBED)
  }

  /** All messages by receive time, each chunk of a file decoded when it is needed. Can be gone through once. */
  async *messages(epoch: Epoch): AsyncGenerator<MarketMessage> {
    const onFault = (error: TickbusError) => void this.faults.push(error)
    const cursors = this.#sources.map((source) => new Cursor(source.messages(epoch), onFault))
    try {
      await Promise.all(cursors.map((cursor) => cursor.refill()))
      yield* mergeByTime(cursors)
      this.#reportEmpty()
    } finally {
      await this.close()
    }
  }

  /** Stops reading and closes the files. */
  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()))
  }

  async #firstSecond(source: Source): Promise<number> {
    try {
      return (await source.firstSecond()) ?? Infinity
    } catch (error) {
      this.faults.push(error as TickbusError)
      return Infinity
    }
  }

  #reportEmpty(): void {
    for (const { file, decoder } of this.#sources) {
      const { frames, rejected } = decoder.counts
      if (frames > rejected || this.faults.some(({ details }) => details.file === file)) continue
      const reason = rejected === 0 ? 'it is empty' : `none of its ${rejected} lines is a receive time and a frame`
      this.faults.push(new TickbusError('TICKBUS_RECORDING', { file, reason }))
    }
  }
}
