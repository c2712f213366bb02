import {
  TOP_DOUBLE_ASK,
  TOP_DOUBLE_ASK_PLACE,
  TOP_DOUBLE_ASK_SIZE,
  TOP_DOUBLE_AT,
  TOP_DOUBLE_BID,
  TOP_DOUBLE_BID_PLACE,
  TOP_DOUBLE_BID_SIZE,
  TOP_DOUBLE_CHANGES,
  TOP_DOUBLE_NET_ASK,
  TOP_DOUBLE_NET_BID,
} from '../../../layout.js'
import { BAND, compare, UNIT } from '../exact.js'
import type { TopQuote } from './top-quote.js'

const NONE = -1

/**
 * The best bid and offer of one pair over the instruments that are traded for each other, after fees:
 * crates/market/src/consolidated.rs step for step. Instruments are by their places in the pair.
 */
export class Consolidated {
  readonly length: number
  readonly bids: Float64Array
  readonly asks: Float64Array
  readonly bidSizes: Float64Array
  readonly askSizes: Float64Array
  /** What a sale brings: the bid after its fee; 0 without a quote. */
  readonly sells: Float64Array
  /** What a purchase costs: the offer with its fee; infinite without a quote. */
  readonly buys: Float64Array
  /** What is left of a sale, and what a purchase comes to, in units. */
  readonly sellUnits: readonly bigint[]
  readonly buyUnits: readonly bigint[]
  /** How many comparisons were made in integers. */
  exact = 0
  /** The view of it is not what was written last. */
  hasChanged = true
  readonly #sellParts: Float64Array
  readonly #buyParts: Float64Array
  #bestBid = NONE
  #bestAsk = NONE
  #changedNs = 0
  #changes = 0

  /** A pair of instruments with these taker fees, in millionths of a basis point. */
  constructor(feesMicroBps: readonly number[]) {
    const { length } = feesMicroBps
    this.length = length
    this.bids = new Float64Array(length)
    this.asks = new Float64Array(length)
    this.bidSizes = new Float64Array(length)
    this.askSizes = new Float64Array(length)
    this.sells = new Float64Array(length)
    this.buys = new Float64Array(length).fill(Infinity)
    this.sellUnits = feesMicroBps.map((fee) => BigInt(UNIT - fee))
    this.buyUnits = feesMicroBps.map((fee) => BigInt(UNIT + fee))
    this.#sellParts = Float64Array.from(feesMicroBps, (fee) => (UNIT - fee) / UNIT)
    this.#buyParts = Float64Array.from(feesMicroBps, (fee) => (UNIT + fee) / UNIT)
  }

