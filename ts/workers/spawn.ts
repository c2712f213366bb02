import { EventEmitter, once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker, type WorkerOptions } from 'node:worker_threads'
import { badArgument, show, TickbusError } from '../errors.js'
import { MEMBERS } from '../layout.js'
import type { Ticket } from './ticket.js'

export interface SpawnOptions {
  /** How many threads run the module, 1 to 63. @default 1 */
  threads?: number
  /** What `workerData` is in the module. Anything that can be cloned. */
  workerData?: unknown
  /** Everything else that `new Worker` takes: env, name, resourceLimits and so on. */
  worker?: Omit<WorkerOptions, 'workerData' | 'eval'>
}

/** What the entry module of a spawned thread gets. */
export interface SpawnData {
  readonly tickbus: Ticket
  readonly module: string
  readonly data: unknown
  /** Where it says how the module's start went. */
  readonly port: MessagePort
}

/** What the entry module says on its port. */
export type SpawnReport =
  | { readonly started: true; readonly attached: boolean }
  | { readonly started: false; readonly error: unknown }

/** A thread ended. */
export interface ThreadExit {
  thread: number
  code: number
}

/** The threads of one `spawn`. */
export class SpawnedThreads {
  readonly #workers: Map<number, Worker>
  readonly #events = new EventEmitter()

  /** @internal */
  constructor(workers: readonly Worker[]) {
    this.#workers = new Map(workers.map((worker) => [worker.threadId, worker]))
    for (const [thread, worker] of this.#workers) {
      worker.on('error', (error) => this.#report(thread, error))
      worker.once('exit', (code) => {
        this.#workers.delete(thread)
        this.#events.emit('exit', { thread, code } satisfies ThreadExit)
      })
    }
  }

  /** How many of them run. */
  get threads(): number {
    return this.#workers.size
  }

  /** worker_threads ids of those that run. */
  get threadIds(): number[] {
    return [...this.#workers.keys()]
  }

  /** Ends them at once, in the middle of whatever they do. */
  async terminate(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.terminate()))
  }

  /** Resolves once all have ended, or terminates them after `timeoutMs`. */
  async ended(timeoutMs: number): Promise<void> {
    const running = [...this.#workers.values()]
    if (running.length === 0) return
    const timer = setTimeout(() => void this.terminate(), timeoutMs)
    await Promise.all(running.map((worker) => once(worker, 'exit')))
    clearTimeout(timer)
  }

  on(event: 'exit', listener: (exit: ThreadExit) => void): this
  /** An exception that a thread did not catch; the thread ends. Without a listener a process warning says so. */
  on(event: 'error', listener: (error: unknown) => void): this
  on(event: string, listener: (detail: never) => void): this {
    this.#events.on(event, listener as (detail: unknown) => void)
    return this
  }

  #report(thread: number, error: unknown): void {
    if (this.#events.listenerCount('error') > 0) {
      this.#events.emit('error', error)
      return
    }
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.emitWarning(`Thread ${thread} ended by an uncaught exception: ${reason}`, {
      type: 'TickbusWarning',
      code: 'TICKBUS_THREAD_ERROR',
    })
  }
}

/**
 * Starts threads that run a module, and waits until each has run it and is on the bus.
 *
 * @throws {TickbusError} `TICKBUS_SPAWN` if one does not; the others are ended.
 */
export async function spawnThreads(url: URL | string, options: SpawnOptions, ticket: Ticket): Promise<SpawnedThreads> {
  const { threads = 1, workerData, worker: workerOptions = {} } = options
  if (!Number.isInteger(threads) || threads < 1 || threads >= MEMBERS) {
    throw new TickbusError('TICKBUS_THREADS', { most: String(MEMBERS - 1), got: show(threads) })
  }
  const module = moduleUrl(url)
  const starts = Array.from({ length: threads }, () => {
    const { port1, port2 } = new MessageChannel()
    const data: SpawnData = { tickbus: ticket, module, data: workerData, port: port2 }
    const transferList = [...(workerOptions.transferList ?? []), port2]
    const worker = new Worker(ENTRY, { ...workerOptions, workerData: data, transferList })
    return { worker, started: hasStarted(worker, port1, module) }
  })
  const spawned = new SpawnedThreads(starts.map(({ worker }) => worker))
  const results = await Promise.allSettled(starts.map(({ started }) => started))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed === undefined) return spawned
  await spawned.terminate()
  throw failed.reason
}

const ENTRY = new URL('./entry.js', import.meta.url)

function moduleUrl(url: URL | string): string {
  if (url instanceof URL) return url.href
  if (typeof url === 'string' && url !== '') return /^(file|data):/.test(url) ? url : pathToFileURL(url).href
  throw badArgument('url', 'a URL or a path', url)
}

async function hasStarted(worker: Worker, port: MessagePort, module: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string, cause?: unknown): void =>
        reject(new TickbusError('TICKBUS_SPAWN', { module, reason }, cause))
      const failWith = (error: unknown): void => fail(error instanceof Error ? error.message : String(error), error)
      const settle = (report: SpawnReport): void => {
        if (!report.started) failWith(report.error)
        else if (report.attached) resolve()
        else fail('it never called MessageBus.attach()')
      }
      port.once('message', settle)
      worker.once('error', failWith)
      worker.once('exit', (code) => {
        // A thread that had nothing left to do may be gone before its last word was heard.
        const last = receiveMessageOnPort(port) as { message: SpawnReport } | undefined
        if (last !== undefined) settle(last.message)
        fail(`its thread ended with code ${code}`)
      })
    })
  } finally {
    port.close()
  }
}
