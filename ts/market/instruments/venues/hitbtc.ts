import { listOf, type VenueList } from '../venue-list.js'
import type { Listing } from '../instrument.js'

/** `/api/2/public/symbol`: spot. */
export const hitbtc: VenueList = {
  venue: 'HITBTC',
  hosts: ['api.hitbtc.com'],
  entries: listOf,
  read(entry) {
    const [symbol, base, quote] = [entry.name('id'), entry.name('baseCurrency'), entry.name('quoteCurrency')]
    return {
      symbol,
      base,
      quote,
      ...compare(symbol, base, quote),
      kind: 'spot',
      tick: entry.step('tickSize'),
      lot: entry.step('quantityIncrement'),
      fees: entry.fees('provideLiquidityRate', 'takeLiquidityRate'),
    }
  },
}

/** Codes of the two venues on this system that mean something else in some of their symbols. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['USD', 'USDT'],
  ['USDB', 'USD'],
])

/** The pair by the symbol, where that contradicts the currencies: `MKRUSDT_BQX` is listed with the quote USD. */
function compare(symbol: string, base: string, quote: string): Pick<Listing, 'traded' | 'doubt'> {
  const pair = symbol.replace(/_BQX$/, '')
  if (pair === base + quote) return {}
  const bases = [base, MEANT.get(base) ?? base]
  const quotes = [quote, MEANT.get(quote) ?? quote]
  const traded = bases.flatMap((b) => quotes.map((q) => [b, q] as const)).find(([b, q]) => pair === b + q)
  if (traded === undefined) return { doubt: `the symbol is not made of ${base} and ${quote}, which the list gives` }
  return { traded, doubt: `the symbol says ${traded.join('/')}, the list ${base}/${quote}` }
}
