/** How often does a message take its publisher and its handler into native code? Counted, not timed. */
import { setImmediate as turn } from 'node:timers/promises'
import { type Backend, BufferedMessageBusClient, MessageBus } from 'tickbus'
import type { Core } from '../../dist/core.js'
import type { SharedPortOptions } from '../../dist/lane-core.js'
import { loadCore } from '../boundary/inside.js'
import type { Open, Round } from '../question.js'

export interface Crossings {
  /** Messages that are published before the event loop turns. */
  burst: number
  messages: number
  /** Worker threads; 0 for a function of this thread. */
  threads: number
}

/** How often anything of a schedule or of a shared port was called in this thread. */
let calls = 0

export function counting(backend: Backend): Open<Crossings> {
  return async (crossings, quick) => {
    await countCalls(backend)
    return { round: () => play(backend, crossings, quick ? 1_000 : crossings.messages), close: async () => {} }
  }
}

/** Counts every call into what this process opens from now on. */
async function countCalls(backend: Backend): Promise<void> {
  const core = await loadCore(backend)
  const { openSchedule, joinSharedGroup } = core
  const counting: Partial<Core> = { openSchedule: (options) => counted(openSchedule(options)) }
  if (joinSharedGroup !== undefined) {
    Object.assign(counting, { joinSharedGroup: (options: SharedPortOptions) => counted(joinSharedGroup(options)) })
  }
  Object.assign(core, counting)
}

function counted<T extends object>(object: T): T {
  return new Proxy(object, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      return (...parameters: unknown[]): unknown => {
        calls += 1
        return value.apply(target, parameters)
      }
    },
  })
}

async function play(backend: Backend, { burst, threads }: Crossings, messages: number): Promise<Round> {
  const bus = new MessageBus({ backend })
  const lanes = { normal: { capacity: Math.max(messages, 2), overflow: 'reject' as const } }
  const client = await BufferedMessageBusClient.open(bus, { lanes })
  if (threads === 0) await client.subscribe('work', () => {}, { group: 'bench' })
  else await client.subscribe('work', new URL('./idle-module.js', import.meta.url), { group: 'bench', threads })
  calls = 0
  for (let sent = 0; sent < messages;) {
    for (let n = 0; n < burst; n++, sent++) client.tryPublish('work', sent)
    await turn()
  }
  const during = calls
  await client.drain()
  const { delivered } = client.stats().groups.bench
  await client.close()
  await bus.close()
  const figures = { crossings: during / messages }
  return { figures, published: messages, delivered, sentChecksum: 0, receivedChecksum: 0 }
}
