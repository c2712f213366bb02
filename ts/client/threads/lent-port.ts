import {
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORDS,
  OUTCOME_RETURNED,
  PORT_DOUBLE_NOW,
  PORT_LEASES,
  PORT_LOANS,
  PORT_RETURNS,
  PORT_WORD_ASKED,
  PORT_WORD_ASKED_URGENT,
  PORT_WORD_LEASE_LIST,
  PORT_WORD_LEASED,
  PORT_WORD_LENT,
  PORT_WORD_LENT_URGENT,
  PORT_WORD_LOAN_LIST,
  PORT_WORD_MORE,
  PORT_WORD_RELEASED,
  PORT_WORD_RETURN_LIST,
  PORT_WORD_RETURNED,
  PORT_WORD_RUNNABLE,
  PORT_WORD_RUNNABLE_URGENT,
  PORT_WORD_SETTLE_LIST,
  PORT_WORD_SETTLED,
  PORT_WORD_TAKEN,
  PORT_WORD_TAKEN_URGENT,
  PORT_WORD_URGENT,
  PORT_WORD_URGENT_LOAN_LIST,
  PORT_WORD_WANTED,
} from '../../layout.js'
import { Pace } from '../pace.js'
import type { Bell, ThreadPort } from './thread-port.js'

/**
 * A port whose schedule another thread runs: a turn hands settlements to it, takes what it has lent meanwhile, and asks for
 * more. So a turn may come back with less than is wanted although messages wait; the lender rings when it has lent some.
 * What the lender lets go of is its own affair: the release list stays empty.
 *
 * To wake the lender costs more than many a handler. So a thread whose handlers return at once has itself lent more than one
 * lease, as much as is expected to be done in the time of one, and rings only when it needs more. Once that proves wrong, it
 * gives back what it has not begun.
 */
export class LentPort implements ThreadPort {
  readonly #control: Int32Array
  readonly #doubles: Float64Array
  readonly #envelopes: Int32Array
  readonly #bell: Bell
  readonly #lender: number
  #taken = 0
  #takenUrgent = 0
  #returned = 0
  #asked = 0
  #askedUrgent = 0
  readonly #pace = new Pace(PORT_LOANS)
  /** Messages in the last lease, and when it was taken. */
  #got = 0
  #gotNs = 0
  /** The lender may not know of all that was returned. */
  #isUntold = false

  /** `lender` is the slot of the thread that lends, `envelopes` the group's. */
  constructor(page: SharedArrayBuffer, envelopes: SharedArrayBuffer, bell: Bell, lender: number) {
    this.#control = new Int32Array(page)
    this.#doubles = new Float64Array(page)
    this.#envelopes = new Int32Array(envelopes)
    this.#bell = bell
    this.#lender = lender
  }

