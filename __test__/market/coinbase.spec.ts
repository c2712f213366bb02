import { deepStrictEqual } from 'node:assert'
import { fc } from '@fast-check/ava'
import test from 'ava'
import { Epoch } from 'tickbus'
import { RecordedMarket } from 'tickbus/market'
import { capturedIn, pathOf, withCapture } from './captures.js'
import { expectedOf } from './coinbase-oracle.js'
import { sameAsOracle } from './as-written.js'
import { sameOfAnyText, sameOfChanged } from './both-backends.js'
import { backends, framesOf, instant, messageOf, open, plain, rejectionOf } from './decoding.js'
import { decimal, whole } from './writing.js'

const capture = 'coinbase.ws.28.0.gz'

for (const backend of backends) {
  withCapture(
    capture,
    `a recorded connection decodes to what JSON.parse reads in each frame [${backend}]`,
    async (t) => {
      const captured = capturedIn(capture)
      const expected = captured.flatMap(({ text, tsInit }) => expectedOf(JSON.parse(text), tsInit))
      const market = await RecordedMarket.open([pathOf(capture)], backend)
      let seen = 0
      for await (const decoded of market.messages(new Epoch(market.epochNs))) {
        deepStrictEqual(plain(decoded), expected[seen], `message ${seen}`)
        seen += 1
      }
      t.is(seen, expected.length)
      t.like(market.counts, {
        quotes: 107,
        trades: 107,
        bookUpdates: 9_729,
        other: 3,
        rejected: 0,
        total: captured.length,
      })
      t.is(market.imprecise, 0)
      t.deepEqual(market.faults, [])
    },
  )
}

const product = fc.constantFrom('BTC-USD', 'ETH-USD', 'SKL-GBP')
const side = fc.constantFrom('buy', 'sell')
const capitals = fc.constantFrom('BUY', 'SELL')
const digits = fc.constantFrom('', '.5', '.244075', '.167359596')
const time = fc.tuple(fc.integer({ min: 0, max: 86_399 }), digits).map(([seconds, fraction]) => {
  const text = new Date(Date.UTC(2024, 7, 9) + seconds * 1_000).toISOString()
  return text.replace('.000', fraction)
})
const levels = fc.array(fc.tuple(decimal, decimal), { maxLength: 6 })
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 3 })

/** Messages of Exchange, and of Advanced as the public documentation shows them. */
const content = fc.oneof(
  fc.record({
    type: fc.constant('ticker'),
    sequence: whole,
    product_id: product,
    price: decimal,
    best_bid: decimal,
    best_bid_size: fc.option(decimal, { nil: undefined }),
    best_ask: decimal,
    best_ask_size: fc.option(decimal, { nil: undefined }),
    side,
    time: fc.option(time, { nil: undefined }),
  }),
  fc.record({
    type: fc.constantFrom('match', 'last_match'),
    trade_id: whole,
    side,
    size: decimal,
    price: decimal,
    product_id: product,
    time,
  }),
  fc.record({ type: fc.constant('snapshot'), product_id: product, asks: levels, bids: levels }),
  fc.record({
    type: fc.constant('l2update'),
    product_id: product,
    changes: fc.array(fc.tuple(side, decimal, decimal), { maxLength: 6 }),
    time,
  }),
  fc.record({
    channel: fc.constantFrom('ticker', 'ticker_batch'),
    timestamp: time,
    sequence_num: whole,
    events: list(
      fc.record({
        type: fc.constantFrom('snapshot', 'update'),
        tickers: list(
          fc.record({
            product_id: product,
            price: decimal,
            best_bid: decimal,
            best_bid_quantity: decimal,
            best_ask: decimal,
            best_ask_quantity: decimal,
          }),
        ),
      }),
    ),
  }),
  fc.record({
    channel: fc.constant('market_trades'),
    timestamp: time,
    sequence_num: whole,
    events: list(
      fc.record({
        type: fc.constantFrom('snapshot', 'update'),
        trades: list(
          fc.record({ trade_id: whole, product_id: product, price: decimal, size: decimal, side: capitals, time }),
        ),
      }),
    ),
  }),
  fc.record({
    channel: fc.constant('l2_data'),
    timestamp: time,
    sequence_num: whole,
    events: list(
      fc.record({
        type: fc.constantFrom('snapshot', 'update'),
        product_id: product,
        updates: fc.array(
          fc.record({
            side: fc.constantFrom('bid', 'offer'),
            event_time: time,
            price_level: decimal,
            new_quantity: decimal,
          }),
          { maxLength: 6 },
        ),
      }),
    ),
  }),
)

