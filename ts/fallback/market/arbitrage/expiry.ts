/** Which quotes have become too old: crates/market/src/arbitrage/expiry.rs. */
export class Expiry {
  readonly #limitsNs: Float64Array
  /** Infinite without a quote. */
  readonly #receivedNs: Float64Array
  /** No quote expires before. */
  #earliestNs = Infinity

  constructor(limitsNs: readonly number[]) {
    this.#limitsNs = Float64Array.from(limitsNs)
    this.#receivedNs = new Float64Array(limitsNs.length).fill(Infinity)
  }

  /** Notes a quote. */
  set(number: number, atNs: number): void {
    this.#receivedNs[number] = atNs
    const lastNs = atNs + this.#limitsNs[number]
    if (lastNs < this.#earliestNs) this.#earliestNs = lastNs
  }

  /** Notes that there is no quote any more. */
  clear(number: number): void {
    this.#receivedNs[number] = Infinity
  }

  /** Whether some quote may have become too old. */
  isDue(atNs: number): boolean {
    return atNs > this.#earliestNs
  }

  /** The quotes that are too old, which are then no more. */
  expired(atNs: number): number[] {
    const expired: number[] = []
    this.#earliestNs = Infinity
    for (let number = 0; number < this.#receivedNs.length; number += 1) {
      const lastNs = this.#receivedNs[number] + this.#limitsNs[number]
      if (atNs > lastNs) {
        this.#receivedNs[number] = Infinity
        expired.push(number)
      } else if (lastNs < this.#earliestNs) {
        this.#earliestNs = lastNs
      }
    }
    return expired
  }
}
