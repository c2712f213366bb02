import {
  type BusInside,
  Codecs,
  type Definition,
  type Guest,
  insideOf,
  isDurable,
  type MessageOf,
  Priority,
  QUEUE_BACKPRESSURED,
  QUEUE_CLOSED,
  type StatedOr,
  type TopicHandle,
  type Unstated,
} from '../bus/index.js'
import { DeadLetters, type Journal, type RedriveHost } from '../delivery/index.js'
import { badArgument, TickbusError } from '../errors.js'
import { nodeSystem, type System } from '../system.js'
import { MessageBus } from '../workers/index.js'
import { ClientEmitter, type ClientEvents } from './client-events.js'
import { type Clock, processClock } from './clock.js'
import { Conditions } from './conditions.js'
import type { ClientConfig, ClientSettings, JournalConfig } from './config/index.js'
import { Desk } from './desk.js'
import { Drain } from './drain.js'
import { draining } from './draining.js'
import type { GroupHost } from './group-host.js'
import type { GroupOptions } from './group-options.js'
import type { ClientStats } from './group-stats.js'
import type { GroupSubscription } from './group-subscription.js'
import { Groups } from './groups.js'
import { ClientJournal } from './journal/index.js'
import { LaneTable } from './lane-table.js'
import { checkLogger, createLogger, type Logger } from './logger.js'
import { MemoryBudget } from './memory-budget.js'
import {
  checkDeadline,
  checkKey,
  type PublishOptions,
  type PublishStatus,
  type Receipt,
  STATUSES,
} from './publish-options.js'
import { RecentTime } from './recent-time.js'
import type { Replay, ReplayOptions } from './replay/index.js'
import { RoomLines } from './room.js'
import { ScalingLoop, StuckWatch } from './scaling/index.js'
import { checkSignalDrain, joinSignalDrain, type SignalDrainOptions } from './signals.js'
import { SpillDirectory, type Spilling } from './spill/index.js'
import { nodeThreads } from './threads/node-threads.js'
import type { ThreadSystem } from './threads/thread-system.js'
import { type ClientTerms, TopicIntake } from './topic-intake.js'
import type { GroupHandler } from './work.js'

export interface ClientOptions extends Omit<ClientConfig, 'journal'> {
  /** Where messages of topics that may not lose any are written before anybody gets them, or its directory. @default no journal */
  journal?: JournalConfig | string
  /** What the client logs to, such as a pino instance. @default nothing is logged */
  logger?: Logger
  /** Where time and turns of the event loop come from. @default the process's own */
  clock?: Clock
  /** Numbers from 0 to 1, for the jitter of waits. @default Math.random */
  random?: () => number
  /** Most dead letters that are kept, 1 to 1,000,000. @default 10_000 */
  deadLetterCapacity?: number
  /** Finishes what was accepted when the process is told to end, and ends it; see `docs/delivery.md`. @default signals are left alone */
  drainOnSignal?: SignalDrainOptions
  /** @internal Files and time of the journal and of what spills, as in a simulation; on the JavaScript backend only. @default the process's */
  system?: System
  /** @internal A `ThreadSystem`, where worker threads come from. @default `node:worker_threads` */
  threads?: object
}

/** How safe a message is when its receipt resolves. */
export type AckLevel = 'memory' | 'written' | 'synced'

export interface AwaitedPublishOptions extends PublishOptions {
  /**
   * When the receipt resolves: `memory`, once the message is taken; `written`, once it is in the journal and survives the end of
   * the process; `synced`, once it is on disk. @default 'memory'
   */
  ack?: AckLevel
  /** Longest wait for room in a lane that blocks, in milliseconds. @default the lane's own, 50 unless it says otherwise */
  timeoutMs?: number
}

/** What `drain` left. */
export interface DrainReport {
  /** Whether nothing was left. */
  complete: boolean
  /** Messages that wait. */
  queued: number
  /** Messages whose handlers are under way. */
  inFlight: number
  /** Messages that lie in the journal alone. They come after the next open: of its failed disk, those that were written. */
  journalled: number
  /** The same of each group that has any. */
  groups: Record<string, { queued: number; inFlight: number; journalled: number }>
}

