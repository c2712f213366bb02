import { isMainThread, workerData } from 'node:worker_threads'
import {
  Codecs,
  type Definition,
  Epoch,
  type HandlerError,
  LocalBus,
  type LocalBusOptions,
  type LocalStats,
  type Outlet,
  type RemoteEndpoint,
  type Schema,
  type TopicHandle,
} from '../bus/index.js'
import { badArgument } from '../errors.js'
import { BusClock } from './clock.js'
import { watchThreads } from './deaths.js'
import { Member, type ThreadStats } from './member.js'
import { checkPolling, type Polling } from './polling.js'
import { ringSizes, type RingSizes } from './ring.js'
import { Roster } from './roster.js'
import { type SpawnedThreads, type SpawnOptions, spawnThreads } from './spawn.js'
import { spawnedTicket } from './spawned-ticket.js'
import type { Undeliverable } from './switchboard.js'
import { agreeOnSchema, NAMES_BYTES, readTicket, type Ticket, writeTicket } from './ticket.js'

export interface MessageBusOptions<D extends Definition = {}> extends LocalBusOptions<D> {
  /** UNIX nanoseconds from which records count their times; 104 days around it can be told exactly. @default now */
  epoch?: bigint
  /** Records that each thread's ring holds, 64 to 1,048,576, rounded up to a power of two. @default 16_384 */
  ringRecords?: number
  /** Bytes of each thread's payload slab, 4 KiB to 1 GiB, rounded up to a power of two. One message takes a quarter at most, and no more than 16 GiB divided by `ringRecords`. @default 4 MiB */
  slabBytes?: number
  /** Records that wait on the publishing side for readers that are waited for; their payloads take four slabs at most. @default 65_536 */
  slackRecords?: number
  /** How long a thread that found nothing looks again before it sleeps. @default 'auto' */
  polling?: Polling
}

export interface AttachOptions<D extends Definition = {}> {
  /** The schema module of this thread; must say the same as the bus's. @default the bus's own, as the ticket carries it */
  schema?: Schema<D>
  /** Longest wait for the other threads' answers, in milliseconds. @default 10_000 */
  timeoutMs?: number
}

/** Counters of one thread of a bus. */
export interface BusStats extends LocalStats {
  /** What went to and came from each other thread. */
  threads: ThreadStats[]
}

/** Another thread's records were overwritten before this one read them. */
export interface LostRecords {
  thread: number
  count: number
}

/** Records for slow readers found no room; emitted once until there is room again. */
export interface SlowReader {
  threads: number[]
}

/** A record arrived that could not be decoded. */
export interface UndecodableRecord {
  topic: string | undefined
  error: unknown
}

const DEFAULT_TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_MS = 5_000

/**
 * The message bus. In one thread: patterns, topic handles, synchronous dispatch. With `spawn`, or `ticket` and `attach`,
 * every thread of the process becomes a member of the same bus.
 */
export class MessageBus<D extends Definition = {}> extends LocalBus<D> {
  /** From when records count their times. */
  readonly epoch: Epoch
  /** @internal Names that threads of the bus have taken. */
  readonly names: SharedArrayBuffer
  readonly #clock: BusClock
  readonly #sizes: RingSizes
  readonly #slackRecords: number
  readonly #polling: Polling
  readonly #isCreator: boolean
  #member: Member | undefined
  #roster: Roster | undefined
  #stopWatching: (() => void) | undefined
  readonly #spawned = new Set<SpawnedThreads>()
  /** Patterns and endpoints for which this thread keeps its event loop alive. */
  #held = 0
  #closing: Promise<void> | undefined

  /**
   * @throws {TickbusError} `TICKBUS_RING_SIZE`, `TICKBUS_POLLING`, `TICKBUS_ARGUMENT`, `TICKBUS_BACKEND`
   */
  constructor(options: MessageBusOptions<D> = {}) {
    super(options)
    this.#clock = new BusClock(attaching?.openedNs)
    this.epoch = new Epoch(options.epoch ?? BigInt(Date.now()) * 1_000_000n)
    this.#sizes = ringSizes(options.ringRecords ?? 16_384, options.slabBytes ?? 4 * 1024 * 1024)
    this.#slackRecords = checkCount('slackRecords', options.slackRecords ?? 65_536)
    this.#polling = checkPolling(options.polling ?? 'auto')
    this.#isCreator = attaching === undefined
    this.names = attaching?.names ?? new SharedArrayBuffer(NAMES_BYTES)
  }

