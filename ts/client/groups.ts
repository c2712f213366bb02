import { type BusInside, checkPattern } from '../bus/index.js'
import { show, TickbusError } from '../errors.js'
import type { MessageBus } from '../workers/index.js'
import { openBacking } from './backing.js'
import type { Desk } from './desk.js'
import { envelopeBytes, requireMemory } from './config/memory.js'
import { Group } from './group.js'
import type { GroupHost, GroupSettings } from './group-host.js'
import { checkSameSettings, type GroupOptions, groupSettings, smallLanes } from './group-options.js'
import type { GroupStats } from './group-stats.js'
import { GroupSubscription } from './group-subscription.js'
import { LaneTable } from './lane-table.js'
import { Runner } from './runner.js'
import { scaledGroup } from './scaled-group.js'
import { Meter } from './scaling/index.js'
import { openThreadGroup } from './threads/open-threads.js'
import type { GroupHandler } from './work.js'

/** A group and who subscribes to it. */
interface Entry {
  readonly group: Group
  readonly isNamed: boolean
  readonly subscriptions: Set<GroupSubscription>
}

/** The groups of a client. */
export class Groups {
  readonly #host: GroupHost
  readonly #lanes: LaneTable
  readonly #desk: Desk
  readonly #inside: BusInside
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
  readonly #bus: MessageBus<any>
  /** Groups whose threads are starting, by name. */
  readonly #opening = new Map<string, Promise<Entry>>()
  /** Groups whose threads are ending, by name. */
  readonly #ending = new Map<string, Promise<void>>()
  readonly #entries = new Map<string, Entry>()
  /** The last counts of named groups that have ended. */
  readonly #ended = new Map<string, GroupStats>()

  // oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
  constructor(host: GroupHost, lanes: LaneTable, desk: Desk, bus: MessageBus<any>) {
    this.#bus = bus
    this.#host = host
    this.#lanes = lanes
    this.#desk = desk
    this.#inside = host.inside
  }

  /**
   * Subscribes a function.
   *
   * @throws {TickbusError} `TICKBUS_PATTERN`, `TICKBUS_HANDLER`, `TICKBUS_ARGUMENT`, `TICKBUS_GROUP_CONFLICT`,
   * `TICKBUS_MEMORY_LIMIT`
   */
  subscribe(pattern: string, handler: GroupHandler, options: GroupOptions): GroupSubscription {
    checkPattern(pattern)
    if (typeof handler !== 'function') throw new TickbusError('TICKBUS_HANDLER', { pattern, got: show(handler) })
    const settings = groupSettings(options, this.#host.settings)
    return this.#join(this.#entry(options, settings), pattern, handler, options)
  }

  /**
   * Subscribes a worker module.
   *
   * @throws (rejects) {TickbusError} what `subscribe` does; `TICKBUS_WORKER_MODULE`, `TICKBUS_THREADS`
   */
  async subscribeModule(pattern: string, { href: module }: URL, options: GroupOptions): Promise<GroupSubscription> {
    checkPattern(pattern)
    const settings = groupSettings(options, this.#host.settings, module)
    const entry = await this.#threadEntry(options, { ...settings, module })
    return this.#join(entry, pattern, standIn(module), options)
  }

  #join(entry: Entry, pattern: string, handler: GroupHandler, { signal }: GroupOptions): GroupSubscription {
    const { group, subscriptions } = entry
    for (const known of subscriptions) if (known.pattern === pattern && known.handler === handler) return known
    const end = (ended: GroupSubscription): void => this.#remove(entry, ended)
    const subscription = new GroupSubscription(pattern, handler, group.group, end, signal)
    const isFirst = !has(subscriptions, pattern)
    subscriptions.add(subscription)
    group.add(subscription)
    if (isFirst) this.#inside.addQueue(pattern, group)
    if (isFirst) this.#tellJournal(entry, subscription)
    if (signal?.aborted) subscription.unsubscribe()
    return subscription
  }

  /** A subscription that the journal cannot take note of is none. */
  #tellJournal(entry: Entry, subscription: GroupSubscription): void {
    try {
      this.#host.journal?.subscribed(entry.group, entry.isNamed, patternsOf(entry.subscriptions))
    } catch (error) {
      subscription.end()
      entry.subscriptions.delete(subscription)
      this.#withdraw(entry, subscription)
      throw error
    }
  }

