import type { Clock, Timer } from '../../client/index.js'

const SECOND_NS = 1e9

/** What is sent to a venue, in order and never more messages in any second than it allows. */
export class Outbox {
  sent = 0
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #send: (text: string) => void
  #waiting: string[] = []
  /** When the last messages were sent, as many as a second may have, the oldest first. */
  #sentNs: number[] = []
  #timer: Timer | undefined

  constructor(clock: Clock, perSecond: number, send: (text: string) => void) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#send = send
  }

  get waiting(): number {
    return this.#waiting.length
  }

  push(text: string): void {
    this.#waiting.push(text)
    if (this.#timer === undefined) this.#drain()
  }

  /** Forgets what waits; the connection is gone. */
  clear(): void {
    this.#waiting = []
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer)
    this.#timer = undefined
  }

  #drain(): void {
    this.#timer = undefined
    while (this.#waiting.length > 0) {
      const nowNs = this.#clock.nowNs()
      this.#sentNs = this.#sentNs.filter((ns) => nowNs - ns < SECOND_NS)
      if (this.#sentNs.length >= this.#perSecond) {
        const waitMs = (this.#sentNs[0]! + SECOND_NS - nowNs) / 1e6
        // A timer is right to the millisecond: rounded up, so that it is never too early.
        this.#timer = this.#clock.setTimer(() => this.#drain(), Math.ceil(waitMs))
        return
      }
      this.#sentNs.push(nowNs)
      this.sent += 1
      this.#send(this.#waiting.shift()!)
    }
  }
}
