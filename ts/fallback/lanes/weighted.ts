import type { Order } from './order.js'
import type { RunLanes } from './run-lanes.js'

/** Deficit round robin (M. Shreedhar and G. Varghese 1995) over lanes, from the highest down, a message costing 1. */
export class WeightedOrder implements Order {
  readonly #runLanes: RunLanes
  /** For each lane what it may still run on this visit. */
  readonly #deficits: Int32Array
  #lane: number
  /** Whether this visit's weight was added. */
  #isVisited = false

  constructor(runLanes: RunLanes) {
    this.#runLanes = runLanes
    this.#deficits = new Int32Array(runLanes.lanes.length)
    this.#lane = runLanes.urgent - 1
  }

  choose(): number {
    while (!this.#mayRun(this.#lane)) this.#goOn()
    return this.#runLanes.lanes[this.#lane].next
  }

  count(): void {
    this.#deficits[this.#lane] -= 1
  }

  #mayRun(lane: number): boolean {
    if ((this.#runLanes.mask & (1 << lane)) === 0) {
      this.#deficits[lane] = 0
      return false
    }
    if (!this.#isVisited) {
      this.#isVisited = true
      this.#deficits[lane] += this.#runLanes.lanes[lane].weight
    }
    return this.#deficits[lane] > 0
  }

  #goOn(): void {
    this.#lane = this.#lane === 0 ? this.#runLanes.urgent - 1 : this.#lane - 1
    this.#isVisited = false
  }
}
