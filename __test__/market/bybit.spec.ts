// Frames of v2 are recorded, or written by hand in the same form. Those of v5 are written by hand from
// https://bybit-exchange.github.io/docs/v5/websocket/public/ (orderbook, trade, ticker) and .../docs/v5/ws/connect.
import { deepStrictEqual } from 'node:assert'
import test from 'ava'
import { type FeedMarket, OrderBook } from 'tickbus/market'
import { bookOptions } from './book-options.js'
import { type Captured, withCapture } from './captures.js'
import { decodeCaptured } from './decode-captured.js'
import { backends, framesOf, messageOf, open, plain, rejectionOf } from './decoding.js'

for (const backend of backends) {
  withCapture(
    'bybit.ws.25.0.gz',
    `the captured frames decode to what JSON.parse reads in each of them [${backend}]`,
    (t) => {
      const { frames, messages, decoder } = decodeCaptured(backend, 'bybit-v2', 'bybit.ws.25.0.gz')
      const expected = frames.flatMap((frame) => expectedOf(frame))
      for (const [i, message] of messages.entries()) deepStrictEqual(plain(message), expected[i], `message ${i}`)
      t.is(messages.length, expected.length)
      t.like(decoder.counts, { frames: 3_342, trades: 101, bookUpdates: 3_260, ignored: 16, rejected: 0, imprecise: 0 })
      t.is(decoder.counts.general, 0)
      t.deepEqual(decoder.report.ignored, [{ name: 'reply', count: 16 }])
    },
  )

  withCapture('bybit.ws.25.0.gz', `the books of the capture are what all its levels make [${backend}]`, (t) => {
    const { frames, messages } = decodeCaptured(backend, 'bybit-v2', 'bybit.ws.25.0.gz')
    const books = new Map<string, OrderBook>()
    const levels = new Map<string, Map<string, [number, number]>>()
    let updates = 0
    for (const { kind, instrument, message } of messages) {
      if (kind !== 'book') continue
      const book = books.get(instrument.symbol) ?? new OrderBook(bookOptions['bybit-v2'])
      books.set(instrument.symbol, book)
      t.is(book.apply(message), 'live')
    }
    for (const { text } of frames) {
      const { topic = '', type, data } = JSON.parse(text)
      if (!topic.startsWith('orderBookL2_25')) continue
      const symbol = topic.split('.')[1]
      const known = type === 'snapshot' ? new Map<string, [number, number]>() : levels.get(symbol)!
      levels.set(symbol, known)
      // Their ids say what a level is, where ours go by side and price.
      for (const { side, id } of data.delete ?? []) known.delete(side + id)
      for (const { side, id, price, size } of [
        ...(data.order_book ?? []),
        ...(data.update ?? []),
        ...(data.insert ?? []),
      ])
        known.set(side + id, [Number(price), size])
      updates += 1
    }
    t.is(updates, 3_260)
    t.is(books.size, 8)
    for (const [symbol, book] of books) {
      const side = (name: string, sign: number) =>
        [...levels.get(symbol)!]
          .filter(([key]) => key.startsWith(name))
          .map(([, level]) => level)
          .toSorted(([a], [b]) => sign * (a - b))
      t.deepEqual(book.depth(100), { bids: side('Buy', -1), asks: side('Sell', 1) }, symbol)
    }
  })
}

/** What a captured frame says, read the plain way. */
function expectedOf({ tsInit, text }: Captured): object[] {
  const { topic, type, data, cross_seq: cross, timestamp_e6: us } = JSON.parse(text)
  if (topic === undefined) return []
  const symbol = topic.split('.').at(-1)
  if (topic.startsWith('trade.')) {
    return data.map((trade: Record<string, string>) => ({
      topic: `data.trades.BYBIT.${symbol}-LINEAR`,
      price: Number(trade.price),
      size: trade.size,
      aggressorSide: trade.side === 'Buy' ? 'BUYER' : 'SELLER',
      tradeId: trade.trade_id,
      tsEvent: BigInt(trade.trade_time_ms!) * 1_000_000n,
      tsInit,
    }))
  }
  const all = [
    ...(data.order_book ?? []),
    ...(data.delete ?? []).map((level: object) => ({ ...level, size: 0 })),
    ...(data.update ?? []),
    ...(data.insert ?? []),
  ]
  const levels = (side: string) =>
    all.filter((level) => level.side === side).map(({ price, size }) => [Number(price), size])
  return [
    {
      topic: `data.book.deltas.BYBIT.${symbol}-LINEAR`,
      kind: type,
      firstSequence: Number(cross),
      lastSequence: Number(cross),
      bids: levels('Buy'),
      asks: levels('Sell'),
      tsEvent: BigInt(us) * 1_000n,
      tsInit,
    },
  ]
}

