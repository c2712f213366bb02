import type { Scaled } from './group-scaler.js'

/** How long fewer threads must have been enough before one is ended: as long as the law holds slots. */
const HOLD_MS = 10_000

/**
 * How many threads a number of slots needs. A slot keeps a core busy for the share of its time in which its handler computes:
 * handlers that wait grow slots without threads, handlers that compute grow threads as far as the cap lets the slots grow.
 */
export class ThreadNeed {
  readonly #cpuTarget: number
  #enoughSinceMs = NaN

  constructor(cpuTarget: number) {
    this.#cpuTarget = cpuTarget
  }

  /** Whether there are more than are needed, for less long than the hold. */
  get isPending(): boolean {
    return !Number.isNaN(this.#enoughSinceMs)
  }

  /** `asked` are the slots that the load of this moment asks for. More at once, as many as are needed; fewer one by one, each after the hold. */
  wanted(
    group: Pick<Scaled, 'threadsMost' | 'hasFixedThreads' | 'threads'>,
    slots: number,
    asked: number,
    cpuShare: number,
    nowMs: number,
  ) {
    const { threadsMost, hasFixedThreads, threads } = group
    if (hasFixedThreads || threadsMost === 0) return threadsMost
    if (Number.isNaN(cpuShare) || Number.isNaN(asked)) return threads
    const busy = Math.max(1, Math.ceil((slots * cpuShare) / this.#cpuTarget))
    const needed = Math.max(1, Math.min(busy, slots, asked, threadsMost))
    if (needed >= threads) {
      this.#enoughSinceMs = NaN
      return needed
    }
    if (Number.isNaN(this.#enoughSinceMs)) this.#enoughSinceMs = nowMs
    if (nowMs - this.#enoughSinceMs < HOLD_MS) return threads
    this.#enoughSinceMs = nowMs
    return threads - 1
  }
}
