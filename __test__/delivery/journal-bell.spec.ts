/** When the writer of a journal wakes those who wait. */
import test from 'ava'
import { loadJournalCore } from '../../dist/native/index.js'
import {
  JOURNAL_LONG_SYNCED,
  JOURNAL_LONG_WRITTEN,
  JOURNAL_PAGE_BYTES,
  JOURNAL_STATE_CLOSED,
  JOURNAL_WORD_STATE,
  JOURNAL_WORD_WANTS,
  JOURNAL_WORD_WANTS_SYNC,
} from '../../ts/layout.js'
import { until } from '../until.js'
import { backends, scratch } from './journals.js'

const FRAME_BYTES = 33

function frame(sequence: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, FRAME_BYTES - 25, true)
  view.setBigUint64(8, BigInt(sequence), true)
  bytes[24] = 1
  return bytes
}

for (const backend of backends) {
  test(`the bell of a journal: a write does not wake who waits for a sync [${backend}]`, async (t) => {
    const page = new Uint8Array(new SharedArrayBuffer(JOURNAL_PAGE_BYTES))
    const longs = new BigUint64Array(page.buffer)
    const words = new Int32Array(page.buffer)
    let rings = 0
    const writer = loadJournalCore(backend).openJournalWriter({
      directory: scratch(t),
      last: 0,
      segmentBytes: 2 ** 20,
      queueBytes: 2 ** 20,
      syncAfterUs: -1,
      syncRecords: 1_000,
      page,
      wake: () => void (rings += 1),
    })
    await until(() => rings === 1, 'the bell that says that it runs')

    Atomics.store(words, JOURNAL_WORD_WANTS, 1)
    t.true(writer.submit(frame(1)))
    await until(() => rings === 2, 'the bell of a write')
    t.is(longs[JOURNAL_LONG_WRITTEN], 1n)
    t.is(longs[JOURNAL_LONG_SYNCED], 0n)

    Atomics.store(words, JOURNAL_WORD_WANTS_SYNC, 1)
    t.true(writer.submit(frame(2)))
    await until(() => longs[JOURNAL_LONG_WRITTEN] === 2n)
    writer.sync()
    await until(() => rings > 2, 'the bell of a sync')
    t.is(longs[JOURNAL_LONG_SYNCED], 2n)
    t.is(Atomics.load(words, JOURNAL_WORD_WANTS_SYNC), 0)

    writer.close()
    await until(() => words[JOURNAL_WORD_STATE] === JOURNAL_STATE_CLOSED && rings > 3, 'the bell of the end')
    t.is(rings, 4)
    writer.end()
  })
}
