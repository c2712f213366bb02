const STAR = 0x2a
const QUESTION = 0x3f
const encoder = new TextEncoder()

/**
 * Whether `pattern` matches all of `topic`, both as UTF-8 bytes: `*` is any run of bytes, `?` exactly one. Greedy, with
 * one point to come back to; crates/bus/src/pattern.rs says why that is enough.
 *
 * Texts are compared as they are while every character met is one byte; from the first that is not, as bytes.
 */
export function isMatching(topic: string, pattern: string): boolean {
  let t = 0
  let p = 0
  let taken = -1
  let afterStar = 0
  while (t < topic.length) {
    const wanted = p < pattern.length ? pattern.charCodeAt(p) : -1
    const met = topic.charCodeAt(t)
    if (met > 0x7f || wanted > 0x7f) return isMatchingBytes(encoder.encode(topic), encoder.encode(pattern))
    if (wanted === STAR) {
      p += 1
      taken = t
      afterStar = p
    } else if (wanted === met || wanted === QUESTION) {
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
  while (p < pattern.length && pattern.charCodeAt(p) === STAR) p += 1
  return p === pattern.length
}

/** Whether a pattern can match other texts than itself. */
export function isGlob(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}

function isMatchingBytes(topic: Uint8Array, pattern: Uint8Array): boolean {
  let t = 0
  let p = 0
  let taken = -1
  let afterStar = 0
  while (t < topic.length) {
    const wanted = p < pattern.length ? pattern[p] : -1
    if (wanted === STAR) {
      p += 1
      taken = t
      afterStar = p
    } else if (wanted === topic[t] || wanted === QUESTION) {
      t += 1
      p += 1
    } else if (taken >= 0) {
      taken += 1
      t = taken
      p = afterStar
    } else {
      return false
    }
  }
  while (p < pattern.length && pattern[p] === STAR) p += 1
  return p === pattern.length
}
