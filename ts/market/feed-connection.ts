import { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import type { ControlEvent } from '../market-core.js'
import type { OrderBookOptions } from './book-options.js'
import { bookRulesOf } from './book-rules.js'
import { ClockOffset } from './clock-offset.js'
import { type FeedInstrument, feedInstrument, type FeedMarket, venueOfMarket } from './feed-instrument.js'
import { KrakenBooks } from './kraken-books.js'
import { MarketDecoder } from './market-decoder.js'
import type { RecordBatch } from './merge-records.js'
import type { Rejection } from './recording.js'
import { describeRejection } from './rejection.js'

/** Where in the recordings something is. */
export interface RecordedPlace {
  readonly file: string
  /** Number of the connection, in recordings that hold several. */
  readonly connection?: number
  /** Line of the file, from 1; where there is a connection, which of its frames in the part that was read. */
  readonly line: number
}

/** A frame that was received before the one in front of it. */
export interface RecordedClockJump extends RecordedPlace {
  /** How far the clock went back, in nanoseconds. */
  readonly backNs: number
}

/** An error that the venue sent; the beginning of its frame. */
export interface RecordedError extends RecordedPlace {
  readonly text: string
}

/** How far the clock of whoever recorded ran ahead of a venue's, by what they received last. */
export interface RecordedClockOffset {
  readonly file: string
  readonly connection?: number
  readonly venue: string
  /** Least receive time less event time of the window, in nanoseconds; null if the venue gave no times. */
  readonly offsetNs: number | null
  readonly windowSeconds: number
  /** Messages with an event time. */
  readonly samples: number
}

export interface FeedConnectionOptions {
  readonly file: string
  readonly number?: number
  readonly market: FeedMarket
  /** The only instrument; undefined if it is about all that occur in it. */
  readonly symbol: string | undefined
  readonly backend: Backend | undefined
  readonly windowSeconds: number | undefined
}

/** How many errors of a venue are described; all are counted. */
const ERRORS_MOST = 10

/** One connection of a recording that is being decoded, and what is noticed on the way. */
export class FeedConnection {
  readonly number: number | undefined
  readonly decoder: MarketDecoder
  readonly rejections: Rejection[] = []
  readonly clockJumps: RecordedClockJump[] = []
  readonly errors: RecordedError[] = []
  /** When its first and last messages were received, in nanoseconds since the epoch. */
  firstNs = Infinity
  lastNs = -Infinity
  /** Whom it is about. */
  instruments: readonly FeedInstrument[]
  readonly #options: FeedConnectionOptions
  readonly #clock: ClockOffset
  readonly #krakenBooks = new KrakenBooks()
  #rejectedSeen = 0
  #jumpsSeen = 0

  constructor(options: FeedConnectionOptions) {
    const { market, symbol, number, windowSeconds } = options
    this.#options = options
    this.number = number
    this.instruments = symbol === undefined ? [] : [feedInstrument(market, symbol)]
    this.decoder = this.openDecoder()
    this.#clock = new ClockOffset(windowSeconds === undefined ? {} : { windowSeconds })
  }

  get market(): FeedMarket {
    return this.#options.market
  }

  /** Whether it is known beforehand whom it is about. */
  get isNamed(): boolean {
    return this.#options.symbol !== undefined
  }

  /** A decoder of its frames that has met none. */
  openDecoder(): MarketDecoder {
    const { market, symbol, backend } = this.#options
    const only = symbol === undefined ? {} : { symbols: [symbol], instrumentsMost: 1 }
    return new MarketDecoder({ market, ...only, epoch: new Epoch(0n), ...(backend && { backend }) })
  }

  /** Reads what whole lines say of how to keep books. */
  learnBooks(lines: Buffer): void {
    if (this.market === 'kraken') this.#krakenBooks.read(lines)
  }

  /** The same for a frame. */
  learnBooksOf(frame: Buffer): void {
    if (this.market === 'kraken') this.#krakenBooks.readFrame(frame.toString('latin1'))
  }

  /** How the recording says to keep the book of an instrument. */
  bookOptionsOf(instrument: FeedInstrument): OrderBookOptions {
    return bookRulesOf(instrument, this.#krakenBooks)
  }

  get clockOffset(): RecordedClockOffset {
    const { samples, windowSeconds, offsetNs = null } = this.#clock
    const venue = venueOfMarket[this.market]
    return { ...this.#place, venue, offsetNs, windowSeconds, samples }
  }

  /**
   * Looks at what was just decoded, in the order in which it was received. `lineOf` says where the frame of a number lies.
   */
  see({ records, count }: Omit<RecordBatch, 'instruments'>, lineOf: (frame: number) => number): void {
    for (let record = 0; record < count; record = records.endOf(record, count)) {
      const receivedNs = records.receivedNs(record)
      if (receivedNs < this.firstNs) this.firstNs = receivedNs
      if (receivedNs > this.lastNs) this.lastNs = receivedNs
      const laterNs = receivedNs - records.eventNs(record)
      // Where the venue gives no time, that of the event is when it was received.
      if (laterNs !== 0) this.#clock.add(receivedNs, laterNs)
    }
    this.#note(lineOf)
  }

  #note(lineOf: (frame: number) => number): void {
    const { rejected, clockJumps, controls } = this.decoder.counts
    if (rejected > this.#rejectedSeen || clockJumps > this.#jumpsSeen) {
      const { samples, clockJumps: jumps } = this.decoder.report
      for (const sample of samples.slice(this.rejections.length)) {
        this.rejections.push({ ...this.#place, line: lineOf(sample.frame), reason: describeRejection(sample) })
      }
      for (const { frame, backNs } of jumps.slice(this.clockJumps.length)) {
        this.clockJumps.push({ ...this.#place, line: lineOf(frame), backNs })
      }
      this.#rejectedSeen = rejected
      this.#jumpsSeen = clockJumps
    }
    if (controls > 0) this.#noteErrors(this.decoder.takeControls(), lineOf)
  }

  #noteErrors(controls: readonly ControlEvent[], lineOf: (frame: number) => number): void {
    for (const { kind, frame, text } of controls) {
      if (kind !== 'error' || this.errors.length === ERRORS_MOST) continue
      this.errors.push({ ...this.#place, line: lineOf(frame), text })
    }
  }

  get #place(): Omit<RecordedPlace, 'line'> {
    return { file: this.#options.file, ...(this.number !== undefined && { connection: this.number }) }
  }
}
