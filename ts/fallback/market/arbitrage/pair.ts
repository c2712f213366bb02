import { EPISODE_CLOSED, EPISODE_IMPROVED, EPISODE_OPEN, EPISODE_OPENED } from '../../../layout.js'
import { Consolidated, type TopQuote } from '../consolidated/index.js'
import { BAND, compare, UNIT } from '../exact.js'
import { Basis } from './basis.js'
import { Episode } from './episode.js'
import type { Events } from './events.js'

/** How many episodes of all pairs were opened and closed. */
export interface Numbers {
  opened: number
  closed: number
}

/** What all pairs have in common. */
export interface PairTerms {
  readonly minNetMicroBps: number
  readonly basisHalfLifeNs: number
  readonly numbers: Numbers
  readonly events: Events
}

/** The episodes of one pair: crates/market/src/arbitrage/pair.rs step for step. Sets of instruments are bits by places. */
export class Pair {
  readonly number: number
  readonly top: Consolidated
  /** Whether it is noted that its top has changed. */
  isNoted = true
  /** How many edges were compared in integers. */
  #exact = 0
  readonly #terms: PairTerms
  readonly #thresholdUnits: bigint
  readonly #thresholdPart: number
  /** What a sale has to be above, by where is bought; infinite without a quote. */
  readonly #hurdles: Float64Array
  /** Where is bought in the open episodes that sell here, and where is sold in those that buy here. */
  readonly #boughtAt: Uint32Array
  readonly #soldAt: Uint32Array
  /** By `buy * length + sell`. */
  readonly #episodes: (Episode | undefined)[]
  readonly #bases: readonly Basis[]
  /** What `look` has found: where to buy what is sold here, and where to sell what is bought here. */
  #buys = 0
  #sells = 0

  constructor(number: number, feesMicroBps: readonly number[], terms: PairTerms) {
    const ways = feesMicroBps.length ** 2
    const units = UNIT + terms.minNetMicroBps
    this.top = new Consolidated(feesMicroBps)
    this.number = number
    this.#terms = terms
    this.#thresholdUnits = BigInt(units)
    this.#thresholdPart = units / UNIT
    this.#hurdles = new Float64Array(feesMicroBps.length).fill(Infinity)
    this.#boughtAt = new Uint32Array(feesMicroBps.length)
    this.#soldAt = new Uint32Array(feesMicroBps.length)
    this.#episodes = Array.from({ length: ways })
    this.#bases = Array.from({ length: terms.basisHalfLifeNs > 0 ? ways : 0 }, () => new Basis())
  }