const book = {
  topic: 'orderbook.50.BTCUSDT',
  type: 'snapshot',
  ts: 1_723_161_256_304,
  data: {
    s: 'BTCUSDT',
    b: [
      ['16493.50', '0.006'],
      ['16493.00', '0.100'],
    ],
    a: [['16611.00', '0.029']],
    u: 18_521_288,
    seq: 7_961_638_724,
  },
  cts: 1_723_161_256_303,
}
const delta = (u: number, b: string[][], a: string[][]) => ({
  ...book,
  type: 'delta',
  data: { s: 'BTCUSDT', b, a, u, seq: 1 },
})
const trade = {
  T: 1_723_161_256_865,
  s: 'BTCUSDT',
  S: 'Buy',
  v: '0.001',
  p: '16578.50',
  L: 'PlusTick',
  i: '20f43950-d8dd-5b31-9112-a178eb6023af',
  BT: false,
}
const trades = (...data: object[]) => ({
  topic: 'publicTrade.BTCUSDT',
  type: 'snapshot',
  ts: 1_723_161_256_868,
  data,
})
const top = (type: string, u: number, b: string[][], a: string[][]) => ({
  topic: 'orderbook.1.BTCUSDT',
  type,
  ts: 1_723_161_256_749,
  data: { s: 'BTCUSDT', b, a, u, seq: 1 },
  cts: 1_723_161_256_748,
})
const ticker = (type: string, data: object) => ({
  topic: 'tickers.BTCUSDT',
  type,
  data: { symbol: 'BTCUSDT', ...data },
  cs: 24_987_956_059,
  ts: 1_723_161_256_686,
})
const wholeTicker = { bid1Price: '17215.50', bid1Size: '84.489', ask1Price: '17216.00', ask1Size: '83.020' }
/** Contracts in USD list their levels without a name around them. */
const older = {
  topic: 'orderBook_200.100ms.BTCUSD',
  type: 'snapshot',
  data: [{ price: '2999.00', symbol: 'BTCUSD', id: 29_990_000, side: 'Buy', size: 9 }],
  cross_seq: 11_518,
  timestamp_e6: 1_723_161_257_164_875,
}
const olderDelta = {
  ...older,
  type: 'delta',
  data: {
    delete: [{ price: '3001.00', symbol: 'BTCUSD', id: 30_010_000, side: 'Sell' }],
    update: [{ price: '2999.00', symbol: 'BTCUSD', id: 29_990_000, side: 'Buy', size: 8 }],
    insert: [{ price: '2998.00', symbol: 'BTCUSD', id: 29_980_000, side: 'Buy', size: 8 }],
    transactTimeE6: 0,
  },
}
const olderTrade = {
  timestamp: '2024-08-08T23:54:19.000Z',
  trade_time_ms: 1_723_161_259_000,
  symbol: 'BTCUSD',
  side: 'Sell',
  size: 3,
  price: 8_098,
  tick_direction: 'MinusTick',
  trade_id: '00c706e1-ba52-5bb0-98d0-bf694bdc69f7',
}

