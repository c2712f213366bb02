import { listOf, type VenueList } from '../venue-list.js'

/** `/v3/markets`: spot. The venue closed in 2023; recordings remain. */
export const bittrex: VenueList = {
  venue: 'BITTREX',
  hosts: ['api.bittrex.com'],
  entries: listOf,
  read: (entry) => ({
    symbol: entry.name('symbol'),
    base: entry.name('baseCurrencySymbol'),
    quote: entry.name('quoteCurrencySymbol'),
    kind: 'spot',
    pricePrecision: entry.places('precision'),
    minQty: entry.least('minTradeSize'),
    status: entry.status('status', { ONLINE: 'trading', OFFLINE: 'halted' }),
  }),
}
