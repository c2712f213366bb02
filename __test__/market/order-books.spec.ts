import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { fc, testProp } from '@fast-check/ava'
import test from 'ava'
import { Epoch } from 'tickbus'
import { type BookView, OrderBooks, type OrderBooksOptions, recordedBooks } from 'tickbus/market'
import { backends, instant } from './decoding.js'
import { bundled } from './samples.js'

const epoch = new Epoch(instant)

/** Bybit's book frame: a snapshot, or an update that is number `u`. */
function frame(symbol: string, type: 'snapshot' | 'delta', u: number, b: string[][], a: string[][]): Buffer {
  const data = { s: symbol, b, a, u, seq: u }
  return Buffer.from(JSON.stringify({ topic: `orderbook.50.${symbol}`, type, ts: 1_723_161_256_304, data }))
}

function open(options: Partial<OrderBooksOptions>): OrderBooks {
  return new OrderBooks({ market: 'bybit-linear', epoch, ...options })
}

function feed(books: OrderBooks, ...frames: readonly Buffer[]): number {
  return books.frames(
    frames,
    Float64Array.from(frames, (_, i) => i),
  )
}

/** All that a book says, by everything it can be asked. */
function told(book: BookView): object {
  const sides = (['bid', 'ask'] as const).map((side) => ({
    best: book.best(side),
    reach: book.reach(side),
    volume: [99, 100, 101, 1e9].map((price) => book.volumeTo(side, price)),
    price: [1, 10, 1e9].map((volume) => book.priceFor(side, volume)),
  }))
  const { state, fault, counts, lastSequence, tsEvent, eventNs, initNs, bidPrice, bidSize, askPrice, askSize } = book
  const top = [bidPrice, bidSize, askPrice, askSize]
  return { state, fault, counts, lastSequence, tsEvent, eventNs, initNs, top, sides, depth: book.depth(100) }
}

const TOP = [[['100', '1']], [['101', '2']]] as const
const [bids, asks] = TOP.map((side) => side.map((level) => [...level])) as [string[][], string[][]]

const price = fc.integer({ min: 80, max: 120 })
const levels = fc.array(
  fc.tuple(price, fc.integer({ min: 0, max: 3 })).map((level) => level.map(String)),
  { maxLength: 12 },
)
const step = fc.record({
  symbol: fc.constantFrom('A', 'B', 'C', 'D'),
  isSnapshot: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  skips: fc.integer({ min: 0, max: 9 }).map((n) => (n === 0 ? 1 : 0)),
  shift: fc.constantFrom(0, 0, 0, 30),
  bids: levels,
  asks: levels,
})

testProp(
  'one log of frames gives the same books, states, counts and requests on both backends, however it is cut',
  [fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 9 })],
  (t, steps, batch) => {
    const numbers = new Map<string, number>()
    const frames = steps.map(({ symbol, isSnapshot, skips, shift, ...sides }) => {
      const u = (numbers.get(symbol) ?? 0) + 1 + skips
      numbers.set(symbol, u)
      const asked = sides.asks.map(([at, size]) => [String(Number(at) + 41 - shift), size!])
      return frame(symbol, isSnapshot ? 'snapshot' : 'delta', u, sides.bids as string[][], asked)
    })
    const traces = backends.map((backend) => {
      const trace: unknown[] = []
      const onResync: OrderBooksOptions['onResync'] = ({ book, fault }) => trace.push([book.instrument.id, fault])
      const options = { A: { continuity: 'plus-one', limit: 10 } } as const
      const books = open({ backend, booksMost: 3, options, onResync })
      for (let at = 0; at < frames.length; at += batch) {
        trace.push(feed(books, ...frames.slice(at, at + batch)))
        trace.push(books.changed.map((book) => [book.instrument.id, told(book)]))
      }
      const { bytes: _bytes, ...totals } = books.totals
      return [trace, totals, books.report]
    })
    for (const trace of traces) t.deepEqual(trace, traces[0])
    t.pass()
  },
  { numRuns: 300 },
)

