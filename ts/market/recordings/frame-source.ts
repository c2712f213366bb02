import type { FeedMarket } from '../feed-instrument.js'

/** One connection to a venue, or one file of frames. */
export interface RecordedConnection {
  readonly market: FeedMarket
  /** The only instrument that its frames are about, by the venue's symbol. @default all that occur in them */
  readonly symbol?: string
  /** Where it led to. */
  readonly url?: string
}

/** A frame as it came off a connection. */
export interface RecordedFrame {
  /** When it was received, UNIX nanoseconds. */
  readonly receivedNs: bigint
  /** Number of the connection, 0 to 65,535. */
  readonly connection: number
  readonly bytes: Uint8Array
}

/**
 * What can be recorded: frames in the order in which they were received. When the iterator's `return` is called, a `next` that
 * waits for a frame ends, so that a recording of a silent connection can be stopped.
 */
export interface FrameSource extends AsyncIterable<RecordedFrame> {
  /** The connections by their numbers. Each is here before its first frame is. */
  readonly connections: ReadonlyMap<number, RecordedConnection>
}

export const CONNECTIONS_MOST = 65_536
