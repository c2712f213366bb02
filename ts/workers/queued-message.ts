import type { QueueTerms } from '../bus/index.js'
import {
  QUEUED_BYTES,
  QUEUED_DOUBLE_DEADLINE,
  QUEUED_DOUBLE_ID,
  QUEUED_DOUBLE_PRIORITY,
  QUEUED_NO_KEY,
  QUEUED_WORD_KEY,
  QUEUED_WORD_KIND,
} from '../layout.js'

/** What a publisher said about the queues of other threads: its terms, with the deadline on the clock that all threads share. */
export interface Queueing {
  readonly priority: number
  readonly key: string | undefined
  /** -1 for never. */
  readonly expiresNs: number
  readonly id: number
}

/** A message as it crosses with what its publisher said. */
export interface QueuedMessage {
  readonly queueing: Queueing
  /** The kind word of the message. */
  readonly head: number
  /** What that kind of message has: the fields of a record, or a payload. */
  readonly content: Buffer
}

/** What the terms say; undefined if that is nothing but the id, which alone is not worth the bytes. */
export function queueingOf({ priority, key, deadlineMs, id }: QueueTerms, nowNs: () => number): Queueing | undefined {
  if (priority < 0 && key === undefined && deadlineMs < 0) return undefined
  return { priority, key, expiresNs: deadlineMs < 0 ? -1 : nowNs() + deadlineMs * 1e6, id }
}

/** The same for the thread that queues it: of the time that it may wait, what is left. */
export function termsOf({ priority, key, expiresNs, id }: Queueing, nowNs: () => number): QueueTerms {
  return { priority, key, deadlineMs: expiresNs < 0 ? -1 : Math.max(0, expiresNs - nowNs()) / 1e6, id }
}

/** Keys travel as UTF-16, so that two that differ stay different. */
export function writeQueued({ priority, key, expiresNs, id }: Queueing, head: number, content: Uint8Array): Buffer {
  const keyBytes = key === undefined ? 0 : 2 * key.length
  const contentAt = QUEUED_BYTES + padded(keyBytes)
  const bytes = Buffer.allocUnsafe(contentAt + content.length)
  bytes.writeUInt32LE(head, 4 * QUEUED_WORD_KIND)
  bytes.writeUInt32LE(key === undefined ? QUEUED_NO_KEY : keyBytes, 4 * QUEUED_WORD_KEY)
  bytes.writeDoubleLE(priority, 8 * QUEUED_DOUBLE_PRIORITY)
  bytes.writeDoubleLE(expiresNs, 8 * QUEUED_DOUBLE_DEADLINE)
  bytes.writeDoubleLE(id, 8 * QUEUED_DOUBLE_ID)
  if (keyBytes > 0) bytes.write(key!, QUEUED_BYTES, 'utf16le')
  bytes.set(content, contentAt)
  return bytes
}

export function readQueued(bytes: Buffer): QueuedMessage {
  const length = bytes.readUInt32LE(4 * QUEUED_WORD_KEY)
  const keyBytes = length === QUEUED_NO_KEY ? 0 : length
  const queueing = {
    priority: bytes.readDoubleLE(8 * QUEUED_DOUBLE_PRIORITY),
    key: length === QUEUED_NO_KEY ? undefined : bytes.toString('utf16le', QUEUED_BYTES, QUEUED_BYTES + keyBytes),
    expiresNs: bytes.readDoubleLE(8 * QUEUED_DOUBLE_DEADLINE),
    id: bytes.readDoubleLE(8 * QUEUED_DOUBLE_ID),
  }
  const head = bytes.readUInt32LE(4 * QUEUED_WORD_KIND)
  return { queueing, head, content: bytes.subarray(QUEUED_BYTES + padded(keyBytes)) }
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}
