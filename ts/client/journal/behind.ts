import type { Journal, JournalCursor, JournalRecord } from '../../delivery/index.js'

/** So many records are looked through for their keys at once. */
const SCAN = 4_096

/**
 * What a group has to read back from the journal before it is where the others are: what it had not acknowledged when the
 * journal was opened, and what found no room. Of keys in there nothing newer may begin before.
 */
export class Behind {
  readonly #cursor: JournalCursor
  /** Runs ahead and notes keys, up to what was last when this began. */
  readonly #scan: JournalCursor
  readonly #scanUntil: number
  readonly #wants: (sequence: number) => boolean
  readonly #journal: Journal
  #isScanned: boolean
  /** The last sequence of each key that is to be read. */
  readonly #keys = new Map<string, number>()
  #next: JournalRecord | undefined
  #passed: number
  /** The last sequence that is to be read. */
  #last: number

  /** Of the records from `first` to `last` those are read that it `wants`. */
  constructor(journal: Journal, first: number, last: number, wants: (sequence: number) => boolean) {
    this.#journal = journal
    this.#cursor = journal.read({ from: first })
    this.#scan = journal.read({ from: first })
    this.#passed = first - 1
    this.#last = last
    this.#scanUntil = last
    this.#isScanned = false
    this.#wants = wants
  }

  /** Up to here everything that was wanted was read. */
  get passed(): number {
    return this.#passed
  }

  get last(): number {
    return this.#last
  }

  /** Whether all was read. */
  get isDone(): boolean {
    return this.#passed >= this.#last
  }

  /** Whether a message of a key may not begin yet. As long as not all keys are known, none may. */
  holds(key: string | undefined): boolean {
    return key !== undefined && (!this.#isScanned || this.#keys.has(key))
  }

  /** A later message is to be read, too. */
  add(sequence: number, key: string | undefined): void {
    this.#last = Math.max(this.#last, sequence)
    if (key !== undefined) this.#keys.set(key, sequence)
  }

  /** The next record that is wanted and written; it stays the next until `pass`. */
  next(): JournalRecord | undefined {
    this.#scanSome()
    while (this.#next === undefined || !this.#wants(this.#next.sequence)) {
      if (this.#next !== undefined) this.pass()
      if (this.isDone) return undefined
      const written = this.#journal.lastWritten
      this.#next = this.#cursor.next()
      // Where nothing is left, what was to be read last has gone with its segment.
      if (this.#next === undefined && written >= this.#last) this.#passed = this.#last
      if (this.#next === undefined) return undefined
    }
    return this.#next.sequence > this.#last ? undefined : this.#next
  }

  /** The record that `next` gave is done with. */
  pass(): void {
    const { sequence, message } = this.#next!
    if (message.key !== undefined && this.#keys.get(message.key) === sequence) this.#keys.delete(message.key)
    this.#passed = sequence
    this.#next = undefined
  }

  #scanSome(): void {
    for (let left = SCAN; !this.#isScanned && left > 0; left -= 1) {
      const written = this.#journal.lastWritten
      const record = this.#scan.next()
      this.#isScanned = (record?.sequence ?? written) >= this.#scanUntil
      if (record === undefined) return
      const { sequence, message } = record
      if (message.key !== undefined && sequence > this.#passed && this.#wants(sequence)) {
        this.#keys.set(message.key, Math.max(sequence, this.#keys.get(message.key) ?? 0))
      }
    }
  }
}
