import { crc32 } from 'node:zlib'
import type { BookDepth, Level, ServedFrame, VenueProtocolName } from 'tickbus/market'

/**
 * Frames of every protocol, written by hand from the venues' public documentation: a market of twelve levels a side in which each
 * moment brings an update of the book, a trade and a quote.
 */
export interface VenueFrames {
  readonly protocol: VenueProtocolName
  readonly symbol: string
  /** Frames that begin a recording: what the venue sends first. */
  readonly frames: ServedFrame[]
  /** Moments that the frames tell of. */
  readonly moments: number
  /** The book at the end. */
  readonly lastBook: BookDepth
}

interface Moment {
  readonly index: number
  readonly book: MadeBook
  /** The levels that have changed: price and size, as text. */
  readonly bid: [string, string]
  readonly ask: [string, string]
}

/** Sizes by level, the best first. */
class MadeBook {
  readonly bids: [string, string][] = Array.from({ length: 12 }, (_, i) => [(100 - i / 2).toFixed(1), '1.000'])
  readonly asks: [string, string][] = Array.from({ length: 12 }, (_, i) => [(101 + i / 2).toFixed(1), '1.000'])

  /** Ten levels, asks first, digits without point and leading zeros. */
  get krakenChecksum(): number {
    const digits = ([price, size]: [string, string]) =>
      [price, size].map((text) => text.replace('.', '').replace(/^0+/, '')).join('')
    return crc32([...this.asks.slice(0, 10), ...this.bids.slice(0, 10)].map(digits).join(''))
  }
}

type Make = (moment: Moment) => unknown[]

const iso = (index: number) => new Date(Date.UTC(2024, 7, 9) + index).toISOString()
const ms = (index: number) => Date.UTC(2024, 7, 9) + index
const krakenLevel = ([price, qty]: [string, string]) => ({ price: Number(price), qty: Number(qty) })
const stamped = (level: [string, string]) => [...level, '1723161253.248123']

