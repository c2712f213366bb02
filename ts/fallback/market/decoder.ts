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
  COUNTS,
  FRAME_BYTES_MOST,
} from '../../layout.js'
import type {
  ControlEvent,
  ControlKind,
  Decoder,
  DecoderOptions,
  DecoderReport,
  MarketCore,
} from '../../market-core.js'
import { Batch } from './batch.js'
import { Binance } from './binance.js'
import { JsBooks } from './books.js'
import { Bybit } from './bybit.js'
import { Clock, isInReach, OUT_OF_REACH } from './clock.js'
import { ClockJumps } from './clock-jumps.js'
import { Coinbase } from './coinbase.js'
import { Controls, controlKindOf } from './control.js'
import { Normaliser } from './general.js'
import { Ignored } from './ignored.js'
import { Kraken } from './kraken.js'
import { Names } from './names.js'
import { Okx } from './okx.js'
import { Misfit, type Reason, Rejects, SYNTAX } from './reject.js'
import { LIST, OBJECT, Scanner } from './scanner.js'
import { JsSimulation } from './simulator/index.js'
import { Sink } from './sink.js'
import { type FrameDecoder, IGNORED, type Venues } from './venue.js'

/** The backend in JavaScript. */
export const jsMarketCore: MarketCore = {
  openDecoder: (options) => new JsDecoder(options),
  openBooks: (options) => new JsBooks(options),
  openSimulation: (options) => new JsSimulation(options),
}

const venues: Venues = { BINANCE: Binance, BYBIT: Bybit, COINBASE: Coinbase, KRAKEN: Kraken, OKX: Okx }

const LINE_END = 0x0a
const SPACE = 0x20
const TIME_DIGITS = 19
/** The count of each outcome. */
const OUTCOME_COUNTS = [COUNT_QUOTES, COUNT_TRADES, COUNT_BOOKS, COUNT_IGNORED] as const

const NO_OBJECT = new Misfit('object')

/** Frames of one connection or recording in, records out; crates/market's decoder step for step. */
class JsDecoder implements Decoder {
  readonly counts = new Float64Array(COUNTS)
  readonly #venue: FrameDecoder
  readonly #clock = new Clock()
  readonly #instruments: Names
  readonly #batch = new Batch()
  readonly #sink: Sink
  readonly #scanner = new Scanner()
  readonly #general = new Normaliser()
  readonly #ignored = new Ignored()
  readonly #rejects = new Rejects()
  readonly books: JsBooks | undefined
  readonly #frameBytesMost: number
  readonly #controls = new Controls()
  readonly #clockJumps = new ClockJumps()
  /** What the frame is that was scanned last, if it is beside the data. */
  #control: ControlKind | undefined
  /** Bytes that were taken by all calls together. */
  #offset = 0

  constructor({ venue, symbols, instrumentsMost, frameBytesMost = FRAME_BYTES_MOST, books }: DecoderOptions) {
    this.books = books && new JsBooks(books)
    this.#frameBytesMost = frameBytesMost
    this.#venue = new venues[venue]()
    this.#instruments = new Names(instrumentsMost)
    this.#sink = new Sink(this.#batch, this.#instruments, this.#clock)
    for (const symbol of symbols) {
      const name = Buffer.from(symbol)
      this.#instruments.number(name, 0, name.length)
    }
    this.counts[COUNT_INSTRUMENTS] = this.#instruments.length
  }

  setEpoch(seconds: number, nanos: number): void {
    this.#clock.set(seconds, nanos)
    this.#clockJumps.restart()
  }

