/** Order books under the same updates: after each one the best bid and ask are read. */
import * as matching from 'nodejs-order-book'
import { type BookUpdate, type Level, OrderBook } from 'tickbus/market'
import type { Open, Round } from '../question.js'

/** What the updates are like. */
export interface Load {
  /** Levels in each update, half of them bids. */
  changes: number
}

export const loads = {
  '100-level diffs': { changes: 100 },
  '4-level diffs': { changes: 4 },
} satisfies Record<string, Load>

/** A book, as every rival is one. */
interface Kept {
  apply(update: BookUpdate): void
  /** The best bid and ask added up. */
  top(): number
}

/** Our book fed with objects, whose updates are checked for gaps and crossed prices. */
export const objects = playing(() => {
  const book = new OrderBook({ continuity: 'plus-one' })
  return {
    apply: (update) => void book.apply(update),
    top: () => (book.best('bid')?.[0] ?? NaN) + (book.best('ask')?.[0] ?? NaN),
  }
})

/** A Map a side, looked through for the best price. */
export const scannedMaps = playing(() => {
  const [bids, asks] = [new Map<number, number>(), new Map<number, number>()]
  return {
    apply: (update) => {
      putAll(bids, update.bids)
      putAll(asks, update.asks)
    },
    top: () => {
      let [bid, ask] = [-Infinity, Infinity]
      for (const price of bids.keys()) if (price > bid) bid = price
      for (const price of asks.keys()) if (price < ask) ask = price
      return bid + ask
    },
  }
})

/** An object a side by the price's text, sorted for the best price. */
export const sortedObjects = playing(() => {
  const [bids, asks]: [Record<string, number>, Record<string, number>] = [{}, {}]
  const put = (side: Record<string, number>, levels: readonly Level[]) => {
    for (const [price, size] of levels) {
      if (size === 0) delete side[price]
      else side[price] = size
    }
  }
  const sorted = (side: Record<string, number>) =>
    Object.keys(side)
      .map(Number)
      .toSorted((a, b) => a - b)
  return {
    apply: (update) => {
      put(bids, update.bids)
      put(asks, update.asks)
    },
    top: () => sorted(bids).at(-1)! + sorted(asks)[0]!,
  }
})

/** An array of levels a side, the best last, searched by halves and spliced. */
export const splicedArrays = playing(() => {
  const [bids, asks]: [Level[], Level[]] = [[], []]
  const put = (side: Level[], sign: number, levels: readonly Level[]) => {
    for (const [price, size] of levels) {
      let [low, high] = [0, side.length]
      while (low < high) {
        const middle = (low + high) >>> 1
        if (sign * side[middle]![0] < sign * price) low = middle + 1
        else high = middle
      }
      const isThere = side[low]?.[0] === price
      if (size === 0) side.splice(low, isThere ? 1 : 0)
      else if (isThere) side[low]![1] = size
      else side.splice(low, 0, [price, size])
    }
  }
  return {
    apply: (update) => {
      put(bids, 1, update.bids)
      put(asks, -1, update.asks)
    },
    top: () => bids.at(-1)![0] + asks.at(-1)![0],
  }
})

/** A matching engine, in which each level is one order. Its best prices are read where it keeps them, in its trees. */
export const orders = playing(() => {
  const book = new matching.OrderBook()
  const sides = book as unknown as Record<'bids' | 'asks', Record<'maxPriceQueue' | 'minPriceQueue', () => PriceQueue>>
  const put = (side: matching.Side, levels: readonly Level[]) => {
    for (const [price, size] of levels) {
      const id = `${side}${price}`
      book.cancel(id)
      if (size > 0) book.limit({ side, id, size, price })
    }
  }
  return {
    apply: (update) => {
      put(matching.Side.BUY, update.bids)
      put(matching.Side.SELL, update.asks)
    },
    top: () => sides.bids.maxPriceQueue().price() + sides.asks.minPriceQueue().price(),
  }
})

interface PriceQueue {
  price(): number
}

const SNAPSHOT_LEVELS = 1_000
/** Updates made beforehand, which are played again and again: what they leave is the same each time. */
export const UPDATES = 512

function playing(make: () => Kept): Open<Load> {
  return async ({ changes }, quick) => {
    const expected = sumOfTops(changes)
    const replay = new Replay(make(), changes)
    return { round: async () => measure(replay, expected, quick), close: async () => {} }
  }
}

