import type { ScheduleOptions } from '../../lane-core.js'
import type { Envelopes } from './envelopes.js'
import { Heap } from './heap.js'
import { Lane, urgentFrom } from './lane.js'
import type { Nodes } from './nodes.js'

/**
 * What nothing but a free consumer is missing for, by the lane in which it runs: messages without a key, and mailboxes. Both
 * are entries, named by a node whose lane and place are theirs.
 *
 * Messages without a key lie in the lists of waiting messages anyway; mailboxes lie in a heap beside them. With the policy
 * `deadline` the entries of lanes that are not urgent lie in one heap of their own.
 */
export class RunLanes {
  readonly lanes: readonly Lane[]
  /** How many entries there are, and how many of them in urgent lanes. */
  count = 0
  urgentCount = 0
  /** A bit for each lane that has an entry, those apart that are ordered by deadline. */
  mask = 0
  /** Entries of lanes that are not urgent, if deadlines order them. */
  readonly byDeadline: Heap
  /** The lowest urgent lane; as many as there are lanes if none is. */
  readonly urgent: number
  readonly #nodes: Nodes
  readonly #envelopes: Envelopes

  constructor(nodes: Nodes, envelopes: Envelopes, options: ScheduleOptions) {
    const slots = new Int32Array(nodes.count + 1)
    this.urgent = urgentFrom(options)
    this.lanes = options.lanes.map((_, number) => new Lane(number, options, nodes, envelopes, slots))
    this.byDeadline = new Heap(slots)
    this.#nodes = nodes
    this.#envelopes = envelopes
  }

  /** Adds a message that runs on its own and is already in its list. */
  enter(node: number, lane: Lane): void {
    this.count += 1
    if (lane.isUrgent) this.urgentCount += 1
    if (lane.isByDeadline) this.#enterByDeadline(node, node)
    else this.mask |= lane.bit
  }

  /** Removes a message that ran on its own and is no longer in its list. */
  leave(node: number, lane: Lane): void {
    this.count -= 1
    if (lane.isUrgent) this.urgentCount -= 1
    if (lane.isByDeadline) this.byDeadline.remove(node)
    else if (lane.isIdle) this.mask &= ~lane.bit
  }

  /** Adds a mailbox: `message` is the one that would run, `entry` the one in whose lane and place it does. */
  enterMailbox(entry: number, message: number): void {
    const lane = this.lanes[this.#nodes.lane(entry)]
    this.count += 1
    if (lane.isUrgent) this.urgentCount += 1
    if (lane.isByDeadline) {
      this.#enterByDeadline(entry, message)
    } else {
      lane.mailboxes.add(entry, 0, this.#nodes.place(entry))
      this.mask |= lane.bit
    }
  }

  leaveMailbox(entry: number): void {
    const lane = this.lanes[this.#nodes.lane(entry)]
    this.count -= 1
    if (lane.isUrgent) this.urgentCount -= 1
    if (lane.isByDeadline) {
      this.byDeadline.remove(entry)
    } else {
      lane.mailboxes.remove(entry)
      if (lane.isIdle) this.mask &= ~lane.bit
    }
  }

  /** The entry that runs next in the highest lane that has one; with urgent entries, an urgent one. */
  nextOfHighest(): number {
    return this.lanes[31 - Math.clz32(this.mask)].next
  }

  #enterByDeadline(entry: number, message: number): void {
    const deadline = this.#envelopes.deadline(message)
    this.byDeadline.add(entry, deadline === 0 ? Infinity : deadline, this.#nodes.place(entry))
  }
}
