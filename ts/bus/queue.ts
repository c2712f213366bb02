import type { Outlet, TopicHandle } from './topic.js'

/** How queues took a message, from best to worst: of several, the highest counts. */
export const QUEUE_ACCEPTED = 0
/** It took the place of one that waited. */
export const QUEUE_CONFLATED = 1
export const QUEUE_SPILLED = 2
/** There was no room, and the lane lets go of what comes last. */
export const QUEUE_SHED = 3
/** There was no room: nobody gets it. */
export const QUEUE_BACKPRESSURED = 4
export const QUEUE_CLOSED = 5

/** How a message is to be queued, where its publisher says so. Read before anything else happens, so that one object will do. */
export interface QueueTerms {
  /** The priority of a lane; -1 for the topic's own lane. */
  priority: number
  /** What the message is about; undefined for what the topic's own function says. */
  key: string | undefined
  /** How long it may wait, in milliseconds; 0 or more, -1 for as long as it takes. */
  deadlineMs: number
  /** The message's id. */
  id: number
  /** Its place in the client's journal, if it has one: then it is not refused any more. */
  sequence?: number
}

/** A queue of this thread that takes what is published on topics that its patterns match: a consumer group. */
export interface Queue {
  /** Rises with each queue on the bus, so that lists of them have an order. */
  readonly sequence: number
  /** The way in for one topic, to all queues that match it. `before` is the one whose place it takes. */
  intake(topic: TopicHandle, queues: readonly Queue[], before: Intake | undefined): Intake
  /** The bus was closed. What is under way may go on for `timeoutMs`. */
  shut(timeoutMs: number): void
}

/** The way into the queues for one topic. */
export interface Intake {
  readonly queues: readonly Queue[]
  /**
   * Queues a message under the topic's own terms. A queue that has no room for it is a count and nothing else: then no queue
   * takes it, and everybody else gets it.
   *
   * What cannot be encoded throws before anything happened; `outlet`, where given, sends it to other threads before it is
   * queued.
   */
  take(message: unknown, outlet: Outlet | undefined): void
  /** The same under other terms; says how it was taken. Nobody gets what is refused, other threads included. */
  offer(message: unknown, outlet: Outlet | undefined, terms: QueueTerms): number
  /** Queues a message of another thread as its publisher there said; as with `take`, a queue without room for it is a count. */
  receive(message: unknown, terms: QueueTerms): void
  /** No queue matches the topic any more, or the topic was dropped. */
  close(): void
}
