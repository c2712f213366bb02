import { type Decimal, decimal } from '../decimal.js'
import { type Entry, feesOf, ofPercent } from '../entry.js'
import { expectNone, objectIn, type VenueList } from '../venue-list.js'

/**
 * `/0/public/AssetPairs`: spot. The symbol is the one of its streams, `XBT/USD`; dark pools have none and keep
 * `XBTUSD.d`.
 */
export const kraken: VenueList = {
  venue: 'KRAKEN',
  hosts: ['api.kraken.com'],
  entries(reply) {
    expectNone(reply, 'error')
    return objectIn(reply, 'result')
  },
  read(entry) {
    const [base, quote] = [entry.name('base'), entry.name('quote')]
    return {
      symbol: entry.optionalName('wsname') ?? entry.name('altname'),
      base,
      quote,
      traded: [plain(base), plain(quote)],
      kind: 'spot',
      tick: entry.step('tick_size'),
      pricePrecision: entry.places('pair_decimals'),
      sizePrecision: entry.places('lot_decimals'),
      minQty: entry.least('ordermin'),
      minNotional: entry.least('costmin'),
      fees: feesOf(ofPercent(firstTier(entry, 'fees_maker')), ofPercent(firstTier(entry, 'fees'))),
      status: entry.status('status', {
        online: 'trading',
        cancel_only: 'restricted',
        post_only: 'restricted',
        limit_only: 'restricted',
        reduce_only: 'restricted',
        delisted: 'closed',
      }),
    }
  },
}

/**
 * The oldest currencies have an X before them, state money a Z. Newer ones are plain, and some of those begin with X
 * too.
 */
const LEGACY = new Set(
  'XETC XETH XICN XLTC XMLN XNMC XREP XXBT XXDG XXLM XXMR XXRP XXVN XZEC ZAUD ZCAD ZEUR ZGBP ZJPY ZKRW ZUSD'.split(' '),
)

function plain(code: string): string {
  return LEGACY.has(code) ? code.slice(1) : code
}

/** The percentage that counts from a volume of 0 on: `[[0, 0.26], [50000, 0.24], …]`. */
function firstTier(entry: Entry, field: string): Decimal | undefined {
  const tier = entry.list(field)[0]
  if (tier === undefined) return undefined
  const percent = Array.isArray(tier) && tier[0] === '0' && typeof tier[1] === 'string' ? decimal(tier[1]) : undefined
  return percent ?? entry.refuse(field, 'a percentage from volume 0 on', tier)
}
