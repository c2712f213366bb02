import { deepStrictEqual } from 'node:assert'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import test from 'ava'
import { Epoch, type Quote, type Trade } from 'tickbus'
import { RecordedMarket } from 'tickbus/market'
import { backends, framesOf, instant, messageOf, open, plain, rejectionOf } from './decoding.js'
import { bundled, once, wholeRecordings } from './samples.js'

const epoch = new Epoch(instant)

for (const [title, files] of [
  ['the bundled recordings', bundled],
  ['the full recordings', wholeRecordings],
] as const) {
  const check = files.length > 0 ? test : test.skip
  const suffix = files.length > 0 ? '' : ' (they are not on this machine)'

  check(`${title} give back the text of every price and size${suffix}`, (t) => {
    let texts = 0
    for (const file of files) {
      for (const [number] of gunzipSync(readFileSync(file))
        .toString()
        .matchAll(/(?<=")\d+\.\d+(?=")/g)) {
        texts += 1
        const places = number.length - number.indexOf('.') - 1
        if (Number(number).toFixed(places) !== number) t.fail(`${number} in ${file}`)
      }
    }
    t.true(texts > 100_000)
  })

  const expectedOfAll = once(() =>
    files.flatMap((file) => expectedOf(file)).sort((a, b) => (a.tsInit < b.tsInit ? -1 : a.tsInit > b.tsInit ? 1 : 0)),
  )

  for (const backend of backends) {
    check(
      `${title} decode to what JSON.parse reads in each line, in the order of receipt [${backend}]${suffix}`,
      async (t) => {
        const expected = expectedOfAll()
        const market = await RecordedMarket.open(files, backend)
        let seen = 0
        for await (const decoded of market.messages(epoch)) {
          deepStrictEqual(plain(decoded), expected[seen], `message ${seen}`)
          seen += 1
        }
        t.is(seen, expected.length)
        t.is(market.counts.total, expected.length)
        t.is(market.counts.rejected + market.counts.other, 0)
        t.is(market.imprecise, 0)
        t.deepEqual(market.faults, [])
      },
    )
  }
}

interface Expected {
  topic: string
  tsInit: bigint
  [field: string]: unknown
}

/** What a recording's lines say, read the plain way and all at once. */
function expectedOf(file: string): Expected[] {
  const market = basename(file).split('_')[0]!
  const symbol = basename(file)
    .replace(/_\d{8}\.gz$/, '')
    .slice(market.length + 1)
    .toUpperCase()
  const id = market === 'usdm' ? `${symbol}-PERP` : symbol
  return gunzipSync(readFileSync(file))
    .toString()
    .trimEnd()
    .split('\n')
    .map((text) => {
      const tsInit = BigInt(text.slice(0, 19))
      const frame = JSON.parse(text.slice(20))
      const data = frame.data ?? frame
      const tsEvent =
        data.T !== undefined ? BigInt(data.T) * 1_000_000n : data.E !== undefined ? BigInt(data.E) * 1_000_000n : tsInit
      const levels = (side: string[][]) =>
        side.map((level) => level.map((number) => JSON.parse(number.replace(/^0+(?=\d)/, ''))))
      if (frame.stream?.endsWith('@bookTicker')) {
        const [bidPrice, askPrice, bidSize, askSize] = [data.b, data.a, data.B, data.A].map(Number)
        return {
          topic: `data.quotes.BINANCE.${id}`,
          bidPrice,
          askPrice,
          bidSize,
          askSize,
          sequence: data.u,
          tsEvent,
          tsInit,
        }
      }
      if (data.e === 'trade') {
        const aggressorSide = data.m ? 'SELLER' : 'BUYER'
        const [price, size] = [data.p, data.q].map(Number)
        return { topic: `data.trades.BINANCE.${id}`, price, size, aggressorSide, tradeId: `${data.t}`, tsEvent, tsInit }
      }
      const topic = `data.book.deltas.BINANCE.${id}`
      if (data.e === 'depthUpdate') {
        const sequences = {
          firstSequence: data.U,
          lastSequence: data.u,
          ...(data.pu !== undefined && { previousSequence: data.pu }),
        }
        return { topic, kind: 'delta', ...sequences, bids: levels(data.b), asks: levels(data.a), tsEvent, tsInit }
      }
      const sequences = { firstSequence: data.lastUpdateId, lastSequence: data.lastUpdateId }
      return {
        topic,
        kind: 'snapshot',
        ...sequences,
        bids: levels(data.bids),
        asks: levels(data.asks),
        tsEvent,
        tsInit,
      }
    })
}

