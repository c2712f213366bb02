import { show, TickbusError } from '../errors.js'
import { RECORD_DOUBLE_EVENT, RECORD_DOUBLE_INIT } from '../layout.js'
import type { Epoch } from './epoch.js'

/** Typed views over the same memory; offsets are counted in elements of each. */
export interface Views {
  readonly words: Uint32Array
  readonly doubles: Float64Array
  readonly longs: BigInt64Array
  readonly bytes: Uint8Array
}

/** Views over all of some memory. */
export function viewsOf(memory: ArrayBufferLike): Views {
  return {
    words: new Uint32Array(memory),
    doubles: new Float64Array(memory),
    longs: new BigInt64Array(memory),
    bytes: new Uint8Array(memory),
  }
}

/**
 * Writes and reads one kind of message of fixed length. `at` is the double before its first field: the first double of
 * the 64-byte record, whose fields begin behind kind and topic; or the one before its place in the payload slab.
 */
export interface RecordCodec<T> {
  readonly kind: number
  readonly name: string
  /** Bytes of the payload slab that the fields take; 0 if they lie in the record. */
  readonly slabBytes: number
  /**
   * Checks the message, writes its fields, and returns the record's kind word.
   *
   * @throws {TickbusError} `TICKBUS_RECORD_FIELD`, `TICKBUS_RECORD_TIME`
   */
  write(views: Views, at: number, message: T, epoch: Epoch): number
  /** Reads what `write` wrote and said in the kind word. Torn fields give a torn message, and do nothing worse. */
  read(views: Views, at: number, epoch: Epoch, head: number): T
}

/** A message that lies in memory as a record of 64 bytes already, as its codec would write it on the bus. */
export interface WrittenRecord<T = unknown> {
  /** One without bytes in the slab. */
  readonly codec: RecordCodec<T>
  readonly views: Views
  /** The record's first double. */
  readonly at: number
  /** The kind word. */
  readonly head: number
  /** What its times count from: the epoch of the bus. */
  readonly epoch: Epoch
}

/** The message that a record says. */
export function messageOf<T>({ codec, views, at, head, epoch }: WrittenRecord<T>): T {
  return codec.read(views, at, epoch, head)
}

/** A message with times: what all market data has in common. */
export interface Timed {
  /** When it happened at the venue, UNIX nanoseconds. */
  tsEvent: bigint
  /** When the message was made here, UNIX nanoseconds. @default tsEvent */
  tsInit?: bigint
}

/**
 * Market data as Tickbus makes it: with times that count from the bus's epoch, as records carry them. The fields are those
 * of each class: to hand them to a constructor here would cost a quote ten nanoseconds more to make.
 */
export abstract class MarketData implements Timed {
  /** When it happened at the venue, in nanoseconds since `epoch`: the fast form of `tsEvent`. */
  abstract readonly eventNs: number
  /** When the message was made here, in nanoseconds since `epoch`: the fast form of `tsInit`. */
  abstract readonly initNs: number
  /** The instant from which `eventNs` and `initNs` count. */
  abstract readonly epoch: Epoch

  /** When it happened at the venue, UNIX nanoseconds. */
  get tsEvent(): bigint {
    return this.epoch.unixNsAt(this.eventNs)
  }

  /** When the message was made here, UNIX nanoseconds. */
  get tsInit(): bigint {
    return this.epoch.unixNsAt(this.initNs)
  }
}

/** Writes both times of a message. */
export function writeTimes(views: Views, at: number, message: Timed, epoch: Epoch, kind: string): void {
  const { doubles } = views
  if (message instanceof MarketData && message.epoch === epoch) {
    doubles[at + RECORD_DOUBLE_EVENT] = message.eventNs
    doubles[at + RECORD_DOUBLE_INIT] = message.initNs
    return
  }
  const event = epoch.offsetNs(message.tsEvent, 'tsEvent', kind)
  doubles[at + RECORD_DOUBLE_EVENT] = event
  doubles[at + RECORD_DOUBLE_INIT] =
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
