import { crc32 } from 'node:zlib'
import { krakenText } from './checksum/kraken.js'
import { okxText } from './checksum/okx.js'
import type { Levels } from './levels.js'

/**
 * How the text is made whose CRC-32 a venue sends with its updates. Books hold numbers, so that each kind says how it gets
 * the venue's digits back:
 * - `kraken`: ten levels a side, asks first, digits without point and leading zeros. The instrument's decimal places, 0 to
 *   18, say how many digits there are.
 * - `okx`: twenty-five levels a side, bid and ask in turn, joined by colons. The venue writes no more digits than it needs,
 *   which are the shortest ones that give the number.
 */
export type ChecksumKind =
  | { readonly kind: 'kraken'; readonly pricePlaces: number; readonly sizePlaces: number }
  | { readonly kind: 'okx' }

/** The checksum of a book, as a number from 0 to 2^32 - 1. */
export function checksumOf(kind: ChecksumKind, bids: Levels, asks: Levels): number {
  return crc32(kind.kind === 'okx' ? okxText(bids, asks) : krakenText(bids, asks, kind.pricePlaces, kind.sizePlaces))
}
