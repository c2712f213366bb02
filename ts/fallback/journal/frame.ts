/** Frames as they lie on disk: see journal-core.ts and crates/journal/src/frame.rs. */
import { FRAME_BODY_BYTES_MOST, FRAME_HEAD_BYTES } from '../../journal-core.js'
import { crc32c } from './crc32c.js'

export const FRAME_TYPE = 24

const CHECKSUM = 4
const SEQUENCE = 8
const TIME = 16

/** Why bytes are no frame. */
export type NoFrame = (typeof noFrame)[keyof typeof noFrame]

const noFrame = {
  short: 'the file ends within a record',
  long: 'a record cannot be as long as this one says',
  checksum: 'the checksum of a record is wrong',
} as const

/** Whole numbers below 2^53, which sequences are. */
export function readLong(bytes: Uint8Array, at: number): number {
  return readWord(bytes, at) + readWord(bytes, at + 4) * 2 ** 32
}

export function writeLong(bytes: Uint8Array, at: number, value: number): void {
  writeWord(bytes, at, value >>> 0)
  writeWord(bytes, at + 4, Math.floor(value / 2 ** 32))
}

export function readWord(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
}

export function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

/** Bytes of the whole frame that begins at `at`, by what it says; or why it is none. */
export function frameBytes(bytes: Uint8Array, at: number, end: number): number | NoFrame {
  if (end - at < FRAME_HEAD_BYTES) return noFrame.short
  const body = readWord(bytes, at)
  return body > FRAME_BODY_BYTES_MOST ? noFrame.long : FRAME_HEAD_BYTES + body
}

/** The same, checked. */
export function checkFrame(bytes: Uint8Array, at: number, end: number): number | NoFrame {
  const length = frameBytes(bytes, at, end)
  if (typeof length === 'string') return length
  if (end - at < length) return noFrame.short
  return readWord(bytes, at + CHECKSUM) === checksum(bytes, at, length) ? length : noFrame.checksum
}

/** Puts the checksum into a frame that has all the rest. */
export function sealFrame(bytes: Uint8Array, at: number, length: number): void {
  writeWord(bytes, at + CHECKSUM, checksum(bytes, at, length))
}

export function frameSequence(bytes: Uint8Array, at: number): number {
  return readLong(bytes, at + SEQUENCE)
}

/** The time as it lies there: low and high half. */
export function frameTime(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(at + TIME, at + TIME + 8)
}

/** Where a frame of a sequence from `least` to `most` begins, at `from` or behind it; -1 if there is none. */
export function findFrame(bytes: Uint8Array, from: number, least: number, most: number): number {
  for (let at = from; at <= bytes.length - FRAME_HEAD_BYTES; at++) {
    const sequence = frameSequence(bytes, at)
    if (sequence >= least && sequence <= most && typeof checkFrame(bytes, at, bytes.length) === 'number') return at
  }
  return -1
}

function checksum(bytes: Uint8Array, at: number, length: number): number {
  return crc32c(bytes, at + SEQUENCE, at + length, crc32c(bytes, at, at + CHECKSUM))
}
