import { BUYER, SELLER } from './batch.js'
import { Misfit } from './reject.js'
import { ascii, type Scanner } from './scanner.js'
import type { Slots } from './slots.js'

/** Who took liquidity. Kraken's trades name the side that came and took. */
export function takerOf(slots: Slots, slot: number, frame: Scanner): number {
  slots.require(slot, 'side')
  if (slots.is(slot, B, frame) || slots.is(slot, BUY, frame)) return BUYER
  if (slots.is(slot, S, frame) || slots.is(slot, SELL, frame)) return SELLER
  throw new Misfit('field', 'side')
}

const B = ascii('b')
const BUY = ascii('buy')
const S = ascii('s')
const SELL = ascii('sell')
