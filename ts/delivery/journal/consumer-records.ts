/** What consumers have done, as bodies of records. docs/journal-format.md has them. */
import { readLong, writeLong } from '../../fallback/index.js'
import type { SequenceRange } from '../../journal-core.js'

/** Added to how often a message was delivered: the last time has begun, and nothing else is known of it. */
export const UNDER_WAY = 2 ** 15

/** The whole state of one consumer. */
export interface Checkpoint {
  readonly consumer: string
  /** All messages up to here are acknowledged. A consumer that was removed is past all. */
  readonly position: number
  /** Those that are acknowledged beyond it. */
  readonly ranges: readonly SequenceRange[]
  /** Deliveries so far of messages that are not acknowledged, where there were any; of some with {@link UNDER_WAY}. */
  readonly attempts: ReadonlyMap<number, number>
}

export function encodeAcknowledged(consumer: string, ranges: readonly SequenceRange[]): Uint8Array {
  const body = new Body(consumer, 4 + 16 * ranges.length)
  body.ranges(ranges)
  return body.bytes
}

export function decodeAcknowledged(bytes: Uint8Array): { consumer: string; ranges: SequenceRange[] } {
  const body = new Body(bytes)
  return { consumer: body.consumer, ranges: body.readRanges() }
}

export function encodeAttempted(consumer: string, sequence: number, attempts: number): Uint8Array {
  const body = new Body(consumer, 10)
  body.long(sequence)
  body.short(attempts)
  return body.bytes
}

export function decodeAttempted(bytes: Uint8Array): { consumer: string; sequence: number; attempts: number } {
  const body = new Body(bytes)
  return { consumer: body.consumer, sequence: body.readLong(), attempts: body.readShort() }
}

export function encodeCheckpoint({ consumer, position, ranges, attempts }: Checkpoint): Uint8Array {
  const body = new Body(consumer, 8 + 4 + 16 * ranges.length + 4 + 10 * attempts.size)
  body.long(position)
  body.ranges(ranges)
  body.word(attempts.size)
  for (const [sequence, count] of attempts) {
    body.long(sequence)
    body.short(count)
  }
  return body.bytes
}

export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const body = new Body(bytes)
  const position = body.readLong()
  const ranges = body.readRanges()
  const attempts = new Map<number, number>()
  for (let left = body.readWord(); left > 0; left--) attempts.set(body.readLong(), body.readShort())
  return { consumer: body.consumer, position, ranges, attempts }
}

/** A body that begins with a consumer's name: written, or read from bytes that are there. */
class Body {
  readonly bytes: Uint8Array
  readonly consumer: string
  readonly #view: DataView
  #at: number

  constructor(bytes: Uint8Array)
  constructor(consumer: string, rest: number)
  constructor(given: Uint8Array | string, rest = 0) {
    if (typeof given === 'string') {
      const name = new TextEncoder().encode(given)
      this.bytes = new Uint8Array(1 + name.length + rest)
      this.bytes[0] = name.length
      this.bytes.set(name, 1)
      this.consumer = given
    } else {
      this.bytes = given
      this.consumer = new TextDecoder().decode(given.subarray(1, 1 + given[0]))
    }
    this.#view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    this.#at = 1 + this.bytes[0]
  }

  long(value: number): void {
    writeLong(this.bytes, this.#advance(8), value)
  }

  word(value: number): void {
    this.#view.setUint32(this.#advance(4), value, true)
  }

  short(value: number): void {
    this.#view.setUint16(this.#advance(2), value, true)
  }

  ranges(ranges: readonly SequenceRange[]): void {
    this.word(ranges.length)
    for (const { first, last } of ranges) {
      this.long(first)
      this.long(last)
    }
  }

  readLong(): number {
    return readLong(this.bytes, this.#advance(8))
  }

  readWord(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  readShort(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  readRanges(): SequenceRange[] {
    return Array.from({ length: this.readWord() }, () => ({ first: this.readLong(), last: this.readLong() }))
  }

  #advance(bytes: number): number {
    this.#at += bytes
    return this.#at - bytes
  }
}