  /**
   * Makes this thread a member of a bus that another one opened. In a spawned module the ticket is known; in a worker of
   * your own pass it, or put it into `workerData`, itself or under the key `tickbus`. The same bus gives the same object.
   *
   * @throws {TickbusError} `TICKBUS_TICKET`, `TICKBUS_CLOSED`, `TICKBUS_MEMBERS`, `TICKBUS_SCHEMA_MISMATCH`, `TICKBUS_ATTACH_TIMEOUT`
   */
  static async attach<D extends Definition = {}>(
    ticket?: unknown,
    options: AttachOptions<D> = {},
  ): Promise<MessageBus<D>> {
    const read = readTicket(ticket ?? spawnedTicket() ?? (workerData as unknown))
    const { roster } = read
    const known = attached.get(roster.token)
    if (known !== undefined) return known as Promise<MessageBus<D>>
    const bus = MessageBus.#fromTicket(read.ticket, agreeOnSchema(read.ticket, options.schema))
    const arrival = bus.#enter(roster, options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
    attached.set(roster.token, arrival)
    try {
      return (await arrival) as MessageBus<D>
    } catch (error) {
      attached.delete(roster.token)
      throw error
    }
  }

  /**
   * What another thread needs to attach: plain data, for `workerData`.
   *
   * @throws {TickbusError} `TICKBUS_CLOSED`
   */
  ticket(): Ticket {
    this.assertOpen()
    this.#joined()
    return writeTicket({
      roster: this.#roster!.memory,
      names: this.names,
      backend: this.backend,
      epochNs: this.epoch.unixNs,
      openedNs: this.#clock.openedNs,
      schema: this.schema.toData(),
      ringRecords: this.#sizes.records,
      slabBytes: this.#sizes.slabBytes,
      slackRecords: this.#slackRecords,
      polling: this.#polling,
      traderId: this.traderId,
      ...this.habits,
    })
  }

