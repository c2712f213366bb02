import { type Decimal, quotient } from '../decimal.js'
import type { Entry } from '../entry.js'
import type { InstrumentKind } from '../instrument.js'
import { listOf, type VenueList } from '../venue-list.js'

/** `/api/v1/instrument/active`: contracts and spot. Sizes count contracts. `XBt` is a hundred-millionth of `XBT`. */
export const bitmex: VenueList = {
  venue: 'BITMEX',
  hosts: ['www.bitmex.com', 'testnet.bitmex.com'],
  entries: listOf,
  read(entry) {
    const kind = kindOf(entry)
    return {
      symbol: entry.name('symbol'),
      base: entry.name('underlying'),
      quote: entry.name('quoteCurrency'),
      settle: kind === 'spot' ? undefined : entry.optionalName('settlCurrency'),
      kind,
      isInverse: entry.flag('isInverse'),
      tick: entry.step('tickSize'),
      lot: entry.step('lotSize'),
      multiplier: multiplierOf(entry),
      fees: entry.fees('makerFee', 'takerFee'),
      expiry: entry.timeOfIso('expiry'),
      strike: kind === 'option' ? entry.decimal('optionStrikePrice') : undefined,
      optionKind: kind === 'option' ? (entry.text('typ')![1] === 'C' ? 'call' : 'put') : undefined,
      status: entry.status('state', {
        Open: 'trading',
        Closed: 'halted',
        Unlisted: 'upcoming',
        Settled: 'closed',
        Delisted: 'closed',
      }),
    }
  },
}

/** Kinds by the first letters of the code of ISO 10962 that `typ` is; indices and references are no instruments. */
function kindOf(entry: Entry): InstrumentKind {
  const code = entry.text('typ') ?? ''
  if (code.startsWith('FFW')) return 'perpetual'
  if (code.startsWith('FF')) return 'future'
  if (code.startsWith('IF')) return 'spot'
  if (/^O[CP]/.test(code)) return 'option'
  return entry.unknownKind('typ')
}

/**
 * The list gives an inverse contract's worth in the settlement currency, and how many of the others make one of the
 * base. A quanto stands for no amount of anything.
 */
function multiplierOf(entry: Entry): Decimal | undefined {
  if (entry.flag('isQuanto') !== false) return undefined
  if (!entry.flag('isInverse'))
    return ratio({ value: 1, precision: 0 }, entry.decimal('underlyingToPositionMultiplier'))
  return ratio(entry.decimal('multiplier'), entry.decimal('underlyingToSettleMultiplier'))
}

function ratio(a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined {
  return a && b && quotient(a, b)
}
