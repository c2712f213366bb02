import { availableParallelism } from 'node:os'
import { viewsOf } from '../../bus/index.js'
import type { Core } from '../../core.js'
import { ENVELOPE_BYTES, MEMBERS, PORT_WORDS } from '../../layout.js'
import { type MessageBus, Roster } from '../../workers/index.js'
import { type Backing, orderOf } from '../backing.js'
import { envelopeBytes, requireMemory } from '../config/memory.js'
import { Group } from '../group.js'
import type { GroupHost, GroupSettings } from '../group-host.js'
import type { GroupTopic } from '../group-topic.js'
import type { LaneTable } from '../lane-table.js'
import { LaneTimes } from '../lane-times.js'
import { scaledGroup } from '../scaled-group.js'
import { Meter } from '../scaling/index.js'
import { RisingNumbers } from '../topic-table.js'
import type { GroupHandler } from '../work.js'
import type { ToThread } from './control.js'
import type { Dealer } from './dealer.js'
import { Lending } from './lending.js'
import { OnceLedger } from './once-ledger.js'
import { Seat } from './seat.js'
import { SharedThreadPort } from './shared-thread-port.js'
import { Sharing } from './sharing.js'
import { blockFor, EnvelopeSlab, type Slab } from './slab.js'
import { ThreadStore } from './thread-store.js'
import { SLOTS_MOST, ThreadsEngine } from './threads-engine.js'
import { WorkerThreads } from './worker-threads.js'

export interface ThreadGroupOptions {
  readonly name: string
  readonly sequence: number
  readonly settings: GroupSettings & { readonly module: string }
  readonly lanes: LaneTable
  readonly host: GroupHost
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
  readonly bus: MessageBus<any>
  /** Stands for the module's handler where one is spoken of. */
  readonly handler: GroupHandler
}

/** The memory of a group of several threads. */
interface Memory {
  readonly envelopes: SharedArrayBuffer
  readonly slab: SharedArrayBuffer
  /** The owner's port. */
  readonly page: SharedArrayBuffer
  /** What was handled of effectively-once topics; undefined if the schema has none. */
  readonly once: OnceLedger | undefined
  readonly bytes: number
}

/** Threads that wait ready, where their number follows the load: to start one takes 20 to 50 ms. */
const SPARES = 1
/** The slab takes this part of what the budget has left, as whole pages, but no more than a GiB. */
const SLAB_SHARE = 4
const SLAB_PAGE = 64 * 1024
const SLAB_MOST = 2 ** 30
/** The largest block of the backend's own slab. */
const SHARED_PAYLOAD_MOST = 2 ** 20
/** Topics that nothing is published on any more, and of which something may still wait where only the backend knows it. */
const TOPICS_KEPT = 65_536

/**
 * Opens a group whose handlers run in worker threads, and resolves once all of them are ready.
 *
 * @throws (rejects) {TickbusError} `TICKBUS_WORKER_MODULE`, `TICKBUS_MEMORY_LIMIT`; nothing is left behind then.
 */
export async function openThreadGroup(options: ThreadGroupOptions): Promise<Group> {
  const { name, sequence, settings, lanes, host, handler } = options
  const memory = takeMemory(options)
  const roster = Roster.create()
  const seat = new Seat(host.threads, roster, () => host.schedule(group))
  const { store, backing, deal } = openBacking(options, memory, roster.memory, seat, (message) => threads.post(message))
  const group = new Group(name, sequence, settings, lanes, host, backing)
  const dealer = deal(group)
  const engine = new ThreadsEngine({ group, dealer, roster, bell: seat, store, topics: backing.topics, handler })
  group.engine = engine
  const { count, spares, most } = threadCounts(settings)
  const threads = new WorkerThreads({
    system: host.threads,
    clock: host.clock,
    random: host.random,
    count,
    spares,
    most,
    group: name,
    module: settings.module,
    shared: {
      group: name,
      priorities: lanes.priorities,
      urgent: lanes.urgent,
      tellsExpired: settings.onExpired !== undefined,
      isScaled: settings.scalesFrom !== undefined,
      ackWait: settings.ackWait,
      roster: roster.memory,
      envelopes: memory.envelopes,
      slab: memory.slab,
      once: memory.once?.marks.memory,
      source: dealer.source,
    },
    assign: () => ({
      page: new SharedArrayBuffer(4 * PORT_WORDS),
      stats: new SharedArrayBuffer(LaneTimes.bytes(lanes.lanes.length)),
      meter: new SharedArrayBuffer(Meter.bytes(Math.min(settings.slots, SLOTS_MOST))),
    }),
    toldSoFar: () => [...announced(backing.topics.topics()), { type: 'structures', table: store.structures }],
    onMessage: engine.hear,
    onError: engine.failed,
    onExit: engine.ended,
    onChange: engine.share,
    onRetire: engine.retire,
    onLimit: engine.atLimit,
  })
  engine.begin(threads)
  try {
    await threads.open()
  } catch (error) {
    dealer.end()
    group.release()
    throw error
  }
  engine.opened()
  // A clock that stands still does so for all.
  const standIn = host.clock.isReal ? dealer.openStandIn?.bind(dealer) : undefined
  if (settings.scalesFrom !== undefined) host.scaling.add(scaledGroup(group, availableParallelism(), standIn))
  return group
}

/** Threads at work when the group opens, spare ones, and the most that there are at any time: one may still be leaving. */
function threadCounts({ threads, hasFixedThreads }: GroupSettings): { count: number; spares: number; most: number } {
  if (hasFixedThreads) return { count: threads, spares: 0, most: threads }
  return { count: 1, spares: SPARES, most: Math.min(MEMBERS - 1, threads + SPARES + 1) }
}

