import type { Envelopes } from './envelopes.js'
import { NONE } from './nodes.js'
import type { Order } from './order.js'
import type { Port } from './port.js'
import type { Queue } from './queue.js'

/** One pick in so many may go to what has waited for too long in a lower lane. */
const AGED_SHARE = 8

/** The highest lane first; but now and then what has waited longest below it, if it has waited longer than the age bound. */
export class StrictOrder implements Order {
  readonly #queue: Queue
  readonly #envelopes: Envelopes
  readonly #port: Port
  readonly #ageNs: number
  /** Picks since one was aged, as far as they are counted. */
  #picks = 0
  #isAged = false

  constructor(queue: Queue, envelopes: Envelopes, port: Port, ageNs: number) {
    this.#queue = queue
    this.#envelopes = envelopes
    this.#port = port
    this.#ageNs = ageNs
  }

  choose(): number {
    const { runLanes } = this.#queue
    this.#isAged = false
    if (this.#picks >= AGED_SHARE - 1 && this.#ageNs > 0) {
      const aged = this.#aged(31 - Math.clz32(runLanes.mask))
      this.#isAged = aged !== NONE
      if (this.#isAged) return aged
    }
    return runLanes.nextOfHighest()
  }

  count(): void {
    this.#picks = this.#isAged ? 0 : Math.min(this.#picks + 1, AGED_SHARE - 1)
  }

  /** The entry below a lane whose message has waited longest; none if that is not longer than the age bound. */
  #aged(below: number): number {
    const { runLanes } = this.#queue
    const { now } = this.#port
    let aged = NONE
    let oldest = Infinity
    for (let lane = 0; lane < below; lane += 1) {
      if ((runLanes.mask & (1 << lane)) === 0) continue
      const entry = runLanes.lanes[lane].next
      const queued = this.#envelopes.queued(this.#queue.messageOf(entry))
      if (now - queued > this.#ageNs && queued < oldest) {
        aged = entry
        oldest = queued
      }
    }
    return aged
  }
}
