/** The receiving end of every crossing: counts, checks and, if asked, times what arrives. The same code for all rivals. */
import type { MessagePort } from 'node:worker_threads'
import { percentile } from '../statistics.js'
import { mix } from './messages.js'

/** What the sender tells the receiver before a round, and when it has waited long enough. */
export type Order = { kind: 'arm'; expected: number; isTimed: boolean } | { kind: 'report' }

export interface Latency {
  p50: number
  p90: number
  p99: number
  max: number
}

export interface Arrivals {
  count: number
  checksum: number
  /** When the last message came, on the shared clock. */
  lastNs: number
  latencyNs: Latency | null
}

export class Tally<Message> {
  /** Keeps the newest message alive, so that no compiler may leave out making it. */
  newest: Message | undefined
  readonly #control: MessagePort
  readonly #nowNs: () => number
  readonly #weigh: (message: Message) => number
  readonly #stampOf: (message: Message) => number
  #count = 0
  #checksum = 0
  #expected = 0
  #latencies: Float64Array | undefined

  constructor(
    control: MessagePort,
    nowNs: () => number,
    weigh: (message: Message) => number,
    stampOf: (message: Message) => number,
  ) {
    this.#control = control
    this.#nowNs = nowNs
    this.#weigh = weigh
    this.#stampOf = stampOf
    control.on('message', (order: Order) => this.#obey(order))
  }

  take(message: Message): void {
    this.newest = message
    this.#checksum = mix(this.#checksum, this.#weigh(message))
    if (this.#latencies !== undefined) this.#latencies[this.#count] = this.#nowNs() - this.#stampOf(message)
    if (++this.#count === this.#expected) this.#report()
  }

  #obey(order: Order): void {
    if (order.kind === 'report') return this.#report()
    this.#count = 0
    this.#checksum = 0
    this.#expected = order.expected
    this.#latencies = order.isTimed ? new Float64Array(order.expected) : undefined
    this.#control.postMessage('armed')
  }

  #report(): void {
    const arrivals: Arrivals = {
      count: this.#count,
      checksum: this.#checksum,
      lastNs: this.#nowNs(),
      latencyNs: this.#latencies === undefined ? null : describe(this.#latencies.subarray(0, this.#count)),
    }
    this.#control.postMessage(arrivals)
  }
}

/** The first third is left out: there the code is still being compiled, and both threads are coming up to speed. */
function describe(latencies: Float64Array): Latency {
  const sorted = latencies.slice(Math.floor(latencies.length / 3)).toSorted()
  const of = (percent: number) => percentile(sorted, percent)
  return { p50: of(50), p90: of(90), p99: of(99), max: of(100) }
}
