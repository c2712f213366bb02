import type { Core } from '../../dist/core.js'
import type { Overflow, Schedule, ScheduledLane, ScheduleOptions } from '../../dist/lane-core.js'
import {
  ENVELOPE_BYTES,
  ENVELOPE_DOUBLE_DEADLINE,
  ENVELOPE_DOUBLE_QUEUED,
  ENVELOPE_DOUBLES,
  ENVELOPE_WORD_GENERATION,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_KEY_HIGH,
  ENVELOPE_WORD_KEY_LOW,
  ENVELOPE_WORD_TOPIC,
  ENVELOPE_WORDS,
  OUTCOME_CLOSED,
  OUTCOME_CONFLATED,
  OUTCOME_DEAD,
  OUTCOME_DELIVERED,
  OUTCOME_EXPIRED,
  OUTCOME_FAILED,
  OUTCOME_OVERFLOW,
  OUTCOME_RETRIED,
  OUTCOME_RETURNED,
  OUTCOME_SHED,
  OUTCOME_TIMED_OUT,
  OUTCOME_UNDECODABLE,
  OUTCOME_WORKER_LOST,
  OUTCOMES,
  PORT_DOUBLE_NOW,
  PORT_DOUBLE_OLDEST,
  PORT_DOUBLE_SETTLED,
  PORT_SUBMISSIONS,
  PORT_WORD_CONFLATED,
  PORT_WORD_FREE,
  PORT_WORD_FREE_LIST,
  PORT_WORD_LEASE_LIST,
  PORT_WORD_LEASED,
  PORT_WORD_MORE,
  PORT_WORD_RELEASE_LIST,
  PORT_WORD_RELEASED,
  PORT_WORD_ROOM,
  PORT_WORD_RUNNABLE,
  PORT_WORD_RUNNABLE_URGENT,
  PORT_WORD_SETTLE_LIST,
  PORT_WORD_SETTLED,
  PORT_WORD_SUBMIT_LIST,
  PORT_WORD_SUBMITTED,
  PORT_WORD_URGENT,
  PORT_WORD_WAITING,
  PORT_WORD_WANTED,
  PORT_WORDS,
} from '../../dist/layout.js'

export const outcomes = {
  delivered: OUTCOME_DELIVERED,
  failed: OUTCOME_FAILED,
  dead: OUTCOME_DEAD,
  timedOut: OUTCOME_TIMED_OUT,
  workerLost: OUTCOME_WORKER_LOST,
  overflow: OUTCOME_OVERFLOW,
  conflated: OUTCOME_CONFLATED,
  expired: OUTCOME_EXPIRED,
  shed: OUTCOME_SHED,
  closed: OUTCOME_CLOSED,
  undecodable: OUTCOME_UNDECODABLE,
  returned: OUTCOME_RETURNED,
  retried: OUTCOME_RETRIED,
} as const
export type Outcome = keyof typeof outcomes

export interface Message {
  readonly lane?: number
  /** Both halves of the hash; a number is the low one. */
  readonly key?: number | readonly [low: number, high: number]
  readonly topic?: number
  readonly queued?: number
  readonly deadline?: number
}

export interface Turn {
  readonly wanted?: number
  readonly urgent?: number
  readonly now?: number
}

/** What a port says after a turn, the lists by envelope number. */
export interface Answer {
  readonly leased: readonly number[]
  /** The envelope and why. */
  readonly released: readonly (readonly [number: number, reason: number])[]
  readonly free: readonly number[]
  readonly isMore: boolean
  readonly conflated: number
  readonly runnable: number
  readonly runnableUrgent: number
  readonly waiting: readonly number[]
  readonly room: readonly number[]
  /** How many ended so, by outcome. */
  readonly settled: readonly number[]
  /** As of the last inspection. */
  readonly oldest: readonly number[]
}

/** A lane that holds 1,000 and sheds nothing. */
export function lane(overflow: Overflow = 'reject', changes: Partial<ScheduledLane> = {}): ScheduledLane {
  return { capacity: 1_000, overflow, weight: 1, shedTargetNs: 0, shedIntervalNs: 0, ...changes }
}

export interface DeskOptions extends Partial<Omit<ScheduleOptions, 'port' | 'envelopes'>> {
  readonly envelopes?: number
}

/**
 * A thread at the port of a schedule of its own. Unless told otherwise: three ordered lanes, none of them urgent, strict
 * without an age bound.
 */
export class Desk {
  readonly schedule: Schedule
  readonly words: Int32Array
  readonly doubles: Float64Array
  readonly envelopeWords: Int32Array
  readonly envelopeDoubles: Float64Array
  readonly #lanes: number

  constructor(core: Core, { envelopes = 256, lanes = [lane(), lane(), lane()], ...options }: DeskOptions = {}) {
    const port = shared(4 * PORT_WORDS)
    const memory = shared(envelopes * ENVELOPE_BYTES)
    this.words = new Int32Array(port.buffer)
    this.doubles = new Float64Array(port.buffer)
    this.envelopeWords = new Int32Array(memory.buffer)
    this.envelopeDoubles = new Float64Array(memory.buffer)
    this.#lanes = lanes.length
    this.schedule = core.openSchedule({
      port,
      envelopes: memory,
      lanes,
      policy: 'strict',
      urgent: lanes.length,
      ageNs: 0,
      ordered: true,
      ...options,
    })
  }

  /** Takes an envelope, writes a message and appends it to the submission list; returns the envelope's number. */
  submit(message: Message = {}): number {
    const number = this.take()
    this.write(number, message)
    this.append(number)
    return number
  }

  /** Takes the last envelope of the free list. */
  take(): number {
    const count = (this.words[PORT_WORD_FREE] -= 1)
    return this.words[PORT_WORD_FREE_LIST + count]!
  }

