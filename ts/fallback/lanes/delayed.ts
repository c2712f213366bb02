import { Heap } from './heap.js'
import { NONE, type Nodes } from './nodes.js'

/** Messages that wait for another attempt until their time has come: by when they are due, then by place. */
export class Delayed {
  readonly #nodes: Nodes
  readonly #heap: Heap

  constructor(nodes: Nodes) {
    this.#nodes = nodes
    this.#heap = new Heap(new Int32Array(nodes.count + 1))
  }

  add(node: number, due: number): void {
    this.#heap.add(node, due, this.#nodes.place(node))
  }

  /** Takes the first of those that are due; none if none is. */
  takeDue(now: number): number {
    const node = this.#heap.top
    if (node === NONE || this.#heap.topRank > now) return NONE
    this.#heap.remove(node)
    return node
  }

  /** How many there are. */
  get size(): number {
    return this.#heap.size
  }

  /** When the first is due; 0 if there is none. */
  get firstDue(): number {
    return this.#heap.top === NONE ? 0 : this.#heap.topRank
  }
}