  decodeLines(lines: Uint8Array, out: Uint8Array): number {
    this.#batch.begin(out)
    let taken = 0
    for (;;) {
      const end = lines.indexOf(LINE_END, taken)
      if (end < 0 || !this.#line(lines, taken, end)) break
      this.#offset += end + 1 - taken
      taken = end + 1
    }
    this.#finish(out)
    return taken
  }

  decodeFrames(frames: readonly Uint8Array[], first: number, receivedNs: Float64Array, out: Uint8Array): number {
    this.#batch.begin(out)
    let next = first
    for (; next < frames.length; next += 1) {
      const frame = frames[next]
      const initNs = receivedNs[next]
      if (!isInReach(initNs)) this.#reject('reach')
      else if (!this.#frame(frame, 0, frame.length, initNs)) break
      this.#offset += frame.length
    }
    this.#finish(out)
    return next - first
  }

  report(): DecoderReport {
    return {
      instruments: this.#instruments.all,
      ignored: this.#ignored.counts,
      rejected: this.#rejects.counts,
      samples: this.#rejects.samples,
      controls: this.#controls.counts,
      controlsLost: this.#controls.lost,
      clockJumps: this.#clockJumps.samples,
    }
  }

  takeControls(): ControlEvent[] {
    return this.#controls.take()
  }

  #finish(out: Uint8Array): void {
    this.books?.take(out, 0, this.#batch.length)
    this.counts[COUNT_RECORDS] = this.#batch.length
    this.counts[COUNT_INSTRUMENTS] = this.#instruments.length
    this.counts[COUNT_CONTROLS] = this.#controls.noted
    this.counts[COUNT_CLOCK_JUMPS] = this.#clockJumps.count
  }

  /** Decodes a line: a receive time, a space, a frame. Says whether there was room for it. */
  #line(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start <= TIME_DIGITS || bytes[start + TIME_DIGITS] !== SPACE) return this.#reject('time')
    const initNs = this.#clock.received(bytes, start)
    if (Number.isNaN(initNs)) return this.#reject('time')
    if (initNs === OUT_OF_REACH) return this.#reject('reach')
    return this.#frame(bytes, start + TIME_DIGITS + 1, end, initNs)
  }

  /** Decodes a frame. Says whether there was room for it. */
  #frame(bytes: Uint8Array, start: number, end: number, initNs: number): boolean {
    if (end - start > this.#frameBytesMost) return this.#rejectAt(initNs, 'length')
    const first = this.#batch.length
    this.#batch.initNs = initNs
    this.#scanner.begin(bytes, start, end)
    let misfit = this.#scan(first)
    if (misfit !== undefined && misfit.reason !== 'full') {
      misfit = this.#takeGeneral(bytes, start, end, first)
    }
    if (misfit === undefined) {
      this.counts[COUNT_FRAMES] += 1
      this.#clockJumps.see(initNs, this.counts[COUNT_FRAMES], this.#offset)
      if (this.#control !== undefined) {
        this.#controls.add(this.#control, bytes.subarray(start, end), this.counts[COUNT_FRAMES], this.#offset)
      }
      return true
    }
    this.#batch.length = first
    if (misfit.reason !== 'full')
      return this.#rejectAt(initNs, misfit === SYNTAX ? 'json' : (misfit.reason as Reason), misfit.field)
    return first > 0 ? false : this.#rejectAt(initNs, 'room')
  }

  #takeGeneral(bytes: Uint8Array, start: number, end: number, first: number): Misfit | undefined {
    this.#batch.length = first
    try {
      this.#general.normalise(bytes, start, end)
    } catch (error) {
      return misfitOf(error)
    }
    const kind = this.#general.out[0]
    if (kind !== OBJECT && !(kind === LIST && this.#venue.takesLists)) return NO_OBJECT
    this.#scanner.beginNormal(this.#general.out, this.#general.length)
    const misfit = this.#scan(first)
    if (misfit === undefined) this.counts[COUNT_GENERAL] += 1
    return misfit
  }

  #scan(first: number): Misfit | undefined {
    const venue = this.#venue
    this.#sink.restart(first)
    try {
      const outcome = venue.decode(this.#scanner, this.#sink)
      this.counts[OUTCOME_COUNTS[outcome]] += this.#sink.messages
      this.#control = undefined
      if (outcome === IGNORED) {
        const { kindBytes, kindStart, kindEnd } = venue
        this.#ignored.add(kindBytes, kindStart, kindEnd)
        this.#control = controlKindOf(kindBytes, kindStart, kindEnd)
      }
      this.counts[COUNT_IMPRECISE] += this.#sink.imprecise
      return undefined
    } catch (error) {
      return misfitOf(error)
    }
  }

  /** Rejects a frame that has a receive time. */
  #rejectAt(initNs: number, reason: Reason, field?: string): true {
    this.#clockJumps.see(initNs, this.counts[COUNT_FRAMES] + 1, this.#offset)
    return this.#reject(reason, field)
  }

  #reject(reason: Reason, field?: string): true {
    this.counts[COUNT_FRAMES] += 1
    this.counts[COUNT_REJECTED] += 1
    this.#rejects.add(this.counts[COUNT_FRAMES], this.#offset, reason, field)
    return true
  }
}

/** A misfit that was thrown; other errors are none of ours and go on. */
function misfitOf(error: unknown): Misfit {
  if (error instanceof Error) throw error
  return error as Misfit
}
