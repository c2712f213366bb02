const STAR = 0x2a
const QUESTION = 0x3f
const ASCII = 0x7f
const BYTE = 0xff
const UNIT = 0xffff

/** Text that is read unit by unit: a string is one. */
export interface Units {
  readonly length: number
  charCodeAt(index: number): number
}

/**
 * Whether `pattern` matches all of `topic`, both as UTF-8 bytes: `*` is any run of bytes, `?` exactly one. A lone
 * surrogate counts as U+FFFD.
 *
 * Texts are compared as they are while every character met is one byte; from the first that is not, as bytes.
 */
export function isMatching(topic: string, pattern: string): boolean {
  return matchUnits(topic, pattern, ASCII) ?? matchUnits(bytesOf(topic), bytesOf(pattern), BYTE)!
}

/** One pattern, for many topics. Both must be well-formed. */
export class Matcher {
  readonly #pattern: string
  readonly #highest: number

  /**
   * Without a `?`, no wildcard begins or ends within a character, and texts match unit for unit where they match byte for
   * byte: in UTF-16 as in UTF-8, what a character starts with is never a later part of one.
   */
  constructor(pattern: string) {
    this.#pattern = pattern
    this.#highest = pattern.includes('?') ? ASCII : UNIT
  }

  matches(topic: string): boolean {
    return matchUnits(topic, this.#pattern, this.#highest) ?? isMatching(topic, this.#pattern)
  }
}

/**
 * Whether `pattern` matches all of `topic`, unit for unit; `undefined` if that depends on a unit above `highest`.
 *
 * Greedy, with one point to come back to; crates/bus/src/pattern.rs says why that is enough. Each step is at another
 * pair of places in topic and pattern, the ends included: at most (topic units + 1) x (pattern units + 1) steps, each of
 * which reads one unit of the pattern at most.
 */
export function matchUnits(topic: Units, pattern: Units, highest: number): boolean | undefined {
  const end = topic.length
  const patternEnd = pattern.length
  let t = 0
  let p = 0
  let taken = -1
  let afterStar = 0
  while (t < end) {
    const wanted = p < patternEnd ? pattern.charCodeAt(p) : -1
    if (wanted === STAR) {
      p += 1
      if (p === patternEnd) return true
      taken = t
      afterStar = p
      continue
    }
    const met = topic.charCodeAt(t)
    if (met > highest || wanted > highest) return undefined
    if (wanted === met || wanted === QUESTION) {
      t += 1
      p += 1
    } else if (taken >= 0) {
      // Go back: the last star takes one more.
      taken += 1
      t = taken
      p = afterStar
    } else {
      return false
    }
  }
  while (p < patternEnd && pattern.charCodeAt(p) === STAR) p += 1
  return p === patternEnd
}

/** A text's UTF-8 bytes, as a string with one unit for each. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1')
}
