import { crc32 } from 'node:zlib'
import type { ChecksumKind } from '../../../market-core.js'
import { krakenText } from './checksum/kraken.js'
import { okxText } from './checksum/okx.js'
import type { Levels } from './levels.js'

/** The checksum of a book, as a number from 0 to 2^32 - 1. */
export function checksumOf(kind: ChecksumKind, bids: Levels, asks: Levels): number {
  return crc32(kind.kind === 'okx' ? okxText(bids, asks) : krakenText(bids, asks, kind.pricePlaces, kind.sizePlaces))
}
