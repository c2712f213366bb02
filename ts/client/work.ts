import type { Views } from '../bus/index.js'
import type { TickbusError } from '../errors.js'
import type { Delivery, DeliverySource } from './delivery.js'
import type { Word } from './word.js'

/** Called with each message that a group gets, and what there is to know about it. A promise that it returns is awaited. */
// oxlint-disable-next-line typescript/no-explicit-any -- a handler names the type that it expects; the bus cannot know it
export type GroupHandler<T = any> = GroupHandling<T>['handle']

/** Parameters of methods, and only theirs, may be narrower than asked for. */
interface GroupHandling<T> {
  handle(message: T, delivery: Delivery): unknown
}

/** One of those who compete for a group's messages. */
export interface Consumer {
  readonly pattern: string
  readonly handler: GroupHandler
}

/** A topic as the work of a group. */
export interface WorkTopic extends DeliverySource {
  /** Whether its messages may not be lost. */
  readonly isDurable: boolean
  /** Whether a message of which a copy was acknowledged is not handled again. */
  readonly isOnce: boolean
  /** Whose turn it is. */
  next(): Consumer
}

/** A message of a group whose handler threw, or whose promise rejected. */
export interface GroupHandlerError {
  error: unknown
  group: string
  topic: string
  pattern: string
  /** For a worker module a function that stands for it, by the module's URL. */
  handler: GroupHandler
  /** Faults of the same thread that were not told since the last one that was: a thread tells at most 100 a second. */
  untold?: number
}

/** A worker thread of a group ended unasked: what it had in hand is lost, what waits goes to the others, and it is replaced. */
export interface WorkerLoss {
  group: string
  /** worker_threads id. */
  thread: number
  code: number
  /** What it did not catch, if that ended it. */
  error: unknown
}

/** Worker threads of a group died too often to be replaced any more: those that are left go on, without any messages wait. */
export interface RestartLimit {
  group: string
  /** How many were replaced within the last 30 s. */
  restarts: number
  /** `TICKBUS_WORKER_RESTARTS`; its cause is what the last one did not catch. */
  error: TickbusError
}

/** A handler has been under way for very long: perhaps it never comes to its end, and its slot is lost. */
export interface StuckHandler {
  group: string
  /** How long the oldest handler of the group has been under way, in milliseconds. */
  ageMs: number
}

/**
 * What a runner works on: the messages of one group. Envelopes are leased by number, read in place, and settled one by one
 * in any order.
 */
export interface Work {
  readonly group: string
  /** The group's envelopes. */
  readonly envelopes: Views
  /** Priorities by lane. */
  readonly priorities: readonly number[]
  /** The lowest urgent lane; as many as there are lanes if none is. */
  readonly urgent: number
  /** The most urgent lane in which something was submitted since the last lease; -1 for none. */
  readonly arrived: number
  /** Whether anything was submitted since the last lease. */
  readonly hasNews: boolean
  /** Whether something urgent waited for its key when the last lease was made. */
  readonly isUrgentGated: boolean
  /** Whether the group lets go of everything that has not begun. */
  readonly closed: boolean
  /**
   * Leases up to `wanted` messages, and up to `urgent` more of urgent lanes, 64 in all; writes their numbers to `into` and
   * says how many they are.
   */
  lease(wanted: number, urgent: number, nowNs: number, into: Uint32Array): number
  /** The topic of a leased message. */
  topic(envelope: number): WorkTopic
  /** A leased message; throws if it cannot be read. */
  message(envelope: number, topic: WorkTopic): unknown
  /** The text of its key. */
  key(envelope: number): string | undefined
  /** Says what became of a leased message: one of the outcomes. */
  settle(envelope: number, generation: number, outcome: number): void
  /** A message that may not be lost was not acknowledged: it is tried again, or becomes a dead letter. */
  refuse(envelope: number, generation: number, delivery: Delivery, word: Word): void
  /** Whether a delivery of a message begins, of which copies may be handled already. If not, it is settled. */
  admits(envelope: number, generation: number, delivery: Delivery, message: unknown): boolean
  /**
   * An attempt begins of a message that may have been in hand when a process died. Resolves once that is known to the journal,
   * or with what the message is settled with instead.
   */
  begins(envelope: number, generation: number, attempt: number): Promise<number | undefined>
  /** A word on a delivery came too late. */
  late(): void
  failed(fault: GroupHandlerError): void
}
