import { type Clock, LONGEST_MS, type Timer } from './clock.js'

/** How long handlers of a group have to acknowledge, in nanoseconds; `Infinity` for ever. */
export interface AckWait {
  /** Of messages that may not be lost, and of others. */
  readonly durableNs: number
  readonly otherNs: number
}

/** One timer for all that is under way in a runner: it asks at the earliest time at which one of them may be due. */
export class AckClock {
  readonly wait: AckWait
  readonly #clock: Clock
  readonly #look: () => number
  #timer: Timer | undefined
  #dueNs = Infinity

  /** `look` deals with all that is due now, and says when the next one is; `Infinity` for never. */
  constructor(clock: Clock, wait: AckWait, look: () => number) {
    this.#clock = clock
    this.wait = wait
    this.#look = look
  }

  /** Something is due at `dueNs`. Most of what is under way is over by then, so a timer that is set earlier stays. */
  watch(dueNs: number): void {
    if (dueNs >= this.#dueNs) return
    this.end()
    this.#dueNs = dueNs
    const ms = Math.max(0, (dueNs - this.#clock.nowNs()) / 1e6)
    // A handler that hangs does not keep the process alive.
    this.#timer = this.#clock.setTimer(this.#fire, Math.min(ms, LONGEST_MS), true)
  }

  end(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer)
    this.#timer = undefined
    this.#dueNs = Infinity
  }

  readonly #fire = (): void => {
    this.#timer = undefined
    this.#dueNs = Infinity
    this.watch(this.#look())
  }
}
