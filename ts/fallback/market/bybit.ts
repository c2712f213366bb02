import { ASK, BID } from './batch.js'
import {
  BOOK_CROSS,
  DATA,
  ENGINE_MS,
  FRAME_MS,
  FRAME_US,
  isSnapshot,
  MESSAGE,
  OPERATION,
  SUCCESS,
  TICKER_CROSS,
  TOPIC,
  TYPE,
  unixMs,
} from './bybit/envelope.js'
import { BookObjects } from './bybit/objects.js'
import { BookQuotes, TickerQuotes } from './bybit/quotes.js'
import { Trades, V2, V5 } from './bybit/trades.js'
import { readLevels } from './levels.js'
import { Misfit } from './reject.js'
import { ascii, isTextAt, OBJECT, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { BOOK, type FrameDecoder, IGNORED, IgnoredKind, type Outcome, TRADE } from './venue.js'

/**
 * Bybit: spot, linear and inverse contracts and options by the interface v5, and contracts by v2, which came before it.
 *
 * The topic says what a frame is: `orderbook.DEPTH.SYMBOL`, `publicTrade.SYMBOL` and `tickers.SYMBOL` of v5,
 * `orderBookL2_25.SYMBOL`, `orderBook_200.100ms.SYMBOL` and `trade.SYMBOL` of v2. Where it comes behind the data, the
 * scanner goes back to them. Times are those of the matching engine (`cts`, `T`) where given, else of the frame.
 * crates/market/src/bybit.rs is the same.
 */
export class Bybit extends IgnoredKind implements FrameDecoder {
  readonly #envelope = new Slots()
  readonly #fields = new Slots()
  readonly #bookQuotes = new BookQuotes(this.#envelope)
  readonly #tickerQuotes = new TickerQuotes(this.#envelope)
  readonly #bookObjects = new BookObjects()
  readonly #trades = new Trades(V5)
  readonly #tradesV2 = new Trades(V2)
  #kind = OTHER

  decode(frame: Scanner, sink: Sink): Outcome {
    const start = sink.batch.length
    const passedOver = this.#scan(frame, sink)
    const envelope = this.#envelope
    if (!envelope.isFilled(TOPIC, 'topic')) return this.#unnamed(frame)
    envelope.require(DATA, 'data')
    if (passedOver >= 0) {
      frame.rewind(passedOver)
      this.#data(frame, sink)
    }
    const kind = this.#kind
    if (kind === BOOKS) return this.#book(start, frame, sink)
    if (kind === BOOKS_V2) return this.#bookV2(start, frame, sink)
    if (kind === TOPS) return this.#bookQuotes.write(frame, sink)
    if (kind === TICKERS) return this.#tickerQuotes.write(frame, sink)
    const messages = sink.batch.length - start
    if ((kind !== TRADES && kind !== TRADES_V2) || messages === 0) return IGNORED
    sink.messages = messages
    return TRADE
  }

  /** Scans the frame. Returns where the data are, if they were passed over because the topic came behind them; else -1. */
  #scan(frame: Scanner, sink: Sink): number {
    const envelope = this.#envelope
    envelope.clear()
    let passedOver = -1
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(DATA_NAME)) {
        envelope.mark(DATA, 'data')
        frame.peek()
        if (envelope.holds(TOPIC)) {
          this.#data(frame, sink)
        } else {
          passedOver = frame.place
          frame.skip()
        }
      } else if (frame.isText(TOPIC_NAME)) {
        envelope.text(TOPIC, 'topic', frame)
        if (envelope.holds(TOPIC)) this.#readTopic(frame.bytes, envelope.number(TOPIC), envelope.end(TOPIC))
      } else this.#field(frame)
    }
    frame.finish()
    return passedOver
  }

  #field(frame: Scanner): void {
    const envelope = this.#envelope
    if (frame.isText(TYPE_NAME)) envelope.text(TYPE, 'type', frame)
    else if (frame.isText(TS_NAME)) envelope.whole(FRAME_MS, 'ts', frame)
    else if (frame.isText(CTS_NAME)) envelope.whole(ENGINE_MS, 'cts', frame)
    else if (frame.isText(CS_NAME)) envelope.whole(TICKER_CROSS, 'cs', frame)
    else if (frame.isText(TIMESTAMP_NAME)) envelope.whole(FRAME_US, 'timestamp_e6', frame)
    else if (frame.isText(CROSS_SEQ_NAME)) envelope.whole(BOOK_CROSS, 'cross_seq', frame)
    else if (frame.isText(SUCCESS_NAME)) envelope.flag(SUCCESS, 'success', frame)
    else if (frame.isText(RET_MSG_NAME)) envelope.text(MESSAGE, 'ret_msg', frame)
    else if (frame.isText(OP_NAME)) envelope.text(OPERATION, 'op', frame)
    else frame.skip()
  }

  /** What stands before the first point says what the data are; with the depth where the depth decides. */
  #readTopic(bytes: Uint8Array, start: number, end: number): void {
    const point = indexOf(bytes, POINT, start, end)
    this.#kind = kindOf(bytes, start, point)
    this.kindBytes = bytes
    this.kindStart = start
    this.kindEnd = point
    if (this.#kind === BOOKS) {
      const depth = Math.min(point + 1, end)
      this.kindEnd = indexOf(bytes, POINT, depth, end)
      this.#kind = kindByDepth(bytes, depth, this.kindEnd)
    }
  }

  #data(frame: Scanner, sink: Sink): void {
    const kind = this.#kind
    if (kind === TRADES) return this.#trades.write(frame, sink)
    if (kind === TRADES_V2) return this.#tradesV2.write(frame, sink)
    if (kind === BOOKS_V2) return this.#bookObjects.write(frame, sink)
    if (kind === OTHER) return frame.skip()
    if (frame.peek() !== OBJECT) throw new Misfit('field', 'data')
    if (kind === TOPS) return this.#bookQuotes.scan(frame, sink)
    if (kind === TICKERS) return this.#tickerQuotes.scan(frame)
    const fields = this.#fields
    fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) this.#bookField(frame, sink)
  }

  #bookField(frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    const isLong = frame.textEnd - frame.textStart !== 1
    switch (isLong ? 0 : frame.bytes[frame.textStart]) {
      case 0x73:
        return fields.text(SYMBOL, 's', frame)
      case 0x75:
        return fields.whole(NUMBER, 'u', frame)
      case 0x62:
        return readLevels(fields, BIDS, BID, 'b', frame, sink)
      case 0x61:
        return readLevels(fields, ASKS, ASK, 'a', frame, sink)
      default:
        frame.skip()
    }
  }

  /** Completes the levels that were written since there were `start` records. Each update's `u` is one more than the last. */
  #book(start: number, frame: Scanner, sink: Sink): Outcome {
    const fields = this.#fields
    fields.require(BIDS, 'b')
    fields.require(ASKS, 'a')
    const trouble = fields.trouble(BIDS) ?? fields.trouble(ASKS)
    if (trouble !== undefined) throw trouble
    const isWhole = isSnapshot(this.#envelope, frame)
    fields.require(NUMBER, 'u')
    fields.require(SYMBOL, 's')
    sink.happened(unixMs(this.#envelope))
    sink.isAbout(frame.bytes, fields.number(SYMBOL), fields.end(SYMBOL))
    sink.batch.finishUpdate(start, isWhole, fields.number(NUMBER), fields.number(NUMBER), -1)
    return BOOK
  }

  /** The same for v2, whose numbers are shared by all instruments and so tell of no gap. */
  #bookV2(start: number, frame: Scanner, sink: Sink): Outcome {
    const envelope = this.#envelope
    const { bytes } = frame
    const isWhole = isSnapshot(envelope, frame)
    envelope.require(BOOK_CROSS, 'cross_seq')
    envelope.require(FRAME_US, 'timestamp_e6')
    sink.happenedAtUs(envelope.number(FRAME_US))
    const end = envelope.end(TOPIC)
    let symbol = end
    while (symbol > envelope.number(TOPIC) && bytes[symbol - 1] !== POINT) symbol -= 1
    sink.isAbout(bytes, symbol, end)
    sink.batch.finishUpdate(start, isWhole, envelope.number(BOOK_CROSS), envelope.number(BOOK_CROSS), -1)
    return BOOK
  }

  /** A frame without a topic answers something that was asked. */
  #unnamed(frame: Scanner): Outcome {
    const envelope = this.#envelope
    const hasOperation = envelope.isFilled(OPERATION, 'op')
    const hasMessage = envelope.isFilled(MESSAGE, 'ret_msg')
    const hasSuccess = envelope.isFilled(SUCCESS, 'success')
    const isPong =
      (hasOperation && envelope.is(OPERATION, PONG, frame)) || (hasMessage && envelope.is(MESSAGE, PONG, frame))
    if (isPong) return this.ignore(PONG)
    if (hasSuccess && envelope.number(SUCCESS) === 0) return this.ignore(ERROR)
    if (!hasSuccess && !hasOperation) throw new Misfit('kind')
    return this.ignore(REPLY)
  }
}

