import { deepStrictEqual } from 'node:assert'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import test from 'ava'
import { Epoch, Quote, Trade } from 'tickbus'
import { BinanceDecoder, instrument, type MarketMessage, RecordedMarket } from 'tickbus/market'
import { bundled, recordingsIn } from './samples.js'

const epoch = new Epoch(1_723_161_253_000_000_000n)

for (const [title, files] of [
  ['the bundled recordings', bundled],
  ['the full recordings', recordingsIn('../shared/data/recordings/2024-08-08')],
] as const) {
  const check = files.length > 0 ? test : test.skip
  const suffix = files.length > 0 ? '' : ' (they are not on this machine)'
  check(`${title} decode to what JSON.parse reads in each line, in the order of receipt${suffix}`, async (t) => {
    const expected = files
      .flatMap((file) => expectedOf(file))
      .sort((a, b) => (a.tsInit < b.tsInit ? -1 : a.tsInit > b.tsInit ? 1 : 0))
    const market = await RecordedMarket.open(files)
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
  })
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

function plain({ topic, message }: MarketMessage): Expected {
  if (!(message instanceof Quote) && !(message instanceof Trade)) return { topic, ...message }
  const { epoch: _epoch, eventNs: _eventNs, initNs: _initNs, ...fields } = message
  return { topic, ...fields, tsEvent: message.tsEvent, tsInit: message.tsInit }
}

const spot = () => new BinanceDecoder(instrument('spot', 'BTCUSDT'), epoch)

test('a receive time keeps its last nanosecond, where a double of UNIX time loses hundreds', (t) => {
  const decoded = spot().decode(
    '{"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}}',
    937_085_769,
  )
  t.is((decoded!.message as Quote).tsInit, 1_723_161_253_937_085_769n)
  t.is((decoded!.message as Quote).tsEvent, 1_723_161_253_937_085_769n)
})

test('an epoch inside a millisecond gives the same event time', (t) => {
  const odd = new BinanceDecoder(instrument('usdm', 'BTCUSDT'), new Epoch(1_723_161_253_000_000_123n))
  const frame = '{"data":{"e":"trade","T":1723161256322,"s":"BTCUSDT","t":7,"p":"61800.30","q":"0.006","m":true}}'
  const { tsEvent, aggressorSide } = odd.decode(frame, 0)!.message as Trade
  t.is(tsEvent, 1_723_161_256_322_000_000n)
  t.is(aggressorSide, 'SELLER')
})

test('the topic says which of the markets that share a symbol it is', (t) => {
  const frame = '{"data":{"e":"bookTicker","T":1723161256322,"s":"BTCUSDT","u":7,"b":"1","B":"1","a":"1","A":"1"}}'
  const topicOf = (market: 'spot' | 'usdm') =>
    new BinanceDecoder(instrument(market, 'BTCUSDT'), epoch).decode(frame, 0)!.topic
  t.is(topicOf('spot'), 'data.quotes.BINANCE.BTCUSDT')
  t.is(topicOf('usdm'), 'data.quotes.BINANCE.BTCUSDT-PERP')
})

test('numbers with more digits than a double gives back are counted', (t) => {
  const decoder = spot()
  const quote = (price: string) =>
    `{"stream":"btcusdt@bookTicker","data":{"u":1,"s":"BTCUSDT","b":"${price}","B":"1","a":"2","A":"1"}}`
  decoder.decode(quote('0000000061737.6300000000'), 0)
  decoder.decode(quote('1234567.12345678'), 0)
  t.is(decoder.imprecise, 0)
  decoder.decode(quote('1234567.123456789'), 0)
  t.is(decoder.imprecise, 1)
})

test('frames of other streams, and answers to requests, are no messages', (t) => {
  const decoder = spot()
  t.is(decoder.decode('{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","s":"BTCUSDT"}}', 0), undefined)
  t.is(decoder.decode('{"stream":"!miniTicker@arr","data":[]}', 0), undefined)
  t.is(decoder.decode('{"result":null,"id":1}', 0), undefined)
})

const quote = { u: 1, s: 'BTCUSDT', b: '1', B: '1', a: '2', A: '1' }
const trade = { e: 'trade', T: 1_723_161_256_322, s: 'BTCUSDT', t: 7, p: '1', q: '1', m: true }
const depth = { e: 'depthUpdate', E: 1_723_161_256_322, s: 'BTCUSDT', U: 1, u: 2, b: [['1', '1']], a: [] }

for (const [what, frame, reason] of [
  ['text that is no JSON', 'hello', /not JSON/],
  ['half a frame', '{"stream":"btcusdt@trade","da', /not JSON/],
  ['a number', '17', /not a JSON object/],
  ['a list', '[1]', /not a JSON object/],
  ['null', 'null', /not a JSON object/],
  ['an object of something else', '{"hello":1}', /neither a stream nor an event/],
  ['a quote without a price', { stream: 'btcusdt@bookTicker', data: { ...quote, b: undefined } }, /b is a decimal/],
  ['a quote with an empty price', { stream: 'btcusdt@bookTicker', data: { ...quote, b: '' } }, /b is a decimal/],
  [
    'a quote with a hexadecimal size',
    { stream: 'btcusdt@bookTicker', data: { ...quote, A: '0x10' } },
    /A is a decimal/,
  ],
  [
    'a quote of another symbol',
    { stream: 'ethusdt@bookTicker', data: { ...quote, s: 'ETHUSDT' } },
    /"ETHUSDT", not BTCUSDT/,
  ],
  [
    'a quote without an update number',
    { stream: 'btcusdt@bookTicker', data: { ...quote, u: '1' } },
    /u is a whole number/,
  ],
  ['a trade without a side', { data: { ...trade, m: 1 } }, /m is true or false/],
  ['a trade without an id', { data: { ...trade, t: -1 } }, /t is a whole number/],
  ['a trade of another century', { data: { ...trade, T: 1 } }, /104 days/],
  ['a trade with half a millisecond', { data: { ...trade, T: 1.5 } }, /T is a whole number/],
  ['a book without levels', { data: { ...depth, b: 'none' } }, /b is a list/],
  ['a level that is no pair', { data: { ...depth, b: [1] } }, /a level in b/],
  ['a level without a size', { data: { ...depth, a: [['1']] } }, /a is a decimal/],
  ['a snapshot without a number', { lastUpdateId: 'x', bids: [], asks: [] }, /lastUpdateId is a whole number/],
] as const) {
  test(`${what} is refused with the reason`, (t) => {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame)
    t.throws(() => spot().decode(text, 0), { name: 'TickbusError', code: 'TICKBUS_FRAME', message: reason })
  })
}
