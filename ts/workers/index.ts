export type { Polling } from './polling.js'
export { pollingThreads } from './polling.js'
export type { ThreadStats } from './member.js'
export {
  type AttachOptions,
  type BusStats,
  type LostRecords,
  MessageBus,
  type MessageBusOptions,
  type SlowReader,
  type UndecodableRecord,
} from './message-bus.js'
export type { SpawnedThreads, SpawnOptions, ThreadExit } from './spawn.js'
export type { Ticket } from './ticket.js'
export type { Undeliverable } from './switchboard.js'
