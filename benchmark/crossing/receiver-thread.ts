/** Starts the receiving thread of a crossing: everything of a crossing but the sending. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { sharedClock } from '../clock.js'
import { Control } from './control.js'
import type { Crossing } from './crossing.js'
import { type MessageKind, checksumOf } from './messages.js'

/** What the thread is told when it starts. */
export interface ReceiverData {
  route: 'tickbus' | 'port' | 'batches' | 'broadcast'
  kind: MessageKind
  /** Where the shared clock begins. */
  origin: bigint
  control: MessagePort
  ticket?: unknown
}

export interface ReceiverThread extends Pick<Crossing, 'control' | 'nowNs' | 'checksum' | 'close'> {
  worker: Worker
}

/** Without an `origin` the shared clock begins now. */
export async function startReceiver(
  data: Pick<ReceiverData, 'route' | 'kind' | 'ticket'> & Partial<Pick<ReceiverData, 'origin'>>,
): Promise<ReceiverThread> {
  const { origin = process.hrtime.bigint() } = data
  const { port1, port2 } = new MessageChannel()
  const control = new Control(port1)
  const workerData: ReceiverData = { ...data, origin, control: port2 }
  // Nobody listens for `error`: a receiver that throws ends the case, as a broken measurement should.
  const worker = new Worker(new URL('./receiver.js', import.meta.url), { workerData, transferList: [port2] })
  await control.listening()
  return {
    worker,
    control,
    nowNs: sharedClock(origin),
    checksum: (count) => checksumOf(data.kind, count),
    async close() {
      control.close()
      await worker.terminate()
    },
  }
}
