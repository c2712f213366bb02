import type { Envelopes } from './envelopes.js'
import { indexOf, NONE, type Nodes } from './nodes.js'

/**
 * The waiting messages of a lane that keeps the last one of each topic and key: a hash table of chains of nodes, the one that
 * was submitted last in front.
 */
export class Conflation {
  readonly #chains: Int32Array
  readonly #shift: number
  readonly #next: Int32Array
  /** The chain of each node: what it hashes to may be overwritten while it waits. */
  readonly #chain: Int32Array
  readonly #nodes: Nodes
  readonly #envelopes: Envelopes

  /** @param messages How many wait at most, as a rule. */
  constructor(nodes: Nodes, envelopes: Envelopes, messages: number) {
    const bits = Math.max(4, 32 - Math.clz32(Math.min(messages, nodes.count)))
    this.#chains = new Int32Array(2 ** bits)
    this.#shift = 32 - bits
    this.#next = new Int32Array(nodes.count + 1)
    this.#chain = new Int32Array(nodes.count + 1)
    this.#nodes = nodes
    this.#envelopes = envelopes
  }

  /** Of the messages with the topic and key of a node, the one that was submitted last; none if there is none. */
  find(node: number): number {
    let other = this.#chains[this.#chainOf(node)]
    while (other !== NONE && !this.#isSame(node, other)) other = this.#next[indexOf(other)]
    return other
  }

  add(node: number): void {
    const chain = this.#chainOf(node)
    const place = this.#nodes.place(node)
    this.#chain[indexOf(node)] = chain
    let before = NONE
    let after = this.#chains[chain]
    // Only what takes an old place goes behind others.
    while (after !== NONE && this.#nodes.place(after) > place) {
      before = after
      after = this.#next[indexOf(after)]
    }
    this.#next[indexOf(node)] = after
    if (before === NONE) this.#chains[chain] = node
    else this.#next[indexOf(before)] = node
  }

  remove(node: number): void {
    const chain = this.#chain[indexOf(node)]
    if (this.#chains[chain] === node) {
      this.#chains[chain] = this.#next[indexOf(node)]
      return
    }
    let before = this.#chains[chain]
    while (this.#next[indexOf(before)] !== node) before = this.#next[indexOf(before)]
    this.#next[indexOf(before)] = this.#next[indexOf(node)]
  }

  #isSame(one: number, other: number): boolean {
    const envelopes = this.#envelopes
    return (
      envelopes.topic(one) === envelopes.topic(other) &&
      envelopes.keyLow(one) === envelopes.keyLow(other) &&
      envelopes.keyHigh(one) === envelopes.keyHigh(other)
    )
  }

  #chainOf(node: number): number {
    const envelopes = this.#envelopes
    const key = Math.imul(envelopes.keyHigh(node), 0x85ebca6b) ^ envelopes.keyLow(node)
    const hash = Math.imul(key, 0xc2b2ae35) ^ envelopes.topic(node)
    return Math.imul(hash, 0x9e3779b1) >>> this.#shift
  }
}
