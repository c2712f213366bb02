import { type Codecs, type Epoch, marketCodecOf, type MessageType, viewsOf } from '../../bus/index.js'
import { TickbusError } from '../../errors.js'
import { KIND_BYTES, KIND_JSON, KIND_PAYLOAD, RECORD_BYTES } from '../../layout.js'
import {
  decodeBytes,
  decodeJson,
  encodeBytes,
  encodeJson,
  PayloadDecoder,
  PayloadEncoder,
} from '../../workers/index.js'

/** What a group knows of a message beside its content. */
export interface SpilledTerms {
  /** The group's number of its topic. */
  readonly topic: number
  readonly lane: number
  readonly key: string | undefined
  readonly id: number
  readonly queuedNs: number
  /** On the clock of the bus; 0 for none. */
  readonly deadlineNs: number
}

/** Length, lane, kind, topic and length of the key as words; then three doubles. The key and the content come after it. */
const HEAD_BYTES = 48
const AT_LENGTH = 0
const AT_LANE = 4
const AT_KIND = 8
const AT_TOPIC = 12
const AT_KEY = 16
const AT_QUEUED = 24
const AT_DEADLINE = 32
const AT_ID = 40
const NO_KEY = 0xffffffff

interface Encoded {
  readonly kind: number
  readonly bytes: Uint8Array
}

/**
 * Messages as records of a spill file, and back as fresh objects. They are read by the thread that wrote them, and so may lean
 * on its tables.
 */
export class SpillFormat {
  readonly #codecs: Codecs
  readonly #epoch: Epoch
  readonly #payloadBytes: number
  readonly #encoder = new PayloadEncoder((table) => (this.#decoder = new PayloadDecoder(table)))
  #decoder = new PayloadDecoder([])
  /** One record of a fixed layout, as its codec wants it: at a multiple of 8. */
  #scratch = viewsOf(new ArrayBuffer(RECORD_BYTES))

  constructor(codecs: Codecs, epoch: Epoch, payloadBytes: number) {
    this.#codecs = codecs
    this.#epoch = epoch
    this.#payloadBytes = payloadBytes
  }

  /** @throws {TickbusError} `TICKBUS_ENCODE`, `TICKBUS_PAYLOAD_SIZE`, `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME` */
  write(topic: string, type: MessageType<unknown>, message: unknown, terms: SpilledTerms): Buffer {
    const { kind, bytes } = this.#encode(topic, type, message)
    if (bytes.length > this.#payloadBytes) {
      throw new TickbusError('TICKBUS_PAYLOAD_SIZE', { topic, bytes: bytes.length, most: this.#payloadBytes })
    }
    const { key } = terms
    const keyBytes = key === undefined ? 0 : 2 * key.length
    const record = Buffer.allocUnsafe(HEAD_BYTES + keyBytes + bytes.length)
    record.writeUInt32LE(record.length, AT_LENGTH)
    record.writeUInt32LE(terms.lane, AT_LANE)
    record.writeUInt32LE(kind, AT_KIND)
    record.writeUInt32LE(terms.topic, AT_TOPIC)
    record.writeUInt32LE(key === undefined ? NO_KEY : keyBytes, AT_KEY)
    record.writeDoubleLE(terms.queuedNs, AT_QUEUED)
    record.writeDoubleLE(terms.deadlineNs, AT_DEADLINE)
    record.writeDoubleLE(terms.id, AT_ID)
    // UTF-16, so that two keys that differ stay different.
    if (keyBytes > 0) record.write(key!, HEAD_BYTES, 'utf16le')
    record.set(bytes, HEAD_BYTES + keyBytes)
    return record
  }

  terms(record: Buffer): SpilledTerms {
    const keyBytes = record.readUInt32LE(AT_KEY)
    return {
      topic: record.readUInt32LE(AT_TOPIC),
      lane: record.readUInt32LE(AT_LANE),
      key: keyBytes === NO_KEY ? undefined : record.toString('utf16le', HEAD_BYTES, HEAD_BYTES + keyBytes),
      id: record.readDoubleLE(AT_ID),
      queuedNs: record.readDoubleLE(AT_QUEUED),
      deadlineNs: record.readDoubleLE(AT_DEADLINE),
    }
  }

  /** Throws if it cannot be decoded. */
  message(record: Buffer): unknown {
    const keyBytes = record.readUInt32LE(AT_KEY)
    const kind = record.readUInt32LE(AT_KIND)
    const bytes = record.subarray(HEAD_BYTES + (keyBytes === NO_KEY ? 0 : keyBytes))
    const codec = this.#codecs.find(kind)
    if (codec !== undefined) {
      this.#fit(bytes.length)
      this.#scratch.bytes.set(bytes)
      return codec.read(this.#scratch, 0, this.#epoch, kind)
    }
    if ((kind & 0xff) === KIND_JSON) return decodeJson(bytes)
    if ((kind & 0xff) === KIND_BYTES) return decodeBytes(bytes)
    return this.#decoder.decode(bytes)
  }

  #encode(topic: string, type: MessageType<unknown>, message: unknown): Encoded {
    const codec = type.codec ?? (type.kind === 'msgpack' ? marketCodecOf(message) : undefined)
    if (codec !== undefined) {
      // Wide layouts leave the first double to others.
      const size = codec.slabBytes > 0 ? codec.slabBytes + 8 : RECORD_BYTES
      this.#fit(size)
      const kind = codec.write(this.#scratch, 0, message, this.#epoch)
      return { kind, bytes: this.#scratch.bytes.subarray(0, size) }
    }
    if (type.kind === 'json') return { kind: KIND_JSON, bytes: encodeJson(topic, message) }
    if (type.kind === 'bytes') return { kind: KIND_BYTES, bytes: encodeBytes(topic, message) }
    return { kind: KIND_PAYLOAD, bytes: this.#encoder.encode(topic, message) }
  }

  #fit(bytes: number): void {
    if (bytes <= this.#scratch.bytes.length) return
    this.#scratch = viewsOf(new ArrayBuffer(Math.ceil(bytes / 8) * 8))
  }
}
