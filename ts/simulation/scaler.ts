/** What a law is told at a tick: of the time since the last one, and of the moment. NaN where there is nothing to tell. */
export interface Observation {
  readonly nowMs: number
  readonly ratePerS: number
  /** Mean time that handlers took which ended. */
  readonly serviceMs: number
  /** Messages waiting. */
  readonly depth: number
  readonly oldestMs: number
  /** CPU time of handlers divided by the time that they took. */
  readonly cpuShare: number
  /** Time of workers spent in handlers divided by the time that there were workers, 0 to 1. */
  readonly utilisation: number
  /** Messages in handlers. */
  readonly inFlight: number
  /** Workers that there are or that are starting. */
  readonly size: number
}

/** A law that sizes a pool. */
export interface Scaler {
  /** Between decisions, in milliseconds; infinite for a pool that stays as it is. */
  readonly tickMs: number
  /** How many workers a run begins with. */
  readonly start: number
  /** How many workers there should be. */
  decide(observation: Observation): number
}

/** How many workers there may be. */
export interface Range {
  readonly min: number
  readonly max: number
}
