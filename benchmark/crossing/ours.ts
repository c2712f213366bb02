/** The crossing of Tickbus: one topic, one attached thread with one subscription. */
import { type Backend, MessageBus, type Polling } from 'tickbus'
import type { Crossing } from './crossing.js'
import { type MessageKind, kept, makeQuote, makeSignal } from './messages.js'
import { startReceiver } from './receiver-thread.js'
import { QUOTE_TOPIC, SIGNAL_TOPIC, schema } from './schema.js'

/** The rivals' queues have no bound. In an open loop that is too fast for the machine, ours must not drop either. */
const SLACK_RECORDS = 1_000_000

export async function openTickbus(kind: MessageKind, backend: Backend, polling: Polling): Promise<Crossing> {
  const bus = new MessageBus({ schema, backend, polling, slackRecords: SLACK_RECORDS })
  const topic = bus.topic(kind === 'quote' ? QUOTE_TOPIC : SIGNAL_TOPIC)
  const receiver = await startReceiver({ route: 'tickbus', kind, ticket: bus.ticket() })
  const { epoch } = bus
  const close = async () => {
    await bus.close()
    await receiver.close()
  }
  const send =
    kind === 'quote'
      ? (sequence: number, atNs: number) => topic.publish((kept.newest = makeQuote(sequence, atNs, epoch)))
      : (sequence: number, atNs: number) => topic.publish((kept.newest = makeSignal(sequence, atNs)))
  return { ...receiver, send, flush: () => bus.flush(), ready: () => bus.ready(), close }
}
