import type { Clock } from '../clock.js'

/** Says when messages are due that are replayed at so many times the pace at which they were appended. */
export class Pacer {
  readonly #clock: Clock
  readonly #speed: number
  #firstNs: bigint | undefined
  #startNs = 0

  constructor(clock: Clock, speed: number) {
    this.#clock = clock
    this.#speed = speed
  }

  /** How long a message has to wait that was appended then, in nanoseconds of the clock. The first one is due at once. */
  waitNs(timeNs: bigint): number {
    const nowNs = this.#clock.nowNs()
    if (this.#firstNs === undefined) {
      this.#firstNs = timeNs
      this.#startNs = nowNs
    }
    return this.#startNs + Number(timeNs - this.#firstNs) / this.#speed - nowNs
  }
}
