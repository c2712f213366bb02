/** The latest sound quote of each instrument, by number; a bid of 0 says that there is none. */
export interface LatestQuotes {
  readonly bids: Float64Array
  readonly asks: Float64Array
}

/** An episode that somebody acts on, sooner or later. */
export interface Attempt {
  readonly openedNs: number
  /** The edge at the first tick. */
  readonly edgeBps: number
  /** Numbers of the instruments. */
  readonly buy: number
  readonly sell: number
  /** What the edge is divided by, for the basis; 1 without one. */
  readonly basis: number
  /** Whether the episode is still open. */
  isOpen: boolean
}

/** What is left of the edges that were there at the first tick, for one delay. */
export class DelayedProfit {
  readonly delayMs: number
  /** Sum of the edges at the first tick, and of what was made of them after the delay, in basis points. */
  firstBps = 0
  laterBps = 0
  /** Attempts that are not due yet, by time. */
  readonly #attempts: Attempt[] = []
  #next = 0

  constructor(delayMs: number) {
    this.delayMs = delayMs
  }

  /** Acts on an episode that has just opened. */
  add(attempt: Attempt): void {
    this.firstBps += attempt.edgeBps
    if (this.delayMs === 0) this.laterBps += attempt.edgeBps
    else this.#attempts.push(attempt)
  }

  /**
   * Settles what was due before a time, with the quotes as they were until then. An episode that has closed meanwhile is
   * missed, also where another one has opened since.
   */
  settle(beforeNs: number, feesBps: readonly number[], { bids, asks }: LatestQuotes): void {
    for (; this.#next < this.#attempts.length; this.#next += 1) {
      const { openedNs, buy, sell, basis, isOpen } = this.#attempts[this.#next]!
      if (!(openedNs + this.delayMs * 1e6 < beforeNs)) break
      if (!isOpen) continue
      const sale = bids[sell] * (1 - feesBps[sell]! / 10_000)
      const cost = asks[buy] * (1 + feesBps[buy]! / 10_000) * basis
      this.laterBps += (sale / cost - 1) * 10_000
    }
    if (this.#next === this.#attempts.length) this.#next = this.#attempts.length = 0
  }

  /** The part of the profit that is still there; undefined if there was none. */
  get share(): number | undefined {
    return this.firstBps > 0 ? this.laterBps / this.firstBps : undefined
  }
}
