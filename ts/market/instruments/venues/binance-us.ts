import type { VenueList } from '../venue-list.js'
import { binance } from './binance.js'

/** `/api/v3/exchangeInfo`, as Binance writes it: spot. */
export const binanceUs: VenueList = { ...binance, venue: 'BINANCE_US', hosts: ['api.binance.us'] }
