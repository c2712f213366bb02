import { type AggressorSide, type Epoch, Quote, Trade } from '../bus/index.js'
import { show, TickbusError } from '../errors.js'
import type { Instrument } from './instrument.js'

/** Price and size of one level. A size of 0 in a delta removes the level. */
export type Level = [price: number, size: number]

/** A change of an order book, or all of it. Plain data, which MessagePack carries exactly. */
export interface BookUpdate {
  kind: 'snapshot' | 'delta'
  /** The venue's number of the first change in here. */
  firstSequence: number
  /** The venue's number of the last change in here. */
  lastSequence: number
  /** The last number of the update before this one; futures only. A gap shows here. */
  previousSequence?: number
  bids: Level[]
  asks: Level[]
  /** When it happened at the venue, UNIX nanoseconds; `tsInit` where the venue does not say. */
  tsEvent: bigint
  /** When it was received, UNIX nanoseconds. */
  tsInit: bigint
}

interface Common {
  readonly topic: string
  readonly instrument: Instrument
  /** When it was received, nanoseconds since the bus epoch. */
  readonly receivedNs: number
}

/** A decoded frame and where it is published. */
export type MarketMessage =
  | (Common & { readonly kind: 'quote'; readonly message: Quote })
  | (Common & { readonly kind: 'trade'; readonly message: Trade })
  | (Common & { readonly kind: 'book'; readonly message: BookUpdate })

type Fields = Readonly<Record<string, unknown>>

/** Decodes the frames of one instrument in the formats of Binance spot, USD-margined and coin-margined futures. */
export class BinanceDecoder {
  readonly #instrument: Instrument
  readonly #epoch: Epoch
  readonly #epochMs: number
  readonly #epochNsOfMs: number
  #imprecise = 0

  constructor(instrument: Instrument, epoch: Epoch) {
    this.#instrument = instrument
    this.#epoch = epoch
    this.#epochMs = Number(epoch.unixNs / 1_000_000n)
    this.#epochNsOfMs = Number(epoch.unixNs % 1_000_000n)
  }

  /** How many prices and sizes had more than the 15 digits that a double gives back. */
  get imprecise(): number {
    return this.#imprecise
  }

  /**
   * The message in a frame; undefined for frames of other kinds than quotes, trades and order book updates.
   *
   * @throws {TickbusError} `TICKBUS_FRAME` if it is no frame of this instrument.
   */
  decode(frame: string, receivedNs: number): MarketMessage | undefined {
    const envelope = parse(frame)
    const data = isFields(envelope.data) ? envelope.data : envelope
    if (data.lastUpdateId !== undefined) return this.#snapshot(data, receivedNs)
    const kind = data.e ?? (typeof envelope.stream === 'string' ? envelope.stream.split('@')[1] : undefined)
    if (kind === 'bookTicker') return this.#quote(data, receivedNs)
    if (kind === 'trade') return this.#trade(data, receivedNs)
    if (kind === 'depthUpdate') return this.#delta(data, receivedNs)
    if (typeof kind !== 'string' && !('result' in envelope)) throw bad('it names neither a stream nor an event')
    return undefined
  }

