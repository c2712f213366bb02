import type { Clock, Timer } from '../client/index.js'
import { badArgument, TickbusError } from '../errors.js'

interface VirtualTimer {
  readonly dueNs: number
  readonly run: () => void
}

/** More turns than that, and what defers itself again will not come to an end. */
const MOST_TURNS = 100_000

/**
 * A clock that stands still until a test moves it. Timers run in the order in which they fall due, those of one moment in
 * the order in which they were set; what was deferred runs when the test says so. The same test always runs the same way.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict'
 * import { VirtualClock } from 'tickbus/testing'
 *
 * const clock = new VirtualClock()
 * const seen = []
 * clock.setTimer(() => seen.push('late'), 20)
 * clock.setTimer(() => seen.push('early'), 10)
 * clock.defer(() => seen.push('deferred'))
 *
 * clock.turn()
 * clock.advance(15)
 * assert.deepEqual(seen, ['deferred', 'early'])
 * clock.advance(5)
 * assert.deepEqual(seen, ['deferred', 'early', 'late'])
 * ```
 */
export class VirtualClock implements Clock {
  #nowNs: number
  #deferred: (() => void)[] = []
  /** In the order in which they were set. */
  readonly #timers = new Set<VirtualTimer>()

  /** A second, since on a client's clock 0 stands for "no time at all". */
  constructor(startMs = 1_000) {
    if (!(startMs > 0 && Number.isFinite(startMs))) throw badArgument('startMs', 'milliseconds above 0', startMs)
    this.#nowNs = startMs * 1e6
  }

  /** How much waits for a turn. */
  get deferred(): number {
    return this.#deferred.length
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size
  }

  nowNs(): number {
    return this.#nowNs
  }

  defer(run: () => void): void {
    this.#deferred.push(run)
  }

  setTimer(run: () => void, ms: number): Timer {
    if (Number.isNaN(ms)) throw badArgument('ms', 'milliseconds', ms)
    const timer: VirtualTimer = { dueNs: this.#nowNs + Math.max(0, ms) * 1e6, run }
    this.#timers.add(timer)
    return timer
  }

  clearTimer(timer: Timer): void {
    this.#timers.delete(timer as VirtualTimer)
  }

  /** Runs what was deferred before the call, and returns how much. What that defers waits for the next turn. */
  turn(): number {
    const deferred = this.#deferred
    this.#deferred = []
    let ran = 0
    try {
      for (const run of deferred) {
        ran += 1
        run()
      }
    } finally {
      // If one threw, those after it still wait.
      this.#deferred = [...deferred.slice(ran), ...this.#deferred]
    }
    return ran
  }

  /** Moves the time by `ms`, running the timers that fall due at their times, and returns how many. Nothing deferred runs. */
  advance(ms: number): number {
    const endNs = this.#end(ms)
    let fired = 0
    while (this.#fireNext(endNs)) fired += 1
    this.#reach(endNs)
    return fired
  }

  /**
   * Runs promise jobs and turns until nothing is deferred. Time stands still.
   *
   * @throws {TickbusError} `TICKBUS_UNSETTLED` if there is no end after 100,000 turns.
   */
  async settle(): Promise<void> {
    await promiseJobs()
    for (let turns = 0; this.#deferred.length > 0; turns += 1) {
      if (turns === MOST_TURNS) throw new TickbusError('TICKBUS_UNSETTLED', { turns })
      this.turn()
      await promiseJobs()
    }
  }

  /**
   * Moves the time by `ms` as it would go by for a program: everything settles before the first timer, after each, and at
   * the end.
   *
   * @throws {TickbusError} `TICKBUS_UNSETTLED` as from `settle`.
   */
  async run(ms: number): Promise<void> {
    const endNs = this.#end(ms)
    await this.settle()
    while (this.#fireNext(endNs)) await this.settle()
    this.#reach(endNs)
  }

  #end(ms: number): number {
    if (!(ms >= 0 && Number.isFinite(ms))) throw badArgument('ms', 'milliseconds from 0 on', ms)
    return this.#nowNs + ms * 1e6
  }

  /** Whoever moves the clock while somebody else runs it may have gone further: time never falls. */
  #reach(ns: number): void {
    this.#nowNs = Math.max(this.#nowNs, ns)
  }

  #fireNext(endNs: number): boolean {
    let next: VirtualTimer | undefined
    for (const timer of this.#timers) if (next === undefined || timer.dueNs < next.dueNs) next = timer
    if (next === undefined || next.dueNs > endNs) return false
    this.#timers.delete(next)
    this.#reach(next.dueNs)
    next.run()
    return true
  }
}

/** All promise jobs that are ready, and those that they make ready, run before the next turn of the real loop. */
function promiseJobs(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
