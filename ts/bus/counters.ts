/** What is counted for each topic; offsets in its counters. */
export const PUBLISHED = 0
/** Messages from other threads. */
export const ARRIVED = 1
/** What `delivered` differs from messages times handlers of now. */
export const SETTLED = 2

/** How many there are for each topic. */
export const COUNTERS = 3
const TOPICS_PER_PAGE = 4_096

/** Counters of topics by their ids, in pages that never move, so that a handle can keep its page. */
export class Counters {
  readonly #pages: Float64Array[] = []

  page(id: number): Float64Array {
    const index = Math.floor(id / TOPICS_PER_PAGE)
    while (this.#pages.length <= index) this.#pages.push(new Float64Array(COUNTERS * TOPICS_PER_PAGE))
    return this.#pages[index]
  }

  offset(id: number): number {
    return COUNTERS * (id % TOPICS_PER_PAGE)
  }

  /** Starts again at zero, for the next topic with this id. */
  clear(id: number): void {
    const at = this.offset(id)
    this.page(id).fill(0, at, at + COUNTERS)
  }
}
