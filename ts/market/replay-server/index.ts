export type { ServedFrame } from './program.js'
export { VenueReplayServer, type VenueReplayServerOptions, type VenueReplayStats } from './server.js'
