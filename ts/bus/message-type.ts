import { type BarLike, barCodec } from './bar.js'
import { type DepthLike, depthCodec } from './depth.js'
import type { Fields, RecordOf } from './field.js'
import { type QuoteLike, quoteCodec } from './quote.js'
import type { RecordCodec } from './record.js'
import type { TopicOptions } from './topic-options.js'
import { type TradeLike, tradeCodec } from './trade.js'

export type MessageKind = 'quote' | 'trade' | 'bar' | 'depth' | 'record' | 'json' | 'msgpack' | 'bytes'

/**
 * How the messages of a topic travel between threads, and what the topic asks for. Made by `quote()` and its like;
 * `topics()` judges it.
 */
export class MessageType<T> {
  readonly kind: MessageKind
  readonly options: Readonly<TopicOptions<T>>
  /** Whether messages have a key; in a thread without the schema's module the function itself is missing. */
  readonly hasKey: boolean
  /** What `record()` was given. */
  readonly fields: Fields | undefined
  /** How to write the fixed layout; undefined where the message is encoded, and for a record that is in no schema yet. */
  readonly codec: RecordCodec<T> | undefined

  /** @internal */
  constructor(
    kind: MessageKind,
    options: TopicOptions<T>,
    fields?: Fields,
    codec: RecordCodec<T> | undefined = FIXED.get(kind) as RecordCodec<T> | undefined,
    hasKey: boolean = options?.key !== undefined,
  ) {
    this.kind = kind
    this.options = isObject(options) ? Object.freeze({ ...options }) : options
    this.hasKey = hasKey
    this.fields = isObject(fields) ? Object.freeze({ ...fields }) : fields
    this.codec = codec
    Object.freeze(this)
  }
}

/** Best bid and offer, a fixed 64-byte record. */
export function quote(options: TopicOptions<QuoteLike> = {}): MessageType<QuoteLike> {
  return new MessageType('quote', options)
}

/** Trades, a fixed 64-byte record. */
export function trade(options: TopicOptions<TradeLike> = {}): MessageType<TradeLike> {
  return new MessageType('trade', options)
}

/** Open, high, low, close and volume, a fixed 64-byte record. */
export function bar(options: TopicOptions<BarLike> = {}): MessageType<BarLike> {
  return new MessageType('bar', options)
}

/** The best ten levels of each side of an order book, 512 bytes of fixed layout. */
export function depth(options: TopicOptions<DepthLike> = {}): MessageType<DepthLike> {
  return new MessageType('depth', options)
}

/**
 * Messages of your own with a fixed layout, such as `record({ price: 'f64', size: 'f64', symbol: 'text(12)' })`: a 64-byte
 * record if the fields take 56 bytes at most, otherwise as many bytes as they take. All fields must be there; others do
 * not travel.
 */
export function record<const F extends Fields>(
  fields: F,
  options: TopicOptions<RecordOf<F>> = {},
): MessageType<RecordOf<F>> {
  return new MessageType<RecordOf<F>>('record', options, fields)
}

/** What JSON can say, as JSON text. What it leaves out or turns into null does not travel either. */
export function json<T = unknown>(options: TopicOptions<T> = {}): MessageType<T> {
  return new MessageType<T>('json', options)
}

/** Any plain data, as MessagePack. What a topic without an entry uses. A field named `__proto__` arrives as `__proto_`. */
export function msgpack<T = unknown>(options: TopicOptions<T> = {}): MessageType<T> {
  return new MessageType<T>('msgpack', options)
}

/** Bytes as they are. Another thread gets a `Uint8Array` of its own. */
export function bytes(options: TopicOptions<Uint8Array> = {}): MessageType<Uint8Array> {
  return new MessageType('bytes', options)
}

const FIXED = new Map<string, unknown>([
  ['quote', quoteCodec],
  ['trade', tradeCodec],
  ['bar', barCodec],
  ['depth', depthCodec],
])

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
