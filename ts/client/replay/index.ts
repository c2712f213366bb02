export type { ReplayHandler, ReplayOptions } from './options.js'
export type { ReplayedDelivery } from './replayed-delivery.js'
export type { Replay, ReplayReport, ReplayStats } from './replay.js'
export { Replays } from './replays.js'