  #quote(data: Fields, receivedNs: number): MarketMessage {
    this.#checkSymbol(data.s)
    const eventNs = this.#eventNs(data, receivedNs)
    const [bid, ask] = [this.#decimal(data.b, 'b'), this.#decimal(data.a, 'a')]
    const [bidSize, askSize] = [this.#decimal(data.B, 'B'), this.#decimal(data.A, 'A')]
    const message = new Quote(bid, ask, bidSize, askSize, eventNs, receivedNs, this.#epoch, whole(data.u, 'u'))
    return { kind: 'quote', topic: this.#instrument.topics.quotes, instrument: this.#instrument, receivedNs, message }
  }

  #trade(data: Fields, receivedNs: number): MarketMessage {
    this.#checkSymbol(data.s)
    if (typeof data.m !== 'boolean') throw bad(`m is true or false, got ${show(data.m)}`)
    // m says that the buyer was waiting in the book, so that the seller came and took.
    const side: AggressorSide = data.m ? 'SELLER' : 'BUYER'
    const eventNs = this.#eventNs(data, receivedNs)
    const [price, size] = [this.#decimal(data.p, 'p'), this.#decimal(data.q, 'q')]
    const message = new Trade(price, size, side, String(whole(data.t, 't')), eventNs, receivedNs, this.#epoch)
    return { kind: 'trade', topic: this.#instrument.topics.trades, instrument: this.#instrument, receivedNs, message }
  }

  #delta(data: Fields, receivedNs: number): MarketMessage {
    this.#checkSymbol(data.s)
    return this.#book(data, receivedNs, {
      kind: 'delta',
      firstSequence: whole(data.U, 'U'),
      lastSequence: whole(data.u, 'u'),
      ...(data.pu === undefined ? {} : { previousSequence: whole(data.pu, 'pu') }),
      bids: this.#levels(data.b, 'b'),
      asks: this.#levels(data.a, 'a'),
    })
  }

  /** Only coin-margined snapshots name their symbol; for the others the file's name has to do. */
  #snapshot(data: Fields, receivedNs: number): MarketMessage {
    if (data.symbol !== undefined) this.#checkSymbol(data.symbol)
    const sequence = whole(data.lastUpdateId, 'lastUpdateId')
    return this.#book(data, receivedNs, {
      kind: 'snapshot',
      firstSequence: sequence,
      lastSequence: sequence,
      bids: this.#levels(data.bids, 'bids'),
      asks: this.#levels(data.asks, 'asks'),
    })
  }

  #book(data: Fields, receivedNs: number, update: Omit<BookUpdate, 'tsEvent' | 'tsInit'>): MarketMessage {
    const tsEvent = this.#epoch.unixNsAt(this.#eventNs(data, receivedNs))
    const message = { ...update, tsEvent, tsInit: this.#epoch.unixNsAt(receivedNs) }
    return { kind: 'book', topic: this.#instrument.topics.book, instrument: this.#instrument, receivedNs, message }
  }

  #checkSymbol(symbol: unknown): void {
    if (symbol === this.#instrument.symbol) return
    throw bad(`it is about ${show(symbol)}, not ${this.#instrument.symbol} as the file's name says`)
  }

  /** The matching engine's time where given, else that of the frame, else the receive time; in ns since the epoch. */
  #eventNs(data: Fields, receivedNs: number): number {
    const [field, ms] = data.T === undefined ? ['E', data.E] : ['T', data.T]
    if (ms === undefined) return receivedNs
    const eventNs = (whole(ms, field as string) - this.#epochMs) * 1e6 - this.#epochNsOfMs
    if (!Number.isSafeInteger(eventNs)) throw bad('its event time lies more than 104 days from the first line')
    return eventNs
  }

  #levels(levels: unknown, field: string): Level[] {
    if (!Array.isArray(levels)) throw bad(`${field} is a list of levels, got ${show(levels)}`)
    return levels.map((level: unknown): Level => {
      if (!Array.isArray(level)) throw bad(`a level in ${field} is a price and a size, got ${show(level)}`)
      return [this.#decimal(level[0], field), this.#decimal(level[1], field)]
    })
  }

  /** `Number` rounds decimal text correctly, but takes an empty one for 0 and knows hexadecimals: hence the pattern. */
  #decimal(text: unknown, field: string): number {
    if (typeof text !== 'string' || !/^\d+(?:\.\d+)?$/.test(text)) throw bad(`${field} is a decimal, got ${show(text)}`)
    if (text.length > 15 && significantDigits(text) > 15) this.#imprecise += 1
    return Number(text)
  }
}

function parse(frame: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(frame)
  } catch (error) {
    throw bad('it is not JSON', error)
  }
  if (!isFields(value)) throw bad(`it is not a JSON object, got ${show(value)}`)
  return value
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function whole(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw bad(`${field} is a whole number, got ${show(value)}`)
}

function significantDigits(text: string): number {
  const digits = text.replace('.', '').replace(/^0+/, '')
  return (text.includes('.') ? digits.replace(/0+$/, '') : digits).length
}

function bad(reason: string, cause?: unknown): TickbusError {
  return new TickbusError('TICKBUS_FRAME', { venue: 'Binance', reason }, cause)
}
