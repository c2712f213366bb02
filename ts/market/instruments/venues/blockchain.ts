import { listOf, type VenueList } from '../venue-list.js'

/** `/mercury-gateway/v1/instruments`: spot. Steps are whole numbers with a scale beside them. */
export const blockchain: VenueList = {
  venue: 'BLOCKCHAIN',
  hosts: ['api.blockchain.com'],
  entries: listOf,
  read: (entry) => ({
    symbol: entry.name('symbol'),
    base: entry.name('base_currency'),
    quote: entry.name('counter_currency'),
    kind: 'spot',
    tick: entry.scaledStep('min_price_increment', 'min_price_increment_scale'),
    lot: entry.scaledStep('lot_size', 'lot_size_scale'),
    minQty: entry.scaled('min_order_size', 'min_order_size_scale'),
    status: entry.status('status', {
      open: 'trading',
      halt: 'halted',
      freeze: 'restricted',
      close: 'closed',
      closed: 'closed',
    }),
  }),
}
