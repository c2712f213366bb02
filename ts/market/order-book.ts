import type { Backend } from '../core.js'
import type { BookState } from '../fallback/index.js'
import type { Books } from '../market-core.js'
import { loadMarketCore } from '../native/index.js'
import { bookSettings, type OrderBookOptions } from './book-options.js'
import { BookView } from './book-view.js'
import type { BookUpdate } from './market-message.js'
import { UpdateRecords } from './update-records.js'

/**
 * The order book of one instrument by price levels (L2), kept from `BookUpdate`s. For many instruments, and for frames that
 * need not become messages, there is `OrderBooks`.
 *
 * It is what the venue has, or says that it is not. A missing update, a wrong checksum or prices that cross make it `stale`;
 * `fault` says why, and it answers nothing until it is given a snapshot. Where snapshots are fetched apart from the stream
 * (Binance), the updates that come before one are kept, up to 16,384 levels, and applied to it.
 *
 * Memory is bounded: a side keeps its best levels up to `limit`. Down to `reach` none is missing; while fewer than 10 levels
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
export class OrderBook extends BookView {
  readonly #books: Books
  /** The first time met, from which the others count so that they are exact as doubles. */
  #baseNs: bigint | undefined

  /**
   * `backend` is what keeps the book, by default the one that the package chose.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT` if an option is out of range, `TICKBUS_BACKEND`.
   */
  constructor(options: OrderBookOptions, backend?: Backend) {
    const settings = bookSettings(options)
    const books = loadMarketCore(backend).openBooks({ booksMost: 1, instrumentsMost: 1 })
    const number = books.open(0, settings)
    books.changes()
    super({ books, booksMost: 1, number, continuity: settings.continuity })
    this.#books = books
  }

  /**
   * Applies a snapshot or an update, with the checksum that came with it, as a number of 32 bits with or without a sign;
   * where it is not given, the update's own counts.
   * Returns the state that the book is in now. The whole update counts: a book is never seen half-way.
   */
  apply(update: BookUpdate, checksum: number | undefined = update.checksum): BookState {
    this.#baseNs ??= update.tsEvent
    const eventNs = Number(update.tsEvent - this.#baseNs)
    const count = scratch.write(update, { instrument: 0, eventNs, initNs: eventNs, checksum })
    this.#books.apply(scratch.bytes, 0, count)
    return this.state
  }

  /**
   * Says that the book is not what the venue has any more, because its connection was lost, say: one that followed the venue is
   * `stale` until the next snapshot, and updates that wait for one are dropped. Returns the state that it is in now.
   */
  invalidate(): BookState {
    this.#books.invalidate(0)
    this.#books.changes()
    return this.state
  }

  protected get epochNs(): bigint | undefined {
    return this.#baseNs
  }
}

/** An update is written and applied in one go, so that one place serves all books of the thread. */
const scratch = new UpdateRecords()