/** What a venue sends at the first moment, when the book is whole, and at every other. */
const makers: Record<VenueProtocolName, { symbol: string; first: Make; next: Make }> = {
  'binance-spot': binance('BTCUSDT', false),
  'binance-usdm': binance('BTCUSDT', true),
  'binance-cm': binance('BTCUSD_PERP', true),
  'bybit-spot': bybit('BTCUSDT'),
  'bybit-linear': bybit('BTCUSDT'),
  'bybit-inverse': bybit('BTCUSD'),
  'bybit-option': bybit('BTC-6JAN23-17500-C'),
  'bybit-v2': {
    symbol: 'BTCUSDT',
    first: ({ book }) => [
      {
        topic: 'orderBookL2_25.BTCUSDT',
        type: 'snapshot',
        data: { order_book: [...book.bids.map(v2('Buy')), ...book.asks.map(v2('Sell'))] },
        cross_seq: '1',
        timestamp_e6: `${ms(0)}000`,
      },
    ],
    next: ({ index, bid, ask }) => [
      {
        topic: 'orderBookL2_25.BTCUSDT',
        type: 'delta',
        data: { delete: [], update: [v2('Buy')(bid), v2('Sell')(ask)], insert: [] },
        cross_seq: String(index),
        timestamp_e6: `${ms(index)}000`,
      },
    ],
  },
  'coinbase-exchange': {
    symbol: 'BTC-USD',
    first: ({ book }) => [{ type: 'snapshot', product_id: 'BTC-USD', asks: book.asks, bids: book.bids }],
    next: ({ index, book, bid, ask }) => [
      {
        type: 'l2update',
        product_id: 'BTC-USD',
        time: iso(index),
        changes: [
          ['buy', ...bid],
          ['sell', ...ask],
        ],
      },
      {
        type: 'match',
        trade_id: index,
        side: 'sell',
        size: '0.5',
        price: '100.5',
        product_id: 'BTC-USD',
        sequence: index,
        time: iso(index),
      },
      {
        type: 'ticker',
        sequence: index,
        product_id: 'BTC-USD',
        price: '100.5',
        best_bid: book.bids[0]![0],
        best_bid_size: book.bids[0]![1],
        best_ask: book.asks[0]![0],
        best_ask_size: book.asks[0]![1],
        time: iso(index),
      },
    ],
  },
  'coinbase-advanced': {
    symbol: 'BTC-USD',
    first: ({ book }) => [
      advanced(0, 'l2_data', {
        type: 'snapshot',
        product_id: 'BTC-USD',
        updates: [...book.bids.map(l2('bid')), ...book.asks.map(l2('offer'))],
      }),
    ],
    next: ({ index, book, bid, ask }) => [
      advanced(index, 'l2_data', {
        type: 'update',
        product_id: 'BTC-USD',
        updates: [l2('bid')(bid), l2('offer')(ask)],
      }),
      advanced(index, 'market_trades', {
        type: 'update',
        trades: [
          {
            trade_id: String(index),
            product_id: 'BTC-USD',
            price: '100.5',
            size: '0.5',
            side: 'BUY',
            time: iso(index),
          },
        ],
      }),
      advanced(index, 'ticker', {
        type: 'update',
        tickers: [
          {
            type: 'ticker',
            product_id: 'BTC-USD',
            price: '100.5',
            best_bid: book.bids[0]![0],
            best_bid_quantity: book.bids[0]![1],
            best_ask: book.asks[0]![0],
            best_ask_quantity: book.asks[0]![1],
          },
        ],
      }),
    ],
  },
  'kraken-v1': {
    symbol: 'XBT/USD',
    first: ({ book }) => [[1, { as: book.asks.map(stamped), bs: book.bids.map(stamped) }, 'book-100', 'XBT/USD']],
    next: ({ book, bid, ask }) => [
      [1, { a: [stamped(ask)] }, { b: [stamped(bid)], c: String(book.krakenChecksum) }, 'book-100', 'XBT/USD'],
      [2, [['100.5', '0.500', '1723161253.248123', 's', 'l', '']], 'trade', 'XBT/USD'],
      [
        3,
        [...[book.bids[0]![0], book.asks[0]![0]], '1723161253.248123', book.bids[0]![1], book.asks[0]![1]],
        'spread',
        'XBT/USD',
      ],
    ],
  },
  'kraken-v2': {
    symbol: 'BTC/USD',
    first: ({ book }) => [
      {
        channel: 'instrument',
        type: 'snapshot',
        data: { assets: [], pairs: [{ symbol: 'BTC/USD', price_precision: 1, qty_precision: 3 }] },
      },
      {
        channel: 'book',
        type: 'snapshot',
        data: [
          {
            symbol: 'BTC/USD',
            bids: book.bids.map(krakenLevel),
            asks: book.asks.map(krakenLevel),
            checksum: book.krakenChecksum,
          },
        ],
      },
    ],
    next: ({ index, book, bid, ask }) => [
      {
        channel: 'book',
        type: 'update',
        data: [
          {
            symbol: 'BTC/USD',
            bids: [krakenLevel(bid)],
            asks: [krakenLevel(ask)],
            checksum: book.krakenChecksum,
            timestamp: iso(index),
          },
        ],
      },
      {
        channel: 'trade',
        type: 'update',
        data: [
          {
            symbol: 'BTC/USD',
            side: 'sell',
            price: 100.5,
            qty: 0.5,
            ord_type: 'market',
            trade_id: index,
            timestamp: iso(index),
          },
        ],
      },
      {
        channel: 'ticker',
        type: 'update',
        data: [
          {
            symbol: 'BTC/USD',
            bid: Number(book.bids[0]![0]),
            bid_qty: Number(book.bids[0]![1]),
            ask: Number(book.asks[0]![0]),
            ask_qty: Number(book.asks[0]![1]),
          },
        ],
      },
    ],
  },
  okx: {
    symbol: 'BTC-USDT',
    first: ({ index, book }) => [okxBook('snapshot', book.bids, book.asks, -1, index)],
    next: ({ index, book, bid, ask }) => [
      okxBook('update', [bid], [ask], index - 1, index),
      {
        arg: { channel: 'trades', instId: 'BTC-USDT' },
        data: [
          { instId: 'BTC-USDT', tradeId: String(index), px: '100.5', sz: '0.5', side: 'sell', ts: String(ms(index)) },
        ],
      },
      {
        arg: { channel: 'bbo-tbt', instId: 'BTC-USDT' },
        data: [
          {
            bids: [[...book.bids[0]!, '0', '1']],
            asks: [[...book.asks[0]!, '0', '1']],
            ts: String(ms(index)),
            seqId: index,
          },
        ],
      },
    ],
  },
}

