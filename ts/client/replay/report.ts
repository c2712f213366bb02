/** How far a replay is. At every moment `matched = handled + failed + queued + inFlight`. */
export interface ReplayStats {
  /** Messages that were read, whatever their topics. */
  readonly read: number
  /** Those of them that it is about. */
  readonly matched: number
  /** Acknowledged. */
  readonly handled: number
  /** Passed over: their handler terminated them, or they failed and `onFailure` is `skip`. */
  readonly failed: number
  /** Deliveries that were followed by another one. */
  readonly retried: number
  /** Words of handlers that came after `ackWaitMs`. */
  readonly fenced: number
  /** Read, and not begun: they come again under the same name where the replay has ended. */
  readonly queued: number
  /** Begun and not done, those that wait for another attempt included. */
  readonly inFlight: number
  /** All messages up to this sequence are done with. */
  readonly position: number
}

/** What a replay has done. */
export interface ReplayReport extends ReplayStats {
  /** All was replayed; or it was stopped, or its client was closed, before. */
  readonly ended: 'done' | 'stopped' | 'closed'
}