for (const backend of backends) {
  const spot = () => open(backend, { symbols: ['BTCUSDT'], instrumentsMost: 1 })

  test(`a receive time keeps its last nanosecond, where a double of UNIX time loses hundreds [${backend}]`, (t) => {
    const frame = '{"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}}'
    const [{ message }] = spot().lines(Buffer.from(`1723161253937085769 ${frame}\n`))
    t.is((message as Quote).tsInit, 1_723_161_253_937_085_769n)
    t.is((message as Quote).tsEvent, 1_723_161_253_937_085_769n)
  })

  test(`an epoch inside a millisecond gives the same event time [${backend}]`, (t) => {
    const odd = open(backend, { market: 'usdm', epoch: new Epoch(1_723_161_253_000_000_123n) })
    const frame = '{"data":{"e":"trade","T":1723161256322,"s":"BTCUSDT","t":7,"p":"61800.30","q":"0.006","m":true}}'
    const { tsEvent, aggressorSide, tradeId } = messageOf(odd, frame) as Trade
    t.is(tsEvent, 1_723_161_256_322_000_000n)
    t.is(aggressorSide, 'SELLER')
    t.is(tradeId, '7')
  })

  test(`an event time inside the epoch's own second is before the epoch where it is earlier [${backend}]`, (t) => {
    const odd = open(backend, { epoch: new Epoch(1_723_161_253_900_000_123n) })
    const frame = '{"data":{"e":"trade","T":1723161253100,"s":"BTCUSDT","t":7,"p":"1","q":"1","m":false}}'
    t.is((messageOf(odd, frame) as Trade).tsEvent, 1_723_161_253_100_000_000n)
  })

  test(`topic and id say which of the markets that share a symbol it is [${backend}]`, (t) => {
    const frame = '{"data":{"e":"bookTicker","T":1723161256322,"s":"BTCUSDT","u":7,"b":"1","B":"1","a":"1","A":"1"}}'
    const placeOf = (market: 'spot' | 'usdm') => {
      const [{ topic, instrument }] = framesOf(open(backend, { market }), [frame])
      return [topic, instrument.id]
    }
    t.deepEqual(placeOf('spot'), ['data.quotes.BINANCE.BTCUSDT', 'BTCUSDT.BINANCE'])
    t.deepEqual(placeOf('usdm'), ['data.quotes.BINANCE.BTCUSDT-PERP', 'BTCUSDT-PERP.BINANCE'])
  })

  test(`spot's best bid and offer is known without a wrapper, which alone names it [${backend}]`, (t) => {
    const quote = messageOf(
      open(backend),
      '{"u":400900217,"s":"BNBUSDT","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}',
    )
    t.like(quote, { bidPrice: 25.35, bidSize: 31.21, askPrice: 25.36, askSize: 40.66, sequence: 400_900_217 })
  })

  test(`a partial book replaces what was there, and names its symbol only in the stream [${backend}]`, (t) => {
    const spotBook = { stream: 'bnbbtc@depth5', data: { lastUpdateId: 160, bids: [['0.0024', '10']], asks: [] } }
    const [{ instrument, message }] = framesOf(open(backend), [spotBook])
    t.is(instrument.id, 'BNBBTC.BINANCE')
    t.like(message, { kind: 'snapshot', firstSequence: 160, lastSequence: 160, bids: [[0.0024, 10]], asks: [] })
    const data = { e: 'depthUpdate', s: 'BNBBTC', U: 1, u: 2, pu: 0, b: [['1', '2']], a: [] }
    t.like(messageOf(open(backend), { stream: 'bnbbtc@depth20@100ms', data }), { kind: 'snapshot', lastSequence: 2 })
    t.like(messageOf(open(backend), { stream: 'bnbbtc@depth@100ms', data }), { kind: 'delta', previousSequence: 0 })
  })

  test(`an update without a level is a message all the same [${backend}]`, (t) => {
    const frame = { e: 'depthUpdate', s: 'BTCUSDT', U: 5, u: 9, b: [], a: [] }
    const update = messageOf(open(backend), frame)
    t.like(update, { kind: 'delta', firstSequence: 5, lastSequence: 9, bids: [], asks: [] })
    t.false('previousSequence' in (update as object))
  })

  test(`a snapshot of nobody is rejected unless there is one instrument alone [${backend}]`, (t) => {
    const snapshot = { lastUpdateId: 1, bids: [['1', '1']], asks: [['2', '1']] }
    t.is(rejectionOf(open(backend), snapshot), 'instrument')
    t.like(messageOf(spot(), snapshot), { kind: 'snapshot', lastSequence: 1, bids: [[1, 1]], asks: [[2, 1]] })
  })

  test(`frames of other kinds are counted under the venue's name for them [${backend}]`, (t) => {
    const decoder = open(backend)
    const frames = [
      { stream: 'btcusdt@aggTrade', data: { e: 'aggTrade', s: 'BTCUSDT', a: 1, p: '1', q: '1' } },
      { e: 'aggTrade', s: 'BTCUSDT' },
      { e: 'kline', s: 'BTCUSDT', k: { t: 1, i: '1m', x: false } },
      { e: 'ACCOUNT_UPDATE', T: 'soon', a: { B: [], P: [] } },
      { stream: '!miniTicker@arr', data: [{ e: '24hrMiniTicker' }] },
      { result: null, id: 1 },
      { id: 2, error: { code: 2, msg: 'Invalid request' } },
      { code: 0, msg: 'Unknown property' },
    ]
    t.deepEqual(framesOf(decoder, frames), [])
    t.like(decoder.counts, { frames: 8, ignored: 8, rejected: 0, general: 0 })
    t.deepEqual(decoder.report.ignored, [
      { name: 'aggTrade', count: 2 },
      { name: 'kline', count: 1 },
      { name: 'ACCOUNT_UPDATE', count: 1 },
      { name: 'arr', count: 1 },
      { name: 'reply', count: 1 },
      { name: 'error', count: 2 },
    ])
  })

  const quote = { u: 1, s: 'BTCUSDT', b: '1', B: '1', a: '2', A: '1' }
  const trade = { e: 'trade', T: 1_723_161_256_322, s: 'BTCUSDT', t: 7, p: '1', q: '1', m: true }
  const depth = { e: 'depthUpdate', E: 1_723_161_256_322, s: 'BTCUSDT', U: 1, u: 2, b: [['1', '1']], a: [] }

  for (const [what, frame, reason] of [
    ['text that is no JSON', 'hello', 'json'],
    ['nothing', '', 'json'],
    ['half a frame', '{"stream":"btcusdt@trade","da', 'json'],
    ['two frames at once', `${JSON.stringify(trade)}${JSON.stringify(trade)}`, 'json'],
    ['a number with a leading zero', '{"e":"trade","x":01}', 'json'],
    ['half a surrogate pair', '{"e":"trade","x":"\\ud800"}', 'json'],
    ['two halves that are no pair', '{"e":"trade","x":"\\ud800\\u0041"}', 'json'],
    ['a list with a hole', '{"e":"trade","x":[1,]}', 'json'],
    ['a number', '17', 'object'],
    ['a list', '[1]', 'object'],
    ['null', 'null', 'object'],
    ['an object of something else', '{"hello":1}', 'kind'],
    ['a quote without a bid', { ...quote, e: 'bookTicker', b: undefined }, 'field b'],
    ['a quote with an empty price', { ...quote, b: '' }, 'field b'],
    ['a quote with a hexadecimal size', { ...quote, A: '0x10' }, 'field A'],
    ['a quote with a price that is no number', { ...quote, a: 'NaN' }, 'field a'],
    ['a quote with an endless price', { ...quote, a: '1e999' }, 'range a'],
    ['a quote with a size too small for a double', { ...quote, A: '1e-400' }, 'range A'],
    ['a quote with a negative price', { ...quote, b: '-1' }, 'negative b'],
    ['a quote with a negative zero', { ...quote, B: '-0' }, 'negative B'],
    ['a quote of nobody', { ...quote, s: undefined }, 'field s'],
    ['a quote of somebody else', { ...quote, s: 'ETHUSDT' }, 'instrument'],
    ['a quote with half an update number', { ...quote, u: 1.5 }, 'field u'],
    ['a quote with two bids', '{"u":1,"s":"BTCUSDT","b":"1","b":"1","B":"1","a":"2","A":"1"}', 'twice b'],
    ['a trade without a side', { ...trade, m: 1 }, 'field m'],
    ['a trade with a negative id', { ...trade, t: -1 }, 'field t'],
    ['a trade beyond whole numbers', { ...trade, t: 2 ** 53 }, 'field t'],
    ['a trade without a size', { ...trade, q: '0.000' }, 'zero q'],
    ['a trade of another century', { ...trade, T: 1 }, 'eventTime'],
    ['a trade with half a millisecond', { ...trade, T: 1.5 }, 'field T'],
    ['a book without levels', { ...depth, b: 'none' }, 'field bids'],
    ['a book with one side alone', { ...depth, a: undefined }, 'field asks'],
    ['a level that is no pair', { ...depth, b: [1] }, 'field b'],
    ['a level without a size', { ...depth, a: [['1']] }, 'field a'],
    ['a level of a negative size', { ...depth, a: [['1', '-2']] }, 'negative a'],
    ['a book without a number', { ...depth, U: null }, 'field U'],
    ['a snapshot without a number', { lastUpdateId: 'x', bids: [], asks: [] }, 'field lastUpdateId'],
  ] as const) {
    test(`${what} is rejected with the reason [${backend}]`, (t) => {
      t.is(rejectionOf(spot(), frame), reason)
    })
  }
}
