const BASE = 0x01000193

/** The hash of some units and one more: a polynomial modulo 2^32, which can be taken apart again (see `Scan.hash`). */
export function hashOn(hash: number, unit: number): number {
  return (Math.imul(hash, BASE) + unit) | 0
}

export function hashOf(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) hash = hashOn(hash, text.charCodeAt(at))
  return hash
}

/** What each of `count` units more multiplies a hash with, from none on. */
export function powers(count: number): Int32Array {
  const powers = new Int32Array(count + 1).fill(1)
  for (let at = 1; at <= count; at += 1) powers[at] = Math.imul(powers[at - 1], BASE)
  return powers
}
