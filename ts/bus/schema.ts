import { badArgument, show, TickbusError } from '../errors.js'
import type { Fields } from './field.js'
import { type MessageKind, MessageType, msgpack } from './message-type.js'
import type { RecordCodec } from './record.js'
import { compileRecord } from './record-codec.js'
import { type FieldPlace, fieldsFault, layOut, type RecordLayout } from './record-layout.js'
import { shapeOf, templateFault } from './template.js'
import { TemplateIndex } from './template-index.js'
import { type OptionData, optionData, optionFault } from './topic-options.js'

/** What `topics()` takes: message types by topic template. */
// oxlint-disable-next-line typescript/no-explicit-any -- each entry has a message type of its own
export type Definition = Readonly<Record<string, MessageType<any>>>

/** One entry of a schema as data: everything but functions. */
export interface SchemaEntry {
  readonly template: string
  readonly kind: MessageKind
  readonly options: OptionData
  readonly hasKey: boolean
  /** The layout of a `record({ … })`, with offsets in bytes from the first field. */
  readonly fields?: readonly FieldPlace[]
}

/** A schema as data, as a ticket carries it to another thread; in one order, whoever wrote it. */
export type SchemaData = readonly SchemaEntry[]

/** Says for every topic how its messages travel. Made by `topics()`. */
export class Schema<D extends Definition = {}> {
  /** The message types by template: `MessageOf<typeof schema.definition, 'data.quotes.X.Y'>`. */
  readonly definition: D
  readonly #data: SchemaData
  readonly #types = new TemplateIndex<MessageType<unknown>>()
  readonly #records: RecordCodec<unknown>[] = []

  /** @internal Entries without a fault. */
  constructor(entries: readonly (readonly [template: string, type: MessageType<unknown>])[]) {
    this.definition = Object.freeze(Object.fromEntries(entries)) as D
    const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
    const codecs = new Map<string, RecordCodec<unknown>>()
    this.#data = sorted.map(([template, type]) => {
      const layout = type.kind === 'record' ? layOut(type.fields!) : undefined
      this.#types.add(template, layout === undefined ? type : this.#compile(type, layout, codecs))
      const { kind, hasKey } = type
      const entry = { template, kind, options: optionData(type.options), hasKey }
      return layout === undefined ? entry : { ...entry, fields: layout.fields }
    })
  }

  /** The most specific entry that fits the topic; MessagePack without options if none does. */
  typeOf(topic: string): MessageType<unknown> {
    return this.#types.find(topic) ?? FREE_FORM
  }

  /** The codecs of its records, by their numbers. */
  get records(): readonly RecordCodec<unknown>[] {
    return this.#records
  }

  /** The schema as plain data: templates, kinds, options and layouts, no functions. */
  toData(): SchemaData {
    return this.#data
  }

  static fromData(data: SchemaData): Schema {
    return new Schema(data.map(({ template, ...entry }) => [template, typeFrom(entry)]))
  }

  /** The type with the codec of its layout; equal layouts share one, and its number. */
  #compile(
    type: MessageType<unknown>,
    layout: RecordLayout,
    codecs: Map<string, RecordCodec<unknown>>,
  ): MessageType<unknown> {
    const key = JSON.stringify(layout.fields)
    let codec = codecs.get(key)
    if (codec === undefined) {
      codec = compileRecord(layout, this.#records.length) as RecordCodec<unknown>
      codecs.set(key, codec)
      this.#records.push(codec)
    }
    return new MessageType(type.kind, type.options, type.fields, codec, type.hasKey)
  }
}

/**
 * Declares what travels on which topics.
 *
 * A key is a topic in which `{name}` stands for one segment, and the last `{name}` for the rest, dots included. Of two
 * templates that fit one topic, the one whose first differing segment is literal wins, then the longer one.
 *
 * @throws {TickbusError} `TICKBUS_SCHEMA` if a template, an option or a record's field is malformed, or two templates are
 * equally specific; `TICKBUS_ARGUMENT` if the definition is no object.
 */
export function topics<const D extends Definition>(definition: D): Schema<D> {
  if (typeof definition !== 'object' || definition === null) {
    const expected = 'an object of message types by topic'
    throw badArgument('definition', expected, definition)
  }
  const entries = Object.entries(definition)
  const shapes = new Map<string, string>()
  let records = 0
  for (const [template, type] of entries) {
    const reason = templateFault(template) ?? typeFault(type)
    if (reason !== undefined) throw fault(template, reason)
    const shape = shapeOf(template)
    const twin = shapes.get(shape)
    if (twin !== undefined) throw fault(template, `it is as specific as ${show(twin)}, so that neither wins`)
    shapes.set(shape, template)
    if (type.kind === 'record') records += 1
    if (records > MOST_RECORDS) throw fault(template, `a schema has at most ${MOST_RECORDS} records`)
  }
  return new Schema<D>(entries)
}

/** A record's number takes the upper half of the kind word. */
const MOST_RECORDS = 65_536
const FREE_FORM = msgpack()

function typeFault(type: unknown): string | undefined {
  if (!(type instanceof MessageType)) return `its type is made by quote(), record() or their like, got ${show(type)}`
  return optionFault(type.options) ?? (type.kind === 'record' ? fieldsFault(type.fields) : undefined)
}

function typeFrom({ kind, options, hasKey, fields }: Omit<SchemaEntry, 'template'>): MessageType<unknown> {
  const byName = fields && Object.fromEntries(fields.map(({ name, type }) => [name, type]))
  return new MessageType(kind, options, byName as Fields | undefined, undefined, hasKey)
}

function fault(template: string, reason: string): TickbusError {
  return new TickbusError('TICKBUS_SCHEMA', { template: show(template), reason })
}
