import {
  BAR_DOUBLE_CLOSE,
  BAR_DOUBLE_HIGH,
  BAR_DOUBLE_LOW,
  BAR_DOUBLE_OPEN,
  BAR_DOUBLE_VOLUME,
  KIND_BAR,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
} from '../layout.js'
import type { Epoch } from './epoch.js'
import { checkNumber, checkObject, MarketData, type RecordCodec, type Timed, writeTimes } from './record.js'

/** What can be published where a bar is expected. What it spans and how it is made is for the topic to say. */
export interface BarLike extends Timed {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

/** First, highest, lowest and last price over a span of time or trades, and the size traded. */
export class Bar extends MarketData implements BarLike {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly eventNs: number
  readonly initNs: number
  readonly epoch: Epoch

  constructor(
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    eventNs: number,
    initNs: number,
    epoch: Epoch,
  ) {
    super()
    this.open = open
    this.high = high
    this.low = low
    this.close = close
    this.volume = volume
    this.eventNs = eventNs
    this.initNs = initNs
    this.epoch = epoch
  }
}

export const barCodec: RecordCodec<BarLike> = {
  kind: KIND_BAR,
  name: 'bar',
  slabBytes: 0,

  write(views, at, message, epoch) {
    checkObject(message, 'bar')
    const { open, high, low, close, volume } = message
    checkNumber(open, 'bar', 'open')
    checkNumber(high, 'bar', 'high')
    checkNumber(low, 'bar', 'low')
    checkNumber(close, 'bar', 'close')
    checkNumber(volume, 'bar', 'volume')
    const { doubles } = views
    writeTimes(views, at, message, epoch, 'bar')
    doubles[at + BAR_DOUBLE_OPEN] = open
    doubles[at + BAR_DOUBLE_HIGH] = high
    doubles[at + BAR_DOUBLE_LOW] = low
    doubles[at + BAR_DOUBLE_CLOSE] = close
    doubles[at + BAR_DOUBLE_VOLUME] = volume
    return KIND_BAR
  },

  read({ doubles }, at, epoch) {
    return new Bar(
      doubles[at + BAR_DOUBLE_OPEN],
      doubles[at + BAR_DOUBLE_HIGH],
      doubles[at + BAR_DOUBLE_LOW],
      doubles[at + BAR_DOUBLE_CLOSE],
      doubles[at + BAR_DOUBLE_VOLUME],
      doubles[at + RECORD_DOUBLE_EVENT],
      doubles[at + RECORD_DOUBLE_INIT],
      epoch,
    )
  },
}
