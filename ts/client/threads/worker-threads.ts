import { TickbusError } from '../../errors.js'
import { PORT_WORD_SLOTS } from '../../layout.js'
import { type Clock, LONGEST_MS, type Timer } from '../clock.js'
import { Restarts } from '../scaling/index.js'
import type { Channel } from './channel.js'
import type { FromThread, ToThread } from './control.js'
import type { GroupFacts } from './group-thread.js'
import type { ThreadSystem } from './thread-system.js'

/** What the entry module of a group's thread gets, beside what is the same for all threads of the group. */
export interface Assignment {
  /** The thread's port. */
  readonly page: SharedArrayBuffer
  /** Where it counts how long messages waited and ran. */
  readonly stats: SharedArrayBuffer
  /** Where it counts what handlers take: see `Meter`. */
  readonly meter: SharedArrayBuffer
}

export interface ThreadsOptions {
  readonly system: ThreadSystem
  readonly clock: Clock
  /** From 0 to 1: the jitter of waits. */
  readonly random: () => number
  /** Threads that work at the start, threads that wait ready beside them, and the most that may be there, ending ones included. */
  readonly count: number
  readonly spares: number
  readonly most: number
  readonly group: string
  /** The module's URL. */
  readonly module: string
  /** What all threads get. */
  readonly shared: GroupFacts
  readonly assign: () => Assignment
  /** What a thread that starts has to hear first: what was told to all so far. */
  readonly toldSoFar: () => ToThread[]
  readonly onMessage: (thread: WorkerThread, message: FromThread) => void
  /** An exception that a thread did not catch; the thread ends. */
  readonly onError: (thread: WorkerThread, error: unknown) => void
  /** A thread ended, asked to or not; all that it wrote can be read. */
  readonly onExit: (thread: WorkerThread, code: number) => void
  /** Others work now than before. */
  readonly onChange: () => void
  /** A thread is asked to finish and leave. */
  readonly onRetire: (thread: WorkerThread) => void
  /** The one that ended is not replaced: too many had to be. */
  readonly onLimit: (last: WorkerThread) => void
}

/** Starts, then waits ready or works; leaves when it is not wanted any more. */
export type ThreadState = 'starting' | 'spare' | 'working' | 'retiring'

/** One thread of a group. */
export interface WorkerThread extends Assignment {
  /** worker_threads id. */
  readonly thread: number
  readonly channel: Channel<FromThread, ToThread>
  /** Its slot in the group's roster, once it is ready. */
  slot: number
  state: ThreadState
  /** It has settled all that it began. */
  hasLeft: boolean
  /** Takes in what it has said so far, without a turn of the event loop. */
  pull(): void
  /** Ends it, in the middle of whatever it does. */
  terminate(): void
  /** Resolves once it has ended. */
  readonly ended: Promise<void>
}

/**
 * The worker threads of one group, seen from the thread that owns it. It has as many at work as are wanted, and spare ones
 * ready; one that dies is replaced, by a spare one at once where there is one, and within the limits of `Restarts`.
 */
export class WorkerThreads {
  readonly #options: ThreadsOptions
  readonly #running = new Set<WorkerThread>()
  readonly #restarts: Restarts
  #wanted: number
  #isOpen = false
  #isAtLimit = false
  /** Until it fires nothing is started. */
  #backOff: Timer | undefined

  constructor(options: ThreadsOptions) {
    this.#options = options
    this.#wanted = options.count
    this.#restarts = new Restarts(options.random)
  }

