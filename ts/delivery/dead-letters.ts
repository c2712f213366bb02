import { badArgument, TickbusError } from '../errors.js'
import type { DeadLetter, DeathReason } from './dead-letter.js'
import { DEFAULT_RATE, Redrive, type RedriveHost, type RedriveReport } from './redrive.js'

/** Which letters are meant: those that all the given fields fit. */
export interface LetterFilter {
  group?: string
  topic?: string
  key?: string
  reason?: DeathReason
  errorClass?: string
  stackHash?: string
  /** Most letters, the oldest first. */
  limit?: number
}

export interface RedriveOptions extends LetterFilter {
  /** Letters a second, above 0 and at most 100,000. @default 100 */
  perSecond?: number
}

const FIELDS: readonly string[] = ['group', 'topic', 'key', 'reason', 'errorClass', 'stackHash', 'limit']

/**
 * What a client's groups could not deliver, in memory, the oldest first. The store is bounded: where it is full, the oldest
 * letter goes, and counts as discarded.
 */
export class DeadLetters {
  /** Most letters that are kept. */
  readonly capacity: number
  readonly #host: RedriveHost
  readonly #letters = new Map<number, DeadLetter>()
  readonly #redrives = new Set<Redrive>()
  readonly #onGone: (letter: DeadLetter) => void
  #numbers = 0
  #discarded = 0

  /** @internal */
  constructor(host: RedriveHost, capacity: number, onGone: (letter: DeadLetter) => void = () => {}) {
    this.#host = host
    this.#onGone = onGone
    this.capacity = capacity
  }

  /** Letters that are kept now. */
  get size(): number {
    return this.#letters.size
  }

  /** Letters that made room for newer ones. */
  get discarded(): number {
    return this.#discarded
  }

  /**
   * The letters that fit, the oldest first.
   *
   * @throws {TickbusError} `TICKBUS_ARGUMENT`
   */
  list(filter: LetterFilter = {}): DeadLetter[] {
    checkFilter(filter, FIELDS)
    const found: DeadLetter[] = []
    const { limit = Infinity } = filter
    for (const letter of this.#letters.values()) {
      if (found.length >= limit) break
      if (fits(letter, filter)) found.push(letter)
    }
    return found
  }

  /**
   * One letter, by its number.
   *
   * @throws {TickbusError} `TICKBUS_DEAD_LETTER` if there is none.
   */
  read(number: number): DeadLetter {
    const letter = this.#letters.get(number)
    if (letter === undefined) throw new TickbusError('TICKBUS_DEAD_LETTER', { number })
    return letter
  }

  /**
   * Gives letters to their groups once more, as new copies with the ids that they had: those that fit, or the one of a number.
   * A letter leaves the store when its group has queued it. Resolves once all were tried; where a lane is full, that waits.
   *
   * @throws (rejects) {TickbusError} `TICKBUS_DEAD_LETTER`, `TICKBUS_ARGUMENT`, `TICKBUS_CLIENT_CLOSED`
   */
  async redrive(which: number | RedriveOptions): Promise<RedriveReport> {
    const options = typeof which === 'number' ? {} : which
    checkFilter(options, [...FIELDS, 'perSecond'])
    const { perSecond = DEFAULT_RATE, ...filter } = options
    if (!(typeof perSecond === 'number' && perSecond > 0 && perSecond <= 100_000)) {
      throw badArgument('perSecond', 'a number above 0 and at most 100,000', perSecond)
    }
    const letters = typeof which === 'number' ? [this.read(which)] : this.list(filter)
    if (this.#host.closed) throw new TickbusError('TICKBUS_CLIENT_CLOSED')
    const redrive = new Redrive(this.#host, letters, perSecond, (letter) => this.#letters.has(letter.number))
    this.#redrives.add(redrive)
    try {
      return await redrive.run((letter) => this.#remove(letter))
    } finally {
      this.#redrives.delete(redrive)
    }
  }

  /**
   * Forgets the letters that fit, or the one of a number; says how many.
   *
   * @throws {TickbusError} `TICKBUS_DEAD_LETTER`, `TICKBUS_ARGUMENT`
   */
  purge(which: number | LetterFilter): number {
    const letters = typeof which === 'number' ? [this.read(which)] : this.list(which)
    for (const letter of letters) this.#remove(letter)
    return letters.length
  }

  /** @internal Keeps a letter. */
  add(letter: Omit<DeadLetter, 'number'>): DeadLetter {
    this.#numbers += 1
    const numbered = { number: this.#numbers, ...letter }
    this.#letters.set(numbered.number, numbered)
    if (this.#letters.size > this.capacity) {
      const [oldest] = this.#letters.values()
      this.#remove(oldest)
      this.#discarded += 1
    }
    return numbered
  }

  #remove(letter: DeadLetter): void {
    this.#letters.delete(letter.number)
    this.#onGone(letter)
  }

  /** @internal The client is closed: what is being redriven stays. */
  end(): void {
    for (const redrive of this.#redrives) redrive.end()
  }
}

function fits(letter: DeadLetter, filter: LetterFilter): boolean {
  const last = letter.attempts.at(-1)
  const is = (wanted: unknown, has: unknown): boolean => wanted === undefined || wanted === has
  return (
    is(filter.group, letter.group) &&
    is(filter.topic, letter.topic) &&
    is(filter.key, letter.key) &&
    is(filter.reason, letter.reason) &&
    is(filter.errorClass, last?.errorClass) &&
    is(filter.stackHash, last?.stackHash)
  )
}

function checkFilter(filter: unknown, fields: readonly string[]): void {
  if (typeof filter !== 'object' || filter === null) throw badArgument('filter', 'an object', filter)
  for (const name of Object.keys(filter)) {
    if (!fields.includes(name)) throw badArgument('filter', `some of ${fields.join(', ')}`, name)
  }
  const { limit } = filter as LetterFilter
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) {
    throw badArgument('limit', 'a whole number from 0 on', limit)
  }
}
