import { WaitTimes } from '../bus/index.js'

/** One message in 64 of a lane is timed; a power of two less one. Of urgent lanes each one is. */
export const SAMPLE_MASK = 63

/** Percentiles in microseconds. */
export interface Percentiles {
  p50: number
  p90: number
  p99: number
  p999: number
  max: number
}

/** How long the messages of each lane waited and their handlers ran, as far as they were timed. */
export class LaneTimes {
  readonly #waits: (WaitTimes | undefined)[] = []
  readonly #runs: (WaitTimes | undefined)[] = []

  /** Counts in memory that other threads can read, `bytes` long, if there is some. */
  constructor(memory?: SharedArrayBuffer) {
    if (memory === undefined) return
    const lanes = memory.byteLength / LaneTimes.bytes(1)
    for (let lane = 0; lane < lanes; lane += 1) {
      this.#waits.push(new WaitTimes(memory, lane * LaneTimes.bytes(1)))
      this.#runs.push(new WaitTimes(memory, lane * LaneTimes.bytes(1) + WaitTimes.BYTES))
    }
  }

  /** Memory that so many lanes take. */
  static bytes(lanes: number): number {
    return 2 * lanes * WaitTimes.BYTES
  }

  /** Takes over what another one has counted. */
  add(other: LaneTimes): void {
    for (const [lane, times] of other.#waits.entries()) if (times) (this.#waits[lane] ??= new WaitTimes()).add(times)
    for (const [lane, times] of other.#runs.entries()) if (times) (this.#runs[lane] ??= new WaitTimes()).add(times)
  }

  recordWait(lane: number, ns: number): void {
    ;(this.#waits[lane] ??= new WaitTimes()).record(ns)
  }

  recordRun(lane: number, ns: number): void {
    ;(this.#runs[lane] ??= new WaitTimes()).record(ns)
  }

  waitUs(lane: number): Percentiles {
    return percentilesOf(this.#waits[lane])
  }

  runUs(lane: number): Percentiles {
    return percentilesOf(this.#runs[lane])
  }
}

const PORTIONS = [0.5, 0.9, 0.99, 0.999]

function percentilesOf(times: WaitTimes | undefined): Percentiles {
  if (times === undefined) return { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 }
  const [p50, p90, p99, p999] = times.percentilesNs(PORTIONS).map((ns) => ns / 1e3)
  return { p50, p90, p99, p999, max: times.longestNs / 1e3 }
}
