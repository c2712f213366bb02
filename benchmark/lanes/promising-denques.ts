/**
 * Denque lanes by hand that promise what a group of ours does in one thread: what the promises cost when nothing is behind
 * them but plain JavaScript. Bounded lanes and a status for each publish, a handler found by the topic's name, a delivery
 * for it with signal-like state, failures and promises looked at, counts, sampled waiting times, deadlines, batches of 64 a
 * turn so that the event loop goes on. It has no keys, retries, other threads or views of its counts from outside.
 */
import Denque from 'denque'
import type { OpenQueue } from './bursts.js'
import { TOPIC } from './ours.js'
import { LANES, type Tick } from './work.js'

const BATCH = 64
const CRITICAL = LANES - 1

type Handler = (tick: Tick, delivery: Delivery) => unknown

class Delivery {
  attempt = 1
  settled = false

  constructor(
    readonly topic: string,
    readonly lane: number,
    readonly sequence: number,
    readonly deadlineNs: number,
    readonly enqueuedNs: number,
    readonly tick: Tick,
  ) {}
}

class Lane {
  readonly waiting = new Denque<Delivery>()
  accepted = 0
  rejected = 0
  handled = 0
  failed = 0
  expired = 0
  inFlight = 0
}

class Lanes {
  readonly lanes = Array.from({ length: LANES }, () => new Lane())
  /** How long messages waited, by powers of two of nanoseconds. */
  readonly waits = new Float64Array(64)
  readonly #handlers = new Map<string, Handler>()
  readonly #capacity: number
  #sequence = 0
  #scheduled = false

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  subscribe(topic: string, handler: Handler): void {
    this.#handlers.set(topic, handler)
  }

  tryPublish(topic: string, tick: Tick, lane: number, deadlineMs = 0): 'accepted' | 'rejected' | 'unrouted' {
    if (!this.#handlers.has(topic)) return 'unrouted'
    const into = this.lanes[lane]
    if (into.waiting.length >= this.#capacity) {
      into.rejected += 1
      return 'rejected'
    }
    const sequence = this.#sequence++
    const timed = lane === CRITICAL || (sequence & 63) === 0 || deadlineMs > 0
    const now = timed ? performance.now() * 1e6 : 0
    const deadline = deadlineMs > 0 ? now + deadlineMs * 1e6 : Infinity
    into.waiting.push(new Delivery(topic, lane, sequence, deadline, now, tick))
    into.accepted += 1
    if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(this.#turn)
    }
    return 'accepted'
  }

  readonly #turn = (): void => {
    for (let n = 0; n < BATCH; n++) {
      const delivery = this.#pick()
      if (delivery === undefined) {
        this.#scheduled = false
        return
      }
      this.#handle(delivery)
    }
    setImmediate(this.#turn)
  }

  #pick(): Delivery | undefined {
    for (let lane = CRITICAL; lane >= 0; lane--) {
      const delivery = this.lanes[lane].waiting.shift()
      if (delivery !== undefined) return delivery
    }
    return undefined
  }

  #handle(delivery: Delivery): void {
    const lane = this.lanes[delivery.lane]
    if (delivery.enqueuedNs > 0) {
      const now = performance.now() * 1e6
      this.waits[Math.max(0, 31 - Math.clz32(now - delivery.enqueuedNs))] += 1
      if (now > delivery.deadlineNs) {
        lane.expired += 1
        return
      }
    }
    lane.inFlight += 1
    try {
      const answer = this.#handlers.get(delivery.topic)!(delivery.tick, delivery)
      if (answer instanceof Promise) {
        void answer.then(
          () => this.#settle(delivery, true),
          () => this.#settle(delivery, false),
        )
      } else this.#settle(delivery, true)
    } catch {
      this.#settle(delivery, false)
    }
  }

  #settle(delivery: Delivery, ok: boolean): void {
    if (delivery.settled) return
    delivery.settled = true
    const lane = this.lanes[delivery.lane]
    lane.inFlight -= 1
    if (ok) lane.handled += 1
    else lane.failed += 1
  }
}

export const promisingDenques: OpenQueue = async (tally, { depth }) => {
  const lanes = new Lanes(depth)
  lanes.subscribe(TOPIC, tally.take)
  return {
    publish: (tick, lane) => lanes.tryPublish(TOPIC, tick, lane),
    drain() {},
    close: async () => {},
  }
}
