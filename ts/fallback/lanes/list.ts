import { NEXT, NONE, type Nodes, PREVIOUS, WAITING } from './nodes.js'

/**
 * Messages of a lane in the order in which they were submitted. A message in flight keeps its place, so that it is back
 * there at once if it is returned; `first` points past it.
 */
export class List {
  /** The first message that waits. */
  first = NONE
  #last = NONE
  readonly #nodes: Nodes

  constructor(nodes: Nodes) {
    this.#nodes = nodes
  }

  append(node: number): void {
    const { fields } = this.#nodes
    fields[node + NEXT] = NONE
    fields[node + PREVIOUS] = this.#last
    fields[this.#last + NEXT] = node
    this.#last = node
    if (this.first === NONE) this.first = node
  }

  /** Puts a node in the place of one that waits. */
  replace(old: number, node: number): void {
    const { fields } = this.#nodes
    const next = fields[old + NEXT]
    const previous = fields[old + PREVIOUS]
    fields[node + NEXT] = next
    fields[node + PREVIOUS] = previous
    fields[previous + NEXT] = node
    if (next === NONE) this.#last = node
    else fields[next + PREVIOUS] = node
    if (this.first === old) this.first = node
  }

  /** A node waits no longer. */
  leave(node: number): void {
    if (this.first !== node) return
    const nodes = this.#nodes
    let next = nodes.fields[node + NEXT]
    while (next !== NONE && nodes.state(next) !== WAITING) next = nodes.fields[next + NEXT]
    this.first = next
  }

  /** A node waits again, where it was. */
  rejoin(node: number): void {
    if (this.first === NONE || this.#nodes.place(node) < this.#nodes.place(this.first)) this.first = node
  }

  /** Removes a node that does not wait. */
  remove(node: number): void {
    const { fields } = this.#nodes
    const next = fields[node + NEXT]
    const previous = fields[node + PREVIOUS]
    fields[previous + NEXT] = next
    if (next === NONE) this.#last = previous
    else fields[next + PREVIOUS] = previous
  }
}
