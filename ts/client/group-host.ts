import type { BusInside, Epoch, Intake, TopicHandle } from '../bus/index.js'
import type { DeadLetter, JournalMessage, RetryRules, WindowBounds } from '../delivery/index.js'
import type { AckWait } from './ack-clock.js'
import type { Clock } from './clock.js'
import type { ClientSettings } from './config/index.js'
import type { Delivery } from './delivery.js'
import type { Group } from './group.js'
import type { ClientJournal } from './journal/index.js'
import type { LaneTimes } from './lane-times.js'
import type { MemoryBudget } from './memory-budget.js'
import type { RecentTime } from './recent-time.js'
import type { Meter, ScalingLoop } from './scaling/index.js'
import type { Spilling } from './spill/index.js'
import type { ThreadSystem } from './threads/thread-system.js'
import type { WaterMark } from './water-marks.js'
import type { GroupHandlerError, RestartLimit, WorkerLoss } from './work.js'

/** What all subscriptions of a group have in common. */
export interface GroupSettings {
  /** Most handlers under way at once. */
  readonly slots: number
  /** Fewest slots, if their number follows the load. */
  readonly scalesFrom: number | undefined
  readonly order: 'key' | 'none'
  readonly rules: RetryRules
  readonly ackWait: AckWait
  /** What is remembered of effectively-once topics. */
  readonly window: WindowBounds
  readonly onExpired: ExpiredHandler | undefined
  /** The URL of the module that runs in worker threads, and in how many of them; undefined for functions of this thread. */
  readonly module: string | undefined
  readonly threads: number
  /** Whether there are always so many threads, and not only at most. */
  readonly hasFixedThreads: boolean
}

/** Called with a message whose deadline passed while it waited. */
// oxlint-disable-next-line typescript/no-explicit-any -- the subscriber says what it expects
export type ExpiredHandler = (message: any, delivery: Delivery) => void

/** What runs the messages of a group: functions in this thread, or worker threads. */
export interface Engine {
  /** Most messages under way at once. */
  readonly slots: number
  readonly threads: number
  /** Threads that work or should, of its own; 0 for functions. */
  readonly threadsWanted: number
  /** What its handlers take, a meter for each thread that there was. */
  readonly meters: readonly Meter[]
  /** Runs what there is to run until `untilNs`. Says whether more could begin now. */
  run(untilNs: number): boolean
  resize(slots: number): void
  /** Changes slots and threads. Says how many threads have to be started first. */
  size(slots: number, threads: number): number
  /** Aborts the signals of all that is under way. */
  abort(reason: unknown): void
  /** Settles all that is under way as closed; what it comes to later counts no more. */
  abandon(): void
  /** Ends its threads, if it has some: lets them finish what is under way for `timeoutMs`. */
  close?(timeoutMs: number): Promise<void>
  /** Takes in what other threads have told so far, without a turn of the event loop. */
  pull?(): void
  /** Adds what was timed elsewhere. */
  addTimes?(times: LaneTimes): void
}

/** What a group needs of its client. */
export interface GroupHost {
  readonly inside: BusInside
  readonly epoch: Epoch
  readonly settings: ClientSettings
  readonly budget: MemoryBudget
  readonly time: RecentTime
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** Where worker threads come from. */
  readonly threads: ThreadSystem
  /** Where lanes spill to; undefined if none does. */
  spilling(): Spilling | undefined
  /** Sizes groups by their load. */
  readonly scaling: ScalingLoop
  /** The lane for a topic's messages that name none. */
  laneOf(topic: TopicHandle): number
  /** A message was published through the bus; how its groups took it. */
  counted(status: number): void
  /** Runs the group in the next turn of the loop. */
  schedule(group: Group): void
  /** Runs the group, some of whose handlers have come to an end: now, if this turn has time left. */
  goOn(group: Group): void
  intake(topic: TopicHandle, groups: readonly Group[], before: Intake | undefined): Intake
  failed(fault: GroupHandlerError): void
  /** What is written before anybody gets it; undefined for a client without a journal. */
  readonly journal: ClientJournal | undefined
  /**
   * A group could not deliver a message that may not be lost. Where it has a place in the journal, the promise resolves once
   * the letter is kept beside it. `raw` is what the journal has, where the message could not be read.
   */
  buried(
    letter: Omit<DeadLetter, 'number'>,
    sequence: number | undefined,
    raw?: JournalMessage,
  ): Promise<void> | undefined
  lost(loss: WorkerLoss): void
  /** A group's threads died too often: they are replaced no more. */
  gaveUp(limit: RestartLimit): void
  /** Something went wrong that is no message's fault. */
  troubled(error: unknown, group: string, what: string): void
  marked(event: 'highWater' | 'lowWater', mark: WaterMark): void
  /** The bus was closed. */
  shut(timeoutMs: number): void
}
