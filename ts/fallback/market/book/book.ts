import {
  BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_LAST_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE,
  BOOK_LEVEL_DOUBLE_PRICE,
  BOOK_LEVEL_DOUBLE_SIZE,
  BOOK_LEVEL_FLAG_ASK,
  BOOK_LEVEL_FLAG_NONE,
  BOOK_LEVEL_FLAG_PREVIOUS,
  BOOK_LEVEL_FLAG_SNAPSHOT,
  RECORD_DOUBLE_EVENT,
} from '../../../layout.js'
import { type ChecksumKind, checksumOf } from './checksum.js'
import { type Continuity, hasSnapshotApart, judges } from './continuity.js'
import { GAP, type Judge, LATE, type Position } from './continuity/verdict.js'
import { Levels, WHOLE } from './levels.js'
import { Pending } from './pending.js'
import { type LevelRecords, RECORD_DOUBLES } from './records.js'
import { type BookFault, type BookState, isFollowing, noCounts } from './state.js'

/** Levels a side that have to be known for sure: as many as a depth record has. */
export const KNOWN_LEAST = 10

/** How a venue keeps the book of an instrument. */
export interface BookSettings {
  readonly continuity: Continuity
  readonly checksum: ChecksumKind | undefined
  /** Most levels that a side keeps. */
  readonly limit: number
  /** How many levels a side the venue tells of; Infinity for all. What falls out of them it repeats when it comes back. */
  readonly window: number
  /** Most levels a side that a snapshot holds: one with so many was cut off there. */
  readonly snapshotLevels: number
}

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

  /** Applies the update that lies in the records from `first` up to `end`, with the checksum that came with it. */
  apply(records: LevelRecords, first: number, end: number, checksum?: number): BookState {
    if ((records.flags(first) & BOOK_LEVEL_FLAG_SNAPSHOT) !== 0) this.#replace(records, first, end, checksum)
    else if (isFollowing(this.state)) this.#follow(records, first, end, checksum)
    else this.#keep(records, first, end)
    return this.state
  }

  #replace(records: LevelRecords, first: number, end: number, checksum: number | undefined): void {
    const last = records.double(first, BOOK_LEVEL_DOUBLE_LAST_SEQUENCE)
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
    const last = records.double(first, BOOK_LEVEL_DOUBLE_LAST_SEQUENCE)
    const hasPrevious = (records.flags(first) & BOOK_LEVEL_FLAG_PREVIOUS) !== 0
    const previous = hasPrevious ? records.double(first, BOOK_LEVEL_DOUBLE_PREVIOUS_SEQUENCE) : NaN
    const begin = records.double(first, BOOK_LEVEL_DOUBLE_FIRST_SEQUENCE)
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

function isThinned(side: Levels): boolean {
  return side.reach !== WHOLE && side.known(KNOWN_LEAST) < KNOWN_LEAST
}
