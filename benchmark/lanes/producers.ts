/** Two threads publish, two others share the work. What does a message cost from end to end? */
import { once } from 'node:events'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { MessageChannel, Worker } from 'node:worker_threads'
import { type Backend, BufferedMessageBusClient, MessageBus, quote, topics } from 'tickbus'
import { kept, makeQuote } from '../crossing/messages.js'
import type { Open, Round } from '../question.js'
import { type Route, type Sender, senderBy } from './senders.js'
import { CONSUMERS, endWorkers, PATIENCE_MS, startWorkers, WINDOW } from './sharing.js'
import { type Shares, openShares, sumOf } from './shares.js'

export interface Producing {
  messages: number
}

/** What the second publisher is told: to send every other message. */
export interface Errand {
  count: number
}

interface Publishers {
  here: Sender
  /** Answers an {@link Errand} once everything is sent. */
  there: Worker
  close(): Promise<void>
}

type OpenPublishers = (messages: number) => Promise<Publishers>

export function producing(open: OpenPublishers): Open<Producing> {
  return async ({ messages }, quick) => {
    const shares = openShares('quote')
    const publishers = await open(messages)
    const count = quick ? 4_000 : messages
    return {
      round: () => play(publishers, shares, count),
      async close() {
        await publishers.close()
        shares.close()
      },
    }
  }
}

/** A group whose handler is a module; the second publisher is a thread of the bus. */
export function tickbusProducers(backend: Backend): OpenPublishers {
  // Nothing is lost on the way to the thread that owns the group.
  const schema = topics({ 'data.quotes.{symbol}': quote({ slowReader: 'wait' }) })
  return async (messages) => {
    const bus = new MessageBus({ backend, schema })
    const lane = { capacity: messages, overflow: 'reject' as const }
    const client = await BufferedMessageBusClient.open(bus, { lanes: { low: lane, normal: lane } })
    await client.subscribe('data.*', new URL('./share-module.js', import.meta.url), {
      group: 'bench',
      threads: CONSUMERS,
    })
    const there = await startProducer({ ticket: bus.ticket() })
    return {
      here: {
        send: (sequence) => void client.tryPublish(TOPIC, (kept.newest = makeQuote(sequence, 0, bus.epoch))),
        ready: () => turn(),
        close: async () => {},
      },
      there,
      async close() {
        await there.terminate()
        await client.close()
        await bus.close()
      },
    }
  }
}

export const TOPIC = 'data.quotes.BTCUSDT'

/** One of the ways by hand, for both publishers. */
export function producersByHand(route: Route): OpenPublishers {
  return async () => {
    const channels = Array.from({ length: CONSUMERS }, () => new MessageChannel())
    const workers = await startWorkers(
      route,
      channels.map(({ port1 }) => port1),
    )
    const ports = channels.map(({ port2 }) => port2)
    const there = await startProducer({ route, ports }, ports)
    const here = senderBy(route, 'quote', workers)
    return {
      here,
      there,
      async close() {
        await there.terminate()
        await here.close()
        await endWorkers(workers)
      },
    }
  }
}

async function startProducer(
  data: object,
  transferList: import('node:worker_threads').Transferable[] = [],
): Promise<Worker> {
  const worker = new Worker(new URL('./producer-thread.js', import.meta.url), { workerData: data, transferList })
  await once(worker, 'message')
  return worker
}

/** This thread sends what is even, the other one what is odd. */
async function play({ here, there }: Publishers, shares: Shares, count: number): Promise<Round> {
  shares.clear()
  const start = performance.now()
  const sentThere = once(there, 'message')
  there.postMessage({ count } satisfies Errand)
  await sendHalf(here, 0, count)
  const sent = performance.now()
  await sentThere
  const patient = performance.now() + PATIENCE_MS
  while (shares.count < count && performance.now() < patient) await sleep(1)
  return {
    figures: {
      endToEnd: ((performance.now() - start) * 1e6) / count,
      sender: ((sent - start) * 1e6) / (count / 2),
    },
    published: count,
    delivered: shares.count,
    sentChecksum: sumOf('quote', count),
    receivedChecksum: shares.checksum,
  }
}

/** Sends every other message of so many; a turn of the event loop for every 1,000. */
export async function sendHalf(sender: Sender, first: number, count: number): Promise<void> {
  let sent = 0
  for (let sequence = first; sequence < count; sequence += 2) {
    sender.send(sequence)
    sent += 1
    if (sent % WINDOW === 0) await sender.ready()
  }
  await sender.ready()
}