  /**
   * Starts worker threads that run a module, each a member of the bus once it has called `await MessageBus.attach()`.
   * Resolves when all of them have run their module and this thread knows their subscriptions.
   *
   * @throws {TickbusError} `TICKBUS_SPAWN` if one fails to start; `TICKBUS_THREADS`, `TICKBUS_CLOSED`
   */
  async spawn(url: URL | string, options: SpawnOptions = {}): Promise<SpawnedThreads> {
    const ticket = this.ticket()
    const member = this.#joined()
    const spawned = await spawnThreads(url, options, ticket)
    // What they announced before they reported is in the channel by now.
    member.catchUp()
    this.#spawned.add(spawned)
    spawned.on('exit', () => spawned.threads === 0 && this.#spawned.delete(spawned))
    return spawned
  }

  /**
   * Resolves once there is room: nothing waits on this side, and no thread has more than half a ring of records from
   * this one to read. Flow control for bursts.
   *
   * @throws {TickbusError} `TICKBUS_READY_TIMEOUT` if there is none within `timeoutMs`, where given.
   */
  async ready(options: { timeoutMs?: number } = {}): Promise<void> {
    await this.#member?.room(options.timeoutMs)
  }

  /**
   * Resolves once every other thread knows the subscriptions that this one has now.
   *
   * @throws {TickbusError} `TICKBUS_ATTACH_TIMEOUT` if a thread does not answer within `timeoutMs`, 10 s by default.
   */
  async synced(options: { timeoutMs?: number } = {}): Promise<void> {
    await this.#member?.synced(options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  }

  /** Shows other threads what was held back for a batch, now; by itself that happens at the end of the turn. */
  flush(): void {
    this.#member?.outbox.show()
  }

  /** Nanoseconds since the bus was opened, by a monotonic clock that is the same in all its threads. */
  nowNs(): number {
    return this.#clock.nowNs()
  }

  /** Counters of this thread. */
  stats(): BusStats {
    return { ...this.localStats(), threads: this.#member?.stats() ?? [] }
  }

  override on(event: 'handlerError', listener: (fault: HandlerError) => void): this
  override on(event: 'lost', listener: (lost: LostRecords) => void): this
  override on(event: 'slowReader', listener: (slow: SlowReader) => void): this
  override on(event: 'undecodable', listener: (record: UndecodableRecord) => void): this
  override on(event: 'undeliverable', listener: (message: Undeliverable) => void): this
  override on(event: 'close', listener: () => void): this
  override on(event: string, listener: (detail: never) => void): this {
    return super.on(event as 'handlerError', listener as (fault: HandlerError) => void)
  }

  /**
   * Ends all subscriptions and leaves the bus; what was published before is still read by the others. In the thread that
   * opened the bus it closes it for all threads, and spawned ones are terminated if they have not ended by themselves
   * within `timeoutMs`. A second call returns the first one's promise.
   */
  close(options: { timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? CLOSE_TIMEOUT_MS)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Names that somebody on the bus answers to: in this thread, and in others as far as they have said so. */
  override endpoints(): string[] {
    return [...new Set([...super.endpoints(), ...(this.#member?.endpoints.names() ?? [])])]
  }

  protected override patternAdded(pattern: string): void {
    this.#member?.announcePattern(pattern, true)
    this.#holdOn()
  }

  protected override patternRemoved(pattern: string): void {
    this.#member?.announcePattern(pattern, false)
    this.#letGo()
  }

  protected override endpointAdded(name: string): void {
    this.#member?.announceEndpoint(name, true)
    this.#holdOn()
  }

  protected override endpointRemoved(name: string): void {
    this.#member?.announceEndpoint(name, false)
    this.#letGo()
  }

  protected override remoteEndpoint(name: string): RemoteEndpoint | undefined {
    return this.#member?.endpoints.endpoint(name)
  }

  protected override outletOf({ name, type }: TopicHandle, maskLow: number, maskHigh: number): Outlet | undefined {
    const outbox = this.#member?.outbox
    if (maskLow !== 0 || maskHigh !== 0) return outbox?.outlet(name, type, maskLow, maskHigh)
    outbox?.forget(name)
    return undefined
  }

  /** @internal Whether another thread is on the bus. */
  hasThread(thread: number): boolean {
    return this.#roster?.hasThread(thread) ?? false
  }

  static #fromTicket(ticket: Ticket, schema: Schema): MessageBus {
    const { epochNs: epoch, traderId, ...options } = ticket
    attaching = ticket
    try {
      return new MessageBus({ ...options, epoch, schema, ...(traderId !== undefined && { traderId }) })
    } finally {
      attaching = undefined
    }
  }

  /** Joins the bus whose roster this is, and meets everybody. Leaves nothing behind if that fails. */
  async #enter(roster: Roster, timeoutMs: number): Promise<this> {
    try {
      await this.#join(roster).meet(timeoutMs)
      return this
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** This thread's place among the threads; made when the first ticket is. */
  #joined(): Member {
    return this.#member ?? this.#join(Roster.create())
  }

  #join(roster: Roster): Member {
    const member = new Member({
      roster,
      core: this.core,
      epoch: this.epoch,
      nowNs: () => this.nowNs(),
      codecs: new Codecs(this.schema.records),
      sizes: this.#sizes,
      slackRecords: this.#slackRecords,
      polling: this.#polling,
      host: {
        handle: (topic) => this.handle(topic),
        localPatterns: () => this.patterns(),
        calls: this.calls,
        routes: this.table,
        onSlowReader: (slots) => {
          this.state.emit('slowReader', { threads: slots.map((slot) => roster.threadOf(slot)) } satisfies SlowReader)
        },
        onLost: (thread, count) => this.state.emit('lost', { thread, count } satisfies LostRecords),
        onUndecodable: (topic, error) => this.state.emit('undecodable', { topic, error } satisfies UndecodableRecord),
        onEndpointError: (name, error) => this.endpointFailed(name, error),
        onUndeliverable: (undeliverable) => this.state.emit('undeliverable', undeliverable),
        onClose: () => {
          member.readAll()
          void this.close()
        },
      },
    })
    this.#member = member
    this.#roster = roster
    attached.set(roster.token, Promise.resolve(this))
    // The native backend notices from inside the ending thread, see src/registry.rs.
    if (this.backend === 'js') this.#stopWatching = watchThreads((thread) => member.bury(thread))
    for (const _ of [...this.patterns(), ...this.calls.names()]) this.#holdOn()
    return member
  }

  /** Keeps a worker's event loop alive while it listens; the main thread lives by its own work and its workers. */
  #holdOn(): void {
    if (isMainThread || this.#member === undefined) return
    this.#held += 1
    this.#member.hold()
  }

  #letGo(): void {
    if (this.#held === 0) return
    this.#held -= 1
    this.#member?.release()
  }

  async #close(timeoutMs: number): Promise<void> {
    const member = this.#member
    this.shut(timeoutMs)
    if (member !== undefined || this.hasGuests) await this.endGuests(timeoutMs)
    if (member !== undefined) {
      // What waits for slow readers still gets its chance.
      await member.room(timeoutMs).catch(() => {})
      if (this.#isCreator) {
        this.#roster!.close()
        member.askToClose()
        await Promise.all([...this.#spawned].map((spawned) => spawned.ended(timeoutMs)))
      }
      this.#stopWatching?.()
      member.leave()
      attached.delete(this.#roster!.token)
    }
    this.state.emit('close', undefined)
  }
}

/** The buses that this thread is on, by token. */
const attached = new Map<string, Promise<MessageBus>>()

/** The ticket of the bus that is being constructed, if it is not opened here. */
let attaching: Ticket | undefined

function checkCount(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value
  throw badArgument(name, 'a whole number, 0 or more', value)
}
