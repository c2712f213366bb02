import { FRAME_NESTING_MOST } from '../../layout.js'
import { DecimalReader } from './decimal.js'
import { MomentReader } from './moment.js'
import { Misfit, SYNTAX } from './reject.js'

/**
 * A cursor over the bytes of one JSON frame, which knows what the venue's decoder wants next; crates/market's scanner
 * rule for rule. It throws `SYNTAX` where the general parser has to take the frame. What a method has read is left in
 * the fields, so that nothing is allocated.
 */
export class Scanner {
  /** The string or the name that was read lies here in `bytes`. */
  textStart = 0
  textEnd = 0
  /** The whole number that was read. */
  number = 0
  /** The decimal that was read. */
  readonly decimal = new DecimalReader()
  /** The time that was read. */
  readonly moment = new MomentReader()
  bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #start = 0
  #end = 0
  #isNormal = false

  /** Begins with the frame as it came that lies between `start` and `end`. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.#at = start
    this.#start = start
    this.#end = end
    this.#isNormal = false
  }

  /** Begins with a frame that the general parser has written. */
  beginNormal(bytes: Uint8Array, end: number): void {
    this.begin(bytes, 0, end)
    this.#isNormal = true
  }

  /** Where the whole frame begins and ends, for names that a venue writes at its end. */
  get start(): number {
    return this.#start
  }

  get end(): number {
    return this.#end
  }

  /** Whether the general parser has written the frame, so that nothing in it could be written more plainly. */
  get isNormal(): boolean {
    return this.#isNormal
  }

  /** The first byte of the next token; 0 at the end of the frame. */
  peek(): number {
    const { bytes } = this
    let at = this.#at
    for (; at < this.#end; at += 1) {
      const byte = bytes[at]
      if (byte !== SPACE && byte !== TAB && byte !== LINE_END && byte !== CARRIAGE_RETURN) {
        this.#at = at
        return byte
      }
    }
    this.#at = at
    return 0
  }

  /** Enters an object and reads the name of its first field. Says whether it has one. */
  firstKey(): boolean {
    this.#expect(OBJECT)
    if (this.peek() === OBJECT_END) {
      this.#at += 1
      return false
    }
    this.#key()
    return true
  }

  /** The same where another value than an object is a bad field. */
  firstKeyIn(field: string): boolean {
    if (this.peek() !== OBJECT) throw new Misfit('field', field)
    return this.firstKey()
  }

  /** Steps from the value of one field to the name of the next. Says whether there is one. */
  nextKey(): boolean {
    const byte = this.peek()
    if (byte === COMMA) {
      this.#at += 1
      this.peek()
      this.#key()
      return true
    }
    if (byte !== OBJECT_END) throw SYNTAX
    this.#at += 1
    return false
  }

  /** Enters a list. Says whether it has an item. */
  firstItem(): boolean {
    this.#expect(LIST)
    if (this.peek() !== LIST_END) return true
    this.#at += 1
    return false
  }

  /** The same where another value than a list is a bad field. */
  firstItemIn(field: string): boolean {
    if (this.peek() !== LIST) throw new Misfit('field', field)
    return this.firstItem()
  }

  /** Steps over what is behind an item of a list. Says whether there is another. */
  nextItem(): boolean {
    const byte = this.peek()
    if (byte !== COMMA && byte !== LIST_END) throw SYNTAX
    this.#at += 1
    return byte === COMMA
  }

