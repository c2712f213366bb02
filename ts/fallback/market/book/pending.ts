import { RECORD_BYTES } from '../../../layout.js'
import { LevelRecords, RECORD_WORDS } from './records.js'

/** Most levels that wait: those of the longest update. */
export const PENDING_MOST = 16_384

const LEVELS_AT_FIRST = 256

/** Updates that wait for a snapshot, in order. Takes memory only while there are some. */
export class Pending {
  #records = new LevelRecords(new ArrayBuffer(0))
  #length = 0

  /** Appends an update. Gives up the older half of what waits if there is no room. Returns how many updates were given up. */
  push(from: LevelRecords, first: number, end: number): number {
    const length = end - first
    if (length > PENDING_MOST) return 1
    let lost = 0
    while (this.#length + length > PENDING_MOST) lost += this.#dropOlderHalf()
    this.#makeRoom(this.#length + length)
    this.#records.words.set(from.words.subarray(first * RECORD_WORDS, end * RECORD_WORDS), this.#length * RECORD_WORDS)
    this.#length += length
    return lost
  }

  /** Memory taken, in bytes. */
  get bytes(): number {
    return this.#records.words.byteLength
  }

  /** Takes out all levels. */
  take(): { records: LevelRecords; length: number } {
    const taken = { records: this.#records, length: this.#length }
    this.#records = new LevelRecords(new ArrayBuffer(0))
    this.#length = 0
    return taken
  }

  #dropOlderHalf(): number {
    const half = Math.ceil(this.#length / 2)
    let levels = 0
    let dropped = 0
    for (; levels < half; dropped += 1) levels = this.#records.endOfUpdate(levels, this.#length)
    this.#records.words.copyWithin(0, levels * RECORD_WORDS, this.#length * RECORD_WORDS)
    this.#length -= levels
    return dropped
  }

  #makeRoom(levels: number): void {
    const room = this.#records.words.length / RECORD_WORDS
    if (levels <= room) return
    const { words } = this.#records
    const grown = Math.min(Math.max(levels, 2 * room, LEVELS_AT_FIRST), PENDING_MOST)
    this.#records = new LevelRecords(new ArrayBuffer(grown * RECORD_BYTES))
    this.#records.words.set(words)
  }
}
