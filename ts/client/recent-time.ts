import type { Clock } from './clock.js'

/** How many times in a row the same reading is good for. */
const USES = 32

/**
 * Reads the clock seldom: a reading costs as much as everything else that a publish does. A reading is good for 32
 * publishes of the same turn of the loop, and for none after a drain has ended.
 */
export class RecentTime {
  readonly #clock: Clock
  /** Not a field of its own: a number that is no small integer would be boxed each time that a function returns it. */
  readonly #reading = new Float64Array(1)
  #left = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Now, or a little before. */
  recentNs(): number {
    this.#look()
    return this.#reading[0]
  }

  /** Writes down what `recentNs` would say. */
  stamp(into: Float64Array, at: number): void {
    this.#look()
    into[at] = this.#reading[0]
  }

  /** Now. */
  nowNs(): number {
    this.#left = USES
    return (this.#reading[0] = this.#clock.nowNs())
  }

  /** The next one who asks gets a new reading. */
  forget(): void {
    this.#left = 0
  }

  #look(): void {
    if (this.#left > 0) this.#left -= 1
    else this.nowNs()
  }
}
