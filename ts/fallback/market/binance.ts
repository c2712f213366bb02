import { MARKET_NAME_BYTES_MOST } from '../../layout.js'
import { ASK, BID, BUYER, SELLER } from './batch.js'
import { readLevels } from './levels.js'
import { Misfit } from './reject.js'
import { ascii, isTextAt, LIST, OBJECT, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { BOOK, type FrameDecoder, IGNORED, IgnoredKind, type Outcome, QUOTE, TRADE } from './venue.js'

/**
 * Binance: spot, USD-margined and coin-margined futures, whose frames differ only in the fields that they leave out:
 * `bookTicker`, `trade`, `depthUpdate`, partial books and the REST snapshot of a book, each bare or wrapped as
 * `{"stream": …, "data": …}`. Times are milliseconds, or microseconds where the connection asked for them.
 * crates/market/src/binance.rs is the same.
 */
export class Binance extends IgnoredKind implements FrameDecoder {
  readonly #stream = new Slots()
  readonly #fields = new Slots()
  readonly #capitals = new Uint8Array(MARKET_NAME_BYTES_MOST)
  #hasData = false
  #isReply = false
  #isError = false

  decode(frame: Scanner, sink: Sink): Outcome {
    const start = sink.batch.length
    this.#scan(frame, sink)
    const fields = this.#fields
    if (fields.isMet(SNAPSHOT)) return this.#book(start, frame, sink)
    const hasKind = this.#findKind(frame)
    const isUpdate = hasKind && this.#isKind(DEPTH_UPDATE)
    if (!isUpdate) sink.restart(start)
    if (!hasKind) return this.#unnamed(frame, sink)
    if (this.#isKind(BOOK_TICKER)) return this.#quote(frame, sink)
    if (this.#isKind(TRADE_EVENT)) return this.#trade(frame, sink)
    return isUpdate ? this.#book(start, frame, sink) : IGNORED
  }

  #scan(frame: Scanner, sink: Sink): void {
    const start = sink.batch.length
    this.#stream.clear()
    this.#fields.clear()
    this.#hasData = false
    this.#isReply = false
    this.#isError = false
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(STREAM)) this.#stream.text(0, 'stream', frame)
      else if (frame.isText(DATA) && (this.#hasData || frame.peek() === OBJECT)) this.#message(start, frame, sink)
      else if (frame.isText(RESULT) || frame.isText(ID)) this.#isReply = this.#passOver(frame)
      else if (frame.isText(ERROR) || frame.isText(CODE)) this.#isError = this.#passOver(frame)
      else if (this.#hasData) frame.skip()
      else this.#field(frame, sink)
    }
    frame.finish()
  }

  #passOver(frame: Scanner): true {
    frame.skip()
    return true
  }

  /** What stands beside the message is none of it, wherever it stands. */
  #message(start: number, frame: Scanner, sink: Sink): void {
    if (this.#hasData) throw new Misfit('twice', 'data')
    this.#hasData = true
    sink.restart(start)
    this.#fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) this.#field(frame, sink)
  }

  /** `b` and `a` are numbers in quotes and lists in updates. */
  #field(frame: Scanner, sink: Sink): void {
    if (frame.textEnd - frame.textStart !== 1) return this.#longField(frame, sink)
    const fields = this.#fields
    switch (frame.bytes[frame.textStart]) {
      case 0x65:
        return fields.text(EVENT, 'e', frame)
      case 0x73:
        return fields.text(SYMBOL, 's', frame)
      case 0x45:
        return fields.whole(FRAME_TIME, 'E', frame)
      case 0x54:
        return fields.whole(ENGINE_TIME, 'T', frame)
      case 0x55:
        return fields.whole(FIRST, 'U', frame)
      case 0x75:
        return fields.whole(LAST, 'u', frame)
      case 0x74:
        return fields.whole(TRADE_ID, 't', frame)
      case 0x6d:
        return fields.flag(BUYER_MAKER, 'm', frame)
      case 0x70:
        return fields.decimal(PRICE, 'p', frame)
      case 0x71:
        return fields.decimal(SIZE, 'q', frame)
      case 0x42:
        return fields.decimal(BID_SIZE, 'B', frame)
      case 0x41:
        return fields.decimal(ASK_SIZE, 'A', frame)
      case 0x62:
        return frame.peek() === LIST
          ? readLevels(fields, BIDS, BID, 'b', frame, sink)
          : fields.decimal(BID_PRICE, 'b', frame)
      case 0x61:
        return frame.peek() === LIST
          ? readLevels(fields, ASKS, ASK, 'a', frame, sink)
          : fields.decimal(ASK_PRICE, 'a', frame)
      default:
        frame.skip()
    }
  }

  #longField(frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    if (frame.isText(PU)) fields.whole(PREVIOUS, 'pu', frame)
    else if (frame.isText(SYMBOL_NAME)) fields.text(SYMBOL, 'symbol', frame)
    else if (frame.isText(LAST_UPDATE_ID)) fields.whole(SNAPSHOT, 'lastUpdateId', frame)
    else if (frame.isText(BIDS_NAME)) readLevels(fields, BIDS, BID, 'bids', frame, sink)
    else if (frame.isText(ASKS_NAME)) readLevels(fields, ASKS, ASK, 'asks', frame, sink)
    else frame.skip()
  }

  /** Finds what the venue calls the kind of the frame. Says whether it is called anything. */
  #findKind(frame: Scanner): boolean {
    this.kindBytes = frame.bytes
    if (this.#fields.isFilled(EVENT, 'e')) {
      this.kindStart = this.#fields.number(EVENT)
      this.kindEnd = this.#fields.end(EVENT)
      return true
    }
    if (!this.#stream.isFilled(0, 'stream')) return false
    this.#findStreamKind(frame.bytes)
    return true
  }

  /** `btcusdt@bookTicker` -> `bookTicker`, `btcusdt@depth@100ms` -> `depth`; all of it where there is no `@`. */
  #findStreamKind(bytes: Uint8Array): void {
    const start = this.#stream.number(0)
    const end = this.#stream.end(0)
    const at = indexOf(bytes, AT, start, end)
    this.kindStart = at === end ? start : at + 1
    this.kindEnd = at === end ? end : indexOf(bytes, AT, at + 1, end)
  }

  #isKind(kind: Uint8Array): boolean {
    return isTextAt(this.kindBytes, this.kindStart, this.kindEnd, kind)
  }

  /** Spot sends the best bid and offer without its name, and outside of a wrapper nothing else says it. */
  #unnamed(frame: Scanner, sink: Sink): Outcome {
    if (this.#fields.isMet(BID_PRICE) && this.#fields.isMet(ASK_PRICE)) return this.#quote(frame, sink)
    if (!this.#isError && !this.#isReply) throw new Misfit('kind')
    return this.ignore(this.#isError ? ERROR : REPLY)
  }

  #quote(frame: Scanner, sink: Sink): Outcome {
    const fields = this.#fields
    const bid = sink.amount(fields, BID_PRICE, 'b')
    const ask = sink.amount(fields, ASK_PRICE, 'a')
    const bidSize = sink.amount(fields, BID_SIZE, 'B')
    const askSize = sink.amount(fields, ASK_SIZE, 'A')
    fields.require(LAST, 'u')
    fields.require(SYMBOL, 's')
    this.#happened(sink)
    sink.isAbout(frame.bytes, fields.number(SYMBOL), fields.end(SYMBOL))
    sink.batch.quote(bid, ask, bidSize, askSize, fields.number(LAST))
    return QUOTE
  }

  #trade(frame: Scanner, sink: Sink): Outcome {
    const fields = this.#fields
    const price = sink.positive(fields, PRICE, 'p')
    const size = sink.positive(fields, SIZE, 'q')
    fields.require(BUYER_MAKER, 'm')
    // The buyer was waiting in the book, so the seller came and took.
    const aggressor = fields.number(BUYER_MAKER) === 1 ? SELLER : BUYER
    fields.require(TRADE_ID, 't')
    fields.require(SYMBOL, 's')
    this.#happened(sink)
    sink.isAbout(frame.bytes, fields.number(SYMBOL), fields.end(SYMBOL))
    sink.batch.trade(price, size, aggressor, fields.number(TRADE_ID))
    return TRADE
  }

  /** Completes the levels that were written since there were `start` records. */
  #book(start: number, frame: Scanner, sink: Sink): Outcome {
    const fields = this.#fields
    fields.require(BIDS, 'bids')
    fields.require(ASKS, 'asks')
    const trouble = fields.trouble(BIDS) ?? fields.trouble(ASKS)
    if (trouble !== undefined) throw trouble
    const hasStream = this.#stream.isFilled(0, 'stream')
    const isSnapshot = fields.isFilled(SNAPSHOT, 'lastUpdateId')
    const isWhole = isSnapshot || (hasStream && this.#isPartialBook(frame.bytes))
    if (!isSnapshot) fields.require(FIRST, 'U')
    if (!isSnapshot) fields.require(LAST, 'u')
    const previous = !isSnapshot && fields.isFilled(PREVIOUS, 'pu') ? fields.number(PREVIOUS) : -1
    this.#nameBook(isWhole, hasStream, frame.bytes, sink)
    const first = fields.number(isSnapshot ? SNAPSHOT : FIRST)
    const last = fields.number(isSnapshot ? SNAPSHOT : LAST)
    sink.batch.finishUpdate(start, isWhole, first, last, previous)
    return BOOK
  }

  /** Snapshots of spot and USD-margined books do not name their symbol: the stream does, or there is only one. */
  #nameBook(isWhole: boolean, hasStream: boolean, bytes: Uint8Array, sink: Sink): void {
    const fields = this.#fields
    if (fields.isFilled(SYMBOL, 's')) {
      this.#happened(sink)
      sink.isAbout(bytes, fields.number(SYMBOL), fields.end(SYMBOL))
      return
    }
    if (!isWhole) throw new Misfit('field', 's')
    if (hasStream) return this.#nameByStream(bytes, sink)
    const { only } = sink.instruments
    if (only < 0) throw new Misfit('instrument')
    this.#happened(sink)
    sink.batch.instrument = only
  }

  #nameByStream(bytes: Uint8Array, sink: Sink): void {
    const start = this.#stream.number(0)
    const length = indexOf(bytes, AT, start, this.#stream.end(0)) - start
    const capitals = this.#capitals
    if (length > capitals.length) throw new Misfit('instrument')
    for (let i = 0; i < length; i += 1) {
      const byte = bytes[start + i]
      capitals[i] = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte
    }
    this.#happened(sink)
    sink.isAbout(capitals, 0, length)
  }

  /** Streams such as `btcusdt@depth5@100ms` send the best levels each time, not what has changed. */
  #isPartialBook(bytes: Uint8Array): boolean {
    this.#findStreamKind(bytes)
    const digit = this.kindStart + DEPTH.length
    const isDepth = digit < this.kindEnd && isTextAt(bytes, this.kindStart, digit, DEPTH)
    return isDepth && bytes[digit] >= 0x30 && bytes[digit] <= 0x39
  }

  /** At the matching engine's time where given, else at that of the frame, else when it was received. */
  #happened(sink: Sink): void {
    const fields = this.#fields
    const hasEngine = fields.isFilled(ENGINE_TIME, 'T')
    const hasFrame = fields.isFilled(FRAME_TIME, 'E')
    if (!hasEngine && !hasFrame) return sink.happened(-1)
    const time = fields.number(hasEngine ? ENGINE_TIME : FRAME_TIME)
    if (time >= MICROSECONDS_LEAST) sink.happenedAtUs(time)
    else sink.happened(time)
  }
}