/** What the threads of the group were told of its topics. */
function announced(topics: Iterable<GroupTopic>): ToThread[] {
  return [...topics].filter(({ isAnnounced }) => isAnnounced).map(definition)
}

function definition({ number, name: topic, pattern, isDurable, isOnce }: GroupTopic): ToThread {
  return { type: 'define', number, topic, pattern, isDurable, isOnce }
}

function takeMemory(options: ThreadGroupOptions): Memory {
  const { settings, lanes, host } = options
  const { budget } = host
  // Every thread has lists of its own, in which envelopes lie.
  const envelopes = envelopeBytes(lanes.lanes, settings.slots, 1 + threadCounts(settings).most)
  const hasOnce = hasOnceTopics(options)
  const marks = hasOnce ? OnceLedger.bytes(envelopes / ENVELOPE_BYTES, settings.window) : 0
  const largest = blockFor(host.settings.payloadBytes)
  const left = (budget.limitBytes - budget.usedBytes - envelopes - marks) / SLAB_SHARE
  const slab = Math.max(largest, Math.min(SLAB_MOST, left - (left % largest)))
  const bytes = envelopes + marks + slab
  requireMemory(host.settings, budget.usedBytes + bytes)
  budget.take(bytes)
  const memory = new SharedArrayBuffer(envelopes)
  return {
    envelopes: memory,
    once: hasOnce ? openLedger(options, memory) : undefined,
    slab: new SharedArrayBuffer(Math.ceil(slab / SLAB_PAGE) * SLAB_PAGE),
    page: new SharedArrayBuffer(4 * PORT_WORDS),
    bytes,
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
function hasOnceTopics({ bus }: { bus: MessageBus<any> }): boolean {
  return bus.schema.toData().some(({ options }) => options.delivery === 'effectively-once')
}

function openLedger({ name, settings, host, handler }: ThreadGroupOptions, envelopes: SharedArrayBuffer): OnceLedger {
  return new OnceLedger({
    envelopes: viewsOf(envelopes),
    bounds: settings.window,
    nowNs: () => host.time.recentNs(),
    onUntold: ({ name: topic, pattern }, error) => host.failed({ error, group: name, topic, pattern, handler }),
  })
}

interface Opened {
  readonly store: ThreadStore
  readonly backing: Backing
  readonly deal: (group: Group) => Dealer
}

function openBacking(
  options: ThreadGroupOptions,
  memory: Memory,
  roster: SharedArrayBuffer,
  seat: Seat,
  tell: (message: ToThread) => void,
): Opened {
  const { core } = options.host.inside
  return core.openSharedGroup === undefined
    ? openLending(options, memory, seat, tell)
    : openSharing(options, memory, roster, seat, tell, core as Required<Core>)
}

function openLending(
  options: ThreadGroupOptions,
  memory: Memory,
  seat: Seat,
  tell: (message: ToThread) => void,
): Opened {
  const { settings, lanes, host } = options
  const { envelopes, once, page, bytes } = memory
  const largest = blockFor(host.settings.payloadBytes)
  const slab = new EnvelopeSlab(memory.slab, largest, envelopes.byteLength / ENVELOPE_BYTES)
  const { payloadBytes } = host.settings
  const store = openStore(options, memory, slab, payloadBytes, (envelope) => slab.free(envelope), tell)
  const schedule = host.inside.core.openSchedule({
    port: new Uint8Array(page),
    envelopes: new Uint8Array(envelopes),
    ...orderOf(settings, lanes, host),
  })
  const backing = { store, topics: new RisingNumbers(0), page, schedule, isShared: false, once, bytes }
  return { store, backing, deal: (group) => new Lending(group, seat) }
}

function openSharing(
  options: ThreadGroupOptions,
  memory: Memory,
  roster: SharedArrayBuffer,
  seat: Seat,
  tell: (message: ToThread) => void,
  core: Required<Core>,
): Opened {
  const { settings, lanes, host } = options
  const { once, page, bytes } = memory
  const envelopes = new Uint8Array(memory.envelopes)
  const slab = new Uint8Array(memory.slab)
  const shared = core.openSharedGroup({ envelopes, slab, ...orderOf(settings, lanes, host) })
  const { slot } = seat.id
  const port = core.joinSharedGroup({ token: shared.token, envelopes, slab, port: new Uint8Array(page), slot })
  const schedule = new SharedThreadPort(page, port, seat)
  // Blocks of what is handled or let go the backend frees; those of what is not submitted after all are freed here.
  const payloadBytes = Math.min(host.settings.payloadBytes, SHARED_PAYLOAD_MOST)
  const store = openStore(options, memory, port, payloadBytes, (envelope) => port.alloc(envelope, 0), tell)
  const backing = { store, topics: new RisingNumbers(TOPICS_KEPT), page, schedule, isShared: true, once, bytes }
  return { store, backing, deal: (group) => new Sharing({ group, shared, port: schedule, seat, roster, core, once }) }
}

function openStore(
  { host, bus }: ThreadGroupOptions,
  memory: Memory,
  slab: Slab,
  payloadBytes: number,
  free: (envelope: number) => void,
  tell: (message: ToThread) => void,
): ThreadStore {
  return new ThreadStore({
    envelopes: memory.envelopes,
    slab,
    slabMemory: memory.slab,
    payloadBytes,
    epoch: host.epoch,
    schema: bus.schema,
    define: (topic) => tell(definition(topic)),
    announceStructures: (table) => tell({ type: 'structures', table }),
    once: memory.once,
    free,
  })
}
