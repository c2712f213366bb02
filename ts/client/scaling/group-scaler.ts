import {
  AUTOSCALE_TICK_MS,
  type Autoscaler,
  type AutoscalerOptions,
  scaleReasons,
  type StandIn,
} from '../../autoscale-core.js'
import type { Core } from '../../core.js'
import {
  AUTOSCALE_DOUBLE_CAP,
  AUTOSCALE_DOUBLE_CPU_SHARE,
  AUTOSCALE_DOUBLE_CPU_SHARE_USED,
  AUTOSCALE_DOUBLE_DEPTH,
  AUTOSCALE_DOUBLE_KEPT,
  AUTOSCALE_DOUBLE_NEED,
  AUTOSCALE_DOUBLE_NOW,
  AUTOSCALE_DOUBLE_OLDEST,
  AUTOSCALE_DOUBLE_OLDEST_CRITICAL,
  AUTOSCALE_DOUBLE_RATE,
  AUTOSCALE_DOUBLE_RATE_USED,
  AUTOSCALE_DOUBLE_REASON,
  AUTOSCALE_DOUBLE_SERVICE,
  AUTOSCALE_DOUBLE_SERVICE_USED,
  AUTOSCALE_DOUBLE_WANTED,
  AUTOSCALE_DOUBLES,
  DECISION_DOUBLE_FROM,
  DECISION_DOUBLE_THREADS_FROM,
  DECISION_DOUBLE_THREADS_LATE,
  DECISION_DOUBLE_THREADS_TO,
  DECISION_DOUBLES,
  SCALE_STEADY,
  SCALE_UNMEASURED,
} from '../../layout.js'
import { DecisionLog } from './decision-log.js'
import { nothingSpent, type Spent } from './meter.js'
import type { ScalingDecision } from './scaling-decision.js'
import { ThreadNeed } from './thread-need.js'
import { ThreadShare } from './thread-share.js'

/** Share of the cores that the law means to use. */
const CPU_TARGET = 0.8
/** Slots for urgent lanes, beside what the load asks for: the runner keeps one of two or more. */
const RESERVED = 1
/** Between ticks while nothing comes and the hold goes by: the most that the law takes for a time that it has observed. */
const QUIET_TICK_MS = 250
/** A critical message should wait no longer: the law ticks at once when one has waited for half of it. */
export const CRITICAL_MS = 2

/** What is known of a group at one moment. */
export interface GroupFigures extends Spent {
  depth: number
  /** Messages whose handlers are under way. */
  inFlight: number
  oldestMs: number
  oldestCriticalMs: number
}

/** A group whose size follows its load. */
export interface Scaled {
  readonly name: string
  /** Slots: fewest and most. */
  readonly min: number
  readonly max: number
  /** Most worker threads; 0 for functions. Fewest are one, or as many as most where `hasFixedThreads`. */
  readonly threadsMost: number
  readonly hasFixedThreads: boolean
  /** Cores that its handlers may use. */
  readonly cores: number
  /** Messages that came, ever. */
  readonly copies: number
  /** Slots, and threads that run or have been asked for. */
  readonly slots: number
  readonly threads: number
  /** Whether a message can run or runs, as far as is known without looking closely: one that was published, or is tried again. */
  readonly isAtWork: boolean
  /** Whether something urgent waits, as far as is known without looking closely. */
  readonly waitsUrgent: boolean
  /** Opens a law that goes on while this thread does not come to it; undefined where nothing of the group would. */
  readonly openStandIn: ((limits: AutoscalerOptions) => StandIn) | undefined
  figures(): GroupFigures
  /** Changes the size. Says how many threads have to be started first. */
  size(slots: number, threads: number): number
}

/** How far a group had come at a moment. */
interface Mark {
  readonly atNs: number
  readonly copies: number
}

/** The law of one group: measures, asks it, does what it says, and writes down why. */
export class GroupScaler {
  readonly group: Scaled
  readonly #onScaled: (decision: ScalingDecision) => void
  readonly #page = new Float64Array(new SharedArrayBuffer(8 * AUTOSCALE_DOUBLES))
  readonly #law: Autoscaler
  readonly #standIn: StandIn | undefined
  readonly #log = new DecisionLog()
  readonly #threads: ThreadNeed
  /** At least a tick's length lies between the two, and between the older one and now. */
  #older: Mark
  #newer: Mark
  #spent = nothingSpent()
  /** The time at the last tick, and the CPU time of the process; NaN if nobody knows that. */
  #measuredNs: number
  #cpuNs: number
  /** Nothing came, waits or runs since the last tick. */
  #isQuiet = false
  /** When the next tick is of use, in milliseconds after the last one, unless something comes: `Infinity` for never. */
  nextMs: number = AUTOSCALE_TICK_MS
  /** Mean time that handlers took to return, when any were called last. */
  #calledNs = NaN
  /** Of worker threads, whose time is their handlers'. */
  readonly #share = new ThreadShare()

