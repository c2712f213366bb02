import type { System } from '../../system.js'

/**
 * UNIX nanoseconds into bytes, without a bigint for each. Goes on from the system's time at the start, as timers do. What is
 * handed over together has one time, as reading a clock costs more than writing a record's head.
 */
export class WallClock {
  readonly #nowNs: (() => bigint) | undefined
  readonly #system: System
  readonly #originLow: number
  readonly #originHigh: number
  #low = 0
  #high = 0

  /** `nowNs` takes the place of the system's clock, and is asked for each record. */
  constructor(nowNs: (() => bigint) | undefined, system: System) {
    this.#nowNs = nowNs
    this.#system = system
    const origin = BigInt(Math.round(system.timeOrigin * 1_000)) * 1_000n
    this.#originLow = Number(origin & 0xffff_ffffn)
    this.#originHigh = Number(origin >> 32n)
  }

  /** Looks at the system's clock. */
  read(): void {
    const sinceNs = Math.round(this.#system.nowMs() * 1e6)
    const high = Math.floor(sinceNs / 2 ** 32)
    const low = this.#originLow + (sinceNs - high * 2 ** 32)
    this.#low = low >>> 0
    this.#high = this.#originHigh + high + (low >= 2 ** 32 ? 1 : 0)
  }

  /** Writes what was read last. */
  write(view: DataView, at: number): void {
    if (this.#nowNs !== undefined) {
      view.setBigUint64(at, this.#nowNs(), true)
      return
    }
    view.setUint32(at, this.#low, true)
    view.setUint32(at + 4, this.#high, true)
  }
}
