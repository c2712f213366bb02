import { BUYER, SELLER } from './batch.js'
import { Misfit } from './reject.js'
import { ascii, type Scanner } from './scanner.js'
import type { Slots } from './slots.js'

/** What a frame of Coinbase says: of a message of Exchange everything, of Advanced what is around the events. */
export const TYPE = 0
export const CHANNEL = 1
export const PRODUCT = 2
export const SEQUENCE = 3
export const TIME = 4
export const SIDE = 5
export const PRICE = 6
export const SIZE = 7
export const TRADE_ID = 8
export const BID_PRICE = 9
export const BID_SIZE = 10
export const ASK_PRICE = 11
export const ASK_SIZE = 12
export const BIDS = 13
export const ASKS = 14
export const CHANGES = 15
export const TIMESTAMP = 16
export const SEQUENCE_NUM = 17
export const EVENTS = 18

/** Who took liquidity. Trades name the side that was waiting in the book: the other one came and took. */
export function aggressorOf(slots: Slots, slot: number, frame: Scanner): number {
  slots.require(slot, 'side')
  if (slots.is(slot, SELL, frame) || slots.is(slot, SELL_CAPITAL, frame)) return BUYER
  if (slots.is(slot, BUY, frame) || slots.is(slot, BUY_CAPITAL, frame)) return SELLER
  throw new Misfit('field', 'side')
}

export const BUY = ascii('buy')
export const SELL = ascii('sell')
const BUY_CAPITAL = ascii('BUY')
const SELL_CAPITAL = ascii('SELL')
