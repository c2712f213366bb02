import { dirname } from 'node:path'
import { badArgument, checkWhole, TickbusError } from '../../errors.js'
import { beginMark, inDirectory, syncDirectory } from '../../fallback/index.js'
import {
  FRAME_BODY_BYTES_MOST,
  FRAME_HEAD_BYTES,
  type JournalCore,
  type JournalRecovery,
  type JournalWriter,
  RECORD_ACKNOWLEDGED,
  RECORD_ATTEMPTED,
  RECORD_CHECKPOINT,
  RECORD_CLOSED,
  RECORD_MESSAGE,
} from '../../journal-core.js'
import { loadJournalCore } from '../../native/index.js'
import { nodeSystem, type System } from '../../system.js'
import {
  type Checkpoint,
  encodeAcknowledged,
  encodeAttempted,
  encodeCheckpoint,
  UNDER_WAY,
} from './consumer-records.js'
import { type Consumers, REMOVED } from './consumers.js'
import { type CursorOptions, JournalCursor, type JournalRecord, type RawRecord } from './cursor.js'
import { type DirectoryLock, lockDirectory } from './lock.js'
import { checkMessage, envelopeBytesMost, type JournalMessage } from './message.js'
import { type JournalOptions, type JournalSettings, settingsOf } from './options.js'
import { type JournalState, Progress, type WriterCounts } from './progress.js'
import { recoverConsumers } from './recover-consumers.js'
import { type Hold, KeptSegments } from './kept-segments.js'
import { Staging } from './staging.js'
import { WallClock } from './wall-clock.js'

/** A message that a consumer has not acknowledged, from before the journal was opened. */
export interface PendingRecord extends JournalRecord {
  /** How often it was delivered to this consumer, by what was noted. */
  readonly attempts: number
}

export interface JournalStats extends WriterCounts {
  /** The last sequence that was given out. */
  readonly appended: number
  /** Bytes that wait to be written. */
  readonly waitingBytes: number
  /** Calls of `append` that found no room. */
  readonly refused: number
  /** Messages whose sequences are kept in memory, since a consumer may ask for them. */
  readonly remembered: number
  /** Acknowledged positions of all consumers. */
  readonly consumers: Readonly<Record<string, number>>
}

/** What is handed over at once, at least. Less goes at the end of the turn. */
const SUBMITTED_BYTES = 2 ** 16

/**
 * A durable log of messages in one directory, with what consumers have acknowledged of it.
 *
 * `append` gives a message its sequence and never waits; `written` and `synced` resolve when it is as safe as they say:
 * after `written` it survives the death of the process, after `synced` that of the machine. One journal writes to a
 * directory at a time; any number of cursors read it. docs/journal-format.md says what is in the files.
 */
export class Journal {
  readonly directory: string
  /** What was found when the journal was opened. */
  readonly recovered: JournalRecovery
  readonly #core: JournalCore
  readonly #system: System
  readonly #settings: JournalSettings
  readonly #lock: DirectoryLock
  readonly #writer: JournalWriter
  readonly #progress: Progress
  readonly #consumers: Consumers
  readonly #staging: Staging
  #next: number
  /** Bytes of frames appended so far, staged ones included; and what the writer was last seen to have written of them. */
  #appendedBytes = 0
  #takenBytes = 0
  #refused = 0
  /** Failed syncs after which the state of consumers was written once more. */
  #losses = 0
  #isFlushDue = false
  /** Up to here somebody has asked for a sync. */
  #syncWanted = 0
  readonly #toSay = new Set<string>()
  readonly #segments: KeptSegments
  #closing: Promise<void> | undefined

