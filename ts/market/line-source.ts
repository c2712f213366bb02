import { Epoch } from '../bus/index.js'
import { TickbusError } from '../errors.js'
import { CaptureLines } from './capture.js'
import { type Feed, feedOf } from './feed.js'
import { FeedConnection } from './feed-connection.js'
import { LineRange, type LineRun } from './line-range.js'
import type { Records } from './market-message.js'
import type { RecordBatch } from './merge-records.js'
import { roomForLines } from './record-room.js'
import { readLines } from './recording.js'
import type { Source, SourceOptions } from './source.js'

/** A gzip file of lines: all that is not in our own format. */
export class LineSource implements Source {
  readonly file: string
  readonly faults: readonly TickbusError[] = []
  readonly #options: SourceOptions
  readonly #feed: Feed
  readonly #connection: FeedConnection
  readonly #capture: CaptureLines | undefined
  readonly #runs: AsyncGenerator<LineRun>
  /** Lines that were read to find the first receive time. */
  #ahead: LineRun | undefined
  #records: Records | undefined

  private constructor(file: string, feed: Feed, options: SourceOptions) {
    const { backend, windowSeconds, onRead } = options
    this.file = file
    this.#feed = feed
    this.#options = options
    this.#connection = new FeedConnection({ file, market: feed.market, symbol: feed.symbol, backend, windowSeconds })
    this.#capture = feed.isCapture ? new CaptureLines() : undefined
    const countLines = () => this.#lineOf(this.#connection.decoder.counts.frames)
    this.#runs = readRuns(file, this.#capture, options, onRead, countLines)
  }

  /** @throws {TickbusError} `TICKBUS_RECORDING` if nothing says the market. */
  static async open(file: string, options: SourceOptions): Promise<LineSource> {
    const source = new LineSource(file, await feedOf(file), options)
    if (!source.#connection.isNamed) await source.#learn()
    return source
  }

  get connections(): readonly FeedConnection[] {
    return [this.#connection]
  }

  async firstSecond(): Promise<number | undefined> {
    for (;;) {
      const { done, value } = await this.#runs.next()
      if (done) return undefined
      const seconds = firstSecondIn(value.lines)
      if (seconds !== undefined) {
        this.#ahead = value
        return seconds
      }
      // None of these lines has a time, so all are rejected, and the epoch does not matter yet.
      Array.from(this.#decode(value))
    }
  }

  async *records(epoch: Epoch): AsyncGenerator<RecordBatch> {
    this.#connection.decoder.epoch = epoch
    for await (const run of this.#allRuns()) yield* this.#decode(run)
  }

  async close(): Promise<void> {
    await this.#runs.return(undefined)
  }

  async *#allRuns(): AsyncGenerator<LineRun> {
    if (this.#ahead !== undefined) yield this.#ahead
    this.#ahead = undefined
    yield* this.#runs
  }

  *#decode({ lines, leftOut }: LineRun): Generator<RecordBatch> {
    const { decoder } = this.#connection
    const records = roomForLines(lines, this.#records)
    this.#records = records
    for (let rest: Buffer = lines; rest.length > 0;) {
      const taken = decoder.linesInto(rest, records)
      if (taken === 0) break
      const batch = { records, count: decoder.written, instruments: decoder.instruments }
      this.#connection.see(batch, (frame) => this.#lineOf(frame + leftOut))
      if (batch.count > 0) yield batch
      rest = rest.subarray(taken)
    }
  }

  /** Where the line of a number lies in the file, from 1. */
  #lineOf(line: number): number {
    return this.#capture?.lineOf(line) ?? line
  }

  /** Decodes the recording as far as it can be read, to learn whom it is about. That it breaks off is said later. */
  async #learn(): Promise<void> {
    const scout = this.#connection.openDecoder()
    const capture = this.#feed.isCapture ? new CaptureLines() : undefined
    try {
      for await (const { lines } of readRuns(this.file, capture, this.#options)) {
        const seconds = scout.epoch.unixNs === 0n ? firstSecondIn(lines) : undefined
        if (seconds !== undefined) scout.epoch = new Epoch(BigInt(seconds) * 1_000_000_000n)
        scout.lines(lines)
        this.#connection.learnBooks(lines)
      }
    } catch (error) {
      if (!(error instanceof TickbusError)) throw error
    }
    this.#connection.instruments = [...scout.instruments]
  }
}

async function* readRuns(
  file: string,
  capture: CaptureLines | undefined,
  options: SourceOptions,
  onRead?: (bytes: number) => void,
  countLines?: () => number,
): AsyncGenerator<LineRun> {
  const range = new LineRange(options)
  for await (const block of readLines(file, onRead, countLines)) yield* range.runs(capture?.convert(block) ?? block)
}

function firstSecondIn(lines: Buffer): number | undefined {
  const seconds = /(?:^|\n)(\d{10})\d{9} /.exec(lines.toString('latin1'))?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}
