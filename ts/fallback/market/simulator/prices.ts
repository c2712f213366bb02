import type { PriceLaw, SimulatedSymbol } from '../../../market-core.js'
import { exp, ln } from './elementary.js'
import type { Random } from './random.js'

/** Prices move once in this time. */
const STEP_NS = 1_000_000
/** Steps of which the prices are kept, a power of two: what happened so long ago is the oldest news. */
const STEPS_KEPT = 64
/** Steps between two changes of the volatility. */
const STEPS_PER_MOOD = 100
const BPS = 1e-4

/** The fair price of each symbol, in ticks, and how it came about of late. */
export class Prices {
  readonly #law: PriceLaw
  readonly #symbols: readonly SimulatedSymbol[]
  readonly #now: Float64Array
  /** `symbol * STEPS_KEPT + step modulo STEPS_KEPT`. */
  readonly #kept: Float64Array
  readonly #own: Float64Array
  #step = 0
  #regime = 0
  /** Logarithm of what the volatility is of the regime's. */
  #excess = 0
  #deviation: number

  constructor(law: PriceLaw, symbols: readonly SimulatedSymbol[]) {
    this.#law = law
    this.#symbols = symbols
    this.#now = Float64Array.from(symbols, ({ price, priceScale, tickUnits }) => (price * priceScale) / tickUnits)
    this.#kept = Float64Array.from(
      { length: symbols.length * STEPS_KEPT },
      (_, i) => this.#now[Math.floor(i / STEPS_KEPT)],
    )
    this.#own = Float64Array.from(symbols, ({ beta }) => Math.sqrt(1 - beta * beta))
    this.#deviation = this.#deviationOfStep()
  }

  /** What the regime does to spreads. */
  get spread(): number {
    return this.#law.spreads[this.#regime]
  }

  /** Moves the prices on to a time. */
  advanceTo(ns: number, random: Random): void {
    const wanted = Math.floor(ns / STEP_NS)
    while (this.#step < wanted) {
      this.#step += 1
      if (this.#step % STEPS_PER_MOOD === 0) this.#changeMood(random)
      this.#move(random)
    }
  }

  /** The price of a symbol at a time that is not later than now, in ticks. */
  at(symbol: number, ns: number): number {
    const step = Math.max(Math.floor(ns / STEP_NS), this.#step - STEPS_KEPT + 1)
    return this.#kept[symbol * STEPS_KEPT + (step & (STEPS_KEPT - 1))]
  }

  #move(random: Random): void {
    const symbols = this.#symbols
    const jumps = STEP_NS / this.#law.jumpNs
    const shared = random.normal()
    for (let symbol = 0; symbol < symbols.length; symbol += 1) {
      const { beta, volatility } = symbols[symbol]
      const own = this.#own[symbol] * random.normal()
      let move = this.#deviation * volatility * (beta * shared + own)
      if (random.uniform() < jumps) move += this.#jump(random)
      this.#now[symbol] *= 1 + move
      this.#kept[symbol * STEPS_KEPT + (this.#step & (STEPS_KEPT - 1))] = this.#now[symbol]
    }
  }

  #jump(random: Random): number {
    const { jumpLeastBps, jumpMostBps } = this.#law
    const size = (jumpLeastBps + random.uniform() * (jumpMostBps - jumpLeastBps)) * BPS
    return random.uniform() < 0.5 ? -size : size
  }

  #changeMood(random: Random): void {
    const { volatilities, stayNs, revertNs, deviation } = this.#law
    const moodNs = STEP_NS * STEPS_PER_MOOD
    if (random.uniform() < moodNs / stayNs) {
      const next = random.below(volatilities.length)
      // The volatility itself does not jump: it reverts to the new regime's from where it is.
      this.#excess += ln(volatilities[this.#regime] / volatilities[next])
      this.#regime = next
    }
    const part = moodNs / revertNs
    this.#excess += -part * this.#excess + deviation * Math.sqrt(2 * part) * random.normal()
    this.#deviation = this.#deviationOfStep()
  }

  #deviationOfStep(): number {
    return this.#law.volatilities[this.#regime] * exp(this.#excess) * Math.sqrt(STEP_NS / 1e9)
  }
}
