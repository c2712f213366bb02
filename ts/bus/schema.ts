import { show, TickbusError } from '../errors.js'
import { type QuoteLike, quoteCodec } from './quote.js'
import type { RecordCodec } from './record.js'
import { type TradeLike, tradeCodec } from './trade.js'

/** What a topic may ask for, whatever its messages are. */
export interface TopicOptions {
  /**
   * What happens when a thread reads slower than it is sent to. `drop`: its oldest records are overwritten and counted
   * as lost. `wait`: a bounded queue on the publishing side takes up the slack; what does not fit is counted as dropped.
   * A publish never blocks. @default 'drop'
   */
  slowReader?: 'drop' | 'wait'
}

/** How the messages of a topic travel between threads, and what the topic asks for. Made by `quote()` and its like. */
export interface MessageType<T> {
  readonly kind: 'quote' | 'trade' | 'msgpack'
  readonly options: Readonly<TopicOptions>
  /** How to write the fixed record; undefined for MessagePack. */
  readonly codec: RecordCodec<T> | undefined
}

/** Best bid and offer, a fixed 64-byte record. */
export function quote(options: TopicOptions = {}): MessageType<QuoteLike> {
  return messageType('quote', quoteCodec, options)
}

/** Trades, a fixed 64-byte record. */
export function trade(options: TopicOptions = {}): MessageType<TradeLike> {
  return messageType('trade', tradeCodec, options)
}

/** Any plain data, as MessagePack. What a topic without an entry uses. */
export function msgpack<T = unknown>(options: TopicOptions = {}): MessageType<T> {
  return messageType<T>('msgpack', undefined, options)
}

/** A schema as data, as a ticket carries it to another thread. */
export type SchemaData = readonly { template: string; kind: string; options: TopicOptions }[]

interface Entry {
  readonly template: string
  readonly segments: readonly string[]
  readonly type: MessageType<unknown>
}

/** Says for every topic how its messages travel. Made by `topics()`. */
export class Schema {
  readonly #entries: readonly Entry[]

  /** @internal */
  constructor(entries: readonly Entry[]) {
    this.#entries = entries
  }

  /** The most specific entry that fits the topic; MessagePack without options if none does. */
  typeOf(topic: string): MessageType<unknown> {
    const segments = topic.split('.')
    return this.#entries.find((entry) => fits(entry.segments, segments))?.type ?? FREE_FORM
  }

  /** The schema as plain data: templates, kinds and options, no functions. */
  toData(): SchemaData {
    return this.#entries.map(({ template, type }) => ({ template, kind: type.kind, options: type.options }))
  }

  static fromData(data: SchemaData): Schema {
    return topics(Object.fromEntries(data.map((entry) => [entry.template, typeNamed(entry.kind, entry.options)])))
  }
}

/**
 * Declares what travels on which topics.
 *
 * A key is a topic in which `{name}` stands for one segment, and the last `{name}` for the rest, dots included. Of two
 * templates that fit one topic, the one whose first differing segment is literal wins, then the longer one.
 *
 * @throws {TickbusError} `TICKBUS_SCHEMA` if a template is malformed, or two are equally specific.
 */
export function topics(definition: Record<string, MessageType<never> | MessageType<unknown>>): Schema {
  const entries = Object.entries(definition).map(([template, type]) => ({
    template,
    segments: parse(template),
    type: checkType(template, type as MessageType<unknown>),
  }))
  const shapes = new Map<string, string>()
  for (const { template, segments } of entries) {
    const shape = segments.map((segment) => (isParameter(segment) ? '{}' : segment)).join('.')
    const twin = shapes.get(shape)
    if (twin !== undefined) throw fault(template, `it is as specific as ${show(twin)}, so that neither wins`)
    shapes.set(shape, template)
  }
  return new Schema(entries.sort((a, b) => compareSpecificity(a.segments, b.segments)))
}

const FREE_FORM = msgpack()

function messageType<T>(kind: MessageType<T>['kind'], codec: RecordCodec<T> | undefined, options: TopicOptions) {
  return Object.freeze({ kind, codec, options: Object.freeze({ ...options }) })
}

function typeNamed(kind: string, options: TopicOptions): MessageType<unknown> {
  if (kind === 'quote') return quote(options) as MessageType<unknown>
  if (kind === 'trade') return trade(options) as MessageType<unknown>
  return msgpack(options)
}

function checkType(template: string, type: MessageType<unknown>): MessageType<unknown> {
  if (type?.kind !== 'quote' && type?.kind !== 'trade' && type?.kind !== 'msgpack') {
    throw fault(template, `its type is made by quote(), trade() or msgpack(), got ${show(type)}`)
  }
  const unknownOption = Object.keys(type.options).find((name) => name !== 'slowReader')
  if (unknownOption !== undefined) throw fault(template, `it has an unknown option ${show(unknownOption)}`)
  const { slowReader } = type.options
  if (slowReader !== undefined && slowReader !== 'drop' && slowReader !== 'wait') {
    throw fault(template, `slowReader is 'drop' or 'wait', got ${show(slowReader)}`)
  }
  return type
}

function parse(template: string): string[] {
  const segments = template.split('.')
  for (const segment of segments) {
    if (segment === '') throw fault(template, 'it has an empty segment')
    if (/[*?]/.test(segment)) throw fault(template, 'it contains a wildcard; use {name} for what varies')
    if (/[{}]/.test(segment) && !isParameter(segment))
      throw fault(template, `the segment ${show(segment)} mixes text and braces`)
  }
  return segments
}

function isParameter(segment: string): boolean {
  return /^\{\w+\}$/.test(segment)
}

function fits(template: readonly string[], topic: readonly string[]): boolean {
  const last = template.length - 1
  const takesRest = isParameter(template[last]!)
  if (takesRest ? topic.length < template.length : topic.length !== template.length) return false
  // A parameter takes at least one character; the last one may begin with a dot only if more follows.
  const rest = topic.length > template.length
  return template.every((segment, i) =>
    isParameter(segment) ? topic[i] !== '' || (i === last && rest) : segment === topic[i],
  )
}

function compareSpecificity(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i += 1) {
    const difference = Number(isParameter(a[i]!)) - Number(isParameter(b[i]!))
    if (difference !== 0) return difference
  }
  return b.length - a.length
}

function fault(template: string, reason: string): TickbusError {
  return new TickbusError('TICKBUS_SCHEMA', { template: show(template), reason })
}
