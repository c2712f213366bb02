import { ASK, BID } from './batch.js'
import { CoinbaseAdvanced, type Content, contentOf } from './coinbase-advanced.js'
import { CoinbaseExchange } from './coinbase-exchange.js'
import {
  ASK_PRICE,
  ASK_SIZE,
  ASKS,
  BID_PRICE,
  BID_SIZE,
  BIDS,
  CHANNEL,
  EVENTS,
  PRICE,
  PRODUCT,
  SEQUENCE,
  SEQUENCE_NUM,
  SIDE,
  SIZE,
  TIME,
  TIMESTAMP,
  TRADE_ID,
  TYPE,
} from './coinbase-fields.js'
import { readLevels } from './levels.js'
import { Misfit } from './reject.js'
import { ascii, type Scanner } from './scanner.js'
import type { Sink } from './sink.js'
import { Slots } from './slots.js'
import { type FrameDecoder, IGNORED, IgnoredKind, type Outcome } from './venue.js'

/**
 * Coinbase: Exchange, whose frames say their `type`, and Advanced Trade, whose frames say their `channel`.
 * crates/market/src/coinbase.rs is the same.
 */
export class Coinbase extends IgnoredKind implements FrameDecoder {
  readonly #fields = new Slots()
  readonly #exchange = new CoinbaseExchange()
  readonly #advanced = new CoinbaseAdvanced()
  /** How many messages the events have become; -1 if they could not be decoded where they stand. */
  #messages = -1

  decode(frame: Scanner, sink: Sink): Outcome {
    const start = sink.batch.length
    this.#fields.clear()
    this.#messages = -1
    this.#scan(start, frame, sink)
    const fields = this.#fields
    const hasType = fields.isFilled(TYPE, 'type')
    const hasChannel = fields.isFilled(CHANNEL, 'channel')
    if (!hasType && !hasChannel) throw new Misfit('kind')
    this.kindBytes = frame.bytes
    this.kindStart = fields.number(hasType ? TYPE : CHANNEL)
    this.kindEnd = fields.end(hasType ? TYPE : CHANNEL)
    if (!hasType) return this.#events(start, frame, sink)
    if (!hasChannel) return this.#exchange.message(start, fields, frame, sink)
    // What clients send has both.
    sink.restart(start)
    return IGNORED
  }

  #scan(start: number, frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(TYPE_NAME)) fields.text(TYPE, 'type', frame)
      else if (frame.isText(CHANNEL_NAME)) fields.text(CHANNEL, 'channel', frame)
      else if (frame.isText(TIMESTAMP_NAME)) fields.moment(TIMESTAMP, 'timestamp', frame)
      else if (frame.isText(SEQUENCE_NUM_NAME)) fields.whole(SEQUENCE_NUM, 'sequence_num', frame)
      else if (frame.isText(EVENTS_NAME)) this.#placeOrDecode(start, frame, sink)
      // What stands beside the events is none of them.
      else if (this.#messages >= 0) frame.skip()
      else this.#field(frame, sink)
    }
    frame.finish()
  }

  #field(frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    if (frame.isText(PRODUCT_NAME)) fields.text(PRODUCT, 'product_id', frame)
    else if (frame.isText(TIME_NAME)) fields.moment(TIME, 'time', frame)
    else if (frame.isText(CHANGES_NAME)) this.#exchange.changes(fields, frame, sink)
    else if (frame.isText(PRICE_NAME)) fields.decimal(PRICE, 'price', frame)
    else if (frame.isText(SIZE_NAME)) fields.decimal(SIZE, 'size', frame)
    else if (frame.isText(SIDE_NAME)) fields.text(SIDE, 'side', frame)
    else if (frame.isText(SEQUENCE_NAME)) fields.whole(SEQUENCE, 'sequence', frame)
    else if (frame.isText(TRADE_ID_NAME)) fields.whole(TRADE_ID, 'trade_id', frame)
    else if (frame.isText(BEST_BID)) fields.decimal(BID_PRICE, 'best_bid', frame)
    else if (frame.isText(BEST_BID_SIZE)) fields.decimal(BID_SIZE, 'best_bid_size', frame)
    else if (frame.isText(BEST_ASK)) fields.decimal(ASK_PRICE, 'best_ask', frame)
    else if (frame.isText(BEST_ASK_SIZE)) fields.decimal(ASK_SIZE, 'best_ask_size', frame)
    else if (frame.isText(BIDS_NAME)) readLevels(fields, BIDS, BID, 'bids', frame, sink)
    else if (frame.isText(ASKS_NAME)) readLevels(fields, ASKS, ASK, 'asks', frame, sink)
    else frame.skip()
  }

  /** Decodes the events where they stand, if all that they need stood before them, as the venue writes it. */
  #placeOrDecode(start: number, frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    const isReady = !fields.isMet(TYPE) && fields.isMet(TIMESTAMP) && fields.isMet(SEQUENCE_NUM)
    const isFirst = isReady && fields.holds(CHANNEL) && !fields.isMet(EVENTS)
    const content = isFirst ? this.#content(frame) : undefined
    if (content === undefined) return fields.place(EVENTS, 'events', frame)
    fields.mark(EVENTS, 'events')
    sink.restart(start)
    this.#messages = this.#advanced.events(content, fields, frame, sink)
  }

  /** What the events of Advanced Trade have become, or become now. */
  #events(start: number, frame: Scanner, sink: Sink): Outcome {
    const fields = this.#fields
    const content = this.#content(frame)
    if (content === undefined) {
      sink.restart(start)
      return IGNORED
    }
    if (this.#messages < 0) {
      sink.restart(start)
      fields.require(EVENTS, 'events')
      frame.rewind(fields.number(EVENTS))
      this.#messages = this.#advanced.events(content, fields, frame, sink)
    }
    if (this.#messages === 0) return IGNORED
    sink.messages = this.#messages
    return content
  }

  #content(frame: Scanner): Content | undefined {
    const fields = this.#fields
    return contentOf(frame.bytes, fields.number(CHANNEL), fields.end(CHANNEL))
  }
}

const TYPE_NAME = ascii('type')
const CHANNEL_NAME = ascii('channel')
const TIMESTAMP_NAME = ascii('timestamp')
const SEQUENCE_NUM_NAME = ascii('sequence_num')
const EVENTS_NAME = ascii('events')
const PRODUCT_NAME = ascii('product_id')
const SEQUENCE_NAME = ascii('sequence')
const TIME_NAME = ascii('time')
const SIDE_NAME = ascii('side')
const PRICE_NAME = ascii('price')
const SIZE_NAME = ascii('size')
const TRADE_ID_NAME = ascii('trade_id')
const BEST_BID = ascii('best_bid')
const BEST_BID_SIZE = ascii('best_bid_size')
const BEST_ASK = ascii('best_ask')
const BEST_ASK_SIZE = ascii('best_ask_size')
const BIDS_NAME = ascii('bids')
const ASKS_NAME = ascii('asks')
const CHANGES_NAME = ascii('changes')
