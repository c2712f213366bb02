/** A million messages wait. What does that do to garbage collection, and to those who go on publishing meanwhile? */
import Denque from 'denque'
import { type Backend, BufferedMessageBusClient, MessageBus, Priority, quote, topics } from 'tickbus'
import { collectGarbage, memoryInUse } from '../bus/memory.js'
import { kept, makePlainQuote, makeQuote } from '../crossing/messages.js'
import type { Open, Round } from '../question.js'
import { percentile } from '../statistics.js'
import { LANES, laneOf } from './work.js'

export interface Holding {
  waiting: number
  /** Publishes a second, after that. */
  rate: number
  seconds: number
}

/** A queue that takes messages and handles none until it is closed. */
interface Store {
  publish(sequence: number): void
  /** How many it holds. */
  held(): number
  close(): Promise<void>
}

type OpenStore = (capacity: number) => Promise<Store>

export function holding(open: OpenStore): Open<Holding> {
  return async (holding, quick) => {
    const scale = quick ? 100 : 1
    // A backend that is not there says so now, and not in the first round.
    await (await open(1)).close()
    return { round: () => play(open, holding, scale), close: async () => {} }
  }
}

/** What the process holds on to for each message that waits. */
export function weighing(open: OpenStore): Open<Holding> {
  return async ({ waiting }, quick) => {
    const count = quick ? waiting / 10 : waiting
    const store = await open(2 * count)
    let published = 0
    return {
      async round() {
        const { resident } = await memoryInUse()
        for (let i = 0; i < count; i++) store.publish(published++)
        const grown = (await memoryInUse()).resident - resident
        const figures = { bytes: Math.max(0, grown) / count }
        return { figures, published, delivered: store.held(), sentChecksum: 0, receivedChecksum: 0 }
      },
      close: () => store.close(),
    }
  }
}

export const objectsInDenques: OpenStore = async () => {
  const lanes = Array.from({ length: LANES }, () => new Denque<object>())
  return {
    publish: (sequence) => void lanes[laneOf(sequence)].push((kept.newest = makePlainQuote(sequence, sequence))),
    held: () => lanes.reduce((sum, lane) => sum + lane.length, 0),
    close: async () => {},
  }
}

/** Quotes of a schema, which lie in envelopes. */
export function recordsOf(backend: Backend): OpenStore {
  const schema = topics({ 'data.quotes.{symbol}': quote() })
  return async (capacity) => {
    const bus = new MessageBus({ backend, schema })
    const store = await openStore(bus, 'data.quotes.BTCUSDT', capacity)
    return store((sequence) => makeQuote(sequence, sequence, bus.epoch))
  }
}

/** The same as objects that stay what they are. */
export function objectsOf(backend: Backend): OpenStore {
  return async (capacity) => {
    const store = await openStore(new MessageBus({ backend }), 'data.quotes.BTCUSDT', capacity)
    return store((sequence) => makePlainQuote(sequence, sequence))
  }
}

const OPTIONS = [Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.CRITICAL].map((priority) => ({ priority }))

/** One slot, whose handler does not return: everything else waits. */
// oxlint-disable-next-line typescript/no-explicit-any -- whatever the schema
async function openStore(bus: MessageBus<any>, topic: string, capacity: number) {
  const lane = { capacity, overflow: 'reject' as const }
  const lanes = { low: lane, normal: lane, high: lane, critical: lane }
  const client = await BufferedMessageBusClient.open(bus, { lanes, memoryMb: 4_096 })
  let release = (): void => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await client.subscribe(topic, () => released, { group: 'bench', concurrency: 1 })
  return (make: (sequence: number) => object): Store => ({
    publish: (sequence) => {
      client.tryPublish(topic, (kept.newest = make(sequence) as never), OPTIONS[laneOf(sequence)])
    },
    held: () => {
      const { queued, inFlight } = client.stats().groups.bench
      return queued + inFlight
    },
    async close() {
      release()
      await client.close()
      await bus.close()
    },
  })
}

async function play(open: OpenStore, { waiting, rate, seconds }: Holding, scale: number): Promise<Round> {
  const before = waiting / scale
  const after = (rate * seconds) / scale
  const store = await open(before + after)
  for (let sequence = 0; sequence < before; sequence++) store.publish(sequence)
  collectGarbage()
  const collected = performance.now()
  collectGarbage()
  const collection = performance.now() - collected
  const lateNs = publishAtRate(store, before, after, rate)
  const held = store.held()
  await store.close()
  const figures = { collection, p999: percentile(lateNs.toSorted(), 99.9) / 1e3 }
  return { figures, published: before + after, delivered: held, sentChecksum: 0, receivedChecksum: 0 }
}

/** From the intended time of each publish to its return; the sender spins, and never leaves one out that is late. */
function publishAtRate(store: Store, first: number, count: number, rate: number): Float64Array {
  const lateNs = new Float64Array(count)
  const start = performance.now()
  for (let i = 0; i < count; i++) {
    const dueMs = start + (i * 1e3) / rate
    while (performance.now() < dueMs) {
      // Not yet.
    }
    store.publish(first + i)
    lateNs[i] = (performance.now() - dueMs) * 1e6
  }
  return lateNs
}
