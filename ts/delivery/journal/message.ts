/**
 * Messages as bodies of records: all that is needed to deliver one again, and nothing that lies elsewhere.
 * docs/journal-format.md has the envelope.
 */
import { badArgument, checkWhole } from '../../errors.js'
import { FRAME_BODY_BYTES_MOST } from '../../journal-core.js'

/** How a topic's messages are delivered. */
export type DeliveryClass = 'at-most-once' | 'at-least-once' | 'effectively-once'

/** How the payload is encoded. The journal only keeps it. */
export type PayloadEncoding = 'bytes' | 'json' | 'messagepack' | 'record'

export interface JournalMessage {
  /** 1 to 255 bytes of UTF-8. */
  readonly topic: string
  readonly payload: Uint8Array
  /** @default 'bytes' */
  readonly encoding?: PayloadEncoding
  /** Order domain, up to 65,535 bytes of UTF-8. @default none */
  readonly key?: string
  /** Number of the lane, 0 to 15. @default 1, NORMAL */
  readonly lane?: number
  /** When the message is of no use any more, UNIX nanoseconds. @default never */
  readonly deadlineNs?: bigint
  /** Deliveries before this one, 0 to 65,535: of a message that is written again. @default 0 */
  readonly attempt?: number
  /** 16 bytes, made by the publisher. @default none */
  readonly id?: Uint8Array
  /** @default 'at-least-once' */
  readonly delivery?: DeliveryClass
  /** What makes two messages the same, where that is not the id; up to 65,535 bytes of UTF-8. @default none */
  readonly idempotencyKey?: string
}

const VERSION = 1
const FIXED_BYTES = 8
const HAS_KEY = 1
const HAS_ID = 2
const HAS_DEADLINE = 4
const HAS_IDEMPOTENCY_KEY = 8
const ID_BYTES = 16
const TOPICS_MOST = 4_096
const CLASSES: readonly DeliveryClass[] = ['at-most-once', 'at-least-once', 'effectively-once']
const ENCODINGS: readonly PayloadEncoding[] = ['bytes', 'json', 'messagepack', 'record']
const AT_LEAST_ONCE = CLASSES.indexOf('at-least-once')
const BYTES = ENCODINGS.indexOf('bytes')

const utf8 = new TextEncoder()
const text = new TextDecoder()

/** Names of topics as bytes: encoding one anew would cost as much as all the rest of a record. */
export class TopicNames {
  readonly #encoded = new Map<string, Uint8Array>()

