import { threadId } from 'node:worker_threads'
import { backoff, type DeathReason, describeError, type FailedAttempt, type RetryRules } from '../delivery/index.js'
import type { Delivery } from './delivery.js'
import type { Word } from './word.js'

/** How many failed attempts of a message are kept. */
const ATTEMPTS_KEPT = 64
/** What is put off waits for so long at least: it would go round and round otherwise. */
const POSTPONED_MS_LEAST = 1

/** It is tried again after a delay; as another attempt, or as the same. */
export interface Again {
  readonly isAttempt: boolean
  readonly delayUs: number
}

/** It is not tried again. */
export interface Dead {
  readonly reason: DeathReason
  readonly note: string | undefined
}

/** A delivery that was not acknowledged, as it can be told from thread to thread. */
export interface Failure extends Pick<Word, 'delayMs' | 'note'>, Omit<FailedAttempt, 'attempt' | 'atNs' | 'reason'> {
  readonly kind: FailedAttempt['reason'] | 'postponed'
}

/** What a word of this thread says of a delivery. */
export function failureOf({ kind, error, delayMs, note }: Word): Failure {
  return { kind: kind as Failure['kind'], delayMs, note, ...describeError(error), worker: threadId }
}

/** A message that was not acknowledged at least once. */
interface History {
  /** Of the envelope. Groups of several threads learn of a message's end by another one alone. */
  readonly generation: number
  /** When that was first. */
  readonly sinceNs: number
  readonly attempts: FailedAttempt[]
  /** It is a dead letter, though the thread that has it in hand may not have settled it yet. */
  isDead: boolean
}

/** Says what becomes of messages of a group that were not acknowledged, and remembers their failures while they wait. */
export class Retries {
  readonly #rules: RetryRules
  readonly #isOrdered: boolean
  readonly #random: () => number
  /** By envelope. */
  readonly #histories = new Map<number, History>()

  /** @param random From 0 to 1: the jitter. */
  constructor(rules: RetryRules, isOrdered: boolean, random: () => number) {
    this.#rules = rules
    this.#isOrdered = isOrdered
    this.#random = random
  }

  judge(envelope: number, generation: number, delivery: Delivery, failure: Failure, nowNs: number): Again | Dead {
    const history = this.#history(envelope, generation, nowNs)
    const { kind } = failure
    if (kind === 'postponed') {
      const delayMs = failure.delayMs ?? backoff(this.#rules, 1, this.#random())
      return this.#again(delivery, history, Math.max(delayMs, POSTPONED_MS_LEAST), nowNs, false)
    }
    note(history, delivery.attempt, kind, failure, nowNs)
    if (kind === 'terminated') return { reason: 'terminated', note: failure.note }
    if (kind === 'undecodable') return dead('undecodable', history)
    if (this.isLast(delivery)) return dead(kind === 'timedOut' ? 'timedOut' : 'failed', history)
    const delayMs = failure.delayMs ?? backoff(this.#rules, delivery.attempt, this.#random())
    return this.#again(delivery, history, delayMs, nowNs, true)
  }

  /** A thread or a process has died with the message in hand. */
  bereft(envelope: number, generation: number, { attempt }: Pick<Delivery, 'attempt'>, nowNs: number): void {
    const nothing = { ...describeError(undefined), delayMs: undefined, note: undefined, kind: 'workerLost' as const }
    note(this.#history(envelope, generation, nowNs), attempt, 'workerLost', { ...nothing, worker: -1 }, nowNs)
  }

  /** Whether it may not be tried again after this one. */
  isLast({ attempt }: Delivery): boolean {
    return attempt >= this.#rules.maxDeliver
  }

  /** The failures of a message, the oldest first. */
  attempts(envelope: number, generation: number): readonly FailedAttempt[] {
    return [...(this.#known(envelope, generation)?.attempts ?? [])]
  }

  /** A message that has failed is a dead letter from now on. */
  buried(envelope: number, generation: number): void {
    this.#known(envelope, generation)!.isDead = true
  }

  isDead(envelope: number, generation: number): boolean {
    return this.#known(envelope, generation)?.isDead === true
  }

  /** The message has come to its end. */
  forget(envelope: number): void {
    if (this.#histories.size > 0) this.#histories.delete(envelope)
  }

  /** A key does not wait for its message longer than it may: if it would, there is no point in waiting at all. */
  #again({ key }: Delivery, history: History, delayMs: number, nowNs: number, isAttempt: boolean): Again | Dead {
    const isBlocking = this.#isOrdered && key !== undefined
    if (isBlocking && nowNs + delayMs * 1e6 - history.sinceNs > this.#rules.maxBlockMs * 1e6) {
      return dead('blocked', history)
    }
    return { isAttempt, delayUs: Math.round(delayMs * 1e3) }
  }

  #known(envelope: number, generation: number): History | undefined {
    const history = this.#histories.get(envelope)
    return history?.generation === generation ? history : undefined
  }

  #history(envelope: number, generation: number, nowNs: number): History {
    let history = this.#known(envelope, generation)
    if (history === undefined) {
      history = { generation, sinceNs: nowNs, attempts: [], isDead: false }
      this.#histories.set(envelope, history)
    }
    return history
  }
}

function note(
  { attempts }: History,
  attempt: number,
  reason: FailedAttempt['reason'],
  { errorClass, errorMessage, stackHash, worker }: Failure,
  atNs: number,
): void {
  attempts.push({ attempt, atNs, reason, errorClass, errorMessage, stackHash, worker })
  if (attempts.length > ATTEMPTS_KEPT) attempts.shift()
}

function dead(reason: DeathReason, { attempts }: History): Dead {
  return { reason, note: attempts.at(-1)?.errorMessage }
}
