import type { Levels } from '../levels.js'

const LEVELS = 25

/**
 * OKX's text: `bid price:bid size:ask price:ask size` of the best level, then of the next; a side that has no more is left
 * out.
 */
export function okxText(bids: Levels, asks: Levels): string {
  const parts: string[] = []
  for (let place = 0; place < LEVELS; place += 1) {
    for (const side of [bids, asks]) {
      if (place < side.length) parts.push(plain(Math.abs(side.key(place))), plain(side.size(place)))
    }
  }
  return parts.join(':')
}

/** The shortest digits that give the number, without an exponent. */
function plain(number: number): string {
  const text = String(number)
  const parts = /^(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (parts === null) return text
  const [, whole, fraction = '', exponent] = parts
  const digits = whole + fraction
  const power = Number(exponent)
  return power < 0 ? `0.${'0'.repeat(-power - 1)}${digits}` : digits.padEnd(power + 1, '0')
}
