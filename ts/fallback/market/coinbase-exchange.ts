import { ASK, BID } from './batch.js'
import {
  aggressorOf,
  ASK_PRICE,
  ASK_SIZE,
  ASKS,
  BID_PRICE,
  BID_SIZE,
  BIDS,
  BUY,
  CHANGES,
  PRICE,
  PRODUCT,
  SELL,
  SEQUENCE,
  SIDE,
  SIZE,
  TIME,
  TRADE_ID,
  TYPE,
} from './coinbase-fields.js'
import { LEVEL_PRICE, LEVEL_SIZE, writeLevel } from './levels.js'
import { Misfit } from './reject.js'
import { ascii, LIST, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { BOOK, IGNORED, type Outcome, QUOTE, TRADE } from './venue.js'

/**
 * Coinbase Exchange: `ticker`, `match` and `last_match`, `snapshot` and `l2update`. Books come without numbers or
 * checksums. Recordings from before 2022 have no sizes in their tickers; they are 0 then.
 * crates/market/src/coinbase_exchange.rs is the same.
 */
export class CoinbaseExchange {
  readonly #change = new Slots()

  /** Writes the message whose fields were scanned since there were `start` records. */
  message(start: number, fields: Slots, frame: Scanner, sink: Sink): Outcome {
    if (fields.is(TYPE, L2UPDATE, frame)) return this.#update(start, fields, frame, sink)
    if (fields.is(TYPE, SNAPSHOT, frame)) return this.#snapshot(start, fields, frame, sink)
    sink.restart(start)
    if (fields.is(TYPE, TICKER, frame)) return this.#quote(fields, frame, sink)
    if (fields.is(TYPE, MATCH, frame) || fields.is(TYPE, LAST_MATCH, frame)) return this.#trade(fields, frame, sink)
    return IGNORED
  }

  /** Writes changes of both sides, `[[side, price, size], …]`. */
  changes(fields: Slots, frame: Scanner, sink: Sink): void {
    const isList = frame.peek() === LIST
    let trouble: Misfit | undefined
    if (isList) {
      for (let isItem = frame.firstItem(); isItem; isItem = frame.nextItem()) {
        const found = this.#writeChange(frame, sink)
        trouble ??= found
      }
    } else {
      frame.skip()
    }
    fields.levels(CHANGES, 'changes', isList, trouble)
  }

  /** Writes a change, or says what is wrong with it. */
  #writeChange(frame: Scanner, sink: Sink): Misfit | undefined {
    if (frame.peek() !== LIST) {
      frame.skip()
      return new Misfit('field', 'changes')
    }
    const change = this.#change
    change.clear()
    if (frame.firstItem()) {
      change.text(CHANGE_SIDE, 'changes', frame)
      if (frame.nextItem()) {
        change.decimal(LEVEL_PRICE, 'changes', frame)
        if (frame.nextItem()) {
          change.decimal(LEVEL_SIZE, 'changes', frame)
          while (frame.nextItem()) frame.skip()
        }
      }
    }
    const isBuy = change.holds(CHANGE_SIDE) && change.is(CHANGE_SIDE, BUY, frame)
    const isSell = change.holds(CHANGE_SIDE) && change.is(CHANGE_SIDE, SELL, frame)
    const isWhole = change.holds(LEVEL_PRICE) && change.holds(LEVEL_SIZE)
    if (isBuy === isSell || !isWhole) return new Misfit('field', 'changes')
    const trouble = sink.troubleIn(change, LEVEL_PRICE, 'changes') ?? sink.troubleIn(change, LEVEL_SIZE, 'changes')
    if (trouble === undefined) writeLevel(change, isBuy ? BID : ASK, sink)
    return trouble
  }

  #quote(fields: Slots, frame: Scanner, sink: Sink): Outcome {
    const bid = sink.amount(fields, BID_PRICE, 'best_bid')
    const ask = sink.amount(fields, ASK_PRICE, 'best_ask')
    const bidSize = fields.isFilled(BID_SIZE, 'best_bid_size') ? sink.amount(fields, BID_SIZE, 'best_bid_size') : 0
    const askSize = fields.isFilled(ASK_SIZE, 'best_ask_size') ? sink.amount(fields, ASK_SIZE, 'best_ask_size') : 0
    const sequence = fields.isFilled(SEQUENCE, 'sequence') ? fields.number(SEQUENCE) : 0
    this.#begin(fields, frame, sink)
    sink.batch.quote(bid, ask, bidSize, askSize, sequence)
    return QUOTE
  }

  #trade(fields: Slots, frame: Scanner, sink: Sink): Outcome {
    const price = sink.positive(fields, PRICE, 'price')
    const size = sink.positive(fields, SIZE, 'size')
    const aggressor = aggressorOf(fields, SIDE, frame)
    fields.require(TRADE_ID, 'trade_id')
    this.#begin(fields, frame, sink)
    sink.batch.trade(price, size, aggressor, fields.number(TRADE_ID))
    return TRADE
  }

  #snapshot(start: number, fields: Slots, frame: Scanner, sink: Sink): Outcome {
    fields.require(BIDS, 'bids')
    fields.require(ASKS, 'asks')
    const trouble = fields.trouble(BIDS) ?? fields.trouble(ASKS)
    if (trouble !== undefined) throw trouble
    if (fields.isMet(CHANGES)) throw new Misfit('field', 'changes')
    return this.#book(start, true, fields, frame, sink)
  }

  #update(start: number, fields: Slots, frame: Scanner, sink: Sink): Outcome {
    fields.require(CHANGES, 'changes')
    const trouble = fields.trouble(CHANGES)
    if (trouble !== undefined) throw trouble
    if (fields.isMet(BIDS) || fields.isMet(ASKS)) throw new Misfit('field', 'bids')
    return this.#book(start, false, fields, frame, sink)
  }

  /** Completes the levels that were written since there were `start` records. */
  #book(start: number, isSnapshot: boolean, fields: Slots, frame: Scanner, sink: Sink): Outcome {
    this.#begin(fields, frame, sink)
    sink.batch.finishUpdate(start, isSnapshot, 0, 0, -1)
    return BOOK
  }

  #begin(fields: Slots, frame: Scanner, sink: Sink): void {
    fields.require(PRODUCT, 'product_id')
    sink.happenedAt(fields, TIME, 'time')
    sink.isAbout(frame.bytes, fields.number(PRODUCT), fields.end(PRODUCT))
  }
}

const CHANGE_SIDE = 2

const L2UPDATE = ascii('l2update')
const SNAPSHOT = ascii('snapshot')
const TICKER = ascii('ticker')
const MATCH = ascii('match')
const LAST_MATCH = ascii('last_match')