for (const backend of backends) {
  test(`the books of the bundled recordings are those made message by message [${backend}]`, async (t) => {
    for (const file of bundled) {
      const [recorded] = (await recordedBooks([file], { backend })).books
      const { instrument } = recorded!
      const options = { [instrument.symbol]: { continuity: recorded!.book.continuity } }
      const books = new OrderBooks({ market: instrument.market, epoch, options, instrumentsMost: 1, backend })
      books.lines(gunzipSync(readFileSync(file)))
      const book = books.get(instrument.id)!
      t.is(book.state, 'live')
      t.deepEqual([book.counts, book.lastSequence], [recorded!.book.counts, recorded!.book.lastSequence])
      t.deepEqual(book.depth(4_096), recorded!.book.depth(4_096))
    }
  })

  test(`a batch changes each book once, and the top is read without an object [${backend}]`, (t) => {
    const books = open({ backend })
    t.is(feed(books, frame('A', 'snapshot', 1, bids, asks), frame('A', 'delta', 2, [['100', '7']], [])), 1)
    const [book] = books.changed
    t.deepEqual([book!.bidPrice, book!.bidSize, book!.askPrice, book!.askSize], [100, 7, 101, 2])
    const out = new Float64Array(3).fill(-1)
    t.deepEqual([book!.readLevels('bid', 5, out), ...out], [1, 100, 7, -1])
    t.is(book!.readLevels('ask', 5, new Float64Array(1)), 0)
    t.is(feed(books, frame('A', 'delta', 9, [], [])), 1)
    t.deepEqual([book!.state, book!.bidPrice, book!.readLevels('bid', 5, out)], ['stale', NaN, 0])
  })

  test(`a stale book asks for a snapshot once, and again when that was not enough [${backend}]`, (t) => {
    const asked: unknown[] = []
    const books = open({ backend, onResync: ({ book, fault }) => asked.push([book.instrument.symbol, fault]) })
    feed(books, frame('A', 'snapshot', 1, bids, asks), frame('A', 'delta', 3, [], []))
    feed(books, frame('A', 'delta', 4, [], []), frame('A', 'delta', 5, [], []))
    t.deepEqual(asked, [['A', 'gap']])
    feed(books, frame('A', 'snapshot', 9, bids, asks), frame('A', 'delta', 10, [['101', '1']], []))
    t.deepEqual(asked.slice(1), [['A', 'crossed']])
    feed(books, frame('A', 'delta', 12, [], []), frame('A', 'snapshot', 12, bids, asks))
    t.is(books.get('A-LINEAR.BYBIT')!.state, 'live')
    t.is(asked.length, 2)
  })

  test(`books that were invalidated are stale, and ask for snapshots [${backend}]`, (t) => {
    const asked: unknown[] = []
    const books = open({ backend, onResync: ({ book, fault }) => asked.push([book.instrument.symbol, fault]) })
    feed(books, frame('A', 'snapshot', 1, bids, asks), frame('B', 'snapshot', 1, bids, asks))
    const book = books.get('A-LINEAR.BYBIT')!
    t.is(books.invalidate(), 2)
    t.deepEqual([book.state, book.bidPrice, books.changed.length], ['stale', NaN, 2])
    t.deepEqual(asked, [
      ['A', 'invalidated'],
      ['B', 'invalidated'],
    ])
    feed(books, frame('A', 'snapshot', 7, bids, asks))
    t.deepEqual([book.state, book.fault, book.counts.invalidated, asked.length], ['live', undefined, 1, 2])
  })

  test(`a book whose snapshot comes apart asks for it, and takes it by the instrument's id [${backend}]`, (t) => {
    const asked: unknown[] = []
    const books = open({ market: 'spot', backend, onResync: ({ book, fault }) => asked.push([book.state, fault]) })
    const update = (U: number) => ({ e: 'depthUpdate', E: 1_723_161_256_000, s: 'X', U, u: U, b: [['99', '1']], a: [] })
    feed(books, Buffer.from(JSON.stringify(update(5))))
    feed(books, Buffer.from(JSON.stringify(update(6))))
    t.deepEqual(asked, [['empty', undefined]])
    const times = { tsEvent: instant, tsInit: instant + 5n }
    const levels = { bids: [[98, 1]] as [number, number][], asks: [[101, 1]] as [number, number][] }
    const snapshot = { kind: 'snapshot', firstSequence: 5, lastSequence: 5, ...levels, ...times } as const
    t.is(books.apply('X.BINANCE', snapshot), 1)
    const book = books.get('X.BINANCE')!
    t.deepEqual([book.state, book.best('bid'), book.lastSequence, book.initNs], ['live', [99, 1], 6, 5])
    t.throws(() => books.apply('Y.BINANCE', snapshot), { code: 'TICKBUS_ARGUMENT' })
    t.throws(() => books.apply('X.BINANCE', { ...snapshot, tsEvent: 0n }), { code: 'TICKBUS_RECORD_TIME' })
    t.is(book.lastSequence, 6)
  })

  test(`garbage instruments take no more books than allowed, and are counted [${backend}]`, (t) => {
    const books = open({ backend, booksMost: 8, instrumentsMost: 100 })
    const frames = Array.from({ length: 1_000 }, (_, i) => frame(`G${i}`, 'snapshot', 1, bids, asks))
    t.is(feed(books, ...frames), 8)
    const { bytes, ...totals } = books.totals
    t.deepEqual(totals, { books: 8, refused: 92, unknown: 0 })
    t.true(bytes < 8 * 8_192, `${bytes} bytes`)
    t.deepEqual(books.report.rejected, [{ name: 'instrument', count: 900 }])
  })

  test(`an option that is out of range is refused by its name [${backend}]`, (t) => {
    const cases = [
      [{ booksMost: 0 }, 'booksMost'],
      [{ booksMost: 65_537 }, 'booksMost'],
      [{ instrumentsMost: 0 }, 'instrumentsMost'],
      [{ frameBytesMost: 1_023 }, 'frameBytesMost'],
      [{ frameBytesMost: 67_108_865 }, 'frameBytesMost'],
      [{ otherwise: { continuity: 'plus-one', limit: 1 } }, 'limit'],
      [{ options: { A: { continuity: 'no-such' as never } } }, 'continuity'],
    ] as const
    for (const [options, name] of cases) {
      t.throws(() => open({ backend, ...options }), { code: 'TICKBUS_ARGUMENT', message: new RegExp(`${name}:`) })
    }
  })
}
