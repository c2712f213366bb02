import { badArgument } from '../errors.js'

/** How a message is queued. What is left out the topic says, by its schema. */
export interface PublishOptions {
  /** Which lane: one of {@link Priority}, or the priority of a lane of your own. @default the topic's, or Priority.NORMAL */
  priority?: number
  /** What the message is about: messages with one key keep their order. @default what the topic's function says */
  key?: string
  /** How long it may wait, in milliseconds; if its handler has not begun by then, it does not. @default as long as it takes */
  deadlineMs?: number
}

/** How a message was taken. Of several groups the worst counts, the last of these. */
export type PublishStatus = 'accepted' | 'conflated' | 'spilled' | 'shed' | 'backpressured' | 'closed'

/** By the numbers of ts/bus/queue.ts. */
export const STATUSES: readonly PublishStatus[] = [
  'accepted',
  'conflated',
  'spilled',
  'shed',
  'backpressured',
  'closed',
]

/** What `publish` resolves to. */
export interface Receipt {
  /** A whole number that rises with each message of the thread, unique in the process. */
  readonly id: number
  readonly status: 'accepted' | 'conflated' | 'spilled' | 'shed'
  /** Its place in the client's journal, if its topic is journalled: unique for good. */
  readonly sequence?: number
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` */
export function checkKey(key: unknown): void {
  if (key !== undefined && typeof key !== 'string') throw badArgument('key', 'a string', key)
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` */
export function checkDeadline(deadlineMs: number): void {
  if (typeof deadlineMs === 'number' && deadlineMs >= 0 && deadlineMs < Infinity) return
  throw badArgument('deadlineMs', 'milliseconds, 0 or more', deadlineMs)
}