  encoded(topic: string): Uint8Array {
    let bytes = this.#encoded.get(topic)
    if (bytes === undefined) {
      bytes = utf8.encode(topic)
      // Names that are made up as they are needed must not fill the memory; those in use come back at once.
      if (this.#encoded.size >= TOPICS_MOST) this.#encoded.clear()
      this.#encoded.set(topic, bytes)
    }
    return bytes
  }
}

/** Most bytes that the envelope of a message takes, the payload left out. */
export function envelopeBytesMost({ topic, key, idempotencyKey }: JournalMessage): number {
  const units = topic.length + (key?.length ?? 0) + (idempotencyKey?.length ?? 0)
  return FIXED_BYTES + 2 + ID_BYTES + 8 + 2 + 3 * units
}

/** @throws {TickbusError} `TICKBUS_ARGUMENT` */
export function checkMessage(message: JournalMessage): void {
  const { topic, payload, encoding, key, lane, deadlineNs, attempt, id, delivery, idempotencyKey } = message
  checkText('topic', topic, 1, 255)
  if (!(payload instanceof Uint8Array)) throw badArgument('payload', 'a Uint8Array', payload)
  if (payload.length + 2 ** 18 > FRAME_BODY_BYTES_MOST) throw badArgument('payload', 'fewer bytes', payload.length)
  if (encoding !== undefined) checkOneOf('encoding', encoding, ENCODINGS)
  if (key !== undefined) checkText('key', key, 0, 65_535)
  if (idempotencyKey !== undefined) checkText('idempotencyKey', idempotencyKey, 0, 65_535)
  if (lane !== undefined) checkWhole('lane', lane, 0, 15)
  if (attempt !== undefined) checkWhole('attempt', attempt, 0, 65_535)
  if (deadlineNs !== undefined && (typeof deadlineNs !== 'bigint' || deadlineNs < 0n || deadlineNs >= 2n ** 64n)) {
    throw badArgument('deadlineNs', 'UNIX nanoseconds as a bigint', deadlineNs)
  }
  if (id !== undefined && !(id instanceof Uint8Array && id.length === ID_BYTES)) {
    throw badArgument('id', '16 bytes', id)
  }
  if (delivery !== undefined) checkOneOf('delivery', delivery, CLASSES)
}

/**
 * Writes a checked message at `at`, where there is room for it; returns where it ends. `names` has the topics that were
 * encoded before.
 */
export function writeMessage(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  message: JournalMessage,
  names: TopicNames,
): number {
  const { topic, payload, key, deadlineNs, id, idempotencyKey } = message
  const name = names.encoded(topic)
  const topicBytes = name.length
  let end = at + FIXED_BYTES
  // A topic is a few bytes: a loop is faster than a call.
  for (let place = 0; place < topicBytes; place++) bytes[end++] = name[place]
  let flags = 0
  if (key !== undefined) {
    flags |= HAS_KEY
    end = writeText(bytes, view, end, key)
  }
  if (id !== undefined) {
    flags |= HAS_ID
    bytes.set(id, end)
    end += ID_BYTES
  }
  if (deadlineNs !== undefined) {
    flags |= HAS_DEADLINE
    view.setBigUint64(end, deadlineNs, true)
    end += 8
  }
  if (idempotencyKey !== undefined) {
    flags |= HAS_IDEMPOTENCY_KEY
    end = writeText(bytes, view, end, idempotencyKey)
  }
  bytes[at] = VERSION
  bytes[at + 1] = flags
  bytes[at + 2] = message.lane ?? 1
  bytes[at + 3] = message.delivery === undefined ? AT_LEAST_ONCE : CLASSES.indexOf(message.delivery)
  bytes[at + 4] = message.encoding === undefined ? BYTES : ENCODINGS.indexOf(message.encoding)
  bytes[at + 5] = topicBytes
  view.setUint16(at + 6, message.attempt ?? 0, true)
  bytes.set(payload, end)
  return end + payload.length
}

/** The topic of a body, without the rest. */
export function readTopic(bytes: Uint8Array): string {
  return text.decode(bytes.subarray(FIXED_BYTES, FIXED_BYTES + bytes[5]))
}

/** Reads a body back; the payload is a copy. */
export function readMessage(bytes: Uint8Array): JournalMessage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const flags = bytes[1]
  let at = FIXED_BYTES + bytes[5]
  const read = (length: number): Uint8Array => bytes.subarray(at, (at += length))
  const readText = (): string => text.decode(read(view.getUint16((at += 2) - 2, true)))
  const topic = text.decode(bytes.subarray(FIXED_BYTES, at))
  const key = flags & HAS_KEY ? { key: readText() } : {}
  const id = flags & HAS_ID ? { id: read(ID_BYTES).slice() } : {}
  const deadline = flags & HAS_DEADLINE ? { deadlineNs: view.getBigUint64((at += 8) - 8, true) } : {}
  const idempotencyKey = flags & HAS_IDEMPOTENCY_KEY ? { idempotencyKey: readText() } : {}
  return {
    topic,
    payload: bytes.slice(at),
    encoding: ENCODINGS[bytes[4]],
    lane: bytes[2],
    attempt: view.getUint16(6, true),
    delivery: CLASSES[bytes[3]],
    ...key,
    ...id,
    ...deadline,
    ...idempotencyKey,
  }
}

function writeText(bytes: Uint8Array, view: DataView, at: number, value: string): number {
  const { written } = utf8.encodeInto(value, bytes.subarray(at + 2))
  view.setUint16(at, written, true)
  return at + 2 + written
}

function checkText(name: string, value: string, least: number, most: number): void {
  // Three bytes for each unit at most: what is short needs no count.
  const bytes = typeof value === 'string' ? (3 * value.length <= most ? value.length : Buffer.byteLength(value)) : -1
  if (bytes < least || bytes > most) throw badArgument(name, `text of ${least} to ${most} bytes`, value)
}

function checkOneOf(name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw badArgument(name, `one of ${choices.join(', ')}`, value)
}
