/** Finds the end of the log, and cuts off what was torn: see crates/journal/src/recovery.rs, which is the same. */
import { join } from 'node:path'
import { TickbusError } from '../../errors.js'
import { type JournalRecovery, RECORD_CLOSED, SEQUENCES_SKIPPED } from '../../journal-core.js'
import type { Files } from '../../system.js'
import { inDirectory, readMark, segmentName, segmentsOf, syncDirectory } from './directory.js'
import { checkFrame, findFrame, FRAME_TYPE, frameSequence } from './frame.js'
import { damaged, decodeHeader, encodeHeader, HEADER_BYTES, readHeader, type SegmentHeader } from './header.js'

/** @throws {TickbusError} as {@link JournalCore.recoverJournal} */
export function recoverJournal(directory: string, files: Files): JournalRecovery {
  return inDirectory(directory, () => recover(directory, files))
}

function recover(directory: string, files: Files): JournalRecovery {
  const synced = readMark(directory, files)
  let tornBytes = 0
  let begun = 0
  const firsts = segmentsOf(directory, files).toReversed()
  for (const [place, first] of firsts.entries()) {
    const name = segmentName(first)
    const path = join(directory, name)
    const bytes = files.readFileSync(path)
    const header = bornHeader(directory, name, bytes, first, synced)
    if (header === undefined) {
      // Created and never heard of again: not even its header reached the disk. The newest is begun anew below.
      tornBytes += bytes.length
      if (begun === 0) begun = first
      else files.rmSync(path)
      continue
    }
    const end = scan(directory, name, bytes, header, synced)
    const unborn = unbornBefore(directory, header, firsts.slice(place + 1), files)
    const torn = bytes.length - end.length
    for (const one of unborn) files.rmSync(one.path)
    settleBefore(directory, header, firsts.slice(place + 1), files)
    settle(path, bytes, end, files)
    const skip = end.isClosed && tornBytes === 0 && begun === 0 ? 1 : SEQUENCES_SKIPPED
    // The first sequence of a segment was handed out, whether or not its record is there.
    const next = Math.max(end.last, begun, skip === 1 ? 0 : first) + skip
    const last = end.last < first ? header.writtenBefore : end.last
    beginAnew(directory, begun, last, files)
    return { last, next, tornBytes: unborn.reduce((sum, one) => sum + one.bytes, tornBytes + torn) }
  }
  // Sequences of a log that is empty by now may have been handed out all the same.
  const handedOut = Math.max(begun, synced)
  beginAnew(directory, begun, 0, files)
  return { last: 0, next: handedOut === 0 ? 1 : handedOut + SEQUENCES_SKIPPED, tornBytes }
}

/**
 * Leaves an empty segment where one was never really begun: its name is what tells the next recovery which sequences were
 * handed out.
 */
function beginAnew(directory: string, first: number, last: number, files: Files): void {
  if (first > 0) {
    const file = files.openSync(join(directory, segmentName(first)), 'w')
    try {
      files.writeSync(file, encodeHeader({ first, writtenBefore: last, syncedBefore: last, time: new Uint8Array(8) }))
      files.fsyncSync(file)
    } finally {
      files.closeSync(file)
    }
  }
  syncDirectory(directory, files)
}

/** The header of a segment, or undefined if the segment was never really begun. */
function bornHeader(
  directory: string,
  name: string,
  bytes: Uint8Array,
  first: number,
  synced: number,
): SegmentHeader | undefined {
  try {
    return decodeHeader(bytes, directory, name, first)
  } catch (error) {
    if (isDamaged(error) && isUnborn(bytes, first, synced)) return undefined
    throw error
  }
}

/**
 * Segments before one that were never really begun either: their first sync failed, the writer went on with the next one,
 * and the power took what was not on disk. The next header that is there says that nothing in them was synced.
 */
