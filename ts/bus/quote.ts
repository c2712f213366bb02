import {
  KIND_QUOTE,
  QUOTE_DOUBLE_ASK_PRICE,
  QUOTE_DOUBLE_ASK_SIZE,
  QUOTE_DOUBLE_BID_PRICE,
  QUOTE_DOUBLE_BID_SIZE,
  QUOTE_DOUBLE_SEQUENCE,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
} from '../layout.js'
import type { Epoch } from './epoch.js'
import { checkNumber, checkObject, MarketData, type RecordCodec, type Timed, writeTimes } from './record.js'

/** What can be published where a quote is expected. */
export interface QuoteLike extends Timed {
  bidPrice: number
  askPrice: number
  bidSize: number
  askSize: number
  /** The venue's update number. @default 0 */
  sequence?: number
}

/** Best bid and offer of one instrument. Prices and sizes are the venue's decimals, correctly rounded. */
export class Quote extends MarketData implements QuoteLike {
  readonly bidPrice: number
  readonly askPrice: number
  readonly bidSize: number
  readonly askSize: number
  /** The venue's update number, 0 if it has none. */
  readonly sequence: number
  readonly eventNs: number
  readonly initNs: number
  readonly epoch: Epoch

  constructor(
    bidPrice: number,
    askPrice: number,
    bidSize: number,
    askSize: number,
    eventNs: number,
    initNs: number,
    epoch: Epoch,
    sequence = 0,
  ) {
    super()
    this.bidPrice = bidPrice
    this.askPrice = askPrice
    this.bidSize = bidSize
    this.askSize = askSize
    this.sequence = sequence
    this.eventNs = eventNs
    this.initNs = initNs
    this.epoch = epoch
  }
}

export const quoteCodec: RecordCodec<QuoteLike> = {
  kind: KIND_QUOTE,
  name: 'quote',
  slabBytes: 0,

  write(views, at, message, epoch) {
    checkObject(message, 'quote')
    const { bidPrice, askPrice, bidSize, askSize, sequence = 0 } = message
    checkNumber(bidPrice, 'quote', 'bidPrice')
    checkNumber(askPrice, 'quote', 'askPrice')
    checkNumber(bidSize, 'quote', 'bidSize')
    checkNumber(askSize, 'quote', 'askSize')
    checkNumber(sequence, 'quote', 'sequence')
    const doubles = views.doubles
    writeTimes(views, at, message, epoch, 'quote')
    doubles[at + QUOTE_DOUBLE_BID_PRICE] = bidPrice
    doubles[at + QUOTE_DOUBLE_ASK_PRICE] = askPrice
    doubles[at + QUOTE_DOUBLE_BID_SIZE] = bidSize
    doubles[at + QUOTE_DOUBLE_ASK_SIZE] = askSize
    doubles[at + QUOTE_DOUBLE_SEQUENCE] = sequence
    return KIND_QUOTE
  },

  read({ doubles }, at, epoch) {
    return new Quote(
      doubles[at + QUOTE_DOUBLE_BID_PRICE],
      doubles[at + QUOTE_DOUBLE_ASK_PRICE],
      doubles[at + QUOTE_DOUBLE_BID_SIZE],
      doubles[at + QUOTE_DOUBLE_ASK_SIZE],
      doubles[at + RECORD_DOUBLE_EVENT],
      doubles[at + RECORD_DOUBLE_INIT],
      epoch,
      doubles[at + QUOTE_DOUBLE_SEQUENCE],
    )
  },
}
