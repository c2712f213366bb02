import type { VenueList } from '../venue-list.js'
import { okx } from './okx.js'

/** `/api/v5/public/instruments`, as OKX writes it: spot. */
export const okcoin: VenueList = { ...okx, venue: 'OKCOIN', hosts: ['www.okcoin.com'] }
