// `books`, `trades` and `tickers` of 2022 are recorded. What the venue sends since then (`bbo-tbt`, `books5`, `seqId`,
// `prevSeqId`, a checksum of 0) is written by hand from https://www.okx.com/docs-v5/en/#order-book-trading-market-data.
import { deepStrictEqual } from 'node:assert'
import { crc32 } from 'node:zlib'
import test from 'ava'
import { OrderBook } from 'tickbus/market'
import { bookOptions } from './book-options.js'
import { type Captured, withCapture } from './captures.js'
import { decodeCaptured } from './decode-captured.js'
import { backends, framesOf, messageOf, open, plain, rejectionOf } from './decoding.js'

for (const backend of backends) {
  withCapture(
    'okx.ws.1.0.gz',
    `the captured frames decode to what JSON.parse reads in each of them [${backend}]`,
    (t) => {
      const { frames, messages, decoder } = decodeCaptured(backend, 'okx', 'okx.ws.1.0.gz')
      const expected = frames.flatMap((frame) => expectedOf(frame))
      for (const [i, message] of messages.entries()) deepStrictEqual(plain(message), expected[i], `message ${i}`)
      t.is(messages.length, expected.length)
      t.like(decoder.counts, { frames: 410, quotes: 28, trades: 74, bookUpdates: 290, ignored: 18, rejected: 0 })
      t.is(decoder.counts.general + decoder.counts.imprecise, 0)
      t.deepEqual(decoder.report.ignored, [{ name: 'subscribe', count: 18 }])
    },
  )

  withCapture(
    'okx.ws.1.0.gz',
    `every checksum of the capture is carried along, and is that of the book [${backend}]`,
    (t) => {
      const books = new Map<string, OrderBook>()
      for (const { kind, instrument, message } of decodeCaptured(backend, 'okx', 'okx.ws.1.0.gz').messages) {
        if (kind !== 'book') continue
        const book = books.get(instrument.id) ?? new OrderBook(bookOptions.okx)
        books.set(instrument.id, book)
        t.is(book.apply(message), 'live')
      }
      t.is(books.size, 3)
      t.is(
        [...books.values()].reduce((sum, { counts }) => sum + counts.verified, 0),
        290,
      )
    },
  )
}

/** What a captured frame says, read the plain way. */
function expectedOf({ tsInit, text }: Captured): object[] {
  const { event, arg, action, data } = JSON.parse(text)
  if (event !== undefined) return []
  return data.map((item: Record<string, string> & { bids: string[][]; asks: string[][]; checksum: number }) => {
    const tsEvent = BigInt(item.ts!) * 1_000_000n
    if (arg.channel === 'tickers') {
      const [bidPrice, bidSize, askPrice, askSize] = [item.bidPx, item.bidSz, item.askPx, item.askSz].map(Number)
      const topic = `data.quotes.OKX.${arg.instId}`
      return { topic, bidPrice, bidSize, askPrice, askSize, sequence: 0, tsEvent, tsInit }
    }
    if (arg.channel === 'trades') {
      const { px, sz, side, tradeId } = item
      const aggressorSide = side === 'buy' ? 'BUYER' : 'SELLER'
      const topic = `data.trades.OKX.${arg.instId}`
      return { topic, price: Number(px), size: Number(sz), aggressorSide, tradeId, tsEvent, tsInit }
    }
    const levels = (side: string[][]) => side.map(([price, size]) => [Number(price), Number(size)])
    return {
      topic: `data.book.deltas.OKX.${arg.instId}`,
      kind: action === 'snapshot' ? 'snapshot' : 'delta',
      firstSequence: 0,
      lastSequence: 0,
      checksum: item.checksum >>> 0,
      bids: levels(item.bids),
      asks: levels(item.asks),
      tsEvent,
      tsInit,
    }
  })
}

