/** What Node offers for the same job. It needs no flow control: its queues have no bound. */
import type { Crossing } from './crossing.js'
import { type MessageKind, kept, makerOf } from './messages.js'
import { startReceiver } from './receiver-thread.js'

/** Messages that `openBatches` collects. */
const BATCH = 100

export const BROADCAST_NAME = 'tickbus-benchmark'

const unbounded = { ready: () => Promise.resolve() }
const unbatched = { ...unbounded, flush() {} }

export async function openPostMessage(kind: MessageKind): Promise<Crossing> {
  const make = makerOf(kind)
  const { worker, ...receiver } = await startReceiver({ route: 'port', kind })
  return {
    ...receiver,
    ...unbatched,
    send: (sequence, atNs) => worker.postMessage((kept.newest = make(sequence, atNs))),
  }
}

/** Collects messages and posts an array at a time: what one does by hand when postMessage is too slow. */
export async function openBatches(kind: MessageKind): Promise<Crossing> {
  const make = makerOf(kind)
  const { worker, ...receiver } = await startReceiver({ route: 'batches', kind })
  let batch: unknown[] = []
  const flush = () => {
    if (batch.length === 0) return
    worker.postMessage(batch)
    batch = []
  }
  const send = (sequence: number, atNs: number) => {
    if (batch.push((kept.newest = make(sequence, atNs))) === BATCH) flush()
  }
  return { ...receiver, ...unbounded, send, flush }
}

export async function openBroadcast(kind: MessageKind): Promise<Crossing> {
  const make = makerOf(kind)
  const receiver = await startReceiver({ route: 'broadcast', kind })
  const channel = new BroadcastChannel(BROADCAST_NAME)
  const close = async () => {
    channel.close()
    await receiver.close()
  }
  const send = (sequence: number, atNs: number) => channel.postMessage((kept.newest = make(sequence, atNs)))
  return { ...receiver, ...unbatched, send, close }
}
