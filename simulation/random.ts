/** Numbers from a seed, by C. Doty-Humphrey's sfc32: small state, and passes PractRand. */
export class Random {
  #a = 0
  #b = 0
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#c = seed | 0
    for (let i = 0; i < 12; i += 1) this.#next()
  }

  /** From 0 to below 1. */
  readonly number = (): number => this.#next() / 2 ** 32

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.number() * (most - least + 1))
  }

  chance(share: number): boolean {
    return this.number() < share
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)]
  }

  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries(weights) as [Name, number][]
    let left = this.number() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) {
      left -= weight
      if (left < 0) return name
    }
    return entries.at(-1)![0]
  }

  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = this.whole(0, 255)
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}
