import { bookOptionsOf, type OrderBookOptions } from './book-options.js'
import type { FeedInstrument } from './feed-instrument.js'
import type { KrakenBooks } from './kraken-books.js'

/** How the book of an instrument is kept by its venue's rules; `kraken` is what the frames told so far. */
export function bookRulesOf({ market, symbol }: FeedInstrument, kraken: KrakenBooks): OrderBookOptions {
  return market === 'kraken' ? kraken.optionsOf(symbol) : bookOptionsOf(market)
}
