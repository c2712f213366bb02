/**
 * What a backend does with market data: frames in, 64-byte records out; or records of a simulated market. The native backend answers from crates/market,
 * the JavaScript one from ts/fallback/market/, record for record the same.
 */

/** The venues whose frames are decoded. */
export type DecodedVenue = 'BINANCE' | 'BYBIT' | 'COINBASE' | 'KRAKEN' | 'OKX'

export interface MarketCore {
  /** Opens a decoder for the frames of one connection or one recording. */
  openDecoder(options: DecoderOptions): Decoder
  /** Opens a set of order books that is fed with records. */
  openBooks(options: BooksOptions): Books
  /** Opens a simulated market. */
  openSimulation(options: SimulationOptions): Simulation
}

export interface DecoderOptions {
  readonly venue: DecodedVenue
  /** Instruments that get the numbers from 0 on, by the venue's names. */
  readonly symbols: readonly string[]
  /**
   * Most instruments that get a number, these included, 1 to 1,048,576; frames of others are rejected. With one
   * instrument alone, messages that name none are of that one.
   */
  readonly instrumentsMost: number
  /** Longest frame that is taken, 1 to `FRAME_BYTES_LIMIT` bytes; longer ones are rejected. @default FRAME_BYTES_MOST */
  readonly frameBytesMost?: number | undefined
  /** Order books that what is decoded is applied to in the same call. @default none */
  readonly books?: BooksOptions | undefined
}

/** Decodes frames into records as `layout.ts` has them, with the instrument's number in the topic word. */
export interface Decoder {
  /** What was met so far, by the `COUNT_` places of `layout.ts`. */
  readonly counts: Float64Array
  /** The books that it feeds, by its numbers of the instruments; undefined if it was opened without. */
  readonly books: Books | undefined
  /** Sets the instant from which times count, by whole UNIX seconds and the nanoseconds of that second. */
  setEpoch(seconds: number, nanos: number): void
  /**
   * Decodes recorded lines, `receive time in UNIX nanoseconds, space, frame, line end`, as long as they are whole and
   * there is room. Returns how many bytes were taken; `counts[COUNT_RECORDS]` says how many records were written.
   *
   * Neither view may be over a SharedArrayBuffer, and `out`, of whole records, begins at a multiple of 8 bytes.
   */
  decodeLines(lines: Uint8Array, out: Uint8Array): number
  /**
   * Decodes frames from `first` on, as many as are best decoded in one call: at least one of them, if there is room.
   * `receivedNs` holds when each was received, in nanoseconds since the epoch. Returns how many frames were taken. What holds
   * for the views of `decodeLines` holds here.
   */
  decodeFrames(frames: readonly Uint8Array[], first: number, receivedNs: Float64Array, out: Uint8Array): number
  /** What does not fit into numbers. Makes objects: not for each batch. */
  report(): DecoderReport
  /** What the venue said beside its data since the last time; there is some if `counts[COUNT_CONTROLS]` has grown. */
  takeControls(): ControlEvent[]
}

export interface DecoderReport {
  /** The instruments by their numbers, under the venue's names. */
  readonly instruments: readonly string[]
  /** Frames of kinds that are not decoded, by the venue's name of the kind; `(others)` beyond a bound. */
  readonly ignored: readonly Tallied[]
  /** Rejected frames by reason. */
  readonly rejected: readonly Tallied[]
  /** The first rejected frames. */
  readonly samples: readonly RejectSample[]
  /** Frames beside the data by kind, heartbeats included. */
  readonly controls: readonly Tallied[]
  /** Frames beside the data whose text was not kept, because 64 before them had not been taken. */
  readonly controlsLost: number
  /** The first frames that were received before the one in front of them. */
  readonly clockJumps: readonly ClockJump[]
}

/** What a frame beside the data is: the connection lives, the venue's state, an answer, a refusal or a fault. */
export type ControlKind = 'heartbeat' | 'status' | 'reply' | 'error'

/** Something that the venue said beside its data; heartbeats are only counted. */
export interface ControlEvent {
  readonly kind: ControlKind
  /** The beginning of the frame, at most 200 bytes in whole characters. */
  readonly text: string
  /** Which frame or line it was, from 1. */
  readonly frame: number
  /** Where it began, in bytes from the first that the decoder was given. */
  readonly offset: number
}

/** Where the clock of whoever received the frames went back. */
export interface ClockJump {
  /** Which frame or line it was, from 1. */
  readonly frame: number
  /** Where it began, in bytes from the first that the decoder was given. */
  readonly offset: number
  /** How far the clock went back, in nanoseconds. */
  readonly backNs: number
}

