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
  BOOKS_TOTAL_BOOKS,
  BOOKS_TOTAL_BYTES,
  BOOKS_TOTAL_REFUSED,
  BOOKS_TOTAL_UNKNOWN,
  BOOK_ROW_DOUBLES,
  RECORD_DOUBLE_INIT,
} from '../../layout.js'
import type { Books, BookSettings, BooksOptions } from '../../market-core.js'
import { Book, isFollowing, LevelRecords, type Levels, WHOLE } from './book/index.js'
import { writeRow } from './book/row.js'

/** The order books of many instruments; crates/market's books step for step. */
export class JsBooks implements Books {
  readonly page: Float64Array
  readonly #options: BooksOptions
  readonly #books: Kept[] = []
  /** The books by the instruments' numbers. */
  readonly #numbers = new Map<number, number>()
  readonly #changed: number[] = []
  #unknown = 0
  #refused = 0
  #bytes: Uint8Array | undefined
  #records = new LevelRecords(new ArrayBuffer(0))

  constructor(options: BooksOptions) {
    this.#options = options
    this.page = new Float64Array(options.booksMost * (1 + BOOK_ROW_DOUBLES))
  }

  open(instrument: number, settings: BookSettings): number {
    const known = this.#numbers.get(instrument)
    if (known !== undefined) {
      this.#books[known].book = new Book(settings)
      this.#touch(known)
      return known
    }
    const number = this.#books.length
    if (instrument >= this.#options.instrumentsMost || number >= this.#options.booksMost) return -1
    this.#numbers.set(instrument, number)
    this.#books.push({ book: new Book(settings), instrument, initNs: 0, isChanged: false })
    this.#touch(number)
    return number
  }

  apply(records: Uint8Array, first: number, count: number): number {
    this.take(records, first, count)
    return this.changes()
  }

  /** Applies the book levels among records; what has changed is written later. */
  take(bytes: Uint8Array, first: number, count: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#records = new LevelRecords(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    const records = this.#records
    const end = first + count
    for (let at = first; at < end;) {
      const next = records.endOfUpdate(at, end)
      if (records.isLevel(next - 1)) this.#applyUpdate(records, at, next)
      at = next
    }
  }

  invalidate(number: number): void {
    const kept = this.#books[number]
    if (kept === undefined) return
    kept.book.invalidate()
    this.#touch(number)
  }

  changes(): number {
    const { booksMost } = this.#options
    const count = this.#changed.length
    for (let place = 0; place < count; place += 1) {
      const number = this.#changed[place]
      const kept = this.#books[number]
      kept.isChanged = false
      this.page[place] = number
      writeRow(this.page, booksMost + number * BOOK_ROW_DOUBLES, kept.book, kept.instrument, kept.initNs)
    }
    this.#changed.length = 0
    return count
  }

  levels(book: number, side: number, count: number, out: Float64Array): number {
    const levels = this.#levels(book, side)
    const most = Math.min(levels?.length ?? 0, count, out.length >>> 1)
    for (let place = 0; place < most; place += 1) {
      out[2 * place] = Math.abs(levels!.key(place))
      out[2 * place + 1] = levels!.size(place)
    }
    return most
  }

  volumeTo(book: number, side: number, price: number): number {
    const levels = this.#levels(book, side)
    const key = side === 0 ? price : -price
    if (levels === undefined || !(key >= levels.reach)) return NaN
    let sum = 0
    for (let place = 0; place < levels.length && levels.key(place) >= key; place += 1) sum += levels.size(place)
    return sum
  }

  priceFor(book: number, side: number, volume: number): number {
    const levels = this.#levels(book, side)
    if (levels === undefined) return NaN
    let sum = 0
    for (let place = 0; place < levels.length && levels.key(place) >= levels.reach; place += 1) {
      sum += levels.size(place)
      if (sum >= volume) return Math.abs(levels.key(place))
    }
    return NaN
  }

  reach(book: number, side: number): number {
    const kept = this.#books[book]?.book
    const reach = (side === 0 ? kept?.bids : kept?.asks)?.reach ?? WHOLE
    return reach === WHOLE ? NaN : Math.abs(reach)
  }

  counts(book: number, out: Float64Array): void {
    const counts = this.#books[book]?.book.counts
    if (counts === undefined) return
    out[BOOK_COUNT_SNAPSHOTS] = counts.snapshots
    out[BOOK_COUNT_UPDATES] = counts.updates
    out[BOOK_COUNT_LATE] = counts.late
    out[BOOK_COUNT_EARLY] = counts.early
    out[BOOK_COUNT_VERIFIED] = counts.verified
    out[BOOK_COUNT_GIVEN_UP] = counts.givenUp
    out[BOOK_COUNT_GAP] = counts.gap
    out[BOOK_COUNT_CROSSED] = counts.crossed
    out[BOOK_COUNT_CHECKSUM] = counts.checksum
    out[BOOK_COUNT_LEVEL] = counts.level
    out[BOOK_COUNT_THINNED] = counts.thinned
    out[BOOK_COUNT_INVALIDATED] = counts.invalidated
  }

  totals(out: Float64Array): void {
    out[BOOKS_TOTAL_BOOKS] = this.#books.length
    out[BOOKS_TOTAL_UNKNOWN] = this.#unknown
    out[BOOKS_TOTAL_REFUSED] = this.#refused
    out[BOOKS_TOTAL_BYTES] = this.#books.reduce((sum, { book }) => sum + book.bytes, 0)
  }

  #applyUpdate(records: LevelRecords, first: number, end: number): void {
    const instrument = records.instrument(first)
    const number = this.#numbers.get(instrument) ?? this.#openFor(instrument)
    if (number < 0) return
    const kept = this.#books[number]
    kept.book.apply(records, first, end)
    kept.initNs = records.double(first, RECORD_DOUBLE_INIT)
    this.#touch(number)
  }

  #openFor(instrument: number): number {
    const { settings, instrumentsMost } = this.#options
    if (settings === undefined || instrument >= instrumentsMost) {
      this.#unknown += 1
      return -1
    }
    const number = this.open(instrument, settings)
    if (number < 0) this.#refused += 1
    return number
  }

  #touch(number: number): void {
    const kept = this.#books[number]
    if (kept.isChanged) return
    kept.isChanged = true
    this.#changed.push(number)
  }

  /** A side of a book that follows the venue. */
  #levels(number: number, side: number): Levels | undefined {
    const book = this.#books[number]?.book
    if (book === undefined || !isFollowing(book.state)) return undefined
    return side === 0 ? book.bids : book.asks
  }
}

interface Kept {
  book: Book
  readonly instrument: number
  initNs: number
  isChanged: boolean
}
