import { availableParallelism } from 'node:os'
import { badArgument, show, TickbusError } from '../errors.js'
import { MEMBERS } from '../layout.js'
import type { ClientSettings, LaneSettings } from './config/index.js'
import { deliverySettings } from './delivery-options.js'
import type { ExpiredHandler, GroupSettings } from './group-host.js'

/** Most handlers of a group under way at once. */
const SLOTS_MOST = 65_536
/** Most messages that wait in a lane of a group without a name. */
const SMALL_LANE = 1_000
const OPTIONS: readonly string[] = [
  'group',
  'concurrency',
  'threads',
  'order',
  'maxDeliver',
  'backoffMs',
  'ackWaitMs',
  'maxBlockMs',
  'idempotency',
  'onExpired',
  'signal',
]

export interface GroupOptions {
  /**
   * Name of the group, 1 to 255 characters. All that subscribe under one name compete for its messages and say the same
   * options. @default a group of its own for each subscribe, with at most 1,000 messages in a lane
   */
  group?: string
  /**
   * Most handlers under way at once, 1 to 65,536. Handlers that return no promise run one after the other anyhow.
   * @default from workers.min to workers.max as the load asks for it, where the client autoscales; workers.max otherwise
   */
  concurrency?: number
  /**
   * How many worker threads run a module, 1 to 63; `concurrency` is divided over them. Not for functions. @default as many as
   * `workers.max`, but at most the processor's cores less one; where the group scales, from one to the cores
   */
  threads?: number
  /**
   * `key`: of the messages with one key one is under way at a time, in the order in which they were published. `none` gives
   * that up for speed. @default 'key'
   */
  order?: 'key' | 'none'
  /**
   * Deliveries of a message that may not be lost before it becomes a dead letter, 1 to 1,000; those that its handler put off by
   * `retryLater` apart. @default 5
   */
  maxDeliver?: number
  /**
   * Waits before the second delivery, the third and so on, in milliseconds: 1 to 64 of them, 0 to 3,600,000 each. The last one
   * counts for all that follow; each varies by 20 %. @default [10, 100, 1_000, 5_000, 30_000]
   */
  backoffMs?: readonly number[]
  /**
   * How long a handler's promise may take to acknowledge, in milliseconds. Then the delivery's signal aborts and what it says
   * counts no more: the message is tried again if it may not be lost, and counts as `timedOut` otherwise.
   * @default 5_000 for messages that may not be lost, and as long as it takes for others
   */
  ackWaitMs?: number
  /**
   * How long the messages of a key wait for one of them that is tried again, in milliseconds, from its first failure on: if it
   * would take longer, it becomes a dead letter and the key goes on. After a journal was opened also how long a key waits for
   * patterns that the group had before. @default 30_000
   */
  maxBlockMs?: number
  /**
   * How many acknowledged messages of effectively-once topics the group remembers, and for how many milliseconds.
   * @default { size: 100_000, ms: 600_000 }
   */
  idempotency?: { size?: number; ms?: number }
  /** Called with each message whose deadline passed while it waited. All subscriptions of a group give the same function, or none. */
  onExpired?: ExpiredHandler
  /** Ends the subscription when it aborts. */
  signal?: AbortSignal
}

/**
 * What the options say, and what they leave out.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT`
 */
export function groupSettings(options: GroupOptions, settings: ClientSettings, module?: string): GroupSettings {
  if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) throw badArgument('options', `some of ${OPTIONS.join(', ')}`, name)
  }
  const { min, max } = settings.workers
  const { group, concurrency = max, order = 'key', onExpired, signal } = options
  if (group !== undefined && (typeof group !== 'string' || group.trim() === '' || group.length > 255)) {
    throw badArgument('group', 'a name of 1 to 255 characters', group)
  }
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > SLOTS_MOST) {
    throw badArgument('concurrency', 'a whole number from 1 to 65,536', concurrency)
  }
  if (order !== 'key' && order !== 'none') throw badArgument('order', `'key' or 'none'`, order)
  if (onExpired !== undefined && typeof onExpired !== 'function')
    throw badArgument('onExpired', 'a function', onExpired)
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw badArgument('signal', 'an AbortSignal', signal)
  const scalesFrom = settings.autoscale && min < max && options.concurrency === undefined ? min : undefined
  const isScaled = scalesFrom !== undefined
  return {
    slots: concurrency,
    scalesFrom,
    order,
    ...deliverySettings(options),
    onExpired,
    module,
    threads: threadsOf(options, settings, module, isScaled),
    hasFixedThreads: options.threads !== undefined || !isScaled,
  }
}

function threadsOf(
  { threads }: GroupOptions,
  settings: ClientSettings,
  module: string | undefined,
  isScaled: boolean,
): number {
  if (module === undefined) {
    if (threads !== undefined) throw badArgument('threads', 'no number, since functions run in this thread', threads)
    return 0
  }
  // Where they follow the load, this thread has its share of the cores by the law.
  const cores = isScaled ? availableParallelism() : availableParallelism() - 1
  if (threads === undefined) return Math.max(1, Math.min(settings.workers.max, cores, MEMBERS - 1))
  if (Number.isInteger(threads) && threads >= 1 && threads < MEMBERS) return threads
  throw new TickbusError('TICKBUS_THREADS', { most: String(MEMBERS - 1), got: show(threads) })
}

/**
 * Refuses a subscription that says something else than its group.
 *
 * @throws {TickbusError} `TICKBUS_GROUP_CONFLICT`
 */
export function checkSameSettings(group: string, known: GroupSettings, said: GroupSettings, given: GroupOptions): void {
  const differs = (name: string, had: unknown, has: unknown): TickbusError =>
    new TickbusError('TICKBUS_GROUP_CONFLICT', { group, reason: `with ${name} ${show(had)} and not ${show(has)}` })
  if (known.module !== said.module) {
    throw differs('handlers in', known.module ?? 'this thread', said.module ?? 'this thread')
  }
  if (known.threads !== said.threads) throw differs('threads', known.threads, said.threads)
  if (known.slots !== said.slots) throw differs('concurrency', known.slots, said.slots)
  if (known.scalesFrom !== said.scalesFrom) throw differs('fewest slots', known.scalesFrom, said.scalesFrom)
  if (known.order !== said.order) throw differs('order', known.order, said.order)
  for (const name of ['rules', 'ackWait', 'window'] as const) {
    if (JSON.stringify(known[name]) !== JSON.stringify(said[name])) {
      throw differs(NAMES[name], JSON.stringify(known[name]), JSON.stringify(said[name]))
    }
  }
  if (given.onExpired !== undefined && known.onExpired !== said.onExpired) {
    throw differs('onExpired', known.onExpired, said.onExpired)
  }
}

const NAMES = { rules: 'maxDeliver, backoffMs, maxBlockMs', ackWait: 'ackWaitMs', window: 'idempotency' } as const

/** The lanes of a group without a name. */
export function smallLanes(lanes: readonly LaneSettings[]): LaneSettings[] {
  return lanes.map((lane) => ({ ...lane, capacity: Math.min(lane.capacity, SMALL_LANE) }))
}