/** Where `byte` is first met between `start` and `end`; `end` if it is not. */
function indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at += 1) if (bytes[at] === byte) return at
  return end
}

/** Times of 16 digits are microseconds, as connections with `timeUnit=MICROSECOND` send them; those of 13 are milliseconds. */
const MICROSECONDS_LEAST = 1e15

const EVENT = 0
const SYMBOL = 1
const FRAME_TIME = 2
const ENGINE_TIME = 3
const FIRST = 4
const LAST = 5
const PREVIOUS = 6
const SNAPSHOT = 7
const TRADE_ID = 8
const BUYER_MAKER = 9
const PRICE = 10
const SIZE = 11
const BID_PRICE = 12
const ASK_PRICE = 13
const BID_SIZE = 14
const ASK_SIZE = 15
const BIDS = 16
const ASKS = 17

const BOOK_TICKER = ascii('bookTicker')
const TRADE_EVENT = ascii('trade')
const DEPTH_UPDATE = ascii('depthUpdate')
const DEPTH = ascii('depth')
const STREAM = ascii('stream')
const DATA = ascii('data')
const RESULT = ascii('result')
const ID = ascii('id')
const ERROR = ascii('error')
const CODE = ascii('code')
const REPLY = ascii('reply')
const PU = ascii('pu')
const SYMBOL_NAME = ascii('symbol')
const LAST_UPDATE_ID = ascii('lastUpdateId')
const BIDS_NAME = ascii('bids')
const ASKS_NAME = ascii('asks')
const AT = 0x40
