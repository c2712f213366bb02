import type { Views } from '../../bus/index.js'
import {
  ENVELOPE_DOUBLE_DEADLINE,
  ENVELOPE_DOUBLES,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_TOPIC,
  ENVELOPE_WORDS,
  OUTCOME_CLOSED,
  OUTCOME_DEAD,
  OUTCOME_DELIVERED,
  OUTCOME_EXPIRED,
  OUTCOME_RETURNED,
  PORT_DOUBLE_NOW,
  PORT_LEASES,
  PORT_SETTLEMENTS,
  PORT_WORD_ARRIVED,
  PORT_WORD_LEASE_LIST,
  PORT_WORD_LEASED,
  PORT_WORD_MORE,
  PORT_WORD_RELEASE_LIST,
  PORT_WORD_RELEASED,
  PORT_WORD_SETTLE_LIST,
  PORT_WORD_SETTLED,
  PORT_WORD_URGENT,
  PORT_WORD_WAITING,
  PORT_WORD_WANTED,
} from '../../layout.js'
import type { Clock, Timer } from '../clock.js'
import type { Delivery } from '../delivery.js'
import { UNDER_WAY_US } from '../handled-once.js'
import type { Judgement } from '../refusals.js'
import { type Failure, failureOf } from '../retries.js'
import { failed, type Word } from '../word.js'
import type { GroupHandlerError, Work, WorkTopic } from '../work.js'
import type { Held } from './control.js'
import type { OnceMarks } from './once-marks.js'
import type { PayloadReader } from './payload-reader.js'
import type { ThreadPort } from './thread-port.js'
import { type ThreadTopics, UNKNOWN } from './thread-topics.js'

/** Most messages that wait in a thread for another attempt: with those under way, they fit its list of settlements. */
const HELD_MOST = 512
/** The owner has told why. */
const UNTOLD = new Error('what its idempotencyKey is could not be told')

export interface ThreadWorkOptions {
  readonly group: string
  readonly envelopes: Views
  readonly priorities: readonly number[]
  readonly urgent: number
  /** The page of the thread's port. */
  readonly page: SharedArrayBuffer
  readonly port: ThreadPort
  readonly reader: PayloadReader
  readonly topics: ThreadTopics
  /** undefined where there is no effectively-once topic. */
  readonly once: OnceMarks | undefined
  readonly onFailed: (fault: GroupHandlerError) => void
  /** Whether the owner wants to see messages whose deadline has passed, even if they may be lost. */
  readonly tellsExpired: boolean
  /** A message was let go of, since its deadline has passed; it can be read now. */
  readonly onExpired: (envelope: number) => void
  /** A message that may not be lost was not acknowledged. */
  readonly onUnacknowledged: (held: Held, failure: Failure) => void
  /** An attempt is to begin of which the journal has to know first. */
  readonly onBegins: (held: Held, attempt: number) => void
  /** A word on a delivery came too late. */
  readonly onLate: () => void
  /** Something was settled later than its handler ended: it has to be handed over. */
  readonly onSettled: () => void
  readonly clock: Clock
}

interface HeldMessage extends Held {
  /** What it is settled with; undefined until the owner has judged. */
  readonly outcome: number | undefined
  readonly timer: Timer | undefined
}

/** The messages of a group as the work of one of its threads. */
export class ThreadWork implements Work {
  readonly group: string
  readonly envelopes: Views
  readonly priorities: readonly number[]
  readonly urgent: number
  readonly hasNews = false
  closed = false
  /** Leased, and not settled yet. */
  inHand = 0
  /** Leased so far. */
  leased = 0
  #onSettled: (() => void) | undefined
  /** Messages that were not acknowledged, and are still in hand. */
  readonly #held = new Map<number, HeldMessage>()
  /** The thread is to leave: nothing waits in it any more for another attempt. */
  #isLeaving = false
  /** The client is closed: what is not acknowledged any more is settled as that. */
  #isDropping = false
  /** Messages that begin when the owner says so. */
  readonly #unbegun = new Map<number, (outcome: number | undefined) => void>()
  readonly #options: ThreadWorkOptions
  readonly #words: Uint32Array
  readonly #doubles: Float64Array
  /** Leased by the turn with which the thread wanted to go to sleep. */
  #early: number[] = []

  constructor(options: ThreadWorkOptions) {
    this.group = options.group
    this.envelopes = options.envelopes
    this.priorities = options.priorities
    this.urgent = options.urgent
    this.#options = options
    this.#words = new Uint32Array(options.page)
    this.#doubles = new Float64Array(options.page)
  }

  /** Only urgent work is announced to a thread that is awake. */
  get arrived(): number {
    return this.#words[PORT_WORD_ARRIVED] - 1
  }

