import { badArgument } from '../errors.js'
import {
  Book,
  type BookCounts,
  type BookFault,
  type BookState,
  type ChecksumKind,
  type Continuity,
  hasSnapshotApart,
  isFollowing,
  type Levels,
  WHOLE,
} from '../fallback/index.js'
import { UpdateRecords } from './update-records.js'
import type { BookUpdate, Level } from './market-message.js'

export interface OrderBookOptions {
  /** The rule by which the venue's updates follow each other. */
  continuity: Continuity
  /** The checksum that comes with updates. @default none */
  checksum?: ChecksumKind
  /** Most levels that a side keeps, 10 to 65,536; the worst are given up, and `reach` says so. @default 4_096 */
  limit?: number
  /**
   * How many levels a side the venue tells of, 1 to `limit`, if not of all: what was subscribed at Kraken, say. What falls
   * out of them the venue repeats when it comes back. @default all
   */
  window?: number
  /**
   * Most levels a side that a snapshot holds, 1 or more: one with so many was cut off there, and `reach` says so.
   * @default 1_000 where a snapshot is fetched apart from the stream, otherwise no limit
   */
  snapshotLevels?: number
}

export type BookSide = 'bid' | 'ask'

/** The best levels of both sides. */
export interface BookDepth {
  readonly bids: Level[]
  readonly asks: Level[]
}

/**
 * The order book of one instrument by price levels (L2), kept from `BookUpdate`s.
 *
 * It is what the venue has, or says that it is not. A missing update, a wrong checksum or prices that cross make it `stale`;
 * `fault` says why, and it answers nothing until it is given a snapshot. Where snapshots are fetched apart from the stream
 * (Binance), the updates that come before one are kept, up to 16,384 levels, and applied to it.
 *
 * Memory is fixed: a side keeps its best levels up to `limit`. Down to `reach` none is missing; while fewer than 10 levels
 * lie before it, the book is `thinned`: it still answers, but the levels that it never saw may belong near the top.
 *
 * ```ts
 * const book = new OrderBook({ continuity: 'binance-spot' })
 * bus.subscribe('data.book.deltas.BINANCE.BTCUSDT', (update) => {
 *   book.apply(update)
 *   console.log(book.state, book.best('bid'), book.best('ask'))
 * })
 * ```
 */
export class OrderBook {
  readonly continuity: Continuity
  readonly #book: Book
  /** The first time met, from which the others count so that they are exact as doubles. */
  #baseNs: bigint | undefined

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` if an option is out of range. */
  constructor({ continuity, checksum, limit = 4_096, window, snapshotLevels }: OrderBookOptions) {
    checkWhole('limit', limit, 10, 65_536)
    if (window !== undefined) checkWhole('window', window, 1, limit)
    if (snapshotLevels !== undefined) checkWhole('snapshotLevels', snapshotLevels, 1, Number.MAX_SAFE_INTEGER)
    if (continuity === 'checksum' && checksum === undefined)
      throw badArgument('checksum', 'a kind of checksum', checksum)
    if (checksum?.kind === 'kraken') {
      checkWhole('checksum.pricePlaces', checksum.pricePlaces, 0, 18)
      checkWhole('checksum.sizePlaces', checksum.sizePlaces, 0, 18)
    }
    this.continuity = continuity
    this.#book = new Book({
      continuity,
      checksum,
      limit,
      window: window ?? Infinity,
      snapshotLevels: snapshotLevels ?? (hasSnapshotApart(continuity) ? 1_000 : Infinity),
    })
  }

  /** `empty` until the first snapshot, then `live` or `thinned`, or `stale` until the next one. */
  get state(): BookState {
    return this.#book.state
  }

  /** Why the book is stale; undefined if it is not. */
  get fault(): BookFault | undefined {
    return this.#book.fault
  }

  /** What happened so far, all that was dropped by reason. */
  get counts(): Readonly<BookCounts> {
    return { ...this.#book.counts }
  }

  /** The venue's number of the last change in the book, 0 where it gives none. */
  get lastSequence(): number {
    return this.#book.lastSequence
  }

  /** When the last change happened at the venue, UNIX nanoseconds; undefined before the first. */
  get tsEvent(): bigint | undefined {
    if (this.#baseNs === undefined || this.state === 'empty') return undefined
    return this.#baseNs + BigInt(this.#book.eventNs)
  }

  /**
   * Applies a snapshot or an update, with the checksum that came with it, as a number of 32 bits with or without a sign.
   * Returns the state that the book is in now. The whole update counts: a book is never seen half-way.
   */
  apply(update: BookUpdate, checksum?: number): BookState {
    this.#baseNs ??= update.tsEvent
    const count = scratch.write(update, Number(update.tsEvent - this.#baseNs))
    return this.#book.apply(scratch.records, 0, count, checksum === undefined ? undefined : checksum >>> 0)
  }

  /** The best bid or ask; undefined if there is none, or the book is empty or stale. */
  best(side: BookSide): Level | undefined {
    const levels = this.#levels(side)
    return levels !== undefined && levels.length > 0 ? [Math.abs(levels.key(0)), levels.size(0)] : undefined
  }

  /**
   * The best levels of both sides, at most `count` each; undefined if the book is empty or stale. Those beyond `reach` are the
   * venue's, but others may be missing among them.
   */
  depth(count: number): BookDepth | undefined {
    if (!isFollowing(this.state)) return undefined
    return { bids: bestOf(this.#book.bids, count), asks: bestOf(this.#book.asks, count) }
  }

  /** The worst price of a side down to which no level is missing; undefined if there is nothing missing at all. */
  reach(side: BookSide): number | undefined {
    const { reach } = side === 'bid' ? this.#book.bids : this.#book.asks
    return reach === WHOLE ? undefined : Math.abs(reach)
  }

  /** The size of all levels from the best to a price, that one included; undefined if the book does not reach so far. */
  volumeTo(side: BookSide, price: number): number | undefined {
    const levels = this.#levels(side)
    const key = side === 'bid' ? price : -price
    if (levels === undefined || !(key >= levels.reach)) return undefined
    let sum = 0
    for (let place = 0; place < levels.length && levels.key(place) >= key; place += 1) sum += levels.size(place)
    return sum
  }

  /** The price of the level at which so much volume has come together; undefined if the book has not so much for sure. */
  priceFor(side: BookSide, volume: number): number | undefined {
    const levels = this.#levels(side)
    if (levels === undefined) return undefined
    let sum = 0
    for (let place = 0; place < levels.length && levels.key(place) >= levels.reach; place += 1) {
      sum += levels.size(place)
      if (sum >= volume) return Math.abs(levels.key(place))
    }
    return undefined
  }

  #levels(side: BookSide): Levels | undefined {
    if (!isFollowing(this.state)) return undefined
    return side === 'bid' ? this.#book.bids : this.#book.asks
  }
}

/** An update is written and applied in one go, so that one place serves all books of the thread. */
const scratch = new UpdateRecords()

function bestOf(levels: Levels, count: number): Level[] {
  return Array.from({ length: Math.min(count, levels.length) }, (_, place) => [
    Math.abs(levels.key(place)),
    levels.size(place),
  ])
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw badArgument(
      name,
      `a whole number, ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`,
      value,
    )
  }
}
