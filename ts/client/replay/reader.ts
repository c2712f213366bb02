import {
  type Journal,
  type JournalCursor,
  type JournalRecord,
  readMessage,
  readTopic,
  RECORD_MESSAGE,
} from '../../delivery/index.js'

export interface ReaderOptions {
  /** The first sequence that is read. */
  readonly start: number
  /** Messages before the first one of this time or later are passed over, UNIX nanoseconds. */
  readonly fromTimeNs: bigint
  /** The last sequence that is wanted; `Infinity` where it goes on for ever. */
  readonly through: number
  /** It ends before the first message that is later; undefined for no such end. */
  readonly toTimeNs: bigint | undefined
  wants(topic: string, sequence: number): boolean
  /** The first message that is no more passed over. */
  begins(sequence: number): void
}

/** Reads the messages of a journal that a replay wants, a few at a time. */
export class ReplayReader {
  /** Messages that were read, wanted or not. */
  read = 0
  /** All up to here was read, whatever it is. */
  passed: number
  /** The last message that was read, wanted or not. */
  last: number
  /** There is nothing more to be read, ever. */
  isDone = false
  /** There is nothing more that is written, for now. */
  isDry = false
  readonly #options: ReaderOptions
  readonly #journal: Journal
  readonly #cursor: JournalCursor
  #hasBegun: boolean

  constructor(journal: Journal, options: ReaderOptions) {
    this.#options = options
    this.#journal = journal
    this.#cursor = journal.read({ from: options.start })
    this.passed = options.start - 1
    this.last = options.start - 1
    this.#hasBegun = options.fromTimeNs === 0n
    this.isDone = this.passed >= options.through
  }

  /**
   * The next message that is wanted. `budget` loses one for each record that is read, and when nothing is left of it, or of the
   * records, there is none.
   *
   * @throws {TickbusError} as {@link JournalCursor.next}
   */
  next(budget: { left: number }): JournalRecord | undefined {
    const { through, toTimeNs } = this.#options
    while (!this.isDone && budget.left > 0) {
      const written = this.#journal.lastWritten
      const raw = this.#cursor.nextRaw()
      this.isDry = raw === undefined
      if (raw === undefined || raw.sequence > through) {
        this.passed = Math.max(this.passed, Math.min(raw === undefined ? written : through, through))
        this.isDone = this.passed >= through
        return undefined
      }
      budget.left -= 1
      const { sequence, timeNs, type, body } = raw
      if (type === RECORD_MESSAGE && toTimeNs !== undefined && timeNs > toTimeNs) {
        this.isDone = true
        return undefined
      }
      this.passed = sequence
      if (type !== RECORD_MESSAGE) continue
      if (!this.#isPast(sequence, timeNs)) continue
      this.read += 1
      this.last = sequence
      if (this.#options.wants(readTopic(body), sequence)) return { sequence, timeNs, message: readMessage(body) }
    }
    return undefined
  }

  /** Whether the time is reached from which on messages are wanted. */
  #isPast(sequence: number, timeNs: bigint): boolean {
    if (this.#hasBegun) return true
    this.#hasBegun = timeNs >= this.#options.fromTimeNs
    if (this.#hasBegun) this.#options.begins(sequence)
    else this.last = sequence
    return this.#hasBegun
  }
}
