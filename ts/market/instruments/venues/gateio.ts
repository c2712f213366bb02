import { listOf, type VenueList } from '../venue-list.js'

/** `/api/v4/spot/currency_pairs`: spot. One fee in percent counts for both sides. */
export const gateio: VenueList = {
  venue: 'GATEIO',
  hosts: ['api.gateio.ws'],
  entries: listOf,
  read: (entry) => ({
    symbol: entry.name('id'),
    base: entry.name('base'),
    quote: entry.name('quote'),
    kind: 'spot',
    pricePrecision: entry.places('precision'),
    sizePrecision: entry.places('amount_precision'),
    minQty: entry.least('min_base_amount'),
    minNotional: entry.least('min_quote_amount'),
    fees: entry.feesOfPercent('fee', 'fee'),
    status: entry.status('trade_status', {
      tradable: 'trading',
      untradable: 'halted',
      buyable: 'restricted',
      sellable: 'restricted',
    }),
  }),
}
