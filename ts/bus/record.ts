import { show, TickbusError } from '../errors.js'
import { RECORD_DOUBLE_EVENT, RECORD_DOUBLE_INIT } from '../layout.js'
import type { Epoch } from './epoch.js'

/** Typed views over the same memory; offsets are counted in elements of each. */
export interface Views {
  readonly words: Uint32Array
  readonly doubles: Float64Array
  readonly bytes: Uint8Array
}

/**
 * Writes and reads one kind of fixed 64-byte record. `at` is the record's first double; its first word is `2 * at`.
 * `write` checks before it writes and throws `TICKBUS_RECORD_FIELD` or `TICKBUS_RECORD_TIME`; it sets the kind word,
 * and leaves the topic word alone.
 */
export interface RecordCodec<T> {
  readonly kind: number
  readonly name: string
  write(views: Views, at: number, message: T, epoch: Epoch): void
  read(views: Views, at: number, epoch: Epoch): T
}

/** A message with times: what `quote()` and `trade()` have in common. */
export interface Timed {
  /** When it happened at the venue, UNIX nanoseconds. */
  tsEvent: bigint
  /** When the message was made here, UNIX nanoseconds. @default tsEvent */
  tsInit?: bigint
}

/** Writes both times of a message that carries them as UNIX nanoseconds. */
export function writeTimes(views: Views, at: number, message: Timed, epoch: Epoch, kind: string): void {
  const event = epoch.offsetNs(message.tsEvent, 'tsEvent', kind)
  views.doubles[at + RECORD_DOUBLE_EVENT] = event
  views.doubles[at + RECORD_DOUBLE_INIT] =
    message.tsInit === undefined ? event : epoch.offsetNs(message.tsInit, 'tsInit', kind)
}

/** Refuses anything but a number; the caller names the kind and the field. */
export function checkNumber(value: unknown, kind: string, field: string): void {
  if (typeof value === 'number') return
  throw new TickbusError('TICKBUS_RECORD_FIELD', { kind, field, expected: 'a number', got: show(value) })
}

/** Refuses anything but an object. */
export function checkObject(message: unknown, kind: string): void {
  if (typeof message === 'object' && message !== null) return
  throw new TickbusError('TICKBUS_RECORD_FIELD', {
    kind,
    field: 'the message',
    expected: 'an object',
    got: show(message),
  })
}
