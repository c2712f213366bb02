import { type Decimal, decimal, shifted } from './decimal.js'
import type { Fees, InstrumentStatus } from './instrument.js'
import { isObject, type Json, type JsonObject, showJson, valueOf } from './json.js'

/**
 * Why an entry is passed over: it is no object; a field is missing or not what it should be; it is no kind that we
 * know; its id was there before.
 */
export type SkipReason = 'object' | 'field' | 'kind' | 'duplicate'

/** Thrown for one bad entry; the rest of the list goes on. */
export class EntryFault extends Error {
  readonly reason: SkipReason
  /** The field in question, with the field that it lies in before it. */
  readonly field: string | undefined

  constructor(reason: SkipReason, field: string | undefined, detail: string) {
    super(detail)
    this.reason = reason
    this.field = field
  }
}

/**
 * What a symbol or currency may be: short, without blanks, controls and wildcards, since it becomes part of a topic.
 */
const NAME = /^[^\s*?\p{C}]{1,64}$/u
const MOST_PRECISION = 100
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** One entry of a list, read field by field. A field that is absent, null or empty text is not given. */
export class Entry {
  /** Under which name it stands in its list; its position where the list is an array. */
  readonly key: string
  readonly #object: JsonObject
  readonly #path: string

  constructor(key: string, object: JsonObject, path = '') {
    this.key = key
    this.#object = object
    this.#path = path
  }

  /** The key as a symbol or currency. */
  keyName(): string {
    return NAME.test(this.key) ? this.key : this.refuse('key', 'a name', this.key)
  }

  /** A symbol or currency. */
  name(field: string): string {
    return this.optionalName(field) ?? this.refuse(field, 'a name', undefined)
  }

  optionalName(field: string): string | undefined {
    const text = this.text(field)
    return text === undefined || NAME.test(text) ? text : this.refuse(field, 'a name', text)
  }

  text(field: string): string | undefined {
    const value = this.#given(field)
    return value === undefined || typeof value === 'string' ? value : this.refuse(field, 'text', value)
  }

  flag(field: string): boolean | undefined {
    const value = this.#given(field)
    return value === undefined || typeof value === 'boolean' ? value : this.refuse(field, 'true or false', value)
  }

  decimal(field: string): Decimal | undefined {
    const text = this.text(field)
    if (text === undefined) return undefined
    return decimal(text) ?? this.refuse(field, 'a decimal of at most 15 digits', text)
  }

  /** A smallest size or amount, 0 or more. */
  least(field: string): Decimal | undefined {
    const found = this.decimal(field)
    return found === undefined || found.value >= 0 ? found : this.refuse(field, '0 or more', String(found.value))
  }

  /** A smallest step. Venues write 0 where there is none. */
  step(field: string): Decimal | undefined {
    const found = this.least(field)
    return found?.value === 0 ? undefined : found
  }

  /** A number of decimals. */
  places(field: string): number | undefined {
    const value = this.decimal(field)?.value
    if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= MOST_PRECISION)) return value
    return this.refuse(field, `a whole number from 0 to ${MOST_PRECISION}`, String(value))
  }

  /** A whole number of steps of ten to the minus `scale`, the scale being a field too. */
  scaled(field: string, scale: string): Decimal | undefined {
    const [steps, places] = [this.least(field), this.places(scale)]
    if (steps === undefined || places === undefined) return undefined
    return shifted(steps, -places) ?? this.refuse(field, 'a decimal of at most 15 digits', String(steps.value))
  }

  scaledStep(field: string, scale: string): Decimal | undefined {
    const found = this.scaled(field, scale)
    return found?.value === 0 ? undefined : found
  }

  /** A time in milliseconds since 1970, as UNIX nanoseconds. */
  timeOfMs(field: string): bigint | undefined {
    const value = this.least(field)?.value
    if (value === undefined || Number.isInteger(value)) return value === undefined ? undefined : nanosecondsOf(value)
    return this.refuse(field, 'whole milliseconds', String(value))
  }

  /** A time as ISO 8601 writes it, as UNIX nanoseconds. */
  timeOfIso(field: string): bigint | undefined {
    const text = this.text(field)
    if (text === undefined) return undefined
    const ms = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN
    return Number.isNaN(ms) ? this.refuse(field, 'a time', text) : nanosecondsOf(ms)
  }

  /** Portions of the notional, given as such. */
  fees(maker: string, taker: string): Fees | undefined {
    return feesOf(this.decimal(maker), this.decimal(taker))
  }

  /** Portions of the notional, given in percent. */
  feesOfPercent(maker: string, taker: string): Fees | undefined {
    return feesOf(ofPercent(this.decimal(maker)), ofPercent(this.decimal(taker)))
  }

  /** The status that a venue's word stands for. */
  status(field: string, words: Readonly<Record<string, InstrumentStatus>>): InstrumentStatus | undefined {
    const word = this.text(field)
    if (word === undefined) return undefined
    return Object.hasOwn(words, word) ? words[word] : 'unknown'
  }

  /** An object inside this one; an empty one if it is not given. */
  inside(field: string): Entry {
    const value = this.#given(field) ?? {}
    if (!isObject(value)) return this.refuse(field, 'an object', value)
    return new Entry(field, value, `${this.#path}${field}.`)
  }

  list(field: string): readonly Json[] {
    const value = this.#given(field) ?? []
    return Array.isArray(value) ? value : this.refuse(field, 'a list', value)
  }

  /** The objects of a list inside this one, by what their field `by` says. */
  listBy(field: string, by: string): ReadonlyMap<string, Entry> {
    const found = new Map<string, Entry>()
    for (const value of this.list(field)) {
      const name = isObject(value) ? valueOf(value, by) : undefined
      if (isObject(value) && typeof name === 'string')
        found.set(name, new Entry(field, value, `${this.#path}${field}.`))
    }
    return found
  }

  /** For a field that says what kind of instrument this is, and says none that we know. */
  unknownKind(field: string): never {
    throw new EntryFault(
      'kind',
      this.#path + field,
      `no kind of instrument that is known: ${showJson(this.#given(field))}`,
    )
  }

  #given(field: string): Json | undefined {
    const value = valueOf(this.#object, field)
    return value === null || value === '' ? undefined : value
  }

  /** Gives the whole entry up for what stands in this field. */
  refuse(field: string, expected: string, got: Json | undefined): never {
    throw new EntryFault('field', this.#path + field, `expected ${expected}, got ${showJson(got)}`)
  }
}

/** Undefined where the list gives neither. */
export function feesOf(maker: Decimal | undefined, taker: Decimal | undefined): Fees | undefined {
  if (maker === undefined && taker === undefined) return undefined
  return { maker: maker?.value, taker: taker?.value }
}

export function ofPercent(percent: Decimal | undefined): Decimal | undefined {
  return percent && shifted(percent, -2)
}

function nanosecondsOf(ms: number): bigint {
  return BigInt(ms) * 1_000_000n
}
