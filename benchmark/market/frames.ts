/** Frames of USD-margined Binance futures as `ws` hands them over: each a Buffer of its own. */
import type { DecodedVenue } from '../../dist/market-core.js'

/** Frames of one shape; no two of those that follow each other say the same. */
export interface Shape {
  /** Frames in a round. */
  count: number
  frame: (index: number) => object
  /** Whose frames they are, and the sum of the prices and sizes in one that JSON.parse has read. @default Binance */
  venue?: DecodedVenue
  sum?: (parsed: never) => number
}

export const price = (index: number) => (61_800 + (index % 997) / 10).toFixed(2)
export const size = (index: number) => ((index % 4_999) / 1_000).toFixed(3)
export const time = (index: number) => 1_723_161_256_313 + index

const levels = (index: number, count: number) =>
  Array.from({ length: count }, (_, level) => [price(index + level), size(index * 7 + level)])

const book = (side: number) => (index: number) => ({
  stream: 'btcusdt@depth@0ms',
  data: {
    e: 'depthUpdate',
    E: time(index),
    T: time(index) - 1,
    s: 'BTCUSDT',
    U: 5_123_107_832_006 + index,
    u: 5_123_107_837_557 + index,
    pu: 5_123_107_831_937 + index,
    b: levels(index, side),
    a: levels(index + 1, side),
  },
})

export const shapes = {
  quote: {
    count: 100_000,
    frame: (index) => ({
      stream: 'btcusdt@bookTicker',
      data: {
        e: 'bookTicker',
        u: 5_123_107_839_020 + index,
        s: 'BTCUSDT',
        b: price(index),
        B: size(index),
        a: price(index + 1),
        A: size(index + 1),
        T: time(index),
        E: time(index),
      },
    }),
  },
  trade: {
    count: 100_000,
    frame: (index) => ({
      stream: 'btcusdt@trade',
      data: {
        e: 'trade',
        E: time(index),
        T: time(index),
        s: 'BTCUSDT',
        t: 5_266_583_935 + index,
        p: price(index),
        q: size(index + 1),
        X: 'MARKET',
        m: index % 2 === 0,
      },
    }),
  },
  '20 + 20 levels': { count: 20_000, frame: book(20) },
  '100 + 100 levels': { count: 4_000, frame: book(100) },
} satisfies Record<string, Shape>

/** Frames are taken in turn from so many. */
export const FRAMES = 1_024

export function framesOf(shape: Shape): Buffer[] {
  return Array.from({ length: FRAMES }, (_, index) => Buffer.from(JSON.stringify(shape.frame(index))))
}
