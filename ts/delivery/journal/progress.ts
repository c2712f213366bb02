/**
 * How far the writer of a journal is, as it says on its page, and who waits for that. A failed sync leaves ranges in
 * doubt; what is synced later has passed them, so they are looked at first.
 */
import { TickbusError } from '../../errors.js'
import type { JournalWriter, SequenceRange } from '../../journal-core.js'
import {
  JOURNAL_LONG_BYTES,
  JOURNAL_LONG_FULL,
  JOURNAL_LONG_LOST,
  JOURNAL_LONG_SEGMENTS,
  JOURNAL_LONG_SYNCED,
  JOURNAL_LONG_SYNCS,
  JOURNAL_LONG_TAKEN,
  JOURNAL_LONG_WRITES,
  JOURNAL_LONG_WRITTEN,
  JOURNAL_PAGE_BYTES,
  JOURNAL_STATE_CLOSED,
  JOURNAL_STATE_FAILED,
  JOURNAL_STATE_FULL,
  JOURNAL_WORD_STATE,
  JOURNAL_WORD_WANTS,
  JOURNAL_WORD_WANTS_SYNC,
} from '../../layout.js'
import type { Keeper, System } from '../../system.js'
import { Waiting } from './waiting.js'

/** `full` waits for room on the disk and goes on then; `failed` and `closed` are for good. */
export type JournalState = 'running' | 'full' | 'failed' | 'closed'

/** What the writer has done since the journal was opened. */
export interface WriterCounts {
  readonly state: JournalState
  readonly written: number
  readonly synced: number
  /** Bytes written to files, headers included. */
  readonly bytes: number
  readonly writes: number
  readonly syncs: number
  readonly segments: number
  /** How often the disk became full. */
  readonly full: number
  /** Records that failed syncs have left in doubt. */
  readonly inDoubt: number
}

export class Progress {
  readonly page = new Uint8Array(new SharedArrayBuffer(JOURNAL_PAGE_BYTES))
  readonly #longs = new BigUint64Array(this.page.buffer)
  readonly #words = new Int32Array(this.page.buffer)
  readonly #directory: string
  readonly #system: System
  readonly #written = new Waiting()
  readonly #synced = new Waiting()
  /** Of those who wait for as long as the disk takes what it is given. */
  readonly #noted = new Waiting()
  /** By bytes instead of sequences. */
  readonly #taken = new Waiting()
  readonly #ended = new Waiting()
  #writer: JournalWriter | undefined
  #lost: readonly SequenceRange[] = []
  /** Keeps the process while somebody waits: the writer's bell does not. */
  #keeping: Keeper | undefined

  constructor(directory: string, system: System) {
    this.#directory = directory
    this.#system = system
  }

  /** The writer that says on the page how far it is. */
  follow(writer: JournalWriter): void {
    this.#writer = writer
  }