function kindOf(bytes: Uint8Array, start: number, end: number): number {
  if (isTextAt(bytes, start, end, ORDERBOOK)) return BOOKS
  if (isTextAt(bytes, start, end, PUBLIC_TRADE)) return TRADES
  if (isTextAt(bytes, start, end, TICKERS_NAME)) return TICKERS
  if (isTextAt(bytes, start, end, BOOK_L2) || isTextAt(bytes, start, end, BOOK_200)) return BOOKS_V2
  return isTextAt(bytes, start, end, TRADE_NAME) ? TRADES_V2 : OTHER
}

/** There are books of other forms, such as `orderbook.rpi.BTCUSDT`. */
function kindByDepth(bytes: Uint8Array, start: number, end: number): number {
  if (isTextAt(bytes, start, end, ONE)) return TOPS
  let isNumber = end > start
  for (let at = start; at < end; at += 1) if (bytes[at] < 0x30 || bytes[at] > 0x39) isNumber = false
  return isNumber ? BOOKS : OTHER
}

/** Where `byte` is first met between `start` and `end`; `end` if it is not. */
function indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let at = start; at < end; at += 1) if (bytes[at] === byte) return at
  return end
}

/** What the data are. */
const BOOKS = 0
const BOOKS_V2 = 1
const TOPS = 2
const TICKERS = 3
const TRADES = 4
const TRADES_V2 = 5
const OTHER = 6

const SYMBOL = 0
const NUMBER = 1
const BIDS = 2
const ASKS = 3

const DATA_NAME = ascii('data')
const TOPIC_NAME = ascii('topic')
const TYPE_NAME = ascii('type')
const TS_NAME = ascii('ts')
const CTS_NAME = ascii('cts')
const CS_NAME = ascii('cs')
const TIMESTAMP_NAME = ascii('timestamp_e6')
const CROSS_SEQ_NAME = ascii('cross_seq')
const SUCCESS_NAME = ascii('success')
const RET_MSG_NAME = ascii('ret_msg')
const OP_NAME = ascii('op')
const ORDERBOOK = ascii('orderbook')
const PUBLIC_TRADE = ascii('publicTrade')
const TICKERS_NAME = ascii('tickers')
const BOOK_L2 = ascii('orderBookL2_25')
const BOOK_200 = ascii('orderBook_200')
const TRADE_NAME = ascii('trade')
const ONE = ascii('1')
const PONG = ascii('pong')
const ERROR = ascii('error')
const REPLY = ascii('reply')
const POINT = 0x2e
