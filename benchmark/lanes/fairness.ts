/** HIGH always has something. How many of so many handlers are LOW's? */
import Denque from 'denque'
import { type Backend, BufferedMessageBusClient, MessageBus, type Policy, Priority } from 'tickbus'
import type { Open, Round } from '../question.js'

export interface Fairness {
  /** Handlers that are counted; more than that wait in each of the two lanes all the time. */
  handlers: number
}

/** A queue of two lanes, full at first; hands out one message after the other. */
interface Lanes {
  publish(priority: number): void
  /** Handles all that waits. */
  drain(): Promise<void>
  close(): Promise<void>
}

type OpenLanes = (capacity: number, handle: (priority: number) => void) => Promise<Lanes>

export function sharingLanes(open: OpenLanes): Open<Fairness> {
  return async ({ handlers }, quick) => {
    const counted = quick ? handlers / 10 : handlers
    // A backend that is not there says so now, and not in the first round.
    await (await open(1, () => {})).close()
    return { round: () => play(open, counted), close: async () => {} }
  }
}

/** The age bound is the shortest there is, so that all that waits is older. */
export function tickbusLanes(backend: Backend, policy: Policy): OpenLanes {
  return async (capacity, handle) => {
    const bus = new MessageBus({ backend })
    const lane = { capacity, overflow: 'reject' as const }
    const client = await BufferedMessageBusClient.open(bus, { lanes: { low: lane, high: lane }, policy, ageMs: AGE_MS })
    await client.subscribe<number>('work', handle, { group: 'bench', concurrency: 1 })
    return {
      publish: (priority) => void client.tryPublish('work', priority, OPTIONS[priority]),
      drain: async () => void (await client.drain()),
      async close() {
        await client.close()
        await bus.close()
      },
    }
  }
}

/** The highest lane that has something, by hand. */
export const denqueLanes: OpenLanes = async (_, handle) => {
  const lanes = [new Denque<number>(), new Denque<number>()]
  return {
    publish: (priority) => void lanes[priority === Priority.HIGH ? 0 : 1].push(priority),
    async drain() {
      for (const lane of lanes) for (let next = lane.shift(); next !== undefined; next = lane.shift()) handle(next)
    },
    close: async () => {},
  }
}

const AGE_MS = 1
const OPTIONS = Object.values(Priority)
  .toSorted((a, b) => a - b)
  .map((priority) => ({ priority }))

async function play(open: OpenLanes, handlers: number): Promise<Round> {
  const each = 2 * handlers
  const counts = [0, 0, 0, 0]
  let handled = 0
  const lanes = await open(each, (priority) => {
    handled += 1
    if (handled <= handlers) counts[priority] += 1
  })
  for (let i = 0; i < each; i++) for (const priority of [Priority.LOW, Priority.HIGH]) lanes.publish(priority)
  // Before the first handler runs, everything has waited longer than the bound.
  const published = performance.now()
  while (performance.now() - published < 2 * AGE_MS) {
    // Not yet.
  }
  await lanes.drain()
  await lanes.close()
  const figures = { low: counts[Priority.LOW], high: counts[Priority.HIGH] }
  return { figures, published: 2 * each, delivered: handled, sentChecksum: 0, receivedChecksum: 0 }
}
