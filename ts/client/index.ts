export {
  type AckLevel,
  type AwaitedPublishOptions,
  BufferedMessageBusClient,
  type ClientOptions,
  type DrainReport,
} from './client.js'
export type { ClientEvents } from './client-events.js'
export { type Clock, processClock, type Timer } from './clock.js'
export type {
  ClientConfig,
  JournalConfig,
  LaneConfig,
  LoadConfigOptions,
  OwnLaneConfig,
  PresetName,
  Route,
  ShedConfig,
} from './config/index.js'
export type { Delivery, RetryOptions } from './delivery.js'
export type { ExpiredHandler } from './group-host.js'
export type { GroupOptions } from './group-options.js'
export type { ClientStats, Dropped, GroupStats, LaneStats } from './group-stats.js'
export type { GroupSubscription } from './group-subscription.js'
export type { Percentiles } from './lane-times.js'
export { loadConfig } from './load-config.js'
export type { Logger, LogLevel, LogMethod } from './logger.js'
export type { SignalDrainOptions } from './signals.js'
export type {
  Replay,
  ReplayedDelivery,
  ReplayHandler,
  ReplayOptions,
  ReplayReport,
  ReplayStats,
} from './replay/index.js'
export type { PublishOptions, PublishStatus, Receipt } from './publish-options.js'
export type { ScalingDecision } from './scaling/index.js'
export type { WaterMark } from './water-marks.js'
export type { GroupHandler, GroupHandlerError, RestartLimit, StuckHandler, WorkerLoss } from './work.js'
