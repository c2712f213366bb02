import { join } from 'node:path'
import type { Backend } from '../../core.js'
import {
  type ArchivedLetter,
  type DeadLetter,
  type DeliveryClass,
  Journal,
  type JournalMessage,
  LETTERS,
  readLetter,
  writeLetter,
} from '../../delivery/index.js'
import type { System } from '../../system.js'

/** Letters are few, and a file of theirs stays until all in it are gone. */
const SEGMENT_BYTES = 2 ** 20
const RETAIN_EVERY = 256

/**
 * Dead letters of journalled topics, in a journal of their own inside the directory of the client's, which is made with the
 * first of them. A letter that is redriven or purged is acknowledged there.
 */
export class LetterArchive {
  readonly #directory: string
  readonly #backend: Backend
  readonly #system: System
  #opening: Promise<Journal> | undefined
  #journal: Journal | undefined
  /** By their numbers in the client's store where they lie here. */
  readonly #places = new Map<number, number>()
  #recovered: readonly ArchivedLetter[] = []
  #forgotten = 0

  constructor(directory: string, backend: Backend, system: System) {
    this.#directory = join(directory, LETTERS)
    this.#backend = backend
    this.#system = system
  }

  /** Reads what is there, if anything is. */
  async recover(): Promise<void> {
    if (!this.#system.files.existsSync(this.#directory)) return
    const journal = await this.#open()
    const letters = new Map<string, ArchivedLetter>()
    for (const record of journal.pending(LETTERS)) {
      const letter = readLetter(record)
      // Written, and the message not acknowledged before the crash: it has died again.
      const twin = letters.get(letter.origin)
      if (twin !== undefined) journal.acknowledge(LETTERS, twin.sequence)
      letters.set(letter.origin, letter)
    }
    this.#recovered = [...letters.values()]
  }

  /** Those of earlier runs. */
  get letters(): readonly ArchivedLetter[] {
    return this.#recovered
  }

  /** A letter of an earlier run has a number now. */
  number({ sequence }: ArchivedLetter, number: number): void {
    this.#places.set(number, sequence)
  }

  /** Resolves once the letter survives a power cut: the journal forgets the message then. */
  async keep(
    letter: DeadLetter,
    sequence: number,
    message: JournalMessage | undefined,
    delivery: DeliveryClass | undefined,
    unixOf: (ns: number) => string,
  ): Promise<void> {
    const record = writeLetter(letter, sequence, message, delivery ?? 'at-least-once', unixOf)
    const journal = await this.#open()
    let place = journal.append(record)
    while (place === undefined) {
      await journal.ready()
      place = journal.append(record)
    }
    this.#places.set(letter.number, place)
    await journal.synced(place)
  }

  /** It was redriven, purged, or had to make room. */
  forget(number: number): void {
    const place = this.#places.get(number)
    if (place === undefined || this.#journal === undefined || this.#journal.state === 'failed') return
    this.#places.delete(number)
    this.#journal.acknowledge(LETTERS, place)
    this.#forgotten += 1
    if (this.#forgotten % RETAIN_EVERY === 0) void this.#journal.retain().catch(() => {})
  }

  async close(): Promise<void> {
    const journal = await this.#opening
    await journal?.close()
  }

  /** A full disk may have room the next time. */
  #open(): Promise<Journal> {
    const options = { segmentBytes: SEGMENT_BYTES, backend: this.#backend, system: this.#system }
    this.#opening ??= Journal.open(this.#directory, options).then((journal) => {
      // A failed sync and a power cut may have taken what was known of it, and not its letters.
      journal.addConsumer(LETTERS, { from: 'first' })
      this.#journal = journal
      return journal
    })
    this.#opening.catch(() => (this.#opening = undefined))
    return this.#opening
  }
}
