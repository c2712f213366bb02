/**
 * Medians and how far to trust them. The bootstrap draws rounds with replacement and looks how far the median moves;
 * it is seeded, so that one set of measurements gives one report.
 */

export interface Estimate {
  median: number
  /** Ends of the 95 % interval of the median. */
  low: number
  high: number
}

const RESAMPLES = 2_000
const SEED = 0x7153_b005

export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    50,
  )
}

/** Percentile of values in rising order, between neighbours by proportion. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) return Number.NaN
  const place = ((sorted.length - 1) * percent) / 100
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below)
}

/** The median of `values` and its interval. */
export function estimate(values: readonly number[], seed: number = SEED): Estimate {
  return bootstrap(values.length, (rounds) => median(rounds.map((round) => values[round])), seed)
}

/**
 * How many times `upper` is `lower`: the median over the rounds. Round n of both was played in the same cycle, so what
 * changed the machine for a whole cycle cancels out, which a ratio of two medians would not promise.
 */
export function estimateRatio(upper: readonly number[], lower: readonly number[], seed: number = SEED): Estimate {
  return estimate(
    upper.map((value, round) => value / lower[round]),
    seed,
  )
}

function bootstrap(rounds: number, of: (rounds: number[]) => number, seed: number): Estimate {
  const random = generator(seed)
  const all = Array.from({ length: rounds }, (_, round) => round)
  const moved = Array.from({ length: RESAMPLES }, () => of(all.map(() => Math.floor(random() * rounds))))
  moved.sort((a, b) => a - b)
  return { median: of(all), low: percentile(moved, 2.5), high: percentile(moved, 97.5) }
}

/** Numbers in [0, 1) from a 32-bit xorshift (G. Marsaglia's triple 13, 17, 5): plenty for drawing rounds. */
export function generator(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
