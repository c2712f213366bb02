import {
  BOOK_LEVEL_DOUBLE_CHECKSUM,
  BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PRICE,
  BOOK_LEVEL_DOUBLE_SIZE,
  BOOK_LEVEL_FLAG_ASK,
  BOOK_LEVEL_FLAG_CHECKSUM,
  BOOK_LEVEL_FLAG_FIRST,
  BOOK_LEVEL_FLAG_LAST,
  BOOK_LEVEL_FLAG_NONE,
  BOOK_LEVEL_FLAG_PREVIOUS,
  BOOK_LEVEL_FLAG_SNAPSHOT,
  KIND_BOOK_LEVEL,
  KIND_QUOTE,
  KIND_TRADE,
  QUOTE_DOUBLE_ASK_PRICE,
  QUOTE_DOUBLE_ASK_SIZE,
  QUOTE_DOUBLE_BID_PRICE,
  QUOTE_DOUBLE_BID_SIZE,
  QUOTE_DOUBLE_SEQUENCE,
  RECORD_BYTES,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
  RECORD_WORD_KIND,
  RECORD_WORD_TOPIC,
  TRADE_DOUBLE_ID,
  TRADE_DOUBLE_PRICE,
  TRADE_DOUBLE_SIZE,
  TRADE_FLAG_ID_NUMBER,
} from '../../layout.js'
import { FULL } from './reject.js'
import type { TradeId } from './trade-id.js'

const RECORD_DOUBLES = RECORD_BYTES / 8
const RECORD_WORDS = RECORD_BYTES / 4
const TRADE_WORD_ID = 2 * TRADE_DOUBLE_ID
const FLAGS_SHIFT = 8

/** Who took liquidity, as a trade's flags say it. */
export const BUYER = 1
export const SELLER = 2

/** Records in memory that the caller gives. */
export class Batch {
  /** How many records are written. */
  length = 0
  /** What all records of the frame say: the instrument's number, and two times in nanoseconds since the epoch. */
  instrument = 0
  eventNs = 0
  initNs = 0
  #out: Uint8Array | undefined
  #doubles: Float64Array = new Float64Array(0)
  #words: Uint32Array = new Uint32Array(0)
  #capacity = 0

