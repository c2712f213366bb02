import {
  ENVELOPE_DOUBLE_DEADLINE,
  ENVELOPE_DOUBLE_ID,
  ENVELOPE_DOUBLE_QUEUED,
  ENVELOPE_DOUBLES,
  ENVELOPE_FLAG_RECOVERED,
  ENVELOPE_FLAG_TIMED,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_KEY_HIGH,
  ENVELOPE_WORD_KEY_LOW,
  ENVELOPE_WORD_TOPIC,
  ENVELOPE_WORDS,
  PORT_SUBMISSIONS,
  PORT_WORD_FREE,
  PORT_WORD_FREE_LIST,
  PORT_WORD_ROOM,
  PORT_WORD_SUBMIT_LIST,
  PORT_WORD_SUBMITTED,
} from '../layout.js'
import { type MessageStore, NO_MEMORY } from './envelope-store.js'
import type { GroupTopic } from './group-topic.js'
import { hashKey } from './key-hash.js'
import { SAMPLE_MASK } from './lane-times.js'
import { type LaneTable, REFUSES, TAKES } from './lane-table.js'
import type { RecentTime } from './recent-time.js'

/** The flag of a message that is timed, in its place in an envelope's head. */
export const TIMED_FLAG = ENVELOPE_FLAG_TIMED << 8
/** That of a message that may have been in hand when a process died. */
export const RECOVERED_FLAG = ENVELOPE_FLAG_RECOVERED << 8
const ATTEMPT_ONE = 1 << 16

/** What stands instead of an envelope: there is no room, what comes last is let go, or it goes to the lane's spill file. */
export const REFUSED = -1
export const DROPPED = -2
export const SPILLED = -3

export interface SubmissionsOptions {
  readonly port: Uint32Array
  readonly store: MessageStore
  readonly lanes: LaneTable
  readonly time: RecentTime
  /** Hands both lists over to the schedule. */
  readonly flush: () => void
  /** Looks whether a lane has room after all; where the port says at all times how much there is, that it has none. */
  readonly findRoom: (lane: number) => boolean
  /** Fills the free list up, for a message in a lane. */
  readonly refill: (lane: number) => void
}

/**
 * How this thread's messages get into a port: first an envelope is reserved and written, then it is put on the list. Between
 * the two everything can still be given up, as if nothing had happened.
 */
export class Submissions {
  /** Messages submitted by lane, and those that were dropped because they came last. */
  readonly copies: number[]
  dropped = 0
  /** The most urgent lane in which something was submitted since this was last set back; -1 for none. */
  arrived = -1
  /** Whether anything was submitted since this was last set back. */
  hasNews = false
  readonly #port: Uint32Array
  readonly #words: Uint32Array
  readonly #doubles: Float64Array
  readonly #store: MessageStore
  readonly #objects: unknown[]
  readonly #whenFull: Uint8Array
  readonly #urgent: number
  readonly #time: RecentTime
  readonly #flush: () => void
  readonly #findRoom: (lane: number) => boolean
  readonly #refill: (lane: number) => void
  /** Envelopes given up while the port's list was full. */
  readonly #spare: number[] = []

  constructor({ port, store, lanes, time, flush, findRoom, refill }: SubmissionsOptions) {
    this.copies = lanes.lanes.map(() => 0)
    this.#port = port
    this.#words = store.views.words
    this.#doubles = store.views.doubles
    this.#store = store
    this.#objects = store.objects
    this.#whenFull = lanes.whenFull
    this.#urgent = lanes.urgent
    this.#time = time
    this.#flush = flush
    this.#findRoom = findRoom
    this.#refill = refill
  }

  /** Messages on the list. */
  get waiting(): number {
    return this.#port[PORT_WORD_SUBMITTED]
  }

  /**
   * Writes a message into an envelope and returns its number: or REFUSED, or DROPPED. What cannot be encoded throws, and
   * nothing has happened. `deadlineNs` is a length of time, -1 for none.
   */
  reserve(
    topic: GroupTopic,
    message: unknown,
    lane: number,
    key: string | undefined,
    deadlineNs: number,
    id: number,
  ): number {
    if (this.#port[PORT_WORD_ROOM + lane] === 0 && this.#isFull(lane)) {
      return this.#whenFull[lane] === REFUSES ? REFUSED : DROPPED
    }
    const envelope = this.#take(lane)
    if (envelope < 0) return REFUSED
    const flags = this.#put(envelope, topic, message, key, id)
    if (flags === NO_MEMORY) return REFUSED
    if (deadlineNs >= 0) this.#time.forget()
    this.#write(envelope, topic, lane, flags, id)
    if (key !== undefined || deadlineNs >= 0) this.#writeTerms(envelope, key, deadlineNs)
    return envelope
  }

