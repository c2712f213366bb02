/** How long something took, in nanoseconds, as far as it was measured. */
export interface TimeSummary {
  /** How many were measured. */
  samples: number
  p50: number
  p90: number
  p99: number
  max: number
}

/**
 * Counts how long messages waited, or their handlers took, in buckets of which each is at most 1/128 wide of what it holds: percentiles are
 * right to 0.8 %, the longest wait is kept exactly. Written by one thread in memory that others can read and add up,
 * which the histogram of node:perf_hooks does not offer.
 *
 * The bucket of a wait is the exponent and the first 7 bits of its double, read straight from memory.
 */
export class WaitTimes {
  static readonly BYTES = 8 + 4 * 44 * 128
  readonly #longest: Float64Array
  readonly #counts: Uint32Array

  /** Counts in `WaitTimes.BYTES` of `memory` from `offset`, a multiple of 8. */
  constructor(memory: ArrayBufferLike = new ArrayBuffer(WaitTimes.BYTES), offset = 0) {
    this.#longest = new Float64Array(memory, offset, 1)
    this.#counts = new Uint32Array(memory, offset + 8, 44 * 128)
  }

  /** Counts one wait. Less than a nanosecond counts as one, more than 4 hours as 4 hours. */
  record(ns: number): void {
    const wait = Math.min(Math.max(ns, 1), LONGEST_NS)
    if (wait > this.#longest[0]) this.#longest[0] = wait
    double[0] = wait
    this.#counts[(words[1] >>> SHIFT) - FIRST] += 1
  }

  /** Forgets everything. */
  clear(): void {
    this.#longest.fill(0)
    this.#counts.fill(0)
  }

  /** Takes over what another one has counted. */
  add(other: WaitTimes): void {
    this.#longest[0] = Math.max(this.#longest[0], other.#longest[0])
    // Nothing was counted. Threads have many of these, and most lanes are empty in most threads.
    if (other.#longest[0] === 0) return
    const counts = this.#counts
    const others = other.#counts
    for (let i = 0; i < counts.length; i += 1) counts[i] += others[i]
  }

  /** How many waits were counted. */
  get count(): number {
    if (this.#longest[0] === 0) return 0
    const counts = this.#counts
    let sum = 0
    for (let i = 0; i < counts.length; i += 1) sum += counts[i]
    return sum
  }

  /** The longest wait, in nanoseconds; 0 before the first. */
  get longestNs(): number {
    return this.#longest[0]
  }

  /** The wait that the portion `p`, 0 to 1, of all did not exceed, in nanoseconds; 0 before the first. */
  percentileNs(p: number): number {
    return this.percentilesNs([p])[0]
  }

  /** The same for several portions, from the lowest up. */
  percentilesNs(portions: readonly number[]): number[] {
    if (this.#longest[0] === 0) return portions.map(() => 0)
    const { count: all } = this
    const counts = this.#counts
    let seen = 0
    let i = -1
    return portions.map((p) => {
      const wanted = Math.max(1, Math.ceil(p * all))
      while (seen < wanted && i + 1 < counts.length) {
        i += 1
        seen += counts[i]
      }
      return i < 0 || seen < wanted ? this.longestNs : Math.min(upperBound(i), this.longestNs)
    })
  }

  /** What is asked most, in whole nanoseconds. */
  summary(): TimeSummary {
    const [p50, p90, p99, max] = this.percentilesNs([0.5, 0.9, 0.99, 1]).map(Math.round)
    return { samples: this.count, p50, p90, p99, max }
  }
}

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const SHIFT = 13
/** The bucket of 1. */
const FIRST = 0x3ff00000 >>> SHIFT
const LONGEST_NS = 2 ** 43.9

function upperBound(bucket: number): number {
  words[0] = 0
  words[1] = (bucket + FIRST + 1) << SHIFT
  return double[0]
}
