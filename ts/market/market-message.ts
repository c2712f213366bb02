import { type AggressorSide, type Epoch, Quote, Trade } from '../bus/index.js'
import {
  BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PRICE,
  BOOK_LEVEL_DOUBLE_SIZE,
  BOOK_LEVEL_FLAG_ASK,
  BOOK_LEVEL_FLAG_LAST,
  BOOK_LEVEL_FLAG_NONE,
  BOOK_LEVEL_FLAG_PREVIOUS,
  BOOK_LEVEL_FLAG_SNAPSHOT,
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
  TRADE_FLAGS_AGGRESSOR,
} from '../layout.js'
import type { FeedInstrument } from './feed-instrument.js'

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
  readonly instrument: FeedInstrument
  /** When it was received, nanoseconds since the bus epoch. */
  readonly receivedNs: number
}

/** A decoded frame and where it is published. */
export type MarketMessage =
  | (Common & { readonly kind: 'quote'; readonly message: Quote })
  | (Common & { readonly kind: 'trade'; readonly message: Trade })
  | (Common & { readonly kind: 'book'; readonly message: BookUpdate })

/** Memory that decoders write records to, and reads them as messages. */
export class Records {
  readonly bytes: Uint8Array
  readonly #doubles: Float64Array
  readonly #words: Uint32Array

  /** Room for so many records: no frame may say more. */
  constructor(capacity: number) {
    const memory = new ArrayBuffer(capacity * RECORD_BYTES)
    this.bytes = new Uint8Array(memory)
    this.#doubles = new Float64Array(memory)
    this.#words = new Uint32Array(memory)
  }

  /** Appends the messages that the first `count` records are. `instruments` are by their numbers. */
  read(count: number, instruments: readonly FeedInstrument[], epoch: Epoch, messages: MarketMessage[]): void {
    for (let record = 0; record < count; record += 1) {
      const head = this.#words[record * RECORD_WORDS + RECORD_WORD_KIND]
      const instrument = instruments[this.#words[record * RECORD_WORDS + RECORD_WORD_TOPIC]]
      const kind = head & KIND_MASK
      if (kind === KIND_QUOTE) {
        messages.push(this.#quote(record, instrument, epoch))
      } else if (kind === KIND_TRADE) {
        messages.push(this.#trade(record, head, instrument, epoch))
      } else {
        const last = this.#lastOfUpdate(record)
        messages.push(this.#book(record, last, instrument, epoch))
        record = last
      }
    }
  }

  #quote(record: number, instrument: FeedInstrument, epoch: Epoch): MarketMessage {
    const doubles = this.#doubles
    const at = record * RECORD_DOUBLES
    const receivedNs = doubles[at + RECORD_DOUBLE_INIT]
    const message = new Quote(
      doubles[at + QUOTE_DOUBLE_BID_PRICE],
      doubles[at + QUOTE_DOUBLE_ASK_PRICE],
      doubles[at + QUOTE_DOUBLE_BID_SIZE],
      doubles[at + QUOTE_DOUBLE_ASK_SIZE],
      doubles[at + RECORD_DOUBLE_EVENT],
      receivedNs,
      epoch,
      doubles[at + QUOTE_DOUBLE_SEQUENCE],
    )
    return { kind: 'quote', topic: instrument.topics.quotes, instrument, receivedNs, message }
  }

  #trade(record: number, head: number, instrument: FeedInstrument, epoch: Epoch): MarketMessage {
    const doubles = this.#doubles
    const at = record * RECORD_DOUBLES
    const receivedNs = doubles[at + RECORD_DOUBLE_INIT]
    const message = new Trade(
      doubles[at + TRADE_DOUBLE_PRICE],
      doubles[at + TRADE_DOUBLE_SIZE],
      SIDES[(head >>> FLAGS_SHIFT) & TRADE_FLAGS_AGGRESSOR]!,
      String(doubles[at + TRADE_DOUBLE_ID]),
      doubles[at + RECORD_DOUBLE_EVENT],
      receivedNs,
      epoch,
    )
    return { kind: 'trade', topic: instrument.topics.trades, instrument, receivedNs, message }
  }

  /** An update is a run of levels, which share all but side, price and size. */
  #book(first: number, last: number, instrument: FeedInstrument, epoch: Epoch): MarketMessage {
    const doubles = this.#doubles
    const at = first * RECORD_DOUBLES
    const flags = this.#flags(first)
    const [bids, asks]: [Level[], Level[]] = [[], []]
    for (let record = first; record <= last; record += 1) {
      const levelFlags = this.#flags(record)
      if ((levelFlags & BOOK_LEVEL_FLAG_NONE) !== 0) break
      const level = record * RECORD_DOUBLES
      const side = (levelFlags & BOOK_LEVEL_FLAG_ASK) === 0 ? bids : asks
      side.push([doubles[level + BOOK_LEVEL_DOUBLE_PRICE], doubles[level + BOOK_LEVEL_DOUBLE_SIZE]])
    }
    const receivedNs = doubles[at + RECORD_DOUBLE_INIT]
    const message: BookUpdate = {
      kind: (flags & BOOK_LEVEL_FLAG_SNAPSHOT) === 0 ? 'delta' : 'snapshot',
      firstSequence: doubles[at + BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE],
      lastSequence: doubles[at + BOOK_LEVEL_DOUBLE_LAST_SEQUENCE],
      ...((flags & BOOK_LEVEL_FLAG_PREVIOUS) !== 0 && {
        previousSequence: doubles[at + BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE],
      }),
      bids,
      asks,
      tsEvent: epoch.unixNsAt(doubles[at + RECORD_DOUBLE_EVENT]),
      tsInit: epoch.unixNsAt(receivedNs),
    }
    return { kind: 'book', topic: instrument.topics.book, instrument, receivedNs, message }
  }

  #lastOfUpdate(first: number): number {
    let record = first
    while ((this.#flags(record) & BOOK_LEVEL_FLAG_LAST) === 0) record += 1
    return record
  }

  #flags(record: number): number {
    return (this.#words[record * RECORD_WORDS + RECORD_WORD_KIND] >>> FLAGS_SHIFT) & KIND_MASK
  }
}

const RECORD_DOUBLES = RECORD_BYTES / 8
const RECORD_WORDS = RECORD_BYTES / 4
const KIND_MASK = 0xff
const FLAGS_SHIFT = 8
const SIDES: readonly AggressorSide[] = ['NO_AGGRESSOR', 'BUYER', 'SELLER']
