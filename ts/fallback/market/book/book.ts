import {
  BOOK_LEVEL_DOUBLE_CHECKSUM,
  BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PRICE,
  BOOK_LEVEL_DOUBLE_SIZE,
  BOOK_LEVEL_FLAG_ASK,
  BOOK_LEVEL_FLAG_CHECKSUM,
  BOOK_LEVEL_FLAG_NONE,
  BOOK_LEVEL_FLAG_PREVIOUS,
  BOOK_LEVEL_FLAG_SNAPSHOT,
  RECORD_DOUBLE_EVENT,
} from '../../../layout.js'
import type { BookSettings } from '../../../market-core.js'
import { checksumOf } from './checksum.js'
import { hasSnapshotApart, judges } from './continuity.js'
import { GAP, type Judge, LATE, type Position } from './continuity/verdict.js'
import { Levels, WHOLE } from './levels.js'
import { Pending } from './pending.js'
import { type LevelRecords, RECORD_DOUBLES } from './records.js'
import { type BookFault, type BookState, isFollowing, noCounts } from './state.js'

/** Levels a side that have to be known for sure: as many as a depth record has. */
export const KNOWN_LEAST = 10

/** An order book by price levels; crates/market's book step for step. */
export class Book {
  readonly counts = noCounts()
  /** Why the book is stale; undefined otherwise. */
  fault: BookFault | undefined
  state: BookState = 'empty'
  /** When the last change happened at the venue, as the records say it. */
  eventNs = 0
  readonly bids: Levels
  readonly asks: Levels
  readonly #settings: BookSettings
  readonly #judge: Judge
  readonly #isApart: boolean
  readonly #position: Position = { last: 0, isAtSnapshot: true }
  readonly #pending = new Pending()

  constructor(settings: BookSettings) {
    this.bids = new Levels(settings.limit)
    this.asks = new Levels(settings.limit)
    this.#settings = settings
    this.#judge = judges[settings.continuity]
    this.#isApart = hasSnapshotApart(settings.continuity)
  }

  /** The venue's number of the last change in the book, 0 where it gives none. */
  get lastSequence(): number {
    return this.#position.last
  }

  /** Memory of the levels, and of updates that wait for a snapshot, in bytes. */
  get bytes(): number {
    return this.bids.bytes + this.asks.bytes + this.#pending.bytes
  }

  /** Applies the update that lies in the records from `first` up to `end`, with the checksum that it carries, if it does. */
  apply(records: LevelRecords, first: number, end: number): BookState {
    const checksum = checksumIn(records, first)
    if ((records.flags(first) & BOOK_LEVEL_FLAG_SNAPSHOT) !== 0) this.#replace(records, first, end, checksum)
    else if (isFollowing(this.state)) this.#follow(records, first, end, checksum)
    else this.#keep(records, first, end)
    return this.state
  }

  /** Says that the book is not what the venue has any more. */
  invalidate(): void {
    this.#pending.take()
    if (isFollowing(this.state)) this.#fail('invalidated')
  }

  #replace(records: LevelRecords, first: number, end: number, checksum: number | undefined): void {
    const last = numberIn(records, first, BOOK_LEVEL_DOUBLE_LAST_SEQUENCE)
    if (this.#isApart && isFollowing(this.state) && last < this.#position.last) {
      this.counts.late += 1
      return
    }
    this.bids.clear()
    this.asks.clear()
    this.state = 'live'
    this.fault = undefined
    this.counts.snapshots += 1
    this.#position.last = last
    this.#position.isAtSnapshot = true
    this.eventNs = records.double(first, RECORD_DOUBLE_EVENT)
    const isSound = this.#write(records, first, end)
    for (const side of [this.bids, this.asks]) {
      if (side.length >= this.#settings.snapshotLevels) side.cutOff()
    }
    this.#examine(isSound, checksum)
    const pending = this.#pending.take()
    for (let at = 0; at < pending.length;) {
      const next = pending.records.endOfUpdate(at, pending.length)
      this.apply(pending.records, at, next)
      at = next
    }
  }

