import type { ArbitrageCore, ArbitrageKernel, ArbitrageKernelOptions } from '../../../arbitrage-core.js'
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
  readonly #pairs: readonly Pair[]
  /** The pair of each instrument, and its place there. */
  readonly #pairOf: readonly Pair[]
  readonly #places: readonly number[]
  readonly #expiry: Expiry
  readonly #numbers: Numbers = { opened: 0, closed: 0 }
  readonly #events = new Events()
  readonly #quote = new TopQuote()
  /** One record, at an address that is a multiple of 8. */
  readonly #bytes = new Uint8Array(RECORD_BYTES)
  readonly #words = new Uint32Array(this.#bytes.buffer)
  readonly #doubles = new Float64Array(this.#bytes.buffer)
  #lastNs = -Infinity

  constructor({ pairs, feesMicroBps, staleNs, minNetMicroBps, basisHalfLifeNs }: ArbitrageKernelOptions) {
    const fees: number[][] = []
    this.#places = pairs.map((pair, number) => (fees[pair] ??= []).push(feesMicroBps[number]!) - 1)
    const terms = { minNetMicroBps, basisHalfLifeNs, numbers: this.#numbers, events: this.#events }
    this.#pairs = fees.map((own, number) => new Pair(number, own, terms))
    this.#pairOf = pairs.map((pair) => this.#pairs[pair]!)
    this.#expiry = new Expiry(staleNs)
    this.view = new Float64Array(ARBITRAGE_COUNTS + fees.length * TOP_DOUBLES)
    this.#writeTops()
  }

  update(quotes: Uint8Array, events: Uint8Array): number {
    this.#events.begin(events)
    const most = Math.floor(quotes.length / RECORD_BYTES)
    const isAligned = quotes.byteOffset % 8 === 0
    const words = isAligned ? new Uint32Array(quotes.buffer, quotes.byteOffset, most * 2 * DOUBLES) : this.#words
    const doubles = isAligned ? new Float64Array(quotes.buffer, quotes.byteOffset, most * DOUBLES) : this.#doubles
    let taken = 0
    for (; taken < most; taken += 1) {
      let at = taken * DOUBLES
      if (!isAligned) {
        this.#bytes.set(quotes.subarray(taken * RECORD_BYTES, (taken + 1) * RECORD_BYTES))
        at = 0
      }
      if (!this.#hasRoom(doubles[at + RECORD_DOUBLE_INIT])) break
      this.#take(words, doubles, at)
    }
    this.view[ARBITRAGE_COUNT_EVENTS] = this.#events.length
    this.view[ARBITRAGE_COUNT_OPENED] = this.#numbers.opened
    this.view[ARBITRAGE_COUNT_CLOSED] = this.#numbers.closed
    this.#writeTops()
    return taken
  }

  writeOpen(events: Uint8Array): void {
    this.#events.begin(events)
    for (const pair of this.#pairs) pair.writeOpen(this.#lastNs)
    this.view[ARBITRAGE_COUNT_EVENTS] = this.#events.length
  }

  #hasRoom(atNs: number): boolean {
    const { room } = this.#events
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
      return
    }
    view[ARBITRAGE_COUNT_QUOTES] += 1
    if (atNs < this.#lastNs) view[ARBITRAGE_COUNT_BACKWARDS] += 1
    this.#lastNs = atNs
    this.#expiry.set(number, atNs)
    if (this.#expiry.isDue(atNs)) this.#expire(atNs)
    pair.set(place, quote)
  }

  #expire(atNs: number): void {
    for (const number of this.#expiry.expired(atNs)) {
      this.view[ARBITRAGE_COUNT_EXPIRED] += 1
      this.#pairOf[number]!.withdraw(this.#places[number]!, atNs)
    }
  }

  #writeTops(): void {
    let exact = 0
    for (const [number, pair] of this.#pairs.entries()) {
      exact += pair.exact + pair.top.exact
      pair.top.writeTop(this.view, ARBITRAGE_COUNTS + number * TOP_DOUBLES)
    }
    this.view[ARBITRAGE_COUNT_EXACT] = exact
  }
}
