import {
  Epoch,
  messageOf,
  type Quote,
  quoteCodec,
  readTradeId,
  type RecordCodec,
  type Trade,
  tradeCodec,
  type Views,
  viewsOf,
  type WrittenRecord,
} from '../bus/index.js'
import {
  BOOK_LEVEL_DOUBLE_CHECKSUM,
  BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PRICE,
  BOOK_LEVEL_DOUBLE_SIZE,
  BOOK_LEVEL_FLAG_ASK,
  BOOK_LEVEL_FLAG_CHECKSUM,
  BOOK_LEVEL_FLAG_LAST,
  BOOK_LEVEL_FLAG_NONE,
  BOOK_LEVEL_FLAG_PREVIOUS,
  BOOK_LEVEL_FLAG_SNAPSHOT,
  KIND_QUOTE,
  KIND_TRADE,
  RECORD_BYTES,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
  RECORD_WORD_KIND,
  RECORD_WORD_TOPIC,
  TRADE_DOUBLE_ID,
  TRADE_FLAG_ID_NUMBER,
} from '../layout.js'
import type { FeedInstrument } from './feed-instrument.js'

/** Price and size of one level. A size of 0 in a delta removes the level. */
export type Level = [price: number, size: number]

/** A change of an order book, or all of it. Plain data, which MessagePack carries exactly. */
export interface BookUpdate {
  kind: 'snapshot' | 'delta'
  /** The venue's number of the first change in here; 0 where it gives none. */
  firstSequence: number
  /** The venue's number of the last change in here; 0 where it gives none. */
  lastSequence: number
  /** The last number of the update before this one; futures only. A gap shows here. */
  previousSequence?: number
  /** The venue's checksum of the book after this, 32 bits without a sign; only where it sends one. */
  checksum?: number
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

/** What the records of one message are. */
export type RecordedKind = MarketMessage['kind']

/** Memory that decoders write records to, and reads them as messages. */
export class Records {
  readonly capacity: number
  readonly bytes: Uint8Array
  readonly #views: Views
  readonly #doubles: Float64Array
  readonly #words: Uint32Array
  /** One for all records: whoever publishes one is done with it before the next. */
  readonly #written: { -readonly [Field in keyof WrittenRecord]: WrittenRecord[Field] }

  /** Room for so many records: no frame may say more. */
  constructor(capacity: number) {
    this.capacity = capacity
    this.#views = viewsOf(new ArrayBuffer(capacity * RECORD_BYTES))
    this.bytes = this.#views.bytes
    this.#doubles = this.#views.doubles
    this.#words = this.#views.words
    this.#written = { codec: QUOTES, views: this.#views, at: 0, head: 0, epoch: NO_EPOCH }
  }

  /** Appends the messages that the first `count` records are. `instruments` are by their numbers. */
  read(count: number, instruments: readonly FeedInstrument[], epoch: Epoch, messages: MarketMessage[]): void {
    for (let record = 0; record < count;) {
      const end = this.endOf(record, count)
      messages.push(this.message(record, end, instruments[this.instrumentOf(record)], epoch))
      record = end
    }
  }

  /** The message of the records from one on up to another. */
  message(record: number, end: number, instrument: FeedInstrument, epoch: Epoch): MarketMessage {
    const kind = this.kindOf(record)
    if (kind === 'book') return this.#book(record, end - 1, instrument, epoch)
    const { topics } = instrument
    const receivedNs = this.receivedNs(record)
    const written = this.written(record, epoch)
    if (kind === 'quote')
      return { kind, topic: topics.quotes, instrument, receivedNs, message: messageOf(written) as Quote }
    return { kind, topic: topics.trades, instrument, receivedNs, message: messageOf(written) as Trade }
  }

  kindOf(record: number): RecordedKind {
    const kind = this.#head(record) & KIND_MASK
    return kind === KIND_QUOTE ? 'quote' : kind === KIND_TRADE ? 'trade' : 'book'
  }

  /** The decoder's number of the instrument. */
  instrumentOf(record: number): number {
    return this.#words[record * RECORD_WORDS + RECORD_WORD_TOPIC]
  }

