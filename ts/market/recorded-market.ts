import type { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import { TickbusError } from '../errors.js'
import type { FeedInstrument } from './feed-instrument.js'
import type { MarketMessage } from './market-message.js'
import type { OrderBookOptions } from './book-options.js'
import { InstrumentNumbers } from './instrument-numbers.js'
import { mergeRecords, messagesOf, RecordCursor, type RecordRun } from './merge-records.js'
import { checkRecording, type Rejection } from './recording.js'
import type { FeedConnection, RecordedClockJump, RecordedClockOffset, RecordedError } from './feed-connection.js'
import type { TimeRange } from './recordings/index.js'
import { openSource, type Source } from './source.js'

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

export interface RecordedMarketOptions extends TimeRange {
  /** Length of the window in which the venues' clock offsets are estimated, in seconds. @default 10 */
  readonly clockWindowSeconds?: number
}

/** A time in which nothing was recorded. */
export interface RecordedGap {
  readonly before: string
  readonly after: string
  readonly gapNs: number
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
  static async open(
    files: readonly string[],
    backend?: Backend,
    options: RecordedMarketOptions = {},
  ): Promise<RecordedMarket> {
    const { from, to, clockWindowSeconds: windowSeconds } = options
    const sizes = await Promise.all(files.map(checkRecording))
    if (files.length === 0) throw new TickbusError('TICKBUS_RECORDING', { file: '(none)', reason: 'no file was named' })
    const market = new RecordedMarket(sizes.reduce((sum, size) => sum + size, 0))
    const onRead = (bytes: number) => void (market.#bytesRead += bytes)
    const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
    const sources = await Promise.all(
      files.map((file) => openSource(file, { ...range, backend, windowSeconds, onRead })),
    )
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

  /** Whom the recordings are about, each once. */
  get instruments(): readonly FeedInstrument[] {
    const all = this.#connections.flatMap(({ instruments }) => instruments)
    return [...new Map(all.map((instrument) => [instrument.id, instrument])).values()]
  }

  /** How the recordings say to keep the book of an instrument. */
  bookOptionsOf(instrument: FeedInstrument): OrderBookOptions {
    const connections = this.#connections.filter(({ instruments }) =>
      instruments.some(({ id }) => id === instrument.id),
    )
    const options = connections.map((connection) => connection.bookOptionsOf(instrument))
    return options.find(({ continuity }) => continuity !== 'unverified') ?? options[0] ?? { continuity: 'unverified' }
  }

  /** How much of the files has been read, 0 to 1. */
  get portionRead(): number {
    return this.#bytesRead / this.#bytes
  }

  /** What the lines read so far were. */
  get counts(): LineCounts {
    const counts: LineCounts = { quotes: 0, trades: 0, bookUpdates: 0, other: 0, rejected: 0, total: 0 }
    for (const { decoder } of this.#connections) {
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
    return this.#connections.reduce((sum, { decoder }) => sum + decoder.counts.imprecise, 0)
  }

  /** The first lines that were passed over, and why. */
  get rejections(): Rejection[] {
    return this.#connections.flatMap((connection) => connection.rejections).slice(0, MOST_DESCRIBED)
  }

  /** How far the clock of whoever recorded ran ahead of the venues', by connection. */
  get clockOffsets(): RecordedClockOffset[] {
    return this.#connections.map(({ clockOffset }) => clockOffset)
  }

  /** Frames that were received before the one in front of them, and the first of them. */
  get clockJumps(): { readonly count: number; readonly first: readonly RecordedClockJump[] } {
    const count = this.#connections.reduce((sum, { decoder }) => sum + decoder.counts.clockJumps, 0)
    return { count, first: this.#connections.flatMap(({ clockJumps }) => clockJumps).slice(0, MOST_DESCRIBED) }
  }

  /** Frames beside the data by kind, and the first errors among them. */
  get controls(): { readonly counts: Readonly<Record<string, number>>; readonly errors: readonly RecordedError[] } {
    const counts: Record<string, number> = {}
    for (const { decoder } of this.#connections) {
      for (const { name, count } of decoder.report.controls) counts[name] = (counts[name] ?? 0) + count
    }
    return { counts, errors: this.#connections.flatMap(({ errors }) => errors).slice(0, MOST_DESCRIBED) }
  }

  /**
   * Times between the recordings in which there is nothing, as files have whose times do not overlap: the file that ends
   * before, the next one that begins after it, and how long it is in nanoseconds.
   */
  get gaps(): RecordedGap[] {
    const spans = this.#sources.map(spanOf).filter(({ firstNs }) => firstNs < Infinity)
    spans.sort((a, b) => a.firstNs - b.firstNs)
    const gaps: RecordedGap[] = []
    let last = spans[0]
    for (const span of spans.slice(1)) {
      const gapNs = span.firstNs - last!.lastNs
      if (gapNs > 0) gaps.push({ before: last!.file, after: span.file, gapNs })
      if (span.lastNs > last!.lastNs) last = span
    }
    return gaps
  }

  /** All messages by receive time, each chunk of a file decoded when it is needed. Can be gone through once. */
  async *messages(epoch: Epoch): AsyncGenerator<MarketMessage> {
    for await (const runs of this.records(epoch)) {
      for (const run of runs) {
        for (const message of messagesOf(run, epoch)) yield message
      }
    }
  }

  /**
   * The same as records, of which no message is made. Their instruments have the numbers of `instruments`. Only one of these
   * ways can be gone, once.
   *
   * @internal
   */
  records(epoch: Epoch): AsyncGenerator<readonly RecordRun[]> {
    return this.#records([this.#sources], epoch, Infinity)
  }

  /**
   * What there is of each instrument by receive time, up to a time in nanoseconds since the epoch, as records. Recordings that
   * have no instrument in common come one after the other.
   *
   * @internal
   */
  recordsOfEach(epoch: Epoch, untilNs: number): AsyncGenerator<readonly RecordRun[]> {
    return this.#records(groups(this.#sources), epoch, untilNs)
  }

  /** Groups of recordings one after the other, each of them merged by receive time. */
  async *#records(
    groups: readonly (readonly Source[])[],
    epoch: Epoch,
    untilNs: number,
  ): AsyncGenerator<readonly RecordRun[]> {
    const numbers = new InstrumentNumbers(this.instruments)
    let isWhole = true
    try {
      for (const sources of groups) {
        const cursors = sources.map((source) => new RecordCursor(source.records(epoch), this.#onFault))
        await Promise.all(cursors.map((cursor) => cursor.refill()))
        for await (const runs of mergeRecords(cursors, untilNs)) yield runs.map((run) => numbers.renumber(run))
        isWhole &&= cursors.every(({ headNs }) => headNs === Infinity)
      }
      if (isWhole) this.#reportFaults()
    } finally {
      await this.close()
    }
  }

  /** Stops reading and closes the files. */
  async close(): Promise<void> {
    await Promise.all(this.#sources.map((source) => source.close()))
  }

  get #connections(): readonly FeedConnection[] {
    return this.#sources.flatMap(({ connections }) => connections)
  }

  async #firstSecond(source: Source): Promise<number> {
    try {
      return (await source.firstSecond()) ?? Infinity
    } catch (error) {
      this.faults.push(error as TickbusError)
      return Infinity
    }
  }

  readonly #onFault = (error: TickbusError): void => void this.faults.push(error)

  /** What was noticed in files that were read to their end. */
  #reportFaults(): void {
    for (const { faults } of this.#sources) this.faults.push(...faults)
    this.#reportEmpty()
  }

  #reportEmpty(): void {
    for (const { file, connections } of this.#sources) {
      const counts = connections.map(({ decoder }) => decoder.counts)
      const frames = counts.reduce((sum, count) => sum + count.frames, 0)
      const rejected = counts.reduce((sum, count) => sum + count.rejected, 0)
      if (frames > rejected || this.faults.some(({ details }) => details.file === file)) continue
      const reason = rejected === 0 ? 'it is empty' : `none of its ${rejected} lines is a receive time and a frame`
      this.faults.push(new TickbusError('TICKBUS_RECORDING', { file, reason }))
    }
  }
}

/** Recordings that have instruments in common belong together. */
function groups(sources: readonly Source[]): Source[][] {
  let groups: { sources: Source[]; ids: Set<string> }[] = []
  for (const source of sources) {
    const ids = new Set(source.connections.flatMap(({ instruments }) => instruments.map(({ id }) => id)))
    const joined = groups.filter((group) => [...group.ids].some((id) => ids.has(id)))
    const apart = groups.filter((group) => !joined.includes(group))
    for (const group of joined) for (const id of group.ids) ids.add(id)
    groups = [...apart, { sources: [...joined.flatMap((group) => group.sources), source], ids }]
  }
  return groups.map((group) => group.sources)
}

function spanOf({ file, connections }: Source): { file: string; firstNs: number; lastNs: number } {
  return {
    file,
    firstNs: Math.min(...connections.map(({ firstNs }) => firstNs)),
    lastNs: Math.max(...connections.map(({ lastNs }) => lastNs)),
  }
}
