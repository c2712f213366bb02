import type { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import { badArgument } from '../errors.js'
import {
  COUNT_BOOKS,
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
import type { Decoder, DecoderReport } from '../market-core.js'
import { loadMarketCore } from '../native/index.js'
import { type BinanceMarket, type FeedInstrument, feedInstrument } from './feed-instrument.js'
import { type MarketMessage, Records } from './market-message.js'

export interface MarketDecoderOptions {
  /** Which of the markets of Binance the frames are of. */
  market: BinanceMarket
  /** Instruments that are expected, by the venue's symbols. @default none */
  symbols?: readonly string[]
  /**
   * Most instruments that are taken, 1 to 1,048,576; frames of others are rejected. With one alone, snapshots that name
   * no symbol are of that one. @default 65_536
   */
  instrumentsMost?: number
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
}

/** Records of the longest update: a snapshot of 5,000 levels a side has 10,000. */
const LONGEST_UPDATE = 16_384

/** Decoding and reading happen in one go, so that one place serves all decoders of the thread. */
const records = new Records(LONGEST_UPDATE)

/** Decodes the frames of one connection, or of one recording. */
export class MarketDecoder {
  readonly #market: BinanceMarket
  readonly #decoder: Decoder
  readonly #instruments: FeedInstrument[] = []
  #epoch: Epoch

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` if `instrumentsMost` is out of range, `TICKBUS_BACKEND`. */
  constructor({ market, symbols = [], instrumentsMost = 65_536, epoch, backend }: MarketDecoderOptions) {
    if (!Number.isInteger(instrumentsMost) || instrumentsMost < 1 || instrumentsMost > 1_048_576) {
      const expected = 'a whole number, 1 to 1,048,576'
      throw badArgument('instrumentsMost', expected, instrumentsMost)
    }
    this.#market = market
    this.#decoder = loadMarketCore(backend).openDecoder({ venue: 'BINANCE', symbols, instrumentsMost })
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
    }
  }

  /** What was ignored and rejected, and the first rejected frames. */
  get report(): DecoderReport {
    return this.#decoder.report()
  }

  /** The messages in recorded lines: a receive time in UNIX nanoseconds, a space, the frame, a line end, each of them whole. */
  lines(lines: Uint8Array): MarketMessage[] {
    const messages: MarketMessage[] = []
    for (let rest = lines; rest.length > 0;) {
      const taken = this.#decoder.decodeLines(rest, records.bytes)
      if (taken === 0) break
      this.#read(messages)
      rest = rest.subarray(taken)
    }
    return messages
  }

  /** The messages in frames; `receivedNs` says when each was received, in nanoseconds since the epoch. */
  frames(frames: readonly Uint8Array[], receivedNs: Float64Array): MarketMessage[] {
    const messages: MarketMessage[] = []
    for (let first = 0; first < frames.length;) {
      const rest = first === 0 ? frames : frames.slice(first)
      const taken = this.#decoder.decodeFrames(rest, receivedNs.subarray(first), records.bytes)
      if (taken === 0) break
      this.#read(messages)
      first += taken
    }
    return messages
  }

  #read(messages: MarketMessage[]): void {
    const { counts } = this.#decoder
    if (counts[COUNT_INSTRUMENTS] > this.#instruments.length) {
      const symbols = this.#decoder.report().instruments.slice(this.#instruments.length)
      this.#instruments.push(...symbols.map((symbol) => feedInstrument(this.#market, symbol)))
    }
    records.read(counts[COUNT_RECORDS], this.#instruments, this.#epoch, messages)
  }
}

const NS_PER_SECOND = 1_000_000_000n
