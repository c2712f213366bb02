/** The harness alone: messages are made, counted and checked, and never leave the thread. */
import { MessageChannel } from 'node:worker_threads'
import { sharedClock } from '../clock.js'
import { Control } from './control.js'
import type { Crossing } from './crossing.js'
import { checksumOf, kept, makePlainQuote, weighQuote } from './messages.js'
import { Tally } from './tally.js'

export async function openBase(): Promise<Crossing> {
  const nowNs = sharedClock(process.hrtime.bigint())
  const { port1, port2 } = new MessageChannel()
  const tally = new Tally(port2, nowNs, weighQuote, (quote) => quote.eventNs)
  const control = new Control(port1)
  return {
    control,
    nowNs,
    send: (sequence, atNs) => tally.take((kept.newest = makePlainQuote(sequence, atNs))),
    flush() {},
    ready: () => Promise.resolve(),
    checksum: (count) => checksumOf('quote', count),
    close: async () => control.close(),
  }
}
