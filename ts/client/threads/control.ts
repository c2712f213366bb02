import type { StructureTable } from '../../workers/index.js'
import type { Judgement } from '../refusals.js'
import type { Failure } from '../retries.js'

/** What the thread that owns a group tells its worker threads. Posted before the first message that it is needed for. */
export type ToThread =
  | ({ readonly type: 'define' } & Definition)
  | { readonly type: 'structures'; readonly table: StructureTable }
  /** What to settle a message with that was not acknowledged. */
  | ({ readonly type: 'judgement' } & Held & Judgement)
  /** A message may begin for which the thread has asked; or what it is settled with instead. */
  | ({ readonly type: 'begin'; readonly outcome: number | undefined } & Held)
  /** Give back what has not begun, finish what is under way, then leave. */
  | { readonly type: 'retire' }
  /** Abort the signals of all that is under way. */
  | { readonly type: 'abort'; readonly reason: unknown }
  /** Finish what is under way, for so long at most, then leave. */
  | { readonly type: 'close'; readonly timeoutMs: number }

/** What a worker thread tells the owner. */
export type FromThread =
  | { readonly type: 'ready'; readonly slot: number }
  /** It did not come so far, and ends. */
  | { readonly type: 'refused'; readonly reason: string; readonly error: unknown }
  | ({ readonly type: 'fault' } & Fault)
  | ({ readonly type: 'expired' } & ExpiredCopy)
  /** A message that may not be lost was not acknowledged: the thread keeps it until it is told what becomes of it. */
  | ({ readonly type: 'unacknowledged'; readonly failure: Failure } & Held)
  /** An attempt begins once the journal knows of it, and the owner has said so. */
  | ({ readonly type: 'begins'; readonly attempt: number } & Held)
  /** A word on a delivery came too late. */
  | { readonly type: 'late' }
  /** It takes nothing more, and has settled all that it began. */
  | { readonly type: 'left' }
  /** Its `close` threw. */
  | { readonly type: 'closeFailed'; readonly error: unknown }

/** What a topic's number in envelopes stands for. */
export interface Definition {
  readonly number: number
  readonly topic: string
  readonly pattern: string
  readonly isDurable: boolean
  readonly isOnce: boolean
}

/** A message that a thread has in hand. */
export interface Held {
  readonly envelope: number
  readonly generation: number
}

/** A message whose deadline passed while it waited, as bytes. Told before its envelope is given back. */
export interface ExpiredCopy {
  readonly number: number
  readonly generation: number
  readonly envelope: ArrayBuffer
  /** Its block of the slab; empty if it has none. */
  readonly bytes: ArrayBuffer
}

/** A handler threw, or its promise rejected, or a message could not be read. */
export interface Fault {
  readonly error: unknown
  readonly topic: string
  readonly pattern: string
  /** Faults that were not told since the last one that was. */
  readonly untold: number
}

/** An error as it can be cloned into another thread. */
export function portable(error: unknown): unknown {
  if (!(error instanceof Error)) return isPlain(error) ? error : String(error)
  const { name, message, stack } = error
  const copy = new Error(message)
  Object.assign(copy, { name })
  if (stack !== undefined) copy.stack = stack
  return copy
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'undefined', 'bigint'].includes(typeof value)
}
