/** Reads whole records in order, also while a writer adds to them: see crates/journal/src/reader.rs, which is the same. */
import { join } from 'node:path'
import { TickbusError } from '../../errors.js'
import { FRAME_HEAD_BYTES, type JournalFrames } from '../../journal-core.js'
import type { Files } from '../../system.js'
import { inDirectory, segmentName, segmentsOf } from './directory.js'
import { checkFrame, frameBytes, frameSequence } from './frame.js'
import { damaged, decodeHeader, HEADER_BYTES, type SegmentHeader } from './header.js'

const BLOCK_BYTES = 2 ** 20

/** Within a segment. */
interface Place {
  readonly header: SegmentHeader
  readonly name: string
  /** What was read of the file, from `offset` on, the first `used` bytes of it being done with. */
  block: Uint8Array
  used: number
  offset: number
  /** The last sequence that was read here. */
  last: number
}

export class JsJournalReader implements JournalFrames {
  readonly #directory: string
  #from: number
  readonly #files: Files
  #place: Place | undefined

  constructor(directory: string, from: number, files: Files) {
    this.#directory = directory
    this.#from = from
    this.#files = files
  }

  read(out: Uint8Array, through: number): number {
    return inDirectory(this.#directory, () => this.#read(out, through))
  }

  #read(out: Uint8Array, through: number): number {
    let copied = 0
    for (;;) {
      if (this.#place === undefined && !this.#enter(through)) return copied
      const place = this.#place!
      const length = this.#ifThere(place.header.first, () => this.#next(place))
      if (length === undefined) {
        this.#goOnAfter(place.last)
        continue
      }
      const sequence = typeof length === 'number' ? frameSequence(place.block, place.used) : 0
      if (typeof length === 'string' || sequence !== place.last + 1) {
        const reason = typeof length === 'string' ? length : "a record has another's sequence"
        if (this.#leave(place, reason, through)) continue
        return copied
      }
      if (sequence > through) return copied
      if (sequence >= this.#from) {
        if (copied + length > out.length) return copied > 0 ? copied : -length
        out.set(place.block.subarray(place.used, place.used + length), copied)
        copied += length
      }
      place.used += length
      place.last = sequence
    }
  }

  /** Opens the segment in which `from` lies, or the next one; false if it is not there yet. */
  #enter(through: number): boolean {
    for (;;) {
      const firsts = segmentsOf(this.#directory, this.#files)
      if (firsts.length === 0) return false
      const at = Math.max(
        0,
        firsts.findLastIndex((first) => first <= this.#from),
      )
      const place = this.#ifThere(firsts[at], () => this.#open(firsts[at], at === firsts.length - 1, through))
      if (place === undefined) continue
      this.#place = place ?? undefined
      return place !== null
    }
  }

  /** The segment is gone, and all before it: enters the oldest one that is there. */
  #goOnAfter(last: number): void {
    this.#from = Math.max(this.#from, last + 1)
    this.#place = undefined
  }

  /** Undefined if the segment was removed because its writer needs it no more: it removes the oldest ones first. */
  #ifThere<T>(first: number, work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (isMissing && segmentsOf(this.#directory, this.#files)[0] > first) return undefined
      throw error
    }
  }

  /** Null if its writer has just begun it. */
  #open(first: number, isLast: boolean, through: number): Place | null {
    const name = segmentName(first)
    const bytes = this.#bytes(name, 0, HEADER_BYTES)
    try {
      const header = decodeHeader(bytes, this.#directory, name, first)
      return { header, name, block: new Uint8Array(0), used: 0, offset: HEADER_BYTES, last: first - 1 }
    } catch (error) {
      const isDamaged = error instanceof TickbusError && error.code === 'TICKBUS_JOURNAL_DAMAGED'
      const isUnborn = isLast && (through < first || (through === Infinity && bytes.length < HEADER_BYTES))
      if (isDamaged && isUnborn) return null
      throw error
    }
  }

  /** There is no record where one was looked for. False if this is the last segment and more may come. */
  #leave(ended: Place, reason: string, through: number): boolean {
    const damage = (what: string) => damaged(this.#directory, ended.name, ended.offset + ended.used, what)
    const { first } = ended.header
    const firsts = segmentsOf(this.#directory, this.#files)
    if (firsts[0] > first) {
      this.#goOnAfter(ended.last)
      return true
    }
    const next = firsts.find((other) => other > first)
    if (next === undefined) {
      if (through !== Infinity && through > ended.last) throw damage(reason)
      return false
    }
    const entered = this.#ifThere(next, () => this.#open(next, firsts.at(-1) === next, through))
    if (entered === undefined) {
      this.#goOnAfter(ended.last)
      return true
    }
    // Its writer has just begun.
    if (entered === null) return false
    const { syncedBefore, writtenBefore } = entered.header
    const whole = Math.min(syncedBefore, writtenBefore)
    // A segment without records ends where the one before it did.
    if (ended.last < whole && whole >= first) throw damage(reason)
    if (ended.last >= first && writtenBefore < Math.min(first - 1, ended.last)) {
      throw damage('the segment after it begins before it ends')
    }
    this.#place = entered
    return true
  }

  /** Length of the frame that comes next, whole in the block; or why there is none. */
  #next(place: Place): ReturnType<typeof checkFrame> {
    if (place.block.length - place.used < FRAME_HEAD_BYTES) this.#fill(place, BLOCK_BYTES)
    const length = frameBytes(place.block, place.used, place.block.length)
    if (typeof length === 'string') return length
    if (place.block.length - place.used < length) this.#fill(place, Math.max(length, BLOCK_BYTES))
    const found = checkFrame(place.block, place.used, place.block.length)
    // It may be half there; the next look reads it again.
    if (typeof found === 'string') this.#fill(place, 0)
    return found
  }

  /** Makes the block begin with the frame that comes next, and hold up to `bytes`. */
  #fill(place: Place, bytes: number): void {
    place.offset += place.used
    place.used = 0
    place.block = this.#bytes(place.name, place.offset, bytes)
  }

  #bytes(name: string, offset: number, most: number): Uint8Array {
    const bytes = new Uint8Array(most)
    if (most === 0) return bytes
    const file = this.#files.openSync(join(this.#directory, name), 'r')
    try {
      let filled = 0
      for (;;) {
        const more = this.#files.readSync(file, bytes, filled, most - filled, offset + filled)
        filled += more
        if (more === 0 || filled === most) return bytes.subarray(0, filled)
      }
    } finally {
      this.#files.closeSync(file)
    }
  }
}