  /**
   * Starts the threads and waits until every one is ready.
   *
   * @throws (rejects) {TickbusError} `TICKBUS_WORKER_MODULE` if one is not; then none is left.
   */
  async open(): Promise<void> {
    const starts = Array.from({ length: this.#options.count + this.#options.spares }, () => this.#start())
    const results = await Promise.allSettled(starts)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) {
      await this.terminate()
      throw failed.reason
    }
    this.#isOpen = true
    this.#fill()
  }

  /** Threads that work, or should. */
  get wanted(): number {
    return this.#wanted
  }

  get working(): WorkerThread[] {
    return this.#in('working')
  }

  /** From now on so many should work. Says how many of them have to start first. */
  resize(wanted: number): number {
    this.#wanted = wanted
    this.#fill()
    return Math.max(0, wanted - this.working.length)
  }

  /** Takes in what all have said so far. */
  pull(): void {
    for (const thread of this.#running) thread.pull()
  }

  /** Tells all threads something. */
  post(message: ToThread): void {
    for (const { channel } of this.#running) channel.post(message)
  }

  /** Lets every thread finish what is under way for `timeoutMs`, and terminates those that do not end by then. */
  async close(timeoutMs: number): Promise<void> {
    const { clock } = this.#options
    this.#isOpen = false
    this.#endBackOff()
    this.post({ type: 'close', timeoutMs })
    const timer = clock.setTimer(() => void this.terminate(), Math.min(timeoutMs + GRACE_MS, LONGEST_MS))
    for (const thread of this.#in('starting')) thread.terminate()
    await this.#allEnded()
    clock.clearTimer(timer)
  }

  /** Ends all threads, in the middle of whatever they do. */
  async terminate(): Promise<void> {
    for (const thread of this.#running) thread.terminate()
    await this.#allEnded()
  }

  async #allEnded(): Promise<void> {
    await Promise.all([...this.#running].map(({ ended }) => ended))
  }

  #in(state: ThreadState): WorkerThread[] {
    return [...this.#running].filter((thread) => thread.state === state)
  }

  /** Puts spare threads to work, ends those that are too many, and starts what is missing. */
  #fill(): void {
    if (!this.#isOpen) return
    const { spares, most } = this.#options
    const working = this.working
    // Last, and so first to be taken: those that were given slots while this thread did not come to it.
    const ready = this.#in('spare').sort((a, b) => slotsOf(a) - slotsOf(b))
    const before = working.length
    while (working.length < this.#wanted && ready.length > 0) {
      const thread = ready.pop()!
      thread.state = 'working'
      working.push(thread)
    }
    const isChanged = working.length !== before || working.length > this.#wanted
    while (working.length > this.#wanted) this.#retire(working.pop()!)
    const starting = this.#in('starting').length
    while (ready.length > spares) this.#retire(ready.pop()!)
    if (isChanged) this.#options.onChange()
    if (this.#backOff !== undefined || this.#isAtLimit) return
    const missing = this.#wanted + spares - working.length - ready.length - starting
    const room = most - this.#running.size
    // One that is refused ends, and so is dealt with.
    for (let i = 0; i < Math.min(missing, room); i += 1) this.#start().catch(() => {})
  }

  #retire(thread: WorkerThread): void {
    thread.state = 'retiring'
    this.#options.onRetire(thread)
    thread.channel.post({ type: 'retire' })
  }

  #ended(thread: WorkerThread): void {
    const { clock } = this.#options
    if (this.#isOpen && thread.state !== 'retiring' && !this.#isAtLimit) {
      const waitMs = this.#restarts.next(clock.nowNs() / 1e6)
      if (waitMs === undefined) {
        this.#isAtLimit = true
        this.#options.onLimit(thread)
      } else if (waitMs > 0) {
        this.#endBackOff()
        this.#backOff = clock.setTimer(this.#goOn, waitMs)
      }
    }
    // Those that are left share the slots.
    if (this.#isOpen) this.#options.onChange()
    this.#fill()
  }

  #endBackOff(): void {
    if (this.#backOff !== undefined) this.#options.clock.clearTimer(this.#backOff)
    this.#backOff = undefined
  }

  readonly #goOn = (): void => {
    this.#backOff = undefined
    this.#fill()
  }

  /** Resolves once the thread is ready. */
  async #start(): Promise<void> {
    const { system, shared, module, group, assign, toldSoFar, onError, onExit } = this.#options
    const assignment = assign()
    await new Promise<void>((resolve, reject) => {
      const unusable = (reason: string, cause?: unknown): TickbusError =>
        new TickbusError('TICKBUS_WORKER_MODULE', { module, group, reason }, cause)
      let hasEnded = (): void => {}
      const started = system.start(
        { ...shared, ...assignment, module },
        {
          onError: (error) => {
            reject(unusable(error instanceof Error ? error.message : String(error), error))
            onError(thread, error)
          },
          onExit: (code) => {
            // Its last words may be in the channel still.
            thread.pull()
            started.channel.close()
            this.#running.delete(thread)
            reject(unusable(`its thread ended with code ${code}`))
            onExit(thread, code)
            this.#ended(thread)
            hasEnded()
          },
        },
      )
      const hear = (message: FromThread): void => {
        if (message.type !== 'refused') return this.#hear(thread, message, resolve)
        const error = unusable(message.reason, message.error)
        onError(thread, error)
        reject(error)
      }
      const thread: WorkerThread = {
        ...assignment,
        ...started,
        slot: -1,
        state: 'starting',
        hasLeft: false,
        pull: () => started.channel.pull(hear),
        ended: new Promise((resolve) => (hasEnded = resolve)),
      }
      for (const message of toldSoFar()) started.channel.post(message)
      this.#running.add(thread)
      started.channel.listen(hear)
    })
  }

  #hear(thread: WorkerThread, message: FromThread, ready: () => void): void {
    if (message.type === 'left') {
      thread.hasLeft = true
      return
    }
    if (message.type === 'ready') {
      thread.slot = message.slot
      thread.state = 'spare'
      ready()
    }
    this.#options.onMessage(thread, message)
    if (message.type === 'ready') this.#fill()
  }
}

function slotsOf({ page }: WorkerThread): number {
  return new Int32Array(page)[PORT_WORD_SLOTS]!
}

/** What a thread may take longer than it was given, to leave the bus. */
const GRACE_MS = 1_000