  /**
   * Opens a directory, and creates it if only it is missing and not the folder above it. What a crash has left is
   * recovered: a torn tail is cut off, damage is refused with nothing changed.
   *
   * @throws {TickbusError} `TICKBUS_JOURNAL_MISSING`, `TICKBUS_JOURNAL_READ_ONLY`, `TICKBUS_JOURNAL_FULL`,
   * `TICKBUS_JOURNAL_LOCKED`, `TICKBUS_JOURNAL_VERSION`, `TICKBUS_JOURNAL_DAMAGED`, `TICKBUS_JOURNAL_IO`,
   * `TICKBUS_ARGUMENT`, `TICKBUS_BACKEND`
   */
  static async open(directory: string, options: JournalOptions = {}): Promise<Journal> {
    if (typeof directory !== 'string' || directory === '') throw badArgument('directory', 'a path', directory)
    const settings = settingsOf(options)
    const { system = nodeSystem } = options
    const core = loadJournalCore(options.backend, system)
    createDirectory(directory, system)
    const lock = lockDirectory(directory, system.files)
    try {
      return new Journal(directory, core, settings, lock, new WallClock(options.nowNs, system), system)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  private constructor(
    directory: string,
    core: JournalCore,
    settings: JournalSettings,
    lock: DirectoryLock,
    clock: WallClock,
    system: System,
  ) {
    this.directory = directory
    this.#core = core
    this.#system = system
    this.#settings = settings
    this.#lock = lock
    this.#staging = new Staging(clock)
    this.#segments = new KeptSegments(directory, settings, system)
    this.recovered = core.recoverJournal(directory)
    this.#consumers = recoverConsumers(new JournalCursor(core, directory, {}, () => this.recovered.last))
    beginMark(directory, this.recovered.last, system.files)
    if (this.#consumers.names.length === 0) this.#consumers.forget(this.recovered.last)
    this.#next = this.recovered.next
    this.#progress = new Progress(directory, system)
    const { syncAfterUs, syncRecords, segmentBytes, queueBytes } = settings
    this.#writer = core.openJournalWriter({
      directory,
      last: this.recovered.last,
      segmentBytes,
      // Messages are refused before; acknowledgements and checkpoints have the rest.
      queueBytes: 2 * queueBytes,
      syncAfterUs,
      syncRecords,
      page: this.#progress.page,
      wake: () => {
        if (this.#hasLeftovers) this.#flushSoon()
        this.#askSyncAgain()
        this.#progress.settle()
      },
    })
    this.#progress.follow(this.#writer)
    this.#progress.handOver(this.recovered.last)
  }

  get state(): JournalState {
    return this.#closing === undefined ? this.#progress.state : 'closed'
  }

  /**
   * Adds a message and returns its sequence, or undefined if there is no room: the disk is full or slower than what is
   * appended. `ready` resolves when there is some again. Never waits; the message is written at the end of this turn.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_JOURNAL_CLOSED`, `TICKBUS_JOURNAL_UNWRITTEN` if the disk has failed
   */
  append(message: JournalMessage): number | undefined {
    checkMessage(message)
    // Whether the disk has failed is looked at once for all that is handed over together.
    if (this.#closing !== undefined || !this.#isFlushDue) this.checkOpen()
    const most = FRAME_HEAD_BYTES + envelopeBytesMost(message) + message.payload.length
    if (most > this.#settings.queueBytes) throw badArgument('payload', 'fewer bytes than queueBytes', most)
    if (!this.#hasRoom(most)) {
      this.checkOpen()
      this.#refused += 1
      return undefined
    }
    const sequence = this.#next++
    this.#added(this.#staging.addMessage(sequence, RECORD_MESSAGE, message, most))
    this.#consumers.add(sequence)
    if (this.#consumers.isNeedless) this.#consumers.forget(this.#lastWritten())
    return sequence
  }

  /** Hands over what was appended in this turn, without waiting for its end. */
  flush(): void {
    this.#isFlushDue = false
    if (this.#losses < this.#progress.losses) this.#restate()
    for (const consumer of this.#toSay) {
      // What finds no room is said later: the set keeps it.
      if (!this.#say(consumer)) break
      this.#toSay.delete(consumer)
    }
    if (this.#staging.filled > 0 && this.#writer.submit(this.#staging.frames)) {
      this.#staging.clear()
      this.#progress.handOver(this.#next - 1)
    }
    // What finds no room stays until the writer has got further, and has rung.
    if (this.#hasLeftovers && !this.#progress.hasEnded) void this.#progress.untilTaken(this.#progress.taken + 1)
  }

  /**
   * Resolves when the message has been handed to the system: it survives the death of this process. Messages that were
   * handed over together are answered together, with one promise; after a rejection, asking again tells of each by itself.
   *
   * @throws {TickbusError} rejects with `TICKBUS_JOURNAL_UNWRITTEN`, `TICKBUS_JOURNAL_CLOSED`
   */
  written(sequence: number): Promise<void> {
    return this.#refusal(sequence) ?? this.#progress.untilWritten(sequence)
  }

  /**
   * Resolves when the message is on disk: it survives the death of the machine. Together with others, as `written`.
   *
   * @throws {TickbusError} rejects with `TICKBUS_JOURNAL_SYNC` if a sync failed, so that nobody knows;
   * `TICKBUS_JOURNAL_UNWRITTEN`, `TICKBUS_JOURNAL_CLOSED`
   */
  synced(sequence: number): Promise<void> {
    const refusal = this.#refusal(sequence)
    if (refusal !== undefined) return refusal
    if (this.#settings.syncAfterUs < 0) this.#askSync()
    return this.#progress.untilSynced(sequence)
  }

  /** Syncs all that was appended so far. Rejects as `synced`. */
  async sync(): Promise<void> {
    this.checkOpen()
    this.#askSync()
    if (this.#next > this.recovered.next) await this.#progress.untilSynced(this.#next - 1)
  }

  /** Resolves when half of `queueBytes` is free, or the journal has ended. */
  async ready(): Promise<void> {
    this.flush()
    await this.#progress.untilTaken(Math.max(0, this.#appendedBytes - this.#settings.queueBytes / 2))
  }

  /**
   * Makes a consumer known: segments stay until all consumers have acknowledged what is in them. It begins with the next
   * message, with the first one that is not acknowledged by all others, or with a sequence, as far as that is there. One that
   * is known goes on where it was.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_JOURNAL_CLOSED`
   */
  addConsumer(name: string, { from = 'next' }: { from?: 'next' | 'first' | number } = {}): void {
    checkName(name)
    if (typeof from === 'number') checkWhole('from', from, 1, this.#next)
    this.checkOpen()
    if (this.#consumers.has(name)) return
    if (from === 'first' && this.#consumers.names.length === 0) this.#remember()
    const begins = { first: this.#consumers.lowest(), next: this.#next - 1 }
    const position = typeof from === 'number' ? from - 1 : begins[from]
    const checkpoint = { consumer: name, position, ranges: [], attempts: new Map() }
    this.#consumers.restore(checkpoint)
    this.#addCheckpoint(checkpoint)
  }

  /** Forgets a consumer; nothing is kept for it any more. */
  removeConsumer(name: string): void {
    this.#checkConsumer(name)
    const checkpoint = { consumer: name, position: REMOVED, ranges: [], attempts: new Map() }
    this.#consumers.restore(checkpoint)
    this.#toSay.delete(name)
    this.#addCheckpoint(checkpoint)
  }

  /**
   * A consumer is done with a message; false if it had been before, or if that is no message that is kept. Written at the
   * end of the turn, and never refused: while the disk is full it waits in memory.
   */
  acknowledge(consumer: string, sequence: number): boolean {
    this.#checkConsumer(consumer)
    if (!this.#consumers.acknowledge(consumer, sequence)) return false
    this.#toSay.add(consumer)
    this.#flushSoon()
    return true
  }

  /** The same for all messages up to a sequence, that one included; false if it was done with them before. */
  acknowledgeThrough(consumer: string, sequence: number): boolean {
    this.#checkConsumer(consumer)
    checkWhole('sequence', sequence, 0, this.#next - 1)
    if (!this.#consumers.acknowledgeThrough(consumer, sequence)) return false
    this.#toSay.add(consumer)
    this.#flushSoon()
    return true
  }

  /**
   * Notes how often a message was delivered, 0 to 32,767, so that a restart counts on. False if there is no room to write it:
   * a restart counts from the last one that was written then.
   */
  attempted(consumer: string, sequence: number, attempts: number): boolean {
    this.#checkConsumer(consumer)
    checkWhole('attempts', attempts, 0, UNDER_WAY - 1)
    return this.#note(consumer, sequence, attempts) !== undefined
  }

  get consumers(): string[] {
    return this.#consumers.names
  }

  /** Up to this sequence a consumer has acknowledged every message. */
  acknowledged(consumer: string): number {
    this.#checkConsumer(consumer)
    return this.#consumers.position(consumer)
  }

  /**
   * What a consumer has not acknowledged, in order, of what is written. Read as it is asked for.
   *
   * @throws {TickbusError} as {@link JournalCursor.next}
   */
  *pending(consumer: string): Generator<PendingRecord> {
    this.#checkConsumer(consumer)
    const span = this.#consumers.pendingSpan(consumer)
    if (span === undefined) return
    for (const record of this.read({ from: span.first })) {
      if (record.sequence > span.last) return
      if (!this.isPending(consumer, record.sequence)) continue
      yield { ...record, attempts: this.#consumers.attemptsOf(consumer, record.sequence) }
    }
  }

  /** Reads messages back, also while others are written: up to what is written when it gets there. */
  read(options: CursorOptions = {}): JournalCursor {
    const { from = 1, fromTimeNs = 0n } = options
    if (!Number.isSafeInteger(from) || from < 0) throw badArgument('from', 'a sequence', from)
    if (typeof fromTimeNs !== 'bigint') throw badArgument('fromTimeNs', 'UNIX nanoseconds as a bigint', fromTimeNs)
    return new JournalCursor(this.#core, this.directory, options, () => this.#lastWritten(), this.#system)
  }

  /**
   * Removes segments that every consumer has acknowledged and that `retainBytes` and `retainMs` do not keep, after the
   * state of all consumers is on disk. Without consumers nothing is removed. Resolves when that was asked of the writer.
   *
   * @throws {TickbusError} rejects as `synced`, and with `TICKBUS_JOURNAL_FULL` while there is no room for that state
   */
  async retain(): Promise<void> {
    this.checkOpen()
    if (this.state === 'full') {
      throw new TickbusError('TICKBUS_JOURNAL_FULL', { directory: this.directory, reason: 'the disk is full' })
    }
    this.flush()
    // The checkpoints stay, and the first message that anybody waits for.
    const wanted = this.#consumers.firstWanted() ?? this.#next
    for (const name of this.#consumers.names) this.#addCheckpoint(this.#consumers.checkpoint(name))
    await this.sync()
    // Whoever has come meanwhile may want what nobody wanted before.
    const below = this.#segments.letGo(Math.min(wanted, this.#consumers.firstWanted() ?? wanted))
    if (below > 0) this.#writer.removeBelow(below)
  }

  stats(): JournalStats {
    const consumers = Object.fromEntries(this.#consumers.names.map((name) => [name, this.#consumers.position(name)]))
    const waitingBytes = this.#appendedBytes - this.#progress.taken
    const { remembered } = this.#consumers
    const counts = { ...this.#progress.counts(), appended: this.#next - 1, waitingBytes, refused: this.#refused }
    return { ...counts, remembered, consumers }
  }

  /**
   * Writes and syncs everything, and gives the directory back. May be called twice.
   *
   * @throws {TickbusError} rejects with `TICKBUS_JOURNAL_UNWRITTEN` if there was no room for all, or the disk has failed,
   * and with `TICKBUS_JOURNAL_SYNC` if the last sync failed. The directory is given back all the same.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** @internal Keeps files from a sequence on, until `release`. */
  hold(sequence: number): Hold {
    return this.#segments.hold(sequence)
  }

  /** @internal */
  release(hold: Hold): void {
    this.#segments.release(hold)
  }

  /** @internal Whether a consumer is known. */
  knows(consumer: string): boolean {
    return this.#consumers.has(consumer)
  }

  /** @internal The oldest sequence that is there and stays for now. */
  get oldest(): number {
    return this.#segments.oldest ?? this.recovered.next
  }

  /** @internal Where to begin so as to meet all that was appended at a time or later; undefined if some of it may be gone. */
  beginOf(timeNs: bigint): number | undefined {
    return this.#segments.beginOf(timeNs, this.oldest)
  }

  /** @internal The last sequence that was given out, or that there was before; those that an unclean end left out are none. */
  get lastAppended(): number {
    return this.#next === this.recovered.next ? this.recovered.last : this.#next - 1
  }

  /** @internal Whether a consumer has not acknowledged a message that it is to get. */
  isPending(consumer: string, sequence: number): boolean {
    return this.#consumers.isPending(consumer, sequence)
  }

  /** @internal How often a message was delivered to a consumer, by what was noted. */
  attemptsOf(consumer: string, sequence: number): number {
    return this.#consumers.attemptsOf(consumer, sequence)
  }

  /**
   * @internal The delivery of a message that makes them so many begins: should this process die, it counts. Returns the
   * sequence under which that is noted, for {@link noted}; undefined if there is no room.
   */
  begins(consumer: string, sequence: number, attempts: number): number | undefined {
    this.#checkConsumer(consumer)
    return this.#note(consumer, sequence, attempts + UNDER_WAY)
  }

  /** @internal Resolves when all up to a sequence is written, or nothing is for now, or any more. */
  noted(sequence: number): Promise<void> {
    return sequence <= this.#lastWritten() ? Promise.resolve() : this.#progress.untilNoted(sequence)
  }

  /** @internal Whether a process has died, by what is noted, when a consumer had a message in hand. */
  isUnderWay(consumer: string, sequence: number): boolean {
    return this.#consumers.isUnderWay(consumer, sequence)
  }

  /** @internal Whether a process may have died with a message in hand. */
  isSuspect(consumer: string, sequence: number): boolean {
    const { last, next } = this.recovered
    // After a clean end the next sequence follows the last one; but a process may die before it writes anything.
    const hasDied = this.#lock.wasStale || next !== last + 1
    return sequence <= last && (hasDied || this.isUnderWay(consumer, sequence))
  }

  /** @internal All that a consumer has not acknowledged, in order, written or not; also when the disk has failed. */
  pendingSequences(consumer: string): readonly number[] {
    return this.#consumers.has(consumer) ? this.#consumers.pending(consumer) : []
  }

  /** @internal The sequence that the next record gets. */
  get nextSequence(): number {
    return this.#next
  }

  /** @internal All up to here is written. */
  get lastWritten(): number {
    return this.#lastWritten()
  }

  /** @internal All up to here is on disk, but for what {@link doubtOf} has a reason against. */
  get lastSynced(): number {
    return Math.max(this.recovered.last, this.#progress.lastSynced)
  }

  /** @internal Why nobody knows whether a message is on disk, though later ones are; undefined if that is known. */
  doubtOf(sequence: number): TickbusError | undefined {
    return this.#progress.doubtOf(sequence)
  }

  /** @internal Every record that is there, from before the journal was opened, in order. */
  *recoveredRecords(): Generator<RawRecord> {
    const cursor = new JournalCursor(this.#core, this.directory, {}, () => this.recovered.last)
    for (let raw = cursor.nextRaw(); raw !== undefined; raw = cursor.nextRaw()) yield raw
  }

  /** @internal Throws `TICKBUS_JOURNAL_CLOSED`, or `TICKBUS_JOURNAL_UNWRITTEN` if the disk has failed. */
  checkOpen(): void {
    const { directory } = this
    if (this.#closing !== undefined) throw new TickbusError('TICKBUS_JOURNAL_CLOSED', { directory })
    if (this.#progress.state !== 'failed') return
    const reason = this.#writer.failure() ?? 'the disk failed'
    throw new TickbusError('TICKBUS_JOURNAL_UNWRITTEN', { directory, sequence: this.#next, reason })
  }

  async #close(): Promise<void> {
    this.flush()
    // What has found no room: later would be too late, and the writer has some left for it.
    for (const consumer of this.#toSay) this.#sayNow(consumer)
    this.#toSay.clear()
    if (this.#next > this.recovered.next) {
      this.#added(this.#staging.addBody(this.#next++, RECORD_CLOSED, new Uint8Array(0)))
      this.flush()
    }
    this.#writer.close()
    await this.#progress.untilEnded()
    this.#writer.end()
    this.#lock.release()
    if (this.#next > this.recovered.next) await this.#progress.untilSynced(this.#next - 1)
  }

  /** Whether something was not handed over yet. */
  get #hasLeftovers(): boolean {
    return this.#staging.filled > 0 || this.#toSay.size > 0
  }

  /** Without consumers messages are only in the log. */
  #remember(): void {
    const sequences: number[] = []
    for (const { sequence } of this.read()) {
      if (sequence > this.#consumers.forgotten) break
      sequences.push(sequence)
    }
    this.#consumers.remember(sequences)
  }

  #hasRoom(bytes: number): boolean {
    const most = this.#settings.queueBytes
    if (this.#appendedBytes - this.#takenBytes + bytes <= most) return true
    this.#takenBytes = this.#progress.taken
    return this.#appendedBytes - this.#takenBytes + bytes <= most
  }

  /** A frame was staged. */
  #added(bytes: number): void {
    this.#appendedBytes += bytes
    if (this.#staging.filled >= SUBMITTED_BYTES) this.flush()
    else this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#isFlushDue) return
    this.#isFlushDue = true
    queueMicrotask(() => {
      if (this.#isFlushDue) this.flush()
    })
  }

  /** Notes deliveries so far; returns the sequence of the record, undefined if there is no room for one. */
  #note(consumer: string, sequence: number, attempts: number): number | undefined {
    this.#consumers.attempted(consumer, sequence, attempts)
    const body = encodeAttempted(consumer, sequence, attempts)
    if (!this.#hasRoom(FRAME_HEAD_BYTES + body.length)) return undefined
    const noted = this.#next++
    this.#added(this.#staging.addBody(noted, RECORD_ATTEMPTED, body))
    return noted
  }

  /** Writes what a consumer has acknowledged since it was last said; false if there is no room. */
  #say(consumer: string): boolean {
    if (!this.#hasRoom(FRAME_BODY_BYTES_MOST / 256)) return false
    this.#sayNow(consumer)
    return true
  }

  #sayNow(consumer: string): void {
    const ranges = this.#consumers.unsaid(consumer)
    if (ranges.length > 0) {
      const body = encodeAcknowledged(consumer, ranges)
      this.#appendedBytes += this.#staging.addBody(this.#next++, RECORD_ACKNOWLEDGED, body)
    }
  }

  #addCheckpoint(checkpoint: Checkpoint): void {
    this.#added(this.#staging.addBody(this.#next++, RECORD_CHECKPOINT, encodeCheckpoint(checkpoint)))
  }

  /** What a failed sync has left in doubt may be what is known of consumers: who they are, too. */
  #restate(): void {
    this.#losses = this.#progress.losses
    for (const name of this.#consumers.names) this.#addCheckpoint(this.#consumers.checkpoint(name))
  }

  #askSync(): void {
    this.#syncWanted = this.#next - 1
    this.flush()
    this.#writer.sync()
    // Whoever waits for a sync hears of nothing else.
    void this.#progress.untilTaken(this.#appendedBytes)
  }

  /** What was wanted had no room on the disk then and was written since: nobody else syncs it where the system is to. */
  #askSyncAgain(): void {
    const { written, lastSynced } = this.#progress
    if (lastSynced < this.#syncWanted && written >= this.#syncWanted) this.#writer.sync()
  }

  #lastWritten(): number {
    return Math.max(this.recovered.last, this.#progress.written)
  }

  /** A rejection, if `append` has not returned this sequence. */
  #refusal(sequence: number): Promise<never> | undefined {
    if (Number.isInteger(sequence) && sequence >= 1 && sequence < this.#next) return undefined
    return Promise.reject(badArgument('sequence', 'one that append has returned', sequence))
  }

  #checkConsumer(name: string): void {
    this.checkOpen()
    if (!this.#consumers.has(name)) throw badArgument('consumer', 'one that addConsumer knows', name)
  }
}

function createDirectory(directory: string, { files }: System): void {
  inDirectory(directory, () => {
    try {
      files.mkdirSync(directory)
      // A directory is there after a power cut if the one above it was synced.
      syncDirectory(dirname(directory), files)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !files.statSync(directory).isDirectory()) throw error
    }
  })
}

function checkName(name: string): void {
  const bytes = typeof name === 'string' ? Buffer.byteLength(name) : 0
  if (bytes < 1 || bytes > 255) throw badArgument('consumer', 'a name of 1 to 255 bytes', name)
}
