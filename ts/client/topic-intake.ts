import {
  type Intake,
  type Outlet,
  QUEUE_ACCEPTED,
  QUEUE_BACKPRESSURED,
  QUEUE_CLOSED,
  QUEUE_CONFLATED,
  QUEUE_SHED,
  QUEUE_SPILLED,
  type QueueTerms,
  type Sender,
  type TopicHandle,
} from '../bus/index.js'
import { badArgument, TickbusError } from '../errors.js'
import type { Desk } from './desk.js'
import { draining } from './draining.js'
import type { Group } from './group.js'
import type { GroupHost } from './group-host.js'
import type { GroupTopic } from './group-topic.js'
import type { JournalTerms } from './journal/index.js'
import { DROPPED, REFUSED, SPILLED } from './submissions.js'

/** What a client says with a message. */
export interface ClientTerms extends QueueTerms {
  /** Whose groups have a lane of that priority for sure. */
  readonly host: GroupHost
}

/** One group, and the topic as it knows it. */
interface Way {
  readonly group: Group
  readonly topic: GroupTopic
}

/** A message that goes more than one way. */
interface Parcel {
  readonly message: unknown
  readonly outlet: Sender | undefined
  readonly host: GroupHost | undefined
  /** -1 for the topic's own lane. */
  readonly priority: number
  readonly key: string | undefined
  readonly deadlineNs: number
  readonly id: number
  readonly isAsked: boolean
}

/**
 * The way of one topic's messages into all groups of this thread that match it. First every group reserves room and writes
 * its copy, then the outlet sends, then every group takes its copy in: whatever fails on the way, nothing has happened.
 */
export class TopicIntake implements Intake {
  readonly queues: readonly Group[]
  readonly #handle: TopicHandle
  readonly #ways: readonly Way[]
  readonly #first: Way
  readonly #desk: Desk
  readonly #keyOf: ((message: unknown) => string) | undefined
  /** Bytes of a record that do not fit an envelope. */
  readonly #wideBytes: number
  readonly #payloadBytes: number

