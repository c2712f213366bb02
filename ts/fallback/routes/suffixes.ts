import { Edges } from './edges.js'
import { Lengths } from './lengths.js'
import type { Name } from './names.js'
import { NONE, Nodes } from './nodes.js'
import type { Scan } from './scan.js'

/** A place that edges start from; suffixes know only one. */
const END = 0

/** Patterns of a star and a literal: one look-up for each length that the literals have. */
export class Suffixes {
  readonly #nodes = new Nodes()
  readonly #edges = new Edges(this.#nodes)
  readonly #lengths = new Lengths()
  readonly #scan: Scan

  constructor(scan: Scan) {
    this.#scan = scan
  }

  add({ text, id }: Name): void {
    const suffix = text.slice(1)
    const node = this.#nodes.open(suffix)
    this.#nodes.setId(node, id)
    this.#edges.add(END, suffix, node)
    this.#lengths.add(suffix.length)
  }

  remove({ text }: Name): void {
    const suffix = text.slice(1)
    const node = this.#edges.findText(END, suffix)
    this.#edges.remove(END, suffix, node)
    this.#nodes.close(node)
    this.#lengths.remove(suffix.length)
  }

  resolve(out: Uint32Array, count: number): number {
    const { length: end, units } = this.#scan
    const lengths = this.#lengths.values
    for (let turn = 0; turn < lengths.length && lengths[turn] <= end; turn += 1) {
      const start = end - lengths[turn]
      const node = this.#edges.find(END, this.#scan.hash(start, end), units, start, lengths[turn])
      if (node !== NONE) out[count++] = this.#nodes.id(node)
    }
    return count
  }
}
