import { hashOf } from './hash.js'
import { NONE, type Nodes } from './nodes.js'
import { Table } from './table.js'

/** Which node a label leads to. Nodes of one place whose labels have the same hash are chained as twins. */
export class Edges {
  readonly #nodes: Nodes
  readonly #table = new Table()

  constructor(nodes: Nodes) {
    this.#nodes = nodes
  }

  /** The node that the `length` units from `start` on, of this hash, lead to from `from`. */
  find(from: number, hash: number, units: Uint16Array, start: number, length: number): number {
    let node = this.#table.get(from, hash)
    while (node !== NONE && !this.#nodes.isLabel(node, units, start, length)) node = this.#nodes.twin(node)
    return node
  }

  findText(from: number, label: string): number {
    const units = Uint16Array.from({ length: label.length }, (_, at) => label.charCodeAt(at))
    return this.find(from, hashOf(label), units, 0, label.length)
  }

  add(from: number, label: string, node: number): void {
    const hash = hashOf(label)
    const first = this.#table.get(from, hash)
    if (first === NONE) return this.#table.set(from, hash, node)
    this.#nodes.setTwin(node, this.#nodes.twin(first))
    this.#nodes.setTwin(first, node)
  }

  remove(from: number, label: string, node: number): void {
    const hash = hashOf(label)
    const next = this.#nodes.twin(node)
    let before = this.#table.get(from, hash)
    if (before === node) {
      this.#table.set(from, hash, next)
      return
    }
    while (this.#nodes.twin(before) !== node) before = this.#nodes.twin(before)
    this.#nodes.setTwin(before, next)
  }
}
