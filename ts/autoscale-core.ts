/**
 * What a backend does to size a pool: a law that is told what was measured and answers how many slots there should be.
 * Both lie in one page of doubles (see layout.ts), and both backends answer the same bits.
 */
import {
  SCALE_BACKLOG,
  SCALE_CORES,
  SCALE_DRAIN,
  SCALE_HOLD,
  SCALE_IDLE,
  SCALE_LIMIT,
  SCALE_LOAD,
  SCALE_STEADY,
  SCALE_UNMEASURED,
} from './layout.js'

/** Between ticks of the law, in milliseconds. */
export const AUTOSCALE_TICK_MS = 20

export interface AutoscalerOptions {
  /** `AUTOSCALE_DOUBLES` long, over a SharedArrayBuffer. */
  readonly page: Float64Array
  /** Fewest slots, 1 or more; the law starts with so many. */
  readonly min: number
  /** Most slots, up to `AUTOSCALE_SLOTS_MOST`. */
  readonly max: number
  /** Cores that the handlers may use, 1 or more. */
  readonly cores: number
  /** Share of the cores that is to be used, above 0 and up to 1. */
  readonly cpuTarget: number
  /** Slots kept for critical lanes, beside those that the load asks for; below `max`. */
  readonly reserved: number
  /** How long a critical message may wait, in milliseconds; 0 for no such objective. */
  readonly criticalMs: number
}

/** The law with its memory. It has no clock and no timer: whoever owns it says the time and calls `tick`. */
export interface Autoscaler {
  /** Answers in the page to what the page tells. */
  tick(): void
  /**
   * Whether a tick is due at the time in the page: `AUTOSCALE_TICK_MS` after the last one, or 1 ms after it while the oldest
   * critical message has waited for more than half of `criticalMs`.
   */
  isDue(): boolean
}

/** What opens the law of a group of several threads. */
export interface StandInOptions extends AutoscalerOptions {
  /** The group, and its envelopes. */
  readonly token: number
  readonly envelopes: Uint8Array
  /** The roster of its threads; the owner sits there. */
  readonly roster: Uint8Array
  /** Most of its threads, and whether there are always so many. */
  readonly threads: number
  readonly hasFixedThreads: boolean
  /** The time on the owner's clock, as it stands in the page at each tick. */
  readonly nowMs: number
}

/**
 * The law of a group of several threads. A thread of the backend's own looks on: when something waits and the owner has not
 * ticked for twice as long as it should, that one measures and ticks by itself, and writes how many slots each thread has into
 * its port (`PORT_WORD_SLOTS`). So spare threads begin.
 */
export interface StandIn extends Autoscaler {
  /** A thread is ready: its slot in the roster, its port, what its meter counts in. */
  add(slot: number, port: Uint8Array, meter: Uint8Array): void
  /** A thread leaves, or has ended. */
  remove(slot: number): void
  /**
   * What was decided without the owner before its last tick, and not taken yet, the oldest first: `DECISION_DOUBLES` of each.
   */
  take(): number[]
  /** Nobody looks on any more, and calls do nothing. */
  end(): void
}

export type ScaleReason = 'steady' | 'load' | 'backlog' | 'cores' | 'limit' | 'idle' | 'hold' | 'drain' | 'unmeasured'

/** The reasons by their numbers: a name for programs, a sentence for people. */
export const scaleReasons: readonly { readonly name: ScaleReason; readonly text: string }[] = [
  [SCALE_STEADY, 'steady', 'the size is right'],
  [SCALE_LOAD, 'load', 'messages arrive faster, or take longer'],
  [SCALE_BACKLOG, 'backlog', 'what waits is to be worked off'],
  [SCALE_CORES, 'cores', 'the cores carry no more'],
  [SCALE_LIMIT, 'limit', 'it is as large as it may be'],
  [SCALE_IDLE, 'idle', 'fewer have been enough for as long as the hold'],
  [SCALE_HOLD, 'hold', 'more were needed a moment ago, or it has just been shrunk'],
  [SCALE_DRAIN, 'drain', 'what waits is being worked off'],
  [SCALE_UNMEASURED, 'unmeasured', 'a measurement is missing'],
].reduce<{ name: ScaleReason; text: string }[]>((list, [number, name, text]) => {
  list[number as number] = { name: name as ScaleReason, text: text as string }
  return list
}, [])
