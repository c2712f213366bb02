import {
  type ArbitrageCore,
  type ArbitrageKernel,
  type ArbitrageKernelOptions,
  eventsMost,
} from '../../../arbitrage-core.js'
import {
  ARBITRAGE_COUNT_BACKWARDS,
  ARBITRAGE_COUNT_CLOSED,
  ARBITRAGE_COUNT_EVENTS,
  ARBITRAGE_COUNT_EXACT,
  ARBITRAGE_COUNT_EXPIRED,
  ARBITRAGE_COUNT_OPENED,
  ARBITRAGE_COUNT_OTHER,
  ARBITRAGE_COUNT_QUOTES,
  ARBITRAGE_COUNT_UNKNOWN,
  ARBITRAGE_COUNTS,
  KIND_QUOTE,
  PAIR_INSTRUMENTS_MOST,
  QUOTE_DOUBLE_ASK_PRICE,
  QUOTE_DOUBLE_ASK_SIZE,
  QUOTE_DOUBLE_BID_PRICE,
  QUOTE_DOUBLE_BID_SIZE,
  RECORD_BYTES,
  RECORD_DOUBLE_INIT,
  RECORD_WORD_KIND,
  RECORD_WORD_TOPIC,
  TOP_DOUBLES,
} from '../../../layout.js'
import { TopQuote } from '../consolidated/index.js'
import { Events } from './events.js'
import { Expiry } from './expiry.js'
import { type Numbers, Pair } from './pair.js'

/** The backend in JavaScript. */
export const jsArbitrageCore: ArbitrageCore = { openArbitrage: (options) => new JsArbitrage(options) }

/** Events of one quote, without those of what has expired: each other instrument, both ways. */
const EVENTS_MOST = 2 * PAIR_INSTRUMENTS_MOST
const DOUBLES = RECORD_BYTES / 8
const KIND_MASK = 0xff

/** Quotes in, episodes out: crates/market/src/arbitrage.rs step for step. */
class JsArbitrage implements ArbitrageKernel {
  readonly view: Float64Array
  readonly inbox = new Uint8Array(RECORD_BYTES)
  readonly events: Uint8Array
  readonly #pairs: readonly Pair[]
  /** The pair of each instrument, and its place there. */
  readonly #pairOf: readonly Pair[]
  readonly #places: readonly number[]
  readonly #expiry: Expiry
  readonly #numbers: Numbers = { opened: 0, closed: 0 }
  readonly #out: Events
  readonly #quote = new TopQuote()
  readonly #words = new Uint32Array(this.inbox.buffer)
  readonly #doubles = new Float64Array(this.inbox.buffer)
  #lastNs = -Infinity
  /** Pairs whose tops have changed since they were last written, each once. */
  readonly #changed: Pair[]

