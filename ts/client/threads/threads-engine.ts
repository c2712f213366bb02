import { TickbusError } from '../../errors.js'
import { OUTCOME_CLOSED, OUTCOME_DEAD, OUTCOME_RETURNED, OUTCOME_WORKER_LOST, PORT_WORD_SLOTS } from '../../layout.js'
import type { Roster } from '../../workers/index.js'
import { Delivery } from '../delivery.js'
import type { Group } from '../group.js'
import type { Engine } from '../group-host.js'
import { LaneTimes } from '../lane-times.js'
import { Meter, RESTARTS_MOST, RESTARTS_WITHIN_MS } from '../scaling/index.js'
import type { TopicTable } from '../topic-table.js'
import type { GroupHandler } from '../work.js'
import { type ExpiredCopy, type FromThread, portable } from './control.js'
import type { Dealer } from './dealer.js'
import type { Bell } from './thread-port.js'
import type { ThreadStore } from './thread-store.js'
import type { WorkerThread, WorkerThreads } from './worker-threads.js'

export interface ThreadsEngineOptions {
  readonly group: Group
  readonly dealer: Dealer
  readonly roster: Roster
  readonly bell: Bell
  readonly store: ThreadStore
  readonly topics: TopicTable
  /** Stands for the module's handler where one is spoken of. */
  readonly handler: GroupHandler
}

/** Runs a group's messages in worker threads: sees to their start, their faults and their end. */
export class ThreadsEngine implements Engine {
  readonly #options: ThreadsEngineOptions
  readonly #errors = new WeakMap<WorkerThread, unknown>()
  /** What each thread has timed and counted; and in sum those that have ended. */
  readonly #counts = new Map<WorkerThread, Counts>()
  readonly #past: Counts = { times: new LaneTimes(), meter: new Meter(new ArrayBuffer(Meter.bytes(0)), false) }
  #isOpen = false
  #threads: WorkerThreads | undefined
  #slots: number
  #closing: Promise<void> | undefined

  constructor(options: ThreadsEngineOptions) {
    this.#options = options
    const { slots, scalesFrom = slots } = options.group.settings
    this.#slots = scalesFrom
  }

  /** Its threads are to be started. */
  begin(threads: WorkerThreads): void {
    this.#threads = threads
    // Handlers publish until they are done.
    this.#options.group.host.inside.guests.add(this)
  }

  /** All threads are ready. */
  opened(): void {
    this.#isOpen = true
  }

  get threads(): number {
    return this.#threads?.working.length ?? 0
  }

  /** Threads that work, or should. */
  get threadsWanted(): number {
    return this.#threads?.wanted ?? 0
  }

