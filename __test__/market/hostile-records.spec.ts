// Records of any bytes, as torn or foreign memory could hold them: whoever reads them stays whole.
import { fc, testProp } from '@fast-check/ava'
import type { Epoch } from 'tickbus'
import { marketSchema } from 'tickbus/market'
import { quoteCodec, type RecordCodec, tradeCodec, viewsOf, type WrittenRecord } from '../../dist/bus/index.js'
import type { TopicHandle } from '../../dist/bus/index.js'
import {
  BOOK_COUNTS,
  BOOKS_TOTALS,
  KIND_BOOK_LEVEL,
  RECORD_BYTES,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
} from '../../dist/layout.js'
import type { Continuity } from '../../dist/market-core.js'
import { loadMarketCore } from '../../dist/native/index.js'
import { collected, fixture } from '../conformance/asking.js'
import { forEachBackend } from '../conformance/backends.js'
import { onBoth } from './both-backends.js'
import { backends, instant } from './decoding.js'

const BOOKS_MOST = 3
const LEVELS_MOST = 4
const rules: readonly Continuity[] = ['binance-spot', 'binance-futures', 'plus-one', 'previous', 'okx', 'unverified']

const anyBytes = fc.uint8Array({ minLength: RECORD_BYTES, maxLength: RECORD_BYTES })
const double = fc.constantFrom(NaN, Infinity, -Infinity, -1, -0, 0, 5e-324, 0.5, 1, 2, 3, 4, 99, 100, 101, 1e308)
/** What may be a level of a book, with any flags and any numbers. */
const anyLevel = fc
  .tuple(fc.nat(255), fc.constantFrom(0, 0, 1, 2, 3, 4, 0xffff_ffff), fc.array(double, { minLength: 7, maxLength: 7 }))
  .map(([flags, instrument, doubles]) => {
    const bytes = new Uint8Array(RECORD_BYTES)
    new Uint32Array(bytes.buffer).set([KIND_BOOK_LEVEL | (flags << 8), instrument])
    new Float64Array(bytes.buffer).set(doubles, 1)
    return bytes
  })

/** All that books say once they were given the records, in pieces of so many. */
function toldBy(
  backend: (typeof backends)[number],
  continuity: Continuity,
  records: Uint8Array[],
  piece: number,
): unknown {
  const settings = { continuity, checksum: undefined, limit: LEVELS_MOST, window: Infinity, snapshotLevels: 3 }
  const books = loadMarketCore(backend).openBooks({ booksMost: BOOKS_MOST, instrumentsMost: 4, settings })
  const bytes = new Uint8Array(Buffer.concat(records))
  const changes: number[][] = []
  for (let first = 0; first < records.length; first += piece) {
    const changed = books.apply(bytes, first, Math.min(piece, records.length - first))
    changes.push([...books.page.slice(0, changed)])
  }
  const totals = new Float64Array(BOOKS_TOTALS)
  books.totals(totals)
  const sides = Array.from({ length: 2 * totals[0]! }, (_, i) => {
    const [out, counts] = [new Float64Array(2 * LEVELS_MOST + 2), new Float64Array(BOOK_COUNTS)]
    const [book, side] = [i >> 1, i & 1]
    const levels = books.levels(book, side, LEVELS_MOST + 1, out)
    books.counts(book, counts)
    return { levels, out, counts, reach: books.reach(book, side), price: books.priceFor(book, side, 1) }
  })
  return { changes, page: books.page, totals: totals.slice(0, 3), sides }
}

onBoth(
  'both backends make the same books of records with any flags and numbers',
  [fc.constantFrom(...rules), fc.array(anyLevel, { maxLength: 40 }), fc.integer({ min: 1, max: 9 })],
  (t, continuity, records, piece) => {
    const [first, second] = backends.map((backend) => toldBy(backend, continuity, records, piece))
    t.deepEqual(first, second)
  },
  { numRuns: 1_500 },
)

for (const backend of backends) {
  testProp(
    `records of any bytes give no more books and levels than there may be [${backend}]`,
    [fc.constantFrom(...rules), fc.array(fc.oneof(anyBytes, anyLevel), { maxLength: 40 })],
    (t, continuity, records) => {
      const { totals, sides } = toldBy(backend, continuity, records, 7) as {
        totals: Float64Array
        sides: { levels: number; out: Float64Array }[]
      }
      t.true(totals[0]! <= BOOKS_MOST && totals[1]! + totals[2]! <= records.length)
      for (const { levels, out } of sides) {
        t.true(levels <= LEVELS_MOST)
        t.true(out.slice(0, 2 * levels).every((value) => value > 0 && value < Infinity))
      }
    },
    { numRuns: 500 },
  )
}

forEachBackend('hostile records', (test, { openBus }) => {
  test('they arrive in another thread as what they say would, and those behind them arrive', async (t) => {
    const bus = openBus(t, { schema: marketSchema, epoch: instant })
    const [thread] = (await bus.spawn(fixture('collector.mjs'))).threadIds
    const all = fc.sample(fc.tuple(anyBytes, fc.nat(0xffff_ffff), fc.nat(2)), { numRuns: 300, seed: 1 })
    const records = all.map(([bytes, word, how]) => recordOf(bytes, word, how, bus.epoch))
    for (const { topic, record } of records) bus.publish(topic, messageOf(record))
    for (const { topic, record } of records) (bus.topic(topic) as unknown as TopicHandle).publishRecord(record)
    const { seen, lost, stats } = await collected(bus, thread!, 2 * records.length)
    t.deepEqual(seen.slice(records.length), seen.slice(0, records.length))
    t.deepEqual(lost, [])
    t.true(stats.every(({ undecodable }) => undecodable === 0))
  })
})

/** A quote or a trade of any bytes. Its kind word is any, too, or says the right kind with anything beside it. */
function recordOf(
  bytes: Uint8Array,
  word: number,
  how: number,
  epoch: Epoch,
): { topic: string; record: WrittenRecord } {
  const views = viewsOf(bytes.slice().buffer)
  // A time that is no number has no bigint to be read as.
  views.doubles[RECORD_DOUBLE_EVENT] = 5
  views.doubles[RECORD_DOUBLE_INIT] = 6
  const isQuote = word % 2 === 0
  const codec = (isQuote ? quoteCodec : tradeCodec) as unknown as RecordCodec<unknown>
  const head = how === 0 ? word : ((word & ~0xff) | codec.kind) >>> 0
  const topic = isQuote ? 'data.quotes.X.A' : 'data.trades.X.A'
  return { topic, record: { codec, views, at: 0, head, epoch } }
}

function messageOf({ codec, views, at, head, epoch }: WrittenRecord): unknown {
  return codec.read(views, at, epoch, head)
}
