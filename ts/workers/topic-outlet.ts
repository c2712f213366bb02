import type { MessageKind, MessageType, Outlet, RecordCodec } from '../bus/index.js'
import type { Definition, Use } from './channel.js'
import type { Outbox } from './outbox.js'
import type { Destination, ReaderState } from './ring-writer.js'
import type { IdOwner } from './topic-ids.js'

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