/** Frames of a protocol, a millisecond apart. */
export function venueFrames(protocol: VenueProtocolName, moments: number): VenueFrames {
  const { symbol, first, next } = makers[protocol]
  const book = new MadeBook()
  const frames: ServedFrame[] = []
  const add = (made: unknown[]) => {
    for (const frame of made) frames.push({ receivedNs: frames.length * 1e6, frame: JSON.stringify(frame) })
  }
  for (let index = 1; index <= moments; index += 1) {
    const place = index % 12
    if (index > 1) {
      book.bids[place]![1] = `${(index % 9) + 1}.500`
      book.asks[place]![1] = `${(index % 7) + 1}.250`
    }
    const moment = { index, book, bid: book.bids[place]!, ask: book.asks[place]! }
    add(index === 1 ? first(moment) : next(moment))
  }
  const side = (made: [string, string][]) => made.map(([price, size]): Level => [Number(price), Number(size)])
  return { protocol, symbol, frames, moments, lastBook: { bids: side(book.bids), asks: side(book.asks) } }
}

function binance(symbol: string, isFutures: boolean): { symbol: string; first: Make; next: Make } {
  const name = symbol.toLowerCase()
  const event = (e: string, index: number) => ({ e, E: ms(index), ...(isFutures && { T: ms(index) }), s: symbol })
  return {
    symbol,
    // An update numbers ten changes.
    first: ({ index, book }) => [
      { stream: `${name}@depth`, data: { lastUpdateId: index * 10, bids: book.bids, asks: book.asks } },
    ],
    next: ({ index, book, bid, ask }) => [
      {
        stream: `${name}@depth@100ms`,
        data: {
          ...event('depthUpdate', index),
          U: index * 10 - 9,
          u: index * 10,
          ...(isFutures && { pu: index * 10 - 10 }),
          b: [bid],
          a: [ask],
        },
      },
      {
        stream: `${name}@trade`,
        data: { ...event('trade', index), T: ms(index), t: index, p: '100.5', q: '0.5', m: true },
      },
      {
        stream: `${name}@bookTicker`,
        data: {
          ...(isFutures && event('bookTicker', index)),
          u: index * 10,
          s: symbol,
          b: book.bids[0]![0],
          B: book.bids[0]![1],
          a: book.asks[0]![0],
          A: book.asks[0]![1],
        },
      },
    ],
  }
}

function bybit(symbol: string): { symbol: string; first: Make; next: Make } {
  const isOption = symbol.endsWith('-C')
  const depth = isOption ? 100 : 50
  const around = (topic: string, type: string, index: number) => ({ topic, type, ts: ms(index), cts: ms(index) })
  return {
    symbol,
    first: ({ index, book }) => [
      {
        ...around(`orderbook.${depth}.${symbol}`, 'snapshot', index),
        data: { s: symbol, b: book.bids, a: book.asks, u: index, seq: index },
      },
    ],
    next: ({ index, book, bid, ask }) => [
      {
        ...around(`orderbook.${depth}.${symbol}`, 'delta', index),
        data: { s: symbol, b: [bid], a: [ask], u: index, seq: index },
      },
      {
        ...around(`publicTrade.${symbol}`, 'snapshot', index),
        data: [{ T: ms(index), s: symbol, S: 'Sell', v: '0.5', p: '100.5', i: String(index), BT: false }],
      },
      isOption
        ? {
            ...around(`tickers.${symbol}`, 'snapshot', index),
            data: {
              symbol,
              bidPrice: book.bids[0]![0],
              bidSize: book.bids[0]![1],
              askPrice: book.asks[0]![0],
              askSize: book.asks[0]![1],
            },
          }
        : {
            ...around(`orderbook.1.${symbol}`, 'snapshot', index),
            data: { s: symbol, b: [book.bids[0]], a: [book.asks[0]], u: index, seq: index },
          },
    ],
  }
}

function v2(side: string) {
  return ([price, size]: [string, string]) => {
    return { price, symbol: 'BTCUSDT', id: String(Number(price) * 10_000), side, size: Number(size) }
  }
}

function l2(side: string) {
  return ([price_level, new_quantity]: [string, string]) => ({ side, event_time: iso(0), price_level, new_quantity })
}

function advanced(index: number, channel: string, event: object): object {
  return { channel, client_id: '', timestamp: iso(index), sequence_num: 0, events: [event] }
}

function okxBook(
  action: string,
  bids: [string, string][],
  asks: [string, string][],
  prevSeqId: number,
  seqId: number,
): object {
  const level = (of: [string, string]) => [...of, '0', '1']
  return {
    arg: { channel: 'books', instId: 'BTC-USDT' },
    action,
    data: [{ asks: asks.map(level), bids: bids.map(level), ts: String(ms(seqId)), checksum: 0, prevSeqId, seqId }],
  }
}
