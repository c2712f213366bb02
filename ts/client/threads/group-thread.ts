import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Codecs, insideOf, viewsOf } from '../../bus/index.js'
import { TickbusError } from '../../errors.js'
import { ENVELOPE_BYTES } from '../../layout.js'
import { adoptTicket, MessageBus, PollingWindow, Roster, type Ticket } from '../../workers/index.js'
import type { AckWait } from '../ack-clock.js'
import { processClock } from '../clock.js'
import { LaneTimes } from '../lane-times.js'
import { RecentTime } from '../recent-time.js'
import { Runner } from '../runner.js'
import { Meter } from '../scaling/index.js'
import { type FromThread, portable, type ToThread } from './control.js'
import { FaultReports } from './fault-reports.js'
import { LentPort } from './lent-port.js'
import { OnceMarks } from './once-marks.js'
import { PayloadReader } from './payload-reader.js'
import { Seat } from './seat.js'
import { SharedThreadPort } from './shared-thread-port.js'
import { ThreadLoop } from './thread-loop.js'
import type { ThreadPort } from './thread-port.js'
import { ThreadTopics } from './thread-topics.js'
import { ThreadWork } from './thread-work.js'
import { importModule, type WorkerModule } from './worker-module.js'
import type { Assignment } from './worker-threads.js'

/** The longest time that a timer takes: 24 days. */
const LONGEST_MS = 2 ** 31 - 1

/** What is the same for all threads of a group. */
export interface GroupFacts {
  readonly tickbus: Ticket
  readonly group: string
  readonly priorities: readonly number[]
  readonly urgent: number
  /** Whether the owner wants to see messages whose deadline has passed. */
  readonly tellsExpired: boolean
  /** Whether the group's size follows what its handlers take. */
  readonly isScaled: boolean
  readonly ackWait: AckWait
  readonly roster: SharedArrayBuffer
  readonly envelopes: SharedArrayBuffer
  readonly slab: SharedArrayBuffer
  /** Memory of {@link OnceMarks}; undefined where there is no effectively-once topic. */
  readonly once: SharedArrayBuffer | undefined
  /** Where leases come from: the slot of the thread that lends, or the backend's token of the group. */
  readonly source: { readonly lender: number } | { readonly token: number }
}

/** What the entry module of a thread gets. */
export interface ThreadData extends GroupFacts, Assignment {
  readonly module: string
  /** The channel to the owner. */
  readonly control: MessagePort
}

/** Longest wait for the answers of other threads. Those of a group start together, and while each loads its module none answers. */
const ATTACH_MS = 60_000

/** One of the threads that run a group's worker module: from its start to its end. */
export class GroupThread {
  readonly #data: ThreadData
  readonly #bus: MessageBus
  readonly #module: WorkerModule
  readonly #seat: Seat
  readonly #port: ThreadPort
  readonly #reader: PayloadReader
  readonly #topics: ThreadTopics
  readonly #work: ThreadWork
  readonly #runner: Runner
  readonly #loop: ThreadLoop
  #closing = false

  /** Runs a thread. What prevents it from starting is told to the owner, and leaves nothing behind. */
  static async run(data: ThreadData): Promise<void> {
    let bus: MessageBus | undefined
    try {
      adoptTicket(data.tickbus)
      bus = await MessageBus.attach(data.tickbus, { timeoutMs: ATTACH_MS })
      const module = await importModule(data.module)
      await module.open?.({ bus })
      new GroupThread(data, bus, module).#start()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      data.control.postMessage({ type: 'refused', reason, error: portable(error) } satisfies FromThread)
      await bus?.close()
      data.control.close()
    }
  }