  all(): Group[] {
    return [...this.#entries.values()].map(({ group }) => group)
  }

  /** Forgets groups without subscriptions of which nothing waits or runs any more. */
  look(): void {
    for (const entry of this.#entries.values()) {
      if (entry.subscriptions.size > 0 || entry.group.closed || !entry.group.isIdle) continue
      if (entry.group.engine.close === undefined) this.#forget(entry)
      else this.#endThreads(entry)
    }
  }

  /** Takes nothing more, and lets go of all that waits. */
  close(): void {
    for (const { group, subscriptions } of this.#entries.values()) {
      for (const pattern of new Set([...subscriptions].map((subscription) => subscription.pattern))) {
        this.#inside.removeQueue(pattern, group)
      }
      for (const subscription of subscriptions) subscription.end()
      subscriptions.clear()
      group.close()
    }
  }

  /** Resolves once no group that nobody subscribes to any more has threads. */
  async threadsEnded(): Promise<void> {
    await Promise.all(this.#ending.values())
  }

  /** Gives up what still runs, after `close`, and all memory. */
  end(): void {
    for (const entry of this.#entries.values()) {
      entry.group.engine.abandon()
      this.#ended.set(entry.group.group, this.#statsOf(entry.group))
      this.#release(entry)
    }
  }

  stats(): Record<string, GroupStats> {
    const now = [...this.#entries].map(([name, { group }]) => [name, this.#statsOf(group)] as const)
    return Object.fromEntries([...this.#ended, ...now])
  }

  /** The group that the options speak of, opened if it is not there. */
  #entry(options: GroupOptions, settings: GroupSettings): Entry {
    const isNamed = options.group !== undefined
    const known = isNamed ? this.#entries.get(options.group!) : undefined
    if (known !== undefined) {
      checkSameSettings(known.group.group, known.group.settings, settings, options)
      return known
    }
    const name = this.#takeName(options)
    try {
      const group = this.#open(name, isNamed, settings)
      const entry = { group, isNamed, subscriptions: new Set<GroupSubscription>() }
      this.#entries.set(name, entry)
      this.#ended.delete(name)
      return entry
    } catch (error) {
      this.#desk.close(name)
      throw error
    }
  }

  /** The same for a group of worker threads, once all of them are ready. */
  async #threadEntry(options: GroupOptions, settings: GroupSettings & { readonly module: string }): Promise<Entry> {
    if (options.group !== undefined) {
      await this.#ending.get(options.group)
      const underWay = this.#opening.get(options.group)
      const known = underWay === undefined ? this.#entries.get(options.group) : await underWay
      if (known !== undefined) {
        checkSameSettings(options.group, known.group.settings, settings, options)
        return known
      }
    }
    const name = this.#takeName(options)
    const opening = this.#openThreads(name, options.group !== undefined, settings)
    this.#opening.set(name, opening)
    try {
      return await opening
    } catch (error) {
      this.#desk.close(name)
      throw error
    } finally {
      this.#opening.delete(name)
    }
  }

  async #openThreads(
    name: string,
    isNamed: boolean,
    settings: GroupSettings & { readonly module: string },
  ): Promise<Entry> {
    const handler = standIn(settings.module)
    const sequence = this.#desk.nextSequence()
    const lanes = this.#lanesOf(isNamed)
    const group = await openThreadGroup({ name, sequence, settings, lanes, host: this.#host, bus: this.#bus, handler })
    const entry = { group, isNamed, subscriptions: new Set<GroupSubscription>() }
    this.#entries.set(name, entry)
    this.#ended.delete(name)
    return entry
  }

  #lanesOf(isNamed: boolean): LaneTable {
    const { settings } = this.#host
    return isNamed ? this.#lanes : new LaneTable({ ...settings, lanes: smallLanes(this.#lanes.lanes) })
  }

  #takeName({ group }: GroupOptions): string {
    if (group === undefined) return this.#desk.openUnnamed(this.#entries.size + 1)
    if (this.#host.journal?.replays.has(group)) {
      throw new TickbusError('TICKBUS_GROUP_CONFLICT', { group, reason: 'as the cursor of a replay in the journal' })
    }
    this.#desk.open(group)
    return group
  }

  #open(name: string, isNamed: boolean, settings: GroupSettings): Group {
    const host = this.#host
    const lanes = this.#lanesOf(isNamed)
    const bytes = envelopeBytes(lanes.lanes, settings.slots)
    requireMemory(host.settings, host.budget.usedBytes + bytes)
    host.budget.take(bytes)
    try {
      const backing = openBacking(settings, lanes, host, bytes)
      const group = new Group(name, this.#desk.nextSequence(), settings, lanes, host, backing)
      const onFreed = (): void => host.goOn(group)
      const isScaled = settings.scalesFrom !== undefined
      group.engine = new Runner({
        work: group,
        slots: settings.scalesFrom ?? settings.slots,
        time: host.time,
        clock: host.clock,
        ackWait: settings.ackWait,
        times: group.times,
        meter: new Meter(new ArrayBuffer(Meter.bytes(settings.slots)), isScaled),
        onFreed,
      })
      // Functions of one thread have one core, whatever their slots.
      if (isScaled) host.scaling.add(scaledGroup(group, 1))
      return group
    } catch (error) {
      host.budget.give(bytes)
      throw error
    }
  }

  #remove({ group, subscriptions }: Entry, subscription: GroupSubscription): void {
    if (!subscriptions.delete(subscription)) return
    this.#withdraw({ group, subscriptions }, subscription)
    if (!has(subscriptions, subscription.pattern)) this.#host.journal?.unsubscribed(group, subscription.pattern)
  }

  /** A subscription gets nothing any more. */
  #withdraw({ group, subscriptions }: Pick<Entry, 'group' | 'subscriptions'>, subscription: GroupSubscription): void {
    if (!has(subscriptions, subscription.pattern)) this.#inside.removeQueue(subscription.pattern, group)
    group.remove(subscription)
    // Groups without subscriptions are looked for after each turn.
    this.#host.schedule(group)
  }

