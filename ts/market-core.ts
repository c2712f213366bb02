/**
 * What a backend does with market data: frames in, 64-byte records out. The native backend answers from crates/market,
 * the JavaScript one from ts/fallback/market/, record for record the same.
 */

/** The venues whose frames are decoded. */
export type DecodedVenue = 'BINANCE'

export interface MarketCore {
  /** Opens a decoder for the frames of one connection or one recording. */
  openDecoder(options: DecoderOptions): Decoder
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
}

/** Decodes frames into records as `layout.ts` has them, with the instrument's number in the topic word. */
export interface Decoder {
  /** What was met so far, by the `COUNT_` places of `layout.ts`. */
  readonly counts: Float64Array
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
   * Decodes frames as long as there is room; `receivedNs` holds when each was received, in nanoseconds since the epoch.
   * Returns how many frames were taken. What holds for the views of `decodeLines` holds here.
   */
  decodeFrames(frames: readonly Uint8Array[], receivedNs: Float64Array, out: Uint8Array): number
  /** What does not fit into numbers. Makes objects: not for each batch. */
  report(): DecoderReport
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
