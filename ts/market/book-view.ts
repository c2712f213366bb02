import {
  BOOK_COUNT_CHECKSUM,
  BOOK_COUNT_CROSSED,
  BOOK_COUNT_EARLY,
  BOOK_COUNT_GAP,
  BOOK_COUNT_GIVEN_UP,
  BOOK_COUNT_INVALIDATED,
  BOOK_COUNT_LATE,
  BOOK_COUNT_LEVEL,
  BOOK_COUNT_SNAPSHOTS,
  BOOK_COUNT_THINNED,
  BOOK_COUNT_UPDATES,
  BOOK_COUNT_VERIFIED,
  BOOK_COUNTS,
  BOOK_ROW_ASK_PRICE,
  BOOK_ROW_ASK_SIZE,
  BOOK_ROW_BID_PRICE,
  BOOK_ROW_BID_SIZE,
  BOOK_ROW_DOUBLES,
  BOOK_ROW_EVENT,
  BOOK_ROW_FAULT,
  BOOK_ROW_INIT,
  BOOK_ROW_SEQUENCE,
  BOOK_ROW_STATE,
  BOOK_STATE_EMPTY,
} from '../layout.js'
import type { BookCounts, BookFault, BookState } from '../fallback/index.js'
import type { Books, Continuity } from '../market-core.js'
import { BOOK_LIMIT_MOST } from './book-options.js'
import type { Level } from './market-message.js'

export type BookSide = 'bid' | 'ask'

/** The best levels of both sides. */
export interface BookDepth {
  readonly bids: Level[]
  readonly asks: Level[]
}

/** Where a book lies and how it is kept. */
export interface BookPlace {
  readonly books: Books
  readonly booksMost: number
  readonly number: number
  readonly continuity: Continuity
}

/**
 * An order book to be read, in place: nothing is copied but what is asked for. What it says is as of the last batch of
 * updates that was applied.
 */
export abstract class BookView {
  readonly continuity: Continuity
  readonly #books: Books
  readonly #number: number
  /** Where its row begins in the page. */
  readonly #row: number

  constructor({ books, booksMost, number, continuity }: BookPlace) {
    this.continuity = continuity
    this.#books = books
    this.#number = number
    this.#row = booksMost + number * BOOK_ROW_DOUBLES
  }

  /** The instant that the times of its records count from, UNIX nanoseconds; undefined before the first. */
  protected abstract get epochNs(): bigint | undefined