  /** Takes a sound quote in, and writes what becomes of the episodes of its instrument. */
  set(place: number, quote: TopQuote): void {
    this.top.set(place, quote)
    this.#hurdles[place] = this.top.buys[place] * this.#thresholdPart
    this.#buys = 0
    this.#sells = 0
    if (this.#terms.basisHalfLifeNs > 0) this.#lookAdjusted(place, quote.receivedNs)
    else if (!this.top.isBelow(this.#thresholdPart)) this.#look(place)
    if ((this.#buys | this.#boughtAt[place] | this.#sells | this.#soldAt[place]) !== 0) {
      this.#follow(place, this.#buys, this.#sells, quote.receivedNs)
    }
  }

  /** Gives up a quote, and closes the episodes that it was in. */
  withdraw(place: number, atNs: number): void {
    this.top.withdraw(place, atNs)
    this.#hurdles[place] = Infinity
    this.#follow(place, 0, 0, atNs)
  }

  /** How many comparisons were made in integers since it was last asked. */
  takeExact(): number {
    const exact = this.#exact + this.top.exact
    if (exact > 0) {
      this.#exact = 0
      this.top.exact = 0
    }
    return exact
  }

  /** Writes how the open episodes stand, as far as there is room. */
  writeOpen(atNs: number): void {
    const { events } = this.#terms
    for (let sell = 0; sell < this.top.length; sell += 1) {
      for (let bits = this.#boughtAt[sell]; bits !== 0; bits &= bits - 1) {
        if (events.room === 0) return
        const buy = lowest(bits)
        events.push(EPISODE_OPEN, this.number, buy, sell, atNs, this.#episodes[buy * this.top.length + sell]!)
      }
    }
  }

  #look(place: number): void {
    const { sells: sales, length } = this.top
    const hurdles = this.#hurdles
    const sale = sales[place]
    const hurdle = hurdles[place]
    const band = sale * BAND
    let [buys, sells] = [0, 0]
    for (let other = 0; other < length; other += 1) {
      if (other === place) continue
      const selling = sale - hurdles[other]
      if (selling > band || (selling >= -band && this.#isAbove(other, place))) buys |= 1 << other
      const otherSale = sales[other]
      const buying = otherSale - hurdle
      const otherBand = otherSale * BAND
      if (buying > otherBand || (buying >= -otherBand && this.#isAbove(place, other))) sells |= 1 << other
    }
    this.#buys = buys
    this.#sells = sells
  }

  /** Where doubles cannot say: whether the edge is above the threshold, in exact decimals. */
  #isAbove(buy: number, sell: number): boolean {
    this.#exact += 1
    const { bids, asks, sellUnits, buyUnits } = this.top
    const cost = buyUnits[buy]! * this.#thresholdUnits
    return compare(bids[sell], sellUnits[sell]! * BigInt(UNIT), asks[buy], cost) > 0
  }

  /** The same where an edge counts from what the one usually costs in terms of the other. */
  #lookAdjusted(place: number, atNs: number): void {
    const { bids, asks, sells: sales, length } = this.top
    const hurdles = this.#hurdles
    const here = bids[place] + asks[place]
    for (let other = 0; other < length; other += 1) {
      if (other === place || !this.top.hasQuote(other)) continue
      const there = bids[other] + asks[other]
      const [selling, buying] = [this.#basis(other, place), this.#basis(place, other)]
      const halfLifeNs = this.#terms.basisHalfLifeNs
      if (selling.update(here / there, atNs, halfLifeNs) && sales[place] > hurdles[other] * selling.usual) {
        this.#buys |= 1 << other
      }
      if (buying.update(there / here, atNs, halfLifeNs) && sales[other] > hurdles[place] * buying.usual) {
        this.#sells |= 1 << other
      }
    }
  }

  #basis(buy: number, sell: number): Basis {
    return this.#bases[buy * this.top.length + sell]!
  }

  /** Opens, goes on with and closes episodes: first those that sell here, then those that buy here. */
  #follow(place: number, buys: number, sells: number, atNs: number): void {
    for (let bits = buys | this.#boughtAt[place]; bits !== 0; bits &= bits - 1) {
      const other = lowest(bits)
      this.#followOne(other, place, ((buys >>> other) & 1) !== 0, atNs)
    }
    for (let bits = sells | this.#soldAt[place]; bits !== 0; bits &= bits - 1) {
      const other = lowest(bits)
      this.#followOne(place, other, ((sells >>> other) & 1) !== 0, atNs)
    }
  }

  #followOne(buy: number, sell: number, isAbove: boolean, atNs: number): void {
    const { numbers, events } = this.#terms
    const way = buy * this.top.length + sell
    const episode = this.#episodes[way]
    if (!isAbove) {
      this.#boughtAt[sell] &= ~(1 << buy)
      this.#soldAt[buy] &= ~(1 << sell)
      this.#episodes[way] = undefined
      numbers.closed += 1
      events.push(EPISODE_CLOSED, this.number, buy, sell, atNs, episode!)
      return
    }
    const [edge, size] = [this.#edgeBps(buy, sell), this.#size(buy, sell)]
    if (episode !== undefined) {
      if (episode.goOn(edge, size)) events.push(EPISODE_IMPROVED, this.number, buy, sell, atNs, episode)
      return
    }
    numbers.opened += 1
    this.#boughtAt[sell] |= 1 << buy
    this.#soldAt[buy] |= 1 << sell
    const opened = new Episode(numbers.opened, atNs, edge, size)
    this.#episodes[way] = opened
    events.push(EPISODE_OPENED, this.number, buy, sell, atNs, opened)
  }

  #edgeBps(buy: number, sell: number): number {
    let cost = this.top.buys[buy]
    if (this.#terms.basisHalfLifeNs > 0) cost *= this.#basis(buy, sell).usual
    return (this.top.sells[sell] / cost - 1) * 10_000
  }

  #size(buy: number, sell: number): number {
    const [sold, bought] = [this.top.bidSizes[sell], this.top.askSizes[buy]]
    return sold < bought ? sold : bought
  }
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}
