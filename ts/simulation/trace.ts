/** One stretch of arrivals, from the end of the one before it. */
export interface Arrivals {
  /** Where it ends, in milliseconds from the beginning of the trace. */
  readonly untilMs: number
  /** Messages in each second. */
  readonly ratePerS: number
  /** Of each `everyMs` of the stretch, the last `forMs` have another rate. */
  readonly burst?: { readonly everyMs: number; readonly forMs: number; readonly ratePerS: number }
}

/** How long handlers take. */
export interface Service {
  readonly kind: 'lognormal'
  readonly meanMs: number
  /** Deviation divided by mean; 0 for handlers that all take the same time. */
  readonly cv: number
  /** Part of the time in which a handler computes, 0 to 1; for the rest it waits. */
  readonly cpuShare: number
}

/** What a simulation runs against. */
export interface Trace {
  /** What it shows, for people. */
  readonly about?: string
  readonly cores: number
  /** From the decision for a worker until it takes its first message, in milliseconds. */
  readonly spawnMs: number
  readonly service: Service
  /** Arrivals of each stretch are a Poisson process. */
  readonly arrivals: readonly Arrivals[]
  /** Seed of the first run; the others have those after it. */
  readonly seed: number
}

/** How long arrivals go on, in milliseconds. */
export function traceLengthMs({ arrivals }: Trace): number {
  return arrivals.at(-1)!.untilMs
}

export interface Span {
  readonly fromMs: number
  readonly untilMs: number
  readonly ratePerS: number
}

/** Stretches of one rate, in order and without gaps. */
export function* spans(arrivals: readonly Arrivals[]): Generator<Span> {
  let fromMs = 0
  for (const { untilMs, ratePerS, burst } of arrivals) {
    const everyMs = burst?.everyMs ?? untilMs - fromMs
    for (let period = 0; fromMs + period * everyMs < untilMs; period++) {
      const [beginMs, endMs] = [fromMs + period * everyMs, fromMs + (period + 1) * everyMs]
      const quietMs = endMs - (burst?.forMs ?? 0)
      yield { fromMs: beginMs, untilMs: Math.min(quietMs, untilMs), ratePerS }
      if (burst !== undefined && quietMs < untilMs) {
        yield { fromMs: quietMs, untilMs: Math.min(endMs, untilMs), ratePerS: burst.ratePerS }
      }
    }
    fromMs = untilMs
  }
}
