/** Frames of Bybit and OKX, with the plain way to make numbers of each. */
import { price, type Shape, size, time } from './frames.js'

// oxlint-disable-next-line typescript/no-explicit-any -- what JSON.parse makes of a frame
type Parsed = any

const levels = (index: number, count: number) =>
  Array.from({ length: count }, (_, level) => [price(index + level), size(index * 7 + level)])
/** A best level with a size, which is more than 0. */
const best = (index: number) => [[price(index), size(index + 1)]]
const okxLevels = (index: number, count: number) => levels(index, count).map((level) => [...level, '0', '1'])
const uuid = (index: number) => `20f43950-d8dd-5b31-9112-${(index + 0xa178eb6023af).toString(16)}`

function quoted(bid: readonly unknown[], ask: readonly unknown[], at: unknown): number {
  const quote = { bid: Number(bid[0]), bidSize: Number(bid[1]), ask: Number(ask[0]), askSize: Number(ask[1]), at }
  return quote.bid + quote.bidSize + quote.ask + quote.askSize
}

function traded(amount: unknown, of: unknown, id: unknown, at: unknown): number {
  const trade = { price: Number(amount), size: Number(of), id, at }
  return trade.price + trade.size
}

function listed(...sides: readonly (readonly Parsed[])[]): number {
  let sum = 0
  for (const side of sides) {
    const numbers = side.map(([amount, of]) => [Number(amount), Number(of)] as const)
    for (const [amount, of] of numbers) sum += amount + of
  }
  return sum
}

const bybitBook = (depth: number, type: string, side: (index: number) => string[][]) => (index: number) => ({
  topic: `orderbook.${depth}.BTCUSDT`,
  type,
  ts: time(index),
  data: {
    s: 'BTCUSDT',
    b: side(index),
    a: side(index + 1),
    u: 18_521_288 + index,
    seq: 7_961_638_724,
  },
  cts: time(index) - 1,
})

const okx =
  (channel: string, data: (index: number) => object, fields: object = {}) =>
  (index: number) => ({
    arg: { channel, instId: 'BTC-USDT' },
    ...fields,
    data: [data(index)],
  })

export const bybitOkxShapes = {
  'Bybit orderbook.1': {
    venue: 'BYBIT',
    count: 100_000,
    frame: bybitBook(1, 'snapshot', best),
    sum: ({ data, cts }: Parsed) => quoted(data.b[0], data.a[0], cts),
  },
  'Bybit publicTrade': {
    venue: 'BYBIT',
    count: 100_000,
    frame: (index) => ({
      topic: 'publicTrade.BTCUSDT',
      type: 'snapshot',
      ts: time(index),
      data: [
        {
          T: time(index),
          s: 'BTCUSDT',
          S: index % 2 === 0 ? 'Buy' : 'Sell',
          v: size(index + 1),
          p: price(index),
          L: 'PlusTick',
          i: uuid(index),
          BT: false,
        },
      ],
    }),
    sum: ({ data }: Parsed) => {
      let sum = 0
      for (const { p, v, i, T } of data) sum += traded(p, v, i, T)
      return sum
    },
  },
  'Bybit orderbook.50, 20 + 20 levels': {
    venue: 'BYBIT',
    count: 20_000,
    frame: bybitBook(50, 'delta', (index) => levels(index, 20)),
    sum: ({ data }: Parsed) => listed(data.b, data.a),
  },
  'Bybit v2 orderBookL2_25, 10 levels': {
    venue: 'BYBIT',
    count: 20_000,
    frame: (index) => ({
      topic: 'orderBookL2_25.BTCUSDT',
      type: 'delta',
      data: {
        delete: [],
        update: levels(index, 10).map(([amount, of], place) => ({
          price: amount,
          symbol: 'BTCUSDT',
          id: String(618_000_000 + place),
          side: place < 5 ? 'Buy' : 'Sell',
          size: Number(of),
        })),
        insert: [],
      },
      cross_seq: String(916_955_516 + index),
      timestamp_e6: String(time(index) * 1_000),
    }),
    sum: ({ data }: Parsed) => listed(data.update.map((level: Parsed) => [level.price, level.size])),
  },
  'OKX bbo-tbt': {
    venue: 'OKX',
    count: 100_000,
    frame: okx('bbo-tbt', (index) => ({
      asks: best(index + 1).map((level) => [...level, '0', '1']),
      bids: best(index).map((level) => [...level, '0', '1']),
      ts: String(time(index)),
      seqId: 363_996_337 + index,
    })),
    sum: ({ data: [{ bids, asks, ts }] }: Parsed) => quoted(bids[0], asks[0], ts),
  },
  'OKX trades': {
    venue: 'OKX',
    count: 100_000,
    frame: okx('trades', (index) => ({
      instId: 'BTC-USDT',
      tradeId: String(130_639_474 + index),
      px: price(index),
      sz: size(index + 1),
      side: index % 2 === 0 ? 'buy' : 'sell',
      ts: String(time(index)),
      count: '3',
      source: '0',
      seqId: 1_234 + index,
    })),
    sum: ({ data: [{ px, sz, tradeId, ts }] }: Parsed) => traded(px, sz, tradeId, ts),
  },
  'OKX books, 20 + 20 levels': {
    venue: 'OKX',
    count: 20_000,
    frame: okx(
      'books',
      (index) => ({
        asks: okxLevels(index + 1, 20),
        bids: okxLevels(index, 20),
        ts: String(time(index)),
        checksum: 0,
        seqId: 123_457 + index,
        prevSeqId: 123_456 + index,
      }),
      { action: 'update' },
    ),
    sum: ({ data: [{ asks, bids }] }: Parsed) => listed(asks, bids),
  },
} satisfies Record<string, Shape>
