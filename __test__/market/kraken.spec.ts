import { deepStrictEqual } from 'node:assert'
import { crc32 } from 'node:zlib'
import { fc } from '@fast-check/ava'
import test from 'ava'
import { Epoch } from 'tickbus'
import { recordedBooks, RecordedMarket } from 'tickbus/market'
import { capturedIn, pathOf, withCapture } from './captures.js'
import { Book, LevelRecords } from '../../dist/fallback/market/book/index.js'
import { COUNT_RECORDS, RECORD_BYTES } from '../../dist/layout.js'
import { sameAsOracle } from './as-written.js'
import { sameOfAnyText, sameOfChanged } from './both-backends.js'
import { backends, framesOf, messageOf, open, openCore, plain, rejectionOf } from './decoding.js'
import { expectedOf } from './kraken-oracle.js'
import { line, Scratch } from './samples.js'
import { decimal, whole } from './writing.js'

const captures = [
  ['kraken.ws.49.0.gz', { quotes: 18, trades: 0, bookUpdates: 0, other: 42, rejected: 0 }],
  ['kraken.ws.50.0.gz', { quotes: 0, trades: 0, bookUpdates: 4_279, other: 42, rejected: 0 }],
] as const

for (const backend of backends) {
  for (const [capture, counts] of captures) {
    withCapture(capture, `the capture ${capture} decodes to what JSON.parse reads in it [${backend}]`, async (t) => {
      const captured = capturedIn(capture)
      const expected = captured.flatMap(({ text, tsInit }) => expectedOf(JSON.parse(text), tsInit))
      const market = await RecordedMarket.open([pathOf(capture)], backend)
      let seen = 0
      for await (const decoded of market.messages(new Epoch(market.epochNs))) {
        deepStrictEqual(plain(decoded), expected[seen], `message ${seen}`)
        seen += 1
      }
      t.is(seen, expected.length)
      t.like(market.counts, { ...counts, total: captured.length })
      t.deepEqual(market.faults, [])
    })
  }

  withCapture('kraken.ws.50.0.gz', `recorded books agree with every checksum [${backend}]`, async (t) => {
    const { books, faults } = await recordedBooks([pathOf('kraken.ws.50.0.gz')], { backend })
    const sum = (of: 'verified' | 'snapshots') => books.reduce((all, { book }) => all + book.counts[of], 0)
    t.is(books.length, 10)
    t.is(sum('verified'), 4_269)
    t.is(sum('snapshots'), 10)
    t.true(books.every(({ book }) => book.state === 'live' && book.continuity === 'checksum'))
    t.deepEqual(faults, [])
  })
}

const pair = fc.constantFrom('XBT/USD', 'ETH/EUR', 'ADA/XBT')
const symbol = fc.constantFrom('BTC/USD', 'DOGE/BTC', 'MATIC/USD')
const seconds = fc
  .tuple(fc.integer({ min: 1_723_161_250, max: 1_723_171_350 }), fc.integer({ min: 0, max: 999_999 }))
  .map(([whole, micros]) => `${whole}.${String(micros).padStart(6, '0')}`)
const time = fc
  .integer({ min: 0, max: 86_399_999 })
  .map((ms) => new Date(Date.UTC(2024, 7, 9) + ms).toISOString().replace('Z', '456Z'))
const level = fc.tuple(decimal, decimal, seconds)
const side = fc.array(level, { minLength: 1, maxLength: 5 })
const channel = fc.nat(9_999)
const checksum = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 3 })
const levels = fc.array(fc.record({ price: decimal, qty: decimal }), { maxLength: 5 })