  #follow(records: LevelRecords, first: number, end: number, checksum: number | undefined): void {
    const last = numberIn(records, first, BOOK_LEVEL_DOUBLE_LAST_SEQUENCE)
    const hasPrevious = (records.flags(first) & BOOK_LEVEL_FLAG_PREVIOUS) !== 0
    const previous = hasPrevious ? numberIn(records, first, BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE) : NaN
    const isFirstGiven = checksumIn(records, first) === undefined
    const begin = isFirstGiven ? numberIn(records, first, BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE) : last
    const verdict = this.#judge(this.#position, begin, last, previous)
    if (verdict === LATE) {
      this.counts.late += 1
    } else if (verdict === GAP) {
      this.#fail('gap')
      this.#keep(records, first, end)
    } else {
      this.counts.updates += 1
      this.#position.last = last
      this.#position.isAtSnapshot = false
      this.eventNs = records.double(first, RECORD_DOUBLE_EVENT)
      this.#examine(this.#write(records, first, end), checksum)
    }
  }

  /** Keeps an update for the snapshot to come, if that has to be fitted in among the updates. */
  #keep(records: LevelRecords, first: number, end: number): void {
    this.counts.early += this.#isApart ? this.#pending.push(records, first, end) : 1
  }

  /** Writes the levels. Says whether all of them can be. */
  #write(records: LevelRecords, first: number, end: number): boolean {
    const { doubles } = records
    let givenUp = 0
    for (let record = first; record < end; record += 1) {
      const flags = records.flags(record)
      if ((flags & BOOK_LEVEL_FLAG_NONE) !== 0) break
      const price = doubles[record * RECORD_DOUBLES + BOOK_LEVEL_DOUBLE_PRICE]
      const size = doubles[record * RECORD_DOUBLES + BOOK_LEVEL_DOUBLE_SIZE]
      // False for what is no number, too.
      if (!(price > 0 && price < Infinity && size >= 0 && size < Infinity)) {
        this.counts.givenUp += givenUp
        return false
      }
      givenUp += (flags & BOOK_LEVEL_FLAG_ASK) === 0 ? this.bids.set(price, size) : this.asks.set(-price, size)
    }
    this.counts.givenUp += givenUp
    this.bids.truncate(this.#settings.window)
    this.asks.truncate(this.#settings.window)
    return true
  }

  /** Looks what the book is good for as it is now. */
  #examine(isSound: boolean, checksum: number | undefined): void {
    const kind = this.#settings.checksum
    if (!isSound) return this.#fail('level')
    if (this.#isCrossed()) return this.#fail('crossed')
    if (kind !== undefined && checksum !== undefined) {
      if (checksumOf(kind, this.bids, this.asks) !== checksum) return this.#fail('checksum')
      this.counts.verified += 1
    }
    const state = isThinned(this.bids) || isThinned(this.asks) ? 'thinned' : 'live'
    if (state === 'thinned' && this.state === 'live') this.counts.thinned += 1
    this.state = state
  }

  #isCrossed(): boolean {
    // An ask's key is its negative price.
    return this.bids.length > 0 && this.asks.length > 0 && this.bids.key(0) + this.asks.key(0) >= 0
  }

  #fail(fault: BookFault): void {
    this.state = 'stale'
    this.fault = fault
    this.counts[fault] += 1
  }
}

/** Greatest number that native books tell from others. */
const NUMBER_MOST = 2 ** 64

/** The whole number in a field; what is none, or less than 0, is 0. */
function numberIn(records: LevelRecords, record: number, field: number): number {
  const value = records.double(record, field)
  return value > 0 ? Math.min(Math.trunc(value), NUMBER_MOST) : 0
}

/** A checksum takes the place of the first sequence, which is the last one then. */
function checksumIn(records: LevelRecords, first: number): number | undefined {
  const isGiven = (records.flags(first) & BOOK_LEVEL_FLAG_CHECKSUM) !== 0
  return isGiven ? numberIn(records, first, BOOK_LEVEL_DOUBLE_CHECKSUM) : undefined
}

function isThinned(side: Levels): boolean {
  return side.reach !== WHOLE && side.known(KNOWN_LEAST) < KNOWN_LEAST
}
