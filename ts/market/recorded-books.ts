import { Epoch } from '../bus/index.js'
import type { Backend } from '../core.js'
import type { TickbusError } from '../errors.js'
import type { FeedInstrument } from './feed-instrument.js'
import { OrderBook } from './order-book.js'
import { RecordedMarket } from './recorded-market.js'

/** A book as recordings made it. */
export interface RecordedBook {
  readonly instrument: FeedInstrument
  readonly book: OrderBook
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
  /** Which backend decodes. @default the one that the package chose */
  backend?: Backend
}

/**
 * The order books of recordings at a time, or at the end.
 *
 * @throws {TickbusError} `TICKBUS_RECORDING` if a recording cannot be opened, `TICKBUS_BACKEND`.
 */
export async function recordedBooks(
  files: readonly string[],
  options: RecordedBooksOptions = {},
): Promise<RecordedBooks> {
  const { at, backend } = options
  const market = await RecordedMarket.open(files, backend)
  const books = new Map(market.instruments.map((instrument) => [instrument.id, open(instrument)]))
  for await (const { kind, instrument, message } of market.messages(new Epoch(market.epochNs))) {
    if (at !== undefined && message.tsInit > at) break
    if (kind !== 'book') continue
    const recorded = books.get(instrument.id)!
    recorded.book.apply(message)
    recorded.tsInit = message.tsInit
  }
  return { books: [...books.values()], faults: market.faults }
}

function open(instrument: FeedInstrument): { instrument: FeedInstrument; book: OrderBook; tsInit: bigint | undefined } {
  const continuity = instrument.market === 'spot' ? 'binance-spot' : 'binance-futures'
  return { instrument, book: new OrderBook({ continuity }), tsInit: undefined }
}
