/** The 64 bytes at the beginning of a segment: see crates/journal/src/header.rs. */
import { join } from 'node:path'
import { TickbusError } from '../../errors.js'
import type { Files } from '../../system.js'
import { crc32c } from './crc32c.js'
import { segmentName } from './directory.js'
import { readLong, readWord, writeLong, writeWord } from './frame.js'

export const HEADER_BYTES = 64
export const JOURNAL_VERSION = 1

const MAGIC = new TextEncoder().encode('TICKBUSJ')
const CHECKSUM = HEADER_BYTES - 4

export interface SegmentHeader {
  /** The first sequence that the segment may hold. */
  readonly first: number
  /** The last sequence written before it. */
  readonly writtenBefore: number
  /** Up to here the segment before is whole; what it has beyond that was never known to be on disk. */
  readonly syncedBefore: number
  /** Eight bytes: the time of its first record, UNIX nanoseconds. */
  readonly time: Uint8Array
}

export function encodeHeader({ first, writtenBefore, syncedBefore, time }: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  bytes.set(MAGIC)
  writeWord(bytes, 8, JOURNAL_VERSION)
  writeWord(bytes, 12, HEADER_BYTES)
  writeLong(bytes, 16, first)
  writeLong(bytes, 24, writtenBefore)
  writeLong(bytes, 32, syncedBefore)
  bytes.set(time, 40)
  writeWord(bytes, CHECKSUM, crc32c(bytes, 0, CHECKSUM))
  return bytes
}

/** @throws {TickbusError} `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_DAMAGED` */
export function decodeHeader(bytes: Uint8Array, directory: string, segment: string, first: number): SegmentHeader {
  if (bytes.length < HEADER_BYTES || !MAGIC.every((byte, place) => bytes[place] === byte)) {
    throw damaged(directory, segment, 0, 'this is no segment of a journal')
  }
  const version = readWord(bytes, 8)
  if (version > JOURNAL_VERSION) throw new TickbusError('TICKBUS_JOURNAL_VERSION', { directory, segment, version })
  if (readWord(bytes, CHECKSUM) !== crc32c(bytes, 0, CHECKSUM)) {
    throw damaged(directory, segment, 0, 'the checksum of the header is wrong')
  }
  if (readLong(bytes, 16) !== first) throw damaged(directory, segment, 0, "the file has another segment's name")
  return {
    first,
    writtenBefore: readLong(bytes, 24),
    syncedBefore: readLong(bytes, 32),
    time: new Uint8Array(bytes.subarray(40, 48)),
  }
}

/**
 * The header of a segment, without what follows.
 *
 * @throws as {@link decodeHeader}, and what the system says
 */
export function readHeader(directory: string, first: number, files: Files): SegmentHeader {
  const name = segmentName(first)
  const bytes = new Uint8Array(HEADER_BYTES)
  const file = files.openSync(join(directory, name), 'r')
  try {
    const length = files.readSync(file, bytes, 0, HEADER_BYTES, 0)
    return decodeHeader(bytes.subarray(0, length), directory, name, first)
  } finally {
    files.closeSync(file)
  }
}

export function damaged(directory: string, segment: string, offset: number, reason: string): TickbusError {
  return new TickbusError('TICKBUS_JOURNAL_DAMAGED', { directory, segment, offset, reason })
}
