import { Keys, longer } from './keys.js'
import { EARLIER, LATER, NONE, type Nodes } from './nodes.js'

/**
 * The waiting messages of each key. A mailbox is a list for each lane, in the order of submission: whatever leaves a mailbox
 * is the first of its lane there, and the most urgent message is the first of the highest lane.
 */
export class Mailboxes {
  /** For each mailbox whether one of its messages is in flight. */
  busy = new Uint8Array(16)
  /** For each mailbox the node by which it is known among what can run; none while it cannot. */
  entry = new Int32Array(16)
  /** For each mailbox that can run its first message, the one that would. */
  runs = new Int32Array(16)
  readonly #lanes: number
  readonly #keys = new Keys()
  /** For each mailbox a bit for each lane in which it has something. */
  #mask = new Int32Array(16)
  /** For each lane of each mailbox. */
  #first: Int32Array
  #last: Int32Array
  readonly #nodes: Nodes

  constructor(nodes: Nodes, lanes: number) {
    this.#lanes = lanes
    this.#first = new Int32Array(16 * lanes)
    this.#last = new Int32Array(16 * lanes)
    this.#nodes = nodes
  }

  /** The mailbox of a key, a new one if there is none. */
  open(low: number, high: number): number {
    const mailbox = this.#keys.open(low, high)
    if (mailbox === this.busy.length) this.#grow()
    return mailbox
  }

  isEmpty(mailbox: number): boolean {
    return this.#mask[mailbox] === 0
  }

  /** Forgets an empty mailbox. */
  close(mailbox: number): void {
    this.#keys.close(mailbox)
  }

  /** The message that was submitted first; none if nothing waits. */
  oldest(mailbox: number): number {
    let oldest = NONE
    for (let mask = this.#mask[mailbox]; mask !== 0; mask &= mask - 1) {
      const node = this.#first[mailbox * this.#lanes + lowest(mask)]
      if (oldest === NONE || this.#nodes.place(node) < this.#nodes.place(oldest)) oldest = node
    }
    return oldest
  }

  /** The first message of the highest lane, in a mailbox that is not empty. */
  mostUrgent(mailbox: number): number {
    return this.#first[mailbox * this.#lanes + 31 - Math.clz32(this.#mask[mailbox])]
  }

  append(mailbox: number, node: number): void {
    const { fields } = this.#nodes
    const list = this.#listOf(mailbox, node)
    const last = this.#last[list]
    fields[node + LATER] = NONE
    fields[node + EARLIER] = last
    if (last === NONE) this.#first[list] = node
    else fields[last + LATER] = node
    this.#last[list] = node
    this.#mask[mailbox] |= 1 << this.#nodes.lane(node)
  }

  /** Puts back a message that was submitted before all that wait. */
  prepend(mailbox: number, node: number): void {
    const { fields } = this.#nodes
    const list = this.#listOf(mailbox, node)
    const first = this.#first[list]
    fields[node + LATER] = first
    fields[node + EARLIER] = NONE
    if (first === NONE) this.#last[list] = node
    else fields[first + EARLIER] = node
    this.#first[list] = node
    this.#mask[mailbox] |= 1 << this.#nodes.lane(node)
  }

  /** Puts a message in the place of one of the same lane. */
  replace(mailbox: number, old: number, node: number): void {
    const { fields } = this.#nodes
    const list = this.#listOf(mailbox, old)
    const next = fields[old + LATER]
    const previous = fields[old + EARLIER]
    fields[node + LATER] = next
    fields[node + EARLIER] = previous
    if (previous === NONE) this.#first[list] = node
    else fields[previous + LATER] = node
    if (next === NONE) this.#last[list] = node
    else fields[next + EARLIER] = node
  }

  /** Removes a message that is the first of its lane here. */
  remove(mailbox: number, node: number): void {
    const { fields } = this.#nodes
    const list = this.#listOf(mailbox, node)
    const next = fields[node + LATER]
    this.#first[list] = next
    if (next === NONE) {
      this.#last[list] = NONE
      this.#mask[mailbox] &= ~(1 << this.#nodes.lane(node))
    } else {
      fields[next + EARLIER] = NONE
    }
  }

  #listOf(mailbox: number, node: number): number {
    return mailbox * this.#lanes + this.#nodes.lane(node)
  }

  #grow(): void {
    const busy = this.busy
    this.busy = new Uint8Array(2 * busy.length)
    this.busy.set(busy)
    this.entry = longer(this.entry)
    this.runs = longer(this.runs)
    this.#mask = longer(this.#mask)
    this.#first = longer(this.#first)
    this.#last = longer(this.#last)
  }
}

function lowest(mask: number): number {
  return 31 - Math.clz32(mask & -mask)
}
