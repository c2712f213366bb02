import type { ScalingDecision } from './scaling-decision.js'

const MOST = 32

/** The last decisions of a group: a ring, so that its memory is small and fixed. */
export class DecisionLog {
  readonly #ring: ScalingDecision[] = []
  #next = 0

  add(decision: ScalingDecision): void {
    this.#ring[this.#next] = decision
    this.#next = (this.#next + 1) % MOST
  }

  /** The oldest first. */
  list(): ScalingDecision[] {
    const older = this.#ring.slice(this.#next)
    return [...older, ...this.#ring.slice(0, this.#next)].map((decision) => ({ ...decision }))
  }
}