/** Messages of the first protocol, and of the second as the public documentation shows them. */
const content = fc.oneof(
  fc.tuple(channel, fc.record({ as: side, bs: side }), fc.constant('book-1000'), pair),
  fc.tuple(channel, fc.record({ a: side, c: checksum.map(String) }), fc.constant('book-10'), pair),
  fc.tuple(
    channel,
    fc.record({ a: side }),
    fc.record({ b: side, c: checksum.map(String) }),
    fc.constant('book-25'),
    pair,
  ),
  fc.tuple(
    channel,
    fc.record({
      a: fc.tuple(decimal, whole, decimal),
      b: fc.tuple(decimal, whole, decimal),
      c: fc.tuple(decimal, decimal),
    }),
    fc.constant('ticker'),
    pair,
  ),
  fc.tuple(channel, fc.tuple(decimal, decimal, seconds, decimal, decimal), fc.constant('spread'), pair),
  fc.tuple(
    channel,
    list(fc.tuple(decimal, decimal, seconds, fc.constantFrom('b', 's'), fc.constantFrom('l', 'm'), fc.constant(''))),
    fc.constant('trade'),
    pair,
  ),
  fc.record({
    channel: fc.constant('ticker'),
    type: fc.constantFrom('snapshot', 'update'),
    data: list(
      fc.record({
        symbol,
        bid: decimal,
        bid_qty: decimal,
        ask: decimal,
        ask_qty: decimal,
        last: decimal,
        timestamp: fc.option(time, { nil: undefined }),
      }),
    ),
  }),
  fc.record({
    channel: fc.constant('trade'),
    type: fc.constantFrom('snapshot', 'update'),
    data: list(
      fc.record({
        symbol,
        side: fc.constantFrom('buy', 'sell'),
        price: decimal,
        qty: decimal,
        ord_type: fc.constant('limit'),
        trade_id: whole,
        timestamp: time,
      }),
    ),
  }),
  fc.record({
    channel: fc.constant('book'),
    type: fc.constantFrom('snapshot', 'update'),
    data: list(
      fc.record({
        symbol,
        bids: levels,
        asks: levels,
        checksum,
        timestamp: fc.option(time, { nil: undefined }),
      }),
    ),
  }),
)

sameAsOracle('kraken', content, expectedOf)

sameOfChanged('KRAKEN', content)

sameOfAnyText(
  'KRAKEN',
  fc.json().map((text) => `{"channel":"book","type":"update","data":${text}}`),
  fc
    .tuple(fc.json(), fc.constantFrom('book-10', 'trade', 'spread', 'ticker'))
    .map(([text, name]) => `[1,${text},"${name}","XBT/USD"]`),
)

/** Written by hand from the public documentation, as all frames below. */
const snapshot = { as: [['5541.30000', '2.50700000', '1723161253.248123']], bs: [] }
const asks = [['5541.30000', '2.50700000', '1723161253.248123']]
const trade = ['5541.20000', '0.15850568', '1723161253.321597', 's', 'l', '']
const ticker = { symbol: 'ALGO/USD', bid: 0.10025, bid_qty: 740, ask: 0.10036, ask_qty: 1_361.44813783 }
const update = { symbol: 'MATIC/USD', bids: [{ price: 0.5657, qty: 1_098.3947558 }], asks: [], checksum: 2_114_181_697 }
const listed = (name: string, ...payloads: unknown[]) => [0, ...payloads, name, 'XBT/USD']
const data = (channel: string, item: unknown, type = 'update') => ({ channel, type, data: [item] })

