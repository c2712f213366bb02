import { ln } from './elementary.js'

const GOLDEN = 0x9e3779b9

/**
 * Random numbers: xoshiro128** (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", 2021), the one
 * of its family that needs no more than 32 bits. Its state is made of the seed by the finaliser of MurmurHash3.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number
  #spare = 0
  #hasSpare = false

  constructor(seedLow: number, seedHigh: number) {
    this.#a = mixed(seedLow, seedHigh, 1)
    this.#b = mixed(seedLow, seedHigh, 2)
    this.#c = mixed(seedLow, seedHigh, 3)
    // Never all zeros, which would stay so.
    this.#d = mixed(seedLow, seedHigh, 4) | 1
  }

  /** 32 random bits, as a number without a sign. */
  word(): number {
    const product = Math.imul(this.#b, 5)
    const word = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return word
  }

  /** Above 0 and below 1. */
  uniform(): number {
    return (this.word() + 0.5) / 4_294_967_296
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count)
  }

  /** Exponential, with mean 1. */
  exponential(): number {
    return -ln(this.uniform())
  }

  /** Normal, with mean 0 and deviation 1: a direction from a point in the disc, a length from an exponential; two at a time. */
  normal(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false
      return this.#spare
    }
    for (;;) {
      const x = 2 * this.uniform() - 1
      const y = 2 * this.uniform() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((2 * this.exponential()) / square)
      this.#spare = y * factor
      this.#hasSpare = true
      return x * factor
    }
  }
}

function mixed(low: number, high: number, index: number): number {
  return finalised(finalised(low + Math.imul(GOLDEN, index)) ^ high ^ Math.imul(GOLDEN, index + 4))
}

function finalised(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
