import { Codecs, type Epoch, type Schema, type Views, viewsOf } from '../../bus/index.js'
import {
  ENVELOPE_DOUBLE_ID,
  ENVELOPE_DOUBLE_QUEUED,
  ENVELOPE_WORD_HEAD,
  ENVELOPE_WORD_PAYLOAD,
  ENVELOPE_WORD_TOPIC,
} from '../../layout.js'
import type { StructureTable } from '../../workers/index.js'
import { type MessageStore, NO_MEMORY } from '../envelope-store.js'
import type { GroupTopic } from '../group-topic.js'
import type { OnceLedger } from './once-ledger.js'
import { PayloadReader } from './payload-reader.js'
import { PayloadWriter } from './payload-writer.js'
import type { Slab } from './slab.js'

export interface ThreadStoreOptions {
  readonly envelopes: SharedArrayBuffer
  readonly slab: Slab
  readonly slabMemory: SharedArrayBuffer
  readonly payloadBytes: number
  readonly epoch: Epoch
  readonly schema: Schema
  /** Tells all threads of the group what a topic's number stands for, before its first message. */
  readonly define: (topic: GroupTopic) => void
  readonly announceStructures: (table: StructureTable) => void
  /** undefined where there is no effectively-once topic. */
  readonly once: OnceLedger | undefined
  /** Frees an envelope's block in the slab. */
  readonly free: (envelope: number) => void
}

/** What can be read from a copy. */
export interface CopiedMessage {
  readonly id: number
  readonly publishedNs: number
  readonly head: number
  readonly topicNumber: number
  readonly message: unknown
  readonly key: string | undefined
}

/** The messages of a group whose handlers run in other threads: encoded, all of them. */
export class ThreadStore implements MessageStore {
  readonly memory: SharedArrayBuffer
  readonly views: Views
  readonly objects: unknown[] = []
  readonly #options: ThreadStoreOptions
  readonly #writer: PayloadWriter
  readonly #reader: PayloadReader
  /** The last table that was announced. */
  structures: StructureTable = []

  constructor(options: ThreadStoreOptions) {
    const { slabMemory, epoch, schema } = options
    this.memory = options.envelopes
    this.views = viewsOf(options.envelopes)
    this.#options = options
    this.#writer = new PayloadWriter({
      ...options,
      envelopes: this.views,
      announceStructures: (table) => {
        this.structures = table
        this.#reader.setStructures(table)
        options.announceStructures(table)
      },
    })
    const codecs = new Codecs(schema.records)
    this.#reader = new PayloadReader({ envelopes: this.views, slabMemory, epoch, codecs, pullDefinitions: () => {} })
  }

  put(envelope: number, topic: GroupTopic, message: unknown, key: string | undefined, id: number): number {
    const flags = this.#writer.write(envelope, topic.name, topic.type, message, key)
    if (flags === 0) return NO_MEMORY
    this.#options.once?.enter(envelope, topic, message, id)
    if (!topic.isAnnounced) {
      topic.isAnnounced = true
      this.#options.define(topic)
    }
    return flags << 8
  }

  /** A message that another thread has copied out of the group's memory. */
  readCopy(envelope: ArrayBuffer, bytes: ArrayBuffer): CopiedMessage {
    const { epoch, schema } = this.#options
    const envelopes = viewsOf(envelope)
    const { words, doubles } = envelopes
    words[ENVELOPE_WORD_PAYLOAD] = 0
    const codecs = new Codecs(schema.records)
    const reader = new PayloadReader({ envelopes, slabMemory: bytes, epoch, codecs, pullDefinitions: () => {} })
    reader.setStructures(this.structures)
    return {
      id: doubles[ENVELOPE_DOUBLE_ID],
      publishedNs: doubles[ENVELOPE_DOUBLE_QUEUED],
      head: words[ENVELOPE_WORD_HEAD],
      topicNumber: words[ENVELOPE_WORD_TOPIC],
      message: reader.message(0),
      key: reader.key(0),
    }
  }

  read(envelope: number): unknown {
    return this.#reader.message(envelope)
  }

  key(envelope: number): string | undefined {
    return this.#reader.key(envelope)
  }

  free(envelope: number): void {
    this.#options.once?.release(envelope)
    this.#options.free(envelope)
  }

  /** The message that had this generation is let go of, though its envelope may not have been given back yet. */
  ended(envelope: number, generation: number): void {
    this.#options.once?.ended(envelope, generation)
  }

  clear(): void {}
}
