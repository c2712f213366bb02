import { ASK, BID } from './batch.js'
import { aggressorOf, SEQUENCE_NUM, TIMESTAMP } from './coinbase-fields.js'
import { checkLevel, LEVEL_PRICE, LEVEL_SIZE, writeLevel } from './levels.js'
import { Misfit } from './reject.js'
import { ascii, isTextAt, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { BOOK, QUOTE, TRADE } from './venue.js'

/** What the events of a channel become. */
export type Content = typeof QUOTE | typeof TRADE | typeof BOOK

/** What the events of the channel between `start` and `end` become; undefined if they are not decoded. */
export function contentOf(bytes: Uint8Array, start: number, end: number): Content | undefined {
  if (isTextAt(bytes, start, end, L2_DATA)) return BOOK
  if (isTextAt(bytes, start, end, MARKET_TRADES)) return TRADE
  if (isTextAt(bytes, start, end, TICKER) || isTextAt(bytes, start, end, TICKER_BATCH)) return QUOTE
  return undefined
}

/**
 * Coinbase Advanced Trade: `ticker` and `ticker_batch`, `market_trades`, `l2_data`, each with events of several
 * instruments. `sequence_num` counts the messages of the connection, whatever they are about. A ticker without bid and ask
 * is passed over: `ticker_batch` has none. crates/market/src/coinbase_advanced.rs is the same.
 */
export class CoinbaseAdvanced {
  /** Of an event, or of what its list holds. */
  readonly #event = new Slots()
  readonly #item = new Slots()

  /** Writes the messages in a list of events. Returns how many there were. */
  events(content: Content, fields: Slots, frame: Scanner, sink: Sink): number {
    fields.require(TIMESTAMP, 'timestamp')
    fields.require(SEQUENCE_NUM, 'sequence_num')
    let messages = 0
    for (let isItem = frame.firstItemIn('events'); isItem; isItem = frame.nextItem()) {
      if (content === QUOTE) messages += this.#tickers(fields, frame, sink)
      else if (content === TRADE) messages += this.#trades(frame, sink)
      else messages += this.#book(fields, frame, sink)
    }
    return messages
  }

  /** Writes the quotes of an event. Returns how many there were. */
  #tickers(fields: Slots, frame: Scanner, sink: Sink): number {
    const event = this.#event
    let messages = 0
    event.clear()
    for (let isField = frame.firstKeyIn('events'); isField; isField = frame.nextKey()) {
      if (!frame.isText(TICKERS)) {
        frame.skip()
        continue
      }
      for (let isItem = frame.firstItemIn('tickers'); isItem; isItem = frame.nextItem()) {
        messages += this.#ticker(fields, frame, sink)
      }
      event.mark(EVENT_LIST, 'tickers')
    }
    event.require(EVENT_LIST, 'tickers')
    return messages
  }

  /** Writes a quote. Returns 0 if the ticker has none. */
  #ticker(fields: Slots, frame: Scanner, sink: Sink): 0 | 1 {
    const item = this.#item
    item.clear()
    for (let isField = frame.firstKeyIn('tickers'); isField; isField = frame.nextKey()) {
      if (frame.isText(PRODUCT_NAME)) item.text(PRODUCT, 'product_id', frame)
      else if (frame.isText(BEST_BID)) item.decimal(BID_PRICE, 'best_bid', frame)
      else if (frame.isText(BEST_BID_QUANTITY)) item.decimal(BID_SIZE, 'best_bid_quantity', frame)
      else if (frame.isText(BEST_ASK)) item.decimal(ASK_PRICE, 'best_ask', frame)
      else if (frame.isText(BEST_ASK_QUANTITY)) item.decimal(ASK_SIZE, 'best_ask_quantity', frame)
      else frame.skip()
    }
    if (!item.isMet(BID_PRICE) && !item.isMet(ASK_PRICE)) return 0
    const bid = sink.amount(item, BID_PRICE, 'best_bid')
    const ask = sink.amount(item, ASK_PRICE, 'best_ask')
    const bidSize = sink.amount(item, BID_SIZE, 'best_bid_quantity')
    const askSize = sink.amount(item, ASK_SIZE, 'best_ask_quantity')
    this.#begin(item, fields, TIMESTAMP, 'timestamp', frame, sink)
    sink.batch.quote(bid, ask, bidSize, askSize, fields.number(SEQUENCE_NUM))
    return 1
  }

  /** Writes the trades of an event. Returns how many there were. */
  #trades(frame: Scanner, sink: Sink): number {
    const event = this.#event
    let messages = 0
    event.clear()
    for (let isField = frame.firstKeyIn('events'); isField; isField = frame.nextKey()) {
      if (!frame.isText(TRADES)) {
        frame.skip()
        continue
      }
      for (let isItem = frame.firstItemIn('trades'); isItem; isItem = frame.nextItem()) {
        this.#trade(frame, sink)
        messages += 1
      }
      event.mark(EVENT_LIST, 'trades')
    }
    event.require(EVENT_LIST, 'trades')
    return messages
  }

  #trade(frame: Scanner, sink: Sink): void {
    const item = this.#item
    item.clear()
    for (let isField = frame.firstKeyIn('trades'); isField; isField = frame.nextKey()) {
      if (frame.isText(PRODUCT_NAME)) item.text(PRODUCT, 'product_id', frame)
      else if (frame.isText(SIDE_NAME)) item.text(SIDE, 'side', frame)
      else if (frame.isText(PRICE_NAME)) item.decimal(PRICE, 'price', frame)
      else if (frame.isText(SIZE_NAME)) item.decimal(SIZE, 'size', frame)
      else if (frame.isText(TRADE_ID_NAME)) item.whole(TRADE_ID, 'trade_id', frame)
      else if (frame.isText(TIME_NAME)) item.moment(TIME, 'time', frame)
      else frame.skip()
    }
    const price = sink.positive(item, PRICE, 'price')
    const size = sink.positive(item, SIZE, 'size')
    const aggressor = aggressorOf(item, SIDE, frame)
    item.require(TRADE_ID, 'trade_id')
    item.require(PRODUCT, 'product_id')
    item.require(TIME, 'time')
    this.#begin(item, item, TIME, 'time', frame, sink)
    sink.batch.trade(price, size, aggressor, item.number(TRADE_ID))
  }

  /** Writes the update or snapshot that an event is. */
  #book(fields: Slots, frame: Scanner, sink: Sink): 1 {
    const start = sink.batch.length
    const event = this.#event
    event.clear()
    for (let isField = frame.firstKeyIn('events'); isField; isField = frame.nextKey()) {
      if (frame.isText(TYPE_NAME)) event.text(EVENT_TYPE, 'type', frame)
      else if (frame.isText(PRODUCT_NAME)) event.text(PRODUCT, 'product_id', frame)
      else if (frame.isText(UPDATES)) this.#levels(frame, sink)
      else frame.skip()
    }
    event.require(EVENT_LIST, 'updates')
    event.require(EVENT_TYPE, 'type')
    const isSnapshot = event.is(EVENT_TYPE, SNAPSHOT, frame)
    if (!isSnapshot && !event.is(EVENT_TYPE, UPDATE, frame)) throw new Misfit('field', 'type')
    this.#begin(event, fields, TIMESTAMP, 'timestamp', frame, sink)
    const sequence = fields.number(SEQUENCE_NUM)
    sink.batch.finishUpdate(start, isSnapshot, sequence, sequence, -1)
    return 1
  }

  #levels(frame: Scanner, sink: Sink): void {
    for (let isItem = frame.firstItemIn('updates'); isItem; isItem = frame.nextItem()) this.#level(frame, sink)
    this.#event.mark(EVENT_LIST, 'updates')
  }

  #level(frame: Scanner, sink: Sink): void {
    const level = this.#item
    level.clear()
    for (let isField = frame.firstKeyIn('updates'); isField; isField = frame.nextKey()) {
      if (frame.isText(SIDE_NAME)) level.text(SIDE, 'updates', frame)
      else if (frame.isText(PRICE_LEVEL)) level.decimal(LEVEL_PRICE, 'updates', frame)
      else if (frame.isText(NEW_QUANTITY)) level.decimal(LEVEL_SIZE, 'updates', frame)
      else frame.skip()
    }
    level.require(SIDE, 'updates')
    const isBid = level.is(SIDE, BID_NAME, frame)
    if (!isBid && !level.is(SIDE, OFFER, frame)) throw new Misfit('field', 'updates')
    checkLevel(level, 'updates', sink)
    writeLevel(level, isBid ? BID : ASK, sink)
  }

  #begin(item: Slots, times: Slots, time: number, field: string, frame: Scanner, sink: Sink): void {
    item.require(PRODUCT, 'product_id')
    sink.happenedAt(times, time, field)
    sink.isAbout(frame.bytes, item.number(PRODUCT), item.end(PRODUCT))
  }
}