  constructor(core: Core, group: Scaled, nowNs: number, cpuNs: number, onScaled: (decision: ScalingDecision) => void) {
    const { min, max, cores } = group
    const rules = { cpuTarget: CPU_TARGET, reserved: RESERVED, criticalMs: CRITICAL_MS }
    const options = { page: this.#page, min, max, cores, ...rules }
    this.group = group
    this.#onScaled = onScaled
    this.#standIn = group.openStandIn?.(options)
    this.#law = this.#standIn ?? core.openAutoscaler(options)
    this.#threads = new ThreadNeed(CPU_TARGET)
    this.#older = this.#newer = { atNs: nowNs, copies: 0 }
    this.#measuredNs = nowNs
    this.#cpuNs = cpuNs
  }

  /** The last decisions, the oldest first. */
  decisions(): ScalingDecision[] {
    return this.#log.list()
  }

  /** Whether something came since the last tick, or is tried again. */
  get hasNews(): boolean {
    return this.group.copies !== this.#newer.copies || this.group.isAtWork
  }

  /** Something came, after a time in which nothing did: a tick's length of it counts, so that there is a rate at once. */
  resume(nowNs: number): void {
    const { copies } = this.#newer
    this.#older = this.#newer = { atNs: nowNs - AUTOSCALE_TICK_MS * 1e6, copies }
  }

  /** `cpuNs` is the CPU time that the process has taken so far; NaN if nobody knows it. */
  tick(nowNs: number, cpuNs: number): void {
    this.#measure(nowNs, cpuNs)
    this.#decide(nowNs)
  }

  /** The same, if a critical message has waited for too long. */
  tickIfDue(nowNs: number, cpuNs: number): void {
    this.#measure(nowNs, cpuNs)
    if (this.#law.isDue()) this.#decide(nowNs)
  }

  /** What was decided without this thread is done first: until the law ticks, more of it may come. */
  #decide(nowNs: number): void {
    this.#law.tick()
    this.#catchUp(nowNs)
    this.#apply(nowNs)
  }

  #measure(nowNs: number, cpuNs: number): void {
    const page = this.#page
    const figures = this.group.figures()
    const { copies } = this.group
    const { depth, inFlight } = figures
    this.#isQuiet = copies === this.#newer.copies && depth === 0 && inFlight === 0
    page[AUTOSCALE_DOUBLE_NOW] = nowNs / 1e6
    page[AUTOSCALE_DOUBLE_RATE] = this.#rate(nowNs, copies)
    page[AUTOSCALE_DOUBLE_DEPTH] = figures.depth
    page[AUTOSCALE_DOUBLE_OLDEST] = figures.oldestMs
    page[AUTOSCALE_DOUBLE_OLDEST_CRITICAL] = figures.oldestCriticalMs
    this.#measureHandlers(figures, nowNs - this.#measuredNs, cpuNs - this.#cpuNs)
    this.#measuredNs = nowNs
    this.#cpuNs = cpuNs
  }

  /** Over a tick's length at least: an urgent tick may come a millisecond after another. */
  #rate(nowNs: number, copies: number): number {
    const tickNs = AUTOSCALE_TICK_MS * 1e6
    if (nowNs - this.#newer.atNs >= tickNs) {
      this.#older = this.#newer
      this.#newer = { atNs: nowNs, copies }
    }
    const ns = nowNs - this.#older.atNs
    return ns >= tickNs ? ((copies - this.#older.copies) * 1e9) / ns : NaN
  }

  /**
   * A handler's time is how long those that were called took to return in the mean, and what those that ended waited then.
   * Times of those that ended, without those that began, would be wrong after a step.
   *
   * Functions run in a thread that does other things as well, so what it computes says nothing of them: they compute until
   * they return, and for no longer than the process had a core. What goes beyond `cpuNs` they stood still, for others on the
   * machine; counted as theirs it would say that the cores carry little, and shrink the group when it is in need.
   */
  #measureHandlers(figures: Spent, passedNs: number, cpuNs: number): void {
    const page = this.#page
    const { begun, calledNs, ended, awaitedNs, occupiedNs, busyNs } = figures
    const before = this.#spent
    const isFunctions = this.group.threadsMost === 0
    const newEnded = ended - before.ended
    if (begun > before.begun) {
      const newCalledNs = calledNs - before.calledNs
      this.#calledNs = (isFunctions && newCalledNs > cpuNs ? cpuNs : newCalledNs) / (begun - before.begun)
    }
    const serviceNs = newEnded > 0 ? this.#calledNs + (awaitedNs - before.awaitedNs) / newEnded : NaN
    const shareOfFunctions = serviceNs === 0 ? 0 : this.#calledNs / serviceNs
    page[AUTOSCALE_DOUBLE_SERVICE] = serviceNs / 1e6
    this.#share.take(busyNs - before.busyNs, occupiedNs - before.occupiedNs, passedNs)
    page[AUTOSCALE_DOUBLE_CPU_SHARE] = isFunctions ? shareOfFunctions : this.#share.value
    this.#spent = { begun, calledNs, ended, awaitedNs, occupiedNs, busyNs }
  }