for (const backend of backends) {
  const linear = () => open(backend, { market: 'bybit-linear' })
  const v2 = () => open(backend, { market: 'bybit-v2' })

  test(`a snapshot and a delta of v5 have the numbers by which a book follows them [${backend}]`, (t) => {
    const [first, second] = framesOf(linear(), [book, delta(18_521_289, [['16493.50', '0']], [])])
    t.is(first!.topic, 'data.book.deltas.BYBIT.BTCUSDT-LINEAR')
    t.is(first!.instrument.id, 'BTCUSDT-LINEAR.BYBIT')
    t.like(first!.message, { kind: 'snapshot', firstSequence: 18_521_288, lastSequence: 18_521_288 })
    t.like(first!.message, { tsEvent: 1_723_161_256_303_000_000n })
    t.false('previousSequence' in second!.message)
    t.like(second!.message, { kind: 'delta', lastSequence: 18_521_289, bids: [[16_493.5, 0]], asks: [] })
    const kept = new OrderBook(bookOptions['bybit-linear'])
    if (first!.kind !== 'book' || second!.kind !== 'book') return t.fail()
    t.is(kept.apply(first!.message), 'live')
    t.is(kept.apply(second!.message), 'live')
    t.deepEqual(kept.depth(5), { bids: [[16_493, 0.1]], asks: [[16_611, 0.029]] })
  })

  test(`a book sees that a delta of v5 is missing [${backend}]`, (t) => {
    const kept = new OrderBook(bookOptions['bybit-linear'])
    for (const { kind, message } of framesOf(linear(), [book, delta(18_521_290, [], [])])) {
      if (kind === 'book') kept.apply(message)
    }
    t.is(kept.fault, 'gap')
  })

  test(`a frame without the time of the matching engine has its own [${backend}]`, (t) => {
    t.like(messageOf(linear(), { ...book, cts: undefined }), { tsEvent: 1_723_161_256_304_000_000n })
  })

  test(`every trade of a frame is a message, with its UUID, number or text as it was [${backend}]`, (t) => {
    const decoder = linear()
    const ids = [trade.i, '2290000000061666327', '7', 'BTC-1/a']
    const messages = framesOf(decoder, [trades(...ids.map((i) => ({ ...trade, i, S: 'Sell' }))), trades(trade)])
    t.deepEqual(
      messages.map(({ kind, message }) => kind === 'trade' && message.tradeId),
      [...ids, trade.i],
    )
    t.like(messages[0]!.message, { price: 16_578.5, size: 0.001, aggressorSide: 'SELLER' })
    t.like(messages[4]!.message, { aggressorSide: 'BUYER', tsEvent: 1_723_161_256_865_000_000n })
    t.like(decoder.counts, { frames: 2, trades: 5 })
  })

  test(`trades of options come under their coin, and each names its own instrument [${backend}]`, (t) => {
    const options = open(backend, { market: 'bybit-option' })
    const data = [
      { ...trade, s: 'BTC-27JUN25-90000-C' },
      { ...trade, s: 'BTC-27JUN25-80000-P' },
    ]
    const ids = framesOf(options, [{ ...trades(...data), topic: 'publicTrade.BTC' }]).map(
      ({ instrument }) => instrument.id,
    )
    t.deepEqual(ids, ['BTC-27JUN25-90000-C-OPTION.BYBIT', 'BTC-27JUN25-80000-P-OPTION.BYBIT'])
  })

  test(`a book of one level is a quote, and a side that is empty a price of 0 [${backend}]`, (t) => {
    const quote = messageOf(linear(), top('snapshot', 72_212_457, [['63705.3', '2.045546']], [['63705.4', '2']]))
    t.like(quote, { bidPrice: 63_705.3, bidSize: 2.045546, askPrice: 63_705.4, askSize: 2, sequence: 72_212_457 })
    t.like(quote, { tsEvent: 1_723_161_256_748_000_000n })
    t.like(messageOf(linear(), top('snapshot', 1, [], [['2', '1']])), { bidPrice: 0, bidSize: 0, askPrice: 2 })
  })

  test(`a delta of one level changes the sides that it lists [${backend}]`, (t) => {
    const decoder = linear()
    const quotes = framesOf(decoder, [
      top('snapshot', 7, [['10', '1']], [['11', '2']]),
      top(
        'delta',
        8,
        [
          ['10', '0'],
          ['9', '3'],
        ],
        [],
      ),
      top('delta', 9, [], [['11', '0']]),
    ]).map(({ kind, message }) =>
      kind === 'quote' ? [message.bidPrice, message.bidSize, message.askPrice, message.askSize] : [],
    )
    t.deepEqual(quotes, [
      [10, 1, 11, 2],
      [9, 3, 11, 2],
      [9, 3, 0, 0],
    ])
  })

  test(`a delta of one level that does not follow is no quote, and neither are those behind it [${backend}]`, (t) => {
    const decoder = linear()
    const messages = framesOf(decoder, [
      top('delta', 6, [['10', '1']], []),
      top('snapshot', 7, [['10', '1']], [['11', '2']]),
      top('delta', 9, [['10', '4']], []),
      // The one that was missing comes late.
      top('delta', 8, [['10', '5']], []),
      top('snapshot', 11, [['10', '6']], [['11', '2']]),
    ])
    t.deepEqual(
      messages.map(({ kind, message }) => kind === 'quote' && message.bidSize),
      [1, 6],
    )
    t.deepEqual(decoder.report.ignored, [{ name: 'orderbook.1', count: 3 }])
  })

  test(`a ticker is a quote, and what a delta leaves out is as it was [${backend}]`, (t) => {
    const decoder = linear()
    const messages = framesOf(decoder, [
      ticker('delta', { bid1Price: '1' }),
      ticker('snapshot', { ...wholeTicker, lastPrice: '17216.00' }),
      ticker('delta', { indexPrice: '63986.66' }),
      ticker('delta', { ask1Price: '17217.00', ask1Size: '' }),
      { ...ticker('snapshot', { lastPrice: '21109.77' }), topic: 'tickers.ETHUSDT' },
    ])
    t.deepEqual(
      messages.map(({ kind, message }) =>
        kind === 'quote' ? [message.bidPrice, message.bidSize, message.askPrice, message.askSize] : [],
      ),
      [
        [17_215.5, 84.489, 17_216, 83.02],
        [17_215.5, 84.489, 17_217, 0],
      ],
    )
    t.like(messages[0]!.message, { sequence: 24_987_956_059, tsEvent: 1_723_161_256_686_000_000n })
    t.deepEqual(decoder.report.ignored, [{ name: 'tickers', count: 3 }])
  })

  test(`tickers and books of one level do not mix [${backend}]`, (t) => {
    const decoder = linear()
    const messages = framesOf(decoder, [
      ticker('snapshot', wholeTicker),
      top('delta', 24_987_956_060, [['1', '1']], []),
      top('snapshot', 7, [['10', '1']], [['11', '2']]),
      ticker('delta', { bid1Size: '5' }),
    ])
    t.like(messages.at(-1)!.message, { bidPrice: 17_215.5, bidSize: 5 })
    t.is(messages.length, 3)
  })

  test(`tickers of options have names of their own for the same [${backend}]`, (t) => {
    const data = { symbol: 'BTC-6JAN23-17500-C', bidPrice: '0', bidSize: '0', askPrice: '10', askSize: '5.1' }
    const frame = { topic: 'tickers.BTC-6JAN23-17500-C', ts: 1_723_161_256_353, type: 'snapshot', data }
    const quote = messageOf(open(backend, { market: 'bybit-option' }), frame)
    t.like(quote, { bidPrice: 0, bidSize: 0, askPrice: 10, askSize: 5.1, sequence: 0 })
  })

  test(`the levels of v2 are a list or named lists, and those deleted have a size of 0 [${backend}]`, (t) => {
    const [first, second] = framesOf(v2(), [older, olderDelta])
    t.is(first!.instrument.id, 'BTCUSD-INVERSE.BYBIT')
    t.like(first!.message, { kind: 'snapshot', firstSequence: 11_518, lastSequence: 11_518, bids: [[2_999, 9]] })
    t.like(first!.message, { tsEvent: 1_723_161_257_164_875_000n })
    const bids = [
      [2_999, 8],
      [2_998, 8],
    ]
    t.like(second!.message, { kind: 'delta', bids, asks: [[3_001, 0]] })
  })

  test(`trades of v2 say the same under longer names [${backend}]`, (t) => {
    const message = messageOf(v2(), { topic: 'trade.BTCUSD', data: [olderTrade] })
    t.like(message, { price: 8_098, size: 3, aggressorSide: 'SELLER', tradeId: olderTrade.trade_id })
    t.like(message, { tsEvent: 1_723_161_259_000_000_000n })
  })

  test(`what the data are may be said behind them [${backend}]`, (t) => {
    for (const frame of [
      book,
      trades(trade),
      top('snapshot', 1, [['1', '1']], []),
      older,
      ticker('snapshot', wholeTicker),
    ]) {
      const reversed = Object.fromEntries(Object.entries(frame).toReversed())
      const market: FeedMarket = frame === older ? 'bybit-v2' : 'bybit-linear'
      const [a, b] = [frame, reversed].map((written) => messageOf(open(backend, { market }), written))
      t.deepEqual(a, b)
    }
  })

  test(`frames of other kinds are counted under the venue's name for them [${backend}]`, (t) => {
    const decoder = linear()
    const connection = { conn_id: '465772b1-7630-4fdc-a492-e003e6f0f260' }
    t.deepEqual(
      framesOf(decoder, [
        { topic: 'kline.5.BTCUSDT', data: [{ start: 1, open: '1' }], ts: 1, type: 'snapshot' },
        { topic: 'liquidation.BTCUSDT', data: { size: 'x' } },
        { topic: 'instrument_info.100ms.BTCUSD', type: 'snapshot', data: { id: 1, bid1_price: '8185.50' } },
        { topic: 'orderbook.rpi.BTCUSDT', type: 'snapshot', data: { b: [['1', '1', '0']] } },
        { topic: 'orderbook.full.BTCUSDT', type: 'delta', data: { b: [], a: [] } },
        { ...trades(), ts: 1 },
        { success: true, ret_msg: '', ...connection, req_id: '1', op: 'subscribe' },
        { success: true, ret_msg: '', ...connection, request: { op: 'subscribe', args: [] } },
        { success: false, ret_msg: 'error:handler not found', ...connection, op: 'subscribe' },
        { success: true, ret_msg: 'pong', ...connection, op: 'ping' },
        { op: 'pong', args: ['1672916271846'] },
      ]),
      [],
    )
    t.like(decoder.counts, { frames: 11, ignored: 11, rejected: 0, general: 0, instruments: 0 })
    t.deepEqual(
      decoder.report.ignored.map(({ name, count }) => [name, count]),
      [
        ['kline', 1],
        ['liquidation', 1],
        ['instrument_info', 1],
        ['orderbook.rpi', 1],
        ['orderbook.full', 1],
        ['publicTrade', 1],
        ['reply', 2],
        ['error', 1],
        ['pong', 2],
      ],
    )
  })

  const of = (fields: object) => ({ ...book, data: { ...book.data, ...fields } })
  const old = (data: unknown) => ({ ...older, data })
  for (const [what, frame, reason] of [
    ['a frame of something else', { hello: 1 }, 'kind'],
    ['a topic that is no text', { ...book, topic: 1 }, 'field topic'],
    ['a topic without data', { ...book, data: undefined }, 'field data'],
    ['data twice', JSON.stringify(book).replace('{', '{"data":{},'), 'twice data'],
    ['a book that is neither whole nor a change', { ...book, type: 'partial' }, 'field type'],
    ['a book without a type', { ...book, type: undefined }, 'field type'],
    ['a book without data', { ...book, data: [] }, 'field data'],
    ['a book of nobody', of({ s: undefined }), 'field s'],
    ['a book without a number', of({ u: undefined }), 'field u'],
    ['a book of one side', of({ a: undefined }), 'field a'],
    ['a level without a size', of({ b: [['1']] }), 'field b'],
    ['a level of a negative size', of({ a: [['1', '-1']] }), 'negative a'],
    ['a book without a time', { ...book, ts: undefined, cts: undefined }, 'field ts'],
    ['a book of another century', { ...book, cts: 1 }, 'eventTime'],
    ['a best level of a negative price', top('snapshot', 1, [['-1', '1']], []), 'negative b'],
    ['a best level without asks', { ...top('snapshot', 1, [], []), data: { s: 'A', u: 1, b: [] } }, 'field a'],
    ['trades that are no list', { ...trades(), data: {} }, 'field data'],
    ['a trade that is no object', trades(1 as never), 'field data'],
    ['a trade without a side', trades({ ...trade, S: 'None' }), 'field S'],
    ['a trade of nothing', trades({ ...trade, v: '0' }), 'zero v'],
    ['a trade without a time', trades({ ...trade, T: undefined }), 'field T'],
    ['a trade without an id', trades({ ...trade, i: '' }), 'field i'],
    ['a second trade with an id that is too long', trades(trade, { ...trade, i: 'x'.repeat(25) }), 'field i'],
    ['a trade with a UUID in capitals', trades({ ...trade, i: trade.i.toUpperCase() }), 'field i'],
    ['a trade with a UUID that is none', trades({ ...trade, i: trade.i.replace('-', '0') }), 'field i'],
    ['half a ticker', ticker('snapshot', { bid1Price: '1' }), 'field ask1Price'],
    [
      'a ticker with a price that is no number',
      ticker('snapshot', { ...wholeTicker, bid1Price: 'x' }),
      'field bid1Price',
    ],
    ['a level of v2 on no side', old([{ ...older.data[0], side: 'Both' }]), 'field side'],
    ['a level of v2 without a size', old([{ ...older.data[0], size: undefined }]), 'field size'],
    ['a level of v2 without a price', old({ delete: [{ side: 'Buy' }] }), 'field price'],
    ['levels of v2 that are no list', old({ insert: {} }), 'field insert'],
    [
      'deletions twice',
      JSON.stringify(older).replace(/"data":.*?\]/, '"data":{"delete":[],"delete":[]}'),
      'twice delete',
    ],
    ['a book of v2 without a number', { ...older, cross_seq: undefined }, 'field cross_seq'],
    ['a book of v2 without a time', { ...older, timestamp_e6: 1.5 }, 'field timestamp_e6'],
    ['a book of v2 of another century', { ...older, timestamp_e6: 1 }, 'eventTime'],
    ['a book of v2 of nobody', { ...older, topic: 'orderBook_200.100ms.' }, 'instrument'],
    ['a trade of v2 without a price', { topic: 'trade.X', data: [{ ...olderTrade, price: undefined }] }, 'field price'],
  ] as const) {
    test(`${what} is rejected with the reason [${backend}]`, (t) => {
      t.is(rejectionOf(linear(), frame), reason)
    })
  }
}
