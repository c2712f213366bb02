import {
  type BusInside,
  isDurable,
  QUEUE_ACCEPTED,
  QUEUE_BACKPRESSURED,
  QUEUE_CLOSED,
  type TopicHandle,
} from '../../bus/index.js'
import {
  type ArchivedLetter,
  type DeadLetter,
  Journal,
  type JournalMessage,
  type JournalRecord,
  type Taken,
} from '../../delivery/index.js'
import { TickbusError } from '../../errors.js'
import type { System } from '../../system.js'
import type { MessageBus } from '../../workers/index.js'
import type { JournalConfig } from '../config/index.js'
import type { Desk } from '../desk.js'
import { draining } from '../draining.js'
import type { Group } from '../group.js'
import type { GroupHost } from '../group-host.js'
import type { LaneTable } from '../lane-table.js'
import { REFUSES } from '../lane-table.js'
import type { ClientTerms, TopicIntake } from '../topic-intake.js'
import { Dispatch } from './dispatch.js'
import { GroupJournal, type GroupJournalHost, idOf } from './group-journal.js'
import { HandledBefore } from './handled-before.js'
import { KnownGroups } from './known-groups.js'
import { LetterArchive } from './letter-archive.js'
import { MessageRecords, textOf } from './message-records.js'
import { Replays } from '../replay/index.js'
import { JournalPayloads } from './payload.js'
import { SingleFile } from './single-file.js'

export interface ClientJournalOptions {
  readonly config: JournalConfig
  readonly host: GroupHost
  readonly lanes: LaneTable
  readonly desk: Desk
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever its schema
  readonly bus: MessageBus<any>
  readonly system: System
  /** Tries again what waits for room. */
  readonly onRoom: () => void
}

/** What begins the names of consumers whose groups have none of their own: they end with the client. */
const UNNAMED = '#'
const ROUTES_MOST = 65_536
/** How often the journal is asked whether files may go. */
const RETAIN_EVERY = 1_024

/**
 * A client's journal: what may not be lost is written here first, then goes to groups, other threads and handlers as soon
 * as it is as safe as its topic asks. What a group acknowledges the journal learns; what it has not, the group gets after
 * the next open, under its name.
 *
 * Order: messages of one key are dispatched in the order of their sequences, whatever their topics ask for.
 */
export class ClientJournal implements GroupJournalHost {
  readonly journal: Journal
  readonly replays: Replays
  /** The sequence of the last message that `offer` took. */
  sequence = 0
  readonly #options: ClientJournalOptions
  readonly #inside: BusInside
  readonly #payloads: JournalPayloads
  readonly #records: MessageRecords
  readonly #known: KnownGroups
  readonly #archive: LetterArchive
  readonly #handledBefore: HandledBefore
  readonly #groups = new Map<Group, GroupJournal>()
  readonly #dispatch: Dispatch
  /** Messages with which a process has died. */
  readonly #suspects = new SingleFile()
  /** By topic. */
  readonly #others = new Map<string, Others>()
  /** Literal beginnings of the schema's topics that are journalled. */
  readonly #prefixes: readonly string[]
  /** Whether some of them are dispatched when they are on disk. */
  readonly #hasSynced: boolean
  readonly #pending = new Set<Promise<unknown>>()
  #watched = 0
  #isMakingRoom = false
  #isClosed = false
  #appended = 0

  /**
   * @throws (rejects) {TickbusError} `TICKBUS_JOURNAL_BUS`, `TICKBUS_JOURNAL_GROUPS`, and what {@link Journal.open} throws;
   * nothing is left open then.
   */
  static async open(options: ClientJournalOptions): Promise<ClientJournal> {
    const { host, system } = options
    const { inside } = host
    if (!inside.setJournalled(true)) throw new TickbusError('TICKBUS_JOURNAL_BUS')
    const { dir, ...rest } = options.config
    const opened: { close(): Promise<void> }[] = []
    try {
      const journal = await Journal.open(dir, { ...rest, backend: inside.core.backend, system })
      opened.push(journal)
      const archive = new LetterArchive(dir, inside.core.backend, system)
      opened.push(archive)
      await archive.recover()
      return new ClientJournal(options, journal, archive, new KnownGroups(dir, system.files))
    } catch (error) {
      inside.setJournalled(false)
      await Promise.allSettled(opened.map((one) => one.close()))
      throw error
    }
  }

