import type { ScheduleOptions } from '../../lane-core.js'
import { Delayed } from './delayed.js'
import type { Envelopes } from './envelopes.js'
import type { Lane } from './lane.js'
import type { List } from './list.js'
import { Mailboxes } from './mailboxes.js'
import { DELAYED, IN_FLIGHT, laneOf, mailboxOf, NONE, Nodes, RELEASED, tagOf, WAITING, withState } from './nodes.js'
import { RunLanes } from './run-lanes.js'

/**
 * What waits and what is in flight. A message without a key runs on its own; the others wait in the mailbox of their key,
 * which runs as one.
 */
export class Queue {
  readonly nodes: Nodes
  readonly lanes: readonly Lane[]
  readonly runLanes: RunLanes
  readonly #mailboxes: Mailboxes
  readonly #delayed: Delayed
  readonly #isOrdered: boolean
  readonly #isPromoting: boolean
  readonly #envelopes: Envelopes
  #submitted = 0

  constructor(options: ScheduleOptions, envelopes: Envelopes) {
    const { lanes, ordered, policy } = options
    this.nodes = new Nodes(envelopes.count)
    this.runLanes = new RunLanes(this.nodes, envelopes, options)
    this.lanes = this.runLanes.lanes
    this.#mailboxes = new Mailboxes(this.nodes, lanes.length)
    this.#delayed = new Delayed(this.nodes)
    this.#isOrdered = ordered
    this.#isPromoting = policy !== 'fifo'
    this.#envelopes = envelopes
  }

  /** Adds a new message to a lane. */
  add(node: number, lane: Lane): void {
    const mailbox = this.#mailboxFor(node)
    this.nodes.setPlace(node, (this.#submitted += 1))
    this.#wait(node, lane, mailbox)
    if (mailbox === 0) {
      lane.alone.append(node)
      this.runLanes.enter(node, lane)
    } else {
      lane.keyed.append(node)
      this.#mailboxes.append(mailbox, node)
      this.#place(mailbox)
    }
  }

  /** Puts a new message in the place of one that waits in the same lane, and lets go of that. */
  replace(old: number, node: number, lane: Lane): void {
    const { nodes, runLanes } = this
    const mailbox = this.#unwait(old, lane, RELEASED)
    nodes.setPlace(node, nodes.place(old))
    this.#wait(node, lane, mailbox)
    listOf(lane, mailbox).replace(old, node)
    if (mailbox === 0) {
      runLanes.leave(old, lane)
      runLanes.enter(node, lane)
    } else {
      this.#mailboxes.replace(mailbox, old, node)
      this.#place(mailbox)
    }
  }

  /** The message that runs when it is the turn of an entry. */
  messageOf(entry: number): number {
    const mailbox = this.nodes.mailbox(entry)
    return mailbox === 0 ? entry : this.#mailboxes.runs[mailbox]
  }

  laneOf(node: number): Lane {
    return this.lanes[this.nodes.lane(node)]
  }

  /** Takes a message that runs next out of what waits. */
  lease(node: number, lane: Lane): void {
    const mailbox = this.#unwait(node, lane, IN_FLIGHT)
    if (mailbox === 0) {
      lane.alone.leave(node)
      this.runLanes.leave(node, lane)
    } else {
      lane.keyed.leave(node)
      this.#mailboxes.remove(mailbox, node)
      this.#mailboxes.busy[mailbox] = 1
      this.#place(mailbox)
    }
  }

  /** Lets go of a message that runs next, or is the oldest of its lane. */
  release(node: number, lane: Lane): void {
    const mailbox = this.#unwait(node, lane, RELEASED)
    const list = listOf(lane, mailbox)
    list.leave(node)
    list.remove(node)
    if (mailbox === 0) {
      this.runLanes.leave(node, lane)
    } else {
      this.#mailboxes.remove(mailbox, node)
      this.#place(mailbox)
    }
  }

  /** Lets go of a message that was in flight; its key is free. */
  finish(node: number): void {
    const tag = this.nodes.tag(node)
    const mailbox = mailboxOf(tag)
    listOf(this.lanes[laneOf(tag)], mailbox).remove(node)
    if (mailbox === 0) return
    this.#mailboxes.busy[mailbox] = 0
    this.#place(mailbox)
  }

  /** Lets a message that was in flight wait again, where it was. */
  rejoin(node: number): void {
    const tag = this.nodes.tag(node)
    const lane = this.lanes[laneOf(tag)]
    const mailbox = mailboxOf(tag)
    this.#wait(node, lane, mailbox)
    listOf(lane, mailbox).rejoin(node)
    if (mailbox === 0) {
      this.runLanes.enter(node, lane)
    } else {
      this.#mailboxes.busy[mailbox] = 0
      this.#mailboxes.prepend(mailbox, node)
      this.#place(mailbox)
    }
  }

  /**
   * Lets a message that was in flight wait until `due`. It keeps its place in its lane, counts as waiting there, and its key
   * waits with it.
   */
  delay(node: number, due: number): void {
    const { nodes } = this
    nodes.setTag(node, withState(nodes.tag(node), DELAYED))
    this.laneOf(node).waiting += 1
    this.#delayed.add(node, due)
  }

  /** Lets those rejoin that are due. */
  wake(now: number): void {
    for (let node = this.#delayed.takeDue(now); node !== NONE; node = this.#delayed.takeDue(now)) {
      this.laneOf(node).waiting -= 1
      this.rejoin(node)
    }
  }

  /** How many wait for their time. */
  get delayed(): number {
    return this.#delayed.size
  }

  /** When the first of those is due that wait for their time; 0 if there is none. */
  get firstDue(): number {
    return this.#delayed.firstDue
  }

  #wait(node: number, lane: Lane, mailbox: number): void {
    this.nodes.setTag(node, tagOf(WAITING, lane.number, mailbox))
    lane.waiting += 1
    if (lane.conflation !== undefined) lane.conflation.add(node)
  }

  /** Returns the mailbox of the message. */
  #unwait(node: number, lane: Lane, state: number): number {
    const tag = this.nodes.tag(node)
    this.nodes.setTag(node, withState(tag, state))
    lane.waiting -= 1
    if (lane.conflation !== undefined) lane.conflation.remove(node)
    return mailboxOf(tag)
  }

  /** Puts a mailbox where it runs now: in the lane of its most urgent message, at that message's place. */
  #place(mailbox: number): void {
    const { runLanes } = this
    const mailboxes = this.#mailboxes
    const message = mailboxes.busy[mailbox] === 0 ? mailboxes.oldest(mailbox) : NONE
    const entry = message !== NONE && this.#isPromoting ? mailboxes.mostUrgent(mailbox) : message
    const old = mailboxes.entry[mailbox]
    if (entry !== old || message !== mailboxes.runs[mailbox]) {
      if (old !== NONE) runLanes.leaveMailbox(old)
      mailboxes.entry[mailbox] = entry
      mailboxes.runs[mailbox] = message
      if (entry !== NONE) runLanes.enterMailbox(entry, message)
    }
    if (entry === NONE && mailboxes.busy[mailbox] === 0) mailboxes.close(mailbox)
  }

  /** 0 for a message that runs on its own. */
  #mailboxFor(node: number): number {
    if (!this.#isOrdered) return 0
    const low = this.#envelopes.keyLow(node)
    const high = this.#envelopes.keyHigh(node)
    return low === 0 && high === 0 ? 0 : this.#mailboxes.open(low, high)
  }
}

function listOf(lane: Lane, mailbox: number): List {
  return mailbox === 0 ? lane.alone : lane.keyed
}
