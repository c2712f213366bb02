// The thread that a replay sends to: keeps the top of the books of its instruments, and reports when asked.
import { workerData } from 'node:worker_threads'
import { MessageBus } from '../workers/index.js'
import type { WorkerReport, WorkerTask } from './link.js'
import { ASK } from './port-link.js'
import { Receiver } from './receiver.js'
import { ReplayPage } from './replay-page.js'

const { share, memory, speed, topics, port } = workerData as WorkerTask
const bus = await MessageBus.attach()
const receiver = new Receiver({
  page: new ReplayPage(memory),
  speed,
  epochNs: bus.epoch.unixNs,
  nowNs: () => bus.nowNs(),
})
const answer = (): void => bus.publish('replay.report', { share, report: receiver.report() } satisfies WorkerReport)

// A handler that throws would only be counted; here it is a fault of the replay itself, and ends the thread.
bus.on('handlerError', ({ error }) =>
  queueMicrotask(() => {
    throw error
  }),
)
if (port === undefined) {
  for (const { quotes, trades, book } of topics) {
    bus.subscribe(quotes, receiver.quote)
    bus.subscribe(trades, receiver.trade)
    bus.subscribe(book, receiver.book)
  }
  bus.on('lost', () => receiver.lost())
  bus.subscribe('replay.ask', answer)
} else {
  const handlers = new Map(
    topics.flatMap(({ quotes, trades, book }) => [
      [quotes, receiver.quote as (message: never, topic: string) => void],
      [trades, receiver.trade],
      [book, receiver.book],
    ]),
  )
  port.on('message', (message: typeof ASK | { topic: string }) => {
    if (message === ASK) answer()
    else handlers.get(message.topic)!(message as never, message.topic)
  })
}
