/** One thread publishes, two threads share the work. What does a message cost from end to end? */
import { setTimeout as sleep } from 'node:timers/promises'
import { type MessagePort, Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { type Backend, BufferedMessageBusClient, MessageBus, Priority, quote, topics } from 'tickbus'
import { type MessageKind, kept, makeQuote, makeSignal, makerOf } from '../crossing/messages.js'
import type { Open, Round } from '../question.js'
import { type Route, type Sender, senderBy } from './senders.js'
import { type Shares, openShares, sumOf } from './shares.js'

export interface Sharing {
  kind: MessageKind
  messages: number
}

/** Threads that share the work. */
export const CONSUMERS = 2
/** Messages that are published before the publisher lets its event loop turn. */
export const WINDOW = 1_000
/** How long a round waits for the rest once everything is sent. */
export const PATIENCE_MS = 20_000

type OpenSender = (kind: MessageKind, shares: Shares) => Promise<Sender>

export function sharing(open: OpenSender): Open<Sharing> {
  return async ({ kind, messages }, quick) => {
    const shares = openShares(kind)
    const sender = await open(kind, shares)
    const count = quick ? 5_000 : messages
    return {
      round: () => play(sender, shares, kind, count),
      async close() {
        await sender.close()
        shares.close()
      },
    }
  }
}

/** Said with each message, since market data has another lane by itself. */
const NORMAL = { priority: Priority.NORMAL }

/** A group whose handler is a module, run by two threads. */
export function tickbusThreads(backend: Backend): OpenSender {
  const schema = topics({ 'data.quotes.{symbol}': quote() })
  return async (kind) => {
    const bus = new MessageBus({ backend, schema })
    const client = await BufferedMessageBusClient.open(bus, {
      lanes: { normal: { capacity: 65_536, overflow: 'block' } },
    })
    await client.subscribe(
      'data.*',
      new URL('./share-module.js', import.meta.url) as never,
      {
        group: 'bench',
        threads: CONSUMERS,
      } as never,
    )
    const { epoch } = bus
    const [topic, make] =
      kind === 'quote'
        ? ['data.quotes.BTCUSDT', (sequence: number) => makeQuote(sequence, 0, epoch)]
        : ['data.signals', (sequence: number) => makeSignal(sequence, 0)]
    const refused: number[] = []
    const retry = async (): Promise<void> => {
      while (refused.length > 0) {
        await client.ready('normal')
        for (const sequence of refused.splice(0)) publish(sequence)
      }
    }
    const publish = (sequence: number): void => {
      const status = client.tryPublish(topic, (kept.newest = make(sequence)) as never, NORMAL)
      if (status !== 'accepted') refused.push(sequence)
    }
    return {
      send: publish,
      ready: retry,
      async close() {
        await client.close()
        await bus.close()
      },
    }
  }
}

/** One of the ways by hand. */
export function byHand(route: Route): OpenSender {
  return async (kind) => {
    const workers = await startWorkers(route)
    const sender = senderBy(route, kind, workers)
    return {
      ...sender,
      async close() {
        await sender.close()
        await endWorkers(workers)
      },
    }
  }
}

export const piscina: OpenSender = async (kind) => {
  const make = makerOf(kind)
  const pool = new Piscina({
    filename: new URL('./share-module.js', import.meta.url).href,
    minThreads: CONSUMERS,
    maxThreads: CONSUMERS,
    concurrentTasksPerWorker: 100,
  })
  let running: Promise<unknown>[] = []
  return {
    send: (sequence) => void running.push(pool.run((kept.newest = make(sequence, 0)))),
    async ready() {
      await Promise.all(running)
      running = []
    },
    close: () => pool.destroy(),
  }
}

/** Starts the threads that share the work; `ports` are further ways to each of them. */
export async function startWorkers(route: Route, ports: readonly MessagePort[] = []): Promise<Worker[]> {
  const workers = Array.from({ length: CONSUMERS }, (_, share) => {
    const own = ports.slice(share, share + 1)
    const workerData = { route, share, of: CONSUMERS, ports: own }
    return new Worker(new URL('./share-thread.js', import.meta.url), { workerData, transferList: own })
  })
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))))
  return workers
}

export async function endWorkers(workers: Worker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.terminate()))
}

async function play(sender: Sender, shares: Shares, kind: MessageKind, count: number): Promise<Round> {
  shares.clear()
  const start = performance.now()
  for (let sequence = 0; sequence < count; sequence++) {
    sender.send(sequence)
    if (sequence % WINDOW === WINDOW - 1) await sender.ready()
  }
  await sender.ready()
  const sent = performance.now()
  while (shares.count < count && performance.now() - sent < PATIENCE_MS) await sleep(1)
  return {
    figures: { endToEnd: ((performance.now() - start) * 1e6) / count, sender: ((sent - start) * 1e6) / count },
    published: count,
    delivered: shares.count,
    sentChecksum: sumOf(kind, count),
    receivedChecksum: shares.checksum,
  }
}
