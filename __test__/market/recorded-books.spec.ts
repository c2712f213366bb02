import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { record, RecordedFrames, recordedBooks } from 'tickbus/market'
import { backends } from '../conformance/backends.js'
import { bundled, line, Scratch, wholeRecordings } from './samples.js'

interface Frame {
  lastUpdateId?: number
  bids?: [string, string][]
  asks?: [string, string][]
  u?: number
  b?: [string, string][]
  a?: [string, string][]
}

/** Snapshot and updates of a recording, made with JSON.parse, and the time of each line. */
function parse(file: string): { times: bigint[]; frames: Frame[] } {
  const [times, frames]: [bigint[], Frame[]] = [[], []]
  for (const text of gunzipSync(readFileSync(file)).toString().split('\n')) {
    if (!text.includes('depthUpdate') && !text.includes('lastUpdateId')) continue
    const frame = JSON.parse(text.slice(20))
    times.push(BigInt(text.slice(0, 19)))
    frames.push(frame.data ?? frame)
  }
  return { times, frames }
}

/** The best ten levels a side out of the snapshot and the newer updates among the frames. */
function oracle(frames: readonly Frame[]): { bids: number[][]; asks: number[][] } {
  const snapshot = frames.find((frame) => frame.lastUpdateId !== undefined)!
  const newer = frames.filter(({ u }) => u! > snapshot.lastUpdateId!)
  const side = (whole: 'bids' | 'asks', changes: 'b' | 'a', sign: number) => {
    const levels = new Map(snapshot[whole])
    for (const frame of newer) for (const [price, size] of frame[changes]!) levels.set(price, size)
    const pairs = [...levels].map((level) => level.map(Number)).filter(([, size]) => size !== 0)
    return pairs.toSorted(([a], [b]) => sign * (a! - b!)).slice(0, 10)
  }
  return { bids: side('bids', 'b', -1), asks: side('asks', 'a', 1) }
}

for (const file of bundled) {
  const { times, frames } = parse(file)
  const start = frames.findIndex((frame) => frame.lastUpdateId !== undefined)
  testProp(
    `the book of the sample ${file.split('/').at(-1)} is what all its frames so far make`,
    [fc.integer({ min: start, max: frames.length - 1 })],
    async (t, last) => {
      const { books, faults } = await recordedBooks([file], { at: times[last]! })
      // Lines received at the same time count together.
      const count = times.findLastIndex((time) => time <= times[last]!) + 1
      t.deepEqual(books[0]!.book.depth(10), oracle(frames.slice(0, count)) as never)
      t.is(books[0]!.tsInit, times[last])
      t.like(books[0]!.book.counts, { gap: 0, crossed: 0, level: 0, snapshots: 1 })
      t.deepEqual(faults, [])
    },
    { numRuns: 6 },
  )
}

const withWhole = wholeRecordings.length > 0 ? test : test.skip

withWhole('the books of the whole recordings end as all their frames make them', async (t) => {
  const { books, faults } = await recordedBooks(wholeRecordings)
  for (const [i, { book, instrument }] of books.entries()) {
    t.deepEqual(book.depth(10), oracle(parse(wholeRecordings[i]!).frames) as never, instrument.id)
    t.like(book.counts, { gap: 0, crossed: 0, level: 0, early: 0 })
  }
  t.deepEqual(faults, [])
})

test('a book is empty before its snapshot, and stale after an update was left out', async (t) => {
  const frame = (U: number, u: number) => ({ e: 'depthUpdate', E: 1_700_000_000_000, s: 'BTCUSDT', U, u, b: [], a: [] })
  const file = new Scratch(t).recording('spot_btcusdt.gz', [
    line(1, frame(1, 2)),
    line(2, { lastUpdateId: 2, bids: [['1', '1']], asks: [['2', '1']] }),
    line(3, frame(3, 4)),
    line(4, frame(6, 7)),
  ])
  const stateAt = async (afterNs: number) => {
    const { books } = await recordedBooks([file], { at: 1_700_000_000_000_000_000n + BigInt(afterNs) })
    return [books[0]!.book.state, books[0]!.book.fault]
  }
  t.deepEqual(await stateAt(1), ['empty', undefined])
  t.deepEqual(await stateAt(3), ['live', undefined])
  t.deepEqual(await stateAt(4), ['stale', 'gap'])
})

for (const backend of backends) {
  test(`recordings of the same instrument are merged by receive time, message by message [${backend}]`, async (t) => {
    const scratch = new Scratch(t)
    const update = (u: number, fields: object = {}) => {
      return { e: 'depthUpdate', E: 1_700_000_000_000, s: 'BTCUSDT', U: u, u, b: [['1', String(u)]], a: [], ...fields }
    }
    const trade = {
      e: 'trade',
      E: 1_700_000_000_000,
      T: 1_700_000_000_000,
      s: 'BTCUSDT',
      t: 1,
      p: '1',
      q: '1',
      m: true,
    }
    const files = [
      scratch.recording('spot_btcusdt_20240808.gz', [
        line(1, { lastUpdateId: 2, bids: [['1', '1']], asks: [['2', '1']] }),
        line(3, update(4)),
        line(5, trade),
        // The clock went back: the file's order stays what it is.
        line(2, update(6)),
        line(9, update(9)),
      ]),
      scratch.recording('spot_btcusdt_20240809.gz', [line(2, update(3)), line(4, update(5)), line(8, update(7))]),
      scratch.recording('spot_ethusdt.gz', [line(7, { lastUpdateId: 2, bids: [['5', '1']], asks: [['6', '1']] })]),
    ]
    const sizeAt = async (afterNs: number) => {
      const { books } = await recordedBooks(files, { at: 1_700_000_000_000_000_000n + BigInt(afterNs), backend })
      return books.map(({ book, tsInit }) => [book.best('bid')?.[1], book.lastSequence, Number((tsInit ?? 0n) % 100n)])
    }
    t.deepEqual(await sizeAt(4), [
      [5, 5, 4],
      [undefined, 0, 0],
    ])
    t.deepEqual(await sizeAt(7), [
      [6, 6, 2],
      [1, 2, 7],
    ])
    t.deepEqual(await sizeAt(8), [
      [7, 7, 8],
      [1, 2, 7],
    ])
    const { books, faults } = await recordedBooks(files, { backend })
    t.deepEqual([books[0]!.book.state, books[0]!.book.fault, faults], ['stale', 'gap', []])
  })

  test(`a recording of ours holds the same books as the files that it was made of [${backend}]`, async (t) => {
    const file = join(new Scratch(t).folder, 'all.tbr')
    await record(await RecordedFrames.open(bundled), file)
    const at = 1_723_161_260_000_000_000n
    const [ours, theirs] = [await recordedBooks([file], { at, backend }), await recordedBooks(bundled, { at })]
    const said = ({ books }: typeof ours) =>
      books
        .map(({ instrument, book, tsInit }) => [instrument.id, book.depth(50), book.counts, book.tsEvent, tsInit])
        .toSorted(([a], [b]) => String(a).localeCompare(String(b)))
    t.deepEqual(said(ours), said(theirs))
  })
}