/** Slots of events and of what their lists hold; those of a level's price and size come first. */
const PRODUCT = 2
const SIDE = 3
const PRICE = 4
const SIZE = 5
const TRADE_ID = 6
const TIME = 7
const BID_PRICE = 8
const BID_SIZE = 9
const ASK_PRICE = 10
const ASK_SIZE = 11
const EVENT_TYPE = 12
const EVENT_LIST = 13

const L2_DATA = ascii('l2_data')
const MARKET_TRADES = ascii('market_trades')
const TICKER = ascii('ticker')
const TICKER_BATCH = ascii('ticker_batch')
const TICKERS = ascii('tickers')
const TRADES = ascii('trades')
const UPDATES = ascii('updates')
const TYPE_NAME = ascii('type')
const SNAPSHOT = ascii('snapshot')
const UPDATE = ascii('update')
const PRODUCT_NAME = ascii('product_id')
const BEST_BID = ascii('best_bid')
const BEST_BID_QUANTITY = ascii('best_bid_quantity')
const BEST_ASK = ascii('best_ask')
const BEST_ASK_QUANTITY = ascii('best_ask_quantity')
const SIDE_NAME = ascii('side')
const PRICE_NAME = ascii('price')
const SIZE_NAME = ascii('size')
const TRADE_ID_NAME = ascii('trade_id')
const TIME_NAME = ascii('time')
const PRICE_LEVEL = ascii('price_level')
const NEW_QUANTITY = ascii('new_quantity')
const BID_NAME = ascii('bid')
const OFFER = ascii('offer')
