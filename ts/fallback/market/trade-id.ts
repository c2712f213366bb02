import { TRADE_FLAG_ID_NUMBER, TRADE_FLAG_ID_UUID } from '../../layout.js'

/** Longest text. */
const TEXT_BYTES = 24
/** Digits of a number that a double gives back, whatever they are. */
const NUMBER_DIGITS = 15
const UUID_LENGTH = 36
const UUID_BYTES = 16
/** Behind the flags in the kind word. */
const LENGTH_SHIFT = 8

/** A venue's id of a trade, as ts/bus/trade.ts keeps it in a record: a number, a UUID, or short text. */
export class TradeId {
  /** What a trade's flags say about it, with the length behind them. */
  flags = 0
  /** The bytes as they lie in a record. */
  readonly words = new Uint32Array(TEXT_BYTES / 4)
  readonly #bytes = new Uint8Array(this.words.buffer)
  readonly #doubles = new Float64Array(this.words.buffer)

  /**
   * Reads the id between `start` and `end`. Says whether it is one: not if it is empty, is no UUID in lower case and longer
   * than 24 characters, or has anything but letters, digits and marks of ASCII in it.
   */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.words.fill(0)
    if (end - start === UUID_LENGTH) return this.#readUuid(bytes, start)
    return this.#readNumber(bytes, start, end) || this.#readText(bytes, start, end)
  }

  /** Whole numbers without a leading zero come back from a double as the same text. */
  #readNumber(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length === 0 || length > NUMBER_DIGITS || (length > 1 && bytes[start] === ZERO)) return false
    let number = 0
    for (let at = start; at < end; at += 1) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) return false
      number = number * 10 + digit
    }
    this.#doubles[0] = number
    this.flags = TRADE_FLAG_ID_NUMBER
    return true
  }

  #readText(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length === 0 || length > TEXT_BYTES) return false
    for (let i = 0; i < length; i += 1) {
      const byte = bytes[start + i]
      if (byte <= 0x20 || byte >= 0x7f || byte === QUOTE || byte === BACKSLASH) return false
      this.#bytes[i] = byte
    }
    this.flags = length << LENGTH_SHIFT
    return true
  }

  #readUuid(bytes: Uint8Array, start: number): boolean {
    let at = start
    for (let i = 0; i < UUID_BYTES; i += 1) {
      if (i === 4 || i === 6 || i === 8 || i === 10) {
        if (bytes[at] !== DASH) return false
        at += 1
      }
      const byte = (NIBBLES[bytes[at]] << 4) | NIBBLES[bytes[at + 1]]
      if (byte < 0) return false
      this.#bytes[i] = byte
      at += 2
    }
    this.flags = TRADE_FLAG_ID_UUID
    return true
  }
}

const QUOTE = 0x22
const DASH = 0x2d
const ZERO = 0x30
const BACKSLASH = 0x5c
/** The values of hexadecimal digits in lower case; negative for everything else. */
const NIBBLES = Int32Array.from({ length: 256 }, (_, byte) => '0123456789abcdef'.indexOf(String.fromCharCode(byte)))
