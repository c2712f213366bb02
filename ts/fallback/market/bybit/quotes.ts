import { Top } from '../levels.js'
import { ascii, type Scanner } from '../scanner.js'
import type { Sink } from '../sink.js'
import { Slots } from '../slots.js'
import { IGNORED, type Outcome, QUOTE } from '../venue.js'
import { isSnapshot, TICKER_CROSS, unixMs } from './envelope.js'

/**
 * Quotes of order books of one level. Of these and of tickers a delta says only what has changed, so that it is a quote
 * where the last one is known.
 */
export class BookQuotes {
  readonly #envelope: Slots
  readonly #fields = new Slots()
  readonly #bid = new Top()
  readonly #ask = new Top()

  constructor(envelope: Slots) {
    this.#envelope = envelope
  }

  /** Reads the data, which are an object. */
  scan(frame: Scanner, sink: Sink): void {
    const fields = this.#fields
    fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(S)) fields.text(SYMBOL, 's', frame)
      else if (frame.isText(U)) fields.whole(NUMBER, 'u', frame)
      else if (frame.isText(B)) this.#bid.read(fields, BID, 'b', frame, sink)
      else if (frame.isText(A)) this.#ask.read(fields, ASK, 'a', frame, sink)
      else frame.skip()
    }
  }

  write(frame: Scanner, sink: Sink): Outcome {
    const fields = this.#fields
    fields.requireLevels(BID, 'b')
    fields.requireLevels(ASK, 'a')
    const isWhole = isSnapshot(this.#envelope, frame)
    fields.require(NUMBER, 'u')
    fields.require(SYMBOL, 's')
    const sequence = fields.number(NUMBER)
    sink.happened(unixMs(this.#envelope))
    sink.isAbout(frame.bytes, fields.number(SYMBOL), fields.end(SYMBOL))
    const { instrument } = sink.batch
    const last = sink.lastOfBooks
    if (!isWhole && !(last.has(instrument) && last.sequence(instrument) + 1 === sequence)) {
      // One is missing, and with it perhaps a change of the other side.
      last.forget(instrument)
      sink.restart(sink.batch.length)
      return IGNORED
    }
    const [bid, ask] = [this.#bid, this.#ask]
    const isBid = isWhole || bid.isListed
    const isAsk = isWhole || ask.isListed
    const bidPrice = isBid ? bid.price : last.bid(instrument)
    const bidSize = isBid ? bid.size : last.bidSize(instrument)
    const askPrice = isAsk ? ask.price : last.ask(instrument)
    const askSize = isAsk ? ask.size : last.askSize(instrument)
    sink.batch.quote(bidPrice, askPrice, bidSize, askSize, sequence)
    last.set(instrument, bidPrice, askPrice, bidSize, askSize, sequence)
    return QUOTE
  }
}

/** Quotes of tickers: `bid1Price` and so on, of options `bidPrice`. Tickers of spot hold none. */
export class TickerQuotes {
  readonly #envelope: Slots
  readonly #fields = new Slots()

  constructor(envelope: Slots) {
    this.#envelope = envelope
  }

  /** Reads the data, which are an object. */
  scan(frame: Scanner): void {
    const fields = this.#fields
    fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(SYMBOL_NAME)) fields.text(SYMBOL, 'symbol', frame)
      else if (frame.isText(BID1_PRICE) || frame.isText(BID_PRICE)) fields.decimalOrNone(BID, 'bid1Price', frame)
      else if (frame.isText(BID1_SIZE) || frame.isText(BID_SIZE)) fields.decimalOrNone(BIDS, 'bid1Size', frame)
      else if (frame.isText(ASK1_PRICE) || frame.isText(ASK_PRICE)) fields.decimalOrNone(ASK, 'ask1Price', frame)
      else if (frame.isText(ASK1_SIZE) || frame.isText(ASK_SIZE)) fields.decimalOrNone(ASKS, 'ask1Size', frame)
      else frame.skip()
    }
  }

  write(frame: Scanner, sink: Sink): Outcome {
    const envelope = this.#envelope
    const fields = this.#fields
    const isWhole = isSnapshot(envelope, frame)
    if (!fields.isMet(BID) && !fields.isMet(ASK) && !fields.isMet(BIDS) && !fields.isMet(ASKS)) return IGNORED
    const sequence = envelope.isFilled(TICKER_CROSS, 'cs') ? envelope.number(TICKER_CROSS) : 0
    fields.require(SYMBOL, 'symbol')
    sink.happened(unixMs(envelope))
    sink.isAbout(frame.bytes, fields.number(SYMBOL), fields.end(SYMBOL))
    const { instrument } = sink.batch
    const last = sink.lastOfTickers
    if (!isWhole && !last.has(instrument)) return IGNORED
    const isSaid = (slot: number) => isWhole || fields.isMet(slot)
    const bid = isSaid(BID) ? sink.amount(fields, BID, 'bid1Price') : last.bid(instrument)
    const ask = isSaid(ASK) ? sink.amount(fields, ASK, 'ask1Price') : last.ask(instrument)
    const bidSize = isSaid(BIDS) ? sink.amount(fields, BIDS, 'bid1Size') : last.bidSize(instrument)
    const askSize = isSaid(ASKS) ? sink.amount(fields, ASKS, 'ask1Size') : last.askSize(instrument)
    sink.batch.quote(bid, ask, bidSize, askSize, sequence)
    last.set(instrument, bid, ask, bidSize, askSize, sequence)
    return QUOTE
  }
}

const SYMBOL = 0
const NUMBER = 1
/** The side, of tickers its price. */
const BID = 2
const ASK = 3
/** The sizes of tickers. */
const BIDS = 4
const ASKS = 5

const S = ascii('s')
const U = ascii('u')
const B = ascii('b')
const A = ascii('a')
const SYMBOL_NAME = ascii('symbol')
const BID1_PRICE = ascii('bid1Price')
const BID_PRICE = ascii('bidPrice')
const BID1_SIZE = ascii('bid1Size')
const BID_SIZE = ascii('bidSize')
const ASK1_PRICE = ascii('ask1Price')
const ASK_PRICE = ascii('askPrice')
const ASK1_SIZE = ascii('ask1Size')
const ASK_SIZE = ascii('askSize')