  /** `empty` until the first snapshot, then `live` or `thinned`, or `stale` until the next one. */
  get state(): BookState {
    return STATES[this.#of(BOOK_ROW_STATE)]
  }

  /** Why the book is stale; undefined if it is not. */
  get fault(): BookFault | undefined {
    return FAULTS[this.#of(BOOK_ROW_FAULT)]
  }

  /** What happened so far, all that was dropped by reason. */
  get counts(): Readonly<BookCounts> {
    this.#books.counts(this.#number, counted)
    return {
      snapshots: counted[BOOK_COUNT_SNAPSHOTS],
      updates: counted[BOOK_COUNT_UPDATES],
      late: counted[BOOK_COUNT_LATE],
      early: counted[BOOK_COUNT_EARLY],
      verified: counted[BOOK_COUNT_VERIFIED],
      givenUp: counted[BOOK_COUNT_GIVEN_UP],
      gap: counted[BOOK_COUNT_GAP],
      crossed: counted[BOOK_COUNT_CROSSED],
      checksum: counted[BOOK_COUNT_CHECKSUM],
      level: counted[BOOK_COUNT_LEVEL],
      thinned: counted[BOOK_COUNT_THINNED],
      invalidated: counted[BOOK_COUNT_INVALIDATED],
    }
  }

  /** The venue's number of the last change in the book, 0 where it gives none. */
  get lastSequence(): number {
    return this.#of(BOOK_ROW_SEQUENCE)
  }

  /** When the last change happened at the venue, UNIX nanoseconds; undefined before the first. */
  get tsEvent(): bigint | undefined {
    const { epochNs } = this
    if (epochNs === undefined || this.#of(BOOK_ROW_STATE) === BOOK_STATE_EMPTY) return undefined
    return epochNs + BigInt(this.#of(BOOK_ROW_EVENT))
  }

  /** The same in nanoseconds since the epoch; 0 before the first. */
  get eventNs(): number {
    return this.#of(BOOK_ROW_EVENT)
  }

  /** When the last update or snapshot was received, applied or not, in nanoseconds since the epoch. */
  get initNs(): number {
    return this.#of(BOOK_ROW_INIT)
  }

  /** The best bid; NaN if there is none, or the book is empty or stale. So are the three others. */
  get bidPrice(): number {
    return this.#of(BOOK_ROW_BID_PRICE)
  }

  get bidSize(): number {
    return this.#of(BOOK_ROW_BID_SIZE)
  }

  get askPrice(): number {
    return this.#of(BOOK_ROW_ASK_PRICE)
  }

  get askSize(): number {
    return this.#of(BOOK_ROW_ASK_SIZE)
  }

  /** The best bid or ask; undefined if there is none, or the book is empty or stale. */
  best(side: BookSide): Level | undefined {
    const [price, size] = side === 'bid' ? [this.bidPrice, this.bidSize] : [this.askPrice, this.askSize]
    return Number.isNaN(price) ? undefined : [price, size]
  }

  /**
   * The best levels of both sides, at most `count` each; undefined if the book is empty or stale. Those beyond `reach` are the
   * venue's, but others may be missing among them.
   */
  depth(count: number): BookDepth | undefined {
    const state = this.state
    if (state !== 'live' && state !== 'thinned') return undefined
    return { bids: this.#levels('bid', count), asks: this.#levels('ask', count) }
  }

  /**
   * Writes price and size of a side's best levels in turn, at most `count` and what fits. Returns how many levels; 0 if the
   * book is empty or stale.
   */
  readLevels(side: BookSide, count: number, out: Float64Array): number {
    return this.#books.levels(this.#number, sideOf(side), wholeOf(count), out)
  }

  /** The worst price of a side down to which no level is missing; undefined if there is nothing missing at all. */
  reach(side: BookSide): number | undefined {
    return numberOf(this.#books.reach(this.#number, sideOf(side)))
  }

  /** The size of all levels from the best to a price, that one included; undefined if the book does not reach so far. */
  volumeTo(side: BookSide, price: number): number | undefined {
    return numberOf(this.#books.volumeTo(this.#number, sideOf(side), price))
  }

  /** The price of the level at which so much volume has come together; undefined if the book has not so much for sure. */
  priceFor(side: BookSide, volume: number): number | undefined {
    return numberOf(this.#books.priceFor(this.#number, sideOf(side), volume))
  }

  #of(field: number): number {
    return this.#books.page[this.#row + field]
  }

  #levels(side: BookSide, count: number): Level[] {
    const most = wholeOf(count)
    if (scratch.length < 2 * most) scratch = new Float64Array(2 * most)
    const length = this.readLevels(side, most, scratch)
    return Array.from({ length }, (_, place) => [scratch[2 * place], scratch[2 * place + 1]])
  }
}

const STATES: readonly BookState[] = ['empty', 'live', 'thinned', 'stale']
const FAULTS: readonly (BookFault | undefined)[] = [undefined, 'gap', 'crossed', 'checksum', 'level', 'invalidated']

/** Places to read into, for all books of the thread: what was read is out of them again before anybody else reads. */
const counted = new Float64Array(BOOK_COUNTS)
let scratch = new Float64Array(2 * 32)

function sideOf(side: BookSide): number {
  return side === 'bid' ? 0 : 1
}

/** No side has more levels than the limit, and none fewer than none. */
function wholeOf(count: number): number {
  return Math.max(0, Math.min(Math.trunc(count) || 0, BOOK_LIMIT_MOST))
}

function numberOf(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value
}
