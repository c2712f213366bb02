import { threadId } from 'node:worker_threads'
import { badArgument } from '../errors.js'
import { NAMES_BYTES } from '../workers/index.js'
import { hashKey } from './key-hash.js'

/** A place holds 40 bits of a name's hash, and above them 1 + the thread that has it; no two threads of a process share an id. */
const HASH_BITS = 40n
const PLACES = NAMES_BYTES / 8

/**
 * Who has which group, for all threads of a bus: one table in shared memory. A place is taken and given up in one step, so
 * that a thread may end at any time; what it had then is free.
 */
export class GroupNames {
  readonly #places: BigUint64Array
  /** The lower halves of the places, which are soon compared. */
  readonly #halves: Int32Array
  readonly #isThere: (thread: number) => boolean

  /** `isThere` says whether a thread other than this one is on the bus. */
  constructor(memory: SharedArrayBuffer, isThere: (thread: number) => boolean) {
    this.#places = new BigUint64Array(memory)
    this.#halves = new Int32Array(memory)
    this.#isThere = isThere
  }

  /**
   * Takes a name for this thread. Returns -1, or the other thread that has it; of two threads that try at the same moment
   * both may be refused.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT` if all places are taken.
   */
  claim(name: string): number {
    const wanted = placeOf(name, threadId)
    const holder = this.#holder(wanted)
    if (holder >= 0) return holder
    this.#take(name, wanted)
    // Each of two that came at once had taken a place before it looks again: at least one sees the other.
    const rival = this.#holder(wanted)
    if (rival >= 0) this.release(name)
    return rival
  }

  /** Gives a name up that this thread has. */
  release(name: string): void {
    const mine = placeOf(name, threadId)
    for (let at = 0; at < PLACES; at += 1) Atomics.compareExchange(this.#places, at, mine, 0n)
  }

  /** The other thread that has a name, or -1. */
  #holder(wanted: bigint): number {
    const half = Number(BigInt.asIntN(32, wanted))
    for (let at = 0; at < PLACES; at += 1) {
      if (Atomics.load(this.#halves, 2 * at) !== half) continue
      const found = Atomics.load(this.#places, at)
      if (found === wanted || hashIn(found) !== hashIn(wanted)) continue
      const thread = threadIn(found)
      if (thread >= 0 && this.#isThere(thread)) return thread
    }
    return -1
  }

  #take(name: string, wanted: bigint): void {
    for (let at = 0; at < PLACES; at += 1) {
      const found = Atomics.load(this.#places, at)
      const thread = threadIn(found)
      if (thread >= 0 && (thread === threadId || this.#isThere(thread))) continue
      if (Atomics.compareExchange(this.#places, at, found, wanted) === found) return
    }
    throw badArgument('group', `one of at most ${PLACES} groups with names on a bus`, name)
  }
}

const words = new Uint32Array(2)

function placeOf(name: string, thread: number): bigint {
  hashKey(name, words, 0)
  const hash = BigInt.asUintN(Number(HASH_BITS), (BigInt(words[1]!) << 32n) | BigInt(words[0]!))
  return (BigInt(thread + 1) << HASH_BITS) | hash
}

function hashIn(place: bigint): bigint {
  return BigInt.asUintN(Number(HASH_BITS), place)
}

/** -1 for a free place. */
function threadIn(place: bigint): number {
  return Number(place >> HASH_BITS) - 1
}
