import { type Decimal, decimal } from '../decimal.js'
import type { Entry } from '../entry.js'
import { listOf, type VenueList } from '../venue-list.js'

/** `/api/v2/trading-pairs-info/`: spot. The symbol is the one of its URLs and channels, `btcusd`. */
export const bitstamp: VenueList = {
  venue: 'BITSTAMP',
  hosts: ['www.bitstamp.net'],
  entries: listOf,
  read(entry) {
    const pair = entry.name('name')
    const [base, quote] = pair.split('/', 2)
    if (!base || !quote) return entry.refuse('name', 'two currencies with a slash between them', pair)
    return {
      symbol: entry.name('url_symbol'),
      base,
      quote,
      kind: 'spot',
      pricePrecision: entry.places('counter_decimals'),
      sizePrecision: entry.places('base_decimals'),
      minNotional: minimumIn(entry, quote),
      status: entry.status('trading', { Enabled: 'trading', Disabled: 'halted' }),
    }
  },
}

/** An amount and its currency: `20.0 USD`. */
function minimumIn(entry: Entry, quote: string): Decimal | undefined {
  const text = entry.text('minimum_order')
  if (text === undefined) return undefined
  const [amount, currency] = text.split(' ', 2)
  const found = currency === quote ? decimal(amount!) : undefined
  return found ?? entry.refuse('minimum_order', `an amount of ${quote}`, text)
}
