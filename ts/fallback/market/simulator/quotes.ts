import type { SimulationOptions } from '../../../market-core.js'
import { exp } from './elementary.js'
import type { Prices } from './prices.js'
import type { Random } from './random.js'

const BPS = 1e-4
/** Deviation of the logarithm of sizes. */
const SIZE_DEVIATION = 0.9
/** No size is further from the median than this many deviations. */
const SIZE_MOST = 4

/**
 * The latest quote of each stream, prices in ticks and sizes in lots. No quote crosses that of the same symbol at another
 * venue: what would do so stops a tick short of it, as if somebody took the difference at once. So whatever crosses was
 * planted.
 */
export class Quotes {
  readonly bids: Float64Array
  readonly asks: Float64Array
  readonly bidSizes: Float64Array
  readonly askSizes: Float64Array
  readonly sequences: Float64Array
  readonly #options: SimulationOptions
  readonly #prices: Prices
  readonly #noise: Float64Array
  readonly #noiseAt: Float64Array
  /** Whether the prices are those that the venue would choose if it were alone. */
  readonly #isFree: Uint8Array

  constructor(options: SimulationOptions, prices: Prices) {
    const streams = options.venues.length * options.symbols.length
    this.#options = options
    this.#prices = prices
    this.bids = new Float64Array(streams)
    this.asks = new Float64Array(streams)
    this.bidSizes = new Float64Array(streams)
    this.askSizes = new Float64Array(streams)
    this.sequences = new Float64Array(streams)
    this.#noise = new Float64Array(streams)
    this.#noiseAt = new Float64Array(streams)
    this.#isFree = new Uint8Array(streams)
  }

  /** Whether the stream has quoted. */
  isQuoted(stream: number): boolean {
    return this.asks[stream] > 0
  }

  /** Chooses the prices anew where the old ones do not hold any more, otherwise one of the sizes. */
  renew(stream: number, now: number, random: Random): void {
    const { venues, symbols } = this.#options
    const symbol = stream % symbols.length
    const venue = venues[(stream - symbol) / symbols.length]
    this.#moveNoise(stream, now, venue.noiseNs, random)
    const opinion = 1 + this.#noise[stream] * venue.noiseBps * BPS
    const mid = this.#prices.at(symbol, now - venue.lagNs) * opinion
    if (this.#isFree[stream] === 1 && this.bids[stream] < mid && mid < this.asks[stream]) {
      this.renewSize(stream, random)
      return
    }
    const half = 0.5 * venue.spreadBps * BPS * this.#prices.spread * mid
    const bid = Math.floor(mid - half)
    this.#place(stream, bid, Math.max(Math.ceil(mid + half), bid + 1))
    this.bidSizes[stream] = this.size(symbol, random)
    this.askSizes[stream] = this.size(symbol, random)
  }

  /** Changes the size of one side. */
  renewSize(stream: number, random: Random): void {
    const size = this.size(stream % this.#options.symbols.length, random)
    if (random.uniform() < 0.5) this.bidSizes[stream] = size
    else this.askSizes[stream] = size
  }

  /** Forces the prices, until the next time that they are chosen. */
  force(stream: number, bid: number, ask: number): void {
    this.bids[stream] = bid
    this.asks[stream] = ask
    this.#isFree[stream] = 0
  }

  /** A size, in lots. */
  size(symbol: number, random: Random): number {
    const z = Math.max(-SIZE_MOST, Math.min(SIZE_MOST, random.normal()))
    return Math.max(1, Math.floor(this.#options.symbols[symbol].lots * exp(SIZE_DEVIATION * z)))
  }

  #place(stream: number, bid: number, ask: number): void {
    const { venues, symbols } = this.#options
    let [lowestAsk, highestBid] = [Infinity, 0]
    for (let other = stream % symbols.length; other < venues.length * symbols.length; other += symbols.length) {
      if (other === stream || !this.isQuoted(other)) continue
      lowestAsk = Math.min(lowestAsk, this.asks[other])
      highestBid = Math.max(highestBid, this.bids[other])
    }
    const isFree = bid < lowestAsk && ask > highestBid
    this.bids[stream] = Math.max(1, Math.min(bid, lowestAsk - 1))
    this.asks[stream] = Math.max(ask, highestBid + 1)
    this.#isFree[stream] = isFree ? 1 : 0
  }

  /** An Ornstein-Uhlenbeck process of deviation 1. */
  #moveNoise(stream: number, now: number, noiseNs: number, random: Random): void {
    const kept = exp((this.#noiseAt[stream] - now) / noiseNs)
    this.#noise[stream] = kept * this.#noise[stream] + Math.sqrt(1 - kept * kept) * random.normal()
    this.#noiseAt[stream] = now
  }
}
