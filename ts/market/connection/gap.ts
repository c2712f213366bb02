import type { BookFault } from '../../fallback/index.js'
import type { FeedInstrument } from '../feed-instrument.js'

/**
 * Why something is missing: a number was passed over, a book is not what the venue has (`checksum`, `crossed`, `level`),
 * there was no connection, or the queue of frames was full.
 */
export type GapReason = 'number' | BookFault | 'disconnected' | 'overflow'

/** Something that the venue sent, or would have, did not come through. */
export interface Gap {
  /** What it shows in: the updates of a book, trades, or the messages of the whole connection. */
  readonly kind: 'book' | 'trades' | 'connection'
  readonly reason: GapReason
  /** Whom it is about; undefined for the whole connection. */
  readonly instrument: FeedInstrument | undefined
  /** The venue's number of the last that came before the gap; undefined where it gives none. */
  readonly after: number | undefined
  /** The venue's number of the first that came behind it; undefined where it gives none, or none came yet. */
  readonly before: number | undefined
  /** How many messages are missing; undefined where the venue's numbers do not count messages. */
  readonly missing: number | undefined
  /** When it was found, UNIX nanoseconds. */
  readonly tsInit: bigint
}
