import type { DecodedVenue } from '../../market-core.js'
import type { Scanner } from './scanner.js'
import type { Sink } from './sink.js'

/** What a frame was: a message that was written, or of a kind that is not decoded. */
export const QUOTE = 0
export const TRADE = 1
export const BOOK = 2
export const IGNORED = 3
export type Outcome = typeof QUOTE | typeof TRADE | typeof BOOK | typeof IGNORED

/** Decodes the frames of one venue; each is one file. */
export interface FrameDecoder {
  /** The venue's name of an ignored frame's kind lies here. */
  readonly kindBytes: Uint8Array
  readonly kindStart: number
  readonly kindEnd: number
  /** Scans one frame and writes what it says, or throws a `Misfit`. */
  decode(frame: Scanner, sink: Sink): Outcome
}

export type Venues = Readonly<Record<DecodedVenue, new () => FrameDecoder>>
