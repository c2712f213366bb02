import { isDurable, type MessageType, type RecordCodec, type TopicHandle } from '../bus/index.js'
import { badArgument } from '../errors.js'
import { ENVELOPE_FLAG_DURABLE } from '../layout.js'
import type { Consumer, Work, WorkTopic } from './work.js'

/** A topic as one group knows it. */
export class GroupTopic implements WorkTopic {
  readonly name: string
  readonly type: MessageType<unknown>
  readonly group: string
  readonly priorities: readonly number[]
  readonly codec: RecordCodec<unknown> | undefined
  /** The group's number of it, given again once nothing of it waits any more. */
  readonly number: number
  /** The lane for messages that name none. */
  readonly lane: number
  /** Whether its messages may not be lost. */
  readonly isDurable: boolean
  readonly isOnce: boolean
  /** What stands in the heads of its envelopes. */
  readonly flags: number
  /** Messages that wait or run. */
  held = 0
  /** Messages that lie in spill files. */
  spilled = 0
  /** Other threads know what the number stands for. */
  isAnnounced = false
  /** Nothing more is published through this object. */
  closed = false
  /** Those who compete for its messages. Never empty: what waits for the last one still goes to it. */
  #consumers: readonly Consumer[]
  #turns = 0

  constructor(
    handle: TopicHandle,
    work: Pick<Work, 'group' | 'priorities'>,
    number: number,
    lane: number,
    consumers: readonly Consumer[],
  ) {
    const type: MessageType<unknown> = handle.type
    this.name = handle.name
    this.type = type
    this.group = work.group
    this.priorities = work.priorities
    this.codec = type.codec
    this.number = number
    this.lane = lane
    this.isDurable = isDurable(type.options.delivery)
    this.flags = this.isDurable ? ENVELOPE_FLAG_DURABLE << 8 : 0
    this.isOnce = type.options.delivery === 'effectively-once'
    this.#consumers = consumers
  }

  /** The pattern by which it first came to the group. */
  get pattern(): string {
    return this.#consumers[0].pattern
  }

  /** What makes two of its messages the same. */
  identity(message: unknown, id: number): string {
    const { idempotencyKey } = this.type.options
    if (idempotencyKey === undefined) return `${this.name}\n#${id}`
    const key = idempotencyKey(message) as unknown
    if (typeof key !== 'string') throw badArgument('idempotencyKey', 'a string from the function of the schema', key)
    return `${this.name}\n${key}`
  }

  next(): Consumer {
    const consumers = this.#consumers
    if (consumers.length === 1) return consumers[0]
    this.#turns = (this.#turns + 1) % consumers.length
    return consumers[this.#turns]
  }

  add(consumer: Consumer): void {
    this.#consumers = [...this.#consumers, consumer]
  }

  remove(consumer: Consumer): void {
    const left = this.#consumers.filter((other) => other !== consumer)
    if (left.length > 0) this.#consumers = left
  }
}