  get state(): JournalState {
    const state = Atomics.load(this.#words, JOURNAL_WORD_STATE)
    if (state === JOURNAL_STATE_FULL) return 'full'
    if (state === JOURNAL_STATE_FAILED) return 'failed'
    return state === JOURNAL_STATE_CLOSED ? 'closed' : 'running'
  }

  get hasEnded(): boolean {
    return this.state === 'failed' || this.state === 'closed'
  }

  get written(): number {
    return this.#long(JOURNAL_LONG_WRITTEN)
  }

  /** Bytes of frames that the writer has written. */
  get taken(): number {
    return this.#long(JOURNAL_LONG_TAKEN)
  }

  /** All up to here is on disk, or in doubt. */
  get lastSynced(): number {
    return this.#readSynced()
  }

  /** Syncs that have left something in doubt. */
  get losses(): number {
    return this.#long(JOURNAL_LONG_LOST)
  }

  counts(): WriterCounts {
    const synced = this.#readSynced()
    return {
      state: this.state,
      written: this.written,
      synced,
      bytes: this.#long(JOURNAL_LONG_BYTES),
      writes: this.#long(JOURNAL_LONG_WRITES),
      syncs: this.#long(JOURNAL_LONG_SYNCS),
      segments: this.#long(JOURNAL_LONG_SEGMENTS),
      full: this.#long(JOURNAL_LONG_FULL),
      inDoubt: this.#lost.reduce((sum, { first, last }) => sum + last - first + 1, 0),
    }
  }

  /** Everything up to here was handed to the writer, what is new at once. */
  handOver(last: number): void {
    this.#written.handOver(last)
    this.#synced.handOver(last)
    this.#noted.handOver(last)
  }

  untilWritten(sequence: number): Promise<void> {
    return this.#until(this.#written, sequence)
  }

  untilSynced(sequence: number): Promise<void> {
    return this.#until(this.#synced, sequence)
  }

  /** The same as `untilWritten`, but nobody waits for a disk that is full or has failed. */
  untilNoted(sequence: number): Promise<void> {
    return this.#until(this.#noted, sequence)
  }

  untilTaken(bytes: number): Promise<void> {
    return this.#until(this.#taken, bytes)
  }

  untilEnded(): Promise<void> {
    return this.#until(this.#ended, 0)
  }

  /** Answers whoever got what he waits for: called when the writer has rung, and after somebody began to wait. */
  settle(): void {
    do {
      Atomics.store(this.#words, JOURNAL_WORD_WANTS, 0)
      Atomics.store(this.#words, JOURNAL_WORD_WANTS_SYNC, 0)
      const { hasEnded } = this
      this.#written.settle(this.written, () => undefined)
      this.#synced.settle(this.#readSynced(), (first, last) => this.doubtOf(first, last))
      this.#noted.settle(this.#notable, () => undefined)
      this.#taken.settle(this.taken, () => undefined)
      if (hasEnded) this.#end()
      if (this.#waits === 0) break
      if (this.#waits > this.#synced.size) Atomics.store(this.#words, JOURNAL_WORD_WANTS, 1)
      if (this.#synced.size > 0) Atomics.store(this.#words, JOURNAL_WORD_WANTS_SYNC, 1)
      // Said after the look, and looked at again after it was said: nothing falls in between.
    } while (this.#hasNews())
    if (this.#waits > 0) (this.#keeping ??= this.#system.keeper()).ref()
    else this.#keeping?.unref()
  }

  #hasNews(): boolean {
    return (
      this.#written.next <= this.written ||
      this.#synced.next <= this.#readSynced() ||
      (this.#noted.size > 0 && this.#noted.next <= this.#notable) ||
      this.#taken.next <= this.taken ||
      this.hasEnded
    )
  }

  get #notable(): number {
    return this.state === 'running' ? this.written : Infinity
  }

  #end(): void {
    const reason = this.#writer?.failure() ?? (this.state === 'closed' ? 'the journal was closed' : 'the disk failed')
    const written = this.written
    const fault = (first: number, last: number) => {
      if (last <= written) return this.#syncFault(first)
      const sequence = Math.max(first, written + 1)
      return new TickbusError('TICKBUS_JOURNAL_UNWRITTEN', { directory: this.#directory, sequence, reason })
    }
    this.#written.settle(Infinity, fault)
    this.#synced.settle(Infinity, fault)
    this.#taken.settle(Infinity, () => undefined)
    this.#ended.settle(0, () => undefined)
    this.#keeping?.close()
  }

  #until(waiting: Waiting, sequence: number): Promise<void> {
    const joined = waiting.joined(sequence)
    if (joined !== undefined) return joined
    const promise = waiting.begun(sequence)
    // While the wish stands the writer has told nothing since the last look, and rings when it does.
    const wish = waiting === this.#synced ? JOURNAL_WORD_WANTS_SYNC : JOURNAL_WORD_WANTS
    const isWished = Atomics.load(this.#words, wish) !== 0
    if (!isWished || sequence <= waiting.settled) this.settle()
    return promise
  }

  /** What is synced, and before it is believed, what was lost on the way there. */
  #readSynced(): number {
    const synced = this.#long(JOURNAL_LONG_SYNCED)
    if (this.#long(JOURNAL_LONG_LOST) !== this.#lost.length) this.#lost = this.#writer?.lost() ?? []
    return Math.max(synced, this.#lost.at(-1)?.last ?? 0)
  }

  /** Why nobody knows whether records are on disk that a later sync has passed: one of them, if any. */
  doubtOf(first: number, last = first): TickbusError | undefined {
    const lost = this.#lost.find((range) => range.first <= last && range.last >= first)
    return lost && this.#syncFault(Math.max(first, lost.first))
  }

  #syncFault(sequence: number): TickbusError {
    return new TickbusError('TICKBUS_JOURNAL_SYNC', { directory: this.#directory, sequence })
  }

  get #waits(): number {
    return this.#written.size + this.#synced.size + this.#noted.size + this.#taken.size + this.#ended.size
  }

  #long(place: number): number {
    return Number(Atomics.load(this.#longs, place))
  }
}