  private constructor(options: ClientJournalOptions, journal: Journal, archive: LetterArchive, known: KnownGroups) {
    const { host, lanes, bus, desk, system } = options
    this.#options = options
    this.#inside = host.inside
    this.journal = journal
    this.#archive = archive
    this.#known = known
    this.#payloads = new JournalPayloads(host.epoch)
    this.#records = new MessageRecords(host, this.#payloads, (bytes) => system.fillRandom(bytes))
    const advanced = (): void => {
      options.onRoom()
      this.look()
    }
    this.#dispatch = new Dispatch({ journal, host, lanes: lanes.lanes.length, advanced })
    this.replays = this.#newReplays()
    const entries = bus.schema.toData().filter(({ options: { delivery } }: Entry) => isDurable(delivery))
    this.#prefixes = entries.map(({ template }: Entry) => template.split('{')[0])
    this.#hasSynced = entries.some(({ options: { dispatchAfter } }: Entry) => dispatchAfter === 'synced')
    for (const consumer of journal.consumers) if (consumer.startsWith(UNNAMED)) journal.removeConsumer(consumer)
    const hasOnce = entries.some(({ options: { delivery } }: Entry) => delivery === 'effectively-once')
    this.#handledBefore = new HandledBefore(journal, hasOnce, archive.letters)
    for (const consumer of journal.consumers) {
      // Of replays it would be all that they have not been through.
      if (known.isReplay(consumer)) continue
      for (const { message } of journal.pending(consumer)) this.#handledBefore.seen(idOf(message.id))
    }
    desk.goOnFrom(this.#handledBefore.lastId)
    if (journal.consumers.length > 0) this.#retain()
  }

  // What publishers see.

  /**
   * Takes a message of a journalled topic; says how. `sequence` is its place then.
   *
   * @throws {TickbusError} `TICKBUS_LOSSY_LANE`, `TICKBUS_PAYLOAD_SIZE`, what an encoder throws, and
   * `TICKBUS_JOURNAL_UNWRITTEN` if the disk has failed
   */
  offer(handle: TopicHandle, message: unknown, terms: ClientTerms): number {
    if (this.#isClosed || this.#inside.isClosed() || draining.refuses()) return QUEUE_CLOSED
    const { host } = this.#options
    const { priority, deadlineMs, id } = terms
    const { options } = handle.type
    const key = terms.key ?? textOf('key', options.key, message)
    const lane = this.#laneOf(handle, priority)
    if (!this.#hasRoom(handle, lane)) return QUEUE_BACKPRESSURED
    const expiresNs = deadlineMs < 0 ? -1 : host.time.nowNs() + deadlineMs * 1e6
    const record = this.#records.of(handle, message, { key, lane, expiresNs, id })
    const sequence = this.journal.append(record)
    if (sequence === undefined) {
      this.#makeRoom()
      return QUEUE_BACKPRESSURED
    }
    this.sequence = sequence
    const { strangers, absent } = this.#othersTo(handle.name)
    for (const consumer of strangers) {
      // One may have been removed since.
      if (this.journal.knows(consumer)) this.journal.acknowledge(consumer, sequence)
    }
    for (const own of absent) own.awaits(key, sequence)
    this.replays.appended()
    this.#dispatch.add(
      { sequence, topic: handle.name, message, priority, lane, key, expiresNs, id },
      options.dispatchAfter,
    )
    this.#appended += 1
    if (this.#appended % RETAIN_EVERY === 0) this.#retain()
    return QUEUE_ACCEPTED
  }

  /** Resolves when a message is as safe as that. */
  async safe(sequence: number, level: 'written' | 'synced'): Promise<void> {
    try {
      await this.journal[level](sequence)
    } catch {
      // What was handed over together is answered together: asked again, this one is spoken of alone.
      await this.journal[level](sequence)
    }
  }

  /** Dead letters of earlier runs and of this one that are kept beside the journal. */
  get letters(): readonly ArchivedLetter[] {
    return this.#archive.letters
  }

  /** A dead letter of a recovered run as the client knows letters. */
  letterOf(archived: ArchivedLetter): Omit<DeadLetter, 'number'> {
    const { host } = this.#options
    const { head, message } = archived
    const { type } = this.#inside.find(message.topic)
    const since = (unixNs: string): number => Number(BigInt(unixNs) - host.epoch.unixNs)
    const { id, group, key, priority, reason, note, attempts } = head
    const times = { publishedNs: since(head.published), diedNs: since(head.died) }
    const ended = attempts.map(({ at, ...attempt }) => ({ ...attempt, atNs: since(at) }))
    const decoded = head.hasMessage ? this.#decodeOrNothing(type, message) : undefined
    return { id, topic: message.topic, group, key, priority, ...times, reason, note, attempts: ended, message: decoded }
  }

  /** Keeps a letter; `number` is the client's. */
  keep(letter: DeadLetter, sequence: number, raw?: JournalMessage): Promise<void> {
    const { host } = this.#options
    const { type } = this.#inside.find(letter.topic)
    let encoded = raw
    if (encoded === undefined && letter.message !== undefined) {
      const { payload, encoding } = this.#payloads.encode(letter.topic, type, letter.message)
      encoded = { topic: letter.topic, payload, encoding }
    }
    const unixOf = (ns: number): string => String(host.epoch.unixNsAt(ns))
    const kept = this.#archive.keep(letter, sequence, encoded, type.options.delivery, unixOf)
    this.pending(kept)
    kept.catch((error: unknown) => host.troubled(error, letter.group, 'a dead letter could not be kept'))
    return kept
  }

  /** A letter has left the client's store. */
  forgetLetter(number: number): void {
    this.#archive.forget(number)
  }

  /** A letter of the archive got this number in the client's store. */
  numberLetter(archived: ArchivedLetter, number: number): void {
    this.#archive.number(archived, number)
  }

  /** Gives a letter to its group once more: written first, and for no other group. */
  redrive(group: Group, letter: DeadLetter): Taken {
    const own = this.#groups.get(group)
    if (own === undefined || letter.message === undefined || !group.subscribes(letter.topic)) return 'gone'
    const handle = this.#inside.find(letter.topic)
    const lane = group.lanes.find(letter.priority) ?? this.#options.host.laneOf(handle)
    if (group.roomIn(lane) <= this.#dispatch.awaiting(lane)) return 'full'
    const { key, id } = letter
    const sequence = this.journal.append(this.#records.of(handle, letter.message, { key, lane, expiresNs: -1, id }))
    if (sequence === undefined) return 'full'
    for (const consumer of this.journal.consumers) {
      if (consumer !== own.consumer) this.journal.acknowledge(consumer, sequence)
    }
    // The journal has it for this group alone, so that it is read back from there.
    own.subscribed()
    return 'queued'
  }

  // What groups see.

  /**
   * A group of this client subscribes to a pattern.
   *
   * @throws {TickbusError} `TICKBUS_JOURNAL_UNWRITTEN`, `TICKBUS_JOURNAL_GROUPS`; nothing has changed then.
   */
  subscribed(group: Group, isNamed: boolean, patterns: readonly string[]): void {
    const known = this.#groups.get(group)
    if (known === undefined && !patterns.some((pattern) => this.#mayMatch(pattern))) return
    const consumer = isNamed ? group.group : `${UNNAMED}${group.group}`
    this.journal.checkOpen()
    // What the file still has of one that was removed counts no more.
    const before = this.journal.knows(consumer) ? (this.#known.patternsOf(consumer) ?? []) : []
    if (isNamed) this.#known.set(consumer, [...new Set([...before, ...patterns])])
    this.#others.clear()
    if (known !== undefined) return known.subscribed()
    this.journal.addConsumer(consumer)
    const own = new GroupJournal(group, consumer, this, group.isShared)
    this.#groups.set(group, own)
    group.journal = own
    for (const { identity, atNs } of this.#handledBefore.by(consumer)) group.recall(identity, this.#sinceEpoch(atNs))
    own.subscribed()
  }

  /** It does not subscribe to a pattern any more. */
  unsubscribed(group: Group, pattern: string): void {
    const own = this.#groups.get(group)
    if (own === undefined) return
    const known = this.#known.patternsOf(own.consumer)
    if (known !== undefined) {
      this.#known.set(
        own.consumer,
        known.filter((one) => one !== pattern),
      )
    }
    this.#others.clear()
  }

  /** It has ended, and will not come back as what it was. */
  left(group: Group): void {
    const own = this.#groups.get(group)
    if (own === undefined || this.#isClosed) return
    own.close()
    this.#groups.delete(group)
    this.#known.delete(own.consumer)
    this.#others.clear()
    if (this.journal.state !== 'failed') this.journal.removeConsumer(own.consumer)
  }

  mayDispatch(record: JournalRecord): boolean {
    return this.#dispatch.isAsSafeAsAsked(record)
  }

  holdsBack(sequence: number): boolean {
    return this.#dispatch.holdsBack(sequence)
  }

  /** One that was made by hand gets all; those without names had nothing before. */
  awaits(consumer: string, topic: string): boolean {
    if (consumer.startsWith(UNNAMED)) return false
    const patterns = this.#known.patternsOf(consumer)
    return patterns === undefined || patterns.some((pattern) => this.#inside.core.isMatching(topic, pattern))
  }

  decode({ message }: JournalRecord): unknown {
    return this.#payloads.decode(this.#inside.find(message.topic).type, message)
  }

  watch(sequence: number): void {
    if (sequence <= this.#watched || this.#isClosed || sequence >= this.journal.nextSequence) return
    this.#watched = sequence
    const again = (): void => this.look()
    // Synced is later than written, and good for both; who waits for the one looks a little late.
    void this.journal.written(sequence).then(again, again)
    if (this.#hasSynced) void this.journal.synced(sequence).then(again, again)
  }

  undeliverable(group: Group, { sequence, message }: JournalRecord, error: unknown): Promise<void> {
    const { host, lanes } = this.#options
    const nowNs = host.time.nowNs()
    const { topic, key } = message
    const note = error instanceof Error ? error.message : String(error)
    const priority = lanes.priorities[message.lane ?? 0] ?? 0
    const rest = { priority, publishedNs: nowNs, diedNs: nowNs, reason: 'undecodable' as const, note, attempts: [] }
    const letter = { id: idOf(message.id), topic, group: group.group, key, ...rest, message: undefined }
    return host.buried(letter, sequence, message) ?? Promise.resolve()
  }

  async suspect(): Promise<() => void> {
    const leave = await this.#suspects.enter()
    return () => {
      // What became of it the next process knows, whatever the next one does to this.
      this.journal.flush()
      void this.journal.noted(this.journal.lastAppended).then(leave)
    }
  }

  pending(work: Promise<unknown>): void {
    this.#pending.add(work)
    const forget = (): void => void this.#pending.delete(work)
    void work.then(forget, forget)
  }

  // What the client sees.

  /** Whether nothing waits to be dispatched or read back. */
  get isIdle(): boolean {
    const isRead = this.replays.isIdle && [...this.#groups.values()].every(({ isIdle }) => isIdle)
    return isRead && this.#dispatch.size === 0
  }

  /** Reads back what there is room for. */
  look(): void {
    if (this.#isClosed) return
    for (const own of this.#groups.values()) own.look()
  }

  /** From now on nothing is taken, dispatched or read back; what handlers acknowledge still counts. */
  shut(): void {
    if (this.#isClosed) return
    for (const own of this.#groups.values()) own.shut()
    this.#isClosed = true
    this.#dispatch.shut()
  }

  /**
   * Writes and syncs everything, after `shut`.
   *
   * @throws (rejects) what {@link Journal.close} throws
   */
  async close(): Promise<void> {
    this.replays.abandon()
    for (const own of this.#groups.values()) own.close()
    await Promise.allSettled([...this.#pending])
    if (this.journal.state !== 'failed') {
      for (const { consumer } of this.#groups.values()) {
        if (consumer.startsWith(UNNAMED)) this.journal.removeConsumer(consumer)
      }
    }
    this.#inside.setJournalled(false)
    const ended = await Promise.allSettled([this.journal.close(), this.#archive.close()])
    for (const end of ended) if (end.status === 'rejected') throw end.reason
  }

  // Room.

  #laneOf(handle: TopicHandle, priority: number): number {
    const { host, lanes } = this.#options
    const lane = priority < 0 ? host.laneOf(handle) : lanes.withPriority(priority)
    if (!lanes.isLossy(lane)) return lane
    throw new TickbusError('TICKBUS_LOSSY_LANE', { topic: handle.name, lane: lanes.lanes[lane].name })
  }

  /** Whether every group has room, what is on its way to them included. */
  #hasRoom(handle: TopicHandle, lane: number): boolean {
    const { host, lanes } = this.#options
    if (lanes.whenFull[lane] !== REFUSES) return true
    const groups = (handle.intake as TopicIntake | undefined)?.queues ?? []
    const full = groups.find((group) => group.host === host && group.roomIn(lane) <= this.#dispatch.awaiting(lane))
    full?.marks.refused(lane)
    return full === undefined
  }

  /** The journal has no room: whoever waits tries again when it has. */
  #makeRoom(): void {
    if (this.#isMakingRoom) return
    this.#isMakingRoom = true
    void this.journal.ready().then(() => {
      this.#isMakingRoom = false
      this.#options.onRoom()
    })
  }

  #othersTo(topic: string): Others {
    let others = this.#others.get(topic)
    if (others === undefined) {
      if (this.#others.size >= ROUTES_MOST) this.#others.clear()
      const groups = [...this.#groups.values()]
      const here = new Set(groups.filter((own) => own.subscribes(topic)).map(({ consumer }) => consumer))
      const away = this.journal.consumers.filter((consumer) => !here.has(consumer))
      const strangers = away.filter((consumer) => !this.awaits(consumer, topic))
      const absent = groups.filter(({ consumer }) => !here.has(consumer) && this.awaits(consumer, topic))
      others = { strangers, absent }
      this.#others.set(topic, others)
    }
    return others
  }

  /** Whether a pattern can match a topic of the schema that is journalled, by what both begin with. */
  #mayMatch(pattern: string): boolean {
    const literal = /^[^*?]*/.exec(pattern)![0]
    return this.#prefixes.some((prefix) => prefix.startsWith(literal) || literal.startsWith(prefix))
  }

  #newReplays(): Replays {
    const { host, desk, lanes, onRoom } = this.#options
    return new Replays({
      journal: this.journal,
      known: this.#known,
      desk,
      clock: host.clock,
      epochNs: host.epoch.unixNs,
      priorities: lanes.priorities,
      random: host.random,
      isMatching: (topic, pattern) => this.#inside.core.isMatching(topic, pattern),
      mayDispatch: (record) => this.mayDispatch(record),
      decode: (record) => this.decode(record),
      failed: (fault) => host.failed(fault),
      passedOver: (group, { sequence, message }, error) => {
        host.troubled(error, group, `a replay passed over message ${sequence} on ${message.topic}`)
      },
      changed: () => this.#others.clear(),
      ended: onRoom,
    })
  }

  #retain(): void {
    if (this.journal.state !== 'running') return
    const retained = this.journal.retain().catch((error: unknown) => {
      this.#options.host.troubled(error, 'the journal', 'files of the journal cannot be let go')
    })
    this.pending(retained)
  }

  #decodeOrNothing(type: TopicHandle['type'], message: JournalMessage): unknown {
    try {
      return this.#payloads.decode(type, message)
    } catch {
      return undefined
    }
  }

  #sinceEpoch(unixNs: bigint): number {
    return Number(unixNs - this.#options.host.epoch.unixNs)
  }
}

/** Consumers that do not get a topic's messages as they are dispatched. */
interface Others {
  /** They are not for these. */
  readonly strangers: readonly string[]
  /** Groups of this client that had a pattern for them, and have not subscribed to it again. */
  readonly absent: readonly GroupJournal[]
}

interface Entry {
  readonly template: string
  readonly options: { readonly delivery?: string; readonly dispatchAfter?: string }
}
