/** Frames of Coinbase and Kraken, with the plain way to make numbers of each. */
import { price, type Shape, size, time } from './frames.js'

// oxlint-disable-next-line typescript/no-explicit-any -- what JSON.parse makes of a frame
type Parsed = any

const iso = (index: number) => new Date(time(index)).toISOString().replace('Z', '075Z')
const seconds = (index: number) => (time(index) / 1_000).toFixed(6)

/** The sum of the numbers in a quote, in the order in which they are added up everywhere. */
function quoted(bid: unknown, bidSize: unknown, ask: unknown, askSize: unknown, at: number): number {
  const quote = { bid: Number(bid), bidSize: Number(bidSize), ask: Number(ask), askSize: Number(askSize), at }
  return quote.bid + quote.bidSize + quote.ask + quote.askSize
}

function traded(amount: unknown, of: unknown, at: number): number {
  const trade = { price: Number(amount), size: Number(of), at }
  return trade.price + trade.size
}

function listed(side: readonly Parsed[], priceOf: string | number, sizeOf: string | number): number {
  const levels = side.map((level) => [Number(level[priceOf]), Number(level[sizeOf])] as const)
  return levels.reduce((sum, [at, of]) => sum + at + of, 0)
}

export const coinbaseKrakenShapes = {
  'Coinbase ticker': {
    venue: 'COINBASE',
    count: 100_000,
    frame: (index) => ({
      type: 'ticker',
      sequence: 37_475_248_783 + index,
      product_id: 'BTC-USD',
      price: price(index),
      open_24h: '61310.79',
      volume_24h: '24553.79269678',
      low_24h: '60280.52',
      high_24h: '62313.80',
      volume_30d: '978878.60117027',
      best_bid: price(index),
      best_bid_size: size(index),
      best_ask: price(index + 1),
      best_ask_size: size(index + 1),
      side: 'buy',
      time: iso(index),
      trade_id: 370_843_401 + index,
      last_size: '0.004',
    }),
    sum: (f: Parsed) => quoted(f.best_bid, f.best_bid_size, f.best_ask, f.best_ask_size, Date.parse(f.time)),
  },
  'Coinbase match': {
    venue: 'COINBASE',
    count: 100_000,
    frame: (index) => ({
      type: 'match',
      trade_id: 280_232 + index,
      maker_order_id: '2a0da34e-61f7-4c36-88e5-c9dd15927b16',
      taker_order_id: '82abaa4d-c01e-4608-be59-6a1e69742891',
      side: index % 2 === 0 ? 'sell' : 'buy',
      size: size(index + 1),
      price: price(index),
      product_id: 'BTC-USD',
      sequence: 177_100_030 + index,
      time: iso(index),
    }),
    sum: (f: Parsed) => traded(f.price, f.size, Date.parse(f.time)),
  },
  'Coinbase l2update': {
    venue: 'COINBASE',
    count: 100_000,
    frame: (index) => ({
      type: 'l2update',
      product_id: 'BTC-USD',
      changes: [[index % 2 === 0 ? 'sell' : 'buy', price(index), size(index)]],
      time: iso(index),
    }),
    sum: (f: Parsed) => listed(f.changes, 1, 2),
  },
  'Coinbase Advanced ticker': {
    venue: 'COINBASE',
    count: 100_000,
    frame: (index) => ({
      channel: 'ticker',
      client_id: '',
      timestamp: iso(index).replace('Z', '123Z'),
      sequence_num: index,
      events: [
        {
          type: 'update',
          tickers: [
            {
              type: 'ticker',
              product_id: 'BTC-USD',
              price: price(index),
              volume_24_h: '16038.28770938',
              low_24_h: '60280.52',
              high_24_h: '62313.80',
              low_52_w: '15460.00',
              high_52_w: '73835.57',
              price_percent_chg_24_h: '-4.15775596190603',
              best_bid: price(index),
              best_bid_quantity: size(index),
              best_ask: price(index + 1),
              best_ask_quantity: size(index + 1),
            },
          ],
        },
      ],
    }),
    sum: ({ timestamp, events }: Parsed) => {
      const [{ tickers }] = events
      const [t] = tickers
      return quoted(t.best_bid, t.best_bid_quantity, t.best_ask, t.best_ask_quantity, Date.parse(timestamp))
    },
  },
  'Coinbase Advanced l2_data, 20 levels': {
    venue: 'COINBASE',
    count: 20_000,
    frame: (index) => ({
      channel: 'l2_data',
      client_id: '',
      timestamp: iso(index),
      sequence_num: index,
      events: [
        {
          type: 'update',
          product_id: 'BTC-USD',
          updates: Array.from({ length: 20 }, (_, level) => ({
            side: level % 2 === 0 ? 'bid' : 'offer',
            event_time: iso(index),
            price_level: price(index + level),
            new_quantity: size(index * 7 + level),
          })),
        },
      ],
    }),
    sum: ({ events }: Parsed) => listed(events[0].updates, 'price_level', 'new_quantity'),
  },
  'Kraken v1 spread': {
    venue: 'KRAKEN',
    count: 100_000,
    frame: (index) => [
      0,
      [price(index), price(index + 1), seconds(index), size(index), size(index + 1)],
      'spread',
      'XBT/USD',
    ],
    sum: ([, s]: Parsed) => quoted(s[0], s[3], s[1], s[4], Number(s[2])),
  },
  'Kraken v1 book, 1 level': {
    venue: 'KRAKEN',
    count: 100_000,
    frame: (index) => [
      1664,
      { [index % 2 === 0 ? 'a' : 'b']: [[price(index), size(index), seconds(index)]], c: String(176_333_288 + index) },
      'book-1000',
      'XBT/USD',
    ],
    sum: ([, { a, b }]: Parsed) => listed(a ?? b, 0, 1),
  },
  'Kraken v2 ticker': {
    venue: 'KRAKEN',
    count: 100_000,
    frame: (index) => ({
      channel: 'ticker',
      type: 'update',
      data: [
        {
          symbol: 'BTC/USD',
          bid: Number(price(index)),
          bid_qty: Number(size(index)),
          ask: Number(price(index + 1)),
          ask_qty: Number(size(index + 1)),
          last: 61_800.1,
          volume: 997_038.98383185,
          vwap: 61_810.2,
          low: 60_280.5,
          high: 62_313.8,
          change: -17.5,
          change_pct: -0.17,
          timestamp: iso(index),
        },
      ],
    }),
    sum: ({ data: [t] }: Parsed) => quoted(t.bid, t.bid_qty, t.ask, t.ask_qty, Date.parse(t.timestamp)),
  },
  'Kraken v2 trade': {
    venue: 'KRAKEN',
    count: 100_000,
    frame: (index) => ({
      channel: 'trade',
      type: 'update',
      data: [
        {
          symbol: 'BTC/USD',
          side: index % 2 === 0 ? 'buy' : 'sell',
          price: Number(price(index)),
          qty: Number(size(index + 1)),
          ord_type: 'limit',
          trade_id: 4_665_846 + index,
          timestamp: iso(index),
        },
      ],
    }),
    sum: ({ data: [t] }: Parsed) => traded(t.price, t.qty, Date.parse(t.timestamp)),
  },
  'Kraken v2 book, 20 levels': {
    venue: 'KRAKEN',
    count: 20_000,
    frame: (index) => {
      const levels = (from: number) =>
        Array.from({ length: 10 }, (_, level) => ({
          price: Number(price(from + level)),
          qty: Number(size(index * 7 + level)),
        }))
      const data = { symbol: 'BTC/USD', bids: levels(index), asks: levels(index + 1), checksum: 2_114_181_697 }
      return { channel: 'book', type: 'update', data: [{ ...data, timestamp: iso(index) }] }
    },
    sum: ({ data: [{ bids, asks }] }: Parsed) => listed(bids, 'price', 'qty') + listed(asks, 'price', 'qty'),
  },
} satisfies Record<string, Shape>
