/** Every quote to several threads. The receiving threads and the quotes are those of the crossings. */
import { type Backend, MessageBus } from 'tickbus'
import { type Crossing, WINDOW } from '../crossing/crossing.js'
import { kept, makePlainQuote, makeQuote, mix } from '../crossing/messages.js'
import { type ReceiverData, type ReceiverThread, startReceiver } from '../crossing/receiver-thread.js'
import { BROADCAST_NAME } from '../crossing/rivals.js'
import { QUOTE_TOPIC, schema } from '../crossing/schema.js'
import type { Open, Round } from '../question.js'

export interface FanOut {
  messages: number
  threads: number
}

/** One sender and its receivers. */
interface Fan extends Pick<Crossing, 'send' | 'flush' | 'ready' | 'close'> {
  receivers: readonly ReceiverThread[]
}

export function fanningOut(open: (threads: number) => Promise<Fan>): Open<FanOut> {
  return async ({ messages, threads }, quick) => {
    const fan = await open(threads)
    const count = quick ? 2_000 : messages
    return { round: () => play(fan, count), close: () => fan.close() }
  }
}

async function play({ receivers, send, flush, ready }: Fan, count: number): Promise<Round> {
  await Promise.all(receivers.map(({ control }) => control.arm(count, false)))
  const [{ nowNs, checksum }] = receivers
  let allSent = () => {}
  const sent = new Promise<void>((resolve) => (allSent = resolve))
  const arriving = Promise.all(receivers.map(({ control }) => control.arrivals(() => sent)))
  const start = nowNs()
  for (let sequence = 0; sequence < count; sequence++) {
    send(sequence, start)
    if (sequence % WINDOW === WINDOW - 1) await ready()
  }
  flush()
  const sender = (nowNs() - start) / count
  allSent()
  const arrivals = await arriving
  const last = Math.max(...arrivals.map(({ lastNs }) => lastNs))
  return {
    figures: { endToEnd: (last - start) / count, sender },
    published: count * receivers.length,
    delivered: arrivals.reduce((sum, arrived) => sum + arrived.count, 0),
    sentChecksum: receivers.reduce((sum) => mix(sum, checksum(count)), 0),
    receivedChecksum: arrivals.reduce((sum, arrived) => mix(sum, arrived.checksum), 0),
  }
}

export function onBus(backend: Backend): Open<FanOut> {
  return fanningOut(async (threads) => {
    const bus = new MessageBus({ schema, backend })
    const topic = bus.topic(QUOTE_TOPIC)
    const receivers = await startReceivers(threads, 'tickbus', bus.ticket())
    const { epoch } = bus
    return {
      receivers,
      send: (sequence, atNs) => topic.publish((kept.newest = makeQuote(sequence, atNs, epoch))),
      flush: () => bus.flush(),
      ready: () => bus.ready(),
      async close() {
        await bus.close()
        await closeAll(receivers)
      },
    }
  })
}

const unbounded = { flush() {}, ready: () => Promise.resolve() }

/** One object, posted to each thread. */
export const byPorts: Open<FanOut> = fanningOut(async (threads) => {
  const receivers = await startReceivers(threads, 'port')
  const workers = receivers.map(({ worker }) => worker)
  return {
    ...unbounded,
    receivers,
    send(sequence, atNs) {
      const quote = (kept.newest = makePlainQuote(sequence, atNs))
      for (const worker of workers) worker.postMessage(quote)
    },
    close: () => closeAll(receivers),
  }
})

export const byBroadcast: Open<FanOut> = fanningOut(async (threads) => {
  const receivers = await startReceivers(threads, 'broadcast')
  const channel = new BroadcastChannel(BROADCAST_NAME)
  return {
    ...unbounded,
    receivers,
    send: (sequence, atNs) => channel.postMessage((kept.newest = makePlainQuote(sequence, atNs))),
    async close() {
      channel.close()
      await closeAll(receivers)
    },
  }
})

/** All on one clock, so that their times can be compared. */
function startReceivers(threads: number, route: ReceiverData['route'], ticket?: unknown): Promise<ReceiverThread[]> {
  const origin = process.hrtime.bigint()
  const start = () => startReceiver({ route, kind: 'quote', ticket, origin })
  return Promise.all(Array.from({ length: threads }, start))
}

async function closeAll(receivers: readonly ReceiverThread[]): Promise<void> {
  await Promise.all(receivers.map((receiver) => receiver.close()))
}
