/** What many order books hold on to. */
import type { Backend } from 'tickbus'
import { Epoch } from 'tickbus'
import { OrderBooks } from 'tickbus/market'
import { memoryInUse } from '../bus/memory.js'
import type { Open } from '../question.js'

export interface Stock {
  books: number
  /** Levels of each side. */
  levels: number
}

export const stocks = {
  '1,000 levels a side': { books: 200, levels: 1_000 },
  '10 levels a side': { books: 5_000, levels: 10 },
} satisfies Record<string, Stock>

/** Takes a snapshot of an instrument; says how many levels all books have. */
interface Shelf {
  put(instrument: number, bids: readonly number[], asks: readonly number[]): void
  levels(): number
}

/** Books of ours, each with its row, its instrument's name and its view. */
export function ours(backend: Backend): Open<Stock> {
  return keeping((count) => {
    const books = new OrderBooks({ market: 'bybit-linear', epoch: new Epoch(0n), booksMost: count, backend })
    const side = (prices: readonly number[]) => prices.map((price) => [price.toFixed(2), '1.5'])
    return {
      put: (instrument, bids, asks) => {
        const data = { s: `SYM${instrument}`, b: side(bids), a: side(asks), u: 1, seq: 1 }
        const frame = { topic: `orderbook.200.${data.s}`, type: 'snapshot', ts: 1, data }
        books.frames([Buffer.from(JSON.stringify(frame))], new Float64Array(1))
      },
      levels: () =>
        books.books.reduce((sum, book) => {
          const depth = book.depth(4_096)
          return sum + (depth === undefined ? 0 : depth.bids.length + depth.asks.length)
        }, 0),
    }
  })
}

/** A Map a side. */
export const maps = keeping(() => {
  const books = new Map<string, Map<number, number>[]>()
  return {
    put: (instrument, ...sides) => {
      const made = sides.map((prices) => new Map(prices.map((price) => [price, 1.5])))
      books.set(`SYM${instrument}`, made)
    },
    levels: () => [...books.values()].flat().reduce((sum, { size }) => sum + size, 0),
  }
})

function keeping(open: (count: number) => Shelf): Open<Stock> {
  return async ({ books, levels }, quick) => {
    const count = quick ? books / 10 : books
    // Says at once whether this case can run here.
    open(1)
    const round = async () => {
      const before = await memoryInUse()
      const shelf = open(count)
      for (let instrument = 0; instrument < count; instrument += 1) {
        const places = Array.from({ length: levels }, (_, place) => place)
        shelf.put(
          instrument,
          places.map((place) => (100_000 - place) / 100),
          places.map((place) => (100_001 + place) / 100),
        )
      }
      const after = await memoryInUse()
      const figures = { book: Math.max(0, after.resident - before.resident) / count }
      const expected = 2 * count * levels
      return { figures, published: count, delivered: count, sentChecksum: expected, receivedChecksum: shelf.levels() }
    }
    return { round, close: async () => {} }
  }
}
