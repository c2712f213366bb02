import { ASK, BID } from '../batch.js'
import { readLevels } from '../levels.js'
import { Misfit } from '../reject.js'
import { ascii, type Scanner } from '../scanner.js'
import type { Sink } from '../sink.js'
import { Slots } from '../slots.js'

/**
 * Order books, whose updates name the one before them. Before 2023 they did not, and a checksum told of gaps; since 2026
 * the checksum is always 0, which says nothing.
 */
export class Books {
  readonly #fields = new Slots()

  /** Writes one snapshot or update of the instrument whose name lies between `start` and `end`. */
  write(frame: Scanner, start: number, end: number, isSnapshot: boolean, sink: Sink): void {
    const first = sink.batch.length
    const fields = this.#fields
    fields.clear()
    for (let isField = frame.firstKey(); isField; isField = frame.nextKey()) {
      if (frame.isText(BIDS_NAME)) readLevels(fields, BIDS, BID, 'bids', frame, sink)
      else if (frame.isText(ASKS_NAME)) readLevels(fields, ASKS, ASK, 'asks', frame, sink)
      else if (frame.isText(TS_NAME)) fields.whole(UNIX_MS, 'ts', frame)
      else if (frame.isText(SEQ_ID_NAME)) fields.whole(SEQUENCE, 'seqId', frame)
      else if (frame.isText(PREV_SEQ_ID_NAME)) fields.signed(PREVIOUS, 'prevSeqId', frame)
      else if (frame.isText(CHECKSUM_NAME)) fields.signed(CHECKSUM, 'checksum', frame)
      else frame.skip()
    }
    fields.require(BIDS, 'bids')
    fields.require(ASKS, 'asks')
    const trouble = fields.trouble(BIDS) ?? fields.trouble(ASKS)
    if (trouble !== undefined) throw trouble
    const sequence = fields.isFilled(SEQUENCE, 'seqId') ? fields.number(SEQUENCE) : 0
    const checksum = this.#checksum()
    const previous = isSnapshot ? -1 : this.#previous(checksum)
    fields.require(UNIX_MS, 'ts')
    sink.happened(fields.number(UNIX_MS))
    sink.isAbout(frame.bytes, start, end)
    sink.batch.finishUpdate(first, isSnapshot, sequence, sequence, previous)
    if (checksum >= 0) sink.batch.addChecksum(first, checksum)
  }

  /**
   * The number of the update before this one, -1 if there is none. Without it there has to be a checksum, or a gap would
   * never be seen.
   */
  #previous(checksum: number): number {
    const fields = this.#fields
    const isNamed = fields.isFilled(PREVIOUS, 'prevSeqId')
    if (isNamed ? fields.number(PREVIOUS) < 0 : checksum < 0) throw new Misfit('field', 'prevSeqId')
    return isNamed ? fields.number(PREVIOUS) : -1
  }

  /** The 32 bits that the venue writes with a sign; -1 if there are none. */
  #checksum(): number {
    if (!this.#fields.isFilled(CHECKSUM, 'checksum')) return -1
    const number = this.#fields.number(CHECKSUM)
    if (number !== (number | 0)) throw new Misfit('field', 'checksum')
    return number === 0 ? -1 : number >>> 0
  }
}

const BIDS = 0
const ASKS = 1
const UNIX_MS = 2
const SEQUENCE = 3
const PREVIOUS = 4
const CHECKSUM = 5

const BIDS_NAME = ascii('bids')
const ASKS_NAME = ascii('asks')
const TS_NAME = ascii('ts')
const SEQ_ID_NAME = ascii('seqId')
const PREV_SEQ_ID_NAME = ascii('prevSeqId')
const CHECKSUM_NAME = ascii('checksum')
