import type { DecodedVenue, SimulatedVenue } from '../../market-core.js'
import type { FeedMarket } from '../feed-instrument.js'

/** A venue, and how it calls a currency that is quoted in dollars. */
export interface VenueModel extends SimulatedVenue {
  readonly market: FeedMarket
  symbolOf(currency: string): string
}

const MS = 1_000_000
const US = 1_000

/**
 * The venues. Lags are given; spreads, noise and activity are chosen to be plausible for the venues' size, and fitted to
 * nothing: only Binance was recorded.
 */
export const venueModels: Readonly<Record<DecodedVenue, VenueModel>> = {
  BINANCE: {
    market: 'spot',
    symbolOf: (currency) => `${currency}USDT`,
    ...{ lagNs: 2 * MS, spreadBps: 0.4, noiseBps: 0.3, noiseNs: 150 * MS, activity: 1 },
    // Its quotes carry no time: the receive time stands in, as in what the decoder makes of them.
    ...{ quoteUnitNs: 0, tradeUnitNs: MS, hasSequence: true },
  },
  COINBASE: {
    market: 'coinbase',
    symbolOf: (currency) => `${currency}-USD`,
    ...{ lagNs: 5 * MS, spreadBps: 0.8, noiseBps: 0.6, noiseNs: 300 * MS, activity: 0.45 },
    ...{ quoteUnitNs: US, tradeUnitNs: US, hasSequence: true },
  },
  KRAKEN: {
    market: 'kraken',
    symbolOf: (currency) => `${currency}/USD`,
    ...{ lagNs: 10 * MS, spreadBps: 1.2, noiseBps: 1, noiseNs: 700 * MS, activity: 0.25 },
    ...{ quoteUnitNs: US, tradeUnitNs: US, hasSequence: false },
  },
  BYBIT: {
    market: 'bybit-spot',
    symbolOf: (currency) => `${currency}USDT`,
    ...{ lagNs: 3 * MS, spreadBps: 0.5, noiseBps: 0.4, noiseNs: 150 * MS, activity: 0.6 },
    ...{ quoteUnitNs: MS, tradeUnitNs: MS, hasSequence: true },
  },
  OKX: {
    market: 'okx',
    symbolOf: (currency) => `${currency}-USDT`,
    ...{ lagNs: 2.5 * MS, spreadBps: 0.5, noiseBps: 0.4, noiseNs: 150 * MS, activity: 0.7 },
    ...{ quoteUnitNs: MS, tradeUnitNs: MS, hasSequence: true },
  },
}