/** What a client is made with beside its settings. */
interface Terms {
  readonly clock: Clock
  readonly logger: Logger
  readonly random: () => number
  readonly threads: ThreadSystem
  readonly deadLetterCapacity: number
}

const DEAD_LETTERS_MOST = 1_000_000
/** Publishes that wait for the journal stand in lines of their own, so that they hold nobody else up. */
const JOURNALLED_LINES = 1_000
const CLOSE_TIMEOUT_MS = 5_000
const NO_OPTIONS = {}

/**
 * Consumer groups on a bus: each gets a copy of what it subscribes to, queued in priority lanes, and runs its handlers in
 * later turns of the event loop, by policy and with bounded concurrency. See `docs/lanes.md`.
 */
export class BufferedMessageBusClient<D extends Definition = {}> {
  readonly bus: MessageBus<D>
  /** What groups could not deliver of topics that may not lose messages. */
  readonly deadLetters: DeadLetters
  readonly #inside: BusInside
  readonly #settings: ClientSettings
  readonly #lanes: LaneTable
  readonly #desk: Desk
  readonly #host: GroupHost
  readonly #groups: Groups
  readonly #drain: Drain
  readonly #conditions: Conditions
  readonly #room: RoomLines
  readonly #scaling: ScalingLoop
  readonly #stuck: StuckWatch
  readonly #clock: Clock
  readonly #events = new ClientEmitter()
  readonly #logger: Logger
  /** Of the synchronous calls, one after the other. */
  readonly #terms: ClientTerms
  #journal: ClientJournal | undefined
  /** With a journal the bus waits for it when it is closed. */
  readonly #guest: Guest = { close: (timeoutMs) => this.close({ timeoutMs }).catch(() => {}) }
  #published = 0
  #refused = 0
  #closed = false
  #closing: Promise<void> | undefined
  #spilling: Spilling | undefined
  /** Ends no more with its process. */
  #leaveSignals = (): void => {}

