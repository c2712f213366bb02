import { type Views, viewsOf } from '../bus/index.js'
import { show, TickbusError } from '../errors.js'
import {
  LAYOUT_HASH,
  RECORD_BYTES,
  RING_CAPACITY_MAX,
  RING_CAPACITY_MIN,
  RING_CONTROL_WORDS,
  RING_CURSOR_WORDS,
  RING_MAGIC,
  RING_MASK_WORDS,
  RING_SLAB_MAX,
  RING_SLAB_MIN,
  RING_WORD_CAPACITY,
  RING_WORD_CURSORS,
  RING_WORD_HASH,
  RING_WORD_MAGIC,
  RING_WORD_SLAB,
  RING_WORD_TAIL,
  RING_WORD_WRITER,
  SLAB_UNIT_BYTES,
} from '../layout.js'

/** One writer's ring in shared memory, seen from this thread: the views and where its parts begin. */
export class Ring implements Views {
  readonly memory: SharedArrayBuffer
  /** Control words, for Atomics; positions are 32-bit, wrap, and are compared by their difference. */
  readonly control: Int32Array
  readonly words: Uint32Array
  readonly doubles: Float64Array
  readonly longs: BigInt64Array
  readonly bytes: Uint8Array
  /** Records, a power of two. */
  readonly capacity: number
  /** Bytes of the payload slab, a power of two. */
  readonly slabBytes: number
  /** The same in slab units, which slab positions count. */
  readonly slabUnits: number
  /** First word of the destination masks, first double of the records, first byte of the slab. */
  readonly masksAt = RING_CONTROL_WORDS
  readonly recordsAt: number
  readonly slabAt: number

  /** @throws {TickbusError} `TICKBUS_TICKET` if the memory is no ring of this layout. */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.control = new Int32Array(memory)
    const { words, doubles, longs, bytes } = viewsOf(memory)
    this.words = words
    this.doubles = doubles
    this.longs = longs
    this.bytes = bytes
    if (this.words[RING_WORD_MAGIC] !== RING_MAGIC || this.words[RING_WORD_HASH] !== LAYOUT_HASH) {
      throw new TickbusError('TICKBUS_TICKET', { reason: 'a ring has another layout' })
    }
    this.capacity = this.words[RING_WORD_CAPACITY]
    this.slabBytes = this.words[RING_WORD_SLAB]
    this.slabUnits = this.slabBytes / SLAB_UNIT_BYTES
    this.recordsAt = (RING_CONTROL_WORDS + RING_MASK_WORDS * this.capacity) / 2
    this.slabAt = 8 * this.recordsAt + RECORD_BYTES * this.capacity
  }

  /** Allocates an empty ring for the member in `slot`; sizes as {@link ringSizes} gave them. */
  static create(slot: number, { records, slabBytes }: RingSizes): Ring {
    const bytes = 4 * RING_CONTROL_WORDS + (4 * RING_MASK_WORDS + RECORD_BYTES) * records + slabBytes
    const memory = new SharedArrayBuffer(bytes)
    const header = new Uint32Array(memory)
    header[RING_WORD_HASH] = LAYOUT_HASH
    header[RING_WORD_CAPACITY] = records
    header[RING_WORD_SLAB] = slabBytes
    header[RING_WORD_WRITER] = slot
    header[RING_WORD_MAGIC] = RING_MAGIC
    return new Ring(memory)
  }

  /** Records shown to readers so far. */
  get tail(): number {
    return Atomics.load(this.control, RING_WORD_TAIL)
  }

  /** First word of a reader's line. */
  cursorLine(slot: number): number {
    return RING_WORD_CURSORS + slot * RING_CURSOR_WORDS
  }

  /** First double of the record at a position. */
  recordAt(position: number): number {
    return this.recordsAt + (position & (this.capacity - 1)) * (RECORD_BYTES / 8)
  }

  /** First byte of the payload at a slab position. */
  payloadAt(slabPosition: number): number {
    return this.slabAt + (slabPosition & (this.slabUnits - 1)) * SLAB_UNIT_BYTES
  }

  /** First word of the destination mask at a position. */
  maskAt(position: number): number {
    return this.masksAt + (position & (this.capacity - 1)) * RING_MASK_WORDS
  }
}

export interface RingSizes {
  readonly records: number
  readonly slabBytes: number
}

/**
 * Checks and rounds up the sizes of a ring.
 *
 * @throws {TickbusError} `TICKBUS_RING_SIZE` if one is not a whole number in range.
 */
export function ringSizes(ringRecords: number, slabBytes: number): RingSizes {
  return {
    records: powerOfTwo('ringRecords', ringRecords, RING_CAPACITY_MIN, RING_CAPACITY_MAX),
    slabBytes: powerOfTwo('slabBytes', slabBytes, RING_SLAB_MIN, RING_SLAB_MAX),
  }
}

function powerOfTwo(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new TickbusError('TICKBUS_RING_SIZE', { name, least, most, got: show(value) })
  }
  return 2 ** Math.ceil(Math.log2(value))
}
