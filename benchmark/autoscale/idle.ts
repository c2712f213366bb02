/** A group with nothing to do: what do the slots that it might have cost? */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Backend, BufferedMessageBusClient, MessageBus } from 'tickbus'
import { memoryInUse } from '../bus/memory.js'
import type { Open, Round } from '../question.js'

export interface Idle {
  /** How long it is left alone before it is measured: longer than the hold. */
  settleSeconds: number
  seconds: number
}

export function idling(backend: Backend, workers: { min: number; max: number }): Open<Idle> {
  return async ({ settleSeconds, seconds }, quick) => {
    await new MessageBus({ backend }).close()
    return { round: () => play(backend, workers, quick ? [0, 0.1] : [settleSeconds, seconds]), close: async () => {} }
  }
}

async function play(
  backend: Backend,
  workers: { min: number; max: number },
  [settleSeconds, seconds]: [number, number],
): Promise<Round> {
  const bus = new MessageBus({ backend })
  const before = await memoryInUse()
  const client = await BufferedMessageBusClient.open(bus, { workers, autoscale: true })
  let delivered = 0
  await client.subscribe('a', () => void (delivered += 1), { group: 'g' })
  client.tryPublish('a', 1)
  await client.drain()
  const after = await memoryInUse()
  await sleep(settleSeconds * 1e3)
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  await sleep(seconds * 1e3)
  const { user, system } = process.cpuUsage(cpu)
  const share = ((user + system) / 1e3 / (performance.now() - startMs)) * 100
  await client.close()
  await bus.close()
  const figures = { share, memory: Math.max(0, after.resident - before.resident) / 2 ** 20 }
  return { figures, published: 1, delivered, sentChecksum: 0, receivedChecksum: 0 }
}
