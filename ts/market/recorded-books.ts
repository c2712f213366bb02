import { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import type { TickbusError } from '../errors.js'
import { loadMarketCore } from '../native/index.js'
import { bookSettings } from './book-options.js'
import type { FeedInstrument } from './feed-instrument.js'
import { InstrumentBook } from './instrument-book.js'
import { RecordedMarket } from './recorded-market.js'

/** A book as recordings made it. */
export interface RecordedBook {
  readonly instrument: FeedInstrument
  /** As it was then; it does not change any more. */
  readonly book: InstrumentBook
  /** When the last update or snapshot was received, UNIX nanoseconds; undefined if none was. */
  readonly tsInit: bigint | undefined
}

export interface RecordedBooks {
  /** One for each instrument, in the order of the files. */
  readonly books: readonly RecordedBook[]
  /** Recordings that could not be read to their end, or held nothing. */
  readonly faults: readonly TickbusError[]
}

export interface RecordedBooksOptions {
  /** Last receive time that counts, UNIX nanoseconds. @default the end */
  at?: bigint
  /** Which backend decodes and keeps the books. @default the one that the package chose */
  backend?: Backend
}

/**
 * The order books of recordings at a time, or at the end. What is decoded goes to the books as records, in runs that are merged
 * by receive time: no object is made for a message.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` if a recording cannot be opened, `TICKBUS_BACKEND`.
 */
export async function recordedBooks(
  files: readonly string[],
  options: RecordedBooksOptions = {},
): Promise<RecordedBooks> {
  const { at, backend } = options
  const market = await RecordedMarket.open(files, backend)
  // A second early, so that nothing was received at the epoch itself: there it would be as if nothing had come.
  const epoch = new Epoch(market.epochNs - NS_PER_SECOND)
  const { instruments } = market
  const most = Math.max(1, instruments.length)
  const books = loadMarketCore(backend).openBooks({ booksMost: most, instrumentsMost: most })
  const views = instruments.map((instrument, number) => {
    const settings = bookSettings(market.bookOptionsOf(instrument))
    const place = { books, booksMost: most, number, continuity: settings.continuity }
    books.open(number, settings)
    return new InstrumentBook(place, instrument, epoch)
  })
  const untilNs = at === undefined ? Infinity : Number(at - epoch.unixNs)
  for await (const runs of market.recordsOfEach(epoch, untilNs)) {
    for (const { records, from, to } of runs) books.apply(records.bytes, from, to - from)
  }
  books.changes()
  return { books: views.map(recorded), faults: market.faults }

  function recorded(book: InstrumentBook): RecordedBook {
    const tsInit = book.initNs === 0 ? undefined : epoch.unixNsAt(book.initNs)
    return { instrument: book.instrument, book, tsInit }
  }
}

const NS_PER_SECOND = 1_000_000_000n
