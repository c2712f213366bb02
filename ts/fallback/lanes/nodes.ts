import { LANES_MOST } from '../../layout.js'

/** No node. */
export const NONE = 0

// What a node consists of, in integers; its place is a double over the last two.
export const NEXT = 0
export const PREVIOUS = 1
/** Its neighbours of the same lane in its mailbox. */
export const LATER = 2
export const EARLIER = 3
const TAG = 4
const PLACE_DOUBLE = 3
const FIELDS = 8
const FIELD_BITS = 3

// What an envelope is to the schedule.
/** Nobody uses it. */
export const IDLE = 0
/** A thread may write it. */
export const GIVEN = 1
export const WAITING = 2
export const IN_FLIGHT = 3
/** It left the queue unhandled, and can be read until the next turn. */
export const RELEASED = 4
/** It waits for its time, and keeps its key to itself meanwhile. */
export const DELAYED = 5

// A tag says all that is asked at each step, in one integer: the state, the lane, the mailbox.
const STATE_BITS = 3
const STATE_MASK = 2 ** STATE_BITS - 1
const LANE_MASK = LANES_MOST - 1
const MAILBOX_SHIFT = STATE_BITS + 4

/**
 * What the schedule knows of each envelope, apart from the memory that others can write: all of an envelope in one piece of
 * memory, since what a message costs is how many places are touched. A node is named by where it lies; the first one is not
 * used, so that 0 is none. Memory begins as zeros, and zeros that nobody touched cost nothing.
 */
export class Nodes {
  readonly count: number
  readonly fields: Int32Array
  readonly #places: Float64Array

  constructor(envelopes: number) {
    this.count = envelopes
    this.fields = new Int32Array((envelopes + 1) * FIELDS)
    this.#places = new Float64Array(this.fields.buffer)
  }

  /** The node of an envelope; none for a number that is not one. */
  find(number: number): number {
    return number >= 0 && number < this.count ? (number + 1) << FIELD_BITS : NONE
  }

  tag(node: number): number {
    return this.fields[node + TAG]
  }

  setTag(node: number, tag: number): void {
    this.fields[node + TAG] = tag
  }

  state(node: number): number {
    return stateOf(this.fields[node + TAG])
  }

  lane(node: number): number {
    return laneOf(this.fields[node + TAG])
  }

  /** The mailbox of its key; 0 for a message that runs on its own. */
  mailbox(node: number): number {
    return mailboxOf(this.fields[node + TAG])
  }

  /** Its place among all that was submitted. */
  place(node: number): number {
    return this.#places[(node >> 1) + PLACE_DOUBLE]
  }

  setPlace(node: number, place: number): void {
    this.#places[(node >> 1) + PLACE_DOUBLE] = place
  }
}

export function numberOf(node: number): number {
  return (node >> FIELD_BITS) - 1
}

/** Which envelope a node is of, counted from 1: for arrays that few nodes are in. */
export function indexOf(node: number): number {
  return node >> FIELD_BITS
}

export function tagOf(state: number, lane: number, mailbox: number): number {
  return state | (lane << STATE_BITS) | (mailbox << MAILBOX_SHIFT)
}

export function stateOf(tag: number): number {
  return tag & STATE_MASK
}

export function laneOf(tag: number): number {
  return (tag >> STATE_BITS) & LANE_MASK
}

export function mailboxOf(tag: number): number {
  return tag >>> MAILBOX_SHIFT
}

/** The same lane and mailbox in another state. */
export function withState(tag: number, state: number): number {
  return (tag & ~STATE_MASK) | state
}
