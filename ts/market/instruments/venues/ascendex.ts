import type { Entry } from '../entry.js'
import type { Listing } from '../instrument.js'
import { expectCode, listIn, type VenueList } from '../venue-list.js'

/** `/api/pro/v1/products`: spot, and perpetuals under names like `BTC-PERP`. */
export const ascendex: VenueList = {
  venue: 'ASCENDEX',
  hosts: ['ascendex.com'],
  entries(reply) {
    expectCode(reply, 'code', '0')
    return listIn(reply, 'data')
  },
  read(entry) {
    const symbol = entry.name('symbol')
    const rules = {
      symbol,
      base: entry.name('baseAsset'),
      quote: entry.name('quoteAsset'),
      tick: entry.step('tickSize'),
      lot: entry.step('lotSize'),
      minNotional: entry.least('minNotional'),
      status: entry.status('status', { Normal: 'trading', NoTrading: 'halted' }),
    }
    const perpetual = /^(.+)-PERP$/.exec(symbol)
    return perpetual === null ? { ...rules, kind: 'spot' } : { ...rules, ...perpetualOf(entry, perpetual[1]!) }
  },
}

/** The list gives the whole pair as the base: `BTCUSDT` for BTC-PERP. */
function perpetualOf(entry: Entry, base: string): Pick<Listing, 'kind' | 'traded' | 'doubt'> {
  const [listed, quote] = [entry.name('baseAsset'), entry.name('quoteAsset')]
  const doubt = listed === base ? undefined : `the base is ${base} by the symbol, ${listed} by the list`
  return { kind: 'perpetual', traded: [base, quote], doubt }
}
