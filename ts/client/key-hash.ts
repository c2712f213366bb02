/**
 * Writes 64 bits of the text of a key into two words, the low half first, as envelopes carry them. Both halves 0 stand for
 * no key, and are no key's hash. To hash a key costs less than to look its hash up.
 *
 * Two lanes of MurmurHash3_x86_128 (A. Appleby, 2011) over the UTF-16 units of a text, two of them in a block. The same in
 * every thread and process.
 */
export function hashKey(key: string, into: Uint32Array, at: number): void {
  const { length } = key
  let h1 = 0
  let h2 = 0
  for (let i = 0; i < length; i += 2) {
    // Behind the last unit comes none, which counts as 0; the length is mixed in at the end.
    const block = i + 1 < length ? key.charCodeAt(i) | (key.charCodeAt(i + 1) << 16) : key.charCodeAt(i)
    h1 ^= Math.imul(rotated(Math.imul(block, 0x239b961b), 15), 0xab0e9789)
    h1 = (Math.imul(rotated(h1, 19) + h2, 5) + 0x561ccd1b) | 0
    h2 ^= Math.imul(rotated(Math.imul(block, 0xa1e38b93), 18), 0x239b961b)
    h2 = (Math.imul(rotated(h2, 13) + h1, 5) + 0x32ac3b17) | 0
  }
  h1 ^= length
  h2 ^= length
  h1 = (h1 + h2) | 0
  h2 = (h2 + h1) | 0
  h1 = avalanche(h1)
  h2 = avalanche(h2)
  h1 = (h1 + h2) | 0
  h2 = (h2 + h1) | 0
  into[at] = h1 === 0 && h2 === 0 ? 1 : h1
  into[at + 1] = h2
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** Every bit of a word comes to depend on every other. */
function avalanche(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
