import type { Hold, Journal, JournalRecord } from '../../delivery/index.js'
import { TickbusError } from '../../errors.js'
import { type Clock, LONGEST_MS, type Timer } from '../clock.js'
import type { GroupHandlerError } from '../work.js'
import { Attempts } from './attempts.js'
import type { ReplaySettings } from './options.js'
import { Pacer } from './pacer.js'
import { ReplayReader } from './reader.js'
import type { ReplayReport, ReplayStats } from './report.js'
import { WantedTopics } from './wanted-topics.js'
import { type Item, Window } from './window.js'

/** What a replay needs of its client. */
export interface ReplayHost {
  readonly journal: Journal
  readonly clock: Clock
  readonly epochNs: bigint
  readonly priorities: readonly number[]
  readonly group: string
  random(): number
  isMatching(topic: string, pattern: string): boolean
  /** Whether a message that is written is also as safe as its topic asks. */
  mayDispatch(record: JournalRecord): boolean
  decode(record: JournalRecord): unknown
  failed(fault: GroupHandlerError): void
  passedOver(record: JournalRecord, error: unknown): void
  /** The last thing that it says. */
  ended(replay: Replay): void
}

/** Where a replay begins. */
export interface ReplayStart {
  readonly sequence: number
  /** Messages before the first one of this time or later are none of it. */
  readonly fromTimeNs: bigint
}

/** Longest time that handlers keep the event loop for themselves, and most records that are read in it. */
const TURN_NS = 1_000_000
const READ_MOST = 1_024

/**
 * Messages of a client's journal on their way to one handler once more. It reads ahead a little, calls the handler in turns of
 * the event loop of its own, and moves over what is done in order: that is its position, and the cursor of its name.
 */
export class Replay {
  /** Whose cursor in the journal it moves; undefined for nobody's. */
  readonly name: string | undefined
  /**
   * Resolves when it has ended, and what it did is written.
   *
   * @throws (rejects) {TickbusError} `TICKBUS_REPLAY_FAILED` where a message failed and `onFailure` is `stop`;
   * `TICKBUS_REPLAY_NAME` if the name was removed from the journal, and what reading and writing a journal throws
   */
  readonly done: Promise<ReplayReport>
  readonly #settings: ReplaySettings
  readonly #host: ReplayHost
  readonly #journal: Journal
  readonly #reader: ReplayReader
  readonly #window = new Window()
  readonly #attempts: Attempts
  readonly #pacer: Pacer | undefined
  readonly #hold: Hold
  readonly #wanted: WantedTopics
  #waiters: { readonly through: number; readonly resolve: () => void }[] = []
  readonly #stopped = (): void => this.#end('stopped')
  #resolve!: (report: ReplayReport) => void
  #reject!: (error: unknown) => void
  /** A message that is written, and not as safe as its topic asks. */
  #unsafe: JournalRecord | undefined
  /** The time is reached from which on messages are wanted. */
  #hasBegun = false
  #ending: ReplayReport['ended'] | undefined
  #error: unknown
  #hasEnded = false
  #isScheduled = false
  #isRunning = false
  #isAwaiting = false
  #untilNs = 0
  #timer: Timer | undefined
  #matched = 0
  #handled = 0
  #failed = 0
  #moved = -1

