import type { FeedMarket, OrderBookOptions } from 'tickbus/market'

/** How the books of these venues are kept, as docs/market-data.md says. */
export const bookOptions = {
  'bybit-linear': { continuity: 'plus-one' },
  'bybit-v2': { continuity: 'unverified' },
  okx: { continuity: 'okx', checksum: { kind: 'okx' } },
} satisfies Partial<Record<FeedMarket, OrderBookOptions>>