  get meters(): Meter[] {
    return [this.#past.meter, ...[...this.#counts.values()].map(({ meter }) => meter)]
  }

  get slots(): number {
    return this.#slots
  }

  run(untilNs: number): boolean {
    return this.#options.dealer.run(untilNs)
  }

  resize(slots: number): void {
    this.#slots = slots
    this.share()
  }

  size(slots: number, threads: number): number {
    this.#slots = slots
    const late = this.#threads?.resize(threads) ?? 0
    this.share()
    return late
  }

  /** Takes in what threads have told so far, without a turn of the event loop. */
  pull(): void {
    this.#threads?.pull()
  }

  /** Divides the slots over the threads that work: each reads in its port how many it has. */
  readonly share = (): void => {
    const working = this.#threads?.working ?? []
    const slots = slotsOfEach(this.#slots, working.length)
    for (const { page, slot } of working) {
      if (Atomics.exchange(new Int32Array(page), PORT_WORD_SLOTS, slots) !== slots) this.#options.bell.ring(slot)
    }
  }

  readonly retire = (thread: WorkerThread): void => {
    this.#options.dealer.retire(thread)
  }

  /** Threads have died too often. */
  readonly atLimit = (last: WorkerThread): void => {
    const { group, host } = this.#options.group
    const limits = { group, restarts: RESTARTS_MOST, seconds: RESTARTS_WITHIN_MS / 1_000 }
    const error = new TickbusError('TICKBUS_WORKER_RESTARTS', limits, this.#errors.get(last))
    host.gaveUp({ group, restarts: RESTARTS_MOST, error })
  }

  abort(reason: unknown): void {
    this.#threads?.post({ type: 'abort', reason: portable(reason) })
  }

  abandon(): void {
    this.#options.dealer.abandon()
  }

  addTimes(times: LaneTimes): void {
    for (const own of [this.#past, ...this.#counts.values()]) times.add(own.times)
  }

  /** Lets the threads finish what is under way for `timeoutMs`, ends them, and leaves nothing behind. */
  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs)
    return this.#closing
  }

  async #close(timeoutMs: number): Promise<void> {
    await this.#threads?.close(timeoutMs)
    const { dealer, group } = this.#options
    dealer.abandon()
    // What threads gave back last waits again.
    group.close()
    group.inspect()
    dealer.end()
    group.host.inside.guests.delete(this)
  }

  readonly hear = (thread: WorkerThread, message: FromThread): void => {
    const { group, dealer, handler } = this.#options
    if (message.type === 'ready') {
      this.#counts.set(thread, { times: new LaneTimes(thread.stats), meter: new Meter(thread.meter, false) })
      dealer.add(thread)
      group.host.schedule(group)
    } else if (message.type === 'fault') {
      const { error, topic, pattern, untold } = message
      group.failed({ error, group: group.group, topic, pattern, handler, untold })
    } else if (message.type === 'expired') {
      this.#expire(message)
    } else if (message.type === 'unacknowledged') {
      const { envelope, generation, failure } = message
      const { refusals } = group
      if (refusals.generation(envelope) !== generation) return
      const judgement = refusals.judge(envelope, group.deliveryOf(envelope), failure)
      thread.channel.post({ type: 'judgement', envelope, generation, ...judgement })
    } else if (message.type === 'begins') {
      const { envelope, generation, attempt } = message
      if (group.refusals.generation(envelope) !== generation) return
      void group.begins(envelope, generation, attempt).then((outcome) => {
        thread.channel.post({ type: 'begin', envelope, generation, outcome })
      })
    } else if (message.type === 'late') {
      group.late()
    } else if (message.type === 'closeFailed') {
      group.host.troubled(message.error, group.group, 'close of the worker module failed')
    }
  }

  /** A thread found that a deadline has passed. */
  #expire({ number, generation, envelope, bytes }: ExpiredCopy): void {
    const { group, store, topics, handler } = this.#options
    const { onExpired } = group.settings
    const { head, id, publishedNs, topicNumber, message, key } = store.readCopy(envelope, bytes)
    const topic = topics.find(topicNumber)
    if (topic === undefined) return
    const delivery = new Delivery(topic, head, id, key, publishedNs)
    if (topic.isDurable) {
      group.refusals.expired(number, generation, delivery, message)
      group.journal?.ended(number, generation, OUTCOME_DEAD)
      store.ended(number, generation)
    }
    if (onExpired === undefined) return
    try {
      onExpired(message, delivery)
    } catch (error) {
      group.failed({ error, group: group.group, topic: topic.name, pattern: topic.pattern, handler })
    }
  }

  readonly failed = (thread: WorkerThread, error: unknown): void => {
    this.#errors.set(thread, error)
  }

  readonly ended = (thread: WorkerThread, code: number): void => {
    const { group, dealer, roster } = this.#options
    const isClosing = this.#closing !== undefined
    const hasRetired = thread.state === 'retiring' && thread.hasLeft
    roster.bury(thread.thread)
    dealer.remove(thread, isClosing ? OUTCOME_CLOSED : hasRetired ? OUTCOME_RETURNED : OUTCOME_WORKER_LOST)
    this.#count(thread)
    group.host.schedule(group)
    const error = this.#errors.get(thread)
    if (isClosing || hasRetired || !this.#isOpen) return
    group.host.lost({ group: group.group, thread: thread.thread, code, error })
  }

  /** Keeps what a thread that has ended has counted, and not its memory. */
  #count(thread: WorkerThread): void {
    const counts = this.#counts.get(thread)
    if (counts === undefined) return
    this.#past.times.add(counts.times)
    this.#past.meter.add(counts.meter)
    this.#counts.delete(thread)
  }
}

/** What a thread has timed and counted. */
interface Counts {
  readonly times: LaneTimes
  readonly meter: Meter
}

/** Most handlers under way at once in one thread. */
export function slotsOfEach(slots: number, threads: number): number {
  return Math.min(SLOTS_MOST, Math.ceil(slots / Math.max(1, threads)))
}

/** So many settlements and those of one lease find room on a thread's list. */
export const SLOTS_MOST = 1_024