  /** @internal */
  constructor(settings: ReplaySettings, start: ReplayStart, host: ReplayHost) {
    this.name = settings.name
    this.#settings = settings
    this.#host = host
    this.#journal = host.journal
    this.#wanted = new WantedTopics(settings.topics, (topic, pattern) => host.isMatching(topic, pattern))
    const { follow, to, speed, signal } = settings
    const last = this.#journal.lastAppended
    if (start.fromTimeNs === 0n) this.#begins(start.sequence)
    this.#reader = new ReplayReader(this.#journal, {
      start: start.sequence,
      fromTimeNs: start.fromTimeNs,
      through: follow ? Infinity : Math.min(last, typeof to === 'number' ? to : last),
      toTimeNs: typeof to === 'bigint' ? to : undefined,
      wants: (topic, sequence) => this.#wants(topic, sequence),
      begins: (sequence) => this.#begins(sequence),
    })
    this.#attempts = new Attempts(settings, {
      clock: host.clock,
      epochNs: host.epochNs,
      priorities: host.priorities,
      group: host.group,
      random: () => host.random(),
      decode: ({ record }) => host.decode(record),
      failed: (item, error) => this.#told(item, error),
      handled: (item) => this.#passed(item, true),
      terminated: (item, note) => this.#skipped(item, note),
      exhausted: (item, error) => this.#exhausted(item, error),
      putBack: (item) => this.#window.putBack(item),
      goOn: (first) => this.#goOn(first),
    })
    this.#pacer = speed === 'max' ? undefined : new Pacer(host.clock, speed)
    this.#hold = this.#journal.hold(start.sequence)
    this.done = new Promise((resolve, reject) => ([this.#resolve, this.#reject] = [resolve, reject]))
    signal?.addEventListener('abort', this.#stopped, { once: true })
    this.#schedule()
    if (signal?.aborted) this.#end('stopped')
  }

  /** Counters, exact at the moment of the call. */
  stats(): ReplayStats {
    const { retried, fenced } = this.#attempts
    const { waiting, begun } = this.#window
    const unsafe = this.#unsafe === undefined ? 0 : 1
    return {
      read: this.#reader.read,
      matched: this.#matched,
      handled: this.#handled,
      failed: this.#failed,
      retried,
      fenced,
      queued: waiting + unsafe,
      inFlight: begun,
      position: this.#position,
    }
  }

  /** Resolves when all that the journal has by now is done with, as far as the replay goes, or when the replay has ended. */
  caughtUp(): Promise<void> {
    if (this.#hasEnded) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiters.push({ through: this.#journal.lastAppended, resolve })
      this.#schedule()
    })
  }

  /**
   * Begins nothing more, and waits for the handlers that are under way. Resolves, as {@link Replay.done}, when what they did is
   * written: none of it comes again under the same name.
   */
  stop(): Promise<ReplayReport> {
    this.#end('stopped')
    return this.done
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** @internal Something more was appended. */
  appended(): void {
    if (this.#reader.isDry) this.#awaitMore()
  }

  /** @internal Begins nothing more: the process ends, and what is under way comes to its end before. */
  drain(): void {
    this.#end('stopped')
  }

  /** @internal Begins nothing more, and aborts the signals of what is under way: the client closes. */
  close(reason: unknown): void {
    this.#end('closed')
    this.#attempts.abort(reason)
  }

  /** @internal Ends now. What is under way counts no more. */
  abandon(): void {
    this.#end('closed')
    this.#finish()
  }

  /** @internal Whether it has come, or comes, to its end with handlers under way. */
  get isEnding(): boolean {
    return this.#ending !== undefined
  }

  /** @internal */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  get #position(): number {
    const first = this.#window.first ?? this.#unsafe?.sequence
    return first === undefined ? this.#reader.last : first - 1
  }

  // Reading.

  readonly #turn = (): void => {
    this.#isScheduled = false
    this.#run(READ_MOST)
  }

  /** Handlers have come to an end, or something is due. */
  #goOn(first?: () => void): void {
    if (!this.#isRunning) this.#run(0, first)
  }

  /** Begins what may begin, reads on, and says what is next. */
  #run(records: number, first?: () => void): void {
    if (this.#hasEnded) return
    this.#isRunning = true
    this.#untilNs = this.#host.clock.nowNs() + TURN_NS
    try {
      first?.()
      const budget = { left: records }
      do this.#beginSome()
      while (this.#readOne(budget))
      this.#move()
    } catch (error) {
      this.#fail(error)
    }
    this.#isRunning = false
    this.#look()
  }

  /** Says whether there was a message, so that there may be another one. */
  #readOne(budget: { left: number }): boolean {
    if (this.#ending !== undefined || !this.#window.hasRoom || this.#isScheduled) return false
    const record = this.#unsafe ?? this.#reader.next(budget)
    if (record === undefined) return false
    if (this.#unsafe === undefined) this.#matched += 1
    this.#unsafe = this.#isSafe(record) ? undefined : record
    if (this.#unsafe === undefined) this.#window.add(record)
    return this.#unsafe === undefined
  }

  /** One that may not be on disk, though it should be, ends the replay in front of it. */
  #isSafe(record: JournalRecord): boolean {
    if (this.#host.mayDispatch(record)) return true
    const doubt = this.#journal.doubtOf(record.sequence)
    if (doubt !== undefined) this.#fail(doubt)
    return false
  }

  #wants(topic: string, sequence: number): boolean {
    // What is given to a group once more stands in the journal for that group alone.
    return this.#wanted.has(topic) && (this.name === undefined || this.#journal.isPending(this.name, sequence))
  }

  /** The first sequence is known. */
  #begins(sequence: number): void {
    this.#hasBegun = true
    if (this.name !== undefined) this.#journal.addConsumer(this.name, { from: sequence })
  }

  #beginSome(): void {
    while (this.#ending === undefined && this.#attempts.busy < this.#settings.concurrency) {
      const item = this.#window.next()
      if (item === undefined) return
      const waitNs = this.#pacer?.waitNs(item.record.timeNs) ?? 0
      if (waitNs > 0) return this.#wakeIn(waitNs)
      if (this.#host.clock.nowNs() > this.#untilNs) return this.#schedule()
      this.#window.begin(item)
      this.#attempts.begin(item)
    }
  }

  // What became of messages.

  #passed(item: Item, isHandled: boolean): void {
    if (isHandled) this.#handled += 1
    else this.#failed += 1
    this.#window.end(item)
  }

  #skipped(item: Item, error: unknown): void {
    this.#passed(item, false)
    this.#host.passedOver(item.record, error)
  }

  #exhausted(item: Item, error: unknown): void {
    if (this.#settings.skips) return this.#skipped(item, error)
    const { sequence, message } = item.record
    this.#window.putBack(item)
    const reason = error instanceof Error ? error.message : String(error)
    this.#fail(new TickbusError('TICKBUS_REPLAY_FAILED', { sequence, topic: message.topic, reason }, error))
  }

  #told({ record }: Item, error: unknown): void {
    const { topic } = record.message
    const pattern = this.#wanted.patternOf(topic) ?? topic
    this.#host.failed({ error, group: this.#host.group, topic, pattern, handler: this.#settings.handler })
  }

  /** Says how far all is done with. */
  #move(): void {
    const position = this.#position
    if (position <= this.#moved) return
    this.#moved = position
    this.#hold.sequence = position + 1
    const { name } = this
    if (name === undefined || !this.#hasBegun) return
    if (!this.#journal.knows(name)) throw new TickbusError('TICKBUS_REPLAY_NAME', { name, reason: REMOVED })
    this.#journal.acknowledgeThrough(name, position)
  }

  // What is next.

  #look(): void {
    if (this.#hasEnded) return
    if (this.#ending !== undefined) {
      if (this.#attempts.busy === 0) this.#finish()
      return
    }
    const all = this.#window.first ?? this.#unsafe?.sequence ?? this.#reader.passed + 1
    this.#waiters = this.#waiters.filter(({ through, resolve }) => {
      if (all > through) resolve()
      return all <= through
    })
    if (this.#reader.isDone && this.#window.isEmpty && this.#unsafe === undefined) return this.#end('done')
    if (this.#unsafe !== undefined) return this.#awaitSynced(this.#unsafe.sequence)
    if (this.#reader.isDry) return this.#awaitMore()
    if (this.#window.hasRoom && !this.#reader.isDone) this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled || this.#hasEnded) return
    this.#isScheduled = true
    this.#host.clock.defer(this.#turn)
  }

  #wakeIn(ns: number): void {
    if (this.#timer !== undefined) return
    const wake = (): void => {
      this.#timer = undefined
      this.#goOn()
    }
    // In whole microseconds, as delays are.
    const ms = Math.min(Math.ceil(ns / 1e3) / 1e3, LONGEST_MS)
    this.#timer = this.#host.clock.setTimer(wake, ms)
  }

  /** Reads on when there is more. */
  #awaitMore(): void {
    const last = this.#journal.lastAppended
    if (this.#isAwaiting || this.#reader.isDone || this.#ending !== undefined) return
    if (last > this.#reader.passed) this.#await(this.#journal.written(last))
  }

  #awaitSynced(sequence: number): void {
    if (!this.#isAwaiting) this.#await(this.#journal.synced(sequence).catch(() => this.#journal.synced(sequence)))
  }

  #await(promise: Promise<void>): void {
    this.#isAwaiting = true
    const wake = (): void => {
      this.#isAwaiting = false
      this.#schedule()
    }
    const fail = (error: unknown): void => {
      this.#fail(error)
      this.#look()
    }
    void promise.then(wake, fail)
  }

  // The end.

  #fail(error: unknown): void {
    if (this.#ending !== undefined) return
    this.#error = error
    this.#end('stopped')
  }

  #end(how: ReplayReport['ended']): void {
    if (this.#ending !== undefined) return
    this.#ending = how
    this.#attempts.end()
    if (!this.#isRunning) this.#look()
  }

  #finish(): void {
    if (this.#hasEnded) return
    this.#attempts.abandon()
    try {
      this.#move()
    } catch (error) {
      this.#error ??= error
    }
    this.#hasEnded = true
    if (this.#timer !== undefined) this.#host.clock.clearTimer(this.#timer)
    this.#settings.signal?.removeEventListener('abort', this.#stopped)
    this.#journal.release(this.#hold)
    this.#host.ended(this)
    for (const { resolve } of this.#waiters) resolve()
    void this.#conclude({ ...this.stats(), ended: this.#ending! })
  }

  /** What is done is written before anybody hears of it. */
  async #conclude(report: ReplayReport): Promise<void> {
    try {
      if (this.#error !== undefined) throw this.#error
      if (this.name !== undefined) await this.#saved()
      this.#resolve(report)
    } catch (error) {
      this.#reject(error)
    }
  }

  #saved(): Promise<void> {
    this.#journal.flush()
    const last = this.#journal.lastAppended
    return last > this.#journal.lastWritten ? this.#journal.written(last) : Promise.resolve()
  }
}

const REMOVED = 'it was removed from the journal while the replay was under way'
