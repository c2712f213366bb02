import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import test from 'ava'
import { Epoch } from 'tickbus'
import { recordedBooks, RecordedMarket, replay } from 'tickbus/market'
import { capturedIn, pathOf, withCapture } from './captures.js'
import { line, Scratch } from './samples.js'

const captures = [
  { name: 'bybit.ws.25.0.gz', instruments: 8, quotes: 0, trades: 101, bookUpdates: 3_260, other: 16 },
  { name: 'okx.ws.1.0.gz', instruments: 3, quotes: 28, trades: 74, bookUpdates: 290, other: 18 },
]

for (const { name, instruments, ...counts } of captures) {
  withCapture(name, `${name} is replayed whole, and its dump holds every message`, async (t) => {
    const dump = `${new Scratch(t).folder}/dump.ndjson`
    const result = await replay([pathOf(name)], { dump })
    const { quotes, trades, bookUpdates } = counts
    t.like(result.messages, { ...counts, rejected: 0 })
    t.is(result.delivered, quotes + trades + bookUpdates)
    t.is(result.lost, 0)
    t.true(result.proof.isSame)
    t.deepEqual(result.faults, [])
    const lines = readFileSync(dump, 'utf8').trimEnd().split('\n')
    const kinds = (kind: string) => lines.filter((text) => JSON.parse(text).kind === kind).length
    t.deepEqual([kinds('quote'), kinds('trade'), kinds('book')], [quotes, trades, bookUpdates])
    const receivedAt = new Set(capturedIn(name).map(({ tsInit }) => String(tsInit)))
    t.true(lines.every((text) => receivedAt.has(JSON.parse(text).tsInit)))
  })

  withCapture(name, `the books of ${name} are live at its end`, async (t) => {
    const { books, faults } = await recordedBooks([pathOf(name)])
    t.is(books.length, instruments)
    t.deepEqual(faults, [])
    for (const { book, instrument } of books) t.like(book, { state: 'live' }, instrument.id)
  })
}

const book = (u: number, type = 'delta', b: string[][] = []) => ({
  topic: 'orderbook.50.BTCUSDT',
  type,
  ts: 1_700_000_000_000,
  data: { s: 'BTCUSDT', b, a: [], u, seq: 1 },
})

test('a recording is of the market that its name says, and of all instruments in it', async (t) => {
  const trades = (s: string) => ({
    topic: `publicTrade.${s}`,
    data: [{ T: 1_700_000_000_000, s, S: 'Buy', v: '1', p: '2', i: '20f43950-d8dd-5b31-9112-a178eb6023af' }],
  })
  const lines = [line(1, trades('BTCUSDT')), line(2, trades('ETHUSDT'))]
  const market = await RecordedMarket.open([new Scratch(t).recording('bybit-linear_20231114.gz', lines)])
  const ids = ['BTCUSDT-LINEAR.BYBIT', 'ETHUSDT-LINEAR.BYBIT']
  t.deepEqual(
    market.instruments.map(({ id }) => id),
    ids,
  )
  const seen: string[] = []
  for await (const { instrument, kind, message } of market.messages(new Epoch(market.epochNs))) {
    seen.push(instrument.id)
    t.is(kind === 'trade' && message.tradeId, '20f43950-d8dd-5b31-9112-a178eb6023af')
  }
  t.deepEqual(seen, ids)
})

test('the book of a recording of Bybit sees a gap', async (t) => {
  const frames = [book(7, 'snapshot', [['1', '1']]), book(8), book(10)]
  const file = new Scratch(t).recording(
    'bybit-spot_btcusdt.gz',
    frames.map((frame, i) => line(i, frame)),
  )
  const stateAt = async (afterNs: number) => {
    const { books } = await recordedBooks([file], { at: 1_700_000_000_000_000_000n + BigInt(afterNs) })
    return [books[0]!.instrument.id, books[0]!.book.state, books[0]!.book.fault]
  }
  t.deepEqual(await stateAt(1), ['BTCUSDT-SPOT.BYBIT', 'live', undefined])
  t.deepEqual(await stateAt(2), ['BTCUSDT-SPOT.BYBIT', 'stale', 'gap'])
})

test('a capture of Bybit says its market in the address', async (t) => {
  const marketOf = async (address: string, frame: object = book(1, 'snapshot')) => {
    const text = `${address} <-> 1699999999.1\n1700000000.5: ${JSON.stringify(frame)}\n`
    const market = await RecordedMarket.open([new Scratch(t).file('capture.gz', gzipSync(text))])
    await market.close()
    return market.instruments[0]!.id
  }
  t.is(await marketOf('wss://stream.bybit.com/v5/public/spot'), 'BTCUSDT-SPOT.BYBIT')
  t.is(await marketOf('wss://stream.bybit.com/v5/public/linear'), 'BTCUSDT-LINEAR.BYBIT')
  t.is(await marketOf('wss://stream-testnet.bybit.com/v5/public/inverse'), 'BTCUSDT-INVERSE.BYBIT')
  t.is(await marketOf('wss://stream.bytick.com/v5/public/option'), 'BTCUSDT-OPTION.BYBIT')
  t.is(await marketOf('wss://stream.bybit.com/realtime_public'), 'BTCUSDT-LINEAR.BYBIT')
  const arg = { channel: 'bbo-tbt', instId: 'BTC-USDT' }
  const quote = { arg, data: [{ bids: [], asks: [], ts: '1700000000000', seqId: 1 }] }
  t.is(await marketOf('wss://ws.okx.com:8443/ws/v5/public', quote), 'BTC-USDT.OKX')
  for (const address of ['wss://stream.bybit.com/v5/private', 'wss://ws.notokx.com/ws/v5/public']) {
    await t.throwsAsync(marketOf(address), { code: 'TICKBUS_RECORDING' })
  }
})
