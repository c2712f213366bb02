import { fc, testProp } from '@fast-check/ava'
import { Epoch } from 'tickbus'
import { MarketDecoder } from 'tickbus/market'
import { KIND_QUOTE, RECORD_BYTES, RECORD_DOUBLE_INIT } from '../../dist/layout.js'
import { Records } from '../../dist/market/market-message.js'
import { Cursor, mergeByTime } from '../../dist/market/merge.js'
import { mergeRecords, RecordCursor, type RecordRun } from '../../dist/market/merge-records.js'
import { RecordQueue } from '../../dist/market/record-queue.js'
import { instant } from './decoding.js'

const epoch = new Epoch(instant)
const instruments: RecordRun['instruments'] = []
const noFault = (error: Error) => {
  throw error
}

/** Messages by when they were received, and how many levels each has. */
type Batches = readonly (readonly (readonly [receivedNs: number, levels: number])[])[]

/** Records of updates whose first level's price is their number, from `first` on. */
function recordsOf(batch: Batches[number], first: number): { records: Records; count: number } {
  const records = new Records(64)
  const decoder = new MarketDecoder({ market: 'spot', epoch })
  const lines = batch.map(([receivedNs, levels], i) => {
    const b = Array.from({ length: levels }, (_, level) => [String(first + i + 1 + level / 16), '1'])
    const frame = { e: 'depthUpdate', E: 1_723_161_253_000, s: 'BTCUSDT', U: 1, u: 2, b, a: [] }
    return `${instant + BigInt(receivedNs)} ${JSON.stringify(frame)}\n`
  })
  decoder.linesInto(Buffer.from(lines.join('')), records as never)
  return { records, count: decoder.written }
}

async function* batchesOf(batches: Batches, first: number): AsyncGenerator<{ records: Records; count: number }> {
  for (const batch of batches) {
    yield recordsOf(batch, first)
    first += batch.length
  }
}

async function* taken(batches: Batches, first: number) {
  for await (const { records, count } of batchesOf(batches, first)) if (count > 0) yield { records, count, instruments }
}

async function* received(batches: Batches, first: number) {
  for (const batch of batches) {
    yield batch.map(([receivedNs], i) => ({ receivedNs, number: first + i + 1 }))
    first += batch.length
  }
}

/** The numbers of a run's messages. */
function numbersOf({ records, from, to }: RecordRun): number[] {
  const numbers: number[] = []
  for (let record = from; record < to; record = records.endOf(record, to)) {
    numbers.push(Math.floor(new Float64Array(records.bytes.buffer)[record * 8 + 3]!))
  }
  return numbers
}

const message = fc.tuple(fc.nat(12), fc.integer({ min: 1, max: 4 }))
const recording: fc.Arbitrary<Batches> = fc.array(fc.array(message, { maxLength: 6 }), { maxLength: 4 })

testProp(
  'records are merged as messages are: by receive time, ties in the order of the recordings, each in its own order',
  [fc.array(recording, { maxLength: 4 }), fc.option(fc.nat(12), { nil: Infinity })],
  async (t, recordings, untilNs) => {
    const expected: number[] = []
    const held = recordings.map((batches, i) => new Cursor(received(batches, 100 * i), noFault))
    await Promise.all(held.map((cursor) => cursor.refill()))
    for await (const { receivedNs, number } of mergeByTime(held)) {
      if (receivedNs > untilNs) break
      expected.push(number)
    }
    const merged: number[] = []
    const cursors = recordings.map((batches, i) => new RecordCursor(taken(batches, 100 * i), noFault))
    await Promise.all(cursors.map((cursor) => cursor.refill()))
    for await (const runs of mergeRecords(cursors, untilNs)) for (const run of runs) merged.push(...numbersOf(run))
    t.deepEqual(merged, expected)
  },
  { numRuns: 200 },
)

const double = fc.oneof(fc.constantFrom(NaN, Infinity, -Infinity, 0, 1, 2), fc.double())
const hostile = fc.tuple(fc.uint8Array({ minLength: RECORD_BYTES, maxLength: RECORD_BYTES }), double)

testProp(
  'records of any bytes come out of a merge once each, whatever they say of kinds, ends and times below infinity',
  [fc.array(fc.array(fc.array(hostile, { minLength: 1, maxLength: 5 }), { maxLength: 3 }), { maxLength: 3 })],
  async (t, recordings) => {
    const finite = (ns: number) => (ns === Infinity ? 0 : ns)
    async function* batches(recording: (typeof recordings)[number]) {
      for (const batch of recording) {
        const records = new Records(batch.length)
        const doubles = new Float64Array(records.bytes.buffer)
        for (const [i, [bytes, receivedNs]] of batch.entries()) {
          records.bytes.set(bytes, i * RECORD_BYTES)
          doubles[i * 8 + RECORD_DOUBLE_INIT] = finite(receivedNs)
        }
        yield { records, count: batch.length, instruments }
      }
    }
    const cursors = recordings.map((recording) => new RecordCursor(batches(recording), noFault))
    await Promise.all(cursors.map((cursor) => cursor.refill()))
    let count = 0
    for await (const runs of mergeRecords(cursors, Infinity)) for (const { from, to } of runs) count += to - from
    t.is(count, recordings.flat(2).length)
  },
  { numRuns: 200 },
)

testProp(
  'what waits as records comes out as it came in, whatever is added between, and memory is used again',
  [fc.array(fc.tuple(fc.array(message, { minLength: 1, maxLength: 6 }), fc.nat(8)), { maxLength: 12 })],
  (t, steps) => {
    const queue = new RecordQueue()
    const [added, out]: [number[], number[]] = [[], []]
    const take = () => out.push(...numbersOf(queue.take()!))
    for (const [batch, taken] of steps) {
      const { records, count } = recordsOf(batch, added.length)
      const run = { records, from: 0, to: count, instruments }
      added.push(...numbersOf(run))
      queue.add(run)
      t.is(queue.size, added.length - out.length)
      t.deepEqual(Array.from(queue, numbersOf).flat(), added.slice(out.length))
      for (let i = 0; i < taken && queue.size > 0; i += 1) take()
    }
    while (queue.size > 0) take()
    t.deepEqual(out, added)
    t.is(queue.take(), undefined)
  },
  { numRuns: 100 },
)

testProp(
  'updates larger than a piece of memory wait whole',
  [fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 4 })],
  (t, lengths) => {
    const queue = new RecordQueue()
    for (const [i, length] of lengths.entries()) {
      const records = new Records(length)
      const words = new Uint32Array(records.bytes.buffer)
      // Quotes of a number: nothing but their count and place matters.
      for (let record = 0; record < length; record += 1) words.set([KIND_QUOTE, i + 1], record * 16)
      queue.add({ records, from: 0, to: length, instruments })
    }
    const found = Array.from(queue, ({ records, from, to }) => [records.instrumentOf(from), to - from])
    const sums = lengths.map((_, i) => found.filter(([n]) => n === i + 1).reduce((sum, [, count]) => sum + count!, 0))
    t.deepEqual(sums, lengths)
  },
  { numRuns: 5 },
)
