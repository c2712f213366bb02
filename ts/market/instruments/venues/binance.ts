import type { Entry } from '../entry.js'
import type { InstrumentKind, InstrumentStatus, Listing } from '../instrument.js'
import { listIn, type VenueList } from '../venue-list.js'

/**
 * `exchangeInfo` of spot (`/api/v3`), of USD-margined (`/fapi/v1`) and of coin-margined futures (`/dapi/v1`). Spot and
 * USD-margined perpetuals share their symbols, so that the perpetuals are called `BTCUSDT-PERP`.
 */
export const binance: VenueList = {
  venue: 'BINANCE',
  hosts: ['api.binance.com', 'fapi.binance.com', 'dapi.binance.com'],
  entries: (reply) => listIn(reply, 'symbols'),
  read(entry) {
    return entry.text('marginAsset') === undefined ? { ...rules(entry), kind: 'spot' } : contract(entry)
  },
}

const STATUS: Readonly<Record<string, InstrumentStatus>> = {
  TRADING: 'trading',
  BREAK: 'halted',
  HALT: 'halted',
  AUCTION_MATCH: 'halted',
  PRE_TRADING: 'halted',
  POST_TRADING: 'halted',
  END_OF_DAY: 'halted',
  PENDING_TRADING: 'upcoming',
  PRE_DELIVERING: 'halted',
  DELIVERING: 'halted',
  PRE_SETTLE: 'halted',
  SETTLING: 'halted',
  DELIVERED: 'closed',
  CLOSE: 'closed',
}

function contract(entry: Entry): Listing {
  const found = rules(entry)
  const kind = kindOf(entry)
  // Only the coin-margined list gives a size: the worth of a contract in the quote currency.
  const size = entry.step('contractSize')
  const isInverse = size !== undefined
  const isNamedLikeSpot = kind === 'perpetual' && !found.symbol.includes('_')
  return {
    ...found,
    name: isNamedLikeSpot ? `${found.symbol}-PERP` : found.symbol,
    kind,
    isInverse,
    settle: entry.optionalName('marginAsset'),
    multiplier: size,
    expiry: kind === 'future' ? entry.timeOfMs('deliveryDate') : undefined,
    status: entry.status(isInverse ? 'contractStatus' : 'status', STATUS),
  }
}

function kindOf(entry: Entry): InstrumentKind {
  const type = entry.text('contractType') ?? ''
  if (type.includes('PERPETUAL')) return 'perpetual'
  if (/^(CURRENT|NEXT)_(MONTH|QUARTER)/.test(type)) return 'future'
  return entry.unknownKind('contractType')
}

function rules(entry: Entry): Omit<Listing, 'kind'> {
  const filters = entry.listBy('filters', 'filterType')
  const size = filters.get('LOT_SIZE')
  const notional = filters.get('MIN_NOTIONAL') ?? filters.get('NOTIONAL')
  return {
    symbol: entry.name('symbol'),
    base: entry.name('baseAsset'),
    quote: entry.name('quoteAsset'),
    tick: filters.get('PRICE_FILTER')?.step('tickSize'),
    lot: size?.step('stepSize'),
    minQty: size?.least('minQty'),
    // The futures call it `notional`.
    minNotional: notional?.least('minNotional') ?? notional?.least('notional'),
    status: entry.status('status', STATUS),
  }
}
