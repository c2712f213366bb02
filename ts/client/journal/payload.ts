/**
 * Messages as the bytes that a journal keeps, and back: all that is needed to have the message again in another process, so
 * that field names travel with each one and times are UNIX times.
 *
 * A record's payload: `u32` kind, `u32` sum of its layout, `i64` the instant from which its times count, then its fields.
 */
import { Packr, Unpackr } from 'msgpackr'
import {
  Codecs,
  Epoch,
  marketCodecOf,
  type MessageType,
  type RecordCodec,
  type Views,
  viewsOf,
} from '../../bus/index.js'
import type { JournalMessage, PayloadEncoding } from '../../delivery/index.js'
import { TickbusError } from '../../errors.js'
import { KIND_BAR, KIND_DEPTH, KIND_QUOTE, KIND_TRADE } from '../../layout.js'
import { decodeBytes, decodeJson, encodeBytes, encodeJson } from '../../workers/index.js'

export interface EncodedMessage {
  readonly payload: Uint8Array
  readonly encoding: PayloadEncoding
}

const HEAD_BYTES = 16
/** What a record in an envelope or a ring takes, the two words before its fields left out. */
const INLINE_BYTES = 56
const MARKET_KINDS: ReadonlySet<number> = new Set([KIND_QUOTE, KIND_TRADE, KIND_BAR, KIND_DEPTH])
const OPTIONS = { useRecords: false, moreTypes: true } as const

export class JournalPayloads {
  readonly #epoch: Epoch
  readonly #packr = Object.assign(new Packr(OPTIONS), { writeFunction: refuseFunction })
  readonly #unpackr = new Unpackr({ ...OPTIONS, copyBuffers: true })
  readonly #market = new Codecs([])
  /** Sums of the layouts of records of the user's own. */
  readonly #sums = new WeakMap<MessageType<unknown>, number>()
  #scratch: Views = viewsOf(new ArrayBuffer(1_024))

  constructor(epoch: Epoch) {
    this.#epoch = epoch
  }

  /**
   * The bytes are good until the next call.
   *
   * @throws {TickbusError} `TICKBUS_ENCODE`, `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME`
   */
  encode(topic: string, type: MessageType<unknown>, message: unknown): EncodedMessage {
    const codec = type.codec ?? (type.kind === 'msgpack' ? marketCodecOf(message) : undefined)
    if (codec !== undefined) return { payload: this.#encodeRecord(type, codec, message), encoding: 'record' }
    if (type.kind === 'json') return { payload: encodeJson(topic, message), encoding: 'json' }
    if (type.kind === 'bytes') return { payload: encodeBytes(topic, message), encoding: 'bytes' }
    return { payload: this.#pack(topic, message), encoding: 'messagepack' }
  }

  /** Throws what cannot be read: bytes that are none of a message, or a record whose layout the schema has changed. */
  decode(type: MessageType<unknown>, { topic, payload, encoding }: JournalMessage): unknown {
    if (encoding === 'json') return decodeJson(Buffer.from(payload.buffer, payload.byteOffset, payload.length))
    if (encoding === 'messagepack') return this.#unpackr.unpack(payload)
    if (encoding === 'record') return this.#decodeRecord(topic, type, payload)
    return decodeBytes(payload)
  }

  #pack(topic: string, message: unknown): Uint8Array {
    try {
      return this.#packr.pack(message)
    } catch (error) {
      const reason =
        error instanceof RangeError ? 'it refers to itself, or is nested too deeply' : String((error as Error).message)
      throw new TickbusError('TICKBUS_ENCODE', { topic, reason }, error)
    }
  }

  /** The codec's fields begin at the third double: the first two are the head. */
  #encodeRecord(type: MessageType<unknown>, codec: RecordCodec<unknown>, message: unknown): Uint8Array {
    const bytes = HEAD_BYTES + (codec.slabBytes || INLINE_BYTES)
    const views = this.#views(bytes)
    views.bytes.fill(0, 0, bytes)
    views.words[0] = codec.write(views, HEAD_BYTES / 8 - 1, message, this.#epoch)
    views.words[1] = this.#sumOf(type)
    views.longs[1] = this.#epoch.unixNs
    return views.bytes.subarray(0, bytes)
  }

  #decodeRecord(topic: string, type: MessageType<unknown>, payload: Uint8Array): unknown {
    const views = this.#views(payload.length)
    views.bytes.set(payload)
    const [kind, sum] = views.words
    const codec = MARKET_KINDS.has(kind & 0xff) ? this.#market.find(kind) : type.codec
    if (codec === undefined || codec.kind !== (kind & 0xff) || sum !== this.#sumOf(type)) {
      const reason = 'it was written with another layout than the schema has now'
      throw new TickbusError('TICKBUS_ENCODE', { topic, reason })
    }
    return codec.read(views, HEAD_BYTES / 8 - 1, new Epoch(views.longs[1]), kind)
  }

  #views(bytes: number): Views {
    if (bytes > this.#scratch.bytes.length) this.#scratch = viewsOf(new ArrayBuffer(8 * Math.ceil(bytes / 8)))
    return this.#scratch
  }

  #sumOf(type: MessageType<unknown>): number {
    if (type.fields === undefined) return 0
    let sum = this.#sums.get(type)
    if (sum === undefined) {
      sum = fnv(JSON.stringify(type.fields))
      this.#sums.set(type, sum)
    }
    return sum
  }
}

/** FNV-1a, 32 bits. */
function fnv(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}

function refuseFunction(): never {
  throw new TypeError('it contains a function')
}