  turn(): void {
    this.#bell.stayAwake()
    const control = this.#control
    const wanted = control[PORT_WORD_WANTED]
    const urgent = control[PORT_WORD_URGENT]
    this.#giveBack()
    if (wanted > 0) this.#measure()
    const hasEmptyHands = ((this.#taken + this.#takenUrgent - this.#returned) | 0) === 0
    const lentUrgent = (Atomics.load(control, PORT_WORD_LENT_URGENT) - this.#takenUrgent) | 0
    const lent = (Atomics.load(control, PORT_WORD_LENT) - this.#taken) | 0
    const urgentTaken = Math.min(lentUrgent, wanted + urgent, PORT_LEASES)
    const taken = Math.min(lent, wanted - Math.max(0, urgentTaken - urgent), PORT_LEASES - urgentTaken)
    this.#takeUrgent(urgentTaken)
    this.#take(taken, urgentTaken)
    const got = urgentTaken + taken
    // Its handlers are slow, or return promises: what it cannot begin soon is for others.
    const isTooMuch = wanted > 0 && wanted < PORT_LEASES && lent - taken > wanted
    if (isTooMuch) this.#giveUp(lent - taken)
    const left = isTooMuch ? 0 : lent - taken
    control[PORT_WORD_LEASED] = got
    control[PORT_WORD_RELEASED] = 0
    control[PORT_WORD_MORE] = 0
    control[PORT_WORD_RUNNABLE] = left + lentUrgent - urgentTaken
    const ahead = hasEmptyHands && wanted === PORT_LEASES ? this.#ahead(left) : 0
    const hasAsked = this.#ask(got === 0 ? Math.max(wanted, ahead) : ahead, wanted, urgent, got)
    control[PORT_WORD_RUNNABLE_URGENT] = lentUrgent - urgentTaken
    if (wanted > 0) this.#got = got
    // A thread that has something left comes back soon.
    if (!hasAsked && !(this.#isUntold && (left === 0 || wanted === 0))) return
    this.#isUntold = false
    this.#bell.ringIfAsleep(this.#lender)
  }

  rest(): boolean {
    const control = this.#control
    control[PORT_WORD_LEASED] = 0
    control[PORT_WORD_RELEASED] = 0
    this.#bell.sleep()
    // What the lender shows after this look it rings for. What there is no place for waits for one, and not this thread for it.
    const wanted = control[PORT_WORD_WANTED]
    const hasPlace = wanted + control[PORT_WORD_URGENT] > 0
    const lent = wanted > 0 ? (Atomics.load(control, PORT_WORD_LENT) - this.#taken) | 0 : 0
    const lentUrgent = hasPlace ? (Atomics.load(control, PORT_WORD_LENT_URGENT) - this.#takenUrgent) | 0 : 0
    if (lent + lentUrgent === 0) return true
    this.#bell.stayAwake()
    return false
  }

  /** Whatever lies in the lists still is settled by the lender, once the thread has ended. */
  leave(): void {}

  /** The lender inspects. */
  inspect(): void {}

  /** What waits is the lender's to close. */
  clear(): void {
    this.#giveBack()
    if (this.#isUntold) this.#bell.ringIfAsleep(this.#lender)
  }

  #giveBack(): void {
    const control = this.#control
    const count = control[PORT_WORD_SETTLED]
    if (count === 0) return
    for (let i = 0; i < count; i += 1) {
      const place = PORT_WORD_SETTLE_LIST + 2 * i
      this.#return(control[place], control[place + 1])
    }
    control[PORT_WORD_SETTLED] = 0
    this.#showReturned()
  }

  /** Gives back so many of the messages that were lent, and not taken. */
  #giveUp(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const envelope = this.#control[PORT_WORD_LOAN_LIST + ((this.#taken + i) & (PORT_LOANS - 1))]
      const generation = this.#envelopes[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION]
      this.#return(envelope | (OUTCOME_RETURNED << 24), generation)
    }
    this.#taken = (this.#taken + count) | 0
    Atomics.store(this.#control, PORT_WORD_TAKEN, this.#taken)
    this.#showReturned()
  }

  #return(entry: number, generation: number): void {
    const place = PORT_WORD_RETURN_LIST + 2 * (this.#returned & (PORT_RETURNS - 1))
    this.#control[place] = entry
    this.#control[place + 1] = generation
    this.#returned = (this.#returned + 1) | 0
  }

  #showReturned(): void {
    Atomics.store(this.#control, PORT_WORD_RETURNED, this.#returned)
    this.#isUntold = true
  }

  /** How long the last lease took, if it was a full one: then this turn came right after it. */
  #measure(): void {
    const nowNs = this.#doubles[PORT_DOUBLE_NOW]
    if (this.#got === PORT_LEASES) this.#pace.ran(this.#got, nowNs - this.#gotNs)
    this.#gotNs = nowNs
  }

  /**
   * How many messages it may have lying there: none if one lease takes long enough. It asks when half of them are used up, so
   * as not to ring each time.
   */
  #ahead(left: number): number {
    const { most } = this.#pace
    if (most <= PORT_LEASES) return 0
    return left > most >> 1 ? (this.#asked - this.#taken) | 0 : most
  }

  /**
   * Asks for `more`. A thread that got something is busy: what waits had better go to others, or be dealt with later, but for
   * what is done at once, and for urgent work that it would take between handlers. Says whether it asks for more than before.
   */
  #ask(more: number, wanted: number, urgent: number, got: number): boolean {
    const moreUrgent = got === 0 || urgent > 0 ? wanted + urgent - got : Math.max(1, wanted - got)
    const asked = (this.#taken + Math.min(more, PORT_LOANS)) | 0
    const askedUrgent = (this.#takenUrgent + Math.min(moreUrgent, PORT_LOANS)) | 0
    const hasGrown = ((asked - this.#asked) | 0) > 0 || ((askedUrgent - this.#askedUrgent) | 0) > 0
    if (asked !== this.#asked) Atomics.store(this.#control, PORT_WORD_ASKED, asked)
    if (askedUrgent !== this.#askedUrgent) Atomics.store(this.#control, PORT_WORD_ASKED_URGENT, askedUrgent)
    this.#asked = asked
    this.#askedUrgent = askedUrgent
    return hasGrown
  }

  #takeUrgent(count: number): void {
    const control = this.#control
    for (let i = 0; i < count; i += 1) {
      const place = PORT_WORD_URGENT_LOAN_LIST + ((this.#takenUrgent + i) & (PORT_LOANS - 1))
      control[PORT_WORD_LEASE_LIST + i] = control[place]
    }
    this.#takenUrgent = (this.#takenUrgent + count) | 0
    Atomics.store(control, PORT_WORD_TAKEN_URGENT, this.#takenUrgent)
  }

  #take(count: number, at: number): void {
    const control = this.#control
    for (let i = 0; i < count; i += 1) {
      const place = PORT_WORD_LOAN_LIST + ((this.#taken + i) & (PORT_LOANS - 1))
      control[PORT_WORD_LEASE_LIST + at + i] = control[place]
    }
    this.#taken = (this.#taken + count) | 0
    Atomics.store(control, PORT_WORD_TAKEN, this.#taken)
  }
}