function unbornBefore(
  directory: string,
  header: SegmentHeader,
  firsts: readonly number[],
  files: Files,
): readonly { readonly path: string; readonly bytes: number }[] {
  const unborn: { path: string; bytes: number }[] = []
  let after = header
  for (const first of firsts) {
    try {
      after = readHeader(directory, first, files)
    } catch (error) {
      if (!isDamaged(error)) throw error
      const path = join(directory, segmentName(first))
      const bytes = files.readFileSync(path)
      if (!isUnborn(bytes, first, after.syncedBefore)) throw error
      unborn.push({ path, bytes: bytes.length })
    }
  }
  return unborn
}

function isDamaged(error: unknown): boolean {
  return error instanceof TickbusError && error.code === 'TICKBUS_JOURNAL_DAMAGED'
}

/** Whether nothing in a segment without a header was ever known to be on disk, nor is there. */
function isUnborn(bytes: Uint8Array, first: number, synced: number): boolean {
  return first > synced && findFrame(bytes, 0, first, first + SEQUENCES_SKIPPED) < 0
}

interface End {
  readonly length: number
  /** Up to here the mark says that it is on disk. */
  readonly synced: number
  readonly last: number
  readonly isClosed: boolean
}

/** Where the whole records of the last segment end. */
function scan(directory: string, name: string, bytes: Uint8Array, header: SegmentHeader, synced: number): End {
  let at = HEADER_BYTES
  let onDisk = 0
  let last = header.first - 1
  let isClosed = false
  while (at < bytes.length) {
    const length = checkFrame(bytes, at, bytes.length)
    if (typeof length === 'number' && frameSequence(bytes, at) === last + 1) {
      isClosed = bytes[at + FRAME_TYPE] === RECORD_CLOSED
      at += length
      last += 1
      if (last <= synced) onDisk = at
      continue
    }
    const isPromised = synced > last
    if (isPromised || findFrame(bytes, at + 1, last + 1, last + SEQUENCES_SKIPPED) >= 0) {
      throw damaged(directory, name, at, typeof length === 'string' ? length : "a record has another's sequence")
    }
    return { length: at, synced: onDisk, last, isClosed: false }
  }
  // What the mark promises must be there, however cleanly the file ends.
  if (synced > last) throw damaged(directory, name, at, 'records that were synced are missing at the end')
  return { length: at, synced: onDisk, last, isClosed }
}

/**
 * Brings to disk what failed syncs have left in doubt of the segments before one, as the header after each of them says: it is
 * read back with the rest, and counts as safe from now on.
 */
function settleBefore(directory: string, header: SegmentHeader, firsts: readonly number[], files: Files): void {
  let after = header
  for (const first of firsts) {
    const path = join(directory, segmentName(first))
    // Not even its header was there.
    if (!files.existsSync(path)) continue
    if (after.syncedBefore < after.writtenBefore) {
      const bytes = files.readFileSync(path)
      settle(path, bytes, { length: bytes.length, synced: endOf(bytes, first, after.syncedBefore) }, files)
    }
    after = readHeader(directory, first, files)
  }
}

/** Where the records of a segment end that are not later than a sequence. */
function endOf(bytes: Uint8Array, first: number, last: number): number {
  let at = last < first ? 0 : HEADER_BYTES
  for (let sequence = first; sequence <= last; sequence += 1) {
    const length = checkFrame(bytes, at, bytes.length)
    if (typeof length !== 'number') break
    at += length
  }
  return at
}

/**
 * Cuts off what is torn, and brings the rest to disk. What the mark does not speak of is written once more: a sync of the
 * process before may have failed, and the system then takes for written what is not on disk.
 */
function settle(
  path: string,
  bytes: Uint8Array,
  { length, synced }: Pick<End, 'length' | 'synced'>,
  files: Files,
): void {
  const file = files.openSync(path, 'r+')
  try {
    if (length < bytes.length) files.ftruncateSync(file, length)
    for (let at = synced; at < length;) at += files.writeSync(file, bytes, at, length - at, at)
    files.fsyncSync(file)
  } finally {
    files.closeSync(file)
  }
}
