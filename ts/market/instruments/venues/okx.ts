import { product } from '../decimal.js'
import type { Entry } from '../entry.js'
import type { InstrumentStatus, Listing } from '../instrument.js'
import { expectCode, listIn, type VenueList } from '../venue-list.js'

/**
 * `/api/v5/public/instruments`: spot, swaps, futures, options, whose names tell them apart. Sizes of contracts count
 * contracts.
 */
export const okx: VenueList = {
  venue: 'OKX',
  hosts: ['www.okx.com', 'aws.okx.com', 'eea.okx.com', 'us.okx.com'],
  entries(reply) {
    expectCode(reply, 'code', '0')
    return listIn(reply, 'data')
  },
  read(entry) {
    const type = entry.text('instType')
    if (type === 'SPOT')
      return { ...rules(entry), base: entry.name('baseCcy'), quote: entry.name('quoteCcy'), kind: 'spot' }
    if (type === 'SWAP') return { ...contract(entry), kind: 'perpetual' }
    if (type === 'FUTURES') return { ...contract(entry), kind: 'future' }
    if (type === 'OPTION')
      return { ...contract(entry), kind: 'option', strike: entry.decimal('stk'), optionKind: optionKindOf(entry) }
    return entry.unknownKind('instType')
  },
}

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  live: 'trading',
  suspend: 'halted',
  preopen: 'upcoming',
  test: 'halted',
  expired: 'closed',
  settling: 'halted',
}

/** A contract names its currencies only in what underlies it: `BTC-USD`. */
function contract(entry: Entry): Omit<Listing, 'kind'> {
  const underlying = entry.name('uly')
  const [base, quote] = underlying.split('-', 2)
  if (!base || !quote) return entry.refuse('uly', 'two currencies with a dash between them', underlying)
  const [value, factor] = [entry.step('ctVal'), entry.step('ctMult')]
  const type = entry.text('ctType')
  return {
    ...rules(entry),
    base,
    quote,
    settle: entry.optionalName('settleCcy'),
    isInverse: type === undefined ? undefined : type === 'inverse',
    multiplier: value && factor && product(value, factor),
    expiry: entry.timeOfMs('expTime'),
  }
}

function rules(entry: Entry): Pick<Listing, 'symbol' | 'tick' | 'lot' | 'minQty' | 'status'> {
  return {
    symbol: entry.name('instId'),
    tick: entry.step('tickSz'),
    lot: entry.step('lotSz'),
    minQty: entry.least('minSz'),
    status: entry.status('state', STATUS),
  }
}

function optionKindOf(entry: Entry): 'call' | 'put' | undefined {
  const type = entry.text('optType')
  if (type === 'C') return 'call'
  return type === 'P' ? 'put' : undefined
}
