export type { BookUpdate, Level, MarketMessage } from './market-message.js'
export { FeedPublisher } from './feed-publisher.js'
export { type DecoderCounts, MarketDecoder, type MarketDecoderOptions } from './market-decoder.js'
export type { ClockJump, ControlEvent, ControlKind, DecoderReport, RejectSample, Tallied } from '../market-core.js'
export type { SendCost } from './publisher.js'
export {
  type BinanceMarket,
  type BybitMarket,
  type FeedInstrument,
  feedInstrument,
  feedInstrumentOf,
  type FeedMarket,
} from './feed-instrument.js'
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
export type { OrderBookOptions } from './book-options.js'
export { type BookDepth, type BookSide, BookView } from './book-view.js'
export { DepthPublisher } from './depth-publisher.js'
export { InstrumentBook } from './instrument-book.js'
export { OrderBook } from './order-book.js'
export { type BooksTotals, OrderBooks, type OrderBooksOptions, type ResyncRequest } from './order-books.js'
export type { BookCounts, BookFault, BookState } from '../fallback/index.js'
export type { ChecksumKind, Continuity } from '../market-core.js'
export { ClockOffset, type ClockOffsetOptions } from './clock-offset.js'
export { type ConvertedFile, RecordedFrames } from './recorded-frames.js'
export type { RecordedClockJump, RecordedClockOffset, RecordedError, RecordedPlace } from './feed-connection.js'
export { type LineCounts, type RecordedGap, RecordedMarket, type RecordedMarketOptions } from './recorded-market.js'
export * from './recordings/index.js'
export { type RecordedBook, recordedBooks, type RecordedBooks, type RecordedBooksOptions } from './recorded-books.js'
export { checkRecording, MOST_LINE_BYTES, readLines, type Rejection } from './recording.js'
export { replay, type ReplayOptions, type ReplayProgress } from './replay.js'
export type { Latency, ReplayProof, ReplayResult, Transport } from './replay-result.js'
export { marketSchema } from './schema.js'
export {
  type Dislocation,
  MarketSimulator,
  type MarketSimulatorOptions,
  publishSimulated,
  recordFrames,
  recordMessages,
  simulatedFrame,
} from './simulator/index.js'
export { type Spread, Spreads } from './spreads.js'
export { type QuoteFields, Tally, type TallyReport, type TradeFields } from './tally.js'
export { WaitTimes } from '../bus/index.js'
export {
  type Channel,
  type ConnectionState,
  type Ending,
  type Gap,
  type GapReason,
  type Resynced,
  type StateChange,
  VenueDataClient,
  type VenueDataClientOptions,
  type VenueEvents,
  type VenueProtocolName,
  venueProtocols,
  type VenueStats,
  VenueTap,
  type VenueTapOptions,
} from './connection/index.js'
export {
  type ServedFrame,
  VenueReplayServer,
  type VenueReplayServerOptions,
  type VenueReplayStats,
} from './replay-server/index.js'
