import {
  ARBITRAGE_COUNT_CROSSED,
  ARBITRAGE_COUNT_NEGATIVE,
  ARBITRAGE_COUNT_NUMBER,
  ARBITRAGE_COUNT_ONE_SIDED,
  ARBITRAGE_COUNT_ZERO,
} from '../../../layout.js'

/** Prices of either side of these are no prices, and their products might not be numbers. */
const PRICE_MOST = 1e200
const PRICE_LEAST = 1e-200

/** Best bid and offer of one instrument, with when they were received. One object is filled in again and again. */
export class TopQuote {
  bid = 0
  ask = 0
  bidSize = 0
  askSize = 0
  receivedNs = 0

  /** Whether it can be relied on. A size of 0 is none: some venues tell no sizes. */
  get isSound(): boolean {
    const { bid, ask, bidSize, askSize, receivedNs } = this
    if (!(bid >= PRICE_LEAST && bid <= ask && ask <= PRICE_MOST)) return false
    return bidSize >= 0 && bidSize < Infinity && askSize >= 0 && askSize < Infinity && Number.isFinite(receivedNs)
  }

  /** Which count one that is not sound belongs to. */
  get fault(): number {
    const { bid, ask, bidSize, askSize, receivedNs } = this
    const numbers = [bid, ask, bidSize, askSize]
    if (![...numbers, receivedNs].every(Number.isFinite) || !isPrice(bid) || !isPrice(ask))
      return ARBITRAGE_COUNT_NUMBER
    if (numbers.some((number) => number < 0)) return ARBITRAGE_COUNT_NEGATIVE
    if (bid === 0 && ask === 0) return ARBITRAGE_COUNT_ZERO
    return bid === 0 || ask === 0 ? ARBITRAGE_COUNT_ONE_SIDED : ARBITRAGE_COUNT_CROSSED
  }
}

function isPrice(price: number): boolean {
  return price <= 0 || (price >= PRICE_LEAST && price <= PRICE_MOST)
}
