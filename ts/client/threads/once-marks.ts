/** What identifies no message, and what could not be told of one. */
const NONE = 0
export const UNTOLD = -1

const WORD_DUPLICATES = 0
const HEAD_WORDS = 1

/** States of a place; beyond them it is under way, and the state says in which envelope. */
const FRESH = 0
const DONE = 1
const UNDER_WAY = 2

/** Whether a delivery begins: `untold` if nobody knows what message it is. */
export type OnceState = 'fresh' | 'underWay' | 'done' | 'untold'

/**
 * Which messages of effectively-once topics are under way or handled, in memory that all threads of a group share. Each text
 * that identifies messages has a place here, which the owner gave it ({@link OnceLedger}); whoever is about to handle a
 * message claims its place by one compare-and-swap. So nobody is asked, and what a thread says counts before it settles.
 */
export class OnceMarks {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  /** Of the first place. */
  readonly #states: number

  static bytes(envelopes: number, places: number): number {
    return 4 * (HEAD_WORDS + envelopes + places)
  }

  /** Zeroed memory of {@link OnceMarks.bytes}, or such as another thread works on. */
  constructor(memory: SharedArrayBuffer, envelopes: number) {
    this.memory = memory
    this.#words = new Int32Array(memory)
    this.#states = HEAD_WORDS + envelopes
  }

  /** Deliveries that did not begin, since a copy was acknowledged. */
  get duplicates(): number {
    return Atomics.load(this.#words, WORD_DUPLICATES) >>> 0
  }

  // What threads do with messages that they have in hand.

  /** The message in an envelope is about to be handled; if it is fresh, it is under way from now on. */
  begin(envelope: number): OnceState {
    const place = this.placeOf(envelope)
    if (place === NONE) return 'fresh'
    if (place === UNTOLD) return 'untold'
    const state = Atomics.compareExchange(this.#words, this.#states + place, FRESH, UNDER_WAY + envelope)
    if (state === FRESH) return 'fresh'
    if (state !== DONE) return 'underWay'
    Atomics.add(this.#words, WORD_DUPLICATES, 1)
    return 'done'
  }

  /** The delivery that began in an envelope has come to its end; says whether there was one. */
  end(envelope: number, isAcknowledged: boolean): boolean {
    const place = this.placeOf(envelope)
    if (place <= NONE) return false
    const before = UNDER_WAY + envelope
    return Atomics.compareExchange(this.#words, this.#states + place, before, isAcknowledged ? DONE : FRESH) === before
  }

  // What the owner does.

  placeOf(envelope: number): number {
    return Atomics.load(this.#words, HEAD_WORDS + envelope)
  }

  /** The message in an envelope has its place here; before it is submitted. */
  assign(envelope: number, place: number): void {
    Atomics.store(this.#words, HEAD_WORDS + envelope, place)
  }

  vacate(envelope: number): void {
    this.assign(envelope, NONE)
  }

  isDone(place: number): boolean {
    return Atomics.load(this.#words, this.#states + place) === DONE
  }

  setDone(place: number): void {
    Atomics.store(this.#words, this.#states + place, DONE)
  }

  /** Something else may have the place. */
  clear(place: number): void {
    Atomics.store(this.#words, this.#states + place, FRESH)
  }
}