sameAsOracle('coinbase', content, (message, tsInit) => expectedOf(message as never, tsInit))

sameOfChanged('COINBASE', content)

sameOfAnyText(
  'COINBASE',
  fc.json().map((text) => `{"channel":"l2_data","timestamp":"2024-08-09T00:00:00Z","sequence_num":1,"events":${text}}`),
)

/** Written by hand from the public documentation, as all frames below. */
const ticker = {
  type: 'ticker',
  sequence: 37_475_248_783,
  product_id: 'ETH-USD',
  best_bid: '1285.04',
  best_bid_size: '0.46688654',
  best_ask: '1285.27',
  best_ask_size: '1.56637040',
  side: 'buy',
  time: '2024-08-09T00:28:22.061769Z',
}
const match = {
  type: 'match',
  trade_id: 10,
  side: 'sell',
  size: '5.23512',
  price: '400.23',
  product_id: 'BTC-USD',
  time: '2024-08-09T00:28:22Z',
}
const update = { type: 'l2update', product_id: 'BTC-USD', changes: [['buy', '22356.27', '0.00000000']] }
const around = { client_id: '', timestamp: '2024-08-09T00:28:22.167359596Z', sequence_num: 3 }
const trade = {
  trade_id: '12345',
  product_id: 'ETH-USD',
  price: '1260.01',
  size: '0.3',
  side: 'BUY',
  time: ticker.time,
}
const level = { side: 'offer', event_time: ticker.time, price_level: '21921.73', new_quantity: '0.06317902' }
const advanced = (channel: string, event: object) => ({ channel, ...around, events: [event] })