  /** As the owner or the backend last said. */
  get isUrgentGated(): boolean {
    for (let lane = this.urgent; lane < this.priorities.length; lane += 1) {
      if (this.#words[PORT_WORD_WAITING + lane] > 0) return true
    }
    return false
  }

  lease(wanted: number, urgent: number, nowNs: number, into: Uint32Array): number {
    if (this.#early.length > 0) return this.#takeEarly(into)
    const words = this.#words
    let count = 0
    do {
      words[PORT_WORD_WANTED] = wanted
      words[PORT_WORD_URGENT] = urgent
      this.#doubles[PORT_DOUBLE_NOW] = nowNs
      // First: what comes after this look is announced after it.
      Atomics.store(words, PORT_WORD_ARRIVED, 0)
      this.#turn()
      count = this.#takeLease(nowNs, into)
      // What has expired goes back, and something else is asked for.
    } while (count === 0 && (words[PORT_WORD_MORE] === 1 || words[PORT_WORD_SETTLED] > 0))
    // A turn before it rests must not ask for what it may have no place for by then.
    if (count > 0) this.wantNothing()
    return count
  }

  topic(envelope: number): WorkTopic {
    const number = this.envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_TOPIC]
    return this.#options.topics.find(number)
  }

  message(envelope: number, topic: WorkTopic): unknown {
    if (topic === UNKNOWN) throw new Error('its topic was never announced, or so long ago that it is forgotten')
    return this.#options.reader.message(envelope)
  }

  key(envelope: number): string | undefined {
    return this.#options.reader.key(envelope)
  }

  settle(envelope: number, generation: number, outcome: number): void {
    const words = this.#words
    this.#options.once?.end(envelope, outcome === OUTCOME_DELIVERED)
    this.inHand -= 1
    if (words[PORT_WORD_SETTLED] === PORT_SETTLEMENTS) this.flush()
    const count = words[PORT_WORD_SETTLED]
    const place = PORT_WORD_SETTLE_LIST + 2 * count
    words[place] = envelope | (outcome << 24)
    words[place + 1] = generation
    words[PORT_WORD_SETTLED] = count + 1
    if (this.inHand === 0) this.#onSettled?.()
  }

  /** Resolves once nothing is in hand, with true; or with false after `timeoutMs`. What came early is given back. */
  async settled(timeoutMs: number): Promise<boolean> {
    this.#returnEarly()
    if (this.inHand === 0) return true
    return new Promise((resolve) => {
      const { clock } = this.#options
      const timer = clock.setTimer(() => resolve(false), timeoutMs)
      this.#onSettled = () => {
        clock.clearTimer(timer)
        resolve(true)
      }
    })
  }

