import { Edges } from './edges.js'
import { Lengths } from './lengths.js'
import type { Name } from './names.js'
import { NONE, Nodes } from './nodes.js'
import type { Scan } from './scan.js'

/** One step of a pattern down the trie. */
type Step = { readonly kind: 'literal' | 'prefix'; readonly label: string } | { readonly kind: 'star' }

/**
 * Patterns whose segments are literals or stars, the last one perhaps a literal with a star behind: a trie over segments
 * in which a star leads past one or more of them, empty ones included. That is what the glob says of such patterns,
 * because a star crosses dots.
 *
 * A search enters the node behind a star once, at the first place from which it can go on: what a later entry could reach,
 * the first one reaches too (the argument of the matcher). So a search takes at most
 * (nodes behind stars that are entered + 1) x (segments) x (longest run of literal segments) look-ups, and for each of
 * them one more for each length of prefix in use there.
 */
export class Segments {
  readonly #nodes = new Nodes()
  readonly #edges = new Edges(this.#nodes)
  readonly #root = this.#nodes.open('')
  readonly #prefixLengths = new Map<number, Lengths>()
  readonly #scan: Scan
  /** The nodes behind stars and prefixes that this search has entered, and the segments that they go on from. */
  readonly #entered: number[] = []
  readonly #froms: number[] = []
  #enteredCount = 0

  constructor(scan: Scan) {
    this.#scan = scan
  }

  add({ text, id }: Name): void {
    let node = this.#root
    for (const step of stepsOf(text)) node = this.#follow(node, step) || this.#open(node, step)
    this.#nodes.setId(node, id)
  }

  remove({ text }: Name): void {
    const steps = stepsOf(text)
    const path = [this.#root]
    for (const [depth, step] of steps.entries()) path.push(this.#follow(path[depth], step))
    this.#nodes.setId(path[steps.length], -1)
    for (let depth = steps.length; depth > 0 && this.#nodes.isEmpty(path[depth]); depth -= 1) {
      this.#close(path[depth - 1], steps[depth - 1], path[depth])
    }
  }

  /** Writes the patterns that match the scanned topic to `out` from `count` on; returns how many are there then. */
  resolve(out: Uint32Array, count: number): number {
    const nodes = this.#nodes
    const { segments } = this.#scan
    this.#enteredCount = 0
    count = this.#walk(this.#root, 0, out, count)
    for (let turn = 0; turn < this.#enteredCount; turn += 1) {
      const node = this.#entered[turn]
      const from = this.#froms[turn]
      if (from < segments && nodes.star(node) !== NONE) count = this.#enter(nodes.star(node), from + 1, out, count)
      const hasBranches = nodes.hasBranches(node)
      const hasPrefixes = nodes.hasPrefixes(node)
      if (!hasBranches && !hasPrefixes) continue
      for (let at = from; at < segments; at += 1) {
        if (hasPrefixes) count = this.#enterPrefixes(node, at, out, count)
        const next = hasBranches ? this.#branch(node, at) : NONE
        if (next !== NONE) count = this.#walk(next, at + 1, out, count)
      }
    }
    return count
  }

  /** Follows literal segments as far as they go. */
  #walk(node: number, at: number, out: Uint32Array, count: number): number {
    const nodes = this.#nodes
    const { segments } = this.#scan
    while (at < segments) {
      if (nodes.star(node) !== NONE) count = this.#enter(nodes.star(node), at + 1, out, count)
      if (nodes.hasPrefixes(node)) count = this.#enterPrefixes(node, at, out, count)
      node = nodes.hasBranches(node) ? this.#branch(node, at) : NONE
      if (node === NONE) return count
      at += 1
    }
    const id = nodes.id(node)
    if (id >= 0) out[count++] = id
    return count
  }

  /** Enters a node behind a star, unless it was entered: the pattern that ends there matches whatever follows. */
  #enter(node: number, from: number, out: Uint32Array, count: number): number {
    const nodes = this.#nodes
    // A mark of an earlier search points to no place in the list, or to another node's.
    const mark = nodes.mark(node)
    if (mark < this.#enteredCount && this.#entered[mark] === node) return count
    nodes.setMark(node, this.#enteredCount)
    this.#entered[this.#enteredCount] = node
    this.#froms[this.#enteredCount] = from
    this.#enteredCount += 1
    const id = nodes.id(node)
    if (id >= 0) out[count++] = id
    return count
  }

  #enterPrefixes(node: number, at: number, out: Uint32Array, count: number): number {
    const { starts, units, segments } = this.#scan
    const start = starts[at]
    const most = starts[at + 1] - 1 - start
    const lengths = this.#prefixLengths.get(node)!.values
    for (let turn = 0; turn < lengths.length && lengths[turn] <= most; turn += 1) {
      const length = lengths[turn]
      const found = this.#edges.find(~node, this.#scan.hash(start, start + length), units, start, length)
      if (found !== NONE) count = this.#enter(found, segments, out, count)
    }
    return count
  }

  #branch(node: number, at: number): number {
    const { starts, units } = this.#scan
    const start = starts[at]
    const end = starts[at + 1] - 1
    return this.#edges.find(node, this.#scan.hash(start, end), units, start, end - start)
  }

  #follow(node: number, step: Step): number {
    return step.kind === 'star' ? this.#nodes.star(node) : this.#edges.findText(keyOf(node, step.kind), step.label)
  }

  #open(node: number, step: Step): number {
    const next = this.#nodes.open(step.kind === 'star' ? '' : step.label)
    if (step.kind === 'star') this.#nodes.setStar(node, next)
    else this.#edges.add(keyOf(node, step.kind), step.label, next)
    if (step.kind === 'literal') this.#nodes.countBranch(node, 1)
    if (step.kind === 'prefix') this.#addPrefix(node, step.label.length)
    return next
  }

  #close(node: number, step: Step, next: number): void {
    if (step.kind === 'star') this.#nodes.setStar(node, NONE)
    else this.#edges.remove(keyOf(node, step.kind), step.label, next)
    if (step.kind === 'literal') this.#nodes.countBranch(node, -1)
    if (step.kind === 'prefix') this.#removePrefix(node, step.label.length)
    this.#nodes.close(next)
  }

  #addPrefix(node: number, length: number): void {
    const lengths = this.#prefixLengths.get(node) ?? new Lengths()
    lengths.add(length)
    this.#prefixLengths.set(node, lengths)
    this.#nodes.countPrefix(node, 1)
  }

  #removePrefix(node: number, length: number): void {
    this.#prefixLengths.get(node)!.remove(length)
    this.#nodes.countPrefix(node, -1)
    if (!this.#nodes.hasPrefixes(node)) this.#prefixLengths.delete(node)
  }
}

/** Prefixes lie beside the literal segments of the same node, under a name that no node has. */
function keyOf(node: number, kind: 'literal' | 'prefix'): number {
  return kind === 'literal' ? node : ~node
}

function stepsOf(pattern: string): Step[] {
  return pattern.split('.').map((segment): Step => {
    if (segment === '*') return { kind: 'star' }
    if (segment.endsWith('*')) return { kind: 'prefix', label: segment.slice(0, -1) }
    return { kind: 'literal', label: segment }
  })
}