  private constructor(
    bus: MessageBus<D>,
    settings: ClientSettings,
    { clock, logger, random, threads, deadLetterCapacity }: Terms,
  ) {
    this.bus = bus
    this.#inside = insideOf(bus)
    this.#settings = settings
    this.#lanes = new LaneTable(settings)
    this.#desk = Desk.of(bus)
    this.#logger = logger
    this.#clock = clock
    const time = new RecentTime(clock)
    this.#stuck = new StuckWatch((group, ageMs) => {
      this.#logger.warn({ group, ageMs }, 'a handler does not come to its end')
      this.#events.emit('stuck', { group, ageMs })
    })
    this.#scaling = new ScalingLoop(
      clock,
      this.#inside.core,
      (decision) => {
        this.#logger.info(decision, 'scaled')
        this.#events.emit('scaled', decision)
      },
      () => this.#lookForStuck(),
    )
    this.#conditions = new Conditions(clock)
    this.#room = new RoomLines(clock)
    this.#drain = new Drain(clock, time, () => this.#afterTurn())
    const journal = (): ClientJournal | undefined => this.#journal
    this.#host = {
      get journal() {
        return journal()
      },
      inside: this.#inside,
      epoch: bus.epoch,
      settings,
      budget: new MemoryBudget(settings.memoryMb * 2 ** 20),
      time,
      clock,
      random,
      threads,
      scaling: this.#scaling,
      spilling: () => this.#spilling,
      laneOf: (topic) => this.#laneOf(topic),
      counted: (status) => this.#count(status),
      schedule: this.#drain.schedule,
      goOn: this.#drain.goOn,
      intake: (topic, groups, before) => new TopicIntake(topic, groups, before as TopicIntake | undefined, this.#desk),
      failed: (fault) => {
        this.#logger.error({ err: fault.error, group: fault.group, topic: fault.topic }, 'a handler failed')
        this.#events.failed(fault)
      },
      buried: (letter, sequence, raw) => {
        const { message: _, ...said } = letter
        this.#logger.warn(said, 'a message became a dead letter')
        const numbered = this.deadLetters.add(letter)
        const kept = sequence === undefined ? undefined : this.#journal?.keep(numbered, sequence, raw)
        this.#events.emit('deadLetter', numbered)
        return kept
      },
      lost: (loss) => {
        this.#logger.error(loss, 'a worker thread ended')
        this.#events.lost(loss)
      },
      gaveUp: (limit) => {
        this.#logger.error({ err: limit.error, group: limit.group }, 'worker threads are replaced no more')
        this.#events.gaveUp(limit)
      },
      troubled: (error, group, what) => this.#logger.error({ err: error, group }, what),
      marked: (event, mark) => {
        this.#logger[event === 'highWater' ? 'warn' : 'info'](mark, event)
        this.#events.emit(event, mark)
      },
      // What the journal says at its end is logged.
      shut: (timeoutMs) => void this.close({ timeoutMs }).catch(() => {}),
    }
    this.deadLetters = new DeadLetters(this.#redriveHost(), deadLetterCapacity, ({ number }) =>
      this.#journal?.forgetLetter(number),
    )
    this.#groups = new Groups(this.#host, this.#lanes, this.#desk, bus)
    this.#terms = this.#newTerms()
  }

  /**
   * Opens a client on a bus. Nothing is left behind if that fails.
   *
   * @throws {TickbusError} `TICKBUS_CONFIG`, with all that is wrong; `TICKBUS_MEMORY_LIMIT` if the lanes of one group take
   * more than `memoryMb`; `TICKBUS_SPILL` if a lane spills and has nowhere to; `TICKBUS_LOSSY_LANE` if the schema has a topic that may not lose messages in a lane that does;
   * `TICKBUS_ARGUMENT`, `TICKBUS_CLOSED`
   */
  static async open<D extends Definition = {}>(
    bus: MessageBus<D>,
    options: ClientOptions = {},
  ): Promise<BufferedMessageBusClient<D>> {
    if (!(bus instanceof MessageBus)) throw badArgument('bus', 'a MessageBus', bus)
    if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
    if (insideOf(bus).isClosed()) throw new TickbusError('TICKBUS_CLOSED')
    const {
      clock = processClock(bus),
      logger,
      random = Math.random,
      deadLetterCapacity = 10_000,
      drainOnSignal,
      journal,
      system = nodeSystem,
      threads = nodeThreads(bus),
      ...rest
    } = options
    const config =
      journal === undefined ? rest : { ...rest, journal: typeof journal === 'string' ? { dir: journal } : journal }
    if (logger !== undefined) checkLogger(logger)
    const signals = drainOnSignal === undefined ? undefined : checkSignalDrain(drainOnSignal)
    if (typeof random !== 'function') throw badArgument('random', 'a function', random)
    if (!Number.isInteger(deadLetterCapacity) || deadLetterCapacity < 1 || deadLetterCapacity > DEAD_LETTERS_MOST) {
      throw badArgument('deadLetterCapacity', 'a whole number from 1 to 1,000,000', deadLetterCapacity)
    }
    // Whoever never opens a client does not wait for the validator to load.
    const { resolveSettings } = await import('./config/index.js')
    const settings = resolveSettings(config)
    const terms = {
      clock,
      logger: logger ?? createLogger(settings.logLevel),
      random,
      threads: threads as ThreadSystem,
      deadLetterCapacity,
    }
    const client = new BufferedMessageBusClient(bus, settings, terms)
    client.#check()
    client.#openSpilling(system)
    if (settings.journal !== null) await client.#openJournal(settings.journal, system)
    for (const warning of settings.warnings) client.#logger.warn(warning)
    // What a process leaves undone is said even if it logs nothing else.
    if (signals !== undefined) client.#leaveSignals = joinSignalDrain(client, signals, logger ?? createLogger('fatal'))
    return client
  }

  /**
   * Subscribes a function of this thread, or a module that runs in worker threads of the group: its default export is the
   * handler, `open({ bus })` and `close()` are called where it has them. Resolves once all threads are ready. The group gets one copy of each message that any of its patterns matches, from the
   * next publish on; of its subscriptions that match, one gets it, each in turn. Subscribing the same pair again changes
   * nothing and resolves to the first subscription.
   *
   * @throws (rejects) {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`, `TICKBUS_ARGUMENT`, `TICKBUS_GROUP_CONFLICT`,
   * `TICKBUS_MEMORY_LIMIT`, `TICKBUS_CLIENT_CLOSED`, `TICKBUS_WORKER_MODULE`, `TICKBUS_THREADS`
   */
  async subscribe<T = Unstated, Pattern extends string = string>(
    pattern: Pattern,
    handler: GroupHandler<StatedOr<T, D, Pattern>> | URL,
    options: GroupOptions = {},
  ): Promise<GroupSubscription> {
    if (this.#closed) throw new TickbusError('TICKBUS_CLIENT_CLOSED')
    if (handler instanceof URL) return this.#subscribeModule(pattern, handler, options)
    return this.#groups.subscribe(pattern, handler, options)
  }

  /**
   * Publishes as `bus.publish` does, and says how groups queue it, those of other threads too. Never waits; returns how the
   * groups of this thread took it: other threads count for themselves what they have no room for. With
   * `backpressured` nobody got the message, bus subscribers and other threads included; with `closed` neither.
   *
   * @throws {TickbusError} before anybody got it: `TICKBUS_TOPIC`, `TICKBUS_LANE`, `TICKBUS_ARGUMENT`, `TICKBUS_LOSSY_LANE`,
   * and what {@link Topic.publish} throws
   */
  tryPublish<Name extends string>(topic: Name, message: MessageOf<D, Name>, options?: PublishOptions): PublishStatus {
    if (this.#closed || this.#inside.isClosed() || (draining.isOn && draining.refuses())) return 'closed'
    const terms = this.#terms
    if (options === undefined) {
      terms.priority = -1
      terms.key = undefined
      terms.deadlineMs = -1
    } else {
      this.#read(options, terms)
    }
    terms.id = this.#desk.nextId()
    const handle = this.#inside.find(topic)
    const status = handle.isJournalled
      ? this.#journalOf(handle).offer(handle, message, terms)
      : handle.offer(message, terms)
    this.#count(status)
    return STATUSES[status]
  }

  /** What may not be lost is written here; undefined for a client without a journal. */
  get journal(): Journal | undefined {
    return this.#journal?.journal
  }

  /**
   * Publishes, and waits for room where a lane blocks: for `timeoutMs` at most, those first who came first. Resolves once the
   * message is queued.
   *
   * @throws (rejects) {TickbusError} `TICKBUS_BACKPRESSURED` if there is no room, `TICKBUS_CLIENT_CLOSED`, `TICKBUS_CLOSED`, and
   * what `tryPublish` throws
   */
  async publish<Name extends string>(
    topic: Name,
    message: MessageOf<D, Name>,
    options: AwaitedPublishOptions = NO_OPTIONS,
  ): Promise<Receipt> {
    const { ack = 'memory', timeoutMs } = options
    if (!ACKS.has(ack)) throw badArgument('ack', `'memory', 'written' or 'synced'`, ack)
    if (timeoutMs !== undefined) checkTimeout(timeoutMs)
    const terms = this.#read(options, this.#newTerms())
    if (this.#closed || draining.refuses()) throw new TickbusError('TICKBUS_CLIENT_CLOSED')
    const isJournalled = this.#inside.find(topic).isJournalled
    if (ack !== 'memory' && !isJournalled) throw this.#notJournalled(topic, ack)
    const published = this.#publish(topic, message, terms, isJournalled, timeoutMs)
    if (ack === 'memory') return published
    const receipt = await published
    await this.#journal!.safe(receipt.sequence!, ack)
    return receipt
  }

  /** Publishes once there is room. */
  #publish(
    topic: string,
    message: unknown,
    terms: ClientTerms,
    isJournalled: boolean,
    timeoutMs: number | undefined,
  ): Receipt | Promise<Receipt> {
    const { priority } = terms
    const lane = priority >= 0 ? this.#lanes.withPriority(priority) : this.#laneOf(this.#inside.find(topic))
    const settings = this.#lanes.lanes[lane]
    const attempt = (): Receipt | undefined => this.#attempt(topic, message, terms)
    const line = isJournalled ? lane + JOURNALLED_LINES : lane
    const mayTry = settings.overflow !== 'block' || this.#room.isClear(line)
    const receipt = mayTry ? attempt() : undefined
    if (receipt !== undefined) return receipt
    if (settings.overflow !== 'block') throw this.#refusal(topic, `lane ${settings.name} is full`)
    const longest = timeoutMs ?? settings.timeoutMs
    return new Promise((resolve, reject) => {
      const tryAgain = draining.bind((): boolean => {
        try {
          const receipt = attempt()
          if (receipt === undefined) return false
          resolve(receipt)
        } catch (error) {
          reject(error)
        }
        return true
      })
      const giveUp = (isOver: boolean): void => {
        if (isOver) reject(new TickbusError('TICKBUS_CLIENT_CLOSED'))
        else reject(this.#refusal(topic, `lane ${settings.name} stayed full for ${longest} ms`))
      }
      this.#room.wait(line, longest, tryAgain, giveUp)
    })
  }

  /**
   * Reads the journal back to a handler: messages as they were published, in order, and to nobody else. With a `name` it goes on
   * where that one's cursor in the journal stands. It begins in a later turn; see `docs/delivery.md`.
   *
   * @throws {TickbusError} `TICKBUS_NO_JOURNAL`, `TICKBUS_CLIENT_CLOSED`, `TICKBUS_ARGUMENT`, `TICKBUS_PATTERN`;
   * `TICKBUS_REPLAY_FROM` if what it is to begin with is gone, or not there yet; `TICKBUS_REPLAY_NAME` if a group has the name,
   * or another replay that is under way
   */
  replay<T = Unstated, Pattern extends string = string>(
    options: ReplayOptions<StatedOr<T, D, Pattern>, Pattern>,
  ): Replay {
    if (this.#closed || draining.refuses()) throw new TickbusError('TICKBUS_CLIENT_CLOSED')
    if (this.#journal === undefined) throw new TickbusError('TICKBUS_NO_JOURNAL')
    return this.#journal.replays.start(options)
  }

  /**
   * Resolves once a lane, by its name, has room in every group; one that was full, only when it is down at its low-water
   * mark. Resolves at the close, too.
   *
   * @throws (rejects) {TickbusError} `TICKBUS_LANE`
   */
  async ready(lane: string): Promise<void> {
    const number = this.#lanes.withName(lane)
    await this.#conditions.until(() => this.#groups.all().every(({ marks }) => marks.isReady(number)))
  }

  /** Counters of this client, exact at the moment of the call. */
  stats(): ClientStats {
    return { published: this.#published, refused: this.#refused, groups: this.#groups.stats() }
  }

  /**
   * Resolves once nothing waits and no handler is under way, or after `timeoutMs`, where given: then the signals of the
   * deliveries under way abort. What a journal whose disk has failed will not give out any more is not waited for. Says what
   * was left. Publishing goes on meanwhile.
   *
   * @throws (rejects) {TickbusError} `TICKBUS_ARGUMENT`
   */
  async drain(options: { timeoutMs?: number } = {}): Promise<DrainReport> {
    const { timeoutMs } = options
    if (timeoutMs !== undefined) checkTimeout(timeoutMs)
    const complete = await this.#conditions.until(() => this.#isIdle, timeoutMs)
    const busy = this.#groups.all().filter(({ isIdle }) => !isIdle)
    if (!complete && busy.length > 0) {
      const reason = new TickbusError('TICKBUS_GIVEN_UP', { reason: `the drain ran out of its ${timeoutMs} ms` })
      for (const { engine } of busy) engine.abort(reason)
    }
    const isLeft = !complete || this.journal?.state === 'failed'
    const report: DrainReport = { complete, queued: 0, inFlight: 0, journalled: 0, groups: {} }
    for (const { group, isIdle, queued, inFlight, journal } of this.#groups.all()) {
      const journalled = isLeft ? (journal?.unread ?? 0) : 0
      if (isIdle && journalled === 0) continue
      report.groups[group] = { queued, inFlight, journalled }
      report.complete = false
      report.queued += queued
      report.inFlight += inFlight
      report.journalled += journalled
    }
    return report
  }

  /**
   * Takes nothing more, lets go of everything that waits, aborts the signals of the deliveries under way, and waits for their
   * handlers, for `timeoutMs` at most: what is not done by then counts as closed. A second call returns the first one's
   * promise. The bus stays open; its close closes the client.
   */
  close(options: { timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? CLOSE_TIMEOUT_MS)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Listens to the client: see {@link ClientEvents}. Returns the client. */
  on<E extends keyof ClientEvents>(event: E, listener: (detail: ClientEvents[E]) => void): this {
    this.#events.on(event, listener)
    return this
  }

  /** Stops listening. Returns the client. */
  off<E extends keyof ClientEvents>(event: E, listener: (detail: ClientEvents[E]) => void): this {
    this.#events.off(event, listener)
    return this
  }

  /** @internal Those who wait for room wait in vain, and nothing more is replayed: the process drains. */
  refuseWaiting(): void {
    this.#journal?.replays.drain()
    this.#room.end()
  }

  /** @internal From now on so many handlers of a group may be under way at once, in so many worker threads; those that are go on. */
  resize(group: string, slots: number, threads?: number): void {
    const engine = this.#groups.all().find((one) => one.group === group)?.engine
    if (threads === undefined) engine?.resize(slots)
    else engine?.size(slots, threads)
  }

  async #subscribeModule(pattern: string, url: URL, options: GroupOptions): Promise<GroupSubscription> {
    const subscription = await this.#groups.subscribeModule(pattern, url, options)
    if (!this.#closed) return subscription
    throw new TickbusError('TICKBUS_CLIENT_CLOSED')
  }

  #redriveHost(): RedriveHost {
    const isClosed = (): boolean => this.#closed
    return {
      get closed() {
        return isClosed()
      },
      give: (letter) => {
        const group = this.#groups.all().find((one) => one.group === letter.group)
        if (group === undefined) return 'gone'
        const isJournalled = this.#inside.find(letter.topic).isJournalled && group.journal !== undefined
        return isJournalled ? this.#journal!.redrive(group, letter) : group.redrive(letter)
      },
      after: (ms, run) => void this.#clock.setTimer(run, ms),
    }
  }

  /** Refuses settings that do not fit the schema. */
  #check(): void {
    for (const { template, options } of this.bus.schema.toData()) {
      if (!isDurable(options.delivery)) continue
      // Any topic of the template will do: routes go by what is literal.
      const lane = this.#laneFor(template.replaceAll(/\{\w*\}/g, 'x'), options.priority)
      if (this.#lanes.isLossy(lane)) {
        throw new TickbusError('TICKBUS_LOSSY_LANE', { topic: template, lane: this.#lanes.lanes[lane].name })
      }
    }
  }

  #openSpilling(system: System): void {
    if (!this.#lanes.spills) return
    const directory = SpillDirectory.open(this.#settings.spillDir, system)
    this.#spilling = { directory, codecs: new Codecs(this.bus.schema.records) }
  }

  #laneOf({ name, type }: TopicHandle): number {
    return this.#laneFor(name, type.options.priority)
  }

  #laneFor(topic: string, priority: number | undefined): number {
    if (priority !== undefined) return this.#lanes.withPriority(priority)
    const route = this.#settings.routes.find(({ pattern }) => this.#inside.core.isMatching(topic, pattern))
    return route === undefined ? this.#lanes.withPriority(Priority.NORMAL) : this.#lanes.withName(route.lane)
  }

  #newTerms(): ClientTerms {
    return { host: this.#host, priority: -1, key: undefined, deadlineMs: -1, id: 0 }
  }

  #read(options: PublishOptions, terms: ClientTerms): ClientTerms {
    const { priority, key, deadlineMs } = options
    checkKey(key)
    if (deadlineMs !== undefined) checkDeadline(deadlineMs)
    if (priority !== undefined) this.#lanes.withPriority(priority)
    terms.priority = priority ?? -1
    terms.key = key
    terms.deadlineMs = deadlineMs ?? -1
    return terms
  }

  /** Publishes if there is room. */
  #attempt(topic: string, message: unknown, terms: ClientTerms): Receipt | undefined {
    // By the order in which they are queued, and not by that in which they were asked for.
    terms.id = this.#desk.nextId()
    const handle = this.#inside.find(topic)
    const journal = handle.isJournalled ? this.#journalOf(handle) : undefined
    const taken = journal === undefined ? handle.offer(message, terms) : journal.offer(handle, message, terms)
    if (taken === QUEUE_CLOSED) throw new TickbusError(draining.isOn ? 'TICKBUS_CLIENT_CLOSED' : 'TICKBUS_CLOSED')
    if (taken === QUEUE_BACKPRESSURED) return undefined
    this.#count(taken)
    const status = STATUSES[taken] as Receipt['status']
    return journal === undefined ? { id: terms.id, status } : { id: terms.id, status, sequence: journal.sequence }
  }

  async #openJournal(config: JournalConfig, system: System): Promise<void> {
    const [host, lanes, desk, onRoom] = [this.#host, this.#lanes, this.#desk, this.#drain.look]
    const opening = ClientJournal.open({ config, host, lanes, desk, bus: this.bus, onRoom, system })
    const journal = await opening.catch(async (error: unknown) => {
      await this.#spilling?.directory.close()
      throw error
    })
    this.#journal = journal
    this.#inside.guests.add(this.#guest)
    for (const letter of journal.letters) {
      journal.numberLetter(letter, this.deadLetters.add(journal.letterOf(letter)).number)
    }
  }

  /** Another client of this bus may be the one that keeps the journal. */
  #journalOf({ name: topic }: TopicHandle): ClientJournal {
    if (this.#journal !== undefined) return this.#journal
    throw new TickbusError('TICKBUS_NEEDS_CLIENT', { topic })
  }

  #notJournalled(topic: string, ack: AckLevel): TickbusError {
    const reason =
      this.#journal === undefined
        ? 'this client keeps no journal; open it with journal: { dir }'
        : 'the topic may lose messages, so that it is not journalled; give it delivery: "at-least-once" in the schema'
    return new TickbusError('TICKBUS_NOT_JOURNALLED', { topic, ack, reason })
  }

  #refusal(topic: string, reason: string): TickbusError {
    this.#refused += 1
    return new TickbusError('TICKBUS_BACKPRESSURED', { topic, reason })
  }

  #count(status: number): void {
    if (status < QUEUE_BACKPRESSURED) this.#published += 1
    else this.#refused += 1
  }

  #afterTurn(): void {
    this.#journal?.look()
    this.#room.look()
    this.#groups.look()
    this.#conditions.look()
    this.#scaling.look()
    this.#lookForStuck()
  }

  #lookForStuck(): void {
    this.#stuck.look(this.#clock.nowNs(), () => this.#groups.all())
  }

  get #isIdle(): boolean {
    return (this.#journal?.isIdle ?? true) && this.#groups.all().every(({ isIdle }) => isIdle)
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#closed = true
    this.#leaveSignals()
    this.#journal?.shut()
    this.deadLetters.end()
    this.#room.end()
    this.#scaling.stop()
    const groups = this.#groups.all()
    this.#groups.close()
    const reason = new TickbusError('TICKBUS_GIVEN_UP', { reason: 'the client is closed' })
    for (const { engine } of groups) engine.abort(reason)
    const replays = this.#journal?.replays
    replays?.close(reason)
    const threads = groups.map(({ engine }) => engine.close?.(timeoutMs))
    const isAtRest = (): boolean => (replays?.isEmpty ?? true) && groups.every(({ inFlight }) => inFlight === 0)
    await this.#conditions.until(isAtRest, timeoutMs)
    await Promise.all([...threads, this.#groups.threadsEnded()])
    this.#groups.end()
    await this.#spilling?.directory.close()
    this.#conditions.end()
    await this.#closeJournal()
    this.#logger.info('client closed')
    this.#events.emit('close', undefined)
  }

  async #closeJournal(): Promise<void> {
    try {
      await this.#journal?.close()
    } catch (error) {
      this.#logger.error({ err: error }, 'the journal is not whole')
      throw error
    } finally {
      this.#inside.guests.delete(this.#guest)
    }
  }
}

const ACKS: ReadonlySet<unknown> = new Set<AckLevel>(['memory', 'written', 'synced'])

function checkTimeout(timeoutMs: unknown): void {
  if (typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs <= 2 ** 31 - 1) return
  throw badArgument('timeoutMs', 'milliseconds, 0 to 2,147,483,647', timeoutMs)
}