  /** Gives back all that was lent and has not begun; nothing more is lent. */
  giveBack(nowNs: number): void {
    const lease = new Uint32Array(PORT_LEASES)
    for (;;) {
      const count = this.lease(PORT_LEASES, 0, nowNs, lease)
      if (count === 0) break
      for (const envelope of lease.subarray(0, count)) {
        this.settle(envelope, this.#generation(envelope), OUTCOME_RETURNED)
      }
    }
    this.flush()
  }

  /** Hands over what was settled, and gives back what was leased and not begun. */
  leave(): void {
    this.flush()
    this.#options.port.leave()
  }

  /** Hands settlements over, without taking anything. */
  flush(): void {
    this.wantNothing()
    this.#turn()
  }

  /** It has no place for what it asked for last. */
  wantNothing(): void {
    this.#words[PORT_WORD_WANTED] = 0
    this.#words[PORT_WORD_URGENT] = 0
  }

  /** Hands over what was settled, and says that this thread has nothing to do; false if it has after all. */
  rest(): boolean {
    this.#returnEarly()
    // A thread that leaves asks for nothing more.
    if (this.closed || this.#words[PORT_WORD_SETTLED] > 0) this.flush()
    const rests = this.#options.port.rest()
    this.#tellExpired()
    if (rests) return true
    const leased = this.#words[PORT_WORD_LEASED]
    this.#early = [...this.#words.subarray(PORT_WORD_LEASE_LIST, PORT_WORD_LEASE_LIST + leased)]
    this.inHand += leased
    this.leased += leased
    return false
  }

  /** The owner judges. Until it has, and until the wait is over, the message stays in hand, and its key waits with it. */
  refuse(envelope: number, generation: number, _: Delivery, word: Word): void {
    if (this.#isDropping) return this.settle(envelope, generation, OUTCOME_CLOSED)
    // A copy of it may have its turn while it waits.
    this.#options.once?.end(envelope, false)
    this.#held.set(envelope, { envelope, generation, outcome: undefined, timer: undefined })
    this.#options.onUnacknowledged({ envelope, generation }, failureOf(word))
  }

  /** What becomes of a message that was not acknowledged. */
  judged({ envelope, generation, outcome, delayUs }: Held & Judgement): void {
    const held = this.#held.get(envelope)
    if (held === undefined || held.generation !== generation) return
    this.#keep({ ...held, outcome }, delayUs)
  }

  /** This thread is to leave: what waits in it for another attempt waits elsewhere, once the owner has judged it. */
  returnHeld(): void {
    this.#isLeaving = true
    for (const held of this.#held.values()) if (held.outcome !== undefined) this.#letGo(held)
  }

  /** The client is closed: nothing is tried again. */
  dropHeld(): void {
    this.#isDropping = true
    for (const held of this.#held.values()) this.#letGo({ ...held, outcome: OUTCOME_CLOSED })
  }

  /** Whoever claims the message's place first handles it. What a copy waits for it waits for in hand. */
  admits(envelope: number, generation: number, delivery: Delivery): boolean {
    const state = this.#options.once?.begin(envelope) ?? 'fresh'
    if (state === 'fresh') return true
    if (state === 'done') this.settle(envelope, generation, OUTCOME_DELIVERED)
    else if (state === 'untold') this.refuse(envelope, generation, delivery, delivery.conclude(failed(UNTOLD)))
    else if (this.#isDropping) this.settle(envelope, generation, OUTCOME_CLOSED)
    else this.#keep({ envelope, generation, outcome: OUTCOME_RETURNED, timer: undefined }, UNDER_WAY_US)
    return false
  }

  begins(envelope: number, generation: number, attempt: number): Promise<number | undefined> {
    this.#options.onBegins({ envelope, generation }, attempt)
    return new Promise((resolve) => this.#unbegun.set(envelope, resolve))
  }

  /** The owner has answered. A message that is in hand has its generation as long as it is. */
  begin(envelope: number, outcome: number | undefined): void {
    this.#unbegun.get(envelope)?.(outcome)
    this.#unbegun.delete(envelope)
  }

  late(): void {
    this.#options.onLate()
  }

  failed(fault: GroupHandlerError): void {
    this.#options.onFailed(fault)
  }

  #keep(held: HeldMessage, delayUs: number): void {
    if (delayUs === 0 || this.#isLeaving || this.#held.size > HELD_MOST) return this.#letGo(held)
    const timer = this.#options.clock.setTimer(() => this.#letGo(held), delayUs / 1e3)
    this.#held.set(held.envelope, { ...held, timer })
  }

  #letGo({ envelope, generation, outcome, timer }: HeldMessage): void {
    if (timer !== undefined) this.#options.clock.clearTimer(timer)
    this.#held.delete(envelope)
    this.settle(envelope, generation, outcome!)
    this.#options.onSettled()
  }

  #turn(): void {
    this.#options.port.turn()
    this.#tellExpired()
  }

  #tellExpired(): void {
    const { onExpired, tellsExpired } = this.#options
    const count = this.#words[PORT_WORD_RELEASED]
    for (let i = 0; i < count; i += 1) {
      const entry = this.#words[PORT_WORD_RELEASE_LIST + i]
      const reason = entry >>> 24
      if (reason === OUTCOME_DEAD || (reason === OUTCOME_EXPIRED && tellsExpired)) onExpired(entry & 0xffffff)
    }
  }

  /** What was lent a while ago may have expired: the schedule has the last word on it. */
  #takeLease(nowNs: number, into: Uint32Array): number {
    const leased = this.#words[PORT_WORD_LEASED]
    this.inHand += leased
    let count = 0
    for (let i = 0; i < leased; i += 1) {
      const envelope = this.#words[PORT_WORD_LEASE_LIST + i]
      const deadlineNs = this.envelopes.doubles[envelope * ENVELOPE_DOUBLES + ENVELOPE_DOUBLE_DEADLINE]
      if (deadlineNs > 0 && deadlineNs <= nowNs) this.settle(envelope, this.#generation(envelope), OUTCOME_RETURNED)
      else into[count++] = envelope
    }
    this.leased += count
    return count
  }

  /** What came early and found no slot, because there are fewer by now, goes back: others may have one. */
  #returnEarly(): void {
    for (const envelope of this.#early) this.settle(envelope, this.#generation(envelope), OUTCOME_RETURNED)
    this.#early = []
  }

  #takeEarly(into: Uint32Array): number {
    const early = this.#early
    this.#early = []
    into.set(early)
    this.wantNothing()
    return early.length
  }

  #generation(envelope: number): number {
    return this.envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION]
  }
}
