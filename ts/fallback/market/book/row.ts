import {
  BOOK_FAULT_CHECKSUM,
  BOOK_FAULT_CROSSED,
  BOOK_FAULT_GAP,
  BOOK_FAULT_INVALIDATED,
  BOOK_FAULT_LEVEL,
  BOOK_FAULT_NONE,
  BOOK_ROW_ASK_PRICE,
  BOOK_ROW_ASK_SIZE,
  BOOK_ROW_BID_PRICE,
  BOOK_ROW_BID_SIZE,
  BOOK_ROW_CHANGES,
  BOOK_ROW_EVENT,
  BOOK_ROW_FAULT,
  BOOK_ROW_FAULTS,
  BOOK_ROW_INIT,
  BOOK_ROW_INSTRUMENT,
  BOOK_ROW_SEQUENCE,
  BOOK_ROW_STATE,
  BOOK_STATE_EMPTY,
  BOOK_STATE_LIVE,
  BOOK_STATE_STALE,
  BOOK_STATE_THINNED,
} from '../../../layout.js'
import type { Book } from './book.js'
import type { Levels } from './levels.js'
import { isFollowing } from './state.js'

const STATES = { empty: BOOK_STATE_EMPTY, live: BOOK_STATE_LIVE, thinned: BOOK_STATE_THINNED, stale: BOOK_STATE_STALE }
const FAULTS = {
  gap: BOOK_FAULT_GAP,
  crossed: BOOK_FAULT_CROSSED,
  checksum: BOOK_FAULT_CHECKSUM,
  level: BOOK_FAULT_LEVEL,
  invalidated: BOOK_FAULT_INVALIDATED,
}

/** Writes a book's state and the top of it at `at`. */
export function writeRow(page: Float64Array, at: number, book: Book, instrument: number, initNs: number): void {
  const { counts, state, fault, bids, asks } = book
  const hasBid = isFollowing(state) && bids.length > 0
  const hasAsk = isFollowing(state) && asks.length > 0
  page[at + BOOK_ROW_STATE] = STATES[state]
  page[at + BOOK_ROW_FAULT] = fault === undefined ? BOOK_FAULT_NONE : FAULTS[fault]
  page[at + BOOK_ROW_BID_PRICE] = priceOf(bids, hasBid)
  page[at + BOOK_ROW_BID_SIZE] = hasBid ? bids.size(0) : NaN
  page[at + BOOK_ROW_ASK_PRICE] = priceOf(asks, hasAsk)
  page[at + BOOK_ROW_ASK_SIZE] = hasAsk ? asks.size(0) : NaN
  page[at + BOOK_ROW_SEQUENCE] = book.lastSequence
  page[at + BOOK_ROW_EVENT] = book.eventNs
  page[at + BOOK_ROW_INIT] = initNs
  page[at + BOOK_ROW_CHANGES] = counts.snapshots + counts.updates
  page[at + BOOK_ROW_FAULTS] = counts.gap + counts.crossed + counts.checksum + counts.level + counts.invalidated
  page[at + BOOK_ROW_INSTRUMENT] = instrument
}

function priceOf(levels: Levels, hasLevel: boolean): number {
  return hasLevel ? Math.abs(levels.key(0)) : NaN
}
