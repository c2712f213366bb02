/** Digits that a double gives back. */
const PRECISE_DIGITS = 15
/** A whole number of so many digits is below 2^53, whatever they are. */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
const LONGEST_SCALE = POWERS.length - 1

const ZERO = 0x30
const POINT = 0x2e
const MINUS = 0x2d
const PLUS = 0x2b
const EXPONENT = 0x65

/**
 * Reads decimal text to the nearest double, as crates/market/src/decimal.rs does and for the same reason: a whole number
 * and a power of ten that are both exact need one division, which rounds once. Longer text takes `Number`.
 */
export class DecimalReader {
  /** The number that was read; infinite if the text is out of range. */
  value = 0
  /** Whether it has at most 15 significant digits. */
  isPrecise = true
  /** Whether it has a digit that is not 0. */
  isNonzero = false

  /** Reads the number that begins at `start`. Returns where it ends, or -1 if there is none. */
  read(bytes: Uint8Array, start: number): number {
    const isNegative = bytes[start] === MINUS
    const first = isNegative ? start + 1 : start
    const length = bytes.length
    let mantissa = 0
    let at = first
    for (; at < length; at += 1) {
      const digit = bytes[at] - ZERO
      if (digit < 0 || digit > 9) break
      mantissa = mantissa * 10 + digit
    }
    let count = at - first
    if (count === 0) return -1
    let scale = 0
    if (at < length && bytes[at] === POINT) {
      const fraction = at + 1
      for (at = fraction; at < length; at += 1) {
        const digit = bytes[at] - ZERO
        if (digit < 0 || digit > 9) break
        mantissa = mantissa * 10 + digit
      }
      scale = at - fraction
      if (scale === 0) return -1
      count += scale
    }
    const hasExponent = at < length && (bytes[at] | 0x20) === EXPONENT
    if (hasExponent || count > EXACT_DIGITS || scale > LONGEST_SCALE) return this.#readLong(bytes, start, first, at)
    this.value = isNegative ? -(mantissa / POWERS[scale]) : mantissa / POWERS[scale]
    this.isPrecise = true
    this.isNonzero = mantissa !== 0
    return at
  }

  /** Holds the 0 that stands for nothing. */
  setNone(): void {
    this.value = 0
    this.isPrecise = true
    this.isNonzero = false
  }

  /** The number whose digits lie between `first` and `end`, where an exponent may follow. */
  #readLong(bytes: Uint8Array, start: number, first: number, end: number): number {
    let at = end
    if (at < bytes.length && (bytes[at] | 0x20) === EXPONENT) {
      const sign = bytes[at + 1] === PLUS || bytes[at + 1] === MINUS ? 1 : 0
      const exponent = at + 1 + sign
      at = exponent
      while (at < bytes.length && bytes[at] >= ZERO && bytes[at] <= ZERO + 9) at += 1
      if (at === exponent) return -1
    }
    const digits = textOf(bytes, first, end)
    this.value = Number(textOf(bytes, start, at))
    this.isPrecise = significantDigits(digits) <= PRECISE_DIGITS
    this.isNonzero = /[1-9]/.test(digits)
    return at
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', start, end)
}

/** From the first digit that is not 0 to the last of the whole part, or to the last behind the point that is not 0. */
function significantDigits(text: string): number {
  const [whole, fraction = ''] = text.split('.')
  const behind = fraction.replace(/0+$/, '')
  return `${whole}${behind}`.replace(/^0+/, '').length
}
