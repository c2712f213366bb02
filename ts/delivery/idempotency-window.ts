/** How much a group remembers of what it has handled. */
export interface WindowBounds {
  /** Most messages. */
  readonly size: number
  /** For how long, in milliseconds. */
  readonly ms: number
}

export const DEFAULT_WINDOW: WindowBounds = { size: 100_000, ms: 600_000 }

/** So many forgotten places are kept before the lists are made shorter. */
const COMPACTS_FROM = 1_024

/**
 * Which messages a group has acknowledged, or has under way: bounded by number and by time, whichever comes first. What is
 * under way is bounded by the group's slots.
 */
export class IdempotencyWindow {
  readonly #bounds: WindowBounds
  readonly #underWay = new Set<string>()
  readonly #done = new Set<string>()
  /** What was acknowledged and when, in nanoseconds, the oldest first: from `#first` on. */
  #identities: string[] = []
  #times: number[] = []
  #first = 0

  constructor(bounds: WindowBounds) {
    this.#bounds = bounds
  }

  /** Messages that are remembered as acknowledged. */
  get size(): number {
    return this.#done.size
  }

  /** A delivery would begin: `fresh`, and then it is under way; or a copy of it is; or one was acknowledged. */
  begin(identity: string, nowNs: number): 'fresh' | 'underWay' | 'done' {
    this.#forget(nowNs)
    if (this.#done.has(identity)) return 'done'
    if (this.#underWay.has(identity)) return 'underWay'
    this.#underWay.add(identity)
    return 'fresh'
  }

  /** A delivery that was fresh has come to its end. */
  end(identity: string, isAcknowledged: boolean, nowNs: number): void {
    this.#underWay.delete(identity)
    if (!isAcknowledged) return
    this.#done.add(identity)
    this.#identities.push(identity)
    this.#times.push(nowNs)
    this.#forget(nowNs)
  }

  #forget(nowNs: number): void {
    const sinceNs = nowNs - this.#bounds.ms * 1e6
    while (this.#done.size > this.#bounds.size || this.#times[this.#first] <= sinceNs) {
      this.#done.delete(this.#identities[this.#first])
      this.#first += 1
    }
    if (this.#first < COMPACTS_FROM || 2 * this.#first < this.#times.length) return
    this.#identities = this.#identities.slice(this.#first)
    this.#times = this.#times.slice(this.#first)
    this.#first = 0
  }
}
