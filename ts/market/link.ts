import { setImmediate } from 'node:timers/promises'
import type { MessagePort } from 'node:worker_threads'
import type { Backend } from '../core.js'
import { TickbusError } from '../errors.js'
import { MessageBus, type SpawnOptions } from '../workers/index.js'
import type { FeedInstrument } from './feed-instrument.js'
import type { LentMessage } from './lent-message.js'
import type { ReceiverReport } from './receiver.js'
import type { ReplayPage } from './replay-page.js'
import { marketSchema } from './schema.js'

/** What one worker of a replay takes care of. */
export interface Share {
  readonly page: ReplayPage
  readonly instruments: readonly FeedInstrument[]
}

export interface LinkOptions {
  readonly backend: Backend | undefined
  readonly epochNs: bigint
  /** How many times the recorded speed; 0 for as fast as possible. */
  readonly speed: number
  /** One worker for each. */
  readonly shares: readonly Share[]
}

/** What a worker is told when it starts. */
export interface WorkerTask {
  readonly share: number
  readonly memory: SharedArrayBuffer
  readonly speed: number
  readonly topics: readonly FeedInstrument['topics'][]
  /** Where the messages come from, if they do not come over the bus. */
  readonly port?: MessagePort
}

/** What a worker publishes on `replay.report` when it is asked. */
export interface WorkerReport {
  readonly share: number
  readonly report: ReceiverReport
}

/**
 * The workers of a replay and what carries messages to them. Whatever that is, all threads are on one bus, whose clock
 * tells the time at both ends, and the workers report over it.
 */
export abstract class Link {
  readonly bus: MessageBus
  readonly shares: readonly Share[]
  readonly #speed: number
  /** Rejects when a worker ends, which none does before the bus is closed. */
  readonly #death: Promise<never>
  #died: (reason: string, cause?: unknown) => void = () => {}
  #onReport: (report: WorkerReport) => void = () => {}

  constructor({ backend, epochNs, speed, shares }: LinkOptions) {
    this.bus = new MessageBus({ schema: marketSchema, epoch: epochNs, ...(backend && { backend }) })
    this.shares = shares
    this.#speed = speed
    this.#death = new Promise((_, reject) => {
      this.#died = (reason, cause) => reject(new TickbusError('TICKBUS_REPLAY_WORKER', { reason }, cause))
    })
    // Whoever waits for it gets the error; while nobody does it must not count as unhandled.
    this.#death.catch(() => {})
    this.bus.subscribe<WorkerReport>('replay.report', (report) => this.#onReport(report))
  }

  /** Sends a message to the worker of a share. */
  abstract send(share: number, message: LentMessage): void
  /** Resolves when no worker has more than half a ring of messages before it. */
  abstract ready(): Promise<void>
  /** Asks all workers for their reports, behind everything that was sent before. */
  protected abstract ask(): void

  /** Starts the workers, and waits until they are ready for messages. */
  async start(): Promise<void> {
    for (const share of this.shares.keys()) {
      const options = this.spawnOptions(this.#task(share))
      const workers = await this.bus.spawn(new URL('./replay-worker.js', import.meta.url), options)
      workers.on('exit', ({ code }) => this.#died(`its thread ended with code ${code}`))
      workers.on('error', (error) => this.#died(String(error), error))
    }
    await this.bus.synced()
  }

  /**
   * Resolves with what each worker has received since the last time, once it has received all that was sent.
   *
   * @throws {TickbusError} `TICKBUS_REPLAY_WORKER` if a worker ends before.
   */
  collect(): Promise<readonly ReceiverReport[]> {
    const reports = new Map<number, ReceiverReport>()
    const collected = new Promise<readonly ReceiverReport[]>((resolve) => {
      this.#onReport = ({ share, report }) => {
        reports.set(share, report)
        if (reports.size === this.shares.length) resolve([...this.shares.keys()].map((index) => reports.get(index)!))
      }
    })
    this.ask()
    return this.guard(collected)
  }

  /** Messages that the bus knows to be lost; it knows for certain once every thread has read all it was sent. */
  async lost(): Promise<number> {
    for (;;) {
      const { threads } = this.bus.stats()
      if (threads.every(({ sent, received, lost }) => sent === received + lost)) {
        return threads.reduce((sum, { lost, dropped }) => sum + lost + dropped, 0)
      }
      await setImmediate()
    }
  }

  /** Passes on what `work` comes to, or rejects if a worker ends before. */
  guard<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#death])
  }

  /** Closes the bus, which ends the workers. */
  async close(): Promise<void> {
    await this.bus.close()
  }

  protected spawnOptions(task: WorkerTask): SpawnOptions {
    return { workerData: task }
  }

  #task(share: number): WorkerTask {
    const { page, instruments } = this.shares[share]!
    return { share, memory: page.memory, speed: this.#speed, topics: instruments.map(({ topics }) => topics) }
  }
}
