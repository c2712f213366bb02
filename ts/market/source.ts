import { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import { type FeedInstrument, feedInstrumentOf } from './feed-instrument.js'
import { MarketDecoder } from './market-decoder.js'
import type { MarketMessage } from './market-message.js'
import { readLines, type Rejection } from './recording.js'
import { describeRejection } from './rejection.js'

/** One recording that is being read and decoded. */
export class Source {
  readonly file: string
  readonly instrument: FeedInstrument
  readonly decoder: MarketDecoder
  readonly #blocks: AsyncGenerator<Buffer>
  /** Lines that were read to find the first receive time. */
  #ahead: Buffer | undefined

  constructor(file: string, backend: Backend | undefined, onRead: (bytes: number) => void) {
    this.file = file
    this.instrument = feedInstrumentOf(file)
    const { market, symbol } = this.instrument
    const only = { symbols: [symbol], instrumentsMost: 1 }
    this.decoder = new MarketDecoder({ market, ...only, epoch: new Epoch(0n), ...(backend && { backend }) })
    this.#blocks = readLines(file, onRead, () => this.decoder.counts.frames)
  }

  /**
   * The whole UNIX second of the first receive time; undefined if there is none.
   *
   * @throws {TickbusError} `TICKBUS_RECORDING` if the file cannot be read so far.
   */
  async firstSecond(): Promise<number | undefined> {
    for (;;) {
      const { done, value } = await this.#blocks.next()
      if (done) return undefined
      const seconds = /(?:^|\n)(\d{10})\d{9} /.exec(value.toString('latin1'))?.[1]
      if (seconds !== undefined) {
        this.#ahead = value
        return Number(seconds)
      }
      // None of these lines has a time, so all are rejected, and the epoch does not matter yet.
      this.decoder.lines(value)
    }
  }

  /** The messages, as many at a time as a chunk of the file holds. */
  async *messages(epoch: Epoch): AsyncGenerator<readonly MarketMessage[]> {
    this.decoder.epoch = epoch
    if (this.#ahead !== undefined) yield this.decoder.lines(this.#ahead)
    this.#ahead = undefined
    for await (const block of this.#blocks) yield this.decoder.lines(block)
  }

  /** The first lines that were passed over. */
  get rejections(): Rejection[] {
    return this.decoder.report.samples.map((sample) => ({
      file: this.file,
      line: sample.frame,
      reason: describeRejection(sample),
    }))
  }

  /** Stops reading and closes the file. */
  async close(): Promise<void> {
    await this.#blocks.return(undefined)
  }
}
