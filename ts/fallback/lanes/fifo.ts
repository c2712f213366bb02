import { NONE } from './nodes.js'
import type { Order } from './order.js'
import type { Queue } from './queue.js'

/** As they came, whatever their lane. */
export class FifoOrder implements Order {
  readonly #queue: Queue

  constructor(queue: Queue) {
    this.#queue = queue
  }

  choose(): number {
    const { nodes, runLanes } = this.#queue
    let first = NONE
    for (let mask = runLanes.mask; mask !== 0; mask &= mask - 1) {
      const entry = runLanes.lanes[31 - Math.clz32(mask & -mask)].next
      if (first === NONE || nodes.place(entry) < nodes.place(first)) first = entry
    }
    return first
  }

  count(): void {}
}