  private constructor(data: ThreadData, bus: MessageBus, module: WorkerModule) {
    this.#data = data
    this.#bus = bus
    this.#module = module
    const envelopes = viewsOf(data.envelopes)
    const clock = processClock(bus)
    const time = new RecentTime(clock)
    this.#seat = new Seat(insideOf(bus).core, new Roster(data.roster), () => this.#loop.wake())
    this.#topics = new ThreadTopics(data, module.default, () => this.#pull())
    this.#reader = new PayloadReader({
      envelopes,
      slabMemory: data.slab,
      epoch: bus.epoch,
      codecs: new Codecs(bus.schema.records),
      pullDefinitions: () => this.#pull(),
    })
    this.#port = this.#openPort()
    const reports = new FaultReports(
      (fault) => this.#tell({ type: 'fault', ...fault }),
      () => bus.nowNs(),
    )
    this.#work = new ThreadWork({
      group: data.group,
      envelopes,
      priorities: data.priorities,
      urgent: data.urgent,
      page: data.page,
      port: this.#port,
      reader: this.#reader,
      topics: this.#topics,
      once: data.once && new OnceMarks(data.once, data.envelopes.byteLength / ENVELOPE_BYTES),
      onFailed: (fault) => reports.add(fault),
      tellsExpired: data.tellsExpired,
      onExpired: (envelope) => this.#expired(envelope),
      onUnacknowledged: (held, failure) => this.#tell({ type: 'unacknowledged', ...held, failure }),
      onBegins: (held, attempt) => this.#tell({ type: 'begins', ...held, attempt }),
      onLate: () => this.#tell({ type: 'late' }),
      onSettled: () => this.#loop.schedule(),
      clock,
    })
    const meter = new Meter(data.meter, data.isScaled)
    this.#runner = new Runner({
      work: this.#work,
      slots: 1,
      time,
      clock,
      ackWait: data.ackWait,
      times: new LaneTimes(data.stats),
      meter,
      onFreed: () => this.#loop.schedule(),
    })
    this.#loop = new ThreadLoop({
      runner: this.#runner,
      work: this.#work,
      time,
      meter,
      page: data.page,
      window: new PollingWindow(data.tickbus.polling),
      setPolling: (isPolling) => this.#seat.setPolling(isPolling),
      othersPolling: () => this.#seat.othersPolling(),
    })
  }

  #openPort(): ThreadPort {
    const { page, source, envelopes, slab } = this.#data
    if ('lender' in source) return new LentPort(page, envelopes, this.#seat, source.lender)
    const port = insideOf(this.#bus).core.joinSharedGroup!({
      token: source.token,
      envelopes: new Uint8Array(envelopes),
      slab: new Uint8Array(slab),
      port: new Uint8Array(page),
      slot: this.#seat.id.slot,
    })
    return new SharedThreadPort(page, port, this.#seat)
  }

  /** Waits to be given slots. From now on the channel to the owner keeps this thread alive. */
  #start(): void {
    this.#pull()
    this.#data.control.on('message', (message: ToThread) => this.#hear(message))
    this.#tell({ type: 'ready', slot: this.#seat.id.slot })
  }

  #tell(message: FromThread): void {
    this.#data.control.postMessage(message)
  }

  #expired(envelope: number): void {
    this.#tell({ type: 'expired', ...this.#reader.copy(envelope) })
  }

  /** Takes in what the owner has said so far, without a turn of the event loop. */
  #pull(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#data.control) as { message: ToThread } | undefined
      if (received === undefined) return
      this.#hear(received.message)
    }
  }

  #hear(message: ToThread): void {
    if (message.type === 'define') this.#topics.define(message)
    else if (message.type === 'judgement') this.#work.judged(message)
    else if (message.type === 'begin') this.#work.begin(message.envelope, message.outcome)
    else if (message.type === 'structures') this.#reader.setStructures(message.table)
    // Definitions are pulled in the middle of a batch: what it leases goes on.
    else if (message.type === 'retire') setImmediate(() => this.#retire())
    else if (message.type === 'abort') this.#runner.abort(message.reason)
    else this.#drop(message.timeoutMs)
  }

  /** Finishes what is under way, however long it takes. */
  #retire(): void {
    if ('lender' in this.#data.source) this.#work.giveBack(this.#bus.nowNs())
    this.#work.returnHeld()
    void this.#close(LONGEST_MS)
  }

  #drop(timeoutMs: number): void {
    this.#work.dropHeld()
    void this.#close(timeoutMs)
  }

  /** Finishes what is under way, then leaves. The thread ends when nothing is left that keeps it alive. */
  async #close(timeoutMs: number): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    this.#work.closed = true
    if (!(await this.#work.settled(timeoutMs))) {
      this.#runner.abort(new TickbusError('TICKBUS_CLOSED'))
      this.#runner.abandon()
    }
    this.#loop.end()
    this.#work.leave()
    this.#tell({ type: 'left' })
    try {
      await this.#module.close?.()
    } catch (error) {
      this.#tell({ type: 'closeFailed', error: portable(error) })
    }
    this.#seat.leave()
    await this.#bus.close()
    this.#data.control.close()
  }
}
