import { LevelRecords } from '../fallback/index.js'
import {
  BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PRICE,
  BOOK_LEVEL_DOUBLE_SIZE,
  BOOK_LEVEL_FLAG_ASK,
  BOOK_LEVEL_FLAG_FIRST,
  BOOK_LEVEL_FLAG_LAST,
  BOOK_LEVEL_FLAG_NONE,
  BOOK_LEVEL_FLAG_PREVIOUS,
  BOOK_LEVEL_FLAG_SNAPSHOT,
  KIND_BOOK_LEVEL,
  RECORD_BYTES,
  RECORD_DOUBLE_EVENT,
  RECORD_WORD_KIND,
} from '../layout.js'
import type { BookUpdate, Level } from './market-message.js'

const RECORD_DOUBLES = RECORD_BYTES / 8
const RECORD_WORDS = RECORD_BYTES / 4
const FLAGS_SHIFT = 8
const LEVELS_AT_FIRST = 256

/**
 * One book update as the records that books are made from. What all its levels have in common stands in the first record
 * alone, where books look for it.
 */
export class UpdateRecords {
  /** Room for the levels of one update; it grows with the longest. */
  records = new LevelRecords(new ArrayBuffer(LEVELS_AT_FIRST * RECORD_BYTES))
  #room = LEVELS_AT_FIRST

  /** Writes an update, and returns how many records it has become. */
  write(update: BookUpdate, eventNs: number): number {
    const { bids, asks, previousSequence } = update
    const levels = bids.length + asks.length
    if (levels > this.#room) this.#grow(levels)
    const { doubles, words } = this.records
    const snapshot = update.kind === 'snapshot' ? BOOK_LEVEL_FLAG_SNAPSHOT : 0
    const shared = snapshot | (previousSequence === undefined ? 0 : BOOK_LEVEL_FLAG_PREVIOUS)
    if (levels === 0) words[RECORD_WORD_KIND] = head(shared | BOOK_LEVEL_FLAG_NONE)
    this.#side(bids, 0, head(shared))
    this.#side(asks, bids.length, head(shared | BOOK_LEVEL_FLAG_ASK))
    const count = Math.max(levels, 1)
    words[RECORD_WORD_KIND] |= BOOK_LEVEL_FLAG_FIRST << FLAGS_SHIFT
    words[(count - 1) * RECORD_WORDS + RECORD_WORD_KIND] |= BOOK_LEVEL_FLAG_LAST << FLAGS_SHIFT
    doubles[RECORD_DOUBLE_EVENT] = eventNs
    doubles[BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE] = update.firstSequence
    doubles[BOOK_LEVEL_DOUBLE_LAST_SEQUENCE] = update.lastSequence
    doubles[BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE] = previousSequence ?? 0
    return count
  }

  #side(levels: readonly Level[], first: number, kind: number): void {
    const { doubles, words } = this.records
    for (let i = 0; i < levels.length; i += 1) {
      const record = first + i
      const level = levels[i]
      words[record * RECORD_WORDS + RECORD_WORD_KIND] = kind
      doubles[record * RECORD_DOUBLES + BOOK_LEVEL_DOUBLE_PRICE] = level[0]
      doubles[record * RECORD_DOUBLES + BOOK_LEVEL_DOUBLE_SIZE] = level[1]
    }
  }

  #grow(levels: number): void {
    this.#room = Math.max(levels, 2 * this.#room)
    this.records = new LevelRecords(new ArrayBuffer(this.#room * RECORD_BYTES))
  }
}

function head(flags: number): number {
  return KIND_BOOK_LEVEL | (flags << FLAGS_SHIFT)
}
