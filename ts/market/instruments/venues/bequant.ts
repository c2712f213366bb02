import type { VenueList } from '../venue-list.js'
import { hitbtc } from './hitbtc.js'

/**
 * `/api/2/public/symbol`, on the system of HitBTC: spot. Symbols on `_BQX` are those whose currencies it mislabels
 * most.
 */
export const bequant: VenueList = { ...hitbtc, venue: 'BEQUANT', hosts: ['api.bequant.io'] }
