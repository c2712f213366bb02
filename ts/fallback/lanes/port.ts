import {
  PORT_DOUBLE_DUE,
  PORT_DOUBLE_NOW,
  PORT_DOUBLE_OLDEST,
  PORT_DOUBLE_SETTLED,
  PORT_FREES,
  PORT_LEASES,
  PORT_RELEASES,
  PORT_SETTLEMENTS,
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
  PORT_WORD_DELAYED,
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
} from '../../layout.js'
import { NONE, numberOf } from './nodes.js'
import type { Pool } from './pool.js'

const NUMBER_BITS = 24
const NUMBER_MASK = 2 ** NUMBER_BITS - 1

/** The page of a thread. What it holds may be nonsense: counts are cut to what their lists hold. */
export class Port {
  /** How many messages this turn has leased. */
  leased = 0
  #released = 0
  readonly #words: Int32Array
  readonly #doubles: Float64Array

  constructor({ buffer, byteOffset }: Uint8Array) {
    this.#words = new Int32Array(buffer, byteOffset, PORT_WORDS)
    this.#doubles = new Float64Array(buffer, byteOffset, PORT_WORDS / 2)
  }

  get now(): number {
    return this.#doubles[PORT_DOUBLE_NOW]
  }

  get submitted(): number {
    return this.#count(PORT_WORD_SUBMITTED, PORT_SUBMISSIONS)
  }

  /** The envelope that was submitted nth. */
  submission(nth: number): number {
    return this.#words[PORT_WORD_SUBMIT_LIST + nth]
  }

  get settled(): number {
    return this.#count(PORT_WORD_SETTLED, PORT_SETTLEMENTS)
  }

  /** The envelope that was settled nth, and its outcome. */
  settlement(nth: number): number {
    return this.#words[PORT_WORD_SETTLE_LIST + 2 * nth]
  }

  generation(nth: number): number {
    return this.#words[PORT_WORD_SETTLE_LIST + 2 * nth + 1]
  }

  /** How many messages of any lane are wanted. */
  get wanted(): number {
    return this.#count(PORT_WORD_WANTED, PORT_LEASES)
  }

  /** How many more of urgent lanes. */
  get urgent(): number {
    return this.#count(PORT_WORD_URGENT, PORT_LEASES)
  }

  get isReleaseListFull(): boolean {
    return this.#released === PORT_RELEASES
  }

  /** Both lists were taken in. */
  empty(): void {
    this.#words[PORT_WORD_SUBMITTED] = 0
    this.#words[PORT_WORD_SETTLED] = 0
  }

  /** A turn begins: nothing is leased and released yet. */
  begin(): void {
    this.leased = 0
    this.#released = 0
    this.#words[PORT_WORD_MORE] = 0
    this.#words[PORT_WORD_CONFLATED] = 0
  }

  lease(number: number): void {
    this.#words[PORT_WORD_LEASE_LIST + this.leased] = number
    this.leased += 1
  }

  /** Adds to the release list, which is not full, and counts the reason. */
  release(number: number, reason: number): void {
    this.#words[PORT_WORD_RELEASE_LIST + this.#released] = number | (reason << NUMBER_BITS)
    this.#released += 1
    this.countOutcome(reason)
  }

  /** Fills the free list up, as far as there are envelopes. */
  fill(pool: Pool): void {
    const words = this.#words
    let count = this.#count(PORT_WORD_FREE, PORT_FREES)
    for (; count < PORT_FREES; count += 1) {
      const node = pool.take()
      if (node === NONE) break
      words[PORT_WORD_FREE_LIST + count] = numberOf(node)
    }
    words[PORT_WORD_FREE] = count
  }

  countOutcome(outcome: number): void {
    this.#doubles[PORT_DOUBLE_SETTLED + outcome] += 1
  }

  countConflated(): void {
    this.#words[PORT_WORD_CONFLATED] += 1
  }

  stopForReleases(): void {
    this.#words[PORT_WORD_MORE] = 1
  }

  /** A turn ends. */
  end(): void {
    this.#words[PORT_WORD_LEASED] = this.leased
    this.#words[PORT_WORD_RELEASED] = this.#released
  }

  tellLane(lane: number, waiting: number, room: number): void {
    this.#words[PORT_WORD_WAITING + lane] = waiting
    this.#words[PORT_WORD_ROOM + lane] = room
  }

  tellRunnable(count: number, urgentCount: number): void {
    this.#words[PORT_WORD_RUNNABLE] = count
    this.#words[PORT_WORD_RUNNABLE_URGENT] = urgentCount
  }

  /** How many wait for their time, and when the first of them is due; 0 if none does. */
  tellDelayed(count: number, due: number): void {
    this.#words[PORT_WORD_DELAYED] = count
    this.#doubles[PORT_DOUBLE_DUE] = due
  }

  tellOldest(lane: number, queued: number): void {
    this.#doubles[PORT_DOUBLE_OLDEST + lane] = queued
  }

  #count(word: number, most: number): number {
    return Math.min(this.#words[word] >>> 0, most)
  }
}

/** The envelope of an entry. */
export function envelopeIn(entry: number): number {
  return entry & NUMBER_MASK
}

export function outcomeIn(entry: number): number {
  return entry >>> NUMBER_BITS
}
