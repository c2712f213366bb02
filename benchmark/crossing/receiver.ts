/** The receiving thread of every crossing. */
import { parentPort, workerData } from 'node:worker_threads'
import { MessageBus } from 'tickbus'
import { sharedClock } from '../clock.js'
import type { ReceiverData } from './receiver-thread.js'
import { type QuoteFields, type Signal, weighQuote, weighSignal } from './messages.js'
import { BROADCAST_NAME } from './rivals.js'
import { schema } from './schema.js'
import { Tally } from './tally.js'

const data: ReceiverData = workerData
const nowNs = sharedClock(data.origin)
if (data.kind === 'quote')
  await listen(new Tally<QuoteFields>(data.control, nowNs, weighQuote, (quote) => quote.eventNs))
else await listen(new Tally<Signal>(data.control, nowNs, weighSignal, (signal) => signal.at))
data.control.postMessage('listening')

async function listen<Message>(tally: Tally<Message>): Promise<void> {
  switch (data.route) {
    case 'tickbus': {
      const bus = await MessageBus.attach(data.ticket, { schema })
      bus.subscribe<Message>('data.*', (message) => tally.take(message))
      return bus.synced()
    }
    case 'port':
      parentPort!.on('message', (message: Message) => tally.take(message))
      return
    case 'batches':
      parentPort!.on('message', (messages: Message[]) => {
        for (const message of messages) tally.take(message)
      })
      return
    case 'broadcast':
      new BroadcastChannel(BROADCAST_NAME).addEventListener('message', (event) =>
        tally.take((event as MessageEvent).data as Message),
      )
  }
}
