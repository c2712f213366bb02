/** Intervals after which the rate at which a queue shed before says nothing any more. */
const RECENT_INTERVALS = 16

/**
 * Controlled delay (K. Nichols and V. Jacobson, RFC 8289): a queue that is behind for a whole interval sheds a message, then
 * more and more often until it has caught up.
 */
export class ControlledDelay {
  readonly #targetNs: number
  readonly #intervalNs: number
  /** When the delay will have been above the target for an interval; 0 while it is not. */
  #firstAbove = 0
  #isShedding = false
  #next = 0
  #count = 0
  #lastCount = 0

  constructor(targetNs: number, intervalNs: number) {
    this.#targetNs = targetNs
    this.#intervalNs = intervalNs
  }

  /** Whether to shed a message that has waited for `sojournNs` and would run now. The last of a queue is never shed. */
  sheds(now: number, sojournNs: number, isLast: boolean): boolean {
    if (!this.#isBehind(now, sojournNs, isLast)) {
      this.#isShedding = false
      return false
    }
    if (!this.#isShedding) {
      this.#begin(now)
      return true
    }
    if (now < this.#next) return false
    this.#count += 1
    this.#next = this.#after(this.#next)
    return true
  }

  #isBehind(now: number, sojournNs: number, isLast: boolean): boolean {
    if (sojournNs < this.#targetNs || isLast) {
      this.#firstAbove = 0
      return false
    }
    if (this.#firstAbove !== 0) return now >= this.#firstAbove
    this.#firstAbove = now + this.#intervalNs
    return false
  }

  /** Goes on at the rate of the last time, if that was not long ago. */
  #begin(now: number): void {
    const rate = this.#count - this.#lastCount
    const isRecent = now - this.#next < RECENT_INTERVALS * this.#intervalNs
    this.#isShedding = true
    this.#count = rate > 1 && isRecent ? rate : 1
    this.#lastCount = this.#count
    this.#next = this.#after(now)
  }

  #after(time: number): number {
    return time + this.#intervalNs / Math.sqrt(this.#count)
  }
}