for (const backend of backends) {
  const coinbase = () => open(backend, { market: 'coinbase' })

  test(`the id is the product's, at the venue [${backend}]`, (t) => {
    const [{ instrument, topic }] = framesOf(coinbase(), [ticker])
    t.is(instrument.id, 'ETH-USD.COINBASE')
    t.is(topic, 'data.quotes.COINBASE.ETH-USD')
  })

  test(`a time keeps its last nanosecond [${backend}]`, (t) => {
    const frame = advanced('l2_data', { type: 'update', product_id: 'BTC-USD', updates: [level] })
    t.like(messageOf(coinbase(), frame), { tsEvent: 1_723_163_302_167_359_596n, lastSequence: 3 })
  })

  test(`what stands beside the events is none of them [${backend}]`, (t) => {
    const frame = advanced('l2_data', { type: 'update', product_id: 'BTC-USD', updates: [level] })
    const beside = { bids: [['1', '1']], asks: 7, price: '2' }
    const expected = expectedOf(frame as never, instant)
    for (const written of [
      { ...frame, ...beside },
      { ...beside, ...frame },
    ]) {
      t.deepEqual(framesOf(coinbase(), [written]).map(plain), expected)
    }
  })

  test(`a batch of tickers has no quotes, and is counted by its name [${backend}]`, (t) => {
    const decoder = coinbase()
    const batch = { type: 'ticker', product_id: 'BTC-USD', price: '21932.98' }
    t.deepEqual(framesOf(decoder, [advanced('ticker_batch', { type: 'update', tickers: [batch] })]), [])
    t.deepEqual(decoder.report.ignored, [{ name: 'ticker_batch', count: 1 }])
  })

  test(`frames of other kinds are counted under the venue's name for them [${backend}]`, (t) => {
    const decoder = coinbase()
    const frames = [
      { type: 'subscriptions', channels: [{ name: 'level2', product_ids: ['ETH-USD'] }] },
      {
        type: 'heartbeat',
        sequence: 90,
        last_trade_id: 20,
        product_id: 'BTC-USD',
        time: '2014-11-07T08:19:28.464459Z',
      },
      { type: 'status', products: [{ id: 'BTC-USD', status_message: null }], currencies: [] },
      { type: 'error', message: 'Failed to subscribe', reason: 'level3 is not a valid channel' },
      advanced('heartbeats', { current_time: '2023-06-23 20:31:56 +0000 UTC m=+91717.5', heartbeat_counter: '3049' }),
      advanced('subscriptions', { subscriptions: { level2: ['ETH-USD'] } }),
      advanced('status', { type: 'snapshot', products: [] }),
      advanced('candles', { type: 'snapshot', candles: [{ start: '1688998200', high: '1867.72' }] }),
    ]
    t.deepEqual(framesOf(decoder, frames), [])
    t.like(decoder.counts, { frames: 8, ignored: 8, rejected: 0, general: 0 })
    t.deepEqual(
      decoder.report.ignored.map(({ name, count }) => [name, count]),
      [
        ['subscriptions', 2],
        ['heartbeat', 1],
        ['status', 2],
        ['error', 1],
        ['heartbeats', 1],
        ['candles', 1],
      ],
    )
  })

  for (const [what, frame, reason] of [
    ['a list', [ticker], 'object'],
    ['an object of something else', { hello: 1 }, 'kind'],
    ['a ticker without an offer', { ...ticker, best_ask: undefined }, 'field best_ask'],
    ['a ticker of an empty book', { ...ticker, best_bid: '' }, 'field best_bid'],
    ['a ticker of nobody', { ...ticker, product_id: undefined }, 'field product_id'],
    ['a ticker at a time without a date', { ...ticker, time: '00:28:22Z' }, 'field time'],
    ['a ticker at a time of another zone', { ...ticker, time: '2024-08-09T00:28:22+02:00' }, 'field time'],
    ['a ticker on a day that there is not', { ...ticker, time: '2024-02-30T00:28:22Z' }, 'field time'],
    ['a ticker of another year', { ...ticker, time: '2021-08-09T00:28:22Z' }, 'eventTime'],
    ['a match of an unknown side', { ...match, side: 'up' }, 'field side'],
    ['a match of nothing', { ...match, size: '0' }, 'zero size'],
    ['a match without an id', { ...match, trade_id: undefined }, 'field trade_id'],
    ['a snapshot with one side alone', { type: 'snapshot', product_id: 'A', bids: [] }, 'field asks'],
    ['a change of no side', { ...update, changes: [['mid', '1', '1']] }, 'field changes'],
    ['a change without a size', { ...update, changes: [['buy', '1']] }, 'field changes'],
    ['a change of a negative size', { ...update, changes: [['buy', '1', '-1']] }, 'negative changes'],
    ['an update that is a snapshot too', { ...update, bids: [], asks: [] }, 'field bids'],
    ['events without a time', { channel: 'ticker', sequence_num: 1, events: [] }, 'field timestamp'],
    ['events without a number', { ...advanced('ticker', {}), sequence_num: undefined }, 'field sequence_num'],
    ['a channel without events', { channel: 'ticker', ...around }, 'field events'],
    ['events that are no list', { channel: 'ticker', ...around, events: {} }, 'field events'],
    ['an event without its list', advanced('ticker', { type: 'update' }), 'field tickers'],
    ['an event without its trades', advanced('market_trades', { type: 'update' }), 'field trades'],
    ['a trade of no side', advanced('market_trades', { trades: [{ ...trade, side: 'buyer' }] }), 'field side'],
    ['a trade without a time', advanced('market_trades', { trades: [{ ...trade, time: null }] }), 'field time'],
    ['a level of no side', advanced('l2_data', { updates: [{ ...level, side: 'ask' }] }), 'field updates'],
    ['levels of no kind', advanced('l2_data', { product_id: 'A', updates: [level] }), 'field type'],
    ['levels of nobody', advanced('l2_data', { type: 'update', updates: [level] }), 'field product_id'],
  ] as const) {
    test(`${what} is rejected with the reason [${backend}]`, (t) => {
      t.is(rejectionOf(coinbase(), frame), reason)
    })
  }
}