  constructor(options: ArbitrageKernelOptions) {
    const { pairs, feesMicroBps, staleNs, minNetMicroBps, basisHalfLifeNs } = options
    this.#out = new Events(eventsMost(options))
    this.events = this.#out.bytes
    const fees: number[][] = []
    this.#places = pairs.map((pair, number) => (fees[pair] ??= []).push(feesMicroBps[number]!) - 1)
    const terms = { minNetMicroBps, basisHalfLifeNs, numbers: this.#numbers, events: this.#out }
    this.#pairs = fees.map((own, number) => new Pair(number, own, terms))
    this.#pairOf = pairs.map((pair) => this.#pairs[pair]!)
    this.#expiry = new Expiry(staleNs)
    this.view = new Float64Array(ARBITRAGE_COUNTS + fees.length * TOP_DOUBLES)
    this.#changed = [...this.#pairs]
    this.#show()
  }

  update(quotes: Uint8Array): number {
    if (quotes.byteOffset % 8 !== 0) return this.update(new Uint8Array(quotes))
    const most = Math.floor(quotes.length / RECORD_BYTES)
    const words = new Uint32Array(quotes.buffer, quotes.byteOffset, most * 2 * DOUBLES)
    const doubles = new Float64Array(quotes.buffer, quotes.byteOffset, most * DOUBLES)
    return this.#update(words, doubles, most)
  }

  updateOne(): number {
    return this.#update(this.#words, this.#doubles, 1)
  }

  writeOpen(): void {
    this.#out.length = 0
    for (const pair of this.#pairs) pair.writeOpen(this.#lastNs)
    this.#show()
  }

  #update(words: Uint32Array, doubles: Float64Array, most: number): number {
    this.#out.length = 0
    let taken = 0
    for (; taken < most; taken += 1) {
      const at = taken * DOUBLES
      if (!this.#hasRoom(doubles[at + RECORD_DOUBLE_INIT])) break
      this.#take(words, doubles, at)
    }
    this.#show()
    return taken
  }

  #hasRoom(atNs: number): boolean {
    const { room } = this.#out
    if (room < EVENTS_MOST) return false
    return !this.#expiry.isDue(atNs) || room - EVENTS_MOST >= this.#numbers.opened - this.#numbers.closed
  }

  #take(words: Uint32Array, doubles: Float64Array, at: number): void {
    const { view } = this
    if ((words[2 * at + RECORD_WORD_KIND] & KIND_MASK) !== KIND_QUOTE) {
      view[ARBITRAGE_COUNT_OTHER] += 1
      return
    }
    const number = words[2 * at + RECORD_WORD_TOPIC]
    if (number >= this.#pairOf.length) {
      view[ARBITRAGE_COUNT_UNKNOWN] += 1
      return
    }
    const [pair, place, quote] = [this.#pairOf[number]!, this.#places[number]!, this.#quote]
    quote.bid = doubles[at + QUOTE_DOUBLE_BID_PRICE]
    quote.ask = doubles[at + QUOTE_DOUBLE_ASK_PRICE]
    quote.bidSize = doubles[at + QUOTE_DOUBLE_BID_SIZE]
    quote.askSize = doubles[at + QUOTE_DOUBLE_ASK_SIZE]
    quote.receivedNs = doubles[at + RECORD_DOUBLE_INIT]
    const atNs = quote.receivedNs
    if (!quote.isSound) {
      view[quote.fault] += 1
      this.#expiry.clear(number)
      // A time that is none must not get into an episode.
      pair.withdraw(place, Number.isFinite(atNs) ? atNs : Math.max(this.#lastNs, 0))
      this.#note(pair)
      return
    }
    view[ARBITRAGE_COUNT_QUOTES] += 1
    if (atNs < this.#lastNs) view[ARBITRAGE_COUNT_BACKWARDS] += 1
    this.#lastNs = atNs
    this.#expiry.set(number, atNs)
    if (this.#expiry.isDue(atNs)) this.#expire(atNs)
    pair.set(place, quote)
    this.#note(pair)
  }

  #expire(atNs: number): void {
    for (const number of this.#expiry.expired(atNs)) {
      const pair = this.#pairOf[number]!
      this.view[ARBITRAGE_COUNT_EXPIRED] += 1
      pair.withdraw(this.#places[number]!, atNs)
      this.#note(pair)
    }
  }

  /** Notes what has come of a change. */
  #note(pair: Pair): void {
    this.view[ARBITRAGE_COUNT_EXACT] += pair.takeExact()
    if (pair.isNoted || !pair.top.hasChanged) return
    pair.isNoted = true
    this.#changed.push(pair)
  }

  #show(): void {
    this.view[ARBITRAGE_COUNT_EVENTS] = this.#out.length
    this.view[ARBITRAGE_COUNT_OPENED] = this.#numbers.opened
    this.view[ARBITRAGE_COUNT_CLOSED] = this.#numbers.closed
    for (const pair of this.#changed) {
      pair.isNoted = false
      pair.top.writeTop(this.view, ARBITRAGE_COUNTS + pair.number * TOP_DOUBLES)
    }
    this.#changed.length = 0
  }
}
