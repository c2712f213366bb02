/** How a round is arranged with the receiving end, over a port of its own: never over the way that is measured. */
import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type { Arrivals, Order } from './tally.js'

/** How long a round waits for the rest once everything is sent. */
const PATIENCE_MS = 10_000

export class Control {
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    this.#port = port
  }

  /** Resolves when the receiver listens. */
  async listening(): Promise<void> {
    await once(this.#port, 'message')
  }

  /** Gets the receiver ready for a round. `isTimed` records how long each message is under way. */
  async arm(expected: number, isTimed: boolean): Promise<void> {
    const answer = once(this.#port, 'message')
    this.#order({ kind: 'arm', expected, isTimed })
    await answer
  }

  /** Lets `send` send the messages of a round and resolves with what arrived: all of it, or what came in time. */
  async arrivals(send: () => Promise<void>): Promise<Arrivals> {
    const answer = once(this.#port, 'message')
    await send()
    const late = setTimeout(() => this.#order({ kind: 'report' }), PATIENCE_MS)
    const [arrivals]: Arrivals[] = await answer
    clearTimeout(late)
    return arrivals
  }

  close(): void {
    this.#port.close()
  }

  #order(order: Order): void {
    this.#port.postMessage(order)
  }
}
