/**
 * Random numbers that are the same everywhere for a seed: sfc32 (C. Doty-Humphrey, PractRand), seeded through its own
 * first rounds.
 */
export class Random {
  #a: number
  #b: number
  #c = 0x9e3779b9 | 0
  #count = 1
  #spare = NaN

  /** @param seed A whole number from 0 to 2^53 - 1. */
  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = Math.floor(seed / 2 ** 32) | 0
    for (let i = 0; i < 16; i++) this.#word()
  }

  /** Above 0 and below 1. */
  uniform(): number {
    return (this.#word() + 0.5) / 2 ** 32
  }

  /** Exponential, with mean 1. */
  exponential(): number {
    return -Math.log(this.uniform())
  }

  /** Normal, with mean 0 and deviation 1: Marsaglia's polar method, which makes two at a time. */
  normal(): number {
    if (this.#spare === this.#spare) {
      const spare = this.#spare
      this.#spare = NaN
      return spare
    }
    for (;;) {
      const x = 2 * this.uniform() - 1
      const y = 2 * this.uniform() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      this.#spare = y * factor
      return x * factor
    }
  }

  #word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}