for (const backend of backends) {
  const kraken = () => open(backend, { market: 'kraken' })

  test(`both protocols' names of a pair are one instrument [${backend}]`, (t) => {
    const idOf = (frame: unknown) => framesOf(kraken(), [frame])[0]!.instrument.id
    t.is(idOf(listed('trade', [trade])), 'XBT/USD.KRAKEN')
    t.is(idOf(data('ticker', { ...ticker, symbol: 'BTC/USD' })), 'XBT/USD.KRAKEN')
    t.is(idOf(data('ticker', { ...ticker, symbol: 'DOGE/BTC' })), 'XDG/XBT.KRAKEN')
    t.is(idOf(data('ticker', { ...ticker, symbol: 'WBTC/USD' })), 'WBTC/USD.KRAKEN')
  })

  test(`a price with an exponent is the number it stands for [${backend}]`, (t) => {
    const frame =
      '{"channel":"ticker","type":"update","data":[{"symbol":"A/B","bid":1e-8,"bid_qty":1E+2,"ask":2e-8,"ask_qty":0}]}'
    t.like(messageOf(kraken(), frame), { bidPrice: 1e-8, bidSize: 100, askPrice: 2e-8, askSize: 0 })
  })

  test(`a level that comes back into the window has its old time, and the update the newest [${backend}]`, (t) => {
    const frame = listed('book-10', { a: [...asks, ['5542', '1', '1723161250.1', 'r']], c: '974942666' })
    t.like(messageOf(kraken(), frame), { tsEvent: 1_723_161_253_248_123_000n, checksum: 974_942_666 })
  })

  test(`frames of other kinds are counted under the venue's name for them [${backend}]`, (t) => {
    const decoder = kraken()
    const frames = [
      { event: 'heartbeat' },
      { event: 'subscriptionStatus', status: 'error', errorMessage: 'Currency pair not supported', pair: 'A/B' },
      { event: 'pong', reqid: 42 },
      listed('ohlc-5', ['1542057314.748456', '1542057360.435743', '3586.70000']),
      [[{ OGTT3Y: { status: 'closed' } }], 'openOrders', { sequence: 59_342 }],
      { channel: 'heartbeat' },
      { channel: 'status', type: 'update', data: [{ system: 'online', version: '2.0.0' }] },
      { channel: 'instrument', type: 'snapshot', data: { assets: [], pairs: [] } },
      { method: 'subscribe', result: { channel: 'book' }, success: true, time_in: '2023-09-25T09:04:31.742599Z' },
      { method: 'pong', req_id: 101 },
      { error: 'Currency pair not supported', method: 'subscribe', success: false },
      data('level3', { symbol: 'MATIC/USD' }),
      { channel: 'trade', type: 'update', data: [] },
    ]
    t.deepEqual(framesOf(decoder, frames), [])
    // A list that does not end with two names takes the general parser.
    t.like(decoder.counts, { frames: 13, ignored: 13, rejected: 0, general: 1 })
    t.deepEqual(
      decoder.report.ignored.map(({ name, count }) => [name, count]),
      [
        ['heartbeat', 2],
        ['error', 2],
        ['pong', 2],
        ['ohlc-5', 1],
        ['openOrders', 1],
        ['status', 1],
        ['instrument', 1],
        ['subscribe', 1],
        ['level3', 1],
        ['trade', 1],
      ],
    )
  })

  for (const [what, frame, reason] of [
    ['a number', '17', 'object'],
    ['an empty list', [], 'kind'],
    ['a list without names', [0, snapshot], 'kind'],
    ['a list that is over before its payload', '[]0,{"a":[],"b":[]},"book-10","XBT/USD"]', 'json'],
    ['a list that is over before what is not decoded', '[]0,{},"ohlc-5","XBT/USD"]', 'json'],
    ['an object of something else', { hello: 1 }, 'kind'],
    ['a book of nobody', [0, snapshot, 'book-10'], 'field pair'],
    ['a book of nothing', [0, 'book-10', 'XBT/USD'], 'field payload'],
    ['a book without changes', listed('book-10', { c: '1' }), 'field payload'],
    ['a snapshot with one side alone', listed('book-10', { as: asks }), 'field bs'],
    ['a snapshot that is an update too', listed('book-10', snapshot, { a: asks }), 'field payload'],
    ['a side twice', listed('book-10', { a: asks }, { a: asks }), 'twice a'],
    ['a level without a time', listed('book-10', { a: [['5541.3', '2']] }), 'field a'],
    ['a level of a negative size', listed('book-10', { b: [['5541.3', '-2', '1723161253.2']] }), 'negative b'],
    ['a level of another year', listed('book-10', { b: [['5541.3', '2', '1534614057.3']] }), 'eventTime'],
    ['a checksum of more than 32 bits', listed('book-10', { a: asks, c: '4294967296' }), 'field c'],
    ['trades that are no list', listed('trade', { price: 1 }), 'field payload'],
    ['a trade of no side', listed('trade', [['1', '1', '1723161253.2', 'x']]), 'field side'],
    ['a trade of nothing', listed('trade', [['1', '0', '1723161253.2', 'b']]), 'zero size'],
    ['a trade at no time', listed('trade', [['1', '1', 'now', 'b']]), 'field time'],
    ['a spread without a size', listed('spread', ['1', '2', '1723161253.2', '3']), 'field askVolume'],
    ['a ticker without a bid', listed('ticker', { a: ['1', 1, '1.5'] }), 'field b'],
    ['a channel without data', { channel: 'book', type: 'update' }, 'field data'],
    ['data that are no list', { channel: 'book', type: 'update', data: {} }, 'field data'],
    ['data of no kind', { channel: 'book', data: [update] }, 'field type'],
    ['a book of an unknown kind', data('book', update, 'diff'), 'field type'],
    ['a book without a checksum', data('book', { ...update, checksum: undefined }), 'field checksum'],
    ['a checksum of 33 bits', data('book', { ...update, checksum: 2 ** 32 }), 'field checksum'],
    ['a book with one side alone', data('book', { ...update, asks: undefined }), 'field asks'],
    ['a level without a size', data('book', { ...update, asks: [{ price: 1 }] }), 'field asks'],
    ['a ticker of nobody', data('ticker', { ...ticker, symbol: 7 }), 'field symbol'],
    ['a trade without an id', data('trade', { symbol: 'A/B', side: 'buy', price: 1, qty: 1 }), 'field trade_id'],
  ] as const) {
    test(`${what} is rejected with the reason [${backend}]`, (t) => {
      t.is(rejectionOf(kraken(), frame), reason)
    })
  }
}

