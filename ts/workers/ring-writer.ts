import {
  PAYLOAD_SPAN,
  RECORD_WORD_TOPIC,
  RING_CURSOR_DOUBLE_RECEIVED,
  RING_CURSOR_WORD_DONE,
  RING_BATCH,
  RING_RESERVE_SHARE,
  RING_WORD_COUNTED,
  RING_WORD_RESERVED,
  RING_WORD_SENT,
  RING_WORD_SLAB_RESERVED,
  RING_WORD_TAIL,
  SLAB_UNIT_BYTES,
} from '../layout.js'
import type { Ring } from './ring.js'

/** What the writer remembers of one reader. */
export interface ReaderState {
  readonly slot: number
  /** Index of its sleep flag in the roster, and of its cursor in the ring. */
  readonly wakeWord: number
  readonly cursorWord: number
  /** Its sleep flag when something was last shown to it. */
  wakeSeen: number
  /** Records addressed to its slot, and how many of them to earlier users of the slot. */
  sent: number
  readonly sentBefore: number
  /** Where the last record addressed to it ends. */
  last: number
  /** Records up to here must not be overwritten before it has read them; undefined if it asked for nothing. */
  waitFor: number | undefined
  /** Records that found no room although it is waited for, and records known to have been overwritten unread. */
  dropped: number
  lost: number
}

/** Who gets the records of one topic. */
export interface Destination {
  /** The writer's id of the topic. */
  readonly id: number
  readonly maskLow: number
  readonly maskHigh: number
  readonly readers: readonly ReaderState[]
  /** Whether the readers are waited for. */
  readonly waits: boolean
}

/**
 * The writing end of a ring. One thread owns it; nothing here blocks or makes a system call.
 *
 * A record is claimed, written with plain stores, committed, and shown to readers by one store of the tail, for each
 * record or for up to `RING_BATCH` of them. Before old records are overwritten their positions are reserved, so that
 * a reader that was lapped can tell (H.-J. Boehm, "Can seqlocks get along with programming language memory models?",
 * 2012). Only readers with `waitFor` hold the writer back.
 */
export class RingWriter {
  readonly ring: Ring
  readonly readers: ReaderState[] = []
  /** The next record's position. */
  position: number
  /** Records before this position are visible to readers. */
  shown: number
  #reserved: number
  readonly #reserveStep: number
  /** Slab positions count units. What is claimed becomes the position with the commit. */
  #slabPosition = 0
  #slabClaimed = 0
  #slabReserved = 0
  /** Slab position before each record, to know which bytes a reader that is waited for still needs. */
  readonly #slabAt: Int32Array

  /** `start` is the first position of all, for tests of the wrap; a multiple of what is reserved at a time. */
  constructor(ring: Ring, start = 0) {
    this.ring = ring
    this.position = start
    this.shown = start
    this.#reserved = start
    this.#reserveStep = Math.max(RING_BATCH, ring.capacity / RING_RESERVE_SHARE)
    this.#slabAt = new Int32Array(ring.capacity)
    Atomics.store(ring.control, RING_WORD_TAIL, start)
    Atomics.store(ring.control, RING_WORD_RESERVED, start)
  }

  /** Starts to count a reader in, from the current position on. */
  addReader(reader: ReaderState): void {
    const line = this.ring.cursorLine(reader.slot)
    this.ring.doubles[line / 2 + RING_CURSOR_DOUBLE_RECEIVED] = 0
    Atomics.store(this.ring.control, line, this.position)
    Atomics.store(this.ring.control, line + RING_CURSOR_WORD_DONE, this.position)
    this.readers.push(reader)
  }

  /** Most bytes of one payload: a quarter of the slab, so that several can be under way, and less in a very long ring. */
  get mostPayload(): number {
    return Math.min(this.ring.slabBytes / 4, PAYLOAD_SPAN / this.ring.capacity)
  }

