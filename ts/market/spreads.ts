import type { QuoteFields } from './tally.js'

/** The best bid and offer of one instrument over a run. */
export interface Spread {
  readonly instrument: string
  /** How many quotes it is made of. */
  readonly quotes: number
  /** The last best bid. */
  readonly bid: number
  /** The last best offer. */
  readonly ask: number
  /** Mean distance of offer and bid, each quote counting once. */
  readonly mean: number
  /** The same in hundredths of a percent of the price. */
  readonly meanBps: number
  /** Widest distance of offer and bid. */
  readonly widest: number
}

interface Top {
  quotes: number
  bid: number
  ask: number
  sum: number
  sumOfPortions: number
  widest: number
}

/** Keeps the top of the book and the spread of every instrument that it is shown quotes of. */
export class Spreads {
  readonly #tops = new Map<string, Top>()

  /** Takes a quote in, published on `data.quotes.VENUE.INSTRUMENT`. */
  add(topic: string, { bidPrice, askPrice }: QuoteFields): void {
    let top = this.#tops.get(topic)
    if (top === undefined) {
      top = { quotes: 0, bid: 0, ask: 0, sum: 0, sumOfPortions: 0, widest: -Infinity }
      this.#tops.set(topic, top)
    }
    const spread = askPrice - bidPrice
    top.quotes += 1
    top.bid = bidPrice
    top.ask = askPrice
    top.sum += spread
    top.sumOfPortions += (2 * spread) / (askPrice + bidPrice)
    if (spread > top.widest) top.widest = spread
  }

  get report(): Spread[] {
    return [...this.#tops].map(([topic, { quotes, bid, ask, sum, sumOfPortions, widest }]) => ({
      instrument: topic.split('.').slice(3).join('.'),
      quotes,
      bid,
      ask,
      mean: sum / quotes,
      meanBps: (10_000 * sumOfPortions) / quotes,
      widest,
    }))
  }
}
