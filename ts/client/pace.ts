import { PORT_LEASES } from '../layout.js'

/** How much work a lease should be, in nanoseconds. */
const LEASE_NS = 200_000
/** What a handler is taken to need before any has run. */
const UNKNOWN_NS = 12_500
/** From here on a look at the clock after each handler costs less than a twentieth of it. */
const SLOW_NS = 1_000
/** A new figure counts for an eighth. */
const WEIGHT = 1 / 8
/** After a promise, so many handlers in a row have to return at once before larger leases are tried again. */
const WARY = 64

/** How large a lease should be, from how long handlers took and what came between. */
export class Pace {
  #expectedNs = UNKNOWN_NS
  /** Messages in the largest lease. */
  readonly #limit: number
  /** Halved when a lease was interrupted, so that interruptions cost little where they are many; doubled when one was not. */
  #most: number
  #wary = 0

  constructor(limit: number = PORT_LEASES) {
    this.#limit = limit
    this.#most = limit
  }

  /** Messages in the next lease. */
  get most(): number {
    return Math.max(1, Math.min(this.#most, Math.floor(LEASE_NS / this.#expectedNs)))
  }

  /** Whether handlers return promises. */
  get isAsync(): boolean {
    return this.#wary > 0
  }

  /** Whether handlers take long enough to look at the clock after each. */
  get isSlow(): boolean {
    return this.#expectedNs >= SLOW_NS
  }

  /** So many handlers took so long together. */
  ran(count: number, ns: number): void {
    this.#expectedNs = Math.max(1, this.#expectedNs + WEIGHT * (ns / count - this.#expectedNs))
  }

  returned(): void {
    if (this.#wary > 0) this.#wary -= 1
  }

  promised(): void {
    this.#wary = WARY
  }

  /** Part of a lease was given back for something more urgent. */
  interrupted(givenBack: number): void {
    if (givenBack > 1) this.#most = Math.max(1, this.#most >> 1)
  }

  uninterrupted(): void {
    this.#most = Math.min(this.#limit, this.#most * 2)
  }
}
