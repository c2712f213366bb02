/** As keyed.ts, with handlers in two worker threads. What does a message cost? */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type Backend, BufferedMessageBusClient, MessageBus } from 'tickbus'
import type { Open, Round } from '../question.js'
import type { Keyed } from './keyed.js'
import { CONSUMERS, PATIENCE_MS } from './sharing.js'
import { type Shares, openShares } from './shares.js'
import { checksumOf } from './work.js'

/** A message, which says of which key it is, since a handler by hand learns it in no other way. */
export interface KeyedTick {
  key: number
  sequence: number
}

interface Publisher {
  publish(tick: KeyedTick, key: string): void
  close(): Promise<void>
}

type OpenPublisher = (keyed: Keyed) => Promise<Publisher>

export function keyingThreads(open: OpenPublisher): Open<Keyed> {
  return async (keyed, quick) => {
    const shares = openShares('signal', keyed.keys)
    const publisher = await open(keyed)
    const keys = Array.from({ length: keyed.keys }, (_, key) => `INSTRUMENT-${key}`)
    const count = quick ? 5_000 : keyed.messages
    return {
      round: () => play(publisher, shares, keys, count),
      async close() {
        await publisher.close()
        shares.close()
      },
    }
  }
}

export function tickbusKeyThreads(backend: Backend): OpenPublisher {
  return async ({ slots, messages }) => {
    const bus = new MessageBus({ backend })
    const lanes = { normal: { capacity: messages, overflow: 'reject' as const } }
    const client = await BufferedMessageBusClient.open(bus, { lanes, memoryMb: 1_024 })
    const module = new URL('./key-module.js', import.meta.url)
    await client.subscribe('orders', module, { group: 'bench', concurrency: slots, threads: CONSUMERS })
    const options = { key: '' }
    return {
      publish(tick, key) {
        options.key = key
        client.tryPublish('orders', tick, options)
      },
      async close() {
        await client.close()
        await bus.close()
      },
    }
  }
}

/** By hand: all of a key goes to one thread, which has a queue for each key. */
export function keyThreadsByHand(queue: 'p-queue' | 'fastq'): OpenPublisher {
  return async () => {
    const workers = Array.from(
      { length: CONSUMERS },
      () => new Worker(new URL('./key-thread.js', import.meta.url), { workerData: queue }),
    )
    await Promise.all(workers.map((worker) => once(worker, 'message')))
    return {
      publish: (tick, key) => workers[tick.key % CONSUMERS].postMessage({ tick, key }),
      close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
    }
  }
}

async function play(publisher: Publisher, shares: Shares, keys: readonly string[], count: number): Promise<Round> {
  shares.clear()
  const start = performance.now()
  for (let sequence = 0; sequence < count; sequence++) {
    const key = (Math.imul(sequence, 0x9e3779b1) >>> 0) % keys.length
    publisher.publish({ key, sequence }, keys[key])
  }
  const patient = performance.now() + PATIENCE_MS
  while (shares.count < count && performance.now() < patient) await sleep(1)
  return {
    figures: { message: ((performance.now() - start) * 1e6) / count },
    published: count,
    delivered: shares.count,
    sentChecksum: checksumOf(count),
    receivedChecksum: shares.checksum,
  }
}