  write(number: number, { lane = 0, key = 0, topic = 0, queued = this.now, deadline = 0 }: Message): void {
    const word = number * ENVELOPE_WORDS
    const double = number * ENVELOPE_DOUBLES
    const [low, high] = typeof key === 'number' ? [key, 0] : key
    this.envelopeWords[word + ENVELOPE_WORD_HEAD] = lane
    this.envelopeWords[word + ENVELOPE_WORD_TOPIC] = topic
    this.envelopeWords[word + ENVELOPE_WORD_KEY_LOW] = low
    this.envelopeWords[word + ENVELOPE_WORD_KEY_HIGH] = high
    this.envelopeDoubles[double + ENVELOPE_DOUBLE_QUEUED] = queued
    this.envelopeDoubles[double + ENVELOPE_DOUBLE_DEADLINE] = deadline
  }

  append(number: number): void {
    this.words[PORT_WORD_SUBMIT_LIST + this.words[PORT_WORD_SUBMITTED]!] = number
    this.words[PORT_WORD_SUBMITTED] += 1
  }

  /** Appends to the settlement list. */
  settle(number: number, outcome: Outcome | number = 'delivered', generation = this.generation(number)): void {
    const entry = PORT_WORD_SETTLE_LIST + 2 * this.words[PORT_WORD_SETTLED]!
    this.words[entry] = number | ((typeof outcome === 'number' ? outcome : outcomes[outcome]) << 24)
    this.words[entry + 1] = generation
    this.words[PORT_WORD_SETTLED] += 1
  }

  /** Time stands still unless told. */
  turn({ wanted = 0, urgent = 0, now = this.now }: Turn = {}): Answer {
    this.words[PORT_WORD_WANTED] = wanted
    this.words[PORT_WORD_URGENT] = urgent
    this.now = now
    this.schedule.turn()
    return this.answer()
  }

  clear(): Answer {
    this.schedule.clear()
    return this.answer()
  }

  inspect(): Answer {
    this.schedule.inspect()
    return this.answer()
  }

  get now(): number {
    return this.doubles[PORT_DOUBLE_NOW]!
  }

  set now(time: number) {
    this.doubles[PORT_DOUBLE_NOW] = time
  }

  generation(number: number): number {
    return this.envelopeWords[number * ENVELOPE_WORDS + ENVELOPE_WORD_GENERATION] ?? 0
  }

  attempt(number: number): number {
    return this.envelopeWords[number * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD]! >>> 16
  }

  answer(): Answer {
    return {
      leased: this.#list(PORT_WORD_LEASE_LIST, this.words[PORT_WORD_LEASED]!),
      released: this.#list(PORT_WORD_RELEASE_LIST, this.words[PORT_WORD_RELEASED]!).map((entry) => [
        entry & 0xff_ffff,
        entry >>> 24,
      ]),
      free: this.#list(PORT_WORD_FREE_LIST, this.words[PORT_WORD_FREE]!),
      isMore: this.words[PORT_WORD_MORE] === 1,
      conflated: this.words[PORT_WORD_CONFLATED]!,
      runnable: this.words[PORT_WORD_RUNNABLE]!,
      runnableUrgent: this.words[PORT_WORD_RUNNABLE_URGENT]!,
      waiting: this.#list(PORT_WORD_WAITING, this.#lanes),
      room: this.#list(PORT_WORD_ROOM, this.#lanes),
      settled: [...this.doubles.subarray(PORT_DOUBLE_SETTLED, PORT_DOUBLE_SETTLED + OUTCOMES)],
      oldest: [...this.doubles.subarray(PORT_DOUBLE_OLDEST, PORT_DOUBLE_OLDEST + this.#lanes)],
    }
  }

  /** Every word that anybody may rely on: counts, lists as far as they go, and what the schedule writes to envelopes. */
  trace(): Buffer {
    const { leased, released, free } = this.answer()
    const envelopes = times(this.envelopeWords.length / ENVELOPE_WORDS, (number) => [
      this.generation(number),
      this.attempt(number),
    ])
    return Buffer.from(
      Int32Array.from([
        ...this.words.subarray(0, PORT_WORD_SUBMIT_LIST),
        ...leased,
        ...released.flat(),
        ...free,
        ...envelopes.flat(),
      ]).buffer,
    )
  }

  #list(from: number, count: number): number[] {
    return [...this.words.subarray(from, from + count)]
  }
}

/** Submits messages in order and returns their numbers. */
export function submitAll(desk: Desk, messages: readonly Message[]): number[] {
  return messages.map((message) => desk.submit(message))
}

/** Submits more than one list holds. */
export function submitMany(desk: Desk, messages: readonly Message[]): void {
  for (let from = 0; from < messages.length; from += PORT_SUBMISSIONS) {
    submitAll(desk, messages.slice(from, from + PORT_SUBMISSIONS))
    desk.turn()
  }
}

/** Runs everything that can run, one message a turn, and settles it at once. */
export function runAll(desk: Desk): number[] {
  const order: number[] = []
  for (;;) {
    const { leased } = desk.turn({ wanted: 1 })
    if (leased.length === 0) return order
    order.push(...leased)
    for (const number of leased) desk.settle(number)
  }
}

/** Keys of which many have one half in common. */
export function keysOf(count: number): (readonly [low: number, high: number])[] {
  return [...times(count, (nth) => [1, nth + 2] as const), ...times(count, (nth) => [nth + 2, 1] as const)]
}

/** What `make` gives, so many times. */
export function times<T>(count: number, make: (nth: number) => T): T[] {
  return Array.from({ length: count }, (_, nth) => make(nth))
}

function shared(bytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(bytes))
}
