import { SLAB_UNIT_BYTES } from '../../layout.js'

/** Where payload bytes of a group lie while their message waits. The native backend runs one of its own. */
export interface Slab {
  /**
   * Takes a block of at least `bytes` for an envelope, in place of the one that it has; 0 bytes for none. Returns where it
   * begins, in units of 8 bytes, plus 1; 0 if there is no room, or none was wanted.
   */
  alloc(envelope: number, bytes: number): number
}

/** The slab of the fallback: whoever runs the schedule also frees blocks, when it gives their envelopes back. */
export class EnvelopeSlab implements Slab {
  readonly #blocks: BuddySlab
  /** The block of each envelope, as `alloc` returned it. */
  readonly #held: Uint32Array

  constructor(memory: ArrayBufferLike, largestBytes: number, envelopes: number) {
    this.#blocks = new BuddySlab(memory, largestBytes)
    this.#held = new Uint32Array(envelopes)
  }

  alloc(envelope: number, bytes: number): number {
    this.free(envelope)
    if (bytes === 0) return 0
    const taken = this.#blocks.alloc(bytes)
    if (taken === 0) return 0
    return (this.#held[envelope] = (taken - 1) / SLAB_UNIT_BYTES + 1)
  }

  /** Frees an envelope's block, if it has one. */
  free(envelope: number): void {
    const held = this.#held[envelope]
    if (held === 0) return
    this.#held[envelope] = 0
    this.#blocks.free((held - 1) * SLAB_UNIT_BYTES)
  }
}

const SMALLEST_BITS = 6
/** In the map of units: no block begins here, a block in use does, a free one does. The low bits are its order. */
const FREE = 0x40
const USED = 0x80
const ORDER = 0x3f

/**
 * Blocks of powers of two from 64 bytes, by the buddy system (Knowlton 1965): a free block and its twin are one block of
 * the next size, so that memory taken for small payloads serves large ones again. One thread runs it.
 *
 * Free blocks of one size are a list that runs through the blocks themselves. Memory that was never used is not touched.
 */
export class BuddySlab {
  readonly #words: Uint32Array
  /** What begins at each unit of 64 bytes. */
  readonly #map: Uint8Array
  /** First free block of each order, plus 1. */
  readonly #heads: Uint32Array
  readonly #largest: number
  readonly #end: number
  /** Where memory begins that was never used; a multiple of the largest block. */
  #fresh = 0

  /** `memory` is cut into blocks of at most `largestBytes`, a power of two; what is left over is not used. */
  constructor(memory: ArrayBufferLike, largestBytes: number) {
    this.#largest = Math.log2(largestBytes) - SMALLEST_BITS
    this.#end = memory.byteLength - (memory.byteLength % largestBytes)
    this.#words = new Uint32Array(memory)
    this.#map = new Uint8Array(this.#end >>> SMALLEST_BITS)
    this.#heads = new Uint32Array(this.#largest + 1)
  }

  /** Takes a block of at least `bytes`. Returns the byte at which it begins, plus 1; 0 if there is no room. */
  alloc(bytes: number): number {
    const order = orderOf(bytes)
    for (let from = order; from <= this.#largest; from += 1) {
      const head = this.#heads[from]
      if (head === 0) continue
      this.#unlink(head - 1, from)
      return this.#cut(head - 1, from, order)
    }
    if (order > this.#largest || this.#fresh === this.#end) return 0
    const position = this.#fresh
    this.#fresh += blockBytes(this.#largest)
    return this.#cut(position, this.#largest, order)
  }

  /** Gives a block back, by where it begins. What is no block in use is ignored. */
  free(position: number): void {
    let at = position
    const mark = this.#map[unitOf(at)]
    if (position % blockBytes(0) !== 0 || (mark & USED) === 0) return
    let order = mark & ORDER
    while (order < this.#largest) {
      const twin = twinOf(at, order)
      if (this.#map[unitOf(twin)] !== (FREE | order)) break
      this.#unlink(twin, order)
      this.#map[unitOf(Math.max(at, twin))] = 0
      at = Math.min(at, twin)
      order += 1
    }
    this.#link(at, order)
  }

  /** Halves a block until it has the order that is wanted; the upper halves become free. */
  #cut(position: number, from: number, order: number): number {
    for (let half = from - 1; half >= order; half -= 1) this.#link(position + blockBytes(half), half)
    this.#map[unitOf(position)] = USED | order
    return position + 1
  }

  #link(position: number, order: number): void {
    const next = this.#heads[order]
    const word = position / 4
    this.#words[word] = next
    this.#words[word + 1] = 0
    if (next !== 0) this.#words[(next - 1) / 4 + 1] = position + 1
    this.#heads[order] = position + 1
    this.#map[unitOf(position)] = FREE | order
  }

  #unlink(position: number, order: number): void {
    const word = position / 4
    const next = this.#words[word]
    const previous = this.#words[word + 1]
    if (previous === 0) this.#heads[order] = next
    else this.#words[(previous - 1) / 4] = next
    if (next !== 0) this.#words[(next - 1) / 4 + 1] = previous
  }
}

/** The smallest block that takes so many bytes. */
export function blockFor(bytes: number): number {
  return blockBytes(orderOf(bytes))
}

function orderOf(bytes: number): number {
  return bytes <= 1 << SMALLEST_BITS ? 0 : 32 - SMALLEST_BITS - Math.clz32(bytes - 1)
}

function blockBytes(order: number): number {
  return 2 ** (order + SMALLEST_BITS)
}

function unitOf(position: number): number {
  return Math.floor(position / blockBytes(0))
}

/** The other half of the block that both came from. Positions may exceed 31 bits. */
function twinOf(position: number, order: number): number {
  const bytes = blockBytes(order)
  return (position / bytes) % 2 === 0 ? position + bytes : position - bytes
}
