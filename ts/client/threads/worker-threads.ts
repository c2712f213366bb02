import { once } from 'node:events'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { TickbusError } from '../../errors.js'
import { PORT_WORD_SLOTS } from '../../layout.js'
import { Restarts } from '../scaling/index.js'
import type { FromThread, ToThread } from './control.js'

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
  /** Threads that work at the start, threads that wait ready beside them, and the most that may be there, ending ones included. */
  readonly count: number
  readonly spares: number
  readonly most: number
  readonly group: string
  /** The module's URL. */
  readonly module: string
  /** What all threads get. */
  readonly shared: object
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
  readonly worker: Worker
  readonly control: MessagePort
  /** worker_threads id. */
  readonly thread: number
  /** Its slot in the group's roster, once it is ready. */
  slot: number
  state: ThreadState
  /** It has settled all that it began. */
  hasLeft: boolean
  /** Takes in what it has said so far, without a turn of the event loop. */
  pull: () => void
}

/**
 * The worker threads of one group, seen from the thread that owns it. It has as many at work as are wanted, and spare ones
 * ready; one that dies is replaced, by a spare one at once where there is one, and within the limits of `Restarts`.
 */
export class WorkerThreads {
  readonly #options: ThreadsOptions
  readonly #running = new Set<WorkerThread>()
  readonly #restarts = new Restarts()
  #wanted: number
  #isOpen = false
  #isAtLimit = false
  /** Until it fires nothing is started. */
  #backOff: NodeJS.Timeout | undefined

  constructor(options: ThreadsOptions) {
    this.#options = options
    this.#wanted = options.count
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
    for (const { control } of this.#running) control.postMessage(message)
  }

  /** Lets every thread finish what is under way for `timeoutMs`, and terminates those that do not end by then. */
  async close(timeoutMs: number): Promise<void> {
    this.#isOpen = false
    clearTimeout(this.#backOff)
    this.post({ type: 'close', timeoutMs })
    const timer = setTimeout(() => void this.terminate(), timeoutMs + GRACE_MS)
    for (const { worker } of this.#in('starting')) void worker.terminate()
    await Promise.all([...this.#running].map(({ worker }) => once(worker, 'exit')))
    clearTimeout(timer)
  }

  /** Ends all threads, in the middle of whatever they do. */
  async terminate(): Promise<void> {
    await Promise.all([...this.#running].map(({ worker }) => worker.terminate()))
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
    thread.control.postMessage({ type: 'retire' } satisfies ToThread)
  }

  #ended(thread: WorkerThread): void {
    if (this.#isOpen && thread.state !== 'retiring' && !this.#isAtLimit) {
      const waitMs = this.#restarts.next(performance.now())
      if (waitMs === undefined) {
        this.#isAtLimit = true
        this.#options.onLimit(thread)
      } else if (waitMs > 0) {
        clearTimeout(this.#backOff)
        this.#backOff = setTimeout(this.#goOn, waitMs)
      }
    }
    // Those that are left share the slots.
    if (this.#isOpen) this.#options.onChange()
    this.#fill()
  }

  readonly #goOn = (): void => {
    this.#backOff = undefined
    this.#fill()
  }

  async #start(): Promise<void> {
    const { port1: control, port2 } = new MessageChannel()
    const assignment = this.#options.assign()
    const data = { ...this.#options.shared, ...assignment, module: this.#options.module, control: port2 }
    const worker = new Worker(ENTRY, { workerData: data, transferList: [port2], execArgv: EXEC_ARGV })
    const thread: WorkerThread = {
      ...assignment,
      worker,
      control,
      thread: worker.threadId,
      slot: -1,
      state: 'starting',
      hasLeft: false,
      pull: () => {},
    }
    for (const message of this.#options.toldSoFar()) control.postMessage(message)
    this.#running.add(thread)
    await new Promise<void>((resolve, reject) => this.#listen(thread, resolve, reject))
  }

  #listen(thread: WorkerThread, resolve: () => void, reject: (error: TickbusError) => void): void {
    const { worker, control } = thread
    const { module, group } = this.#options
    const unusable = (reason: string, cause?: unknown): TickbusError =>
      new TickbusError('TICKBUS_WORKER_MODULE', { module, group, reason }, cause)
    const refuse = (reason: string, cause: unknown): void => {
      const error = unusable(reason, cause)
      this.#options.onError(thread, error)
      reject(error)
    }
    const hear = (message: FromThread): void => {
      if (message.type === 'refused') return refuse(message.reason, message.error)
      if (message.type === 'left') {
        thread.hasLeft = true
        return
      }
      if (message.type === 'ready') {
        thread.slot = message.slot
        thread.state = 'spare'
        resolve()
      }
      this.#options.onMessage(thread, message)
      if (message.type === 'ready') this.#fill()
    }
    thread.pull = () => {
      for (let next = receiveMessageOnPort(control); next !== undefined; next = receiveMessageOnPort(control)) {
        hear((next as { message: FromThread }).message)
      }
    }
    control.on('message', hear)
    control.unref()
    worker.on('error', (error) => {
      reject(unusable(error instanceof Error ? error.message : String(error), error))
      this.#options.onError(thread, error)
    })
    worker.once('exit', (code) => {
      // Its last words may be in the port still.
      thread.pull()
      control.close()
      this.#running.delete(thread)
      reject(unusable(`its thread ended with code ${code}`))
      this.#options.onExit(thread, code)
      this.#ended(thread)
    })
  }
}

function slotsOf({ page }: WorkerThread): number {
  return new Int32Array(page)[PORT_WORD_SLOTS]!
}

/** What a thread may take longer than it was given, to leave the bus. */
const GRACE_MS = 1_000
const ENTRY = new URL('./entry.js', import.meta.url)
/**
 * Undefined: as this process was started, its V8 options included, which may not be given to a thread by name. Code that was
 * given in place of a file has an option that says how to read it, and that is not for ours.
 */
const EXEC_ARGV = process.execArgv.some(isInputType) ? process.execArgv.filter(isNoInputType) : undefined

function isInputType(argument: string): boolean {
  return argument.startsWith('--input-type')
}

function isNoInputType(argument: string): boolean {
  return !isInputType(argument)
}