  /** Begins with nothing written. */
  begin(out: Uint8Array): void {
    this.length = 0
    if (out === this.#out) return
    const bytes = out.byteLength - (out.byteLength % RECORD_BYTES)
    this.#doubles = new Float64Array(out.buffer, out.byteOffset, bytes / 8)
    this.#words = new Uint32Array(out.buffer, out.byteOffset, bytes / 4)
    this.#capacity = bytes / RECORD_BYTES
    this.#out = out
  }

  quote(bid: number, ask: number, bidSize: number, askSize: number, sequence: number): void {
    const at = this.#next()
    this.#writeHead(at, KIND_QUOTE)
    const doubles = this.#doubles
    const first = at * RECORD_DOUBLES
    doubles[first + QUOTE_DOUBLE_BID_PRICE] = bid
    doubles[first + QUOTE_DOUBLE_ASK_PRICE] = ask
    doubles[first + QUOTE_DOUBLE_BID_SIZE] = bidSize
    doubles[first + QUOTE_DOUBLE_ASK_SIZE] = askSize
    doubles[first + QUOTE_DOUBLE_SEQUENCE] = sequence
  }

  /** Writes a trade, whose id is a whole number, or negative if the venue gives none. */
  trade(price: number, size: number, aggressor: number, id: number): void {
    const at = this.#next()
    const idKind = id < 0 ? 0 : TRADE_FLAG_ID_NUMBER
    this.#writeHead(at, KIND_TRADE | ((aggressor | idKind) << FLAGS_SHIFT))
    const doubles = this.#doubles
    const first = at * RECORD_DOUBLES
    doubles[first + TRADE_DOUBLE_PRICE] = price
    doubles[first + TRADE_DOUBLE_SIZE] = size
    doubles[first + TRADE_DOUBLE_ID] = id < 0 ? 0 : id
    doubles[first + TRADE_DOUBLE_ID + 1] = 0
    doubles[first + TRADE_DOUBLE_ID + 2] = 0
  }

  /** Writes a trade with whatever id it has. */
  tradeNamed(price: number, size: number, aggressor: number, id: TradeId): void {
    const at = this.#next()
    this.#writeHead(at, KIND_TRADE | ((aggressor | id.flags) << FLAGS_SHIFT))
    const first = at * RECORD_DOUBLES
    this.#doubles[first + TRADE_DOUBLE_PRICE] = price
    this.#doubles[first + TRADE_DOUBLE_SIZE] = size
    const word = at * RECORD_WORDS + TRADE_WORD_ID
    for (let i = 0; i < id.words.length; i += 1) this.#words[word + i] = id.words[i]
  }

  /** Writes a level of an update whose head is not known yet: `finishUpdate` completes it. */
  level(sideFlag: number, price: number, size: number): void {
    const at = this.#next()
    this.#words[at * RECORD_WORDS + RECORD_WORD_KIND] = sideFlag
    const first = at * RECORD_DOUBLES
    this.#doubles[first + BOOK_LEVEL_DOUBLE_PRICE] = price
    this.#doubles[first + BOOK_LEVEL_DOUBLE_SIZE] = size
  }

  /**
   * Completes the levels that were written since there were `start` records. An update without a level gets one record
   * that says so. `previous` is negative where the venue gives none.
   */
  finishUpdate(
    start: number,
    isSnapshot: boolean,
    firstSequence: number,
    lastSequence: number,
    previous: number,
  ): void {
    if (this.length === start) this.level(BOOK_LEVEL_FLAG_NONE, 0, 0)
    const doubles = this.#doubles
    const words = this.#words
    const last = this.length - 1
    const shared = (isSnapshot ? BOOK_LEVEL_FLAG_SNAPSHOT : 0) | (previous >= 0 ? BOOK_LEVEL_FLAG_PREVIOUS : 0)
    const previousSequence = previous >= 0 ? previous : 0
    for (let at = start; at <= last; at += 1) {
      const flags = words[at * RECORD_WORDS + RECORD_WORD_KIND] | shared
      this.#writeHead(at, KIND_BOOK_LEVEL | (flags << FLAGS_SHIFT))
      const first = at * RECORD_DOUBLES
      doubles[first + BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE] = firstSequence
      doubles[first + BOOK_LEVEL_DOUBLE_LAST_SEQUENCE] = lastSequence
      doubles[first + BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE] = previousSequence
    }
    words[start * RECORD_WORDS + RECORD_WORD_KIND] |= BOOK_LEVEL_FLAG_FIRST << FLAGS_SHIFT
    words[last * RECORD_WORDS + RECORD_WORD_KIND] |= BOOK_LEVEL_FLAG_LAST << FLAGS_SHIFT
  }

  /**
   * Adds the venue's checksum to the update that begins at `start` and is complete. It stands where the first sequence
   * would: venues with checksums give one number for both ends, or none.
   */
  addChecksum(start: number, checksum: number): void {
    for (let at = start; at < this.length; at += 1) {
      this.#words[at * RECORD_WORDS + RECORD_WORD_KIND] |= BOOK_LEVEL_FLAG_CHECKSUM << FLAGS_SHIFT
      this.#doubles[at * RECORD_DOUBLES + BOOK_LEVEL_DOUBLE_CHECKSUM] = checksum
    }
  }

  #next(): number {
    if (this.length === this.#capacity) throw FULL
    return this.length++
  }

  #writeHead(at: number, kind: number): void {
    this.#words[at * RECORD_WORDS + RECORD_WORD_KIND] = kind
    this.#words[at * RECORD_WORDS + RECORD_WORD_TOPIC] = this.instrument
    this.#doubles[at * RECORD_DOUBLES + RECORD_DOUBLE_EVENT] = this.eventNs
    this.#doubles[at * RECORD_DOUBLES + RECORD_DOUBLE_INIT] = this.initNs
  }
}

/** The flag of a level's side. */
export const BID = 0
export const ASK = BOOK_LEVEL_FLAG_ASK
