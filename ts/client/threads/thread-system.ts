import type { Core, JoinOptions, Membership } from '../../core.js'
import type { MessageBus, Polling } from '../../workers/index.js'
import type { Clock } from '../clock.js'
import type { Channel } from './channel.js'
import type { FromThread, ToThread } from './control.js'
import type { GroupFacts } from './group-thread.js'
import type { WorkerModule } from './worker-module.js'
import type { Assignment } from './worker-threads.js'

/** How threads of a group reach each other. */
export interface Reach {
  /** worker_threads id of this thread. */
  readonly thread: number
  /** Makes this thread reachable for those that sit in the same roster. */
  join(options: JoinOptions): Membership
}

/** What the owner of a group of worker threads has them from. A simulation gives its own. */
export interface ThreadSystem extends Reach {
  /** Starts a thread that does what {@link GroupThread.run} does. */
  start(data: ThreadFacts, events: ThreadEvents): StartedThread
}

/** What a thread is started with. */
export interface ThreadFacts extends GroupFacts, Assignment {
  /** The URL of the group's module. */
  readonly module: string
}

export interface ThreadEvents {
  /** An exception that it did not catch; it ends. */
  readonly onError: (error: unknown) => void
  /** It ended, asked to or not; all that it wrote can be read. */
  readonly onExit: (code: number) => void
}

/** A thread as its owner has it. */
export interface StartedThread {
  /** worker_threads id. */
  readonly thread: number
  readonly channel: Channel<FromThread, ToThread>
  /** Ends it, in the middle of whatever it does. */
  terminate(): void
}

/** What a thread of a group stands on. */
export interface ThreadPlace extends Reach {
  /** The bus that handlers publish on. */
  readonly bus: MessageBus
  readonly core: Core
  readonly clock: Clock
  readonly polling: Polling
  /** How long this thread has computed so far, in nanoseconds. */
  readonly busyNs: () => number
}

/** How a thread gets what it stands on, and what it runs. */
export interface Arrival {
  /** Joins the owner's bus. */
  attach(): Promise<ThreadPlace>
  /** Loads the group's module. */
  load(url: string): Promise<WorkerModule>
}
