import type { Schedule } from '../core.js'
import { ENVELOPE_BYTES, PORT_WORDS } from '../layout.js'
import { EnvelopeStore, type MessageStore } from './envelope-store.js'
import type { GroupHost, GroupSettings } from './group-host.js'
import type { Once } from './handled-once.js'
import type { LaneTable } from './lane-table.js'
import { PayloadPool } from './payload-pool.js'
import { ReusedNumbers, type TopicTable } from './topic-table.js'

/** Where a group's messages lie, and who orders them. */
export interface Backing {
  readonly store: MessageStore
  readonly topics: TopicTable
  /** The page of this thread's port. */
  readonly page: SharedArrayBuffer
  readonly schedule: Schedule
  /** Whether other threads take turns as well: then this one learns what became of messages only from the counts. */
  readonly isShared: boolean
  /** What was handled of effectively-once topics, where other threads have to know. */
  readonly once?: Once | undefined
  /** What the group has taken from the budget. */
  readonly bytes: number
}

/** For a group whose handlers run in this thread; `bytes` of envelopes were taken from the budget. */
export function openBacking(settings: GroupSettings, lanes: LaneTable, host: GroupHost, bytes: number): Backing {
  const page = new SharedArrayBuffer(4 * PORT_WORDS)
  const store = new EnvelopeStore(bytes / ENVELOPE_BYTES, new PayloadPool(host.budget), host.epoch)
  const schedule = host.inside.core.openSchedule({
    port: new Uint8Array(page),
    envelopes: new Uint8Array(store.memory),
    ...orderOf(settings, lanes, host),
  })
  return { store, topics: new ReusedNumbers(), page, schedule, isShared: false, bytes }
}

/** How a group's messages are ordered. */
export function orderOf(settings: GroupSettings, lanes: LaneTable, { settings: client }: GroupHost) {
  return {
    lanes: lanes.scheduled(),
    policy: client.policy,
    urgent: lanes.urgent,
    ageNs: client.ageMs * 1e6,
    ordered: settings.order === 'key',
  }
}
