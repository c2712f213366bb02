/** The queues of Tickbus, for the questions that put whatever they like into a queue. */
import { type Backend, BufferedMessageBusClient, type ClientOptions, MessageBus, Priority } from 'tickbus'
import type { OpenQueue } from './bursts.js'
import { deadlineOf, type Tally, type Tick } from './work.js'

export const TOPIC = 'data.ticks'

/** What a publisher says with each message; made once, since lanes are few. */
const OPTIONS = [Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.CRITICAL].map((priority) => ({ priority }))

/** Four lanes of so many places each, drained by the event loop. */
export function tickbusQueue(backend: Backend): OpenQueue {
  return async (tally, { depth }) => {
    const { client, close } = await openClient(backend, depth, {}, tally)
    return { publish: (tick, lane) => client.tryPublish(TOPIC, tick, OPTIONS[lane]), drain() {}, close }
  }
}

/** Earliest deadline first. */
export function tickbusByDeadline(backend: Backend): OpenQueue {
  return async (tally, { depth }) => {
    const { client, close } = await openClient(backend, depth, { policy: 'deadline' }, tally)
    const options = { deadlineMs: 0 }
    const publish = (tick: Tick): void => {
      options.deadlineMs = deadlineOf(tick.sequence)
      client.tryPublish(TOPIC, tick, options)
    }
    return { publish, drain() {}, close }
  }
}

async function openClient(backend: Backend, depth: number, options: ClientOptions, tally: Tally) {
  const bus = new MessageBus({ backend })
  const lane = { capacity: depth, overflow: 'reject' as const }
  const lanes = { low: lane, normal: lane, high: lane, critical: lane }
  const client = await BufferedMessageBusClient.open(bus, { lanes, memoryMb: 4_096, ...options })
  await client.subscribe<Tick>(TOPIC, tally.take, { group: 'bench' })
  const close = async (): Promise<void> => {
    await client.close()
    await bus.close()
  }
  return { client, close }
}
