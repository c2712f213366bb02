import { type Decimal, shifted } from '../decimal.js'
import type { Entry } from '../entry.js'
import type { Listing } from '../instrument.js'
import { expectCode, listIn, type VenueList } from '../venue-list.js'

/** `/api/spot/v1/public/products` and `/api/mix/v1/market/contracts`: the end of a symbol says which product it is. */
export const bitget: VenueList = {
  venue: 'BITGET',
  hosts: ['api.bitget.com'],
  entries(reply) {
    expectCode(reply, 'code', '00000')
    return listIn(reply, 'data')
  },
  read(entry) {
    const product = /_([A-Z]+)$/.exec(entry.name('symbol'))?.[1]
    if (product === 'SPBL') return spot(entry)
    if (product === 'UMCBL' || product === 'CMCBL') return linear(entry)
    // Settled in any of several coins, which the margin decides.
    if (product === 'DMCBL') return { ...perpetual(entry), isInverse: true }
    return entry.unknownKind('symbol')
  },
}

function spot(entry: Entry): Listing {
  return {
    ...names(entry),
    kind: 'spot',
    pricePrecision: entry.places('priceScale'),
    sizePrecision: entry.places('quantityScale'),
    minQty: entry.least('minTradeAmount'),
    status: entry.status('status', { online: 'trading', gray: 'restricted', offline: 'halted' }),
  }
}

function linear(entry: Entry): Listing {
  return { ...perpetual(entry), settle: entry.name('quoteCoin'), isInverse: false }
}

function perpetual(entry: Entry): Listing {
  return {
    ...names(entry),
    kind: 'perpetual',
    tick: tickOf(entry.step('priceEndStep'), entry.places('pricePlace')),
    pricePrecision: entry.places('pricePlace'),
    sizePrecision: entry.places('volumePlace'),
    minQty: entry.least('minTradeNum'),
  }
}

function names(entry: Entry): Pick<Listing, 'symbol' | 'base' | 'quote' | 'fees'> {
  return {
    symbol: entry.name('symbol'),
    base: entry.name('baseCoin'),
    quote: entry.name('quoteCoin'),
    fees: entry.fees('makerFeeRate', 'takerFeeRate'),
  }
}

/** The step counts in units of the last decimal. */
function tickOf(step: Decimal | undefined, places: number | undefined): Decimal | undefined {
  return step && places !== undefined ? shifted(step, -places) : undefined
}
