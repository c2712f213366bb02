import { show, TickbusError } from '../errors.js'
import {
  DEPTH_BYTES,
  DEPTH_DOUBLE_ASKS,
  DEPTH_DOUBLE_BIDS,
  DEPTH_DOUBLE_SEQUENCE,
  DEPTH_LEVEL_DOUBLES,
  DEPTH_LEVELS,
  DEPTH_WORD_ASKS,
  DEPTH_WORD_BIDS,
  KIND_DEPTH,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
} from '../layout.js'
import type { Epoch } from './epoch.js'
import { checkNumber, checkObject, MarketData, type RecordCodec, type Timed, type Views, writeTimes } from './record.js'

/** One price of an order book. */
export interface BookLevel {
  price: number
  size: number
  /** Orders at this price. @default 0, unknown */
  count?: number
}

/** What can be published where a depth is expected. */
export interface DepthLike extends Timed {
  /** Up to ten levels, best first. */
  bids: readonly BookLevel[]
  asks: readonly BookLevel[]
  /** The venue's update number. @default 0 */
  sequence?: number
}

/** The best ten levels of each side of an order book, fewer where the book is thin. */
export class Depth extends MarketData implements DepthLike {
  readonly bids: readonly Required<BookLevel>[]
  readonly asks: readonly Required<BookLevel>[]
  /** The venue's update number, 0 if it has none. */
  readonly sequence: number
  readonly eventNs: number
  readonly initNs: number
  readonly epoch: Epoch

  constructor(
    bids: readonly Required<BookLevel>[],
    asks: readonly Required<BookLevel>[],
    eventNs: number,
    initNs: number,
    epoch: Epoch,
    sequence = 0,
  ) {
    super()
    this.bids = bids
    this.asks = asks
    this.sequence = sequence
    this.eventNs = eventNs
    this.initNs = initNs
    this.epoch = epoch
  }
}

export const depthCodec: RecordCodec<DepthLike> = {
  kind: KIND_DEPTH,
  name: 'depth',
  slabBytes: DEPTH_BYTES,

  write(views, at, message, epoch) {
    checkObject(message, 'depth')
    const { bids, asks, sequence = 0 } = message
    checkNumber(sequence, 'depth', 'sequence')
    const { words, doubles } = views
    writeTimes(views, at, message, epoch, 'depth')
    const first = at + 1
    doubles[first + DEPTH_DOUBLE_SEQUENCE] = sequence
    words[2 * first + DEPTH_WORD_BIDS] = writeLevels(doubles, first + DEPTH_DOUBLE_BIDS, bids, 'bids')
    words[2 * first + DEPTH_WORD_ASKS] = writeLevels(doubles, first + DEPTH_DOUBLE_ASKS, asks, 'asks')
    return KIND_DEPTH
  },

  read(views, at, epoch) {
    const { words, doubles } = views
    const first = at + 1
    return new Depth(
      readLevels(views, first + DEPTH_DOUBLE_BIDS, words[2 * first + DEPTH_WORD_BIDS]),
      readLevels(views, first + DEPTH_DOUBLE_ASKS, words[2 * first + DEPTH_WORD_ASKS]),
      doubles[at + RECORD_DOUBLE_EVENT],
      doubles[at + RECORD_DOUBLE_INIT],
      epoch,
      doubles[first + DEPTH_DOUBLE_SEQUENCE],
    )
  },
}

/** Writes the levels of one side; returns how many there are. */
function writeLevels(doubles: Float64Array, at: number, levels: readonly BookLevel[], field: string): number {
  if (!Array.isArray(levels) || levels.length > DEPTH_LEVELS) {
    throw fieldError(field, `an array of at most ${DEPTH_LEVELS} levels`, levels)
  }
  for (let i = 0, next = at; i < levels.length; i += 1, next += DEPTH_LEVEL_DOUBLES) {
    const level: unknown = levels[i]
    if (typeof level !== 'object' || level === null) throw fieldError(`${field}[${i}]`, 'an object', level)
    const { price, size, count = 0 } = level as BookLevel
    if (typeof price !== 'number') throw fieldError(`${field}[${i}].price`, 'a number', price)
    if (typeof size !== 'number') throw fieldError(`${field}[${i}].size`, 'a number', size)
    if (typeof count !== 'number') throw fieldError(`${field}[${i}].count`, 'a number', count)
    doubles[next] = price
    doubles[next + 1] = size
    doubles[next + 2] = count
  }
  return levels.length
}

function readLevels({ doubles }: Views, at: number, length: number): Required<BookLevel>[] {
  const levels: Required<BookLevel>[] = []
  // A torn length may be anything; it must not lead beyond the side's own levels.
  const end = at + DEPTH_LEVEL_DOUBLES * Math.min(length, DEPTH_LEVELS)
  for (let next = at; next < end; next += DEPTH_LEVEL_DOUBLES) {
    levels.push({ price: doubles[next], size: doubles[next + 1], count: doubles[next + 2] })
  }
  return levels
}

function fieldError(field: string, expected: string, got: unknown): TickbusError {
  return new TickbusError('TICKBUS_RECORD_FIELD', { kind: 'depth', field, expected, got: show(got) })
}
