import type { ScheduleOptions } from '../../lane-core.js'
import { DeadlineOrder } from './deadline.js'
import type { Envelopes } from './envelopes.js'
import { FifoOrder } from './fifo.js'
import type { Port } from './port.js'
import type { Queue } from './queue.js'
import { StrictOrder } from './strict.js'
import { WeightedOrder } from './weighted.js'

/** A policy: how to choose among the entries of lanes that are not urgent. */
export interface Order {
  /** The entry that runs next; there is one. Asking again without a change gives the same. */
  choose(): number
  /** A message of the entry that was chosen last is leased. */
  count(): void
}

export function openOrder({ policy, ageNs }: ScheduleOptions, queue: Queue, envelopes: Envelopes, port: Port): Order {
  switch (policy) {
    case 'strict':
      return new StrictOrder(queue, envelopes, port, ageNs)
    case 'weighted':
      return new WeightedOrder(queue.runLanes)
    case 'deadline':
      return new DeadlineOrder(queue.runLanes)
    case 'fifo':
      return new FifoOrder(queue)
  }
}
