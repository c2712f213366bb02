import { ASK, BID } from './batch.js'
import { takerOf } from './kraken-side.js'
import { checkLevel, LEVEL_PRICE, LEVEL_SIZE, writeLevel } from './levels.js'
import { Misfit } from './reject.js'
import { ascii, isTextAt, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { BOOK, QUOTE, TRADE } from './venue.js'

/** What the data of a channel become. */
export type Content = typeof QUOTE | typeof TRADE | typeof BOOK

/** What the data of the channel between `start` and `end` become; undefined if they are not decoded. */
export function contentOf(bytes: Uint8Array, start: number, end: number): Content | undefined {
  if (isTextAt(bytes, start, end, BOOK_NAME)) return BOOK
  if (isTextAt(bytes, start, end, TRADE_NAME)) return TRADE
  if (isTextAt(bytes, start, end, TICKER_NAME)) return QUOTE
  return undefined
}

/**
 * Kraken's second protocol: `{"channel": …, "type": …, "data": […]}` with `book`, `trade` and `ticker`. Snapshots and
 * updates of a book are one frame each, with a checksum. crates/market/src/kraken_v2.rs is the same.
 */
export class KrakenV2 {
  readonly #item = new Slots()
  readonly #level = new Slots()

  /** Writes the messages in a list of data, whose type is in the slot `type`. Returns how many there were. */
  data(content: Content, fields: Slots, type: number, frame: Scanner, sink: Sink): number {
    let messages = 0
    for (let isItem = frame.firstItemIn('data'); isItem; isItem = frame.nextItem()) {
      if (content === QUOTE) this.#ticker(frame, sink)
      else if (content === TRADE) this.#trade(frame, sink)
      else this.#book(fields, type, frame, sink)
      messages += 1
    }
    return messages
  }

  #ticker(frame: Scanner, sink: Sink): void {
    const item = this.#item
    item.clear()
    for (let isField = frame.firstKeyIn('data'); isField; isField = frame.nextKey()) {
      if (frame.isText(SYMBOL_NAME)) item.text(SYMBOL, 'symbol', frame)
      else if (frame.isText(BID_NAME)) item.decimal(BID_PRICE, 'bid', frame)
      else if (frame.isText(BID_QTY)) item.decimal(BID_SIZE, 'bid_qty', frame)
      else if (frame.isText(ASK_NAME)) item.decimal(ASK_PRICE, 'ask', frame)
      else if (frame.isText(ASK_QTY)) item.decimal(ASK_SIZE, 'ask_qty', frame)
      else if (frame.isText(TIMESTAMP)) item.moment(TIME, 'timestamp', frame)
      else frame.skip()
    }
    const bid = sink.amount(item, BID_PRICE, 'bid')
    const ask = sink.amount(item, ASK_PRICE, 'ask')
    const bidSize = sink.amount(item, BID_SIZE, 'bid_qty')
    const askSize = sink.amount(item, ASK_SIZE, 'ask_qty')
    this.#begin(frame, sink)
    sink.batch.quote(bid, ask, bidSize, askSize, 0)
  }

  #trade(frame: Scanner, sink: Sink): void {
    const item = this.#item
    item.clear()
    for (let isField = frame.firstKeyIn('data'); isField; isField = frame.nextKey()) {
      if (frame.isText(SYMBOL_NAME)) item.text(SYMBOL, 'symbol', frame)
      else if (frame.isText(SIDE_NAME)) item.text(SIDE, 'side', frame)
      else if (frame.isText(PRICE_NAME)) item.decimal(PRICE, 'price', frame)
      else if (frame.isText(QTY)) item.decimal(SIZE, 'qty', frame)
      else if (frame.isText(TRADE_ID_NAME)) item.whole(TRADE_ID, 'trade_id', frame)
      else if (frame.isText(TIMESTAMP)) item.moment(TIME, 'timestamp', frame)
      else frame.skip()
    }
    const price = sink.positive(item, PRICE, 'price')
    const size = sink.positive(item, SIZE, 'qty')
    const aggressor = takerOf(item, SIDE, frame)
    item.require(TRADE_ID, 'trade_id')
    item.require(SYMBOL, 'symbol')
    item.require(TIME, 'timestamp')
    this.#begin(frame, sink)
    sink.batch.trade(price, size, aggressor, item.number(TRADE_ID))
  }

  #book(fields: Slots, type: number, frame: Scanner, sink: Sink): void {
    const start = sink.batch.length
    const item = this.#item
    item.clear()
    for (let isField = frame.firstKeyIn('data'); isField; isField = frame.nextKey()) {
      if (frame.isText(SYMBOL_NAME)) item.text(SYMBOL, 'symbol', frame)
      else if (frame.isText(BIDS_NAME)) this.#levels(BIDS, BID, 'bids', frame, sink)
      else if (frame.isText(ASKS_NAME)) this.#levels(ASKS, ASK, 'asks', frame, sink)
      else if (frame.isText(CHECKSUM_NAME)) item.whole(CHECKSUM, 'checksum', frame)
      else if (frame.isText(TIMESTAMP)) item.moment(TIME, 'timestamp', frame)
      else frame.skip()
    }
    fields.require(type, 'type')
    const isSnapshot = fields.is(type, SNAPSHOT, frame)
    if (!isSnapshot && !fields.is(type, UPDATE, frame)) throw new Misfit('field', 'type')
    item.require(BIDS, 'bids')
    item.require(ASKS, 'asks')
    item.require(CHECKSUM, 'checksum')
    if (item.number(CHECKSUM) > CHECKSUM_MOST) throw new Misfit('field', 'checksum')
    this.#begin(frame, sink)
    sink.batch.finishUpdate(start, isSnapshot, 0, 0, -1)
    sink.batch.addChecksum(start, item.number(CHECKSUM))
  }

  /** Writes levels of one side, `[{"price": …, "qty": …}, …]`. */
  #levels(slot: number, side: number, field: string, frame: Scanner, sink: Sink): void {
    const level = this.#level
    for (let isItem = frame.firstItemIn(field); isItem; isItem = frame.nextItem()) {
      level.clear()
      for (let isField = frame.firstKeyIn(field); isField; isField = frame.nextKey()) {
        if (frame.isText(PRICE_NAME)) level.decimal(LEVEL_PRICE, field, frame)
        else if (frame.isText(QTY)) level.decimal(LEVEL_SIZE, field, frame)
        else frame.skip()
      }
      checkLevel(level, field, sink)
      writeLevel(level, side, sink)
    }
    this.#item.mark(slot, field)
  }

  #begin(frame: Scanner, sink: Sink): void {
    const item = this.#item
    item.require(SYMBOL, 'symbol')
    sink.happenedAt(item, TIME, 'timestamp')
    sink.isAbout(frame.bytes, item.number(SYMBOL), item.end(SYMBOL))
  }
}

const SYMBOL = 0
const TIME = 1
const SIDE = 2
const PRICE = 3
const SIZE = 4
const TRADE_ID = 5
const BID_PRICE = 6
const BID_SIZE = 7
const ASK_PRICE = 8
const ASK_SIZE = 9
const BIDS = 10
const ASKS = 11
const CHECKSUM = 12

const CHECKSUM_MOST = 0xffff_ffff
const BOOK_NAME = ascii('book')
const TRADE_NAME = ascii('trade')
const TICKER_NAME = ascii('ticker')
const SNAPSHOT = ascii('snapshot')
const UPDATE = ascii('update')
const SYMBOL_NAME = ascii('symbol')
const TIMESTAMP = ascii('timestamp')
const BID_NAME = ascii('bid')
const BID_QTY = ascii('bid_qty')
const ASK_NAME = ascii('ask')
const ASK_QTY = ascii('ask_qty')
const SIDE_NAME = ascii('side')
const PRICE_NAME = ascii('price')
const QTY = ascii('qty')
const TRADE_ID_NAME = ascii('trade_id')
const BIDS_NAME = ascii('bids')
const ASKS_NAME = ascii('asks')
const CHECKSUM_NAME = ascii('checksum')
