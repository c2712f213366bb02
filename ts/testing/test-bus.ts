import type { Definition, MessageOf } from '../bus/index.js'
import { MessageBus, type MessageBusOptions } from '../workers/index.js'
import { collect, type Collected } from './collected.js'
import { VirtualClock } from './virtual-clock.js'

/** A bus for one test. */
export interface TestBus<D extends Definition = {}> extends AsyncDisposable {
  readonly bus: MessageBus<D>
  /** For the clients of the bus. */
  readonly clock: VirtualClock
  /** Keeps every message that a pattern gets from now on. */
  collect<Pattern extends string>(pattern: Pattern): Collected<MessageOf<D, Pattern>>
  /** The same for messages whose type the schema does not say. */
  collect<T>(pattern: string): Collected<T>
  close(): Promise<void>
}

/**
 * Opens a bus for one test, strict where the product is patient: a handler that throws lets `publish` throw, so that the
 * test fails, and every message is frozen, so that a handler that changes one throws. It polls for nothing.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict'
 * import { openTestBus } from 'tickbus/testing'
 *
 * const { bus, collect, close } = openTestBus()
 * const alerts = collect('alerts.*')
 * bus.subscribe('data.quotes.*', ({ bidPrice, askPrice }, topic) => {
 *   if (askPrice <= bidPrice) bus.publish('alerts.crossed', topic)
 * })
 * bus.publish('data.quotes.BINANCE.BTCUSDT', { bidPrice: 2, askPrice: 1 })
 *
 * assert.deepEqual(alerts.messages, ['data.quotes.BINANCE.BTCUSDT'])
 * await close()
 * ```
 *
 * @throws {TickbusError} what `new MessageBus` throws.
 */
export function openTestBus<D extends Definition = {}>(options: MessageBusOptions<D> = {}): TestBus<D> {
  const bus = new MessageBus<D>({ polling: 'off', onHandlerError: 'throw', freeze: true, ...options })
  const close = (): Promise<void> => bus.close()
  return {
    bus,
    clock: new VirtualClock(),
    collect: (pattern: string) => collect(bus, pattern),
    close,
    [Symbol.asyncDispose]: close,
  }
}