  /** Nobody subscribes to a group of worker threads any more. */
  #endThreads(entry: Entry): void {
    const { group } = entry.group
    this.#entries.delete(group)
    const ending = entry.group.engine.close!(END_MS).then(() => {
      this.#ending.delete(group)
      this.#forget(entry)
    })
    this.#ending.set(group, ending)
  }

  #forget(entry: Entry): void {
    if (entry.isNamed) this.#ended.set(entry.group.group, this.#statsOf(entry.group))
    this.#release(entry)
  }

  #statsOf(group: Group): GroupStats {
    return group.stats(this.#host.scaling.decisions(group.group))
  }

  #release({ group }: Entry): void {
    this.#host.scaling.remove(group.group)
    this.#host.journal?.left(group)
    group.release()
    this.#entries.delete(group.group)
    this.#desk.close(group.group)
  }
}

/** Longest wait for the threads of a group that is gone, with nothing under way. */
const END_MS = 5_000

/** Functions that stand for worker modules, by their URLs. */
const standIns = new Map<string, GroupHandler>()

/** What stands for the handler of a worker module where one is spoken of. */
function standIn(module: string): GroupHandler {
  let handler = standIns.get(module)
  if (handler === undefined) {
    handler = Object.defineProperty(() => {}, 'name', { value: module }) as GroupHandler
    standIns.set(module, handler)
  }
  return handler
}

function patternsOf(subscriptions: ReadonlySet<GroupSubscription>): string[] {
  return [...new Set([...subscriptions].map(({ pattern }) => pattern))]
}

function has(subscriptions: ReadonlySet<GroupSubscription>, pattern: string): boolean {
  for (const subscription of subscriptions) if (subscription.pattern === pattern) return true
  return false
}
