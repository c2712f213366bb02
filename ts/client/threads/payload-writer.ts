import { type Epoch, marketCodecOf, type MessageType, type RecordCodec, type Views, viewsOf } from '../../bus/index.js'
import { TickbusError } from '../../errors.js'
import {
  ENVELOPE_DOUBLE_RECORD,
  ENVELOPE_DOUBLES,
  ENVELOPE_FLAG_BYTES,
  ENVELOPE_FLAG_RECORD,
  ENVELOPE_WORD_KEY_BYTES,
  ENVELOPE_WORD_LENGTH,
  ENVELOPE_WORD_PAYLOAD,
  ENVELOPE_WORDS,
  KIND_BYTES,
  KIND_JSON,
  KIND_PAYLOAD,
  RECORD_WORD_KIND,
  SLAB_UNIT_BYTES,
} from '../../layout.js'
import { encodeBytes, encodeJson, PayloadEncoder, type StructureTable } from '../../workers/index.js'
import type { Slab } from './slab.js'

export interface PayloadWriterOptions {
  readonly envelopes: Views
  readonly slab: Slab
  readonly slabMemory: SharedArrayBuffer
  readonly epoch: Epoch
  /** Most bytes of a payload and its key. */
  readonly payloadBytes: number
  /** Tells the readers the structure table, before a message that needs it is submitted. */
  readonly announceStructures: (table: StructureTable) => void
}

type Key = string | undefined
type Codec = RecordCodec<unknown>

/** A message as the bytes that travel. */
interface Encoded {
  readonly head: number
  readonly bytes: Uint8Array
}

/**
 * Writes messages for consumers in other threads: what is a 64-byte record goes into the envelope, all else into the slab,
 * with the kind word in the envelope's record. The text of the key lies before the payload's bytes, which begin at the next
 * multiple of 8 after it.
 */
export class PayloadWriter {
  readonly #options: PayloadWriterOptions
  readonly #slab: Views
  readonly #buffer: Buffer
  readonly #encoder: PayloadEncoder

  constructor(options: PayloadWriterOptions) {
    this.#options = options
    this.#slab = viewsOf(options.slabMemory)
    this.#buffer = Buffer.from(options.slabMemory)
    this.#encoder = new PayloadEncoder(options.announceStructures)
  }

  /**
   * Writes a message, with the text of its key, into an envelope that was taken and not submitted. Returns the flags for
   * the envelope's head; 0 if the slab has no room for it.
   *
   * @throws {TickbusError} `TICKBUS_ENCODE`, `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME`, `TICKBUS_PAYLOAD_SIZE`
   */
  write(envelope: number, topic: string, type: MessageType<unknown>, message: unknown, key: Key): number {
    const codec = type.codec ?? (type.kind === 'msgpack' ? marketCodecOf(message) : undefined)
    if (codec === undefined) return this.#writeBytes(envelope, key, this.#encode(topic, type, message), topic)
    if (codec.slabBytes > 0) return this.#writeWide(envelope, key, codec, message, topic)
    return this.#writeRecord(envelope, key, codec, message, topic)
  }

  /** Takes back what `write` did, for an envelope that is not submitted after all. */
  discard(envelope: number): void {
    this.#options.slab.alloc(envelope, 0)
  }

  #writeRecord(envelope: number, key: Key, codec: Codec, message: unknown, topic: string): number {
    const { envelopes, epoch } = this.#options
    const at = recordOf(envelope)
    envelopes.words[2 * at + RECORD_WORD_KIND] = codec.write(envelopes, at, message, epoch)
    if (key === undefined) return ENVELOPE_FLAG_RECORD
    return this.#claim(envelope, key, 0, topic) < 0 ? 0 : ENVELOPE_FLAG_RECORD | ENVELOPE_FLAG_BYTES
  }

  #writeWide(envelope: number, key: Key, codec: Codec, message: unknown, topic: string): number {
    const { envelopes, epoch } = this.#options
    const start = this.#claim(envelope, key, codec.slabBytes, topic)
    if (start < 0) return 0
    try {
      const head = codec.write(this.#slab, start / 8 - 1, message, epoch)
      envelopes.words[2 * recordOf(envelope) + RECORD_WORD_KIND] = head
    } catch (error) {
      this.discard(envelope)
      throw error
    }
    return ENVELOPE_FLAG_BYTES
  }

  #writeBytes(envelope: number, key: Key, { head, bytes }: Encoded, topic: string): number {
    const start = this.#claim(envelope, key, bytes.length, topic)
    if (start < 0) return 0
    this.#slab.bytes.set(bytes, start)
    this.#options.envelopes.words[2 * recordOf(envelope) + RECORD_WORD_KIND] = head
    return ENVELOPE_FLAG_BYTES
  }

  /** Takes a block, writes the key, and says at which byte the payload begins; -1 if the slab is full. */
  #claim(envelope: number, key: Key, payloadBytes: number, topic: string): number {
    const { slab, envelopes, payloadBytes: most } = this.#options
    const keyBytes = key === undefined ? 0 : Buffer.byteLength(key)
    const before = alignedUp(keyBytes)
    const bytes = before + payloadBytes
    if (bytes > most) throw new TickbusError('TICKBUS_PAYLOAD_SIZE', { topic, bytes, most })
    const taken = slab.alloc(envelope, Math.max(1, bytes))
    if (taken === 0) return -1
    const start = (taken - 1) * SLAB_UNIT_BYTES
    if (key !== undefined) this.#buffer.write(key, start, keyBytes)
    const head = envelope * ENVELOPE_WORDS
    envelopes.words[head + ENVELOPE_WORD_PAYLOAD] = taken - 1
    envelopes.words[head + ENVELOPE_WORD_LENGTH] = bytes
    envelopes.words[head + ENVELOPE_WORD_KEY_BYTES] = keyBytes
    return start + before
  }

  #encode(topic: string, { kind }: MessageType<unknown>, message: unknown): Encoded {
    if (kind === 'json') return { head: KIND_JSON, bytes: encodeJson(topic, message) }
    if (kind === 'bytes') return { head: KIND_BYTES, bytes: encodeBytes(topic, message) }
    const bytes = this.#encoder.encode(topic, message)
    return { head: KIND_PAYLOAD | (this.#encoder.tableLength << 16), bytes }
  }
}

/** First double of an envelope's record. */
export function recordOf(envelope: number): number {
  return envelope * ENVELOPE_DOUBLES + ENVELOPE_DOUBLE_RECORD
}

/** How many bytes the text of a key takes before the payload. */
export function alignedUp(bytes: number): number {
  return (bytes + SLAB_UNIT_BYTES - 1) & -SLAB_UNIT_BYTES
}
