export { VenueDataClient } from './client.js'
export type { ConnectionState, Ending, StateChange } from './connection.js'
export type { Gap, GapReason } from './gap.js'
export type { VenueDataClientOptions } from './options.js'
export {
  type Channel,
  isObject,
  type Message,
  protocols,
  type VenueProtocolName,
  venueProtocols,
} from './protocols/index.js'
export type { VenueStats } from './stats.js'
export { VenueTap, type VenueTapOptions } from './tap.js'
export type { Resynced } from './venue-books.js'
export type { VenueEvents } from './venue-events.js'
