/** Finds the end of the log, and cuts off what was torn: see crates/journal/src/recovery.rs, which is the same. */
import { join } from 'node:path'
import { TickbusError } from '../../errors.js'
import { type JournalRecovery, RECORD_CLOSED, SEQUENCES_SKIPPED } from '../../journal-core.js'
import type { Files } from '../../system.js'
import { inDirectory, readMark, segmentName, segmentsOf, syncDirectory } from './directory.js'
import { checkFrame, findFrame, FRAME_TYPE, frameSequence } from './frame.js'
import { damaged, decodeHeader, encodeHeader, HEADER_BYTES, type SegmentHeader } from './header.js'

/** @throws {TickbusError} as {@link JournalCore.recoverJournal} */
export function recoverJournal(directory: string, files: Files): JournalRecovery {
  return inDirectory(directory, () => recover(directory, files))
}

function recover(directory: string, files: Files): JournalRecovery {
  const synced = readMark(directory, files)
  let tornBytes = 0
  let begun = 0
  for (const first of segmentsOf(directory, files).toReversed()) {
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
    const torn = bytes.length - end.length
    cut(path, end.length, torn > 0, files)
    const skip = end.isClosed && tornBytes === 0 && begun === 0 ? 1 : SEQUENCES_SKIPPED
    // The first sequence of a segment was handed out, whether or not its record is there.
    const next = Math.max(end.last, begun, skip === 1 ? 0 : first) + skip
    const last = end.last < first ? header.writtenBefore : end.last
    beginAnew(directory, begun, last, files)
    return { last, next, tornBytes: tornBytes + torn }
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
    const isDamaged = error instanceof TickbusError && error.code === 'TICKBUS_JOURNAL_DAMAGED'
    const isUnborn = first > synced && findFrame(bytes, 0, first, first + SEQUENCES_SKIPPED) < 0
    if (isDamaged && isUnborn) return undefined
    throw error
  }
}

interface End {
  readonly length: number
  readonly last: number
  readonly isClosed: boolean
}

/** Where the whole records of the last segment end. */
function scan(directory: string, name: string, bytes: Uint8Array, header: SegmentHeader, synced: number): End {
  let at = HEADER_BYTES
  let last = header.first - 1
  let isClosed = false
  while (at < bytes.length) {
    const length = checkFrame(bytes, at, bytes.length)
    if (typeof length === 'number' && frameSequence(bytes, at) === last + 1) {
      isClosed = bytes[at + FRAME_TYPE] === RECORD_CLOSED
      at += length
      last += 1
      continue
    }
    const isPromised = synced > last
    if (isPromised || findFrame(bytes, at + 1, last + 1, last + SEQUENCES_SKIPPED) >= 0) {
      throw damaged(directory, name, at, typeof length === 'string' ? length : "a record has another's sequence")
    }
    return { length: at, last, isClosed: false }
  }
  // What the mark promises must be there, however cleanly the file ends.
  if (synced > last) throw damaged(directory, name, at, 'records that were synced are missing at the end')
  return { length: at, last, isClosed }
}

function cut(path: string, length: number, isTorn: boolean, files: Files): void {
  const file = files.openSync(path, 'r+')
  try {
    if (isTorn) files.ftruncateSync(file, length)
    files.fsyncSync(file)
  } finally {
    files.closeSync(file)
  }
}
