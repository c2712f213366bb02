/** The second of two publishers. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { MessageBus, type Ticket } from 'tickbus'
import { kept, makeQuote } from '../crossing/messages.js'
import { type Errand, sendHalf, TOPIC } from './producers.js'
import { type Route, type Sender, senderBy } from './senders.js'

type ThreadData = { ticket: Ticket } | { route: Route; ports: MessagePort[] }

const data = workerData as ThreadData
const sender = 'ticket' in data ? await onBus(data.ticket) : senderBy(data.route, 'quote', data.ports)
parentPort!.on('message', async ({ count }: Errand) => {
  await sendHalf(sender, 1, count)
  parentPort!.postMessage('sent')
})
parentPort!.postMessage('ready')

async function onBus(ticket: Ticket): Promise<Sender> {
  const bus = await MessageBus.attach(ticket)
  return {
    send: (sequence) => bus.publish(TOPIC, (kept.newest = makeQuote(sequence, 0, bus.epoch))),
    ready: () => bus.ready(),
    close: () => bus.close(),
  }
}
