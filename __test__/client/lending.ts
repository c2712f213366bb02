// A schedule whose messages are lent to several threads, all played in one: what the lender and its borrowers do, step by step.
import { viewsOf } from '../../dist/bus/index.js'
import { Lender } from '../../dist/client/threads/lender.js'
import { LentPort } from '../../dist/client/threads/lent-port.js'
import { jsCore } from '../../dist/fallback/index.js'
import type { Schedule, ScheduleOptions } from '../../dist/lane-core.js'
import {
  ENVELOPE_BYTES,
  ENVELOPE_DOUBLE_DEADLINE,
  ENVELOPE_DOUBLE_QUEUED,
  ENVELOPE_DOUBLES,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_KEY_LOW,
  ENVELOPE_WORDS,
  OUTCOME_DELIVERED,
  OUTCOME_RETURNED,
  OUTCOME_WORKER_LOST,
  OUTCOMES,
  PORT_DOUBLE_NOW,
  PORT_DOUBLE_SETTLED,
  PORT_WORD_FREE,
  PORT_WORD_FREE_LIST,
  PORT_WORD_LEASE_LIST,
  PORT_WORD_LEASED,
  PORT_WORD_SETTLE_LIST,
  PORT_WORD_SETTLED,
  PORT_WORD_SUBMIT_LIST,
  PORT_WORD_SUBMITTED,
  PORT_WORD_URGENT,
  PORT_WORD_WAITING,
  PORT_WORD_WANTED,
  PORT_WORDS,
} from '../../dist/layout.js'

export const LANES = 4
const ENVELOPES = 256

/** One message under way: who published it as which, and its key. */
export interface Sent {
  readonly id: number
  readonly lane: number
  readonly key: number
}

/** A thread that borrows, and what it has in hand. */
export class Borrower {
  readonly page = new SharedArrayBuffer(4 * PORT_WORDS)
  readonly words = new Int32Array(this.page)
  readonly port: LentPort
  readonly inHand: number[] = []
  rungs = 0
  asleep = false

  constructor(
    readonly slot: number,
    envelopes: SharedArrayBuffer,
  ) {
    const ring = (): void => void (this.rungs += 1)
    const bell = { ring, ringIfAsleep: ring, sleep: () => (this.asleep = true), stayAwake: () => (this.asleep = false) }
    this.port = new LentPort(this.page, envelopes, bell, 0)
  }

  /** Settles the `nth` of what it has in hand, in its next turn. */
  settle(nth: number, generation: number, outcome = OUTCOME_DELIVERED): void {
    const [envelope] = this.inHand.splice(nth, 1)
    const place = PORT_WORD_SETTLE_LIST + 2 * this.words[PORT_WORD_SETTLED]!
    this.words[place] = envelope! | (outcome << 24)
    this.words[place + 1] = generation
    this.words[PORT_WORD_SETTLED]! += 1
  }

  /** Takes a turn; returns the envelopes that it was given. */
  turn(wanted: number, urgent = 0): number[] {
    this.words[PORT_WORD_WANTED] = wanted
    this.words[PORT_WORD_URGENT] = urgent
    this.port.turn()
    const leased = this.words[PORT_WORD_LEASED]!
    const lease = [...this.words.subarray(PORT_WORD_LEASE_LIST, PORT_WORD_LEASE_LIST + leased)]
    this.inHand.push(...lease)
    return lease
  }
}

/** The thread that runs the schedule. */
export class Desk {
  readonly page = new SharedArrayBuffer(4 * PORT_WORDS)
  readonly words = new Int32Array(this.page)
  readonly doubles = new Float64Array(this.page)
  readonly envelopes = new SharedArrayBuffer(ENVELOPES * ENVELOPE_BYTES)
  readonly heads = new Int32Array(this.envelopes)
  readonly schedule: Schedule
  readonly lender: Lender
  readonly sent = new Map<number, Sent>()
  readonly ended: number[] = []
  inFlight = 0
  asleep = false
  readonly woken: number[] = []
  #ids = 0
  #slots = 0

