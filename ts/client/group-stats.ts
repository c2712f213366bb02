import {
  OUTCOME_CLOSED,
  OUTCOME_CONFLATED,
  OUTCOME_EXPIRED,
  OUTCOME_FAILED,
  OUTCOME_OVERFLOW,
  OUTCOME_SHED,
  OUTCOME_TIMED_OUT,
  OUTCOME_UNDECODABLE,
  OUTCOME_WORKER_LOST,
} from '../layout.js'
import type { Percentiles } from './lane-times.js'
import type { ScalingDecision } from './scaling/index.js'

/** Why copies were not delivered. */
export interface Dropped {
  /** There was no room, or it made room for a newer one. */
  overflow: number
  /** A newer one of the same topic and key took its place. */
  conflated: number
  /** Its deadline passed while it waited. */
  expired: number
  /** The lane was behind for too long. */
  shed: number
  /** Its handler did not acknowledge it within `ackWaitMs`. */
  timedOut: number
  /** Its handler threw, or the handler's promise rejected. */
  failed: number
  workerLost: number
  /** The client was closed while it waited, or before its handler was done. */
  closed: number
  /** Its bytes could not be read, from a spill file for instance. */
  undecodable: number
}

/** One lane of a group. */
export interface LaneStats {
  /** Messages that wait, spilled ones included. */
  queued: number
  /** Messages in its spill file, or on the way there and back. */
  spilled: number
  /** How long messages waited until their handler began, in microseconds: one in 64, of urgent lanes each one. */
  waitUs: Percentiles
  /** How long their handlers took, promises included. */
  runUs: Percentiles
}

/**
 * What became of a group's copies. At every moment `copies` is `delivered + dead + queued + inFlight` and all of `dropped`
 * together.
 */
export interface GroupStats {
  /** One for each message that the group matched when it was published, refused ones apart. */
  copies: number
  /** Handlers that returned, or whose promise resolved. */
  delivered: number
  /** Messages that became dead letters. */
  dead: number
  dropped: Dropped
  /** Deliveries that failed and were followed by another one. */
  retried: number
  /** Words on deliveries that came after their time had run out, and so did not count. */
  fenced: number
  /** Deliveries of effectively-once topics that did not begin, since the message was handled before; they count as delivered. */
  duplicates: number
  /**
   * Deliveries of effectively-once topics that had begun in a worker thread that died: nobody knows whether their messages were
   * handled, and they are tried again.
   */
  inDoubt: number
  /** Messages that wait, spilled ones included. */
  queued: number
  /** Messages in spill files, or on the way there and back. */
  spilled: number
  /** Publishes that were refused since a spill file was full, or its disk did not keep up. */
  spillFull: number
  /** Publishes that were refused since the disk of a spill file had failed. */
  spillFailed: number
  /** Messages whose handler has not come to an end. */
  inFlight: number
  /** How long the oldest waiting message has waited; 0 if none waits. */
  oldestMs: number
  /** How long the oldest handler that has come to no end has been under way, in milliseconds, to a millisecond or so; 0 if none is. */
  oldestRunningMs: number
  /** How many handlers may be under way at once. */
  slots: number
  /** Threads in which they run. */
  threads: number
  /** The last 32 changes of its size, the oldest first; none where it does not follow the load. */
  scaling: ScalingDecision[]
  /** By the lanes' names. */
  lanes: Record<string, LaneStats>
}

/** Counters of a client. */
export interface ClientStats {
  /** Messages that were not refused: all that were published through the client, and of those published through the bus what its groups matched. */
  published: number
  /** Publishes that a group had no room for. */
  refused: number
  /** By name: groups that are there, and named ones that have ended, until their name is used again. */
  groups: Record<string, GroupStats>
}

/** Reasons by outcome. */
export const REASONS: readonly (readonly [reason: keyof Dropped, outcome: number])[] = [
  ['overflow', OUTCOME_OVERFLOW],
  ['conflated', OUTCOME_CONFLATED],
  ['expired', OUTCOME_EXPIRED],
  ['shed', OUTCOME_SHED],
  ['timedOut', OUTCOME_TIMED_OUT],
  ['failed', OUTCOME_FAILED],
  ['workerLost', OUTCOME_WORKER_LOST],
  ['closed', OUTCOME_CLOSED],
  ['undecodable', OUTCOME_UNDECODABLE],
]
