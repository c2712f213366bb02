import {
  BOOK_LEVEL_DOUBLE_CHECKSUM,
  BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PRICE,
  BOOK_LEVEL_DOUBLE_SIZE,
  BOOK_LEVEL_FLAG_ASK,
  BOOK_LEVEL_FLAG_CHECKSUM,
  BOOK_LEVEL_FLAG_FIRST,
  BOOK_LEVEL_FLAG_LAST,
  BOOK_LEVEL_FLAG_NONE,
  BOOK_LEVEL_FLAG_PREVIOUS,
  BOOK_LEVEL_FLAG_SNAPSHOT,
  KIND_BOOK_LEVEL,
  RECORD_BYTES,
  RECORD_DOUBLE_EVENT,
  RECORD_DOUBLE_INIT,
  RECORD_WORD_KIND,
  RECORD_WORD_TOPIC,
} from '../layout.js'
import type { BookUpdate, Level } from './market-message.js'

const RECORD_DOUBLES = RECORD_BYTES / 8
const RECORD_WORDS = RECORD_BYTES / 4
const FLAGS_SHIFT = 8
const LEVELS_AT_FIRST = 256

/** What the records of an update say beside the update itself; times count from whatever epoch the book's reader has. */
export interface UpdateHead {
  readonly instrument: number
  readonly eventNs: number
  readonly initNs: number
  /** The venue's checksum of the book after the update, with or without a sign. */
  readonly checksum: number | undefined
}

/**
 * One book update as the records that books are made from. What all its levels have in common stands in the first record
 * alone, where books look for it.
 */
export class UpdateRecords {
  /** Room for the levels of one update; it grows with the longest. */
  bytes = new Uint8Array(LEVELS_AT_FIRST * RECORD_BYTES)
  #doubles = new Float64Array(this.bytes.buffer)
  #words = new Uint32Array(this.bytes.buffer)

  /** Writes an update, and returns how many records it has become. */
  write(update: BookUpdate, { instrument, eventNs, initNs, checksum }: UpdateHead): number {
    const { bids, asks, previousSequence } = update
    const levels = bids.length + asks.length
    if (levels * RECORD_BYTES > this.bytes.length) this.#grow(levels)
    const [doubles, words] = [this.#doubles, this.#words]
    const snapshot = update.kind === 'snapshot' ? BOOK_LEVEL_FLAG_SNAPSHOT : 0
    const previous = previousSequence === undefined ? 0 : BOOK_LEVEL_FLAG_PREVIOUS
    const shared = snapshot | previous | (checksum === undefined ? 0 : BOOK_LEVEL_FLAG_CHECKSUM)
    if (levels === 0) words[RECORD_WORD_KIND] = head(shared | BOOK_LEVEL_FLAG_NONE)
    this.#side(bids, 0, head(shared))
    this.#side(asks, bids.length, head(shared | BOOK_LEVEL_FLAG_ASK))
    const count = Math.max(levels, 1)
    words[RECORD_WORD_KIND] |= BOOK_LEVEL_FLAG_FIRST << FLAGS_SHIFT
    words[(count - 1) * RECORD_WORDS + RECORD_WORD_KIND] |= BOOK_LEVEL_FLAG_LAST << FLAGS_SHIFT
    words[RECORD_WORD_TOPIC] = instrument
    doubles[RECORD_DOUBLE_EVENT] = eventNs
    doubles[RECORD_DOUBLE_INIT] = initNs
    doubles[BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE] = update.firstSequence
    doubles[BOOK_LEVEL_DOUBLE_LAST_SEQUENCE] = update.lastSequence
    doubles[BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE] = previousSequence ?? 0
    if (checksum !== undefined) doubles[BOOK_LEVEL_DOUBLE_CHECKSUM] = checksum >>> 0
    return count
  }

  #side(levels: readonly Level[], first: number, kind: number): void {
    const [doubles, words] = [this.#doubles, this.#words]
    for (let i = 0; i < levels.length; i += 1) {
      const record = first + i
      const level = levels[i]
      words[record * RECORD_WORDS + RECORD_WORD_KIND] = kind
      doubles[record * RECORD_DOUBLES + BOOK_LEVEL_DOUBLE_PRICE] = level[0]
      doubles[record * RECORD_DOUBLES + BOOK_LEVEL_DOUBLE_SIZE] = level[1]
    }
  }

  #grow(levels: number): void {
    this.bytes = new Uint8Array(Math.max(levels * RECORD_BYTES, 2 * this.bytes.length))
    this.#doubles = new Float64Array(this.bytes.buffer)
    this.#words = new Uint32Array(this.bytes.buffer)
  }
}

function head(flags: number): number {
  return KIND_BOOK_LEVEL | (flags << FLAGS_SHIFT)
}
