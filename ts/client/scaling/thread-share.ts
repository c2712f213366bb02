/** In so long a time what was measured before counts half, in nanoseconds. */
const HALF_NS = 250e6

/**
 * Which share of their time the handlers of worker threads compute. Such threads do nothing but run handlers: what they compute
 * is their handlers', also after an `await`.
 *
 * A share of sums, not a mean of shares: a moment in which little was under way says little.
 */
export class ThreadShare {
  #busyNs = 0
  #occupiedNs = 0

  /** The threads have computed for so long, and handlers were under way for so long, in a time. */
  take(busyNs: number, occupiedNs: number, passedNs: number): void {
    const kept = HALF_NS / (HALF_NS + passedNs)
    this.#busyNs = kept * this.#busyNs + busyNs
    this.#occupiedNs = kept * this.#occupiedNs + occupiedNs
  }

  /** From 0 to 1; NaN if nothing was ever under way. */
  get value(): number {
    return this.#occupiedNs > 0 ? Math.max(0, Math.min(1, this.#busyNs / this.#occupiedNs)) : NaN
  }
}
