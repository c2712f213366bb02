import { indexOf, NONE } from './nodes.js'

/**
 * Nodes by rank, then by place: a binary heap (J. Williams 1964) that knows where each node lies, so that any can be removed.
 * Ranks and places lie in the heap itself, so that sifting touches nothing else.
 */
export class Heap {
  /** The node of the lowest rank and place, or none. */
  top = NONE
  #size = 0
  #nodes = new Int32Array(8)
  #ranks = new Float64Array(8)
  #places = new Float64Array(8)
  /** Where each node lies. May be shared by heaps, as long as a node is in one of them. */
  readonly #slots: Int32Array

  constructor(slots: Int32Array) {
    this.#slots = slots
  }

  get size(): number {
    return this.#size
  }

  /** The lowest rank, where there is a node. */
  get topRank(): number {
    return this.#ranks[0]
  }

  add(node: number, rank: number, place: number): void {
    if (this.#size === this.#nodes.length) this.#grow()
    this.#size += 1
    this.#rise(this.#size - 1, node, rank, place)
    this.top = this.#nodes[0]
  }

  remove(node: number): void {
    const slot = this.#slots[indexOf(node)]
    this.#size -= 1
    if (slot !== this.#size) this.#settle(slot)
    this.top = this.#size === 0 ? NONE : this.#nodes[0]
  }

  /** Finds a slot for what lies at the end, beginning at one that is empty. */
  #settle(slot: number): void {
    const node = this.#nodes[this.#size]
    const rank = this.#ranks[this.#size]
    const place = this.#places[this.#size]
    if (slot > 0 && this.#isAfter((slot - 1) >> 1, rank, place)) this.#rise(slot, node, rank, place)
    else this.#sink(slot, node, rank, place)
  }

  #rise(from: number, node: number, rank: number, place: number): void {
    let slot = from
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (!this.#isAfter(parent, rank, place)) break
      this.#move(parent, slot)
      slot = parent
    }
    this.#put(slot, node, rank, place)
  }

  #sink(from: number, node: number, rank: number, place: number): void {
    let slot = from
    for (;;) {
      let child = 2 * slot + 1
      if (child >= this.#size) break
      const other = child + 1
      if (other < this.#size && this.#isAfter(child, this.#ranks[other], this.#places[other])) child = other
      if (this.#isAfter(child, rank, place)) break
      this.#move(child, slot)
      slot = child
    }
    this.#put(slot, node, rank, place)
  }

  #isAfter(slot: number, rank: number, place: number): boolean {
    const own = this.#ranks[slot]
    return own > rank || (own === rank && this.#places[slot] > place)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#nodes[from], this.#ranks[from], this.#places[from])
  }

  #put(slot: number, node: number, rank: number, place: number): void {
    this.#nodes[slot] = node
    this.#ranks[slot] = rank
    this.#places[slot] = place
    this.#slots[indexOf(node)] = slot
  }

  #grow(): void {
    const [nodes, ranks, places] = [this.#nodes, this.#ranks, this.#places]
    this.#nodes = new Int32Array(2 * nodes.length)
    this.#nodes.set(nodes)
    this.#ranks = new Float64Array(2 * nodes.length)
    this.#ranks.set(ranks)
    this.#places = new Float64Array(2 * nodes.length)
    this.#places.set(places)
  }
}
