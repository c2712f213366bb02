import { Codecs, viewsOf } from '../../bus/index.js'
import { TickbusError } from '../../errors.js'
import { ENVELOPE_BYTES } from '../../layout.js'
import { PollingWindow, Roster } from '../../workers/index.js'
import type { AckWait } from '../ack-clock.js'
import { LONGEST_MS } from '../clock.js'
import { LaneTimes } from '../lane-times.js'
import { RecentTime } from '../recent-time.js'
import { Runner } from '../runner.js'
import { Meter } from '../scaling/index.js'
import type { Channel } from './channel.js'
import { type FromThread, portable, type ToThread } from './control.js'
import { FaultReports } from './fault-reports.js'
import { LentPort } from './lent-port.js'
import { OnceMarks } from './once-marks.js'
import { PayloadReader } from './payload-reader.js'
import { Seat } from './seat.js'
import { SharedThreadPort } from './shared-thread-port.js'
import { ThreadLoop } from './thread-loop.js'
import type { ThreadPort } from './thread-port.js'
import type { Arrival, ThreadFacts, ThreadPlace } from './thread-system.js'
import { ThreadTopics } from './thread-topics.js'
import { ThreadWork } from './thread-work.js'
import type { WorkerModule } from './worker-module.js'

/** What is the same for all threads of a group. */
export interface GroupFacts {
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

/** One of the threads that run a group's worker module: from its start to its end. */
export class GroupThread {
  readonly #facts: ThreadFacts
  readonly #channel: Channel<ToThread, FromThread>
  readonly #place: ThreadPlace
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
  static async run(facts: ThreadFacts, channel: Channel<ToThread, FromThread>, arrival: Arrival): Promise<void> {
    let place: ThreadPlace | undefined
    try {
      place = await arrival.attach()
      const module = await arrival.load(facts.module)
      await module.open?.({ bus: place.bus })
      new GroupThread(facts, channel, place, module).#start()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      channel.post({ type: 'refused', reason, error: portable(error) })
      await place?.bus.close()
      channel.close()
    }
  }

  private constructor(
    facts: ThreadFacts,
    channel: Channel<ToThread, FromThread>,
    place: ThreadPlace,
    module: WorkerModule,
  ) {
    this.#facts = facts
    this.#channel = channel
    this.#place = place
    this.#module = module
    const { bus, clock } = place
    const envelopes = viewsOf(facts.envelopes)
    const time = new RecentTime(clock)
    this.#seat = new Seat(place, new Roster(facts.roster), () => this.#loop.wake())
    this.#topics = new ThreadTopics(facts, module.default, () => this.#pull())
    this.#reader = new PayloadReader({
      envelopes,
      slabMemory: facts.slab,
      epoch: bus.epoch,
      codecs: new Codecs(bus.schema.records),
      pullDefinitions: () => this.#pull(),
    })
    this.#port = this.#openPort()
    const reports = new FaultReports(
      (fault) => this.#tell({ type: 'fault', ...fault }),
      () => clock.nowNs(),
    )
    this.#work = new ThreadWork({
      group: facts.group,
      envelopes,
      priorities: facts.priorities,
      urgent: facts.urgent,
      page: facts.page,
      port: this.#port,
      reader: this.#reader,
      topics: this.#topics,
      once: facts.once && new OnceMarks(facts.once, facts.envelopes.byteLength / ENVELOPE_BYTES),
      onFailed: (fault) => reports.add(fault),
      tellsExpired: facts.tellsExpired,
      onExpired: (envelope) => this.#expired(envelope),
      onUnacknowledged: (held, failure) => this.#tell({ type: 'unacknowledged', ...held, failure }),
      onBegins: (held, attempt) => this.#tell({ type: 'begins', ...held, attempt }),
      onLate: () => this.#tell({ type: 'late' }),
      onSettled: () => this.#loop.schedule(),
      clock,
    })
    const meter = new Meter(facts.meter, facts.isScaled)
    this.#runner = new Runner({
      work: this.#work,
      slots: 1,
      time,
      clock,
      ackWait: facts.ackWait,
      times: new LaneTimes(facts.stats),
      meter,
      onFreed: () => this.#loop.schedule(),
    })
    this.#loop = new ThreadLoop({
      runner: this.#runner,
      work: this.#work,
      time,
      meter,
      page: facts.page,
      window: new PollingWindow(place.polling),
      setPolling: (isPolling) => this.#seat.setPolling(isPolling),
      othersPolling: () => this.#seat.othersPolling(),
      clock,
      busyNs: place.busyNs,
    })
  }

  #openPort(): ThreadPort {
    const { page, source, envelopes, slab } = this.#facts
    if ('lender' in source) return new LentPort(page, envelopes, this.#seat, source.lender)
    const port = this.#place.core.joinSharedGroup!({
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
    this.#channel.listen(this.#hear)
    this.#tell({ type: 'ready', slot: this.#seat.id.slot })
  }

  #tell(message: FromThread): void {
    this.#channel.post(message)
  }

  #expired(envelope: number): void {
    this.#tell({ type: 'expired', ...this.#reader.copy(envelope) })
  }

  /** Takes in what the owner has said so far, without a turn of the event loop. */
  #pull(): void {
    this.#channel.pull(this.#hear)
  }

  readonly #hear = (message: ToThread): void => {
    if (message.type === 'define') this.#topics.define(message)
    else if (message.type === 'judgement') this.#work.judged(message)
    else if (message.type === 'begin') this.#work.begin(message.envelope, message.outcome)
    else if (message.type === 'structures') this.#reader.setStructures(message.table)
    // Definitions are pulled in the middle of a batch: what it leases goes on.
    else if (message.type === 'retire') this.#place.clock.defer(() => this.#retire())
    else if (message.type === 'abort') this.#runner.abort(message.reason)
    else this.#drop(message.timeoutMs)
  }

  /** Finishes what is under way, however long it takes. */
  #retire(): void {
    if ('lender' in this.#facts.source) this.#work.giveBack(this.#place.clock.nowNs())
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
    await this.#place.bus.close()
    this.#channel.close()
  }
}
