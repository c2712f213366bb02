import { GIVEN, IDLE, NONE, type Nodes, numberOf } from './nodes.js'

/**
 * Envelopes that nobody uses, the lowest number first: so what is in use lies close together, bursts walk through memory in
 * one direction, and memory that was never needed is never touched.
 */
export class Pool {
  readonly #nodes: Nodes
  /** A bit for each envelope that is in use, and one for each word of those that is full. */
  readonly #used: Int32Array
  readonly #full: Int32Array
  /** No word before this one has a free bit. */
  #lowest = 0

  constructor(nodes: Nodes) {
    this.#nodes = nodes
    this.#used = new Int32Array((nodes.count >>> 5) + 1)
    this.#full = new Int32Array((this.#used.length >>> 5) + 1)
    // Bits beyond the last envelope count as used.
    this.#used[nodes.count >>> 5] = -1 << (nodes.count & 31)
  }

  /** A node that a thread may have; none if all are in use. */
  take(): number {
    const word = this.#firstWord()
    if (word === this.#used.length) return NONE
    const free = ~this.#used[word]
    const bit = free & -free
    this.#used[word] |= bit
    if (free === bit) this.#full[word >>> 5] |= 1 << (word & 31)
    const node = this.#nodes.find(32 * word + 31 - Math.clz32(bit))
    this.#nodes.setTag(node, GIVEN)
    return node
  }

  give(node: number): void {
    this.#nodes.setTag(node, IDLE)
    const number = numberOf(node)
    const word = number >>> 5
    this.#used[word] &= ~(1 << (number & 31))
    this.#full[word >>> 5] &= ~(1 << (word & 31))
    if (word < this.#lowest) this.#lowest = word
  }

  /** The first word with a free bit, or as many as there are. */
  #firstWord(): number {
    const words = this.#used.length
    let word = this.#lowest
    if (word < words && this.#used[word] !== -1) return word
    let group = word >>> 5
    let free = ~this.#full[group] & (-1 << (word & 31))
    while (free === 0 && (group += 1) < this.#full.length) free = ~this.#full[group]
    word = free === 0 ? words : Math.min(words, 32 * group + 31 - Math.clz32(free & -free))
    // The last words may be full from the beginning.
    while (word < words && this.#used[word] === -1) word += 1
    this.#lowest = word
    return word
  }
}
