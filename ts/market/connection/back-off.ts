/**
 * How long to wait before the next attempt: a random part, from 0 on, of a bound that doubles with each (full jitter, after
 * M. Brooker, "Exponential Backoff And Jitter"). Clients that lost one venue at one moment come back spread out.
 */
export class BackOff {
  readonly #firstMs: number
  readonly #mostMs: number
  readonly #random: () => number
  #attempts = 0

  /** The bound is `firstMs` before the second attempt, and never above `mostMs`; `random` gives 0 up to 1. */
  constructor(firstMs: number, mostMs: number, random: () => number) {
    this.#firstMs = firstMs
    this.#mostMs = mostMs
    this.#random = random
  }

  nextMs(): number {
    const boundMs = Math.min(this.#mostMs, this.#firstMs * 2 ** this.#attempts)
    if (boundMs < this.#mostMs) this.#attempts += 1
    return this.#random() * boundMs
  }

  reset(): void {
    this.#attempts = 0
  }
}
