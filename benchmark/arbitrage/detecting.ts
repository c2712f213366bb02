/** Who finds where an edge opens and closes, under the same quotes and fees; all have to find the same. */
import { ArbitrageRouter } from 'tickbus/intelligence'
import type { Open, Round } from '../question.js'
import { DOUBLES, makeQuotes, type Quotes, SYMBOLS, VENUES } from './quotes.js'

export interface Load {
  /** Quotes in a round. */
  count: number
  /** Quotes that are handed over at a time. */
  batch: number
  feeBps: number
}

export const loads = {
  'batches of 1,024, fees of 2 bp': { count: 512_000, batch: 1_024, feeBps: 2 },
  'batches of 64, fees of 2 bp': { count: 512_000, batch: 64, feeBps: 2 },
} satisfies Record<string, Load>

/** Takes some of the quotes in, and returns how many episodes were opened and closed so far. */
type Detect = (quotes: Quotes, from: number, to: number) => number

const names = Array.from({ length: SYMBOLS }, (_, symbol) => `S${symbol}`)
const pairs = Object.fromEntries(
  names.map((name) => [name, Array.from({ length: VENUES }, (_, venue) => `${name}.V${venue}`)]),
)

/** Ours, on either backend: records in, events out, and a listener that is called for each episode. */
export const ours = (backend: 'native' | 'js') =>
  playing(({ feeBps }) => {
    const takerBps = Object.fromEntries(
      Object.values(pairs)
        .flat()
        .map((id) => [id, feeBps]),
    )
    const fees = { asOf: new Date().toISOString().slice(0, 10), takerBps }
    const router = new ArbitrageRouter({ pairs, fees, backend, epoch: 0n })
    let events = 0
    router.on('opened', () => (events += 1)).on('closed', () => (events += 1))
    return ({ bytes }, from, to) => {
      router.update(bytes.subarray(from * DOUBLES * 8, to * DOUBLES * 8))
      return events
    }
  })

/** After each quote all venues of the symbol against all others, as objects in a Map. */
export const bruteForce = playing(({ feeBps }) => {
  const venues = new Map<string, Map<string, { bid: number; ask: number }>>(names.map((name) => [name, new Map()]))
  const open = new Set<string>()
  let events = 0
  return ({ words, doubles }, from, to) => {
    for (let i = from; i < to; i += 1) {
      const number = words[2 * DOUBLES * i + 1]!
      const symbol = names[Math.floor(number / VENUES)]!
      const latest = venues.get(symbol)!
      latest.set(pairs[symbol]![number % VENUES]!, { bid: doubles[DOUBLES * i + 3]!, ask: doubles[DOUBLES * i + 4]! })
      for (const [sell, { bid }] of latest) {
        for (const [buy, { ask }] of latest) {
          if (buy === sell) continue
          const way = `${buy}>${sell}`
          const edge = (bid * (1 - feeBps / 10_000)) / (ask * (1 + feeBps / 10_000)) - 1
          if (edge > 0 === open.has(way)) continue
          if (edge > 0) open.add(way)
          else open.delete(way)
          events += 1
        }
      }
    }
    return events
  }
})

/** The venue of the quote against the others, in typed arrays. */
export const incremental = playing(({ feeBps }) => {
  const [sells, buys] = [new Float64Array(VENUES * SYMBOLS), new Float64Array(VENUES * SYMBOLS).fill(Infinity)]
  const open = new Uint8Array(VENUES * SYMBOLS * VENUES)
  const [left, added] = [1 - feeBps / 10_000, 1 + feeBps / 10_000]
  let events = 0
  const judge = (buy: number, sell: number) => {
    const way = buy * VENUES + (sell % VENUES)
    const isAbove = sells[sell]! > buys[buy]! ? 1 : 0
    if (isAbove === open[way]) return
    open[way] = isAbove
    events += 1
  }
  return ({ words, doubles }, from, to) => {
    for (let i = from; i < to; i += 1) {
      const number = words[2 * DOUBLES * i + 1]!
      sells[number] = doubles[DOUBLES * i + 3]! * left
      buys[number] = doubles[DOUBLES * i + 4]! * added
      const first = number - (number % VENUES)
      for (let other = first; other < first + VENUES; other += 1) {
        if (other === number) continue
        judge(other, number)
        judge(number, other)
      }
    }
    return events
  }
})

function playing(make: (load: Load) => Detect): Open<Load> {
  return async (load, quick) => {
    const quotes = makeQuotes(quick ? load.count / 50 : load.count)
    // Says at once whether this case can run here.
    make(load)(quotes, 0, 1)
    const expected = passes(incrementalOnce(load), quotes, load.batch)
    return { round: async () => measure(make(load), quotes, load.batch, expected), close: async () => {} }
  }
}

/** What the simplest of all finds, to compare with. */
function incrementalOnce({ feeBps }: Load): Detect {
  const latest = new Map<number, { bid: number; ask: number }>()
  const open = new Set<number>()
  let events = 0
  return ({ words, doubles }, from, to) => {
    for (let i = from; i < to; i += 1) {
      const number = words[2 * DOUBLES * i + 1]!
      latest.set(number, { bid: doubles[DOUBLES * i + 3]!, ask: doubles[DOUBLES * i + 4]! })
      const first = number - (number % VENUES)
      for (let other = first; other < first + VENUES; other += 1) {
        if (other === number || !latest.has(other)) continue
        for (const [buy, sell] of [
          [other, number],
          [number, other],
        ] as const) {
          const isAbove = latest.get(sell)!.bid * (10_000 - feeBps) > latest.get(buy)!.ask * (10_000 + feeBps)
          const way = buy * VENUES * SYMBOLS + sell
          if (isAbove === open.has(way)) continue
          if (isAbove) open.add(way)
          else open.delete(way)
          events += 1
        }
      }
    }
    return events
  }
}

function measure(detect: Detect, quotes: Quotes, batch: number, sentChecksum: number): Round {
  const start = performance.now()
  const receivedChecksum = passes(detect, quotes, batch)
  const figures = { update: ((performance.now() - start) * 1e6) / quotes.count }
  return { figures, published: quotes.count, delivered: quotes.count, sentChecksum, receivedChecksum }
}

function passes(detect: Detect, quotes: Quotes, batch: number): number {
  let events = 0
  for (let from = 0; from < quotes.count; from += batch)
    events = detect(quotes, from, Math.min(from + batch, quotes.count))
  return events
}