  constructor(handle: TopicHandle, groups: readonly Group[], before: TopicIntake | undefined, desk: Desk) {
    this.queues = groups
    this.#handle = handle
    this.#desk = desk
    this.#keyOf = handle.type.options.key
    this.#wideBytes = handle.type.codec?.slabBytes ?? 0
    this.#payloadBytes = Math.min(...groups.map(({ host }) => host.settings.payloadBytes))
    const known = before === undefined ? [] : before.#ways
    this.#ways = groups.map(
      (group) =>
        known.find((way) => way.group === group) ?? {
          group,
          topic: group.openTopic(handle, group.host.laneOf(handle)),
        },
    )
    this.#first = this.#ways[0]
    for (const { group, topic } of known) if (!groups.includes(group)) group.closeTopic(topic)
  }

  take(message: unknown, outlet: Outlet | undefined): void {
    const { host } = this.queues[0]
    const key = this.#keyOfMessage(message)
    const status = this.#put(message, outlet, undefined, -1, key, -1, this.#desk.nextId(), false)
    host.counted(status)
    if (status >= QUEUE_BACKPRESSURED) outlet?.send(message)
  }

  offer(message: unknown, outlet: Outlet | undefined, terms: ClientTerms): number {
    // Read first, since functions of the user's may publish under the same terms.
    const { host, priority, deadlineMs, id, sequence } = terms
    const sender = outlet?.under(terms)
    let { key } = terms
    if (sequence !== undefined) {
      this.#sendJournalled(message, sender, host)
      this.#queueJournalled(message, host, priority, { sequence, key, deadlineNs: deadlineMs * 1e6, id })
      return QUEUE_ACCEPTED
    }
    if (key === undefined) key = this.#keyOfMessage(message)
    return this.#put(message, sender, host, priority, key, deadlineMs * 1e6, id, true)
  }

  /** The topic as a group knows it that takes its messages. */
  topicOf(group: Group): GroupTopic | undefined {
    return this.#ways.find((way) => way.group === group)?.topic
  }

  receive(message: unknown, terms: QueueTerms): void {
    const { priority, deadlineMs, id } = terms
    const key = terms.key ?? this.#keyOfMessage(message)
    const status = this.#put(message, undefined, undefined, priority, key, deadlineMs * 1e6, id, false)
    this.queues[0].host.counted(status)
  }

  close(): void {
    for (const { group, topic } of this.#ways) group.closeTopic(topic)
  }

  /** What other threads cannot be sent is in the journal all the same, and the groups of this one get it. */
  #sendJournalled(message: unknown, sender: Sender | undefined, host: GroupHost): void {
    try {
      sender?.send(message)
    } catch (error) {
      host.troubled(error, this.#handle.name, 'a journalled message cannot be sent to other threads')
    }
  }

  /** Into all groups: what is in a journal is not refused any more. One that does not read it counts what it has no room for. */
  #queueJournalled(message: unknown, host: GroupHost, priority: number, terms: Omit<JournalTerms, 'lane'>): void {
    const { key, deadlineNs, id } = terms
    for (const way of this.#ways) {
      const { group, topic } = way
      const lane = this.#laneIn(way, host, priority)
      if (group.journal !== undefined) {
        group.journal.queue(topic, message, { ...terms, lane })
        continue
      }
      const envelope = group.reserve(topic, message, lane, key, deadlineNs, id)
      if (envelope === SPILLED) group.commitSpilled()
      else if (envelope < 0) group.submissions.drop(lane)
      else group.commit(envelope, topic, lane)
    }
  }

  #put(
    message: unknown,
    outlet: Sender | undefined,
    host: GroupHost | undefined,
    priority: number,
    key: string | undefined,
    deadlineNs: number,
    id: number,
    isAsked: boolean,
  ): number {
    if (draining.isOn && draining.refuses()) return QUEUE_CLOSED
    this.#checkSize(message)
    if (outlet !== undefined || this.#ways.length > 1) {
      return this.#putFrom(0, { message, outlet, host, priority, key, deadlineNs, id, isAsked })
    }
    // The usual case: one group, and nobody elsewhere.
    const { group, topic } = this.#first
    const own = this.#laneIn(this.#first, host, priority)
    if (key === undefined && deadlineNs < 0 && !group.lanes.conflates[own] && group.submit(topic, message, own, id)) {
      return QUEUE_ACCEPTED
    }
    const envelope = group.reserve(topic, message, own, key, deadlineNs, id)
    if (envelope === REFUSED) return refuse(group, own)
    return commit(this.#first, envelope, own, isAsked)
  }

  /** Into the groups from the nth on. Recursion, so that what each of them has reserved needs no list. */
  #putFrom(n: number, parcel: Parcel): number {
    const way = this.#ways[n]
    const { group, topic } = way
    const { message, key, deadlineNs, id } = parcel
    const lane = this.#laneIn(way, parcel.host, parcel.priority)
    const envelope = group.reserve(topic, message, lane, key, deadlineNs, id)
    if (envelope === REFUSED) return refuse(group, lane)
    let status = QUEUE_CLOSED
    try {
      status = n + 1 < this.#ways.length ? this.#putFrom(n + 1, parcel) : send(parcel)
    } finally {
      if (status >= QUEUE_BACKPRESSURED && envelope !== DROPPED) group.cancel(envelope)
    }
    if (status >= QUEUE_BACKPRESSURED) return status
    return Math.max(status, commit(way, envelope, lane, parcel.isAsked))
  }

  /** Which lane of a group is meant. */
  #laneIn({ group, topic }: Way, host: GroupHost | undefined, priority: number): number {
    const lane = priority < 0 ? topic.lane : this.#laneOf(group, topic, host, priority)
    if (topic.isDurable && group.lanes.isLossy(lane)) throw this.#lossy(group, lane)
    return lane
  }

  /** A group whose client the publisher does not know may lack the lane, or it may lose what the topic may not: then the topic's own. */
  #laneOf(group: Group, topic: GroupTopic, host: GroupHost | undefined, priority: number): number {
    const { lanes } = group
    if (group.host === host) return lanes.withPriority(priority)
    const lane = lanes.find(priority) ?? topic.lane
    return topic.isDurable && lanes.isLossy(lane) ? topic.lane : lane
  }

  #keyOfMessage(message: unknown): string | undefined {
    const keyOf = this.#keyOf
    if (keyOf === undefined) {
      if (this.#handle.type.hasKey) throw this.#keyless()
      return undefined
    }
    const key = keyOf(message) as unknown
    if (key !== undefined && typeof key !== 'string')
      throw badArgument('key', 'a string from the function of the schema', key)
    return key
  }

  /** What is passed by reference has no size but for bytes and text; records are of one size. */
  #checkSize(message: unknown): void {
    let bytes = this.#wideBytes
    if (typeof message === 'string') bytes = message.length
    else if (ArrayBuffer.isView(message)) bytes = message.byteLength
    if (bytes <= this.#payloadBytes) return
    throw new TickbusError('TICKBUS_PAYLOAD_SIZE', { topic: this.#handle.name, bytes, most: this.#payloadBytes })
  }

  #lossy(group: Group, lane: number): TickbusError {
    return new TickbusError('TICKBUS_LOSSY_LANE', { topic: this.#handle.name, lane: group.lanes.lanes[lane].name })
  }

  #keyless(): TickbusError {
    const reason = `Messages on "${this.#handle.name}" have a key, and this thread does not know the function: attach with the schema, MessageBus.attach(ticket, { schema }), or give the key.`
    return new TickbusError('TICKBUS_USAGE', { reason })
  }
}

function send({ message, outlet }: Parcel): number {
  outlet?.send(message)
  return QUEUE_ACCEPTED
}

function refuse(group: Group, lane: number): number {
  group.marks.refused(lane)
  return QUEUE_BACKPRESSURED
}

/** Queues what was reserved, unless its lane lets go of it; says how it was taken. */
function commit({ group, topic }: Way, envelope: number, lane: number, isAsked: boolean): number {
  if (envelope === DROPPED) {
    group.submissions.drop(lane)
    return QUEUE_SHED
  }
  if (envelope === SPILLED) {
    group.commitSpilled()
    return QUEUE_SPILLED
  }
  if (isAsked && group.lanes.conflates[lane]) {
    return group.commitConflating(envelope, topic, lane) ? QUEUE_CONFLATED : QUEUE_ACCEPTED
  }
  group.commit(envelope, topic, lane)
  return QUEUE_ACCEPTED
}
