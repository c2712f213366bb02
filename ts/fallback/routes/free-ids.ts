/** Ids that were given back, the smallest on top: a binary heap. */
export class FreeIds {
  readonly #heap: number[] = []

  give(id: number): void {
    const heap = this.#heap
    let at = heap.push(id) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent] < id) break
      heap[at] = heap[parent]
      at = parent
    }
    heap[at] = id
  }

  /** Takes the smallest, if there is one. */
  take(): number | undefined {
    const heap = this.#heap
    const smallest = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return smallest
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) child += 1
      if (child >= heap.length || heap[child] > last) break
      heap[at] = heap[child]
      at = child
    }
    heap[at] = last
    return smallest
  }
}
