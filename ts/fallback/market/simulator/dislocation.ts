import type { PlantedDislocation, SimulationOptions } from '../../../market-core.js'
import type { Quotes } from './quotes.js'
import type { Random } from './random.js'

const BPS = 1e-4
const BPS_IN_ONE = 1e4
const LEAST_NS = 1_000
/** No more are planted than can be kept. */
const MOST_PLANTED = 1_000_000

/**
 * Plants what an arbitrageur looks for: of one symbol, one venue's ask falls below another's bid. All other venues step
 * aside first, so that exactly one pair of them crosses; both ends stand still until the buying end quotes as usual again.
 */
export class Dislocations {
  readonly planted: PlantedDislocation[] = []
  readonly #options: SimulationOptions
  readonly #quotes: Quotes
  #buy = -1
  #sell = -1

  constructor(options: SimulationOptions, quotes: Quotes) {
    this.#options = options
    this.#quotes = quotes
  }

  get isOpen(): boolean {
    return this.#buy >= 0
  }

  /** Whether the stream's prices stand still. */
  holds(stream: number): boolean {
    return stream === this.#buy || stream === this.#sell
  }

  /** Time until the next one begins. */
  pause(random: Random): number {
    return random.exponential() * this.#options.dislocations.everyNs
  }

  /**
   * Opens one, unless an end has not quoted yet or there were enough (-1 then); `publish` is called for each quote that changes, and returns its time.
   * Returns how long it stays open.
   */
  open(random: Random, publish: (stream: number) => number): number {
    if (this.planted.length === MOST_PLANTED) return -1
    const { venues, symbols, dislocations } = this.#options
    const symbol = random.below(symbols.length)
    const first = random.below(venues.length)
    const second = (first + 1 + random.below(venues.length - 1)) % venues.length
    const bps = dislocations.leastBps + random.uniform() * (dislocations.mostBps - dislocations.leastBps)
    const lengthNs = LEAST_NS + random.exponential() * dislocations.lengthNs
    const [buy, sell] = [first * symbols.length + symbol, second * symbols.length + symbol]
    const quotes = this.#quotes
    if (!quotes.isQuoted(buy) || !quotes.isQuoted(sell)) return -1
    const bid = quotes.bids[sell]
    const ask = Math.min(Math.floor(bid / (1 + bps * BPS)), bid - 1)
    if (ask < 2) return -1
    for (let other = symbol; other < venues.length * symbols.length; other += symbols.length) {
      if (other === buy || other === sell || quotes.bids[other] < ask) continue
      quotes.force(other, ask - 1, quotes.asks[other])
      publish(other)
    }
    quotes.force(buy, Math.min(quotes.bids[buy], ask - 1), ask)
    this.#buy = buy
    this.#sell = sell
    const fromNs = publish(buy)
    // Of the prices as they are sent, so that whoever computes it from them gets the same.
    const { tickUnits, priceScale } = symbols[symbol]
    const ratio = (bid * tickUnits) / priceScale / ((ask * tickUnits) / priceScale)
    this.planted.push({ buy, sell, fromNs, toNs: Infinity, bps: (ratio - 1) * BPS_IN_ONE })
    return lengthNs
  }

  /** Lets the buying end quote as usual. */
  close(publish: (stream: number) => number): void {
    const buy = this.#buy
    this.#buy = -1
    const toNs = publish(buy)
    this.#sell = -1
    this.planted.push({ ...this.planted.pop()!, toNs })
  }
}
