import type { Entry } from '../entry.js'
import type { InstrumentKind } from '../instrument.js'
import { listIn, type VenueList } from '../venue-list.js'

/** `/api/v2/public/get_instruments`: futures, perpetuals, options, spot. Sizes are amounts, not contracts. */
export const deribit: VenueList = {
  venue: 'DERIBIT',
  hosts: ['www.deribit.com', 'test.deribit.com'],
  entries: (reply) => listIn(reply, 'result'),
  read(entry) {
    const kind = kindOf(entry)
    const [symbol, base, quote] = [
      entry.name('instrument_name'),
      entry.name('base_currency'),
      entry.name('quote_currency'),
    ]
    return {
      symbol,
      base,
      quote,
      traded: [base, counterOf(entry, symbol)],
      settle: kind === 'spot' ? undefined : entry.optionalName('settlement_currency'),
      kind,
      isInverse: isInverse(entry, kind, quote),
      tick: entry.step('tick_size'),
      minQty: entry.least('min_trade_amount'),
      multiplier: kind === 'spot' ? undefined : entry.step('contract_size'),
      fees: entry.fees('maker_commission', 'taker_commission'),
      expiry: kind === 'future' || kind === 'option' ? entry.timeOfMs('expiration_timestamp') : undefined,
      strike: kind === 'option' ? entry.decimal('strike') : undefined,
      optionKind: optionKindOf(entry),
      status: statusOf(entry.flag('is_active')),
    }
  },
}

function kindOf(entry: Entry): InstrumentKind {
  const kind = entry.text('kind')
  if (kind === 'future') return entry.text('settlement_period') === 'perpetual' ? 'perpetual' : 'future'
  if (kind === 'option' || kind === 'spot') return kind
  return entry.unknownKind('kind')
}

/**
 * An option on BTC is quoted in BTC, but is about BTC/USD. Where the list gives no counter currency, the name does:
 * `BTC_USDC-…`, or USD.
 */
function counterOf(entry: Entry, symbol: string): string {
  return entry.optionalName('counter_currency') ?? /^[^-_]+_([^-]+)/.exec(symbol)?.[1] ?? 'USD'
}

/**
 * Older lists do not say it; but the venue holds no dollars, so that a future in USD is settled in its base currency.
 */
function isInverse(entry: Entry, kind: InstrumentKind, quote: string): boolean | undefined {
  const type = entry.text('future_type') ?? entry.text('instrument_type')
  if (type !== undefined) return type === 'reversed'
  return kind === 'option' ? undefined : quote === 'USD'
}

function optionKindOf(entry: Entry): 'call' | 'put' | undefined {
  const kind = entry.text('option_type')
  return kind === 'call' || kind === 'put' ? kind : undefined
}

function statusOf(isActive: boolean | undefined): 'trading' | 'closed' | undefined {
  if (isActive === undefined) return undefined
  return isActive ? 'trading' : 'closed'
}
