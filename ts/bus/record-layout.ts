import { show } from '../errors.js'
import { RECORD_FIELD_BYTES } from '../layout.js'
import { fieldForm, type FieldType } from './field.js'

/** Where a field lies, in bytes from the first. */
export interface FieldPlace {
  readonly name: string
  readonly type: FieldType
  readonly offset: number
}

/** The fixed layout of a `record({ … })`, the same whether it travels in a 64-byte record or in the payload slab. */
export interface RecordLayout {
  /** In the order of the definition. */
  readonly fields: readonly FieldPlace[]
  /** Length of all fields, a multiple of eight. */
  readonly bytes: number
  /** Whether they fit what follows kind and topic in a record. */
  readonly isInline: boolean
}

/** Most fields of a record. */
const MOST_FIELDS = 256
const NAME = /^[A-Za-z_$][\w$]*$/

/** Says what is wrong with the fields of a record; undefined if nothing is. */
export function fieldsFault(fields: unknown): string | undefined {
  if (typeof fields !== 'object' || fields === null) return `record() takes fields by name, got ${show(fields)}`
  const entries = Object.entries(fields)
  if (entries.length === 0 || entries.length > MOST_FIELDS) return `a record has 1 to ${MOST_FIELDS} fields`
  for (const [name, type] of entries) {
    // An object literal takes `__proto__` for something else than a field.
    if (!NAME.test(name) || name === '__proto__') return `the field ${show(name)} is not a plain identifier`
    if (fieldForm(type) === undefined) return `the field ${show(name)} has an unknown type ${show(type)}`
  }
  return undefined
}

/**
 * Lays out fields without a {@link fieldsFault}: `tsEvent` and `tsInit` first, where every record keeps its times, then
 * the others, those with the widest alignment first, so that nothing is lost between them.
 */
export function layOut(fields: Readonly<Record<string, FieldType>>): RecordLayout {
  const entries = Object.entries(fields)
  const offsets = new Map<string, number>()
  let end = 0
  for (const [name, type] of entries.toSorted(byPlace)) {
    offsets.set(name, end)
    end += fieldForm(type)!.bytes
  }
  const places = entries.map(([name, type]) => Object.freeze({ name, type, offset: offsets.get(name)! }))
  const bytes = Math.ceil(end / 8) * 8
  return Object.freeze({ fields: Object.freeze(places), bytes, isInline: bytes <= RECORD_FIELD_BYTES })
}

type Entry = readonly [name: string, type: FieldType]

function byPlace(a: Entry, b: Entry): number {
  return timeRank(a) - timeRank(b) || fieldForm(b[1])!.alignment - fieldForm(a[1])!.alignment
}

function timeRank([name, type]: Entry): number {
  if (type !== 'ns') return 2
  return name === 'tsEvent' ? 0 : name === 'tsInit' ? 1 : 2
}