  /**
   * Reserves and commits in one step what is passed by reference and has neither key nor deadline, which spares an eighth of
   * a publish. Says false, and nothing has happened, if there is no envelope or no room at hand.
   */
  submit(topic: GroupTopic, message: unknown, lane: number, id: number): boolean {
    const port = this.#port
    const objects = this.#objects
    const left = port[PORT_WORD_FREE] - 1
    if (left < 0 || port[PORT_WORD_ROOM + lane] === 0) return false
    const envelope = port[PORT_WORD_FREE_LIST + left]
    if (envelope >= objects.length) return false
    port[PORT_WORD_FREE] = left
    objects[envelope] = message
    this.#write(envelope, topic, lane, 0, id)
    this.commit(envelope, topic, lane)
    return true
  }

  #write(envelope: number, topic: GroupTopic, lane: number, flags: number, id: number): void {
    const isTimed = lane >= this.#urgent || (this.copies[lane] & SAMPLE_MASK) === 0
    if (isTimed) this.#time.forget()
    const words = this.#words
    const at = envelope * ENVELOPE_WORDS
    words[at + ENVELOPE_WORD_HEAD] = lane | ATTEMPT_ONE | flags | topic.flags | (isTimed ? TIMED_FLAG : 0)
    words[at + ENVELOPE_WORD_TOPIC] = topic.number
    words[at + ENVELOPE_WORD_KEY_LOW] = 0
    words[at + ENVELOPE_WORD_KEY_HIGH] = 0
    const doubles = this.#doubles
    const doubleAt = envelope * ENVELOPE_DOUBLES
    this.#time.stamp(doubles, doubleAt + ENVELOPE_DOUBLE_QUEUED)
    doubles[doubleAt + ENVELOPE_DOUBLE_DEADLINE] = 0
    doubles[doubleAt + ENVELOPE_DOUBLE_ID] = id
  }

  /** What few messages have. */
  #writeTerms(envelope: number, key: string | undefined, deadlineNs: number): void {
    if (key !== undefined) hashKey(key, this.#words, envelope * ENVELOPE_WORDS + ENVELOPE_WORD_KEY_LOW)
    const doubles = this.#doubles
    const at = envelope * ENVELOPE_DOUBLES
    if (deadlineNs >= 0) doubles[at + ENVELOPE_DOUBLE_DEADLINE] = doubles[at + ENVELOPE_DOUBLE_QUEUED] + deadlineNs
  }

  /** Gives a reserved envelope up. */
  cancel(envelope: number): void {
    this.#store.free(envelope)
    this.#spare.push(envelope)
  }

  /** Puts a reserved envelope on the list. */
  commit(envelope: number, topic: GroupTopic, lane: number): void {
    const port = this.#port
    topic.held += 1
    this.hasNews = true
    this.copies[lane] += 1
    if (lane >= this.#urgent && lane > this.arrived) this.arrived = lane
    const room = port[PORT_WORD_ROOM + lane]
    if (room > 0) port[PORT_WORD_ROOM + lane] = room - 1
    const count = port[PORT_WORD_SUBMITTED]
    port[PORT_WORD_SUBMIT_LIST + count] = envelope
    port[PORT_WORD_SUBMITTED] = count + 1
    if (count + 1 === PORT_SUBMISSIONS) this.#flush()
  }

  /** Counts a message for which there was no room, in a lane that lets go of what comes last. */
  drop(lane: number): void {
    this.copies[lane] += 1
    this.dropped += 1
  }

  /** Whether a message would find room in a lane. */
  hasRoom(lane: number): boolean {
    return this.#port[PORT_WORD_ROOM + lane] > 0 || !this.#isFull(lane)
  }

  /** Whether a lane without room has none after all, and takes nothing then. */
  #isFull(lane: number): boolean {
    return this.#whenFull[lane] !== TAKES && !this.#findRoom(lane)
  }

  #take(lane: number): number {
    if (this.#spare.length > 0) return this.#spare.pop()!
    const port = this.#port
    if (port[PORT_WORD_FREE] === 0) this.#refill(lane)
    const left = port[PORT_WORD_FREE] - 1
    if (left < 0) return -1
    port[PORT_WORD_FREE] = left
    return port[PORT_WORD_FREE_LIST + left]
  }

  #put(envelope: number, topic: GroupTopic, message: unknown, key: string | undefined, id: number): number {
    let flags = NO_MEMORY
    try {
      flags = this.#store.put(envelope, topic, message, key, id)
    } finally {
      if (flags === NO_MEMORY) this.#spare.push(envelope)
    }
    return flags
  }
}
