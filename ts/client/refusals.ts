import type { Views } from '../bus/index.js'
import {
  ENVELOPE_FLAG_DURABLE,
  ENVELOPE_FLAG_SUSPECT,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORDS,
  OUTCOME_DEAD,
  OUTCOME_RETRIED,
  OUTCOME_RETURNED,
  OUTCOME_WORKER_LOST,
} from '../layout.js'
import type { Delivery } from './delivery.js'
import type { GroupHost, GroupSettings } from './group-host.js'
import type { GroupJournal } from './journal/index.js'
import { type Dead, type Failure, Retries } from './retries.js'

const DURABLE_FLAG = ENVELOPE_FLAG_DURABLE << 8
const SUSPECT_FLAG = ENVELOPE_FLAG_SUSPECT << 8

/** What a message is settled with that was not acknowledged, and how long it waits first. */
export interface Judgement {
  readonly outcome: number
  readonly delayUs: number
}

/** What refusals need of their group. */
export interface RefusingGroup {
  readonly envelopes: Views
  readonly journal: GroupJournal | undefined
  /** The message in an envelope; throws if it cannot be read. */
  read(envelope: number): unknown
  /** A delivery of the message in an envelope that nobody gets. */
  deliveryOf(envelope: number): Delivery
}

/** Messages of a group that may not be lost and were not acknowledged: they are tried again, or become dead letters. */
export class Refusals {
  readonly #group: RefusingGroup
  readonly #host: GroupHost
  readonly #retries: Retries

  constructor(group: RefusingGroup, host: GroupHost, { rules, order }: GroupSettings) {
    this.#group = group
    this.#host = host
    this.#retries = new Retries(rules, order === 'key', host.random)
  }

  judge(envelope: number, delivery: Delivery, failure: Failure): Judgement {
    const nowNs = this.#host.time.nowNs()
    const verdict = this.#retries.judge(envelope, this.generation(envelope), delivery, failure, nowNs)
    if ('reason' in verdict) {
      this.#buryInHand(envelope, delivery, verdict)
      return { outcome: OUTCOME_DEAD, delayUs: 0 }
    }
    if (verdict.isAttempt) this.#group.journal?.attempted(envelope, delivery.attempt)
    else this.#group.journal?.postponed(envelope)
    return { outcome: verdict.isAttempt ? OUTCOME_RETRIED : OUTCOME_RETURNED, delayUs: verdict.delayUs }
  }

  /**
   * A worker thread has died with a message in hand: what becomes of that. One that may not be lost is tried again, but if a
   * thread had died with it before, it may be what kills them; and one that was judged dead stays so.
   */
  mourn(envelope: number): number {
    const { words } = this.#group.envelopes
    const at = envelope * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD
    if ((words[at] & DURABLE_FLAG) === 0) return OUTCOME_WORKER_LOST
    const delivery = this.#group.deliveryOf(envelope)
    const generation = this.generation(envelope)
    const isDead = this.#retries.isDead(envelope, generation)
    if (!isDead) this.#retries.bereft(envelope, generation, delivery, this.#host.time.nowNs())
    if (!isDead && (words[at] & SUSPECT_FLAG) === 0 && !this.#retries.isLast(delivery)) {
      this.#group.journal?.attempted(envelope, delivery.attempt)
      return OUTCOME_RETRIED
    }
    // The backend goes by it.
    words[at] |= SUSPECT_FLAG
    if (!isDead) this.bury(envelope, delivery, { reason: 'workerLost', note: undefined })
    return OUTCOME_DEAD
  }

  /** Processes have died at each attempt that a message may have: says what it is settled with. */
  exhausted(envelope: number): number {
    const delivery = this.#group.deliveryOf(envelope)
    const last = { attempt: delivery.attempt - 1 }
    this.#retries.bereft(envelope, this.generation(envelope), last, this.#host.time.nowNs())
    this.#buryInHand(envelope, delivery, { reason: 'workerLost', note: undefined })
    return OUTCOME_DEAD
  }

  /** The same of one whose thread has to be told, and may die before it settles it. */
  #buryInHand(envelope: number, delivery: Delivery, dead: Dead): void {
    this.bury(envelope, delivery, dead)
    this.#retries.buried(envelope, this.generation(envelope))
  }

  /** Makes a message a dead letter, while it can be read. */
  bury(envelope: number, delivery: Delivery, dead: Dead): void {
    let message: unknown
    try {
      message = this.#group.read(envelope)
    } catch {
      // That is why it is one, and has been told.
    }
    this.#add(envelope, this.generation(envelope), delivery, dead, message)
  }

  /** Makes a message a dead letter that another thread has let go of, and copied: what generation it had. */
  expired(envelope: number, generation: number, delivery: Delivery, message: unknown): void {
    this.#add(envelope, generation, delivery, { reason: 'expired', note: undefined }, message)
  }

  #add(envelope: number, generation: number, delivery: Delivery, { reason, note }: Dead, message: unknown): void {
    const { id, topic, group, key, priority, publishedNs } = delivery
    const diedNs = this.#host.time.nowNs()
    const { journal } = this.#group
    const sequence = journal?.sequenceOf(envelope, generation)
    const attempts = this.#retries.attempts(envelope, generation)
    const letter = { id, topic, group, key, priority, publishedNs, diedNs, reason, note, attempts, message }
    const kept = this.#host.buried(letter, sequence)
    if (kept !== undefined) journal!.buried(sequence!, kept)
  }

  /** The message in an envelope has come to its end. */
  forget(envelope: number): void {
    this.#retries.forget(envelope)
  }

  generation(envelope: number): number {
    return this.#group.envelopes.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION]
  }
}
