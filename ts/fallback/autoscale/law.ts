/**
 * How many slots a pool should have, from what was measured. The same file as crates/bus/src/autoscale/law.rs: the same
 * operations in the same order, so that both answer the same bits.
 *
 * Feed-forward: by Little's law (1961) arrivals times service time is how many slots are busy; the square root of that
 * staffs for chance (Halfin and Whitt 1981); a term for the backlog works off what waits. What was needed within the hold
 * is kept. The cap is Goetz's (Java Concurrency in Practice, 8.2): cores x target / share of the time that handlers compute.
 */
import { AUTOSCALE_TICK_MS } from '../../autoscale-core.js'
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
} from '../../layout.js'
import { RecentNeed } from './recent-need.js'
import { Smoothed } from './smoothed.js'

/** Slots beyond the busy ones, in units of the square root of the busy ones. */
const STAFFING = 1.5
/** Deviations of a Poisson count from which on a rate is no chance: Shewhart's three (1931). */
const SURPRISE = 3
/** In how long a backlog is worked off, in milliseconds. */
const DRAIN_MS = 50
/** A pool shrinks only if it is too large by more than this share. */
const DEADBAND = 0.1
/** Between two shrinks by at most a quarter, in milliseconds. */
const SHRINK_EVERY_MS = 1_000
/** What passes unobserved counts as no more than this, in milliseconds: nothing is forgotten in the dark. */
const STEP_MOST_MS = 250
/** Between ticks while a critical message waits too long, in milliseconds. */
const URGENT_EVERY_MS = 1

export interface Limits {
  readonly min: number
  readonly max: number
  readonly cores: number
  readonly cpuTarget: number
  readonly reserved: number
  readonly criticalMs: number
}

/** What was measured, 0 or more and finite; NaN for what was not. */
export interface Measured {
  readonly nowMs: number
  readonly ratePerS: number
  readonly serviceMs: number
  readonly depth: number
  readonly oldestMs: number
  readonly oldestCriticalMs: number
  readonly cpuShare: number
}

export interface Decision {
  readonly wanted: number
  readonly cap: number
  readonly reason: number
  readonly kept: number
  readonly need: number
  readonly ratePerS: number
  readonly serviceMs: number
  readonly cpuShare: number
}

/** All that the law remembers from tick to tick. */
export class LawState {
  size: number
  lastTickMs = NaN
  /** Time under observation, in milliseconds: hold and shrinking go by it. */
  observedMs = 0
  lastShrinkMs = -SHRINK_EVERY_MS
  readonly rate = new Smoothed()
  readonly service = new Smoothed()
  readonly cpuShare = new Smoothed()
  readonly recent = new RecentNeed()

  constructor({ min }: Limits) {
    this.size = min
  }
}

/** Whether a tick is due. */
export function isDue(limits: Limits, state: LawState, { nowMs, oldestCriticalMs }: Measured): boolean {
  const passedMs = nowMs - state.lastTickMs
  if (!(passedMs < AUTOSCALE_TICK_MS)) return true
  const isLate = limits.criticalMs > 0 && 2 * oldestCriticalMs > limits.criticalMs
  return isLate && passedMs >= URGENT_EVERY_MS
}

/** The size from now on. Changes the state, and nothing else. */
export function decide(limits: Limits, state: LawState, measured: Measured): Decision {
  const passedMs = passed(state, measured.nowMs)
  state.rate.take(measured.ratePerS, passedMs)
  state.service.take(measured.serviceMs, passedMs)
  state.cpuShare.take(measured.cpuShare, passedMs)

  const ratePerS = expected(measured.ratePerS, state.rate.value, passedMs)
  const serviceMs = state.service.value
  const cpuShare = state.cpuShare.value
  const busy = (ratePerS * serviceMs) / 1_000
  const staffed = busy + STAFFING * Math.sqrt(busy)
  const need = Math.ceil(staffed + (measured.depth * serviceMs) / DRAIN_MS) + limits.reserved
  const cap = carried(limits, cpuShare)

  const isMeasured = !isNaN(measured.ratePerS) && !isNaN(need) && !isNaN(cpuShare)
  const reason = isMeasured ? resize(limits, state, measured, { staffed, need, cap, passedMs }) : SCALE_UNMEASURED
  const kept = smaller(limits.reserved, state.size - 1)
  return { wanted: state.size, cap, reason, kept, need, ratePerS, serviceMs, cpuShare }
}

interface Moment {
  readonly staffed: number
  readonly need: number
  readonly cap: number
  readonly passedMs: number
}

/** Sets the size; returns why. */
function resize(limits: Limits, state: LawState, measured: Measured, { staffed, need, cap, passedMs }: Moment): number {
  const { size, recent } = state
  state.observedMs += smaller(passedMs, STEP_MOST_MS)
  recent.add(state.observedMs, need)
  const wished = recent.most()
  const wanted = between(limits.min, wished, cap)
  if (wanted > size) {
    state.size = wanted
    return Math.ceil(staffed) + limits.reserved > size ? SCALE_LOAD : SCALE_BACKLOG
  }
  if (wanted >= size && wished > size) return cap < limits.max ? SCALE_CORES : SCALE_LIMIT

  const band = size * DEADBAND
  if (size - wanted <= band) return between(limits.min, need, cap) < wanted ? SCALE_HOLD : SCALE_STEADY
  // More than the cores carry makes everything slower, so nothing is waited for.
  if (size - cap > band) {
    state.size = cap
    return SCALE_CORES
  }
  if (measured.depth > size || measured.oldestMs > DRAIN_MS) return SCALE_DRAIN
  if (state.observedMs - state.lastShrinkMs < SHRINK_EVERY_MS) return SCALE_HOLD
  const quarter = larger(Math.floor(size / 4), 1)
  state.size = larger(wanted, size - quarter)
  state.lastShrinkMs = state.observedMs
  return SCALE_IDLE
}

/** Milliseconds since the last tick; the first one counts as one that was due. */
function passed(state: LawState, nowMs: number): number {
  const passedMs = nowMs - state.lastTickMs
  state.lastTickMs = nowMs
  return isNaN(passedMs) ? AUTOSCALE_TICK_MS : larger(passedMs, 0)
}

/** Fast up, slow down: the rate of this moment counts by itself if it is higher than chance lets the smooth one look. */
function expected(ratePerS: number, smooth: number, passedMs: number): number {
  const seconds = larger(passedMs, AUTOSCALE_TICK_MS) / 1_000
  return ratePerS > smooth + SURPRISE * Math.sqrt(smooth / seconds) ? ratePerS : smooth
}

/** The most slots that the cores carry. */
function carried({ min, max, cores, cpuTarget }: Limits, cpuShare: number): number {
  return cpuShare > 0 ? between(min, Math.ceil((cores * cpuTarget) / cpuShare), max) : max
}

function between(low: number, value: number, high: number): number {
  return larger(low, smaller(value, high))
}

function larger(a: number, b: number): number {
  return a > b ? a : b
}

function smaller(a: number, b: number): number {
  return a < b ? a : b
}
