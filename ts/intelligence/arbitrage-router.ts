import { Epoch, Listeners, type QuoteLike, type Subscription, type TopicHandle } from '../bus/index.js'
import type { BufferedMessageBusClient, PublishStatus } from '../client/index.js'
import type { Backend } from '../core.js'
import { badArgument, TickbusError } from '../errors.js'
import type { MessageBus } from '../workers/index.js'
import { type ArbitrageCounts, ArbitrageEngine } from './arbitrage-engine.js'
import { ArbitragePlan, type ArbitrageTerms, venueOf } from './arbitrage-plan.js'
import { EpisodeLog } from './episode-log.js'
import type { Episode, EpisodeEvent } from './episode.js'
import { explain, type Explanation } from './explanation.js'
import { type ArbitrageSignal, SignalDesk, type SignalTerms } from './signals.js'
import { TopView } from './top-view.js'

export interface ArbitrageRouterOptions extends ArbitrageTerms {
  /** How signals are queued. */
  signals?: SignalTerms
  /** Closed episodes that `explain` still knows. @default 1_024 */
  history?: number
  /** The instant that the times of records count from, UNIX nanoseconds. @default that of the bus, or now */
  epoch?: bigint
  /** Which backend detects. @default the one that the package chose */
  backend?: Backend
}

export interface AttachOptions {
  /** Queues signals in its lanes. @default they are published on the bus, where handlers run at once */
  client?: BufferedMessageBusClient
}

/** What a router emits. */
export interface ArbitrageEvents {
  opened: Episode
  improved: Episode
  closed: Episode
}

export interface ArbitrageStats extends ArbitrageCounts {
  /** Signals by how the client took them; `published` on the bus without one. */
  readonly signals: Readonly<Record<PublishStatus | 'published', number>>
}

/**
 * Finds cross-venue arbitrage: an episode for as long as buying an instrument and selling another one of its pair is worth
 * more than the threshold after fees. `docs/arbitrage.md` says what is detected, and what of it is no profit.
 */
export class ArbitrageRouter {
  readonly plan: ArbitragePlan
  readonly #options: ArbitrageRouterOptions
  readonly #events = new Listeners<ArbitrageEvents>()
  readonly #log: EpisodeLog
  readonly #desk: SignalDesk
  readonly #subscriptions: Subscription[] = []
  readonly #signals = { published: 0, accepted: 0, conflated: 0, spilled: 0, shed: 0, backpressured: 0, closed: 0 }
  /** What has happened and was not told yet. */
  readonly #untold: EpisodeEvent[] = []
  #isTelling = false
  #running: Running | undefined
  #bus: MessageBus | undefined
  /** Where the best bid and offer of each pair are published. */
  #nbbo: readonly TopicHandle[] = []
  #client: BufferedMessageBusClient | undefined
  #isClosed = false

  /** @throws {TickbusError} `TICKBUS_PAIRS`, `TICKBUS_FEES`, `TICKBUS_ARGUMENT` */
  constructor(options: ArbitrageRouterOptions) {
    const { history = 1_024, signals = {} } = options
    if (!Number.isSafeInteger(history) || history < 0)
      throw badArgument('history', 'a whole number, 0 or more', history)
    this.plan = new ArbitragePlan(options)
    this.#options = options
    this.#log = new EpisodeLog(history)
    this.#desk = new SignalDesk(signals, this.plan.minNetBps)
  }

  /**
   * Takes the quotes of all its instruments off a bus, from `data.quotes.VENUE.NAME`, and publishes signals on
   * `signals.arbitrage.PAIR` and each change of a best bid or offer on `data.nbbo.PAIR`.
   *
   * @throws {TickbusError} `TICKBUS_USAGE` if it has been attached or closed; `TICKBUS_CLOSED`, `TICKBUS_BACKEND`
   */
  attach(bus: MessageBus, { client }: AttachOptions = {}): this {
    if (this.#isClosed || this.#bus !== undefined) {
      throw new TickbusError('TICKBUS_USAGE', { reason: 'A router is attached once, and not after it was closed.' })
    }
    const running = this.#start(bus.epoch)
    const nbbo = this.plan.pairs.map(({ name }) => bus.topic(`data.nbbo.${name}`) as unknown as TopicHandle)
    this.#bus = bus
    this.#client = client
    this.#nbbo = nbbo
    for (const [number, id] of this.plan.instruments.entries()) {
      const topic = `data.quotes.${venueOf(id)}.${id.slice(0, id.lastIndexOf('.'))}`
      const pair = this.plan.kernel.pairs[number]!
      this.#subscriptions.push(bus.subscribe(topic, (quote: QuoteLike) => this.#take(running, number, pair, quote)))
    }
    return this
  }