export interface Tallied {
  readonly name: string
  readonly count: number
}

export interface RejectSample {
  /** Which frame or line it was, from 1. */
  readonly frame: number
  /** Where it began, in bytes from the first that the decoder was given. */
  readonly offset: number
  readonly reason: string
  /** The field that the reason is about, if it is about one. */
  readonly field?: string | undefined
}

export interface BooksOptions {
  /** Most books, 1 to `BOOKS_MOST`; updates of further instruments are counted as refused. */
  readonly booksMost: number
  /** Instruments have numbers below this. */
  readonly instrumentsMost: number
  /** How to keep the books of instruments for which none was opened apart; without it they get none. */
  readonly settings?: BookSettings | undefined
}

/** How a venue keeps the book of an instrument. */
export interface BookSettings {
  readonly continuity: Continuity
  readonly checksum: ChecksumKind | undefined
  /** Most levels that a side keeps. */
  readonly limit: number
  /** How many levels a side the venue tells of; Infinity for all. What falls out of them it repeats when it comes back. */
  readonly window: number
  /** Most levels a side that a snapshot holds: one with so many was cut off there. Infinity if there is no limit. */
  readonly snapshotLevels: number
}

/**
 * How a venue says that no update is missing:
 * - `binance-spot`: `U` and `u`, with a snapshot that is fetched apart from the stream;
 * - `binance-futures`: `U`, `u` and `pu`, with such a snapshot too;
 * - `plus-one`: each update's number is one more than the one before: Bybit `u`, not Coinbase Advanced `sequence_num`, which
 *   counts all messages of the connection;
 * - `previous`: each update names the one before;
 * - `okx`: each update names the one before (`prevSeqId`), or has a checksum instead;
 * - `checksum`: no numbers, only checksums tell: Kraken;
 * - `unverified`: nothing tells: Coinbase, Bybit v2.
 */
export type Continuity =
  | 'binance-spot'
  | 'binance-futures'
  | 'plus-one'
  | 'previous'
  | 'okx'
  | 'checksum'
  | 'unverified'

/**
 * How the text is made whose CRC-32 a venue sends with its updates. Books hold numbers, so that each kind says how it gets
 * the venue's digits back:
 * - `kraken`: ten levels a side, asks first, digits without point and leading zeros. The instrument's decimal places, 0 to
 *   18, say how many digits there are.
 * - `okx`: twenty-five levels a side, bid and ask in turn, joined by colons. The venue writes no more digits than it needs,
 *   which are the shortest ones that give the number.
 */
export type ChecksumKind =
  | { readonly kind: 'kraken'; readonly pricePlaces: number; readonly sizePlaces: number }
  | { readonly kind: 'okx' }

/**
 * Order books of many instruments, by numbers from 0 on in the order in which they were opened. A side is 0 for bids and
 * 1 for asks.
 */
export interface Books {
  /**
   * Room for the numbers of `booksMost` books that changed, then a row of `BOOK_ROW_DOUBLES` for each book: its state and
   * the top of it, as of the last `apply` or `changes`. Not shared with other threads.
   */
  readonly page: Float64Array
  /** Opens the book of an instrument, in place of the one that it may have. Returns its number; -1 if there is no room. */
  open(instrument: number, settings: BookSettings): number
  /**
   * Applies the book levels among `count` records from the one at `first` on, and writes the rows of all books that
   * changed since the last time. Returns how many. The view, of whole records, begins at a multiple of 8 bytes.
   */
  apply(records: Uint8Array, first: number, count: number): number
  /**
   * Says that a book is not what the venue has any more: one that followed it is stale, and what waits for a snapshot is
   * dropped. `changes` writes its row.
   */
  invalidate(book: number): void
  /** Writes the rows of the books that changed otherwise since the last time. Returns how many. */
  changes(): number
  /** Writes price and size of the best levels, at most `count`, in turn. Returns how many; 0 if the book is not followed. */
  levels(book: number, side: number, count: number, out: Float64Array): number
  /** The size of all levels from the best to a price, that one included; NaN if the book does not reach so far. */
  volumeTo(book: number, side: number, price: number): number
  /** The price of the level at which so much volume has come together; NaN if the book has not so much for sure. */
  priceFor(book: number, side: number, volume: number): number
  /** The worst price down to which no level is missing; NaN if there is nothing missing at all. */
  reach(book: number, side: number): number
  /** Writes what a book met, by the `BOOK_COUNT_` places of `layout.ts`. */
  counts(book: number, out: Float64Array): void
  /** Writes what all books met and take, by the `BOOKS_TOTAL_` places of `layout.ts`. */
  totals(out: Float64Array): void
}