  /** Makes sure that nothing follows. */
  finish(): void {
    if (this.peek() !== 0 || this.#at !== this.#end) throw SYNTAX
  }

  /** Reads a string. Says whether it was one; if not, it is passed over. */
  readText(): boolean {
    if (this.peek() !== QUOTE) return this.#bad()
    this.#string()
    return true
  }

  /** Reads a number, given as such or as a string. Says whether it was one; if not, it is passed over. */
  readDecimal(): boolean {
    const isText = this.peek() === QUOTE
    const start = isText ? this.#at + 1 : this.#at
    const end = this.decimal.read(this.bytes, start)
    return end >= 0 && this.#endsNumber(isText, start, end) ? true : this.#bad()
  }

  /** Reads a whole number up to 2^53 - 1, given as such or as a string. Says whether it was one. */
  readWhole(): boolean {
    const isText = this.peek() === QUOTE
    const start = isText ? this.#at + 1 : this.#at
    const end = this.#readDigits(start)
    const isWhole = end > start && this.number <= Number.MAX_SAFE_INTEGER && this.#endsNumber(isText, start, end)
    return isWhole ? true : this.#bad()
  }

  /** Reads a whole number of either sign, given as such or as a string. Says whether it was one. */
  readSigned(): boolean {
    const { bytes } = this
    const isText = this.peek() === QUOTE
    const start = isText ? this.#at + 1 : this.#at
    const isNegative = start < this.#end && bytes[start] === MINUS
    const first = isNegative ? start + 1 : start
    const end = this.#readDigits(first)
    const isWhole = end > first && this.number <= Number.MAX_SAFE_INTEGER && this.#endsNumber(isText, start, end)
    if (!isWhole) return this.#bad()
    // Without making a negative zero, which no whole number is.
    if (isNegative) this.number = 0 - this.number
    return true
  }

  /** Reads a string, or the digits of a whole number as if they were one. Says whether it was either. */
  readName(): boolean {
    if (this.peek() === QUOTE) return this.readText()
    const start = this.#at
    let end = start
    while (end < this.#end && this.bytes[end] >= ZERO && this.bytes[end] <= ZERO + 9) end += 1
    if (end === start || !this.#endsNumber(false, start, end)) return this.#bad()
    this.textStart = start
    this.textEnd = end
    return true
  }

  /** Reads a number as `readDecimal` does, and an empty string as 0. */
  readDecimalOrNone(): boolean {
    if (this.peek() !== QUOTE || this.#at + 1 >= this.#end || this.bytes[this.#at + 1] !== QUOTE) {
      return this.readDecimal()
    }
    this.#at += 2
    this.decimal.setNone()
    return true
  }

  /** Reads `true` or `false` as the number 1 or 0. Says whether it was one of them. */
  readFlag(): boolean {
    const byte = this.peek()
    if (byte !== TRUE[0] && byte !== FALSE[0]) return this.#bad()
    this.number = byte === TRUE[0] ? 1 : 0
    this.literal(byte === TRUE[0] ? TRUE : FALSE)
    return true
  }

  /** Reads a time in ISO 8601. Says whether it was one. */
  readMoment(): boolean {
    if (this.peek() !== QUOTE) return this.#bad()
    this.#string()
    return this.moment.readIso(this.bytes, this.textStart, this.textEnd)
  }

  /** Reads a time in seconds, given as a number or as a string. Says whether it was one. */
  readSeconds(): boolean {
    if (this.peek() === QUOTE) {
      this.#string()
      return this.moment.readDecimal(this.bytes, this.textStart, this.textEnd)
    }
    const start = this.#at
    this.skip()
    return this.moment.readDecimal(this.bytes, start, this.#at)
  }

  /** Where the next token begins, once it was peeked at: `rewind` goes back there. */
  get place(): number {
    return this.#at
  }

  /** Goes back to a place that was stepped over. */
  rewind(place: number): void {
    this.#at = place
  }

  /** Steps over a value, whatever it is. */
  skip(): void {
    this.#skipValue(1)
  }

  /** Whether the text that was read is `text`, which is ASCII. */
  isText(text: Uint8Array): boolean {
    return isTextAt(this.bytes, this.textStart, this.textEnd, text)
  }

  #skipValue(depth: number): void {
    const byte = this.peek()
    if (byte === QUOTE) this.#string()
    else if (byte === OBJECT || byte === LIST) this.#skipNested(byte, depth)
    else if (byte === TRUE[0]) this.literal(TRUE)
    else if (byte === FALSE[0]) this.literal(FALSE)
    else if (byte === NULL[0]) this.literal(NULL)
    else this.#skipNumber()
  }

  #skipNested(byte: number, depth: number): void {
    if (depth >= FRAME_NESTING_MOST) throw SYNTAX
    if (byte === OBJECT) {
      for (let isField = this.firstKey(); isField; isField = this.nextKey()) this.#skipValue(depth + 1)
    } else {
      for (let isItem = this.firstItem(); isItem; isItem = this.nextItem()) this.#skipValue(depth + 1)
    }
  }

  #skipNumber(): void {
    const end = numberEnd(this.bytes, this.#at, this.#end)
    if (end < 0) throw SYNTAX
    this.#at = end
  }

  /** Reads the digits from `start` on, as many as a whole number may have. Returns where they end. */
  #readDigits(start: number): number {
    const { bytes } = this
    let at = start
    let number = 0
    for (; at < this.#end && at - start < WHOLE_DIGITS; at += 1) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      number = number * 10 + digit
    }
    this.number = number
    return at
  }

  #bad(): false {
    this.skip()
    return false
  }

