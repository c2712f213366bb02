import { listIn, type VenueList } from '../venue-list.js'

/** `/api/exchange/v1/market`: spot. Fees are in percent. */
export const probit: VenueList = {
  venue: 'PROBIT',
  hosts: ['api.probit.com'],
  entries: (reply) => listIn(reply, 'data'),
  read: (entry) => ({
    symbol: entry.name('id'),
    base: entry.name('base_currency_id'),
    quote: entry.name('quote_currency_id'),
    kind: 'spot',
    tick: entry.step('price_increment'),
    sizePrecision: entry.places('quantity_precision'),
    minQty: entry.least('min_quantity'),
    minNotional: entry.least('min_cost'),
    fees: entry.feesOfPercent('maker_fee_rate', 'taker_fee_rate'),
    status: statusOf(entry.flag('closed')),
  }),
}

function statusOf(isClosed: boolean | undefined): 'trading' | 'closed' | undefined {
  if (isClosed === undefined) return undefined
  return isClosed ? 'closed' : 'trading'
}