/**
 * A market that is simulated: quotes and trades of all its streams in the order of their receipt. A stream is one symbol
 * at one venue, its number `venue * symbols.length + symbol`, which stands in the topic word. The same options give the
 * same bytes on every backend, however the calls are cut.
 */
export interface Simulation {
  /**
   * Writes the next records, up to those that are due at `untilNs`, as long as there is room for what can come at once:
   * `SIMULATION_ROOM` records. Returns how many it wrote. What holds for the views of a decoder holds here.
   */
  write(out: Uint8Array, untilNs: number): number
  /** What was planted so far, in the order of the times. Makes objects: not for each batch. */
  dislocations(): readonly PlantedDislocation[]
}

/** Records that `write` must have room for to write any. */
export const SIMULATION_ROOM = 64

/** Between `fromNs` and `toNs` the ask of one stream lies below the bid of another, by `bps` of the ask. */
export interface PlantedDislocation {
  readonly buy: number
  readonly sell: number
  /** When the quote that opens it is received, ns since the epoch. */
  readonly fromNs: number
  /** When the quote that ends it is received; infinite while it is open. */
  readonly toNs: number
  readonly bps: number
}

/** All of it is checked before it gets here. Times are nanoseconds, prices whole ticks behind the border. */
export interface SimulationOptions {
  /** The two halves of the seed, each 0 to 2^32 - 1. */
  readonly seedLow: number
  readonly seedHigh: number
  /** 1 to 32. */
  readonly venues: readonly SimulatedVenue[]
  readonly symbols: readonly SimulatedSymbol[]
  readonly quotes: ArrivalLaw
  readonly trades: ArrivalLaw
  readonly prices: PriceLaw
  readonly dislocations: DislocationLaw
}

export interface SimulatedVenue {
  /** How old news is when it arrives from there; at most 50 ms. */
  readonly lagNs: number
  /** Distance of bid and ask in calm times. */
  readonly spreadBps: number
  /** Deviation of the venue's own opinion from the fair price, and how long it takes to forget it. */
  readonly noiseBps: number
  readonly noiseNs: number
  /** Factor on the rates of both laws. */
  readonly activity: number
  /** To what the venue rounds the times of its quotes and trades; 0 if it says none, and the receive time stands in. */
  readonly quoteUnitNs: number
  readonly tradeUnitNs: number
  /** Whether its quotes have numbers. */
  readonly hasSequence: boolean
}

export interface SimulatedSymbol {
  /** Price at the beginning. */
  readonly price: number
  /** A price is a whole number of ticks, `tick * tickUnits / priceScale`; a size `lots / sizeScale`. */
  readonly tickUnits: number
  readonly priceScale: number
  readonly sizeScale: number
  /** Median size at a quote, in lots. */
  readonly lots: number
  /** Part of the moves that all symbols share, 0 to 1. */
  readonly beta: number
  /** Factor on the volatility, and on the rates of both laws. */
  readonly volatility: number
  readonly activity: number
}

/**
 * How messages of one kind arrive in a stream: bursts excite further bursts (a Hawkes process with two exponential
 * kernels), and in a burst messages follow each other at once.
 */
export interface ArrivalLaw {
  /** Messages in a second, in the mean, where both activities are 1. */
  readonly perSecond: number
  /** How many bursts one burst causes in the mean, soon and later: below 1 together. */
  readonly fastBranching: number
  readonly slowBranching: number
  readonly fastNs: number
  readonly slowNs: number
  /** A burst has at least n messages with the probability n^-tail, and at most `burstMost`. */
  readonly burstTail: number
  readonly burstMost: number
  /** Mean time between two messages of a burst. */
  readonly gapNs: number
}

/** The fair price: a diffusion whose volatility reverts to that of the regime, and jumps. */
export interface PriceLaw {
  /** Volatility of each regime, a part of the price for the root of a second. */
  readonly volatilities: readonly number[]
  /** Factor on the spreads in each regime. */
  readonly spreads: readonly number[]
  /** Mean stay in a regime. */
  readonly stayNs: number
  /** How long the logarithm of the volatility takes to revert, and its deviation. */
  readonly revertNs: number
  readonly deviation: number
  /** Mean time between jumps of one symbol, and their least and most size. */
  readonly jumpNs: number
  readonly jumpLeastBps: number
  readonly jumpMostBps: number
}

export interface DislocationLaw {
  /** Mean time from the end of one to the beginning of the next; infinite for none. */
  readonly everyNs: number
  /** Mean length. */
  readonly lengthNs: number
  readonly leastBps: number
  readonly mostBps: number
}