  /**
   * Takes 64-byte quote records in, as decoders write them: the instrument's number, its place in `plan.instruments`, in
   * the topic word, and times since the epoch. One crossing for all of them, then the events one after the other.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_BACKEND`
   */
  update(records: Uint8Array): void {
    if (!(records instanceof Uint8Array) || !(records.buffer instanceof ArrayBuffer)) {
      throw badArgument('records', 'a Uint8Array over memory that is not shared', records)
    }
    if (records.length % 64 !== 0) throw badArgument('records', 'whole records of 64 bytes', records.length)
    const running = this.#start()
    running.engine.update(records, this.#untold, this.#wantsImproved)
    if (this.#bus !== undefined) for (const pair of running.tops.keys()) this.#publishTop(running, pair)
    this.#tell()
  }

  on<E extends keyof ArbitrageEvents>(event: E, listener: (episode: ArbitrageEvents[E]) => void): this {
    this.#events.on(event, listener)
    return this
  }

  off<E extends keyof ArbitrageEvents>(event: E, listener: (episode: ArbitrageEvents[E]) => void): this {
    this.#events.off(event, listener)
    return this
  }

  /** Why an episode was one, and what it was worth; undefined if it is none that is known, or was too long ago. */
  explain(id: string): Explanation | undefined {
    const known = this.#log.get(id)
    if (known === undefined) return undefined
    const now = this.#running?.engine.open().find(({ episode }) => episode.id === id)?.episode
    return explain(now ?? known, this.plan)
  }

  /**
   * A live view of the best bid and offer of a pair after fees.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT` if there is no such pair.
   */
  best(pair: string): TopView {
    const view = this.#start().tops.find(({ pair: name }) => name === pair)
    if (view === undefined) throw badArgument('pair', 'the name of a pair', pair)
    return view
  }

  /** The open episodes as they stand, in the order in which they were opened. */
  open(): Episode[] {
    return this.#start()
      .engine.open()
      .map(({ episode }) => episode)
  }

  stats(): ArbitrageStats {
    return { ...this.#start().engine.counts, signals: { ...this.#signals } }
  }

  /** Lets go of the bus. What is open stays so: nothing has closed it. */
  close(): void {
    this.#isClosed = true
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe()
  }

  #start(epoch?: Epoch): Running {
    return (this.#running ??= this.#run(epoch))
  }

  #run(epochOfBus: Epoch | undefined): Running {
    const { epoch: own, backend } = this.#options
    // That of the bus where it is the same instant: the times of its messages are then taken as they are.
    const shared = own === undefined || own === epochOfBus?.unixNs ? epochOfBus : undefined
    const epoch = shared ?? new Epoch(own ?? BigInt(Date.now()) * 1_000_000n)
    const engine = new ArbitrageEngine(this.plan, epoch, backend)
    const tops = this.plan.pairs.map((pair, number) => new TopView(pair, engine.top(number), epoch))
    return { engine, tops, told: tops.map(() => 0) }
  }

  #take(running: Running, number: number, pair: number, quote: QuoteLike): void {
    const { engine } = running
    engine.inbox.push(number, quote)
    engine.updateOne(this.#untold, this.#wantsImproved)
    this.#publishTop(running, pair)
    this.#tell()
  }

  /** Publishes the top of a pair if it has changed since it was last published. */
  #publishTop({ tops, told }: Running, pair: number): void {
    const top = tops[pair]!
    if (told[pair] === top.changes) return
    told[pair] = top.changes
    this.#nbbo[pair]!.publishMade(() => top.snapshot())
  }

  get #wantsImproved(): boolean {
    return this.#bus !== undefined || this.#events.has('improved')
  }

  /** Tells what has happened, in order, also where a listener makes more happen. */
  #tell(): void {
    if (this.#isTelling || this.#untold.length === 0) return
    this.#isTelling = true
    let told = 0
    try {
      while (told < this.#untold.length) this.#tellOne(this.#untold[told++]!)
    } finally {
      this.#untold.splice(0, told)
      this.#isTelling = false
    }
  }

  #tellOne({ kind, number, episode, at }: EpisodeEvent): void {
    if (kind === 'open') return
    this.#log.put(number, episode)
    if (kind === 'closed') this.#desk.note(episode)
    this.#events.emit(kind, episode)
    if (this.#bus !== undefined) this.#signal({ ...episode, kind, at })
  }

  #signal(signal: ArbitrageSignal): void {
    const topic = `signals.arbitrage.${signal.pair}`
    if (this.#client === undefined) {
      this.#bus!.publish(topic, signal)
      this.#signals.published += 1
      return
    }
    const deadlineMs = this.#desk.deadlineMsOf(signal)
    const status = this.#client.tryPublish(topic, signal, {
      priority: this.#desk.priorityOf(signal),
      key: signal.id,
      ...(deadlineMs !== undefined && { deadlineMs }),
    })
    this.#signals[status] += 1
  }
}

/** What there is once the epoch is known. */
interface Running {
  readonly engine: ArbitrageEngine
  readonly tops: readonly TopView[]
  /** How often each top had changed when it was last published. */
  readonly told: number[]
}
