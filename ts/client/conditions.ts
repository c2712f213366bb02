import type { Clock, Timer } from './clock.js'

interface Waiting {
  readonly holds: () => boolean
  readonly resolve: (held: boolean) => void
  timer: Timer | undefined
}

/** Promises that resolve once something holds, which is looked at after each turn. */
export class Conditions {
  readonly #clock: Clock
  #waiting: Waiting[] = []
  #ended = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves to true once it holds; to false after `timeoutMs`, where given, or at the end. */
  until(holds: () => boolean, timeoutMs?: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true)
    if (this.#ended || timeoutMs === 0) return Promise.resolve(false)
    return new Promise((resolve) => {
      const waiting: Waiting = { holds, resolve, timer: undefined }
      this.#waiting.push(waiting)
      if (timeoutMs !== undefined) waiting.timer = this.#clock.setTimer(() => this.#settle(waiting, false), timeoutMs)
    })
  }

  look(): void {
    for (const waiting of this.#waiting.filter(({ holds }) => holds())) this.#settle(waiting, true)
  }

  end(): void {
    this.#ended = true
    for (const waiting of this.#waiting) this.#settle(waiting, waiting.holds())
  }

  #settle(waiting: Waiting, held: boolean): void {
    if (waiting.timer !== undefined) this.#clock.clearTimer(waiting.timer)
    this.#waiting = this.#waiting.filter((other) => other !== waiting)
    waiting.resolve(held)
  }
}