const of = (channel: string, ...data: object[]) => ({ arg: { channel, instId: 'BTC-USDT' }, data })
const ts = '1723161256802'
const bbo = { asks: [['8476.98', '415', '0', '13']], bids: [['8476.97', '256', '0', '12']], ts, seqId: 363_996_337 }
const sides = {
  asks: [
    ['8476.98', '415', '0', '13'],
    ['8477', '7', '0', '2'],
  ],
  bids: [['8476.97', '256', '0', '12']],
}
const snapshot = { ...of('books', { ...sides, ts, checksum: 0, prevSeqId: -1, seqId: 123_456 }), action: 'snapshot' }
const update = (fields: object) => ({
  ...of('books', { asks: [], bids: [], ts, checksum: 0, prevSeqId: 123_456, seqId: 123_460, ...fields }),
  action: 'update',
})
const trade = {
  instId: 'BTC-USDT',
  tradeId: '130639474',
  px: '42219.9',
  sz: '0.12060306',
  side: 'buy',
  ts,
  count: '3',
  source: '0',
  seqId: 1_234,
}
const ticker = {
  instType: 'SWAP',
  instId: 'BTC-USDT',
  last: '9999.99',
  askPx: '9999.99',
  askSz: '11',
  bidPx: '8888.88',
  bidSz: '5',
  ts,
}

