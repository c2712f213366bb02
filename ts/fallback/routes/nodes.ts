/** No node. */
export const NONE = 0

// What a node consists of: integers, then the units of its label, two in each integer.
const ID = 0
const STAR = 1
const BRANCHES = 2
const PREFIXES = 3
const TWIN = 4
const MARK = 5
const LENGTH = 6
const FIELDS = 7

/**
 * The nodes of a trie in one array, each with its label beside it: what a look-up costs in a large trie is how many
 * places in memory it touches. A node is named by where it lies.
 */
export class Nodes {
  #fields = new Int32Array(1024)
  #units = new Uint16Array(this.#fields.buffer)
  #end = 1
  /** Places of closed nodes, by their size. */
  readonly #free = new Map<number, number[]>()

  open(label: string): number {
    const size = sizeOf(label.length)
    const node = this.#free.get(size)?.pop() ?? this.#take(size)
    this.#fields.fill(0, node, node + FIELDS)
    this.#fields[node + LENGTH] = label.length
    const start = 2 * (node + FIELDS)
    for (let at = 0; at < label.length; at += 1) this.#units[start + at] = label.charCodeAt(at)
    return node
  }

  close(node: number): void {
    const size = sizeOf(this.#fields[node + LENGTH])
    const free = this.#free.get(size)
    if (free === undefined) this.#free.set(size, [node])
    else free.push(node)
  }

  isEmpty(node: number): boolean {
    return this.id(node) < 0 && this.star(node) === NONE && !this.hasBranches(node) && !this.hasPrefixes(node)
  }

  isLabel(node: number, units: Uint16Array, start: number, length: number): boolean {
    if (this.#fields[node + LENGTH] !== length) return false
    const label = this.#units
    const first = 2 * (node + FIELDS)
    for (let at = 0; at < length; at += 1) if (label[first + at] !== units[start + at]) return false
    return true
  }

  /** The pattern that ends here, or -1. */
  id(node: number): number {
    return this.#fields[node + ID] - 1
  }

  setId(node: number, id: number): void {
    this.#fields[node + ID] = id + 1
  }

  /** Where a star leads from here. */
  star(node: number): number {
    return this.#fields[node + STAR]
  }

  setStar(node: number, star: number): void {
    this.#fields[node + STAR] = star
  }

  /** Whether literal segments lead on from here. */
  hasBranches(node: number): boolean {
    return this.#fields[node + BRANCHES] !== 0
  }

  countBranch(node: number, change: 1 | -1): void {
    this.#fields[node + BRANCHES] += change
  }

  /** Whether literals with a star behind lead on from here. */
  hasPrefixes(node: number): boolean {
    return this.#fields[node + PREFIXES] !== 0
  }

  countPrefix(node: number, change: 1 | -1): void {
    this.#fields[node + PREFIXES] += change
  }

  /** The next node under the same hash. */
  twin(node: number): number {
    return this.#fields[node + TWIN]
  }

  setTwin(node: number, twin: number): void {
    this.#fields[node + TWIN] = twin
  }

  /** A number of the search's own. */
  mark(node: number): number {
    return this.#fields[node + MARK]
  }

  setMark(node: number, mark: number): void {
    this.#fields[node + MARK] = mark
  }

  #take(size: number): number {
    const node = this.#end
    this.#end += size
    if (this.#end > this.#fields.length) {
      const old = this.#fields
      this.#fields = new Int32Array(2 * this.#end)
      this.#fields.set(old)
      this.#units = new Uint16Array(this.#fields.buffer)
    }
    return node
  }
}

function sizeOf(length: number): number {
  return FIELDS + ((length + 1) >> 1)
}
