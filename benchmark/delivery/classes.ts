/** One message of each delivery class on its way through a group, in memory: what is acknowledgement worth in time? */
import { type Backend, BufferedMessageBusClient, json, MessageBus, topics } from 'tickbus'
import type { Open, Round } from '../question.js'

export interface Handling {
  /** Whether handlers return promises, which resolve a microtask later. */
  waits: boolean
  /** Whether messages have keys, a hundred of them. */
  keyed: boolean
  messages: number
}

export type DeliveryClass = 'at-most-once' | 'at-least-once' | 'effectively-once'

interface Order {
  readonly sequence: number
}

const KEYS = Array.from({ length: 100 }, (_, n) => ({ key: `INSTRUMENT-${n}` }))

export function delivering(backend: Backend, delivery: DeliveryClass): Open<Handling> {
  return async ({ waits, keyed, messages }, quick) => {
    const bus = new MessageBus({ backend, schema: topics({ 'orders.{id}': json<Order>({ delivery }) }) })
    const client = await BufferedMessageBusClient.open(bus, {
      lanes: { normal: { capacity: messages, overflow: 'reject' } },
      routes: [{ pattern: 'orders.*', lane: 'normal' }],
      memoryMb: 1_024,
    })
    const count = quick ? 20_000 : messages
    let delivered = 0
    let checksum = 0
    let whole: () => void = () => {}
    const take = ({ sequence }: Order): void => {
      delivered += 1
      checksum = (checksum + Math.imul(sequence + 1, 31)) | 0
      // Whoever is called last has not been acknowledged yet.
      if (delivered === count) setImmediate(whole)
    }
    const takeLater = async (order: Order): Promise<void> => {
      await undefined
      take(order)
    }
    await client.subscribe('orders.*', waits ? takeLater : take, { group: 'bench', concurrency: 64 })
    const round = async (): Promise<Round> => {
      ;[delivered, checksum] = [0, 0]
      const all = new Promise<void>((resolve) => (whole = resolve))
      let sent = 0
      const start = performance.now()
      for (let sequence = 0; sequence < count; sequence++) {
        client.tryPublish('orders.1', { sequence }, keyed ? KEYS[sequence % KEYS.length] : undefined)
        sent = (sent + Math.imul(sequence + 1, 31)) | 0
      }
      await all
      const message = ((performance.now() - start) * 1e6) / count
      return { figures: { message }, published: count, delivered, sentChecksum: sent, receivedChecksum: checksum }
    }
    const close = async (): Promise<void> => {
      await client.close()
      await bus.close()
    }
    return { round, close }
  }
}