test('a book of records is checked by what they carry', (t) => {
  const decoder = openCore('js', 'KRAKEN')
  const memory = new ArrayBuffer(8 * RECORD_BYTES)
  const checksum = { kind: 'kraken', pricePlaces: 2, sizePlaces: 0 } as const
  const limits = { limit: 100, window: Infinity, snapshotLevels: Infinity }
  const book = new Book({ continuity: 'checksum', checksum, ...limits })
  const apply = (payload: object) => {
    const frame = Buffer.from(JSON.stringify(listed('book-10', payload)))
    decoder.decodeFrames([frame], 0, new Float64Array(1), new Uint8Array(memory))
    return book.apply(new LevelRecords(memory), 0, decoder.counts[COUNT_RECORDS]!)
  }
  const bid = ['5.01', '2', '1723161253.1']
  t.is(apply({ as: [['5.03', '1', '1723161253.1']], bs: [] }), 'live')
  t.is(apply({ b: [bid], c: String(crc32('50315012')) }), 'live')
  t.is(book.counts.verified, 1)
  t.is(apply({ b: [bid], c: String((crc32('50315012') ^ 1) >>> 0) }), 'stale')
  t.is(book.fault, 'checksum')
})

/** A recording of the second protocol: what is said of the book, the book, and a change. */
function recordingOf(
  t: { teardown(fn: () => void): void },
  checksums: readonly number[],
  isDescribed: boolean,
): string {
  const precisions = { symbol: 'BTC/USD', price_precision: 1, qty_precision: 8 }
  const result = { channel: 'book', depth: 10, symbol: 'BTC/USD', snapshot: true }
  const described = [
    { channel: 'instrument', type: 'snapshot', data: { assets: [], pairs: [precisions] } },
    { method: 'subscribe', result, success: true },
  ]
  const book = { symbol: 'BTC/USD', bids: [{ price: 45_283.5, qty: 0.1 }], asks: [{ price: 45_285, qty: 0.001 }] }
  const frames = [
    ...(isDescribed ? described : []),
    data('book', { ...book, checksum: checksums[0] }, 'snapshot'),
    data('book', { ...book, bids: [{ price: 45_283.5, qty: 0 }], checksum: checksums[1] }),
  ]
  return new Scratch(t).recording(
    'kraken_book.gz',
    frames.map((frame, i) => line(i, frame)),
  )
}

const right = [crc32('45285010000045283510000000'), crc32('452850100000')]

test('a recording of the second protocol says how its books are checked', async (t) => {
  const { books } = await recordedBooks([recordingOf(t, right, true)])
  t.is(books[0]!.instrument.id, 'XBT/USD.KRAKEN')
  t.like(books[0]!.book, { state: 'live', continuity: 'checksum' })
  t.is(books[0]!.book.counts.verified, 2)
  t.deepEqual(books[0]!.book.best('ask'), [45_285, 0.001])
})

test('a wrong checksum in a recording makes the book stale', async (t) => {
  const { books } = await recordedBooks([
    recordingOf(
      t,
      [right[0]!, right[1]! ^ 1].map((sum) => sum >>> 0),
      true,
    ),
  ])
  t.like(books[0]!.book, { state: 'stale', fault: 'checksum' })
})

test('a recording that does not say how its books are checked has them unverified', async (t) => {
  const { books } = await recordedBooks([recordingOf(t, right, false)])
  t.like(books[0]!.book, { state: 'live', continuity: 'unverified' })
})

test('levels that fall out of the subscribed depth are gone from the book', async (t) => {
  const bids = Array.from({ length: 10 }, (_, i) => [`${20 - i}.0`, '1.0', '1700000000.1'])
  const better = { b: [['21.0', '1.0', '1700000000.2']], c: '0' }
  const frames = [listed('book-10', { as: [], bs: bids }), listed('book-10', better)]
  const file = new Scratch(t).recording(
    'kraken_xbt.gz',
    frames.map((frame, i) => line(i, frame)),
  )
  const { books } = await recordedBooks([file], { at: 1_700_000_000_000_000_000n })
  t.is(books[0]!.book.depth(20)!.bids.length, 10)
  const sum = crc32([210, 200, 190, 180, 170, 160, 150, 140, 130, 120].map((price) => `${price}10`).join(''))
  const right = line(1, listed('book-10', { ...better, c: String(sum) }))
  const whole = await recordedBooks([new Scratch(t).recording('kraken_xbt.gz', [line(0, frames[0]), right])])
  t.is(whole.books[0]!.book.counts.verified, 1)
  t.deepEqual(whole.books[0]!.book.depth(20)!.bids.at(-1), [12, 1])
})
