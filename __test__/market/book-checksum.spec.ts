import { crc32 } from 'node:zlib'
import test from 'ava'
import { type BookUpdate, type Level, OrderBook } from 'tickbus/market'
import { capturedIn, withCapture } from './captures.js'

/** The frames of a capture that are JSON. */
function framesOf(name: string): unknown[] {
  return capturedIn(name).flatMap(({ text }) => (/^[[{]/.test(text) ? [JSON.parse(text)] : []))
}

function update(kind: BookUpdate['kind'], bids: readonly string[][] = [], asks: readonly string[][] = []): BookUpdate {
  const levels = (side: readonly string[][]): Level[] => side.map(([price, size]) => [Number(price), Number(size)])
  const numbers = { firstSequence: 0, lastSequence: 0, tsEvent: 1n, tsInit: 1n }
  return { kind, ...numbers, bids: levels(bids), asks: levels(asks) }
}

interface KrakenChanges {
  as?: string[][]
  bs?: string[][]
  a?: string[][]
  b?: string[][]
  c?: string
}

interface OkxFrame {
  action?: string
  arg: { instId: string }
  data: [{ bids: string[][]; asks: string[][]; checksum: number }]
}

withCapture('kraken.ws.50.0.gz', 'the checksum of every recorded Kraken update is right', (t) => {
  const books = new Map<string, OrderBook>()
  let checksums = 0
  for (const frame of framesOf('kraken.ws.50.0.gz')) {
    if (!Array.isArray(frame)) continue
    const pair = frame.at(-1) as string
    const parts: KrakenChanges = Object.assign({}, ...frame.slice(1, -2))
    if (parts.as !== undefined) {
      const places = (text: string) => text.length - 1 - text.indexOf('.')
      const [price, size] = parts.as[0]!
      const checksum = { kind: 'kraken', pricePlaces: places(price!), sizePlaces: places(size!) } as const
      books.set(pair, new OrderBook({ continuity: 'checksum', checksum, window: 1_000 }))
      books.get(pair)!.apply(update('snapshot', parts.bs, parts.as))
    } else {
      checksums += 1
      books.get(pair)!.apply(update('delta', parts.b, parts.a), Number(parts.c))
    }
  }
  const all = [...books.values()].map(({ state, counts }) => ({ state, ...counts }))
  t.is(checksums, 4_269)
  t.is(
    all.reduce((sum, { verified }) => sum + verified, 0),
    checksums,
  )
  t.true(all.every(({ state }) => state === 'live'))
})

withCapture('okx.ws.1.0.gz', 'the checksum of every recorded OKX snapshot and update is right', (t) => {
  const books = new Map<string, OrderBook>()
  let checksums = 0
  for (const frame of framesOf('okx.ws.1.0.gz')) {
    const { action, arg, data } = frame as OkxFrame
    if (action === undefined) continue
    const [{ bids, asks, checksum }] = data
    if (!books.has(arg.instId)) {
      books.set(arg.instId, new OrderBook({ continuity: 'checksum', checksum: { kind: 'okx' }, window: 400 }))
    }
    checksums += 1
    t.is(books.get(arg.instId)!.apply(update(action === 'snapshot' ? action : 'delta', bids, asks), checksum), 'live')
  }
  t.is(checksums, 290)
})

test('a checksum that differs by one bit makes the book stale, and a snapshot heals it', (t) => {
  for (const [checksum, text] of [
    [{ kind: 'kraken', pricePlaces: 5, sizePlaces: 8 }, '503000100000000501000200000000'],
    [{ kind: 'okx' }, '5.01:2:5.03:1'],
  ] as const) {
    const snapshot = update('snapshot', [['5.01', '2']], [['5.03', '1']])
    const book = new OrderBook({ continuity: 'checksum', checksum })
    t.is(book.apply(snapshot, crc32(text)), 'live')
    t.is(book.apply(update('delta'), crc32(text) ^ 1), 'stale')
    t.is(book.fault, 'checksum')
    t.is(book.best('bid'), undefined)
    t.is(book.apply(update('delta'), crc32(text)), 'stale')
    t.is(book.apply(snapshot, crc32(text) | 0), 'live')
    t.like(book.counts, { verified: 2, checksum: 1, early: 1 })
  }
})

test("OKX's text has no exponents, however small or large a number is", (t) => {
  const book = new OrderBook({ continuity: 'checksum', checksum: { kind: 'okx' } })
  const text = '0.00000012:1500000000000000000000:0.00000013:0.0000001'
  const bids = [['0.00000012', '1500000000000000000000']]
  t.is(book.apply(update('snapshot', bids, [['0.00000013', '0.0000001']]), crc32(text)), 'live')
})
