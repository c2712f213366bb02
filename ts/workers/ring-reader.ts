import type { Codecs, Epoch, RecordCodec } from '../bus/index.js'
import {
  KIND_IN_SLAB,
  PAYLOAD_WORD_LENGTH,
  PAYLOAD_WORD_POSITION,
  RECORD_WORD_KIND,
  RECORD_WORD_TOPIC,
  RING_CURSOR_DOUBLE_RECEIVED,
  RING_CURSOR_DOUBLE_UNDECODABLE,
  RING_CURSOR_WORD_DONE,
  RING_WORD_COUNTED,
  RING_WORD_RESERVED,
  RING_WORD_SENT,
  RING_WORD_SLAB_RESERVED,
} from '../layout.js'
import type { Ring } from './ring.js'

/** Takes what a reader has read, in order. Neither throws. */
export interface Sink {
  /** A decoded record. Says whether its topic is known. */
  record(topicId: number, message: unknown): boolean
  /**
   * A payload, valid during the call, and the kind word of its record. Says whether it could be decoded and its topic is
   * known.
   */
  payload(topicId: number, bytes: Buffer, head: number): boolean
}

/** Where a reader begins: the first position that it reads, and what the writer had sent to its slot before. */
export interface ReadStart {
  readonly position: number
  readonly sent: number
}

/** Most records copied out before they are checked and handed on. */
const BATCH = 64
/** Payload bytes copied out in one batch, unless one payload alone is larger. */
const SCRATCH_BYTES = 65_536

/**
 * A reading end of a ring: copies records out, makes sure that the writer has not lapped it meanwhile, hands them on.
 * The writer never waits for it, unless a topic asks for that.
 */
export class RingReader {
  readonly ring: Ring
  received = 0
  undecodable = 0
  readonly #slot: number
  readonly #epoch: Epoch
  readonly #codecs: Codecs
  readonly #line: number
  readonly #maskWord: number
  readonly #maskBit: number
  readonly #sentBefore: number
  #cursor: number
  #gap = false
  #lost = 0

  // One batch, copied out of shared memory.
  readonly #topics = new Int32Array(BATCH)
  readonly #positions = new Int32Array(BATCH)
  readonly #heads = new Uint32Array(BATCH)
  readonly #messages: unknown[] = Array.from({ length: BATCH })
  readonly #payloadAt = new Int32Array(BATCH)
  readonly #payloadEnd = new Int32Array(BATCH)
  readonly #slabPositions = new Int32Array(BATCH)
  #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)