  constructor(options: Partial<ScheduleOptions> = {}) {
    const lane = { capacity: ENVELOPES, overflow: 'reject', weight: 1, shedTargetNs: 0, shedIntervalNs: 0 } as const
    this.schedule = jsCore.openSchedule({
      port: new Uint8Array(this.page),
      envelopes: new Uint8Array(this.envelopes),
      lanes: Array.from({ length: LANES }, () => lane),
      policy: 'strict',
      urgent: LANES - 1,
      ageNs: 0,
      ordered: true,
      ...options,
    })
    this.lender = new Lender({
      mourn: () => OUTCOME_WORKER_LOST,
      work: {
        envelopes: viewsOf(this.envelopes),
        priorities: [0, 1, 2, 3],
        urgent: LANES - 1,
        isUrgentGated: false,
        lease: (wanted, urgent, _, into) => this.#leaseFor(wanted, urgent, into),
        settle: (envelope, generation, outcome) => this.#settle(envelope, generation, outcome),
      },
      bell: {
        ring: (slot) => this.woken.push(slot),
        ringIfAsleep: (slot) => this.woken.push(slot),
        sleep: () => (this.asleep = true),
        stayAwake: () => (this.asleep = false),
      },
      nowNs: () => 0,
    })
  }

  addBorrower(slot = this.#slots + 1): Borrower {
    this.#slots = slot
    const borrower = new Borrower(slot, this.envelopes)
    this.lender.add(borrower.slot, borrower.page)
    return borrower
  }

  turn(): void {
    this.doubles[PORT_DOUBLE_NOW]! += 1
    this.schedule.turn()
  }

  /** Publishes a message, to be taken in by the next turn; undefined if there is no envelope. */
  submit(lane: number, key = 0, deadlineNs = 0): Sent | undefined {
    if (this.words[PORT_WORD_FREE] === 0 || this.words[PORT_WORD_SUBMITTED] === 64) return undefined
    this.words[PORT_WORD_FREE]! -= 1
    const envelope = this.words[PORT_WORD_FREE_LIST + this.words[PORT_WORD_FREE]!]!
    const head = envelope * ENVELOPE_WORDS
    this.heads[head + ENVELOPE_WORD_HEAD] = lane
    this.heads[head + ENVELOPE_WORD_KEY_LOW] = key
    const doubles = new Float64Array(this.envelopes)
    doubles[envelope * ENVELOPE_DOUBLES + ENVELOPE_DOUBLE_QUEUED] = 1
    doubles[envelope * ENVELOPE_DOUBLES + ENVELOPE_DOUBLE_DEADLINE] = deadlineNs
    this.words[PORT_WORD_SUBMIT_LIST + this.words[PORT_WORD_SUBMITTED]!] = envelope
    this.words[PORT_WORD_SUBMITTED]! += 1
    this.#ids += 1
    const message = { id: this.#ids, lane, key }
    this.sent.set(envelope, message)
    return message
  }

  /** Lends until there is nothing more to do. */
  run(): void {
    while (this.lender.run(1));
  }

  #leaseFor(wanted: number, urgent: number, into: Uint32Array): number {
    this.words[PORT_WORD_WANTED] = wanted
    this.words[PORT_WORD_URGENT] = urgent
    this.turn()
    const leased = this.words[PORT_WORD_LEASED]!
    into.set(this.words.subarray(PORT_WORD_LEASE_LIST, PORT_WORD_LEASE_LIST + leased))
    this.inFlight += leased
    return leased
  }

  #settle(envelope: number, generation: number, outcome: number): void {
    this.inFlight -= 1
    if (outcome !== OUTCOME_RETURNED) this.ended.push(this.sent.get(envelope)!.id)
    const place = PORT_WORD_SETTLE_LIST + 2 * this.words[PORT_WORD_SETTLED]!
    this.words[place] = envelope | (outcome << 24)
    this.words[place + 1] = generation
    this.words[PORT_WORD_SETTLED]! += 1
    if (this.words[PORT_WORD_SETTLED] === 64) this.#leaseFor(0, 0, new Uint32Array(0))
  }

  generation(envelope: number): number {
    return this.heads[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION]!
  }

  get waiting(): number {
    return this.words.subarray(PORT_WORD_WAITING, PORT_WORD_WAITING + LANES).reduce((sum, count) => sum + count, 0)
  }

  settled(outcome: number): number {
    return this.doubles[PORT_DOUBLE_SETTLED + outcome]!
  }

  get settledInAll(): number {
    return this.doubles.subarray(PORT_DOUBLE_SETTLED, PORT_DOUBLE_SETTLED + OUTCOMES).reduce((sum, n) => sum + n, 0)
  }
}
