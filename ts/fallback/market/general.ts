import { isUtf8 } from 'node:buffer'
import { FRAME_NESTING_MOST } from '../../layout.js'
import { Misfit } from './reject.js'
import { ascii, isTextAt, LIST, numberEnd, OBJECT } from './scanner.js'

/** Room that is kept from one frame to the next, in bytes. */
const KEPT = 1 << 20

/**
 * The general parser: takes any JSON, and writes it in the form that the scanner takes. White space is gone, escapes are
 * characters, but for quotes and backslashes, and everything has been checked. crates/market/src/general.rs is the same.
 */
export class Normaliser {
  /** What was written. */
  out = Buffer.alloc(0)
  length = 0
  #bytes: Uint8Array = this.out
  #at = 0
  #end = 0

  /** Writes the plain form of the frame between `start` and `end`, or throws a `Misfit` with what the frame is not. */
  normalise(bytes: Uint8Array, start: number, end: number): void {
    if (!isUtf8(bytes.subarray(start, end))) throw new Misfit('encoding')
    // One long frame does not keep its room for ever.
    if (this.out.length < end - start || this.out.length > KEPT) this.out = Buffer.alloc(end - start)
    this.length = 0
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    this.#value(1)
    if (this.#peek() !== 0 || this.#at !== end) throw NO_JSON
  }

  #value(depth: number): void {
    const byte = this.#peek()
    if (byte === QUOTE) this.#string()
    else if (byte === OBJECT || byte === LIST) this.#nested(byte, depth)
    else if (byte === TRUE[0]) this.#literal(TRUE)
    else if (byte === FALSE[0]) this.#literal(FALSE)
    else if (byte === NULL[0]) this.#literal(NULL)
    else this.#number()
  }

  #nested(byte: number, depth: number): void {
    if (depth > FRAME_NESTING_MOST) throw new Misfit('nesting')
    const end = byte === OBJECT ? OBJECT_END : LIST_END
    this.#copy()
    if (this.#peek() !== end) {
      for (;;) {
        if (byte === OBJECT) {
          this.#string()
          this.#take(COLON)
        }
        this.#value(depth + 1)
        if (this.#peek() !== COMMA) break
        this.#copy()
      }
    }
    this.#take(end)
  }

  #string(): void {
    this.#take(QUOTE)
    for (;;) {
      if (this.#at >= this.#end) throw NO_JSON
      const byte = this.#bytes[this.#at]
      if (byte < 0x20) throw NO_JSON
      if (byte === QUOTE) break
      if (byte === BACKSLASH) this.#escape()
      else this.#copy()
    }
    this.#copy()
  }

  #escape(): void {
    const escaped = this.#at + 1 < this.#end ? String.fromCharCode(this.#bytes[this.#at + 1]) : ''
    this.#at += 2
    const character = escaped === 'u' ? this.#codePoint() : ESCAPES.get(escaped)
    if (character === undefined) throw NO_JSON
    const text = character === '"' || character === '\\' ? `\\${character}` : character
    this.length += this.out.write(text, this.length)
  }

  /** What `\u` stands for, with the second half of a surrogate pair. */
  #codePoint(): string {
    const high = this.#hexadecimal()
    if (high < 0xd800 || high >= 0xe000) return String.fromCharCode(high)
    if (high >= 0xdc00 || !isTextAt(this.#bytes, this.#at, Math.min(this.#at + 2, this.#end), UNICODE)) throw NO_JSON
    this.#at += 2
    const low = this.#hexadecimal()
    if (low < 0xdc00 || low >= 0xe000) throw NO_JSON
    return String.fromCharCode(high, low)
  }

  #hexadecimal(): number {
    if (this.#at + 4 > this.#end) throw NO_JSON
    let number = 0
    for (let i = 0; i < 4; i += 1) {
      const digit = Number.parseInt(String.fromCharCode(this.#bytes[this.#at + i]), 16)
      if (Number.isNaN(digit)) throw NO_JSON
      number = number * 16 + digit
    }
    this.#at += 4
    return number
  }

  #number(): void {
    const end = numberEnd(this.#bytes, this.#at, this.#end)
    if (end < 0) throw NO_JSON
    while (this.#at < end) this.#copy()
  }

  #literal(literal: Uint8Array): void {
    const end = this.#at + literal.length
    if (end > this.#end || !isTextAt(this.#bytes, this.#at, end, literal)) throw NO_JSON
    while (this.#at < end) this.#copy()
  }

  #take(byte: number): void {
    if (this.#peek() !== byte) throw NO_JSON
    this.#copy()
  }

  #copy(): void {
    this.out[this.length] = this.#bytes[this.#at]
    this.length += 1
    this.#at += 1
  }

  #peek(): number {
    for (; this.#at < this.#end; this.#at += 1) {
      const byte = this.#bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return byte
    }
    return 0
  }
}

const NO_JSON = new Misfit('json')
const TRUE = ascii('true')
const FALSE = ascii('false')
const NULL = ascii('null')
const UNICODE = ascii('\\u')
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const LIST_END = 0x5d
const OBJECT_END = 0x7d
const ESCAPES = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
