export type { BookUpdate, Level, MarketMessage } from './market-message.js'
export { type DecoderCounts, MarketDecoder, type MarketDecoderOptions } from './market-decoder.js'
export type { DecoderReport, RejectSample, Tallied } from '../market-core.js'
export type { SendCost } from './publisher.js'
export { type BinanceMarket, type FeedInstrument, feedInstrument, feedInstrumentOf } from './feed-instrument.js'
export {
  canonicalCurrency,
  type Decimal,
  decimal,
  type Fees,
  InstrumentCatalog,
  type InstrumentCatalogOptions,
  type Instrument,
  type InstrumentKind,
  type InstrumentStatus,
  instrumentVenues,
  pairOf,
  type ParsedInstruments,
  parseInstruments,
  type SkippedEntry,
  type SkipReason,
} from './instruments/index.js'
export { type BookDepth, type BookSide, OrderBook, type OrderBookOptions } from './order-book.js'
export type { BookCounts, BookFault, BookState, ChecksumKind, Continuity } from '../fallback/index.js'
export { type LineCounts, RecordedMarket } from './recorded-market.js'
export { type RecordedBook, recordedBooks, type RecordedBooks, type RecordedBooksOptions } from './recorded-books.js'
export { checkRecording, MOST_LINE_BYTES, readLines, type Rejection } from './recording.js'
export { replay, type ReplayOptions, type ReplayProgress } from './replay.js'
export type { Latency, ReplayProof, ReplayResult, Transport } from './replay-result.js'
export { marketSchema } from './schema.js'
export { type Spread, Spreads } from './spreads.js'
export { type QuoteFields, Tally, type TallyReport, type TradeFields } from './tally.js'
export { WaitTimes } from '../bus/index.js'
