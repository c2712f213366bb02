import {
  BOOK_LEVEL_FLAG_LAST,
  KIND_BOOK_LEVEL,
  RECORD_BYTES,
  RECORD_WORD_KIND,
  RECORD_WORD_TOPIC,
} from '../../../layout.js'

export const RECORD_DOUBLES = RECORD_BYTES / 8
export const RECORD_WORDS = RECORD_BYTES / 4
const FLAGS_SHIFT = 8
const KIND_MASK = 0xff

/** Records as decoders write them, the same memory seen two ways. */
export class LevelRecords {
  readonly doubles: Float64Array
  readonly words: Uint32Array

  constructor(memory: ArrayBufferLike, offset = 0, bytes = memory.byteLength - offset) {
    const length = bytes - (bytes % RECORD_BYTES)
    this.doubles = new Float64Array(memory, offset, length / 8)
    this.words = new Uint32Array(memory, offset, length / 4)
  }

  flags(record: number): number {
    return (this.words[record * RECORD_WORDS + RECORD_WORD_KIND] >>> FLAGS_SHIFT) & KIND_MASK
  }

  double(record: number, field: number): number {
    return this.doubles[record * RECORD_DOUBLES + field]
  }

  instrument(record: number): number {
    return this.words[record * RECORD_WORDS + RECORD_WORD_TOPIC]
  }

  isLevel(record: number): boolean {
    return (this.words[record * RECORD_WORDS + RECORD_WORD_KIND] & KIND_MASK) === KIND_BOOK_LEVEL
  }

  /** Where the update that begins with a record ends: behind its last level or what is none, and at most at `end`. */
  endOfUpdate(record: number, end: number): number {
    while (record < end && this.isLevel(record) && (this.flags(record) & BOOK_LEVEL_FLAG_LAST) === 0) record += 1
    return Math.min(record + 1, end)
  }
}
