import { Top } from '../levels.js'
import { ascii, type Scanner } from '../scanner.js'
import type { Sink } from '../sink.js'
import { Slots } from '../slots.js'

/** Quotes of `bbo-tbt`: the best level of both sides. A side without a level has a price and a size of 0. */
export class TopQuotes {
  readonly #fields = new Slots()
  readonly #bid = new Top()
  readonly #ask = new Top()

  /** Writes a quote of the instrument whose name lies between `start` and `end`. */
  write(frame: Scanner, start: number, end: number, sink: Sink): void {
    const fields = this.#fields
    const [bid, ask] = [this.#bid, this.#ask]
    fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(BIDS_NAME)) bid.read(fields, BID, 'bids', frame, sink)
      else if (frame.isText(ASKS_NAME)) ask.read(fields, ASK, 'asks', frame, sink)
      else if (frame.isText(TS_NAME)) fields.whole(UNIX_MS, 'ts', frame)
      else if (frame.isText(SEQ_ID_NAME)) fields.whole(SEQUENCE, 'seqId', frame)
      else frame.skip()
    }
    fields.requireLevels(BID, 'bids')
    fields.requireLevels(ASK, 'asks')
    const sequence = fields.isFilled(SEQUENCE, 'seqId') ? fields.number(SEQUENCE) : 0
    fields.require(UNIX_MS, 'ts')
    sink.happened(fields.number(UNIX_MS))
    sink.isAbout(frame.bytes, start, end)
    sink.batch.quote(bid.price, ask.price, bid.size, ask.size, sequence)
  }
}

/** Quotes that tickers have, which have no number. */
export class Tickers {
  readonly #fields = new Slots()

  /** Writes a quote of the instrument whose name lies between `start` and `end`. */
  write(frame: Scanner, start: number, end: number, sink: Sink): void {
    const fields = this.#fields
    fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(BID_PX_NAME)) fields.decimalOrNone(BID, 'bidPx', frame)
      else if (frame.isText(ASK_PX_NAME)) fields.decimalOrNone(ASK, 'askPx', frame)
      else if (frame.isText(BID_SZ_NAME)) fields.decimalOrNone(BID_SIZE, 'bidSz', frame)
      else if (frame.isText(ASK_SZ_NAME)) fields.decimalOrNone(ASK_SIZE, 'askSz', frame)
      else if (frame.isText(TS_NAME)) fields.whole(UNIX_MS, 'ts', frame)
      else frame.skip()
    }
    const bid = sink.amount(fields, BID, 'bidPx')
    const ask = sink.amount(fields, ASK, 'askPx')
    const bidSize = sink.amount(fields, BID_SIZE, 'bidSz')
    const askSize = sink.amount(fields, ASK_SIZE, 'askSz')
    fields.require(UNIX_MS, 'ts')
    sink.happened(fields.number(UNIX_MS))
    sink.isAbout(frame.bytes, start, end)
    sink.batch.quote(bid, ask, bidSize, askSize, 0)
  }
}

const BID = 0
const ASK = 1
const BID_SIZE = 2
const ASK_SIZE = 3
const UNIX_MS = 4
const SEQUENCE = 5

const BIDS_NAME = ascii('bids')
const ASKS_NAME = ascii('asks')
const TS_NAME = ascii('ts')
const SEQ_ID_NAME = ascii('seqId')
const BID_PX_NAME = ascii('bidPx')
const ASK_PX_NAME = ascii('askPx')
const BID_SZ_NAME = ascii('bidSz')
const ASK_SZ_NAME = ascii('askSz')
