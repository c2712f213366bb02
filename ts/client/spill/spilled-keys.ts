import { hashKey } from '../key-hash.js'

const BUCKETS = 2 ** 16

/**
 * Which keys have spilled messages, and in which lane's file: whatever comes next in such a key has to follow them there.
 * Keys are told apart by 16 bits of their hash, so that the memory is the same for any number of them; one that is taken for
 * another only waits where it need not.
 */
export class SpilledKeys {
  readonly #counts = new Uint32Array(BUCKETS)
  readonly #lanes = new Uint8Array(BUCKETS)
  readonly #hash = new Uint32Array(2)
  #total = 0

  /** The lane that a key has to follow; -1 for none. */
  laneOf(key: string): number {
    if (this.#total === 0) return -1
    const bucket = this.#bucket(key)
    return this.#counts[bucket] === 0 ? -1 : this.#lanes[bucket]!
  }

  /** One more message of a key lies in a lane's file, where it has to. */
  add(key: string, lane: number): void {
    const bucket = this.#bucket(key)
    this.#counts[bucket]! += 1
    this.#lanes[bucket] = lane
    this.#total += 1
  }

  remove(key: string): void {
    this.#counts[this.#bucket(key)]! -= 1
    this.#total -= 1
  }

  /** Nothing lies in a lane's file any more, whatever was not removed. */
  clear(lane: number): void {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      if (this.#lanes[bucket] !== lane) continue
      this.#total -= this.#counts[bucket]!
      this.#counts[bucket] = 0
    }
  }

  #bucket(key: string): number {
    hashKey(key, this.#hash, 0)
    return this.#hash[0]! & (BUCKETS - 1)
  }
}