for (const backend of backends) {
  const okx = () => open(backend, { market: 'okx' })
  const bookOf = (...frames: object[]) => {
    const kept = new OrderBook(bookOptions.okx)
    for (const { kind, message } of framesOf(okx(), frames)) if (kind === 'book') kept.apply(message)
    return kept
  }

  test(`the best bid and offer is a quote, and a side that is empty a price of 0 [${backend}]`, (t) => {
    const [{ instrument, topic, message }] = framesOf(okx(), [of('bbo-tbt', bbo)])
    t.deepEqual([instrument.id, topic], ['BTC-USDT.OKX', 'data.quotes.OKX.BTC-USDT'])
    t.like(message, { bidPrice: 8_476.97, bidSize: 256, askPrice: 8_476.98, askSize: 415, sequence: 363_996_337 })
    t.like(message, { tsEvent: 1_723_161_256_802_000_000n })
    t.like(messageOf(okx(), of('bbo-tbt', { ...bbo, bids: [] })), { bidPrice: 0, bidSize: 0, askSize: 415 })
  })

  test(`a ticker is a quote without a number, in which empty text stands for nobody [${backend}]`, (t) => {
    t.like(messageOf(okx(), of('tickers', ticker)), { bidPrice: 8_888.88, bidSize: 5, askPrice: 9_999.99, sequence: 0 })
    t.like(messageOf(okx(), of('tickers', { ...ticker, askPx: '', askSz: '' })), {
      bidSize: 5,
      askPrice: 0,
      askSize: 0,
    })
  })

  test(`every trade of a frame is a message, its id a number or text [${backend}]`, (t) => {
    const decoder = okx()
    const second = { ...trade, tradeId: 130_639_475, side: 'sell' }
    const frames = [of('trades', trade, second), of('trades-all', { ...trade, tradeId: '1'.repeat(20) })]
    const messages = framesOf(decoder, frames)
    t.deepEqual(
      messages.map(({ kind, message }) => kind === 'trade' && [message.tradeId, message.aggressorSide]),
      [
        ['130639474', 'BUYER'],
        ['130639475', 'SELLER'],
        ['1'.repeat(20), 'BUYER'],
      ],
    )
    t.like(messages[0]!.message, { price: 42_219.9, size: 0.12060306, tsEvent: 1_723_161_256_802_000_000n })
    t.like(decoder.counts, { frames: 2, trades: 3 })
  })

  test(`an update names the one before it, and a book follows by that [${backend}]`, (t) => {
    const [first, second] = framesOf(okx(), [snapshot, update({ bids: [['8476.97', '0', '0', '0']] })])
    t.like(first!.message, { kind: 'snapshot', firstSequence: 123_456, lastSequence: 123_456 })
    t.false('previousSequence' in first!.message)
    t.like(second!.message, { kind: 'delta', lastSequence: 123_460, previousSequence: 123_456 })
    t.like(second!.message, { bids: [[8_476.97, 0]], asks: [] })
    t.deepEqual(bookOf(snapshot, update({ bids: [['8476.97', '0', '0', '0']] })).depth(5), {
      bids: [],
      asks: [
        [8_476.98, 415],
        [8_477, 7],
      ],
    })
    t.is(bookOf(snapshot, update({ prevSeqId: 123_457 })).fault, 'gap')
  })

  test(`an update without a change, and one where the venue counts anew, are none of a gap [${backend}]`, (t) => {
    const frames = [update({ seqId: 123_456 }), update({ seqId: 3 }), update({ prevSeqId: 3, seqId: 5 })]
    const kept = bookOf(snapshot, ...frames)
    t.is(kept.state, 'live')
    t.is(kept.lastSequence, 5)
  })

  test(`a checksum is carried along unless it is 0, with an update of no level, too [${backend}]`, (t) => {
    const text = '8476.97:256:8476.98:415:8477:7'
    const checksum = crc32(text) | 0
    const frame = update({ checksum })
    t.like(messageOf(okx(), frame), { checksum: crc32(text), bids: [], asks: [] })
    t.false('checksum' in (messageOf(okx(), update({})) as object))
    t.like(bookOf(snapshot, frame).counts, { verified: 1, checksum: 0 })
    t.is(bookOf(snapshot, update({ checksum: checksum ^ 1 })).fault, 'checksum')
  })

  test(`before there were numbers, the checksum told of a gap [${backend}]`, (t) => {
    const before = { prevSeqId: undefined, seqId: undefined }
    const checksum = crc32('8476.97:256:8476.98:415:8477:7') | 0
    t.like(messageOf(okx(), update({ ...before, checksum })), { firstSequence: 0, lastSequence: 0 })
    t.is(bookOf(snapshot, update({ ...before, checksum })).state, 'live')
    t.is(bookOf(snapshot, update({ ...before, checksum, bids: [['1', '1']] })).fault, 'checksum')
    t.is(rejectionOf(okx(), update(before)), 'field prevSeqId')
  })

  test(`five levels are a snapshot each time [${backend}]`, (t) => {
    const message = messageOf(okx(), of('books5', { ...sides, instId: 'BTC-USDT', ts, seqId: 7 }))
    t.like(message, { kind: 'snapshot', firstSequence: 7, lastSequence: 7, bids: [[8_476.97, 256]] })
    for (const channel of ['books-l2-tbt', 'books50-l2-tbt']) {
      t.like(messageOf(okx(), { ...snapshot, arg: { channel, instId: 'BTC-USDT' } }), { kind: 'snapshot' })
    }
  })

  test(`several updates in one frame are as many messages [${backend}]`, (t) => {
    const decoder = okx()
    const second = { asks: [], bids: [], ts, checksum: 0, prevSeqId: 123_460, seqId: 123_461 }
    const { data, ...rest } = update({})
    const messages = framesOf(decoder, [{ ...rest, data: [...data, second] }])
    t.deepEqual(
      messages.map(({ kind, message }) => kind === 'book' && message.lastSequence),
      [123_460, 123_461],
    )
    t.like(decoder.counts, { frames: 1, bookUpdates: 2 })
  })

  test(`what the data are may be said behind them [${backend}]`, (t) => {
    for (const frame of [snapshot, update({}), of('bbo-tbt', bbo), of('trades', trade), of('tickers', ticker)]) {
      const reversed = Object.fromEntries(Object.entries(frame).toReversed())
      t.deepEqual(messageOf(okx(), reversed), messageOf(okx(), frame))
      // With the action behind the data alone.
      const { arg, data, ...rest } = frame
      t.deepEqual(messageOf(okx(), { arg, data, ...rest }), messageOf(okx(), frame))
    }
  })

  test(`frames of other kinds are counted under the venue's name for them [${backend}]`, (t) => {
    const decoder = okx()
    const arg = { channel: 'books', instId: 'BTC-USDT' }
    const frames = [
      { event: 'subscribe', arg, connId: 'a4d3ae55' },
      { event: 'unsubscribe', arg },
      { event: 'error', code: '60012', msg: 'Invalid request: {"op": "subscribe"}', connId: 'a4d3ae55' },
      { event: 'channel-conn-count', channel: 'orders', connCount: '2' },
      { id: '1', op: 'order', code: '0', data: [] },
      of('candle1m', ['1597026383085', '3.721'] as never),
      of('funding-rate', { fundingRate: 'x' }),
      of('trades'),
      'pong',
      ' pong\n',
    ]
    t.deepEqual(framesOf(decoder, frames), [])
    // The message of an error has escapes, which the general parser takes.
    t.like(decoder.counts, { frames: 10, ignored: 10, rejected: 0, general: 1, instruments: 0 })
    t.deepEqual(
      decoder.report.ignored.map(({ name, count }) => [name, count]),
      [
        ['subscribe', 1],
        ['unsubscribe', 1],
        ['error', 1],
        ['channel-conn-count', 1],
        ['reply', 1],
        ['candle1m', 1],
        ['funding-rate', 1],
        ['trades', 1],
        ['pong', 2],
      ],
    )
  })

  const bad = (channel: string, data: object, fields: object) => of(channel, { ...data, ...fields })
  for (const [what, frame, reason] of [
    ['a frame of something else', { hello: 1 }, 'kind'],
    ['an answer that is cut', 'pon', 'json'],
    ['an answer and more', 'pong1', 'json'],
    ['an event that is no text', { event: 1 }, 'field event'],
    ['a channel that is no text', { arg: { channel: 1 }, data: [] }, 'field channel'],
    ['a channel without data', { arg: { channel: 'trades', instId: 'A' } }, 'field data'],
    ['two channels', '{"arg":{"channel":"a"},"arg":{"channel":"b"},"data":[]}', 'twice arg'],
    ['data twice', JSON.stringify(snapshot).replace('{', '{"data":[],'), 'twice data'],
    ['data that are no list', { ...snapshot, data: {} }, 'field data'],
    ['data that are no object', { ...snapshot, data: [1] }, 'field data'],
    ['a message of nobody', { ...of('trades', trade), arg: { channel: 'trades' } }, 'field instId'],
    ['a book without an action', { ...snapshot, action: undefined }, 'field action'],
    ['a book with another action', { ...snapshot, action: 'partial' }, 'field action'],
    ['a book of one side', update({ asks: undefined }), 'field asks'],
    ['a level of a negative size', update({ bids: [['1', '-1', '0', '1']] }), 'negative bids'],
    ['a level without a size', update({ bids: [['1']] }), 'field bids'],
    ['an update without the number before', update({ prevSeqId: undefined }), 'field prevSeqId'],
    ['an update behind none', update({ prevSeqId: -1 }), 'field prevSeqId'],
    ['an update with half a number', update({ seqId: 1.5 }), 'field seqId'],
    ['a checksum of 33 bits', update({ checksum: 2 ** 32 }), 'field checksum'],
    ['a checksum that is no number', update({ checksum: 'x' }), 'field checksum'],
    ['a book without a time', update({ ts: undefined }), 'field ts'],
    ['a book of another century', update({ ts: '1' }), 'eventTime'],
    ['a best level of a negative price', bad('bbo-tbt', bbo, { bids: [['-1', '1']] }), 'negative bids'],
    ['a best level on one side alone', bad('bbo-tbt', bbo, { asks: undefined }), 'field asks'],
    ['a ticker without a bid', bad('tickers', ticker, { bidPx: undefined }), 'field bidPx'],
    ['a ticker of a price that is no number', bad('tickers', ticker, { askPx: 'x' }), 'field askPx'],
    ['a trade of nothing', bad('trades', trade, { sz: '0' }), 'zero sz'],
    ['a trade on no side', bad('trades', trade, { side: 'Buy' }), 'field side'],
    ['a trade without an id', bad('trades', trade, { tradeId: '' }), 'field tradeId'],
    ['a trade with an id that is too long', bad('trades', trade, { tradeId: '1'.repeat(25) }), 'field tradeId'],
    ['a trade with a negative id', bad('trades', trade, { tradeId: -1 }), 'field tradeId'],
    ['a trade with an id beyond ASCII', bad('trades', trade, { tradeId: 'é' }), 'field tradeId'],
    ['a trade without a time', bad('trades', trade, { ts: undefined }), 'field ts'],
    ['a second trade without a price', of('trades', trade, { ...trade, px: null }), 'field px'],
  ] as const) {
    test(`${what} is rejected with the reason [${backend}]`, (t) => {
      t.is(rejectionOf(okx(), frame), reason)
    })
  }
}