  /** Takes a sound quote in. */
  set(place: number, quote: TopQuote): void {
    const { bids, asks, bidSizes, askSizes } = this
    const { bid, ask, bidSize, askSize } = quote
    const [oldBid, oldAsk, oldBidSize, oldAskSize] = [bids[place], asks[place], bidSizes[place], askSizes[place]]
    bids[place] = bid
    asks[place] = ask
    bidSizes[place] = bidSize
    askSizes[place] = askSize
    this.sells[place] = bid * this.#sellParts[place]
    this.buys[place] = ask * this.#buyParts[place]
    const [bestBid, bestAsk] = [this.#bestBid, this.#bestAsk]
    this.#search()
    const isNewBid = this.#bestBid === place && (bid !== oldBid || bidSize !== oldBidSize)
    const isNewAsk = this.#bestAsk === place && (ask !== oldAsk || askSize !== oldAskSize)
    if (isNewBid || isNewAsk) this.#noteChange(quote.receivedNs)
    else if (bestBid !== this.#bestBid || bestAsk !== this.#bestAsk) this.#noteChange(quote.receivedNs)
  }

  /** Gives up the quote of an instrument, which may have none. */
  withdraw(place: number, atNs: number): void {
    this.sells[place] = 0
    this.buys[place] = Infinity
    const [bestBid, bestAsk] = [this.#bestBid, this.#bestAsk]
    this.#search()
    if (bestBid !== this.#bestBid || bestAsk !== this.#bestAsk) this.#noteChange(atNs)
  }

  /** Whether the instrument has a quote. */
  hasQuote(place: number): boolean {
    return this.sells[place] > 0
  }

  /**
   * Whether no sale of any instrument can bring as much as a purchase of any other one costs times `factor`, nor nearly as
   * much: doubles alone say so.
   */
  isBelow(factor: number): boolean {
    if (this.#bestBid < 0 || this.#bestAsk < 0) return true
    // The best ones are so within a band, and hurdles are rounded once more.
    return this.sells[this.#bestBid] < this.buys[this.#bestAsk] * factor * (1 - 8 * BAND)
  }

  /** Writes the view of it, from `at` on. */
  writeTop(out: Float64Array, at: number): void {
    const [bid, ask] = [this.#bestBid, this.#bestAsk]
    out[at + TOP_DOUBLE_BID] = bid < 0 ? 0 : this.bids[bid]
    out[at + TOP_DOUBLE_ASK] = ask < 0 ? 0 : this.asks[ask]
    out[at + TOP_DOUBLE_BID_SIZE] = bid < 0 ? 0 : this.bidSizes[bid]
    out[at + TOP_DOUBLE_ASK_SIZE] = ask < 0 ? 0 : this.askSizes[ask]
    out[at + TOP_DOUBLE_NET_BID] = bid < 0 ? 0 : this.sells[bid]
    out[at + TOP_DOUBLE_NET_ASK] = ask < 0 ? 0 : this.buys[ask]
    out[at + TOP_DOUBLE_BID_PLACE] = bid
    out[at + TOP_DOUBLE_ASK_PLACE] = ask
    out[at + TOP_DOUBLE_AT] = this.#changedNs
    out[at + TOP_DOUBLE_CHANGES] = this.#changes
    this.hasChanged = false
  }

  #noteChange(atNs: number): void {
    this.#changedNs = atNs
    this.#changes += 1
    this.hasChanged = true
  }

  /** The best of all: by doubles, if no other is near it. */
  #search(): void {
    const { sells, buys, length } = this
    let bid = 0
    let most = -Infinity
    let nextMost = -Infinity
    let ask = 0
    let least = Infinity
    let nextLeast = Infinity
    for (let place = 0; place < length; place += 1) {
      const sale = sells[place]
      if (sale > most) {
        nextMost = most
        most = sale
        bid = place
      } else if (sale > nextMost) nextMost = sale
      const cost = buys[place]
      if (cost < least) {
        nextLeast = least
        least = cost
        ask = place
      } else if (cost < nextLeast) nextLeast = cost
    }
    const isClear = this.hasQuote(bid) && nextMost < most - most * (2 * BAND)
    this.#bestBid = isClear ? bid : this.#searchBids()
    this.#bestAsk = least < Infinity && nextLeast > least + least * (2 * BAND) ? ask : this.#searchAsks()
  }

  #searchBids(): number {
    let best = NONE
    for (let place = 0; place < this.length; place += 1) if (this.hasQuote(place)) best = this.#betterBid(best, place)
    return best
  }

  #searchAsks(): number {
    let best = NONE
    for (let place = 0; place < this.length; place += 1) if (this.hasQuote(place)) best = this.#betterAsk(best, place)
    return best
  }

  /** The better one of two, or the one that there is. */
  #betterBid(best: number, place: number): number {
    if (best < 0 || best === place) return place
    const { sells, bids, sellUnits } = this
    let order = orderOf(sells[place], sells[best])
    if (order === NEAR) {
      this.exact += 1
      order = compare(bids[place], sellUnits[place]!, bids[best], sellUnits[best]!)
    }
    return chosen(order, place, best)
  }

  #betterAsk(best: number, place: number): number {
    if (best < 0 || best === place) return place
    const { buys, asks, buyUnits } = this
    let order = orderOf(buys[best], buys[place])
    if (order === NEAR) {
      this.exact += 1
      order = compare(asks[best], buyUnits[best]!, asks[place], buyUnits[place]!)
    }
    return chosen(order, place, best)
  }
}

/** Doubles cannot say. */
const NEAR = 0

function orderOf(a: number, b: number): number {
  const difference = a - b
  const band = b * BAND
  return difference > band ? 1 : difference < -band ? -1 : NEAR
}

/** Of equals the one that was named first. */
function chosen(order: number, place: number, best: number): number {
  if (order === 0) return Math.min(place, best)
  return order > 0 ? place : best
}
