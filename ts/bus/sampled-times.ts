/** How long something took, in nanoseconds, as far as it was measured. */
export interface TimeSummary {
  /** How many were measured. */
  samples: number
  p50: number
  p90: number
  p99: number
  max: number
}

/** Buckets for each doubling: percentiles are off by at most one part in eight. */
const PER_DOUBLING = 8
/** 2^40 ns are 18 minutes. */
const DOUBLINGS = 40

/** Times in buckets that grow with the time, as in an HDR histogram (G. Tene). Adding one allocates nothing. */
export class SampledTimes {
  readonly #counts = new Float64Array(PER_DOUBLING * DOUBLINGS)
  readonly #summary = new Float64Array(2)

  add(ns: number): void {
    const index = Math.round(PER_DOUBLING * Math.log2(Math.max(1, ns)))
    this.#counts[Math.min(index, this.#counts.length - 1)] += 1
    this.#summary[SAMPLES] += 1
    if (ns > this.#summary[MAX]) this.#summary[MAX] = ns
  }

  summary(): TimeSummary {
    const max = this.#summary[MAX]
    const at = (share: number) => Math.round(Math.min(max, this.#percentile(share)))
    return { samples: this.#summary[SAMPLES], p50: at(0.5), p90: at(0.9), p99: at(0.99), max: Math.round(max) }
  }

  #percentile(share: number): number {
    let left = Math.ceil(share * this.#summary[SAMPLES])
    if (left === 0) return 0
    const index = this.#counts.findIndex((count) => (left -= count) <= 0)
    return 2 ** (index / PER_DOUBLING)
  }
}

const SAMPLES = 0
const MAX = 1