  /** Copies the records from one on up to another to a place in here where there is room for them. */
  copy(source: Records, from: number, to: number, at: number): void {
    this.bytes.set(source.bytes.subarray(from * RECORD_BYTES, to * RECORD_BYTES), at * RECORD_BYTES)
  }

  /** Gives the records from one on up to another other numbers for their instruments: in the place of each, what the list has. */
  renumber(from: number, to: number, numbers: ArrayLike<number>): void {
    const words = this.#words
    for (let at = from * RECORD_WORDS + RECORD_WORD_TOPIC; at < to * RECORD_WORDS; at += RECORD_WORDS) {
      words[at] = numbers[words[at]]
    }
  }

  /** When it was received, nanoseconds since the epoch. */
  receivedNs(record: number): number {
    return this.#doubles[record * RECORD_DOUBLES + RECORD_DOUBLE_INIT]
  }

  /** When it happened at the venue, nanoseconds since the epoch; when it was received where the venue does not say. */
  eventNs(record: number): number {
    return this.#doubles[record * RECORD_DOUBLES + RECORD_DOUBLE_EVENT]
  }

  /** A quote or a trade as it lies there, up to the next call. */
  written(record: number, epoch: Epoch): WrittenRecord {
    const written = this.#written
    written.head = this.#head(record)
    written.codec = (written.head & KIND_MASK) === KIND_QUOTE ? QUOTES : TRADES
    written.at = record * RECORD_DOUBLES
    written.epoch = epoch
    return written
  }

  /** The venue's id of a trade as a number; NaN if it is none. */
  tradeNumberOf(record: number): number {
    const head = this.#head(record)
    const at = record * RECORD_DOUBLES
    if (((head >>> FLAGS_SHIFT) & TRADE_FLAG_ID_NUMBER) !== 0) return this.#doubles[at + TRADE_DOUBLE_ID]
    return Number(readTradeId(this.#views, at, head))
  }

  /** Where the message ends that begins at a record. No update reaches beyond `count`, even if no level says that it is the last. */
  endOf(record: number, count: number): number {
    let last = record
    if (this.kindOf(record) === 'book')
      while (last < count - 1 && (this.#flags(last) & BOOK_LEVEL_FLAG_LAST) === 0) last += 1
    return last + 1
  }

  /** An update is a run of levels, which share all but side, price and size. */
  #book(first: number, last: number, instrument: FeedInstrument, epoch: Epoch): MarketMessage {
    const doubles = this.#doubles
    const at = first * RECORD_DOUBLES
    const flags = this.#flags(first)
    const hasChecksum = (flags & BOOK_LEVEL_FLAG_CHECKSUM) !== 0
    const firstSequence = hasChecksum ? BOOK_LEVEL_DOUBLE_LAST_SEQUENCE : BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE
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
      firstSequence: doubles[at + firstSequence],
      lastSequence: doubles[at + BOOK_LEVEL_DOUBLE_LAST_SEQUENCE],
      ...((flags & BOOK_LEVEL_FLAG_PREVIOUS) !== 0 && {
        previousSequence: doubles[at + BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE],
      }),
      ...(hasChecksum && { checksum: doubles[at + BOOK_LEVEL_DOUBLE_CHECKSUM] }),
      bids,
      asks,
      tsEvent: epoch.unixNsAt(doubles[at + RECORD_DOUBLE_EVENT]),
      tsInit: epoch.unixNsAt(receivedNs),
    }
    return { kind: 'book', topic: instrument.topics.book, instrument, receivedNs, message }
  }

  #flags(record: number): number {
    return (this.#head(record) >>> FLAGS_SHIFT) & KIND_MASK
  }

  #head(record: number): number {
    return this.#words[record * RECORD_WORDS + RECORD_WORD_KIND]
  }
}

const RECORD_DOUBLES = RECORD_BYTES / 8
const RECORD_WORDS = RECORD_BYTES / 4
const KIND_MASK = 0xff
const FLAGS_SHIFT = 8
const QUOTES = quoteCodec as unknown as RecordCodec<unknown>
const TRADES = tradeCodec as unknown as RecordCodec<unknown>
const NO_EPOCH = new Epoch(0n)
