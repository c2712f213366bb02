import type { ArrivalLaw } from '../../../market-core.js'
import { exp, ln } from './elementary.js'
import type { Random } from './random.js'

const NS_PER_SECOND = 1e9

/**
 * The times at which messages of one kind arrive in one stream. Bursts are a Hawkes process with two exponential kernels,
 * drawn exactly and without rejection (A. Dassios, H. Zhao, "Exact simulation of Hawkes process with exponentially
 * decaying intensity", 2013): the next is the earliest of what the base and each kernel would bring alone.
 */
export class Arrivals {
  readonly #law: ArrivalLaw
  /** Bursts a nanosecond that nothing causes. */
  readonly #base: number
  /** What each kernel adds to that at `#at`. */
  #fast: number
  #slow: number
  #at: number
  /** Messages of the burst that are still to come behind the one that is due. */
  #left = 0
  #isInBurst = false

  constructor(law: ArrivalLaw, activity: number, startNs: number) {
    const bursts = (law.perSecond * activity) / meanBurst(law) / NS_PER_SECOND
    this.#law = law
    this.#base = bursts * (1 - law.fastBranching - law.slowBranching)
    // In the mean each kernel brings its part of all bursts.
    this.#fast = bursts * law.fastBranching
    this.#slow = bursts * law.slowBranching
    this.#at = startNs
  }

  /** When the first burst begins. */
  first(random: Random): number {
    return this.#nextBurst(this.#at, random)
  }

  /** Whether the message that is due belongs to the same burst as the one before. */
  get isInBurst(): boolean {
    return this.#isInBurst
  }

  /** When the message after the one at `now` arrives. */
  after(now: number, random: Random): number {
    const law = this.#law
    this.#isInBurst = this.#left > 0
    if (this.#isInBurst) {
      this.#left -= 1
      return now + random.exponential() * law.gapNs
    }
    this.#decayTo(now)
    this.#fast += law.fastBranching / law.fastNs
    this.#slow += law.slowBranching / law.slowNs
    return this.#nextBurst(now, random)
  }

  #nextBurst(now: number, random: Random): number {
    const law = this.#law
    let wait = random.exponential() / this.#base
    wait = Math.min(wait, waitFor(this.#fast, law.fastNs, random))
    wait = Math.min(wait, waitFor(this.#slow, law.slowNs, random))
    this.#left = Math.min(Math.floor(exp(random.exponential() / law.burstTail)), law.burstMost) - 1
    return now + wait
  }

  #decayTo(now: number): void {
    const elapsed = now - this.#at
    this.#fast *= exp(-elapsed / this.#law.fastNs)
    this.#slow *= exp(-elapsed / this.#law.slowNs)
    this.#at = now
  }
}

/** How long an intensity that decays takes to bring something; for ever if it dies before. */
function waitFor(intensity: number, decayNs: number, random: Random): number {
  const left = 1 - random.exponential() / (intensity * decayNs)
  return left > 0 ? -ln(left) * decayNs : Infinity
}

/** A burst has n messages or more with the probability n^-tail: these add up to the mean. */
function meanBurst({ burstTail, burstMost }: ArrivalLaw): number {
  let sum = 0
  for (let n = 1; n <= burstMost; n += 1) sum += exp(-burstTail * ln(n))
  return sum
}
