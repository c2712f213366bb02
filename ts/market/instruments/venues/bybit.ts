import { decimal } from '../decimal.js'
import type { Entry } from '../entry.js'
import type { InstrumentKind, InstrumentStatus, Listing } from '../instrument.js'
import { isObject, type Json, valueOf } from '../json.js'
import { expectCode, listIn, objectIn, type VenueList } from '../venue-list.js'

/**
 * `/v2/public/symbols` of the older interface, `/v5/market/instruments-info` of the newer. The venue lists spot and
 * contracts under the same symbols, so that ids say the product, in the words that NautilusTrader's users know:
 * `BTCUSDT-SPOT`, `BTCUSDT-LINEAR`, `BTCUSD-INVERSE`, `BTC-27JUN25-90000-C-OPTION`.
 */
export const bybit: VenueList = {
  venue: 'BYBIT',
  hosts: ['api.bybit.com', 'api-testnet.bybit.com', 'api.bytick.com'],
  entries: (reply) => (isObject(reply) && valueOf(reply, 'retCode') !== undefined ? newer(reply) : older(reply)),
  read(entry) {
    if (entry.text('name') !== undefined) return olderContract(entry)
    if (entry.text('optionsType') !== undefined) return option(entry)
    return entry.text('contractType') === undefined ? spot(entry) : contract(entry)
  },
}

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  PreLaunch: 'upcoming',
  Trading: 'trading',
  Settling: 'halted',
  Delivering: 'halted',
  Closed: 'closed',
}

function older(reply: Json): readonly Json[] {
  expectCode(reply, 'ret_code', '0')
  return listIn(reply, 'result')
}

function newer(reply: Json): readonly Json[] {
  expectCode(reply, 'retCode', '0')
  return listIn(objectIn(reply, 'result'), 'list')
}

/** Contracts in USD are settled in the base currency, those in USDT are linear: there was nothing else then. */
function olderContract(entry: Entry): Listing {
  const [symbol, base, quote] = [entry.name('name'), entry.name('base_currency'), entry.name('quote_currency')]
  const isInverse = quote === 'USD'
  const [prices, sizes] = [entry.inside('price_filter'), entry.inside('lot_size_filter')]
  return {
    symbol,
    name: `${symbol}-${isInverse ? 'INVERSE' : 'LINEAR'}`,
    base,
    quote,
    settle: isInverse ? base : quote,
    // A future has its month behind the pair: BTCUSDU21. The list does not say the day and hour in full.
    kind: symbol === base + quote ? 'perpetual' : 'future',
    isInverse,
    tick: prices.step('tick_size'),
    lot: sizes.step('qty_step'),
    minQty: sizes.least('min_trading_qty'),
    fees: entry.fees('maker_fee', 'taker_fee'),
    status: entry.status('status', STATUS),
  }
}

function spot(entry: Entry): Listing {
  const sizes = entry.inside('lotSizeFilter')
  const found = rules(entry)
  return {
    ...found,
    name: `${found.symbol}-SPOT`,
    kind: 'spot',
    lot: sizes.step('basePrecision'),
    minNotional: sizes.least('minOrderAmt'),
  }
}

function contract(entry: Entry): Listing {
  const type = entry.text('contractType')!
  const isInverse = type.startsWith('Inverse')
  const kind = kindOf(entry, type)
  const found = rules(entry)
  return {
    ...found,
    name: `${found.symbol}-${isInverse ? 'INVERSE' : 'LINEAR'}`,
    kind,
    isInverse,
    settle: entry.optionalName('settleCoin'),
    // A perpetual has the delivery time 0.
    expiry: kind === 'future' ? entry.timeOfMs('deliveryTime') : undefined,
  }
}

function kindOf(entry: Entry, type: string): InstrumentKind {
  if (type === 'LinearPerpetual' || type === 'InversePerpetual') return 'perpetual'
  if (type === 'LinearFutures' || type === 'InverseFutures') return 'future'
  return entry.unknownKind('contractType')
}

/**
 * The strike stands in the symbol alone: `BTC-27JUN25-90000-C`, with the settlement currency behind it where that is
 * not USDC.
 */
function option(entry: Entry): Listing {
  const found = rules(entry)
  const strike = /^[^-]+-[^-]+-([^-]+)-[CP](?:-[^-]+)?$/.exec(found.symbol)?.[1]
  return {
    ...found,
    name: `${found.symbol}-OPTION`,
    kind: 'option',
    settle: entry.optionalName('settleCoin'),
    expiry: entry.timeOfMs('deliveryTime'),
    strike: strike === undefined ? undefined : decimal(strike),
    optionKind: optionKindOf(entry),
  }
}

function optionKindOf(entry: Entry): 'call' | 'put' | undefined {
  const type = entry.text('optionsType')
  if (type === 'Call') return 'call'
  return type === 'Put' ? 'put' : undefined
}

function rules(entry: Entry): Omit<Listing, 'kind'> {
  const sizes = entry.inside('lotSizeFilter')
  return {
    symbol: entry.name('symbol'),
    base: entry.name('baseCoin'),
    quote: entry.name('quoteCoin'),
    tick: entry.inside('priceFilter').step('tickSize'),
    lot: sizes.step('qtyStep'),
    minQty: sizes.least('minOrderQty'),
    minNotional: sizes.least('minNotionalValue'),
    status: entry.status('status', STATUS),
  }
}
