import type { Clock, Timer } from './clock.js'

/** Rings when the first of a group's messages is due that wait for another attempt. */
export class DueTimer {
  readonly #clock: Clock
  readonly #ring: () => void
  #dueNs = 0
  #timer: Timer | undefined

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** From now on it rings at `dueNs`, and only then; 0 for not. Says whether it was about to ring. */
  set(dueNs: number): boolean {
    if (dueNs === this.#dueNs) return false
    const isDue = this.#timer !== undefined && this.#dueNs <= this.#clock.nowNs()
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer)
    this.#timer = undefined
    this.#dueNs = dueNs
    if (dueNs === 0) return isDue
    // In whole microseconds, as delays are.
    const ms = Math.ceil(Math.max(0, dueNs - this.#clock.nowNs()) / 1e3) / 1e3
    this.#timer = this.#clock.setTimer(this.#fire, ms)
    return isDue
  }

  readonly #fire = (): void => {
    this.#timer = undefined
    // A timer may be early: then it is set again.
    this.#dueNs = 0
    this.#ring()
  }
}
