/**
 * One thread publishes three times what its handlers can take, and now and then something critical. How many handlers
 * start between a critical publish and its own handler, and how long does it wait?
 */
import { type Backend, BufferedMessageBusClient, MessageBus, type Policy, Priority } from 'tickbus'
import type { Open, Round } from '../question.js'
import { percentile } from '../statistics.js'

export interface Overload {
  /** Messages of the other lanes for each one that can be handled; 0 for an idle system. */
  times: number
  seconds: number
}

interface Job {
  /** Handlers that had started when it was published, for what is critical. */
  before: number
  atMs: number
}

/** How long a handler of the other lanes takes. */
const HANDLER_MS = 0.02
/** How often something critical is published: once from outside, then from within a handler. */
const CRITICAL_EVERY_MS = 0.5
const CRITICAL = { priority: Priority.CRITICAL }
const OTHERS = [Priority.LOW, Priority.NORMAL, Priority.NORMAL, Priority.HIGH].map((priority) => ({ priority }))

export function overloading(backend: Backend, policy: Policy): Open<Overload> {
  return async (overload, quick) => {
    // A backend that is not there says so now, and not in the first round.
    await new MessageBus({ backend }).close()
    return {
      round: () => play(backend, policy, { ...overload, seconds: quick ? 0.05 : overload.seconds }),
      close: async () => {},
    }
  }
}

async function play(backend: Backend, policy: Policy, { times, seconds }: Overload): Promise<Round> {
  const bus = new MessageBus({ backend })
  const lane = { capacity: 2_000, overflow: 'dropOldest' as const }
  const lanes = { low: lane, normal: lane, high: lane, critical: { capacity: 10_000, overflow: 'reject' as const } }
  const client = await BufferedMessageBusClient.open(bus, { lanes, policy })
  const waitsUs: number[] = []
  let [started, most, published, wantsOne] = [0, 0, 0, false]
  const publishCritical = (): void => {
    published += 1
    client.tryPublish('orders', { before: started, atMs: performance.now() } satisfies Job, CRITICAL)
  }
  const spin = (): void => {
    const end = performance.now() + HANDLER_MS
    started += 1
    if (wantsOne) publishCritical()
    wantsOne = false
    while (performance.now() < end) {
      // Works.
    }
  }
  const takeCritical = ({ before, atMs }: Job): void => {
    most = Math.max(most, started - before)
    waitsUs.push((performance.now() - atMs) * 1e3)
  }
  await client.subscribe<Job>('*', (job, { topic }) => (topic === 'orders' ? takeCritical(job) : spin()), {
    group: 'bench',
  })
  await publishAll(seconds * 1e3, times / HANDLER_MS, (count, isCriticalDue) => {
    for (let i = 0; i < count; i++) client.tryPublish('data.ticks', null, OTHERS[i & 3])
    if (!isCriticalDue) return
    if (times > 0 && published % 2 === 1) wantsOne = true
    else publishCritical()
  })
  await client.drain({ timeoutMs: 60_000 })
  await client.close()
  await bus.close()
  const sorted = waitsUs.toSorted((a, b) => a - b)
  const figures = { wait: percentile(sorted, 50), p99: percentile(sorted, 99), before: most, critical: published }
  return { figures, published, delivered: waitsUs.length, sentChecksum: 0, receivedChecksum: 0 }
}

/** Publishes what is due in each turn of the event loop, whether or not the handlers keep up. */
function publishAll(forMs: number, perMs: number, publish: (count: number, isCriticalDue: boolean) => void) {
  const start = performance.now()
  let [sent, nextCriticalMs] = [0, 0]
  return new Promise<void>((resolve) => {
    const turn = (): void => {
      const elapsedMs = performance.now() - start
      const due = Math.floor(elapsedMs * perMs)
      const isCriticalDue = elapsedMs >= nextCriticalMs
      if (isCriticalDue) nextCriticalMs = elapsedMs + CRITICAL_EVERY_MS
      publish(due - sent, isCriticalDue)
      sent = due
      if (elapsedMs < forMs) setImmediate(turn)
      else resolve()
    }
    setImmediate(turn)
  })
}
