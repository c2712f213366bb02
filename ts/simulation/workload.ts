import { Random } from './random.js'
import { type Service, spans, type Trace } from './trace.js'

/** What arrives in one run, drawn once so that every law meets the same. */
export interface Workload {
  /** When each message arrives, in milliseconds, rising. */
  readonly arrivesMs: Float64Array
  /** How long its handler takes where nothing slows it, in milliseconds. */
  readonly takesMs: Float64Array
}

/** Draws a workload: arrivals are a Poisson process of the trace's rate, times are of its distribution. */
export function drawWorkload(trace: Trace, seed: number): Workload {
  const random = new Random(seed)
  const arrivesMs = new Growing()
  for (const { fromMs, untilMs, ratePerS } of spans(trace.arrivals)) draw(arrivesMs, random, fromMs, untilMs, ratePerS)
  const times = arrivesMs.values()
  const service = serviceTimes(trace.service, random)
  return { arrivesMs: times, takesMs: times.map(service) }
}

function draw(times: Growing, random: Random, fromMs: number, untilMs: number, ratePerS: number): void {
  if (ratePerS === 0) return
  const meanMs = 1_000 / ratePerS
  // Gaps of a Poisson process have no memory, so each stretch begins anew.
  for (let at = fromMs + meanMs * random.exponential(); at < untilMs; at += meanMs * random.exponential())
    times.push(at)
}

function serviceTimes({ meanMs, cv }: Service, random: Random): () => number {
  const variance = Math.log(1 + cv * cv)
  const [mu, sigma] = [Math.log(meanMs) - variance / 2, Math.sqrt(variance)]
  return () => Math.exp(mu + sigma * random.normal())
}

/** Numbers at the end of which there is always room. */
class Growing {
  #numbers = new Float64Array(1_024)
  #length = 0

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const longer = new Float64Array(2 * this.#length)
      longer.set(this.#numbers)
      this.#numbers = longer
    }
    this.#numbers[this.#length++] = number
  }

  values(): Float64Array {
    return this.#numbers.slice(0, this.#length)
  }
}
