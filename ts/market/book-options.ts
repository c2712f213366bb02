import { badArgument, checkWhole } from '../errors.js'
import { hasSnapshotApart } from '../fallback/index.js'
import type { BookSettings, ChecksumKind, Continuity } from '../market-core.js'
import type { FeedMarket } from './feed-instrument.js'

export interface OrderBookOptions {
  /** The rule by which the venue's updates follow each other. */
  continuity: Continuity
  /** The checksum that comes with updates. @default none */
  checksum?: ChecksumKind
  /** Most levels that a side keeps, 10 to 65,536; the worst are given up, and `reach` says so. @default 4_096 */
  limit?: number
  /**
   * How many levels a side the venue tells of, 1 to `limit`, if not of all: what was subscribed at Kraken, say. What falls
   * out of them the venue repeats when it comes back. @default all
   */
  window?: number
  /**
   * Most levels a side that a snapshot holds, 1 or more: one with so many was cut off there, and `reach` says so.
   * @default 1_000 where a snapshot is fetched apart from the stream, otherwise no limit
   */
  snapshotLevels?: number
}

/** Most levels that a side can be told to keep. */
export const BOOK_LIMIT_MOST = 65_536

/**
 * How the books of a market are kept, as far as the market says it. Kraken's checksums need to know more.
 */
export function bookOptionsOf(market: FeedMarket): OrderBookOptions {
  if (market === 'okx') return { continuity: 'okx', checksum: { kind: 'okx' } }
  if (market === 'coinbase' || market === 'kraken' || market === 'bybit-v2') return { continuity: 'unverified' }
  if (market.startsWith('bybit-')) return { continuity: 'plus-one' }
  return { continuity: market === 'spot' ? 'binance-spot' : 'binance-futures' }
}

/**
 * The options with all that was left out.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT` if an option is out of range.
 */
export function bookSettings(options: OrderBookOptions): BookSettings {
  const { continuity, checksum, limit = 4_096, window, snapshotLevels } = options
  checkWhole('limit', limit, 10, BOOK_LIMIT_MOST)
  if (window !== undefined) checkWhole('window', window, 1, limit)
  if (snapshotLevels !== undefined) checkWhole('snapshotLevels', snapshotLevels, 1, Number.MAX_SAFE_INTEGER)
  if (!CONTINUITIES.has(continuity)) throw badArgument('continuity', `one of ${[...CONTINUITIES].join()}`, continuity)
  if (continuity === 'checksum' && checksum === undefined) throw badArgument('checksum', 'a kind of checksum', checksum)
  if (checksum?.kind === 'kraken') {
    checkWhole('checksum.pricePlaces', checksum.pricePlaces, 0, 18)
    checkWhole('checksum.sizePlaces', checksum.sizePlaces, 0, 18)
  }
  return {
    continuity,
    checksum,
    limit,
    window: window ?? Infinity,
    snapshotLevels: snapshotLevels ?? (hasSnapshotApart(continuity) ? 1_000 : Infinity),
  }
}

const CONTINUITIES: ReadonlySet<string> = new Set<Continuity>([
  'binance-spot',
  'binance-futures',
  'plus-one',
  'previous',
  'okx',
  'checksum',
  'unverified',
])
