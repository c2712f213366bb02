import type { Entry } from '../entry.js'
import type { InstrumentStatus } from '../instrument.js'
import { listOf, type VenueList } from '../venue-list.js'

/** `/products` of Coinbase Exchange, formerly Pro: spot. */
export const coinbase: VenueList = {
  venue: 'COINBASE',
  hosts: ['api.exchange.coinbase.com', 'api.pro.coinbase.com', 'api-public.sandbox.exchange.coinbase.com'],
  entries: listOf,
  read: (entry) => ({
    symbol: entry.name('id'),
    base: entry.name('base_currency'),
    quote: entry.name('quote_currency'),
    kind: 'spot',
    tick: entry.step('quote_increment'),
    lot: entry.step('base_increment'),
    minQty: entry.least('base_min_size'),
    minNotional: entry.least('min_market_funds'),
    status: statusOf(entry),
  }),
}

/** A product that is online can still be closed for trading, or for some orders. */
function statusOf(entry: Entry): InstrumentStatus | undefined {
  const status = entry.status('status', {
    online: 'trading',
    offline: 'halted',
    internal: 'halted',
    delisted: 'closed',
  })
  if (status !== 'trading') return status
  if (entry.flag('trading_disabled')) return 'halted'
  const isRestricted = ['cancel_only', 'post_only', 'limit_only'].some((field) => entry.flag(field))
  return isRestricted ? 'restricted' : status
}
