import type { ScheduleOptions } from '../../lane-core.js'
import { Conflation } from './conflation.js'
import { ControlledDelay } from './controlled-delay.js'
import type { Envelopes } from './envelopes.js'
import { Heap } from './heap.js'
import { List } from './list.js'
import { NONE, type Nodes } from './nodes.js'

/** A lane's rules, what waits in it, and what runs in it. */
export class Lane {
  readonly number: number
  /** Of all lanes' bits the one of this. */
  readonly bit: number
  readonly isUrgent: boolean
  /** Whether what runs here is ordered by deadline, together with other lanes. */
  readonly isByDeadline: boolean
  readonly capacity: number
  /** Messages in a round. */
  readonly weight: number
  /** Whether a message that does not fit takes the place of another. */
  readonly isDropping: boolean
  /** What finds the message whose place another takes, if the lane conflates. */
  readonly conflation: Conflation | undefined
  /** What decides upon shedding, if the lane sheds. */
  readonly delay: ControlledDelay | undefined
  /** How many messages wait. */
  waiting = 0
  /** Messages that run on their own, here. */
  readonly alone: List
  /** Messages in mailboxes, wherever those run. */
  readonly keyed: List
  /** The mailboxes that run here, whatever lanes their messages are of. */
  readonly mailboxes: Heap
  readonly #nodes: Nodes

  /** @param slots Where each node lies in the heap that it is in. */
  constructor(number: number, options: ScheduleOptions, nodes: Nodes, envelopes: Envelopes, slots: Int32Array) {
    const { capacity, overflow, weight, shedTargetNs, shedIntervalNs } = options.lanes[number]
    this.number = number
    this.bit = 1 << number
    this.isUrgent = number >= urgentFrom(options)
    this.isByDeadline = options.policy === 'deadline' && !this.isUrgent
    this.capacity = capacity
    this.weight = weight
    this.isDropping = overflow === 'dropOldest' || overflow === 'conflate'
    this.conflation = overflow === 'conflate' ? new Conflation(nodes, envelopes, capacity) : undefined
    this.delay = shedTargetNs > 0 && !this.isUrgent ? new ControlledDelay(shedTargetNs, shedIntervalNs) : undefined
    this.alone = new List(nodes)
    this.keyed = new List(nodes)
    this.mailboxes = new Heap(slots)
    this.#nodes = nodes
  }

  /** The waiting message that was submitted first, those of busy keys included; none if none waits. */
  get oldest(): number {
    return this.#earlier(this.alone.first, this.keyed.first)
  }

  /** What runs next here: a message on its own, or a mailbox by one of its messages; none if there is nothing. */
  get next(): number {
    return this.#earlier(this.alone.first, this.mailboxes.top)
  }

  /** Whether nothing runs here. */
  get isIdle(): boolean {
    return this.alone.first === NONE && this.mailboxes.top === NONE
  }

  #earlier(one: number, other: number): number {
    if (other === NONE) return one
    if (one === NONE) return other
    return this.#nodes.place(one) < this.#nodes.place(other) ? one : other
  }
}

/** The lowest urgent lane; as many as there are lanes if none is. */
export function urgentFrom({ policy, lanes, urgent }: ScheduleOptions): number {
  return policy === 'fifo' ? lanes.length : urgent
}
