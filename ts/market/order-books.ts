import type { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import { badArgument, checkWhole } from '../errors.js'
import { type BookFault, hasSnapshotApart } from '../fallback/index.js'
import {
  BOOK_ROW_DOUBLES,
  BOOK_ROW_FAULTS,
  BOOK_ROW_INSTRUMENT,
  BOOKS_MOST,
  BOOKS_TOTAL_BOOKS,
  BOOKS_TOTAL_BYTES,
  BOOKS_TOTAL_REFUSED,
  BOOKS_TOTAL_UNKNOWN,
  BOOKS_TOTALS,
  COUNT_INSTRUMENTS,
} from '../layout.js'
import type { Books, Continuity, Decoder, DecoderReport } from '../market-core.js'
import { loadMarketCore } from '../native/index.js'
import { bookOptionsOf, bookSettings, type OrderBookOptions } from './book-options.js'
import { decoderBounds } from './decoder-bounds.js'
import { type FeedInstrument, type FeedMarket, feedInstrument, venueOfMarket } from './feed-instrument.js'
import { InstrumentBook } from './instrument-book.js'
import type { BookUpdate } from './market-message.js'
import { lendForFrames, lendForLines } from './record-room.js'
import { UpdateRecords } from './update-records.js'

export interface OrderBooksOptions {
  /** Which market the frames are of, as for `MarketDecoder`. */
  market: FeedMarket
  /** The instant that times count from: that of the bus that depths are published on. */
  epoch: Epoch
  /** How to keep the books of some instruments, by the venue's symbols: Kraken's checksums, say. @default none */
  options?: Readonly<Record<string, OrderBookOptions>>
  /** How to keep all other books. @default what the market says */
  otherwise?: OrderBookOptions
  /** Most books, 1 to 65,536; updates of further instruments are counted as `refused`. @default 1_024 */
  booksMost?: number
  /** Most instruments that are taken, 1 to 1,048,576; frames of others are rejected. @default 65_536 */
  instrumentsMost?: number
  /** Longest frame that is taken, 1,024 to 67,108,864 bytes; longer ones are rejected. @default 16_777_216 */
  frameBytesMost?: number
  /** Which backend decodes and keeps the books. @default the one that the package chose */
  backend?: Backend
  /**
   * Called at the end of a batch for each book that needs a snapshot since: it went stale, or it is new where snapshots are
   * fetched apart. Once for each such need, so that the answer is one request. Books of `options` are new when the first
   * batch ends. @default nobody is told
   */
  onResync?: (request: ResyncRequest) => void
}

/** A book that needs a snapshot. */
export interface ResyncRequest {
  readonly book: InstrumentBook
  /** Why it went stale; undefined if it waits for its first snapshot. */
  readonly fault: BookFault | undefined
}

/** What all books together met and take. */
export interface BooksTotals {
  readonly books: number
  /** Updates of instruments for whose book there was no room. */
  readonly refused: number
  /** Updates of instruments that are none of the decoder's. */
  readonly unknown: number
  /** Memory of all books, in bytes; on the JavaScript backend that of levels and waiting updates alone. */
  readonly bytes: number
}

/**
 * The order books of a connection: frames in, books kept. On the native backend decoding and applying are one call for a
 * whole batch of frames, and no object is made for any of them.
 *
 * ```ts
 * const books = new OrderBooks({ market: 'usdm', epoch: bus.epoch, onResync: ({ book }) => fetchSnapshot(book.instrument) })
 * socket.on('message', (frame) => {
 *   books.frames([frame], Float64Array.of(bus.nowNs()))
 *   for (const book of books.changed) quoteAround(book.instrument, book.bidPrice, book.askPrice)
 * })
 * ```
 */
export class OrderBooks {
  readonly epoch: Epoch
  readonly #market: FeedMarket
  readonly #booksMost: number
  readonly #decoder: Decoder
  readonly #books: Books
  readonly #continuityOf: (symbol: string) => Continuity
  readonly #onResync: ((request: ResyncRequest) => void) | undefined
  readonly #instruments: FeedInstrument[] = []
  readonly #numberOf = new Map<string, number>()
  /** By their numbers. */
  readonly #views: InstrumentBook[] = []
  readonly #viewOf = new Map<string, InstrumentBook>()
  /** How often each book had gone stale when its last request was made. */
  readonly #faults: number[] = []
  #changed: InstrumentBook[] = []

  /** @throws {TickbusError} `TICKBUS_ARGUMENT` if an option is out of range, `TICKBUS_BACKEND`. */
  constructor(given: OrderBooksOptions) {
    const { market, epoch, options = {}, booksMost = 1_024, backend, onResync } = given
    const { otherwise = bookOptionsOf(market) } = given
    const bounds = decoderBounds(given)
    checkWhole('booksMost', booksMost, Math.max(1, Object.keys(options).length), BOOKS_MOST)
    const settings = bookSettings(otherwise)
    const own = Object.entries(options).map(([symbol, each]) => [symbol, bookSettings(each)] as const)
    const symbols = own.map(([symbol]) => symbol)
    const books = { booksMost, instrumentsMost: bounds.instrumentsMost, settings }
    this.epoch = epoch
    this.#market = market
    this.#booksMost = booksMost
    this.#onResync = onResync
    this.#continuityOf = (symbol) => (Object.hasOwn(options, symbol) ? options[symbol] : otherwise).continuity
    this.#decoder = loadMarketCore(backend).openDecoder({ venue: venueOfMarket[market], symbols, ...bounds, books })
    this.#decoder.setEpoch(Number(epoch.unixNs / NS_PER_SECOND), Number(epoch.unixNs % NS_PER_SECOND))
    this.#books = this.#decoder.books!
    this.#learn()
    for (const [number, [, each]] of own.entries()) this.#books.open(number, each)
    this.#changed = this.#read(this.#books.changes())
  }

  /** Books that the last batch changed. */
  get changed(): readonly InstrumentBook[] {
    return this.#changed
  }

  /** All books, in the order in which they were opened. */
  get books(): readonly InstrumentBook[] {
    return this.#views
  }

  /** The book of an instrument by its id; undefined if there is none. */
  get(id: string): InstrumentBook | undefined {
    return this.#viewOf.get(id)
  }

  get totals(): BooksTotals {
    this.#books.totals(totals)
    return {
      books: totals[BOOKS_TOTAL_BOOKS],
      refused: totals[BOOKS_TOTAL_REFUSED],
      unknown: totals[BOOKS_TOTAL_UNKNOWN],
      bytes: totals[BOOKS_TOTAL_BYTES],
    }
  }

  /** What the decoder ignored and rejected, and the first rejected frames. */
  get report(): DecoderReport {
    return this.#decoder.report()
  }

  /**
   * Applies what is in frames; `receivedNs` says when each was received, in nanoseconds since the epoch. Returns how many
   * books changed.
   */
  frames(frames: readonly Uint8Array[], receivedNs: Float64Array): number {
    lendForFrames(frames, ({ bytes }) => {
      for (let first = 0; first < frames.length;) {
        const taken = this.#decoder.decodeFrames(frames, first, receivedNs, bytes)
        if (taken === 0) break
        first += taken
      }
    })
    return this.#take()
  }

  /** Applies what is in recorded lines, as `MarketDecoder.lines` takes them. Returns how many books changed. */
  lines(lines: Uint8Array): number {
    lendForLines(lines, ({ bytes }) => {
      for (let rest = lines; rest.length > 0;) {
        const taken = this.#decoder.decodeLines(rest, bytes)
        if (taken === 0) break
        rest = rest.subarray(taken)
      }
    })
    return this.#take()
  }

  /**
   * Applies a snapshot or an update that came another way: one that was fetched, and does not name its instrument.
   * Returns how many books changed.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT` if no book has this instrument, `TICKBUS_RECORD_TIME` if a time is out of reach.
   */
  apply(id: string, update: BookUpdate): number {
    const number = this.#numberOf.get(id)
    if (number === undefined || !this.#viewOf.has(id))
      throw badArgument('id', 'the id of an instrument with a book', id)
    const eventNs = this.epoch.offsetNs(update.tsEvent, 'tsEvent', 'book')
    const initNs = this.epoch.offsetNs(update.tsInit, 'tsInit', 'book')
    const count = scratch.write(update, { instrument: number, eventNs, initNs, checksum: update.checksum })
    return this.#show(this.#books.apply(scratch.bytes, 0, count))
  }

  /**
   * Says that no book is what the venue has any more, because the connection was lost, say: those that followed it are `stale`
   * until their next snapshots, which `onResync` is asked for. Returns how many books there are.
   */
  invalidate(): number {
    for (const { number } of this.#views) this.#books.invalidate(number)
    return this.#take()
  }

  #take(): number {
    this.#learn()
    return this.#show(this.#books.changes())
  }

  /** Looks at the books whose rows were written, and tells of those that need a snapshot. */
  #show(count: number): number {
    this.#changed = this.#read(count)
    for (const book of this.#changed) {
      if (this.#isInNeed(book)) this.#onResync?.({ book, fault: book.fault })
    }
    return count
  }

  #read(count: number): InstrumentBook[] {
    const { page } = this.#books
    return Array.from({ length: count }, (_, place) => {
      const number = page[place]
      const row = this.#booksMost + number * BOOK_ROW_DOUBLES
      return (this.#views[number] ??= this.#open(number, page[row + BOOK_ROW_INSTRUMENT]))
    })
  }

  /** Whether a book needs a snapshot for a reason that is new. */
  #isInNeed(book: InstrumentBook): boolean {
    const { number, state } = book
    const faults = this.#books.page[this.#booksMost + number * BOOK_ROW_DOUBLES + BOOK_ROW_FAULTS]
    const asked = this.#faults[number]
    const isNew = asked === UNASKED && state === 'empty' && hasSnapshotApart(book.continuity)
    const hasFailed = state === 'stale' && faults !== asked
    if (isNew || hasFailed) this.#faults[number] = faults
    return isNew || hasFailed
  }

  #open(number: number, of: number): InstrumentBook {
    const instrument = this.#instruments[of]
    const continuity = this.#continuityOf(instrument.symbol)
    const place = { books: this.#books, booksMost: this.#booksMost, number, continuity }
    const book = new InstrumentBook(place, instrument, this.epoch)
    this.#viewOf.set(instrument.id, book)
    this.#faults[number] = UNASKED
    return book
  }

  /** Gets to know the instruments that are new to the decoder. */
  #learn(): void {
    const known = this.#instruments.length
    if (this.#decoder.counts[COUNT_INSTRUMENTS] === known) return
    for (const symbol of this.#decoder.report().instruments.slice(known)) {
      const instrument = feedInstrument(this.#market, symbol)
      this.#numberOf.set(instrument.id, this.#instruments.length)
      this.#instruments.push(instrument)
    }
  }
}

const NS_PER_SECOND = 1_000_000_000n
/** No snapshot of the book was asked for yet. */
const UNASKED = -1
const totals = new Float64Array(BOOKS_TOTALS)
/** An update is written and applied in one go, so that one place serves all books of the thread. */
const scratch = new UpdateRecords()
