import type { Clock } from './clock.js'
import type { Group } from './group.js'
import type { RecentTime } from './recent-time.js'

/** Longest time that handlers keep the event loop for themselves. */
const TURN_NS = 1_000_000

/**
 * Runs the groups that have something to run: once in each turn of the event loop, for a millisecond at most. Where handlers
 * return promises that are settled within that millisecond, the group goes on when they are.
 */
export class Drain {
  readonly #clock: Clock
  readonly #time: RecentTime
  readonly #afterTurn: () => void
  #groups: Group[] = []
  #deferred = false
  /** When the time of the last turn is up. */
  #untilNs = 0
  /** Groups that go on in this turn. */
  #freed: Group[] = []

  constructor(clock: Clock, time: RecentTime, afterTurn: () => void) {
    this.#clock = clock
    this.#time = time
    this.#afterTurn = afterTurn
  }

  /** Runs a group in the next turn. */
  readonly schedule = (group: Group): void => {
    if (group.scheduled) return
    group.scheduled = true
    this.#groups.push(group)
    this.#defer()
  }

  /** Runs a group some of whose handlers have come to an end: in this turn, if there is time left, or in the next. */
  readonly goOn = (group: Group): void => {
    if (group.scheduled) return
    if (this.#time.nowNs() >= this.#untilNs) return this.schedule(group)
    group.scheduled = true
    this.#freed.push(group)
    // Others of its handlers may come to an end first.
    if (this.#freed.length === 1) queueMicrotask(this.#runFreed)
  }

  /** Does in the next turn what is done after each. */
  readonly look = (): void => this.#defer()

  #defer(): void {
    if (this.#deferred) return
    this.#deferred = true
    this.#clock.defer(this.#turn)
  }

  readonly #turn = (): void => {
    this.#deferred = false
    const groups = this.#groups
    this.#groups = []
    this.#untilNs = this.#time.nowNs() + TURN_NS
    this.#run(groups)
  }

  readonly #runFreed = (): void => {
    const groups = this.#freed
    this.#freed = []
    this.#run(groups)
  }

  #run(groups: readonly Group[]): void {
    for (const [i, group] of groups.entries()) {
      // Still on the list while it runs, so that what it publishes to itself gives it no better place.
      const isMore = group.run(this.#untilNs)
      group.scheduled = false
      if (!isMore) continue
      // The time is up. Those that had nothing of it come first in the next turn.
      for (const other of groups.slice(i + 1)) {
        other.scheduled = false
        this.schedule(other)
      }
      this.schedule(group)
      break
    }
    this.#time.forget()
    this.#afterTurn()
  }
}
