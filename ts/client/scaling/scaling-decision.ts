import type { ScaleReason } from '../../autoscale-core.js'

/** One change of a group's size: what it was, what was known, and why. What was not measured is NaN. */
export interface ScalingDecision {
  group: string
  /** When, in nanoseconds on the client's clock. */
  atNs: number
  /** Slots before and after. */
  from: number
  to: number
  /** Worker threads before and after, without spare ones; 0 for functions of the client's thread. */
  threadsFrom: number
  threadsTo: number
  /** Threads that it wants and that have to start first: no spare one was there. */
  threadsLate: number
  /**
   * It was decided while the loop of the client's thread was blocked, and carried out as far as that goes; threads that are late
   * were started only so many milliseconds after it. 0 for decisions of that thread's own.
   */
  lateMs: number
  reason: ScaleReason
  /** The reason as a sentence. */
  text: string
  /** What was measured: arrivals since the last tick, the mean time of handlers, and the share of it that they compute. */
  ratePerS: number
  serviceMs: number
  cpuShare: number
  /** Messages that wait, and how long the oldest has waited, of all and of urgent lanes. */
  depth: number
  oldestMs: number
  oldestCriticalMs: number
  /** The same three as the law smoothed them and computed with them. */
  ratePerSUsed: number
  serviceMsUsed: number
  cpuShareUsed: number
  /** What this moment alone asked for, the most that the cores carry, and slots that are kept for urgent lanes. */
  need: number
  cap: number
  kept: number
  /** The limits of the slots, and the cores that the handlers may use. */
  min: number
  max: number
  cores: number
}
