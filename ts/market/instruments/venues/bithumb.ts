import { expectCode, ListFault, objectIn, type VenueList } from '../venue-list.js'

/**
 * `/public/ticker/ALL_KRW`, `ALL_BTC`: Bithumb has no list, but its tickers name what is traded. The URL alone says the
 * quote.
 */
export const bithumb: VenueList = {
  venue: 'BITHUMB',
  hosts: ['api.bithumb.com'],
  entries(reply, url) {
    expectCode(reply, 'status', '0000')
    quoteOf(url)
    const { date: _, ...pairs } = objectIn(reply, 'data')
    return pairs
  },
  read(entry, url) {
    const [base, quote] = [entry.keyName(), quoteOf(url)]
    return { symbol: `${base}_${quote}`, base, quote, kind: 'spot' }
  },
}

function quoteOf(url: URL | undefined): string {
  const quote = /\/ALL_([A-Z0-9]{1,16})$/.exec(url?.pathname ?? '')?.[1]
  if (quote !== undefined) return quote
  throw new ListFault(
    'it does not say the quote currency, which only its URL does: give the URL, it ends on ALL_KRW or ALL_BTC',
  )
}