  /** Whether one more record, with so many payload bytes, can be written without overwriting what must be waited for. */
  canClaim(payloadBytes: number): boolean {
    const needsRecords = this.position === this.#reserved
    const needsSlab = payloadBytes > 0 && ((this.#slabEnd(payloadBytes) - this.#slabReserved) | 0) > 0
    if (!needsRecords && !needsSlab) return true
    for (const reader of this.readers) {
      if (reader.waitFor === undefined) continue
      const cursor = this.cursorOf(reader)
      if (((reader.waitFor - cursor) | 0) <= 0) {
        reader.waitFor = undefined
        continue
      }
      if (needsRecords && ((this.#reserved + this.#reserveStep - cursor) | 0) > this.ring.capacity) return false
      if (!needsSlab) continue
      const oldest = this.#slabAt[cursor & (this.ring.capacity - 1)]
      if (((this.#slabEnd(payloadBytes) + this.#slabAhead - oldest) | 0) > this.ring.slabUnits) return false
    }
    return true
  }

  /** Makes the next record writable; returns its first double. The same record until `commit`. */
  claim(): number {
    if (this.position === this.#reserved) {
      this.#reserved = (this.#reserved + this.#reserveStep) | 0
      announce(this.ring.control, RING_WORD_RESERVED, this.#reserved)
    }
    this.#slabClaimed = this.#slabPosition
    return this.ring.recordAt(this.position)
  }

  /** Makes slab bytes writable for the claimed record, at most `mostPayload`; returns their position. */
  claimPayload(bytes: number): number {
    const end = this.#slabEnd(bytes)
    if (((end - this.#slabReserved) | 0) > 0) {
      this.#slabReserved = (end + this.#slabAhead) | 0
      announce(this.ring.control, RING_WORD_SLAB_RESERVED, this.#slabReserved)
    }
    this.#slabClaimed = end
    return (end - units(bytes)) | 0
  }

  /** Copies a payload into the slab for the claimed record; returns its position. */
  writePayload(payload: Uint8Array): number {
    const start = this.claimPayload(payload.length)
    this.ring.bytes.set(payload, this.ring.payloadAt(start))
    return start
  }

  /** Ends the claimed record: its topic, and who gets it. It stays invisible until `show`. */
  commit(destination: Destination): void {
    const { words } = this.ring
    words[2 * this.ring.recordAt(this.position) + RECORD_WORD_TOPIC] = destination.id
    const mask = this.ring.maskAt(this.position)
    words[mask] = destination.maskLow
    words[mask + 1] = destination.maskHigh
    this.position = (this.position + 1) | 0
    this.#slabPosition = this.#slabClaimed
    this.#slabAt[this.position & (this.ring.capacity - 1)] = this.#slabPosition
    for (const reader of destination.readers) {
      reader.sent += 1
      reader.last = this.position
      if (destination.waits) reader.waitFor = this.position
    }
  }

  /** Shows everything committed to the readers. */
  show(): void {
    // The counts follow the tail and say when they are complete, so that a reader can tell its loss exactly.
    announce(this.ring.control, RING_WORD_TAIL, this.position)
    this.shown = this.position
    for (const reader of this.readers) this.ring.doubles[this.sentDouble(reader.slot)] = reader.sent
    Atomics.store(this.ring.control, RING_WORD_COUNTED, this.position)
  }

  /** Index of the double that tells a reader how many records were addressed to its slot. */
  sentDouble(slot: number): number {
    return RING_WORD_SENT / 2 + slot
  }

  /** Records up to the last one addressed to the reader that it has not taken yet, others in between included. */
  backlog(reader: ReaderState): number {
    return Math.max(0, (reader.last - this.cursorOf(reader)) | 0)
  }

  /** Whether the reader has at most half of the ring, and half of the slab, still to read. */
  hasRoomFor(reader: ReaderState): boolean {
    const { capacity, slabUnits } = this.ring
    const backlog = this.backlog(reader)
    if (backlog === 0) return true
    if (backlog > capacity / 2) return false
    const oldest = this.#slabAt[(reader.last - backlog) & (capacity - 1)]
    return ((this.#slabPosition - oldest) | 0) <= slabUnits / 2
  }

  /** The next position that the reader will read. */
  cursorOf(reader: ReaderState): number {
    return Atomics.load(this.ring.control, reader.cursorWord)
  }

  /** What the reader says of itself: how far its handlers have come, and how many records it has received. */
  progressOf(reader: ReaderState): { done: number; received: number } {
    const line = this.ring.cursorLine(reader.slot)
    const done = Atomics.load(this.ring.control, line + RING_CURSOR_WORD_DONE)
    return { done, received: this.ring.doubles[line / 2 + RING_CURSOR_DOUBLE_RECEIVED] }
  }

  /** Units reserved beyond what is needed, so that one announcement serves many small payloads. */
  get #slabAhead(): number {
    return this.ring.slabUnits / 64
  }

  /** Where a payload of so many bytes would end; payloads are contiguous, so it may skip to the slab's start. */
  #slabEnd(bytes: number): number {
    const { slabUnits } = this.ring
    const left = slabUnits - (this.#slabPosition & (slabUnits - 1))
    const length = units(bytes)
    return (this.#slabPosition + (length > left ? left : 0) + length) | 0
  }
}

function units(bytes: number): number {
  return Math.ceil(bytes / SLAB_UNIT_BYTES)
}

/**
 * Stores a control word so that it is visible before any plain store that follows. On x86-64 the store alone does that.
 * On ARM64 a store-release lets later plain stores pass; the load-acquire behind it does not, and the two keep their order.
 */
function announce(control: Int32Array, word: number, position: number): void {
  Atomics.store(control, word, position)
  Atomics.load(control, word)
}
