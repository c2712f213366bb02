import { listOf, type VenueList } from '../venue-list.js'

/** `/markets`: spot. */
export const poloniex: VenueList = {
  venue: 'POLONIEX',
  hosts: ['api.poloniex.com'],
  entries: listOf,
  read(entry) {
    const limits = entry.inside('symbolTradeLimit')
    return {
      symbol: entry.name('symbol'),
      base: entry.name('baseCurrencyName'),
      quote: entry.name('quoteCurrencyName'),
      kind: 'spot',
      pricePrecision: limits.places('priceScale'),
      sizePrecision: limits.places('quantityScale'),
      minQty: limits.least('minQuantity'),
      minNotional: limits.least('minAmount'),
      status: entry.status('state', { NORMAL: 'trading', PAUSE: 'halted', POST_ONLY: 'restricted' }),
    }
  },
}
