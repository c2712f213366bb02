/** A thread that shares the work by hand. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Route } from './senders.js'
import { ROSTER_NAME, takeShare } from './shares.js'

interface ThreadData {
  route: Route
  share: number
  of: number
  /** Where others than its owner send. */
  ports: MessagePort[]
}

const { route, share, of, ports } = workerData as ThreadData
const take = await takeShare()

if (route === 'port') {
  for (const port of [parentPort!, ...ports]) port.on('message', take)
} else if (route === 'batches') {
  const takeAll = (messages: unknown[]): void => {
    for (const message of messages) take(message)
  }
  for (const port of [parentPort!, ...ports]) port.on('message', takeAll)
} else {
  new BroadcastChannel(`${ROSTER_NAME}-messages`).onmessage = ({ data }) => {
    if ((data as { sequence: number }).sequence % of === share) take(data)
  }
  // Its own port keeps the thread alive.
  parentPort!.on('message', () => {})
}
parentPort!.postMessage('ready')
