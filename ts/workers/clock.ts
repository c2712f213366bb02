/** A monotonic clock that counts nanoseconds since the bus was opened, the same in every thread of the process. */
export class BusClock {
  /** `process.hrtime` when the bus was opened. */
  readonly openedNs: bigint
  /** What this thread's `performance.now` is behind, in nanoseconds. */
  readonly #offsetNs: number

  constructor(openedNs = process.hrtime.bigint()) {
    this.openedNs = openedNs
    this.#offsetNs = calibrate(openedNs)
  }

  /** Nanoseconds since the bus was opened. Costs one `performance.now`. */
  nowNs(): number {
    return performance.now() * 1e6 + this.#offsetNs
  }
}

/** Reads both clocks several times and keeps the pair that was read closest together. */
function calibrate(openedNs: bigint): number {
  let best = { widthNs: Infinity, offsetNs: 0 }
  for (let i = 0; i < 8; i += 1) {
    const before = process.hrtime.bigint()
    const nowNs = performance.now() * 1e6
    const after = process.hrtime.bigint()
    const widthNs = Number(after - before)
    if (widthNs < best.widthNs) best = { widthNs, offsetNs: Number(before - openedNs) + widthNs / 2 - nowNs }
  }
  return best.offsetNs
}
