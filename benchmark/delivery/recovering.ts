/** A journal with many records is opened. */
import { join } from 'node:path'
import { type Backend, Journal } from 'tickbus'
import type { Open, Round } from '../question.js'
import { Scratch } from './logs.js'

export interface Recovering {
  readonly records: number
}

export function recovering(backend: Backend): Open<Recovering> {
  return async ({ records }, quick) => {
    const total = quick ? records / 50 : records
    const scratch = new Scratch()
    const directory = join(scratch.path, 'wal')
    await fill(directory, backend, total)
    return { round: () => play(directory, backend, total), close: async () => scratch.remove() }
  }
}

async function fill(directory: string, backend: Backend, total: number): Promise<void> {
  const journal = await Journal.open(directory, { backend, sync: 'os' })
  journal.addConsumer('exec')
  const payload = new Uint8Array(200)
  for (let number = 0; number < total; number++) {
    while (journal.append({ topic: 'orders.BTCUSDT', payload }) === undefined) await journal.ready()
  }
  await journal.close()
}

async function play(directory: string, backend: Backend, total: number): Promise<Round> {
  const start = performance.now()
  const journal = await Journal.open(directory, { backend })
  const recovery = performance.now() - start
  // Sequences are without holes here: the consumer's record is the first, the last one says that all was closed.
  const delivered = journal.recovered.last - 2
  await journal.close()
  return { figures: { recovery }, published: total, delivered, sentChecksum: 0, receivedChecksum: 0 }
}
