import { expectCode, listIn, type VenueList } from '../venue-list.js'

/** `/v1/common/symbols`: spot, all in small letters. */
export const huobi: VenueList = {
  venue: 'HUOBI',
  hosts: ['api.huobi.pro', 'api.htx.com'],
  entries(reply) {
    expectCode(reply, 'status', 'ok')
    return listIn(reply, 'data')
  },
  read: (entry) => ({
    symbol: entry.name('symbol'),
    base: entry.name('base-currency'),
    quote: entry.name('quote-currency'),
    kind: 'spot',
    pricePrecision: entry.places('price-precision'),
    sizePrecision: entry.places('amount-precision'),
    minQty: entry.least('limit-order-min-order-amt'),
    minNotional: entry.least('min-order-value'),
    status: entry.status('state', {
      online: 'trading',
      offline: 'closed',
      suspend: 'halted',
      'pre-online': 'upcoming',
      unknown: 'unknown',
    }),
  }),
}
