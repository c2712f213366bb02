import type { Epoch } from '../bus/index.js'
import { TickbusError } from '../errors.js'
import { BinanceDecoder, type MarketMessage } from './binance.js'
import { type Instrument, instrumentOf } from './instrument.js'
import { Cursor, mergeByTime } from './merge.js'
import { checkRecording, type Line, readLines, type Rejection } from './recording.js'

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

/** Longest distance from the epoch that a double holds to the nanosecond, in whole seconds. */
const REACH_SECONDS = 9_000_000

interface Source {
  readonly file: string
  readonly instrument: Instrument
  readonly cursor: Cursor
  frames: number
  rejected: number
}

/** Several recordings, read side by side in the order in which their lines were received. */
export class RecordedMarket {
  readonly #sources: Source[] = []
  readonly #bytes: number
  #bytesRead = 0
  #epochNs = 0n
  /** What the lines read so far were. */
  readonly counts: LineCounts = { quotes: 0, trades: 0, bookUpdates: 0, other: 0, rejected: 0, total: 0 }
  /** The first lines that were passed over, and why. */
  readonly rejections: Rejection[] = []
  /** Recordings that could not be read to their end, or held nothing. The others were read on. */
  readonly faults: TickbusError[] = []
  /** Prices and sizes with more digits than a double gives back. */
  imprecise = 0

  private constructor(bytes: number) {
    this.#bytes = bytes
  }

  /**
   * Opens the recordings, and reads as far as the first line of each.
   *
   * @throws {TickbusError} `TICKBUS_RECORDING` if one is missing, is no gzip file or has a name that says no market, or
   * if none holds a line of a recording.
   */
  static async open(files: readonly string[]): Promise<RecordedMarket> {
    const instruments = files.map(instrumentOf)
    const sizes = await Promise.all(files.map(checkRecording))
    if (files.length === 0) throw new TickbusError('TICKBUS_RECORDING', { file: '(none)', reason: 'no file was named' })
    const market = new RecordedMarket(sizes.reduce((sum, size) => sum + size, 0))
    const onRead = (bytes: number) => void (market.#bytesRead += bytes)
    for (const [i, file] of files.entries()) {
      const lines = readLines(file, (rejection) => market.#reject(source, rejection), onRead)
      const cursor = new Cursor(lines, (error) => market.faults.push(error))
      const source: Source = { file, instrument: instruments[i]!, cursor, frames: 0, rejected: 0 }
      market.#sources.push(source)
    }
    await Promise.all(market.#sources.map(({ cursor }) => cursor.refill()))
    const first = Math.min(...market.#sources.map(({ cursor }) => cursor.head?.seconds ?? Infinity))
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

  get instruments(): readonly Instrument[] {
    return this.#sources.map(({ instrument }) => instrument)
  }

  /** How much of the files has been read, 0 to 1. */
  get portionRead(): number {
    return this.#bytesRead / this.#bytes
  }

  /** All messages by receive time, each decoded when it is asked for. Can be gone through once. */
  async *messages(epoch: Epoch): AsyncGenerator<MarketMessage> {
    const epochSeconds = Number(epoch.unixNs / 1_000_000_000n)
    const epochNanos = Number(epoch.unixNs % 1_000_000_000n)
    const decoders = this.#sources.map(({ instrument }) => new BinanceDecoder(instrument, epoch))
    try {
      for await (const [index, line] of mergeByTime(this.#sources.map(({ cursor }) => cursor))) {
        const source = this.#sources[index]!
        const seconds = line.seconds - epochSeconds
        if (Math.abs(seconds) > REACH_SECONDS) {
          this.#rejectLine(source, line, 'it was received more than 104 days from the first')
          continue
        }
        const message = this.#decode(decoders[index]!, source, line, seconds * 1e9 + line.nanos - epochNanos)
        if (message !== undefined) yield message
      }
      this.imprecise = decoders.reduce((sum, decoder) => sum + decoder.imprecise, 0)
      this.#reportEmpty()
    } finally {
      await this.close()
    }
  }

  /** Stops reading and closes the files. */
  async close(): Promise<void> {
    await Promise.all(this.#sources.map(({ cursor }) => cursor.close()))
  }

  #decode(decoder: BinanceDecoder, source: Source, line: Line, receivedNs: number): MarketMessage | undefined {
    try {
      const message = decoder.decode(line.frame, receivedNs)
      const kind = message === undefined ? 'other' : KINDS[message.kind]
      this.counts[kind] += 1
      this.counts.total += 1
      source.frames += 1
      return message
    } catch (error) {
      if (!(error instanceof TickbusError)) throw error
      this.#rejectLine(source, line, String(error.details.reason))
      return undefined
    }
  }

  #rejectLine(source: Source, line: Line, reason: string): void {
    this.#reject(source, { file: source.file, line: line.number, reason })
  }

  #reject(source: Source, rejection: Rejection): void {
    source.rejected += 1
    this.counts.rejected += 1
    this.counts.total += 1
    if (this.rejections.length < MOST_DESCRIBED) this.rejections.push(rejection)
  }

  #reportEmpty(): void {
    for (const { file, frames, rejected } of this.#sources) {
      if (frames > 0 || this.faults.some(({ details }) => details.file === file)) continue
      const reason = rejected === 0 ? 'it is empty' : `none of its ${rejected} lines is a receive time and a frame`
      this.faults.push(new TickbusError('TICKBUS_RECORDING', { file, reason }))
    }
  }
}

const KINDS = { quote: 'quotes', trade: 'trades', book: 'bookUpdates' } as const
