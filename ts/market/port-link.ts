import { setImmediate } from 'node:timers/promises'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { SpawnOptions } from '../workers/index.js'
import type { LentMessage } from './lent-message.js'
import { Link, type LinkOptions, type Share, type WorkerTask } from './link.js'

/** As many messages as `bus.ready()` leaves unread in a ring of the usual size. */
const MOST_UNREAD = 8_192

/**
 * Sends every message with `postMessage`, the way that Node.js itself offers: for comparison. What is sent is a flat
 * object of the same fields, since nobody would have a class instance and its epoch cloned with each message.
 */
export class PortLink extends Link {
  readonly #ports: MessagePort[] = []
  readonly #sent: number[]
  #isClosed = false

  constructor(options: LinkOptions) {
    super(options)
    this.#sent = options.shares.map(() => 0)
  }

  send(share: number, message: LentMessage): void {
    this.#sent[share] += 1
    this.#ports[share].postMessage(flat(message))
  }

  async ready(): Promise<void> {
    const isBehind = ({ page }: Share, share: number): boolean => this.#sent[share] - page.received > MOST_UNREAD
    while (!this.#isClosed && this.shares.some(isBehind)) await setImmediate()
  }

  protected override spawnOptions(task: WorkerTask): SpawnOptions {
    const { port1, port2 } = new MessageChannel()
    this.#ports.push(port1)
    return { workerData: { ...task, port: port2 }, worker: { transferList: [port2] } }
  }

  protected ask(): void {
    for (const port of this.#ports) port.postMessage(ASK)
    this.#sent.fill(0)
  }

  override async close(): Promise<void> {
    this.#isClosed = true
    for (const port of this.#ports) port.close()
    await super.close()
  }
}

/** What is posted in place of a message to ask for the report. */
export const ASK = 'ask'

function flat({ kind, topic, message }: LentMessage): object {
  if (kind === 'quote') {
    const { bidPrice, askPrice, bidSize, askSize, sequence, eventNs, initNs } = message
    return { topic, bidPrice, askPrice, bidSize, askSize, sequence, eventNs, initNs }
  }
  if (kind === 'trade') {
    const { price, size, aggressorSide, tradeId, eventNs, initNs } = message
    return { topic, price, size, aggressorSide, tradeId, eventNs, initNs }
  }
  return { topic, ...message }
}
