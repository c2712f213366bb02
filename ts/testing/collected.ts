import type { Definition, MessageOf, Subscription } from '../bus/index.js'
import { badArgument } from '../errors.js'
import type { MessageBus } from '../workers/index.js'

interface Waiting<T> {
  readonly count: number
  readonly resolve: (messages: T[]) => void
}

/**
 * Keeps every message that a pattern gets from now on.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict'
 * import { MessageBus } from 'tickbus'
 * import { collect } from 'tickbus/testing'
 *
 * const bus = new MessageBus()
 * const orders = collect(bus, 'orders.*')
 * bus.publish('orders.A1', { side: 'BUY' })
 *
 * assert.deepEqual(orders.messages, [{ side: 'BUY' }])
 * assert.deepEqual(orders.topics, ['orders.A1'])
 * await bus.close()
 * ```
 */
export function collect<D extends Definition, Pattern extends string>(
  bus: MessageBus<D>,
  pattern: Pattern,
): Collected<MessageOf<D, Pattern>>
/** The same for messages whose type the schema does not say. */
export function collect<T>(bus: Pick<MessageBus, 'subscribe'>, pattern: string): Collected<T>
export function collect<T>(bus: Pick<MessageBus, 'subscribe'>, pattern: string): Collected<T> {
  return new Collected<T>((handler) => bus.subscribe(pattern, handler))
}

/** What arrived, in order. */
export class Collected<T> implements Disposable {
  readonly messages: T[] = []
  /** The topic of each message. */
  readonly topics: string[] = []
  readonly #subscription: Subscription
  #waiting: Waiting<T>[] = []

  /** Made by `collect`. */
  constructor(subscribe: (handler: (message: T, topic: string) => void) => Subscription) {
    this.#subscription = subscribe((message, topic) => this.#take(message, topic))
  }

  /** The first `count` messages, as soon as there are so many. */
  first(count: number): Promise<T[]> {
    if (!Number.isSafeInteger(count) || count < 0) throw badArgument('count', 'a whole number from 0 on', count)
    if (this.messages.length >= count) return Promise.resolve(this.messages.slice(0, count))
    return new Promise((resolve) => this.#waiting.push({ count, resolve }))
  }

  /** Forgets what has arrived. */
  clear(): void {
    this.messages.length = 0
    this.topics.length = 0
  }

  /** Collects nothing more. */
  stop(): void {
    this.#subscription.unsubscribe()
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #take(message: T, topic: string): void {
    this.messages.push(message)
    this.topics.push(topic)
    const ready = this.#waiting.filter(({ count }) => this.messages.length >= count)
    this.#waiting = this.#waiting.filter(({ count }) => this.messages.length < count)
    for (const { count, resolve } of ready) resolve(this.messages.slice(0, count))
  }
}