  /** Steps behind a number that was read up to `end`, if it ends there. */
  #endsNumber(isText: boolean, start: number, end: number): boolean {
    const { bytes } = this
    const next = end < this.#end ? bytes[end] : 0
    if (isText) {
      if (next !== QUOTE) return false
      this.#at = end + 1
      return true
    }
    // JSON allows no leading zeros, and what goes on behind the digits is a number of another form.
    const first = bytes[start] === MINUS ? start + 1 : start
    const second = bytes[first + 1] - ZERO
    if (bytes[first] === ZERO && end - first > 1 && second >= 0 && second <= 9) return false
    if (next !== COMMA && next !== OBJECT_END && next !== LIST_END && !isSpace(next)) return false
    this.#at = end
    return true
  }

  #key(): void {
    this.#string()
    this.#expect(COLON)
  }

  #expect(byte: number): void {
    if (this.peek() !== byte) throw SYNTAX
    this.#at += 1
  }

  #string(): void {
    const { bytes } = this
    const end = this.#end
    let at = this.#at
    if (at >= end || bytes[at] !== QUOTE) throw SYNTAX
    at += 1
    this.textStart = at
    for (; ; at += 1) {
      if (at >= end) throw SYNTAX
      const byte = bytes[at]
      if (byte === QUOTE) break
      if (byte >= 0x20 && byte < 0x80 && byte !== BACKSLASH) continue
      if (!this.#isNormal) throw SYNTAX
      if (byte === BACKSLASH) at += 1
    }
    this.textEnd = at
    this.#at = at + 1
  }

  /** Steps over a word that is no string. */
  literal(literal: Uint8Array): void {
    const end = this.#at + literal.length
    if (end > this.#end || !isTextAt(this.bytes, this.#at, end, literal)) throw SYNTAX
    this.#at = end
  }
}

/** Where the number that begins at `start` ends, by the grammar of JSON; -1 if there is none. */
export function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  const isDigit = (at: number) => at < end && bytes[at] >= ZERO && bytes[at] <= ZERO + 9
  const digitsEnd = (from: number) => {
    let at = from
    while (isDigit(at)) at += 1
    return at
  }
  const first = start < end && bytes[start] === MINUS ? start + 1 : start
  let at = first < end && bytes[first] === ZERO ? first + 1 : digitsEnd(first)
  if (at === first) return -1
  if (at < end && bytes[at] === POINT) {
    const fraction = at + 1
    at = digitsEnd(fraction)
    if (at === fraction) return -1
  }
  if (at < end && (bytes[at] | 0x20) === EXPONENT) {
    const hasSign = at + 1 < end && (bytes[at + 1] === PLUS || bytes[at + 1] === MINUS)
    const exponent = at + (hasSign ? 2 : 1)
    at = digitsEnd(exponent)
    if (at === exponent) return -1
  }
  return at
}

/** ASCII text as bytes, to compare with. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Whether the bytes between `start` and `end` are `text`. */
export function isTextAt(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false
  for (let i = 0; i < text.length; i += 1) if (bytes[start + i] !== text[i]) return false
  return true
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === LINE_END || byte === CARRIAGE_RETURN
}

/** Digits of 2^53 - 1. */
const WHOLE_DIGITS = 16

const TRUE = ascii('true')
const FALSE = ascii('false')
const NULL = ascii('null')
const TAB = 0x09
const LINE_END = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
export const QUOTE = 0x22
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
export const LIST = 0x5b
const BACKSLASH = 0x5c
const LIST_END = 0x5d
const EXPONENT = 0x65
export const OBJECT = 0x7b
const OBJECT_END = 0x7d