/** What plays all updates once, and adds up the best prices that it reads meanwhile, in ticks. */
export interface Passing {
  pass(): number
}

/**
 * How long a round lasts at least, in milliseconds. The slowest rival needs four thousand times as long for an update as the
 * fastest case: a count that one of them plays in a minute is over for the other before the clock shows it.
 */
const ROUND_MS = 250
const QUICK_ROUND_MS = 10

/** Plays whole passes until the round has lasted long enough; `expected` is what each has to add up to. */
export function measure(replay: Passing, expected: number, quick: boolean): Round {
  const leastMs = quick ? QUICK_ROUND_MS : ROUND_MS
  const start = performance.now()
  let [passes, receivedChecksum, tookMs] = [0, 0, 0]
  while (tookMs < leastMs) {
    receivedChecksum += replay.pass()
    passes += 1
    tookMs = performance.now() - start
  }
  const count = passes * UPDATES
  const figures = { update: (tookMs * 1e6) / count }
  return { figures, published: count, delivered: count, sentChecksum: expected * passes, receivedChecksum }
}

/** What a pass adds up to where the top is read after each so many updates, by levels in a Map that is sorted each time. */
export function sumOfTops(changes: number, every = 1): number {
  const [bids, asks] = [new Map<number, number>(), new Map<number, number>()]
  const top = () => Math.max(...bids.keys()) + Math.min(...asks.keys())
  const apply = (update: BookUpdate) => {
    putAll(bids, update.bids)
    putAll(asks, update.asks)
  }
  return new Replay({ apply, top }, changes, every).pass()
}

/** The same updates over and over, under numbers that go on. */
class Replay {
  readonly #book: Kept
  readonly #updates: readonly BookUpdate[]
  readonly #every: number
  #number = 1

  constructor(book: Kept, changes: number, every = 1) {
    const [snapshot, ...updates] = updatesOf(changes)
    this.#book = book
    this.#updates = updates
    this.#every = every
    book.apply(snapshot!)
    this.pass()
  }

  /** Applies each update; returns the sum of all best prices, in ticks. */
  pass(): number {
    let sum = 0
    for (const [i, update] of this.#updates.entries()) {
      this.#number += 1
      update.firstSequence = this.#number
      update.lastSequence = this.#number
      this.#book.apply(update)
      if ((i + 1) % this.#every === 0) sum += Math.round(this.#book.top() * 100)
    }
    return sum
  }
}

/** A snapshot with number 1, and updates that begin at it; the same each time. */
export function updatesOf(changes: number): BookUpdate[] {
  const random = randoms()
  const updates = Array.from({ length: UPDATES }, () => updateOf(changes, random))
  const all = Array.from({ length: SNAPSHOT_LEVELS }, (_, place) => place)
  const [bids, asks] = [all.map((place): Level => [bid(place), 1]), all.map((place): Level => [ask(place), 1])]
  return [{ ...updates[0]!, kind: 'snapshot', firstSequence: 1, lastSequence: 1, bids, asks }, ...updates]
}

/** Changes near the top for the most part, in the venue's order; a third of them take levels out. */
function updateOf(changes: number, random: (below: number) => number): BookUpdate {
  const places = () => Array.from({ length: changes / 2 }, () => random([20, 200, SNAPSHOT_LEVELS][random(3)]!))
  const size = () => (random(3) === 0 ? 0 : (1 + random(1_000)) / 1_000)
  const side = (price: (place: number) => number) => {
    const distinct = [...new Set(places())].toSorted((a, b) => a - b)
    return distinct.map((place): Level => [price(place), size()])
  }
  const numbers = { firstSequence: 0, lastSequence: 0, tsEvent: 1_723_161_256_313_000_000n, tsInit: 1n }
  return { kind: 'delta', ...numbers, bids: side(bid), asks: side(ask) }
}

const bid = (place: number) => (6_000_000 - place) / 100
const ask = (place: number) => (6_000_001 + place) / 100

function putAll(side: Map<number, number>, levels: readonly Level[]): void {
  for (const [price, size] of levels) {
    if (size === 0) side.delete(price)
    else side.set(price, size)
  }
}

/** The same numbers each time: Park and Miller's generator. */
function randoms(): (below: number) => number {
  let state = 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
