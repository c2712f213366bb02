import {
  type MessageKind,
  messageOf,
  type MessageType,
  type Outlet,
  type QueueTerms,
  type RecordCodec,
  type Sender,
  type WrittenRecord,
} from '../bus/index.js'
import type { Definition, Use } from './channel.js'
import type { Outbox } from './outbox.js'
import type { Destination, ReaderState } from './ring-writer.js'
import type { IdOwner } from './topic-ids.js'

const KIND_MASK = 0xff

/** The way out for one topic, or to one endpoint. */
export class TopicOutlet implements Outlet, Destination, IdOwner {
  readonly use: Use
  readonly name: string
  /** The one member that it is for, if it is. */
  readonly slot: number | undefined
  readonly kind: MessageKind
  readonly codec: RecordCodec<unknown> | undefined
  readonly waits: boolean
  readonly #outbox: Outbox
  id = -1
  maskLow = 0
  maskHigh = 0
  readers: readonly ReaderState[] = []

  constructor(use: Use, name: string, type: MessageType<unknown>, outbox: Outbox, slot?: number) {
    this.use = use
    this.name = name
    this.slot = slot
    this.kind = type.kind
    this.codec = type.codec
    this.waits = type.options.slowReader === 'wait'
    this.#outbox = outbox
  }

  send(message: unknown): void {
    this.#outbox.send(this, message)
  }

  sendRecord(record: WrittenRecord): void {
    const isWrittenSo = this.codec === undefined ? this.kind === 'msgpack' : this.codec === record.codec
    // Its kind word goes into the ring as it is, where another kind would be read as what it is not.
    if (isWrittenSo && (record.head & KIND_MASK) === record.codec.kind) this.#outbox.sendRecord(this, record)
    else this.#outbox.send(this, messageOf(record))
  }

  under(terms: QueueTerms): Sender {
    const queueing = this.#outbox.queueingOf(terms)
    if (queueing === undefined) return this
    return { send: (message) => void this.#outbox.send(this, message, queueing) }
  }

  sendTo(message: unknown, maskLow: number, maskHigh: number): void {
    const { maskLow: low, maskHigh: high, readers } = this
    this.#outbox.aim(this, maskLow, maskHigh)
    try {
      this.#outbox.send(this, message)
    } finally {
      this.maskLow = low
      this.maskHigh = high
      this.readers = readers
    }
  }
}

/** What readers must know of an outlet before its first record. */
export function definitionOf({ id, use, name }: TopicOutlet): Definition {
  return { id, use, name }
}
