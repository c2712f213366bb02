/** How long something took, in nanoseconds, as far as it was measured. */
export interface TimeSummary {
  /** How many were measured. */
  samples: number
  p50: number
  p90: number
  p99: number
  max: number
}

/** Bits of the mantissa that tell buckets apart: eight for each doubling, so that percentiles are off by an eighth at most. */
const MANTISSA_BITS = 3
/** 2^40 ns are 18 minutes. */
const DOUBLINGS = 40

const BUCKETS = DOUBLINGS << MANTISSA_BITS
/** The top bits of 1 as a double: sign, exponent, and the bits of the mantissa that count. */
const FIRST = 1_023 << MANTISSA_BITS

const SAMPLES = 0
const MAX = 1

/**
 * Times in buckets that grow with the time, as in an HDR histogram (G. Tene). The top bits of the double are the bucket, so
 * that adding a time takes no logarithm; nothing is allocated.
 */
export class SampledTimes {
  readonly #counts = new Float64Array(BUCKETS)
  readonly #summary = new Float64Array(2)

  add(ns: number): void {
    time[0] = ns
    const bucket = (words[1] >>> (20 - MANTISSA_BITS)) - FIRST
    this.#counts[Math.min(Math.max(bucket, 0), BUCKETS - 1)] += 1
    this.#summary[SAMPLES] += 1
    if (ns > this.#summary[MAX]) this.#summary[MAX] = ns
  }

  summary(): TimeSummary {
    const max = this.#summary[MAX]
    const at = (share: number) => Math.round(Math.min(max, this.#percentile(share)))
    return { samples: this.#summary[SAMPLES], p50: at(0.5), p90: at(0.9), p99: at(0.99), max: Math.round(max) }
  }

  /** The end of the bucket that the percentile falls into. */
  #percentile(share: number): number {
    let left = Math.ceil(share * this.#summary[SAMPLES])
    if (left === 0) return 0
    const end = this.#counts.findIndex((count) => (left -= count) <= 0) + 1
    const part = end & ((1 << MANTISSA_BITS) - 1)
    return 2 ** (end >> MANTISSA_BITS) * (1 + part / (1 << MANTISSA_BITS))
  }
}

/** A double, and its two halves. */
const time = new Float64Array(1)
const words = new Uint32Array(time.buffer)
