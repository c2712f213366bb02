import type { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import {
  COUNT_BOOKS,
  COUNT_CLOCK_JUMPS,
  COUNT_CONTROLS,
  COUNT_FRAMES,
  COUNT_GENERAL,
  COUNT_IGNORED,
  COUNT_IMPRECISE,
  COUNT_INSTRUMENTS,
  COUNT_QUOTES,
  COUNT_RECORDS,
  COUNT_REJECTED,
  COUNT_TRADES,
} from '../layout.js'
import type { ControlEvent, Decoder, DecoderReport } from '../market-core.js'
import { loadMarketCore } from '../native/index.js'
import { type FeedInstrument, type FeedMarket, feedInstrument, venueOfMarket } from './feed-instrument.js'
import { decoderBounds } from './decoder-bounds.js'
import type { MarketMessage, Records } from './market-message.js'
import { lendForFrames, lendForLines } from './record-room.js'

export interface MarketDecoderOptions {
  /** Which market the frames are of: one of the three of Binance, one of Bybit, `coinbase`, `kraken` or `okx`. */
  market: FeedMarket
  /** Instruments that are expected, by the venue's symbols. @default none */
  symbols?: readonly string[]
  /**
   * Most instruments that are taken, 1 to 1,048,576; frames of others are rejected. With one alone, snapshots that name
   * no symbol are of that one. @default 65_536
   */
  instrumentsMost?: number
  /**
   * Longest frame that is taken, 1,024 to 67,108,864 bytes; longer ones are rejected. The default is several times the
   * longest snapshots of full books, which Coinbase sends. @default 16_777_216
   */
  frameBytesMost?: number
  /** The instant that the messages' times count from: that of the bus they are published on. */
  epoch: Epoch
  /** Which backend decodes. @default the one that the package chose */
  backend?: Backend
}

/** What a decoder has met so far. */
export interface DecoderCounts {
  readonly frames: number
  readonly quotes: number
  readonly trades: number
  readonly bookUpdates: number
  /** Frames of kinds that are not decoded; `report` says which. */
  readonly ignored: number
  /** Frames that could not be read; `report` says why. */
  readonly rejected: number
  /** Frames that took the slow general parser. */
  readonly general: number
  /** Prices and sizes with more than the 15 significant digits that a double gives back. */
  readonly imprecise: number
  readonly instruments: number
  /** Frames beside the data that `takeControls` gives, or has given. */
  readonly controls: number
  /** Frames that were received before the one in front of them; `report` says where. */
  readonly clockJumps: number
}

/** Decodes the frames of one connection, or of one recording. */
export class MarketDecoder {
  readonly #market: FeedMarket
  readonly #decoder: Decoder
  readonly #instruments: FeedInstrument[] = []
  #epoch: Epoch
  #controlsTaken = 0

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` if a bound is out of range, `TICKBUS_BACKEND`. */
  constructor(options: MarketDecoderOptions) {
    const { market, symbols = [], epoch, backend } = options
    const bounds = decoderBounds(options)
    this.#market = market
    this.#decoder = loadMarketCore(backend).openDecoder({ venue: venueOfMarket[market], symbols, ...bounds })
    this.#epoch = epoch
    this.epoch = epoch
  }

  /** The instant that the times of what is decoded from now on count from. */
  get epoch(): Epoch {
    return this.#epoch
  }

  set epoch(epoch: Epoch) {
    this.#epoch = epoch
    this.#decoder.setEpoch(Number(epoch.unixNs / NS_PER_SECOND), Number(epoch.unixNs % NS_PER_SECOND))
  }

  get counts(): DecoderCounts {
    const { counts } = this.#decoder
    return {
      frames: counts[COUNT_FRAMES],
      quotes: counts[COUNT_QUOTES],
      trades: counts[COUNT_TRADES],
      bookUpdates: counts[COUNT_BOOKS],
      ignored: counts[COUNT_IGNORED],
      rejected: counts[COUNT_REJECTED],
      general: counts[COUNT_GENERAL],
      imprecise: counts[COUNT_IMPRECISE],
      instruments: counts[COUNT_INSTRUMENTS],
      controls: counts[COUNT_CONTROLS],
      clockJumps: counts[COUNT_CLOCK_JUMPS],
    }
  }

  /** The instruments that were met so far. */
  get instruments(): readonly FeedInstrument[] {
    return this.#instruments
  }

  /** What was ignored and rejected, and the first rejected frames. */
  get report(): DecoderReport {
    return this.#decoder.report()
  }

  /**
   * What the venue said beside its data since the last call: states, answers and errors, at most 64; those beyond are
   * counted as `controlsLost` in `report`. Heartbeats are only counted.
   */
  takeControls(): ControlEvent[] {
    if (this.#decoder.counts[COUNT_CONTROLS] === this.#controlsTaken) return []
    this.#controlsTaken = this.#decoder.counts[COUNT_CONTROLS]
    return this.#decoder.takeControls()
  }

  /** The messages in recorded lines: a receive time in UNIX nanoseconds, a space, the frame, a line end, each of them whole. */
  lines(lines: Uint8Array): MarketMessage[] {
    const messages: MarketMessage[] = []
    lendForLines(lines, (records) => {
      for (let rest = lines; rest.length > 0;) {
        const taken = this.linesInto(rest, records)
        if (taken === 0) break
        records.read(this.written, this.#instruments, this.#epoch, messages)
        rest = rest.subarray(taken)
      }
    })
    return messages
  }

  /** The messages in frames; `receivedNs` says when each was received, in nanoseconds since the epoch. */
  frames(frames: readonly Uint8Array[], receivedNs: Float64Array): MarketMessage[] {
    const messages: MarketMessage[] = []
    lendForFrames(frames, (records) => {
      for (let first = 0; first < frames.length;) {
        const taken = this.framesInto(frames, first, receivedNs, records)
        if (taken === 0) break
        records.read(this.written, this.#instruments, this.#epoch, messages)
        first += taken
      }
    })
    return messages
  }

  /**
   * Decodes whole lines into records, as long as there is room, and makes no message of them. Returns how many bytes were
   * taken; `written` says how many records there are now.
   *
   * @internal
   */
  linesInto(lines: Uint8Array, records: Records): number {
    const taken = this.#decoder.decodeLines(lines, records.bytes)
    this.#learn()
    return taken
  }

  /**
   * The same with frames from one on, as many as are best decoded in one call. Returns how many were taken.
   *
   * @internal
   */
  framesInto(frames: readonly Uint8Array[], first: number, receivedNs: Float64Array, records: Records): number {
    const taken = this.#decoder.decodeFrames(frames, first, receivedNs, records.bytes)
    this.#learn()
    return taken
  }

  /**
   * How many records were written last.
   *
   * @internal
   */
  get written(): number {
    return this.#decoder.counts[COUNT_RECORDS]
  }

  #learn(): void {
    const known = this.#instruments.length
    if (this.#decoder.counts[COUNT_INSTRUMENTS] === known) return
    const symbols = this.#decoder.report().instruments.slice(known)
    this.#instruments.push(...symbols.map((symbol) => feedInstrument(this.#market, symbol)))
  }
}

const NS_PER_SECOND = 1_000_000_000n
