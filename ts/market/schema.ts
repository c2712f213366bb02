import { depth, msgpack, quote, topics, trade } from '../bus/index.js'
import type { BookUpdate } from './market-message.js'

/**
 * How market data travels: quotes and trades as fixed records, changes of order books as MessagePack, and the
 * best ten levels of a book as one record of 512 bytes. A lane that conflates keeps the last depth of each instrument.
 */
export const marketSchema = topics({
  'data.quotes.{venue}.{symbol}': quote(),
  'data.trades.{venue}.{symbol}': trade(),
  'data.depth.{venue}.{symbol}': depth(),
  'data.book.deltas.{venue}.{symbol}': msgpack<BookUpdate>(),
})
