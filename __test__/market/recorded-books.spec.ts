import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { recordedBooks } from 'tickbus/market'
import { bundled, line, Scratch } from './samples.js'

const shared = '/work/shared/data/recordings/2024-08-08'

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

const full = existsSync(shared) ? readdirSync(shared).map((name) => join(shared, name)) : []
const withFull = full.length > 0 ? test : test.skip

withFull(
  `the books of the whole recordings end as all their frames make them${full.length ? '' : ` (no ${shared})`}`,
  async (t) => {
    const { books, faults } = await recordedBooks(full)
    for (const [i, { book, instrument }] of books.entries()) {
      t.deepEqual(book.depth(10), oracle(parse(full[i]!).frames) as never, instrument.id)
      t.like(book.counts, { gap: 0, crossed: 0, level: 0, early: 0 })
    }
    t.deepEqual(faults, [])
  },
)

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
