import { type Epoch, type Views, viewsOf } from '../bus/index.js'
import {
  ENVELOPE_BYTES,
  ENVELOPE_DOUBLE_RECORD,
  ENVELOPE_DOUBLES,
  ENVELOPE_FLAG_BYTES,
  ENVELOPE_FLAG_RECORD,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_LENGTH,
  ENVELOPE_WORD_PAYLOAD,
  ENVELOPE_WORDS,
  RECORD_WORD_KIND,
} from '../layout.js'
import type { GroupTopic } from './group-topic.js'
import type { PayloadPool } from './payload-pool.js'

/** The flags of an envelope's head, in their place. */
export const RECORD_FLAG = ENVELOPE_FLAG_RECORD << 8
export const BYTES_FLAG = ENVELOPE_FLAG_BYTES << 8
/** What `write` says when there is no memory left. */
export const NO_MEMORY = -1

/** Where a group's messages lie while they wait. */
export interface MessageStore {
  /** The group's envelopes. */
  readonly memory: SharedArrayBuffer
  readonly views: Views
  /** By envelope what is passed by reference, as far as there was any; empty where nothing is. */
  readonly objects: unknown[]
  /** Puts a message in; returns the flags for the head, or `NO_MEMORY`. What cannot be encoded throws, and nothing has happened. */
  put(envelope: number, topic: GroupTopic, message: unknown, key: string | undefined, id: number): number
  /** The message again: the object itself, or a fresh one. Throws if it cannot be read. */
  read(envelope: number, topic: GroupTopic): unknown
  key(envelope: number): string | undefined
  /** Lets go of a message. */
  free(envelope: number): void
  /** Gives everything back. */
  clear(): void
}

/**
 * A group's messages while they wait: 64-byte records in their envelopes, wider ones in the pool, both off the JavaScript
 * heap; everything else stays the object that was published, in a list beside the envelopes.
 */
export class EnvelopeStore implements MessageStore {
  readonly memory: SharedArrayBuffer
  readonly views: Views
  readonly objects: unknown[] = []
  readonly #keys: (string | undefined)[] = []
  readonly #pool: PayloadPool
  readonly #epoch: Epoch

  constructor(count: number, pool: PayloadPool, epoch: Epoch) {
    this.memory = new SharedArrayBuffer(count * ENVELOPE_BYTES)
    this.views = viewsOf(this.memory)
    this.#pool = pool
    this.#epoch = epoch
  }

  put(envelope: number, topic: GroupTopic, message: unknown, key: string | undefined): number {
    let flags = 0
    if (topic.codec === undefined) keep(this.objects, envelope, message)
    else flags = this.#encode(envelope, topic, message)
    if (key !== undefined && flags !== NO_MEMORY) keep(this.#keys, envelope, key)
    return flags
  }

  #encode(envelope: number, topic: GroupTopic, message: unknown): number {
    const codec = topic.codec!
    if (codec.slabBytes > 0) return this.#encodeWide(envelope, topic, message)
    const at = envelope * ENVELOPE_DOUBLES + ENVELOPE_DOUBLE_RECORD
    const kind = codec.write(this.views, at, message, this.#epoch)
    this.views.words[2 * at + RECORD_WORD_KIND] = kind
    return RECORD_FLAG
  }

  read(envelope: number, topic: GroupTopic): unknown {
    const { codec } = topic
    if (codec === undefined) return this.objects[envelope]
    const { words } = this.views
    const head = words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD]
    const at = envelope * ENVELOPE_DOUBLES + ENVELOPE_DOUBLE_RECORD
    const kind = words[2 * at + RECORD_WORD_KIND]
    if ((head & RECORD_FLAG) !== 0) return codec.read(this.views, at, this.#epoch, kind)
    const position = words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_PAYLOAD]
    return codec.read(this.#pool.views(position), this.#pool.offset(position) / 8 - 1, this.#epoch, kind)
  }

  clear(): void {
    this.#pool.clear()
  }

  key(envelope: number): string | undefined {
    return envelope < this.#keys.length ? this.#keys[envelope] : undefined
  }

  free(envelope: number): void {
    const head = this.views.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_HEAD]
    if ((head & (RECORD_FLAG | BYTES_FLAG)) === 0) this.objects[envelope] = undefined
    else if ((head & BYTES_FLAG) !== 0) {
      this.#pool.give(this.views.words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_PAYLOAD])
    }
    if (envelope < this.#keys.length) this.#keys[envelope] = undefined
  }

  /** The kind word stands where that of a small record does, which a wide one does not use. */
  #encodeWide(envelope: number, topic: GroupTopic, message: unknown): number {
    const codec = topic.codec!
    const pool = this.#pool
    const position = pool.take(codec.slabBytes)
    if (position < 0) return NO_MEMORY
    const { words } = this.views
    const at = 2 * (envelope * ENVELOPE_DOUBLES + ENVELOPE_DOUBLE_RECORD)
    try {
      words[at + RECORD_WORD_KIND] = codec.write(
        pool.views(position),
        pool.offset(position) / 8 - 1,
        message,
        this.#epoch,
      )
    } catch (error) {
      pool.give(position)
      throw error
    }
    words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_PAYLOAD] = position
    words[envelope * ENVELOPE_WORDS + ENVELOPE_WORD_LENGTH] = codec.slabBytes
    return BYTES_FLAG
  }
}

/** Puts something in its place. Without holes: a list with holes is slower to read. */
function keep(list: unknown[], envelope: number, value: unknown): void {
  while (list.length <= envelope) list.push(undefined)
  list[envelope] = value
}
