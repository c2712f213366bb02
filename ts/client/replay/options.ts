import { checkPattern } from '../../bus/index.js'
import type { RetryRules } from '../../delivery/index.js'
import { badArgument, checkWhole } from '../../errors.js'
import { deliverySettings } from '../delivery-options.js'
import type { ReplayedDelivery } from './replayed-delivery.js'

/** Called with each message of a replay, and what there is to know about it. A promise that it returns is awaited. */
// oxlint-disable-next-line typescript/no-explicit-any -- a handler names the type that it expects; the journal cannot know it
export type ReplayHandler<T = any> = ReplayHandling<T>['handle']

/** Parameters of methods, and only theirs, may be narrower than asked for. */
interface ReplayHandling<T> {
  handle(message: T, delivery: ReplayedDelivery): unknown
}

// oxlint-disable-next-line typescript/no-explicit-any -- see ReplayHandler
export interface ReplayOptions<T = any, Pattern extends string = string> {
  /** Gets the messages, and nobody else does. One that returns, or whose promise resolves, acknowledges. */
  handler: ReplayHandler<T>
  /** Patterns of topics. @default all that are journalled */
  topics?: Pattern | readonly Pattern[]
  /**
   * Where it begins: a sequence as a number, or a time in UNIX nanoseconds as a bigint, from which on it was appended. A name
   * that the journal knows goes on where it was instead. @default the oldest that is there
   */
  from?: number | bigint
  /** The last sequence, or the last time; that one included. @default what was last when the replay began */
  to?: number | bigint
  /** How many times the pace at which it was appended, 0.001 to 1,000,000; or as fast as the handler takes it. @default 'max' */
  speed?: number | 'max'
  /**
   * Whose cursor in the journal says what is done, 1 to 255 bytes, not beginning with `#`: the next replay of that name goes on
   * there, in this process or another. Files stay as long as it has not been through them. @default nobody's
   */
  name?: string
  /** Goes on with what is published from now on, and ends when it is stopped. @default false */
  follow?: boolean
  /**
   * Most handlers under way at once, 1 to 256. From 2 on only messages of one key keep their order. @default 1
   */
  concurrency?: number
  /** Deliveries of a message until it has failed, 1 to 1,000; those that its handler put off by `retryLater` apart. @default 5 */
  maxDeliver?: number
  /** Waits before the second delivery and so on, as a group's. @default [10, 100, 1_000, 5_000, 30_000] */
  backoffMs?: readonly number[]
  /** How long a handler's promise may take, in milliseconds; then it is tried again, and what it says counts no more. @default 5_000 */
  ackWaitMs?: number
  /** What becomes of a message that has failed: the replay ends in front of it, or passes it over and counts it. @default 'stop' */
  onFailure?: 'stop' | 'skip'
  /** Stops the replay when it aborts. */
  signal?: AbortSignal
}

/** All of them, checked. */
export interface ReplaySettings {
  readonly handler: ReplayHandler
  readonly topics: readonly string[]
  readonly from: number | bigint | undefined
  readonly to: number | bigint | undefined
  readonly speed: number | 'max'
  readonly name: string | undefined
  readonly follow: boolean
  readonly concurrency: number
  readonly rules: RetryRules
  readonly ackWaitNs: number
  readonly skips: boolean
  readonly signal: AbortSignal | undefined
}

export const CONCURRENCY_MOST = 256

const OPTIONS: readonly string[] = [
  'handler',
  'topics',
  'from',
  'to',
  'speed',
  'name',
  'follow',
  'concurrency',
  'maxDeliver',
  'backoffMs',
  'ackWaitMs',
  'onFailure',
  'signal',
]

/** @throws {TickbusError} `TICKBUS_ARGUMENT`, `TICKBUS_PATTERN` */
export function replaySettings(options: ReplayOptions): ReplaySettings {
  if (typeof options !== 'object' || options === null) throw badArgument('options', 'an object', options)
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) throw badArgument('options', `some of ${OPTIONS.join(', ')}`, name)
  }
  const { handler, topics = '*', from, to, speed = 'max', name, follow = false } = options
  const { concurrency = 1, onFailure = 'stop', signal, maxDeliver, backoffMs, ackWaitMs } = options
  if (typeof handler !== 'function') throw badArgument('handler', 'a function', handler)
  const patterns: readonly string[] = typeof topics === 'string' ? [topics] : topics
  if (!Array.isArray(patterns) || patterns.length === 0) throw badArgument('topics', 'one pattern or more', topics)
  for (const pattern of patterns) checkPattern(pattern)
  if (from !== undefined) checkPlace('from', from)
  if (to !== undefined) checkPlace('to', to)
  if (typeof from === typeof to && from !== undefined && to! < from) throw badArgument('to', `${from} or later`, to)
  if (speed !== 'max' && !(typeof speed === 'number' && speed >= 0.001 && speed <= 1_000_000)) {
    throw badArgument('speed', "0.001 to 1,000,000 or 'max'", speed)
  }
  if (name !== undefined) checkName(name)
  if (typeof follow !== 'boolean') throw badArgument('follow', 'true or false', follow)
  if (follow && to !== undefined) throw badArgument('to', 'undefined where the replay follows', to)
  checkWhole('concurrency', concurrency, 1, CONCURRENCY_MOST)
  if (onFailure !== 'stop' && onFailure !== 'skip') throw badArgument('onFailure', "'stop' or 'skip'", onFailure)
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw badArgument('signal', 'an AbortSignal', signal)
  const { rules, ackWait } = deliverySettings({
    ...(maxDeliver === undefined ? {} : { maxDeliver }),
    ...(backoffMs === undefined ? {} : { backoffMs }),
    ...(ackWaitMs === undefined ? {} : { ackWaitMs }),
  })
  return {
    handler,
    topics: [...patterns],
    from,
    to,
    speed,
    name,
    follow,
    concurrency,
    rules,
    ackWaitNs: ackWait.durableNs,
    skips: onFailure === 'skip',
    signal,
  }
}

/** A bigint that no clock of our time shows is a sequence that somebody took for one. */
function checkPlace(name: string, place: unknown): void {
  if (typeof place === 'bigint' && (place === 0n || place > BigInt(Number.MAX_SAFE_INTEGER)) && place < 2n ** 64n)
    return
  if (Number.isSafeInteger(place) && (place as number) >= 1) return
  throw badArgument(name, 'a sequence as a number, 1 or more, or UNIX nanoseconds as a bigint', place)
}

function checkName(name: unknown): void {
  const bytes = typeof name === 'string' && name.trim() !== '' ? Buffer.byteLength(name) : 0
  if (bytes >= 1 && bytes <= 255 && !(name as string).startsWith('#')) return
  throw badArgument('name', 'a text of 1 to 255 bytes that does not begin with #', name)
}
