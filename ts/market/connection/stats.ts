import type { DecoderCounts } from '../market-decoder.js'
import type { ConnectionState, Ending } from './connection.js'

/** What a venue client has met and done so far. */
export interface VenueStats {
  readonly state: ConnectionState
  readonly isPaused: boolean
  /** Connections that were tried, and how those ended that did. */
  readonly connects: number
  readonly endings: Readonly<Record<Ending, number>>
  /** Frames and bytes that came, snapshots that were fetched included. */
  readonly frames: number
  readonly bytes: number
  /** Frames that wait to be decoded. */
  readonly waiting: number
  /** What the frames were that were decoded: `frames = decoded.frames + waiting + lost.overflow + lost.closed`. */
  readonly decoded: DecoderCounts
  /** Messages published, and those that the bus did not take. */
  readonly published: number
  readonly unpublished: number
  /** Frames that came and were not decoded: the queue was full, or the client was closed. */
  readonly lost: { readonly overflow: number; readonly closed: number }
  /** Gaps by what they showed in, and the messages that the venue's numbers say are missing. */
  readonly gaps: { readonly book: number; readonly trades: number; readonly connection: number }
  readonly missing: { readonly book: number; readonly trades: number; readonly connection: number }
  /** Trades that came again. */
  readonly repeated: number
  /** Books that were mended. */
  readonly resyncs: number
  readonly subscriptions: {
    readonly wanted: number
    readonly accepted: number
    /** Refused by the venue. */
    readonly refused: number
    /** Requests that it did not answer. */
    readonly unanswered: number
  }
  /** Messages sent, and those that wait because the venue allows no more in a second. */
  readonly sent: number
  readonly unsent: number
}
