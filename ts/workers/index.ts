export { decodeBytes, decodeJson, encodeBytes, encodeJson } from './formats.js'
export { PayloadDecoder, PayloadEncoder, type StructureTable } from './payload.js'
export { type Polling, pollingThreads, PollingWindow } from './polling.js'
export { type MemberId, Roster } from './roster.js'
export { adoptTicket } from './spawned-ticket.js'
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
export { NAMES_BYTES, type Ticket } from './ticket.js'
export type { Undeliverable } from './switchboard.js'