  constructor(ring: Ring, slot: number, start: ReadStart, epoch: Epoch, codecs: Codecs) {
    this.ring = ring
    this.#slot = slot
    this.#epoch = epoch
    this.#codecs = codecs
    this.#line = ring.cursorLine(slot)
    this.#maskWord = slot < 32 ? 0 : 1
    this.#maskBit = 1 << (slot & 31)
    this.#cursor = start.position
    this.#sentBefore = start.sent
    Atomics.store(ring.control, this.#line, start.position)
    this.#report()
  }

  /** Whether there is anything to read. */
  get pending(): boolean {
    return this.ring.tail !== this.#cursor
  }

  /** Records shown and not read yet, for whomever they are. */
  get backlog(): number {
    return (this.ring.tail - this.#cursor) | 0
  }

  /**
   * Records addressed to this reader that were overwritten before it read them: exact whenever it has caught up with a
   * writer that has finished counting, and what it was then in between.
   */
  get lost(): number {
    this.settle()
    return this.#lost
  }

  /** Brings `lost` up to date; false if it must be done again, once the writer has finished counting. */
  settle(): boolean {
    if (!this.#gap) return true
    const counted = Atomics.load(this.ring.control, RING_WORD_COUNTED)
    const sent = this.ring.doubles[RING_WORD_SENT / 2 + this.#slot]
    // The tail last: if it has not moved on, nothing later was counted.
    if (this.pending || counted !== this.#cursor) return false
    this.#lost = sent - this.#sentBefore - this.received
    return true
  }

  /** Reads one batch and hands it to the sink; returns how many positions it moved on, 0 if there was nothing. */
  read(sink: Sink): number {
    const { ring } = this
    const behind = this.backlog
    if (behind === 0) return 0
    if (behind > ring.capacity) this.#jump()
    const first = this.#cursor
    const count = this.#copyOut(first, Math.min(this.backlog, BATCH))
    const next = this.#cursor
    // On ARM64 a store keeps the loads above before those below. It must not move the cursor yet: a writer that waits for
    // this reader would reserve the places just read, and what was copied whole would look overwritten.
    Atomics.store(ring.control, this.#line, first)
    const firstIntact = (Atomics.load(ring.control, RING_WORD_RESERVED) - ring.capacity) | 0
    const slabReserved = Atomics.load(ring.control, RING_WORD_SLAB_RESERVED)
    Atomics.store(ring.control, this.#line, next)
    // A place that was overwritten for others may have held something for this reader, and does not tell.
    if (((first - firstIntact) | 0) < 0) this.#gap = true
    this.#discardTorn(count, firstIntact, slabReserved)
    for (let i = 0; i < count; i += 1) this.#handOn(sink, i)
    this.#report()
    return (next - first) | 0
  }

  /** Finds what the writer overwrote during the copies. Counts all others at once, before a handler can look. */
  #discardTorn(count: number, firstIntact: number, slabReserved: number): void {
    for (let i = 0; i < count; i += 1) {
      const torn =
        ((this.#positions[i] - firstIntact) | 0) < 0 ||
        ((this.#heads[i] & 0xff) >= KIND_IN_SLAB && (slabReserved - this.#slabPositions[i]) >>> 0 > this.ring.slabUnits)
      if (torn) {
        this.#messages[i] = TORN
        this.#gap = true
      } else {
        this.received += 1
      }
    }
  }

  /** Copies records for this slot into the batch and moves the cursor; returns how many were for it. */
  #copyOut(first: number, most: number): number {
    const { ring } = this
    const { words } = ring
    let count = 0
    let scratchUsed = 0
    let position = first
    for (let n = 0; n < most; n += 1, position = (position + 1) | 0) {
      if ((words[ring.maskAt(position) + this.#maskWord] & this.#maskBit) === 0) continue
      const at = ring.recordAt(position)
      const head = words[2 * at + RECORD_WORD_KIND]
      const codec = this.#codecs.find(head)
      if ((head & 0xff) < KIND_IN_SLAB) {
        this.#messages[count] = codec?.read(ring, at, this.#epoch, head)
      } else {
        const length = words[2 * at + PAYLOAD_WORD_LENGTH]
        this.#slabPositions[count] = words[2 * at + PAYLOAD_WORD_POSITION]
        if (codec !== undefined) {
          this.#messages[count] = this.#readInSlab(codec, this.#slabPositions[count], length, head)
        } else {
          if (scratchUsed > 0 && scratchUsed + length > this.#scratch.length) break
          this.#payloadAt[count] = scratchUsed
          scratchUsed = this.#copyPayload(this.#slabPositions[count], length, scratchUsed)
          this.#payloadEnd[count] = scratchUsed
          this.#messages[count] = PAYLOAD
        }
      }
      this.#heads[count] = head
      this.#topics[count] = words[2 * at + RECORD_WORD_TOPIC]
      this.#positions[count] = position
      count += 1
    }
    this.#cursor = position
    return count
  }

  /** Reads a message of fixed length where it lies. A torn length, or another than is known here, reads nothing. */
  #readInSlab(codec: RecordCodec<unknown>, slabPosition: number, length: number, head: number): unknown {
    const { ring } = this
    const first = ring.payloadAt(slabPosition)
    if (length !== codec.slabBytes || first + length > ring.bytes.length) return undefined
    return codec.read(ring, first / 8 - 1, this.#epoch, head)
  }

  /** Copies a payload behind what the scratch holds; returns where it ends there. A torn length copies nothing. */
  #copyPayload(slabPosition: number, length: number, start: number): number {
    const { ring } = this
    const at = ring.payloadAt(slabPosition)
    if (at + length > ring.bytes.length) return start
    if (length > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(length)))
    this.#scratch.set(ring.bytes.subarray(at, at + length), start)
    return start + length
  }

  #handOn(sink: Sink, i: number): void {
    const message = this.#messages[i]
    this.#messages[i] = undefined
    if (message === TORN) return
    let understood = false
    if (message === PAYLOAD) {
      const bytes = this.#scratch.subarray(this.#payloadAt[i], this.#payloadEnd[i])
      understood = sink.payload(this.#topics[i], bytes, this.#heads[i])
    } else if (message !== undefined) {
      understood = sink.record(this.#topics[i], message)
    }
    if (!understood) this.undecodable += 1
  }

  /** Goes on a quarter of the ring ahead of what the writer overwrites next, so that it is not lapped again at once. */
  #jump(): void {
    const reserved = Atomics.load(this.ring.control, RING_WORD_RESERVED)
    this.#cursor = (reserved - this.ring.capacity + this.ring.capacity / 4) | 0
    this.#gap = true
  }

  /** Tells the writer how far handlers have come. The counters first: who sees `done` sees them too. */
  #report(): void {
    const { doubles, control } = this.ring
    doubles[this.#line / 2 + RING_CURSOR_DOUBLE_RECEIVED] = this.received
    doubles[this.#line / 2 + RING_CURSOR_DOUBLE_UNDECODABLE] = this.undecodable
    Atomics.store(control, this.#line + RING_CURSOR_WORD_DONE, this.#cursor)
  }
}

/** Stands in a batch for a payload whose bytes are in the scratch. */
const PAYLOAD = Symbol('payload')
/** Stands in a batch for a record that was overwritten while it was copied. */
const TORN = Symbol('torn')
