import type { Order } from './order.js'
import type { RunLanes } from './run-lanes.js'

/** The earliest deadline first, what has none last, and of equals the one that was submitted first. */
export class DeadlineOrder implements Order {
  readonly #runLanes: RunLanes

  constructor(runLanes: RunLanes) {
    this.#runLanes = runLanes
  }

  choose(): number {
    return this.#runLanes.byDeadline.top
  }

  count(): void {}
}