  /**
   * Whether time alone changes nothing any more. The smooth rate of a group without messages falls towards 0 and gets there
   * in minutes, but from here on it asks for one slot beside the reserved ones all the while: a group that has no more than
   * that, or no less than its fewest, shrinks no further, whatever it was refused before.
   */
  #isSettled(reason: number): boolean {
    const least = 1 + RESERVED
    if (reason === SCALE_UNMEASURED) return true
    if (this.#page[AUTOSCALE_DOUBLE_NEED]! > least) return false
    return reason === SCALE_STEADY || this.group.slots <= Math.max(this.group.min, least)
  }

  #apply(nowNs: number): void {
    const page = this.#page
    const { group } = this
    const { slots: from, threads: threadsFrom } = group
    const to = page[AUTOSCALE_DOUBLE_WANTED]!
    const reason = page[AUTOSCALE_DOUBLE_REASON]!
    const asked = page[AUTOSCALE_DOUBLE_NEED]! - page[AUTOSCALE_DOUBLE_KEPT]!
    const threadsTo = this.#threads.wanted(group, to, asked, page[AUTOSCALE_DOUBLE_CPU_SHARE_USED]!, nowNs / 1e6)
    const isSame = from === to && threadsFrom === threadsTo
    const isAtRest = isSame && this.#isSettled(reason) && !this.#threads.isPending
    this.nextMs = !this.#isQuiet ? AUTOSCALE_TICK_MS : isAtRest ? Infinity : QUIET_TICK_MS
    if (isSame) return
    const threadsLate = group.size(to, threadsTo)
    this.#tell(page, { from, threadsFrom, threadsTo, threadsLate, atNs: nowNs, lateMs: 0 })
  }

  /** Takes note of what was decided while this thread did not come to it, and does what only it can: starts threads. */
  #catchUp(nowNs: number): void {
    const decisions = this.#standIn?.take() ?? []
    for (let at = 0; at < decisions.length; at += DECISION_DOUBLES) {
      const page = decisions.slice(at, at + DECISION_DOUBLES)
      const atNs = page[AUTOSCALE_DOUBLE_NOW]! * 1e6
      const threadsTo = page[DECISION_DOUBLE_THREADS_TO]!
      this.group.size(page[AUTOSCALE_DOUBLE_WANTED]!, threadsTo)
      this.#tell(page, {
        from: page[DECISION_DOUBLE_FROM]!,
        threadsFrom: page[DECISION_DOUBLE_THREADS_FROM]!,
        threadsTo,
        threadsLate: page[DECISION_DOUBLE_THREADS_LATE]!,
        atNs,
        lateMs: Math.max(0, nowNs - atNs) / 1e6,
      })
    }
  }

  #tell(page: ArrayLike<number>, change: Change): void {
    const { name, min, max, cores } = this.group
    const { name: reason, text } = scaleReasons[page[AUTOSCALE_DOUBLE_REASON]!]!
    const decision: ScalingDecision = {
      group: name,
      to: page[AUTOSCALE_DOUBLE_WANTED]!,
      ...change,
      reason,
      text,
      ratePerS: page[AUTOSCALE_DOUBLE_RATE]!,
      serviceMs: page[AUTOSCALE_DOUBLE_SERVICE]!,
      cpuShare: page[AUTOSCALE_DOUBLE_CPU_SHARE]!,
      depth: page[AUTOSCALE_DOUBLE_DEPTH]!,
      oldestMs: page[AUTOSCALE_DOUBLE_OLDEST]!,
      oldestCriticalMs: page[AUTOSCALE_DOUBLE_OLDEST_CRITICAL]!,
      ratePerSUsed: page[AUTOSCALE_DOUBLE_RATE_USED]!,
      serviceMsUsed: page[AUTOSCALE_DOUBLE_SERVICE_USED]!,
      cpuShareUsed: page[AUTOSCALE_DOUBLE_CPU_SHARE_USED]!,
      need: page[AUTOSCALE_DOUBLE_NEED]!,
      cap: page[AUTOSCALE_DOUBLE_CAP]!,
      kept: page[AUTOSCALE_DOUBLE_KEPT]!,
      min,
      max,
      cores,
    }
    this.#log.add(decision)
    this.#onScaled({ ...decision })
  }
}

/** What a decision says of itself, beside what the law was told and answered. */
type Change = Pick<ScalingDecision, 'from' | 'threadsFrom' | 'threadsTo' | 'threadsLate' | 'atNs' | 'lateMs'>
