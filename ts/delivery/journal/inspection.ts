/** Looks through a journal without changing it, and lists all that is wrong. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TickbusError } from '../../errors.js'
import {
  checkFrame,
  decodeHeader,
  findFrame,
  frameSequence,
  HEADER_BYTES,
  inDirectory,
  readMark,
  segmentName,
  type SegmentHeader,
  segmentsOf,
} from '../../fallback/index.js'
import { SEQUENCES_SKIPPED } from '../../journal-core.js'

export interface SegmentFault {
  readonly offset: number
  readonly reason: string
  /** A tail that was never promised to anybody: opening the journal cuts it off by itself. */
  readonly isTorn: boolean
}

export interface SegmentReport {
  readonly segment: string
  readonly bytes: number
  readonly records: number
  /** Sequences of its first and last record; 0 where it has none. */
  readonly first: number
  readonly last: number
  /** When its first record was appended, UNIX nanoseconds. */
  readonly timeNs: bigint
  readonly faults: readonly SegmentFault[]
}

export interface JournalReport {
  readonly directory: string
  readonly segments: readonly SegmentReport[]
  readonly records: number
  /** The last sequence that is known to have been synced. */
  readonly synced: number
  /** Whether opening the journal would be refused. */
  readonly isDamaged: boolean
}

/** A run of whole records. */
export interface Stretch {
  readonly start: number
  readonly end: number
  readonly first: number
  readonly last: number
}

/** What lies in one segment, read whole. */
export interface SegmentContents {
  readonly bytes: Uint8Array
  /** Undefined where it cannot be read. */
  readonly header: SegmentHeader | undefined
  readonly stretches: readonly Stretch[]
  readonly faults: readonly Omit<SegmentFault, 'isTorn'>[]
}

/**
 * @throws {TickbusError} `TICKBUS_JOURNAL_MISSING`, `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_IO`
 */
export function inspectJournal(directory: string): JournalReport {
  return inDirectory(directory, () => {
    if (!statSync(directory).isDirectory()) {
      throw new TickbusError('TICKBUS_JOURNAL_MISSING', { directory, reason: 'this is no directory' })
    }
    const synced = readMark(directory)
    const firsts = segmentsOf(directory)
    const contents = firsts.map((first) => readSegment(directory, first))
    const segments = contents.map((one, place) => {
      const isLast = place === contents.length - 1
      return reportOf(firsts[place], one, promisedOf(place, firsts, contents, synced), isLast)
    })
    const records = segments.reduce((sum, segment) => sum + segment.records, 0)
    const isDamaged = segments.some(({ faults }) => faults.some(({ isTorn }) => !isTorn))
    return { directory, segments, records, synced, isDamaged }
  })
}

export function readSegment(directory: string, first: number): SegmentContents {
  const bytes = readFileSync(join(directory, segmentName(first)))
  const faults: { offset: number; reason: string }[] = []
  const header = headerOf(directory, first, bytes, faults)
  const stretches: Stretch[] = []
  let at = header === undefined ? findFrame(bytes, 0, first, first + SEQUENCES_SKIPPED) : HEADER_BYTES
  let next = header === undefined && at >= 0 ? frameSequence(bytes, at) : first
  while (at >= 0 && at < bytes.length) {
    const stretch = stretchFrom(bytes, at, next)
    if (stretch.end > at) stretches.push(stretch)
    if (stretch.end === bytes.length) break
    const length = checkFrame(bytes, stretch.end, bytes.length)
    const reason = typeof length === 'string' ? length : "a record has another's sequence"
    faults.push({ offset: stretch.end, reason })
    at = findFrame(bytes, stretch.end + 1, stretch.last + 1, stretch.last + SEQUENCES_SKIPPED)
    if (at >= 0) next = frameSequence(bytes, at)
  }
  return { bytes, header, stretches, faults }
}

function headerOf(
  directory: string,
  first: number,
  bytes: Uint8Array,
  faults: { offset: number; reason: string }[],
): SegmentHeader | undefined {
  try {
    return decodeHeader(bytes, directory, segmentName(first), first)
  } catch (error) {
    if (!(error instanceof TickbusError) || error.code !== 'TICKBUS_JOURNAL_DAMAGED') throw error
    faults.push({ offset: 0, reason: String(error.details.reason) })
    return undefined
  }
}

/** The whole records from `at` on, the first of which must have the sequence `next`. */
function stretchFrom(bytes: Uint8Array, at: number, next: number): Stretch {
  let [end, last] = [at, next - 1]
  while (end < bytes.length) {
    const length = checkFrame(bytes, end, bytes.length)
    if (typeof length === 'string' || frameSequence(bytes, end) !== last + 1) break
    end += length
    last += 1
  }
  return { start: at, end, first: next, last }
}

/** The next header says up to where a segment must be whole; where none was really begun after it, the mark does. */
function promisedOf(
  place: number,
  firsts: readonly number[],
  contents: readonly SegmentContents[],
  synced: number,
): number {
  const later = contents.slice(place + 1)
  const header = later.find((one) => one.header !== undefined)?.header
  if (header !== undefined) return header.syncedBefore
  const areUnborn = later.every(({ stretches }, nth) => stretches.length === 0 && firsts[place + 1 + nth] > synced)
  return areUnborn ? synced : Infinity
}

function reportOf(
  first: number,
  { bytes, header, stretches, faults }: SegmentContents,
  promised: number,
  isLast: boolean,
): SegmentReport {
  const last = stretches.at(-1)?.last ?? 0
  const whole = stretches[0]?.last ?? first - 1
  // Behind a hole in the last segment nothing may stand; without a header nothing may have been promised at all.
  const isUnborn = header === undefined && stretches.length === 0 && promised < first
  const hasTail = header !== undefined && promised <= whole && (!isLast || stretches.length < 2)
  const isTorn = isUnborn || hasTail
  const found: SegmentFault[] = faults.map((fault) => ({ ...fault, isTorn }))
  if (faults.length === 0 && promised !== Infinity && promised > whole && promised >= first) {
    found.push({ offset: bytes.length, reason: 'records that were synced are missing at the end', isTorn: false })
  }
  return {
    segment: segmentName(first),
    bytes: bytes.length,
    records: stretches.reduce((sum, stretch) => sum + stretch.last - stretch.first + 1, 0),
    first: stretches[0]?.first ?? 0,
    last,
    timeNs: header === undefined ? 0n : new DataView(header.time.buffer).getBigUint64(0, true),
    faults: found,
  }
}

/** Time of a frame as eight bytes. */
export function timeAt(bytes: Uint8Array, at: number): Uint8Array {
  return new Uint8Array(bytes.subarray(at + 16, at + 24))
}
