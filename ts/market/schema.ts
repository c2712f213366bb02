import { msgpack, quote, topics, trade } from '../bus/index.js'
import type { BookUpdate } from './market-message.js'

/** How market data travels: quotes and trades as fixed records, order books as MessagePack. */
export const marketSchema = topics({
  'data.quotes.{venue}.{symbol}': quote(),
  'data.trades.{venue}.{symbol}': trade(),
  'data.book.deltas.{venue}.{symbol}': msgpack<BookUpdate>(),
})
