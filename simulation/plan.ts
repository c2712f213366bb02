/** What one seed asks for: how the client is set up, what goes wrong and how often. */
import {
  type BufferedMessageBusClient,
  type ClientOptions,
  type GroupOptions,
  json,
  type LaneConfig,
  type Overflow,
  Priority,
  topics,
} from 'tickbus'
import type { Random } from './random.js'

/** What is published. */
export interface Message {
  readonly n: number
  readonly key?: string
  /** Of effectively-once topics: equal for messages of which one is to be handled. */
  readonly identity?: string
  /** Makes it long. */
  readonly pad?: string
}

const key = (message: Message): string => message.key!

/** Topics by what they promise; those of one line share their keys. */
export const schema = topics({
  'orders.{id}': json<Message>({ delivery: 'at-least-once', key }),
  'quick.{id}': json<Message>({ delivery: 'at-least-once', dispatchAfter: 'memory', key }),
  'safe.{id}': json<Message>({ delivery: 'at-least-once', dispatchAfter: 'synced', key }),
  'fills.{id}': json<Message>({ delivery: 'effectively-once', idempotencyKey: ({ identity }) => identity! }),
  'ticks.{id}': json<Message>({ priority: Priority.NORMAL }),
  'quotes.{id}': json<Message>({ priority: Priority.LOW, key }),
})

export const DURABLE = ['orders', 'quick', 'safe', 'fills'] as const
export const LOSSY = ['ticks', 'quotes'] as const
export type TopicKind = (typeof DURABLE)[number] | (typeof LOSSY)[number]

export type Client = BufferedMessageBusClient<{}>

export interface GroupPlan {
  readonly name: string
  readonly patterns: readonly string[]
  readonly options: GroupOptions
  /** Worker threads in which its handlers run at first; 0 for the main thread. */
  readonly threads: number
}

/** Shares of handlers that do so, from 0 to 1; the others return or resolve soon. */
export interface Conduct {
  readonly throws: number
  readonly rejects: number
  readonly hangs: number
  readonly slow: number
  readonly words: number
  readonly blocks: number
  /** Of modules that do not open. */
  readonly refuses: number
  /** Of messages that kill each worker thread that handles them. */
  readonly poisons: number
}

export interface Plan {
  readonly seed: number
  readonly steps: number
  readonly hasJournal: boolean
  readonly client: ClientOptions
  readonly groups: readonly GroupPlan[]
  readonly conduct: Conduct
  readonly keys: number
  /** Most characters that messages are padded with that may be lost. */
  readonly padding: number
  /** How often a step is which. */
  readonly weights: Readonly<Record<StepKind, number>>
}

export const STEPS = [
  'publish',
  'publishAwaited',
  'publishDuplicate',
  'turn',
  'pass',
  'stall',
  'resize',
  'killWorker',
  'stallWorker',
  'jump',
  'fullDisk',
  'slowDisk',
  'failSync',
  'failWrite',
  'healDisk',
  'kill',
  'cutPower',
  'dieOpening',
  'reopen',
  'subscribe',
] as const
export type StepKind = (typeof STEPS)[number]

export const DIRECTORY = '/wal'
export const WORKERS_MOST = 3

export function planOf(seed: number, random: Random): Plan {
  const hasJournal = random.chance(0.75)
  const share = (most: number): number => (random.chance(0.5) ? 0 : random.number() * most)
  const disk = hasJournal ? 1 : 0
  const groups = groupPlans(random)
  const workers = groups.some(({ threads }) => threads > 0) ? 1 : 0
  const crashes = random.chance(0.7) ? random.number() * 1.2 : 0
  return {
    seed,
    steps: random.whole(80, 260),
    hasJournal,
    client: clientOptions(random, hasJournal),
    groups,
    conduct: {
      throws: share(0.2),
      rejects: share(0.3),
      hangs: share(0.15),
      slow: share(0.3),
      words: share(0.4),
      blocks: share(0.1),
      refuses: share(0.2),
      poisons: share(0.02),
    },
    keys: random.whole(1, 6),
    // Lanes that spill have files only where there is much to spill.
    padding: random.of([0, 0, 60_000]),
    weights: {
      publish: 30,
      publishAwaited: 12,
      publishDuplicate: share(8),
      turn: 20,
      pass: 20,
      stall: share(2),
      resize: share(4),
      killWorker: workers * share(6),
      stallWorker: workers * share(3),
      jump: share(2),
      fullDisk: disk * share(1.5),
      slowDisk: disk * share(1.5),
      failSync: disk * share(1.5),
      failWrite: disk * (random.chance(0.15) ? 0.5 : 0),
      healDisk: disk * 2,
      kill: crashes,
      cutPower: disk * crashes,
      dieOpening: disk * crashes * 0.5,
      reopen: share(0.6),
      subscribe: 3,
    },
  }
}

function clientOptions(random: Random, hasJournal: boolean): ClientOptions {
  const capacity = (): number => random.of([1, 3, 8, 32, 100])
  const timeoutMs = random.of([0, 5, 50])
  const lane = (overflow: Overflow): LaneConfig => ({
    capacity: capacity(),
    overflow,
    timeoutMs,
    ...(overflow === 'spill' && { spillMb: random.of([0.3, 2]) }),
  })
  const keeping = (): LaneConfig => lane(random.of(['block', 'reject', 'block', 'reject', 'spill'] as const))
  // An urgent lane waits for no disk.
  const urgent = (): LaneConfig => lane(random.of(['block', 'reject'] as const))
  return {
    lanes: {
      low: lane(random.of(['conflate', 'dropOldest', 'dropNewest', 'reject', 'spill'] as const)),
      normal: keeping(),
      high: keeping(),
      critical: urgent(),
    },
    policy: random.of(['strict', 'weighted', 'deadline', 'fifo'] as const),
    ageMs: random.of([0, 20, 1_000]),
    workers: { min: 1, max: 50 },
    autoscale: random.chance(0.3),
    memoryMb: 64,
    deadLetterCapacity: random.of([3, 10_000]),
    spillDir: '/',
    ...(hasJournal && {
      journal: {
        dir: DIRECTORY,
        sync: random.of(['always', 'interval', 'os'] as const),
        syncIntervalMs: random.of([0, 10, 200]),
        segmentBytes: random.of([4_096, 4_096, 65_536]),
        queueBytes: 65_536,
        retainBytes: random.of([0, 1e6]),
      },
    }),
  }
}

function groupPlans(random: Random): GroupPlan[] {
  const patterns = [
    ['*'],
    ['orders.*', 'quick.*', 'safe.*'],
    ['fills.*', 'ticks.*'],
    ['quotes.*', 'orders.*', 'fills.*'],
  ]
  return Array.from({ length: random.whole(1, 3) }, (_, nth) => {
    const threads = random.chance(0.5) ? random.whole(1, WORKERS_MOST) : 0
    return {
      name: `group${nth}`,
      patterns: nth === 0 ? ['*'] : random.of(patterns),
      threads,
      options: {
        // Where threads scale, it is by the cores of the machine.
        ...((threads > 0 || random.chance(0.7)) && { concurrency: random.of([1, 2, 5, 50]) }),
        ...(threads > 0 && { threads }),
        order: random.chance(0.85) ? 'key' : 'none',
        maxDeliver: random.whole(1, 5),
        backoffMs: random.of([[1], [5, 20], [10, 100, 1_000]]),
        ackWaitMs: random.of([20, 100, 1_000]),
        maxBlockMs: random.of([0, 50, 30_000]),
        idempotency: { size: 100_000, ms: 2 ** 31 - 1 },
      },
    }
  })
}
