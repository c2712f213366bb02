import { fc } from '@fast-check/ava'
import { decimal, whole } from './writing.js'

const level = fc.tuple(decimal, decimal)
const time = fc.integer({ min: 1_723_161_250_000, max: 1_723_161_350_000 })

const levels = fc.array(level, { maxLength: 5 })
const uuid = fc.uuid()
const id = fc.oneof(uuid, fc.stringMatching(/^[1-9]\d{0,22}$/), fc.stringMatching(/^[a-zA-Z-]{1,24}$/))
const form = fc.constantFrom('snapshot', 'delta')
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 })

const bybitLevel = fc.record({
  price: decimal,
  symbol: fc.constant('BTCUSD'),
  id: whole,
  side: fc.constantFrom('Buy', 'Sell'),
  size: decimal,
})

const bybit: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    topic: fc.constantFrom('orderbook.50.BTCUSDT', 'orderbook.1.BTCUSDT'),
    type: form,
    ts: time,
    data: fc.record({ s: fc.constant('BTCUSDT'), b: levels, a: levels, u: fc.integer({ min: 1, max: 9 }), seq: whole }),
    cts: time,
  }),
  fc.record({
    topic: fc.constant('publicTrade.BTCUSDT'),
    type: fc.constant('snapshot'),
    ts: time,
    data: list(
      fc.record({
        T: time,
        s: fc.constantFrom('BTCUSDT', 'ETHUSDT'),
        S: fc.constantFrom('Buy', 'Sell'),
        v: decimal,
        p: decimal,
        i: id,
        BT: fc.boolean(),
      }),
    ),
  }),
  fc.record({
    topic: fc.constant('tickers.BTCUSDT'),
    type: form,
    data: fc.record(
      {
        symbol: fc.constant('BTCUSDT'),
        bid1Price: fc.oneof(decimal, fc.constant('')),
        bid1Size: decimal,
        ask1Price: decimal,
        ask1Size: decimal,
        lastPrice: decimal,
      },
      { requiredKeys: ['symbol'] },
    ),
    cs: whole,
    ts: time,
  }),
  fc.record({
    topic: fc.constantFrom('orderBookL2_25.BTCUSD', 'orderBook_200.100ms.BTCUSD'),
    type: form,
    data: fc.oneof(
      list(bybitLevel),
      fc.record({ order_book: list(bybitLevel) }),
      fc.record({ delete: list(bybitLevel), update: list(bybitLevel), insert: list(bybitLevel) }),
    ),
    cross_seq: whole,
    timestamp_e6: time.map((ms) => ms * 1_000 + 7),
  }),
  fc.record({
    topic: fc.constant('trade.BTCUSD'),
    data: list(
      fc.record({
        trade_time_ms: time,
        symbol: fc.constant('BTCUSD'),
        side: fc.constantFrom('Buy', 'Sell'),
        size: decimal,
        price: decimal,
        trade_id: id,
      }),
    ),
  }),
  fc.record(
    { success: fc.boolean(), ret_msg: fc.constantFrom('', 'pong'), op: fc.constantFrom('ping', 'pong', 'subscribe') },
    { requiredKeys: [] },
  ),
)

const okxBook = { asks: levels, bids: levels, ts: time.map(String) }
const arg = (...channels: string[]) =>
  fc.record({ channel: fc.constantFrom(...channels), instId: fc.constantFrom('BTC-USDT', 'BTC-USDT-SWAP') })
const one = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 2 })

const okx: fc.Arbitrary<object> = fc.oneof(
  fc.record({
    arg: arg('books', 'books-l2-tbt', 'books5'),
    action: fc.constantFrom('snapshot', 'update'),
    data: one(
      fc.record({
        ...okxBook,
        checksum: fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
        seqId: whole,
        prevSeqId: fc.oneof(fc.constant(-1), whole),
      }),
    ),
  }),
  fc.record({ arg: arg('bbo-tbt'), data: one(fc.record({ ...okxBook, seqId: whole })) }),
  fc.record({
    arg: arg('trades', 'trades-all'),
    data: list(
      fc.record({ tradeId: id, px: decimal, sz: decimal, side: fc.constantFrom('buy', 'sell'), ts: time.map(String) }),
    ),
  }),
  fc.record({
    arg: arg('tickers'),
    data: one(
      fc.record({
        bidPx: decimal,
        bidSz: decimal,
        askPx: fc.constantFrom('1.5', ''),
        askSz: decimal,
        ts: time.map(String),
      }),
    ),
  }),
  fc.record({ event: fc.constantFrom('subscribe', 'error'), arg: arg('books'), code: fc.constant('60012') }),
)

/** Frames of Bybit and OKX, as JSON.stringify takes them. */
export const contents = { BYBIT: bybit, OKX: okx }
