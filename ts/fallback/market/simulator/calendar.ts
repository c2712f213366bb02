/** When each of a fixed number of things is due next: a tournament, in which a change replays one path to the top. */
export class Calendar {
  readonly #size: number
  readonly #times: Float64Array
  /** Who wins at each node: node 1 is the top, the children of n are 2n and 2n + 1. */
  readonly #winners: Uint32Array

  /** Nothing is due. */
  constructor(count: number) {
    let size = 2
    while (size < count) size *= 2
    this.#size = size
    this.#times = new Float64Array(size).fill(Infinity)
    this.#winners = new Uint32Array(2 * size)
    for (let entry = 0; entry < size; entry += 1) this.#winners[size + entry] = entry
    for (let entry = 0; entry < size; entry += 2) this.set(entry, Infinity)
  }

  /** Which is due first; of equal times the one with the lower number. */
  get first(): number {
    return this.#winners[1]
  }

  timeOf(entry: number): number {
    return this.#times[entry]
  }

  set(entry: number, time: number): void {
    const times = this.#times
    const winners = this.#winners
    times[entry] = time
    for (let node = (this.#size + entry) >>> 1; node > 0; node >>>= 1) {
      const [left, right] = [winners[2 * node], winners[2 * node + 1]]
      winners[node] = times[right] < times[left] ? right : left
    }
  }
}
