import { isUtf8 } from 'node:buffer'
import { MARKET_NAME_BYTES_MOST } from '../../layout.js'
import { isTextAt } from './scanner.js'

/** Entries of the small table; a power of two. */
const RECENT = 256

/**
 * Names under small numbers, bounded in number and in length. A name that was met before costs one comparison if it was
 * the last one, and else a hash of its bytes and another; only what the small table does not know is made a string.
 */
export class Names {
  readonly #most: number
  readonly #names: Uint8Array[] = []
  readonly #numbers = new Map<string, number>()
  readonly #recent = new Int32Array(RECENT).fill(-1)
  #last = -1

  /** An empty table for at most so many names. */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * The number of the name between `start` and `end`, a new one if it has none. -1 if the table is full or the text can
   * be no name: it is empty, too long, not UTF-8, or has quotes, backslashes, spaces or control characters in it.
   */
  number(bytes: Uint8Array, start: number, end: number): number {
    if (this.#is(this.#last, bytes, start, end)) return this.#last
    const entry = hash(bytes, start, end)
    const recent = this.#recent[entry]
    const number = this.#is(recent, bytes, start, end) ? recent : this.#lookUp(bytes.subarray(start, end))
    if (number < 0) return number
    this.#recent[entry] = number
    this.#last = number
    return number
  }

  #is(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    return number >= 0 && isTextAt(bytes, start, end, this.#names[number])
  }

  #lookUp(name: Uint8Array): number {
    const text = Buffer.from(name).toString('latin1')
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    if (this.#names.length >= this.#most || !isName(name)) return -1
    const number = this.#names.length
    this.#names.push(new Uint8Array(name))
    this.#numbers.set(text, number)
    return number
  }

  /** Number of the only name that there is or can be; otherwise -1. */
  get only(): number {
    return this.#most === 1 && this.#names.length === 1 ? 0 : -1
  }

  /** How many names there are. */
  get length(): number {
    return this.#names.length
  }

  /** The names in the order of their numbers. */
  get all(): string[] {
    return this.#names.map((name) => Buffer.from(name).toString())
  }
}

function isName(name: Uint8Array): boolean {
  const isPlain = (byte: number) => byte > 0x20 && byte !== 0x22 && byte !== 0x5c && byte !== 0x7f
  return name.length > 0 && name.length <= MARKET_NAME_BYTES_MOST && name.every(isPlain) && isUtf8(name)
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  let sum = end - start
  for (let at = start; at < end; at += 1) sum = (Math.imul(sum, 31) + bytes[at]) | 0
  return sum & (RECENT - 1)
}
