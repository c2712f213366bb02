import { show, TickbusError } from '../errors.js'
import {
  KIND_TRADE,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
  TRADE_DOUBLE_ID,
  TRADE_DOUBLE_PRICE,
  TRADE_DOUBLE_SIZE,
  TRADE_FLAG_ID_NUMBER,
  TRADE_FLAG_ID_UUID,
  TRADE_FLAGS_AGGRESSOR,
} from '../layout.js'
import type { Epoch } from './epoch.js'
import { checkNumber, checkObject, MarketData, type RecordCodec, type Timed, type Views, writeTimes } from './record.js'
import { readUuid, writeUuid } from './uuid.js'

/** Who took liquidity. */
export type AggressorSide = 'NO_AGGRESSOR' | 'BUYER' | 'SELLER'

const SIDES: readonly AggressorSide[] = ['NO_AGGRESSOR', 'BUYER', 'SELLER']

/** What can be published where a trade is expected. */
export interface TradeLike extends Timed {
  price: number
  size: number
  aggressorSide: AggressorSide
  /** The venue's id: a whole number as text, a UUID in lower case, or up to 24 Latin-1 characters. */
  tradeId: string
}

/** One trade. The price and the size are the venue's decimals, correctly rounded. */
export class Trade extends MarketData implements TradeLike {
  readonly price: number
  readonly size: number
  readonly aggressorSide: AggressorSide
  readonly tradeId: string
  readonly eventNs: number
  readonly initNs: number
  readonly epoch: Epoch

  constructor(
    price: number,
    size: number,
    aggressorSide: AggressorSide,
    tradeId: string,
    eventNs: number,
    initNs: number,
    epoch: Epoch,
  ) {
    super()
    this.price = price
    this.size = size
    this.aggressorSide = aggressorSide
    this.tradeId = tradeId
    this.eventNs = eventNs
    this.initNs = initNs
    this.epoch = epoch
  }
}

export const tradeCodec: RecordCodec<TradeLike> = {
  kind: KIND_TRADE,
  name: 'trade',
  slabBytes: 0,

  write(views, at, message, epoch) {
    checkObject(message, 'trade')
    const { price, size, aggressorSide, tradeId } = message
    checkNumber(price, 'trade', 'price')
    checkNumber(size, 'trade', 'size')
    const side = SIDES.indexOf(aggressorSide)
    if (side < 0) throw fieldError('aggressorSide', SIDES.join(', '), aggressorSide)
    writeTimes(views, at, message, epoch, 'trade')
    const id = writeId(views, at, tradeId)
    views.doubles[at + TRADE_DOUBLE_PRICE] = price
    views.doubles[at + TRADE_DOUBLE_SIZE] = size
    return KIND_TRADE | (side << FLAGS_SHIFT) | id
  },

  read(views, at, epoch, head) {
    const { doubles } = views
    return new Trade(
      doubles[at + TRADE_DOUBLE_PRICE],
      doubles[at + TRADE_DOUBLE_SIZE],
      readAggressor(head),
      readTradeId(views, at, head),
      doubles[at + RECORD_DOUBLE_EVENT],
      doubles[at + RECORD_DOUBLE_INIT],
      epoch,
    )
  },
}

const FLAGS_SHIFT = 8
const LENGTH_SHIFT = 16
const ID_BYTES = 24
/** Whole numbers up to 15 digits without a leading zero come back from a double as the same text. */
const WHOLE = /^(?:0|[1-9]\d{0,14})$/

/** Writes the id and returns what the kind word must say about it. */
function writeId(views: Views, at: number, id: unknown): number {
  if (typeof id !== 'string') throw fieldError('tradeId', 'a string', id)
  if (WHOLE.test(id)) {
    views.doubles[at + TRADE_DOUBLE_ID] = Number(id)
    return TRADE_FLAG_ID_NUMBER << FLAGS_SHIFT
  }
  const first = 8 * (at + TRADE_DOUBLE_ID)
  if (writeUuid(views.bytes, first, id)) return TRADE_FLAG_ID_UUID << FLAGS_SHIFT
  for (let i = 0; i < id.length; i += 1) {
    const code = id.charCodeAt(i)
    if (code > 255 || i >= ID_BYTES) {
      throw fieldError('tradeId', `a UUID in lower case, or at most ${ID_BYTES} Latin-1 characters`, id)
    }
    views.bytes[first + i] = code
  }
  return id.length << LENGTH_SHIFT
}

/** The side of the trade whose kind word is `head`. */
export function readAggressor(head: number): AggressorSide {
  return SIDES[(head >>> FLAGS_SHIFT) & TRADE_FLAGS_AGGRESSOR] ?? 'NO_AGGRESSOR'
}

/** The id of the trade whose record begins at double `at`, and whose kind word is `head`. */
export function readTradeId(views: Views, at: number, head: number): string {
  const flags = head >>> FLAGS_SHIFT
  if ((flags & TRADE_FLAG_ID_NUMBER) !== 0) return String(views.doubles[at + TRADE_DOUBLE_ID])
  const first = 8 * (at + TRADE_DOUBLE_ID)
  if ((flags & TRADE_FLAG_ID_UUID) !== 0) return readUuid(views.bytes, first)
  // A torn record may claim any length; it is thrown away later, but must not be read beyond its own bytes.
  const length = Math.min(head >>> LENGTH_SHIFT, ID_BYTES)
  let id = ''
  for (let i = 0; i < length; i += 1) id += String.fromCharCode(views.bytes[first + i])
  return id
}

function fieldError(field: string, expected: string, got: unknown): TickbusError {
  return new TickbusError('TICKBUS_RECORD_FIELD', { kind: 'trade', field, expected, got: show(got) })
}
