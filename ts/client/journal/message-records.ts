import type { TopicHandle } from '../../bus/index.js'
import type { JournalMessage } from '../../delivery/index.js'
import { badArgument, TickbusError } from '../../errors.js'
import type { GroupHost } from '../group-host.js'
import type { Journalled } from './dispatch-line.js'
import type { JournalPayloads } from './payload.js'

const NONCE_BYTES = 8

/** Messages as the journal has them. */
export class MessageRecords {
  readonly #host: GroupHost
  readonly #payloads: JournalPayloads
  /** Random bytes of this process, then the receipt's id. */
  readonly #id = new Uint8Array(2 * NONCE_BYTES)
  readonly #idView = new DataView(this.#id.buffer)

  constructor(host: GroupHost, payloads: JournalPayloads, fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#host = host
    this.#payloads = payloads
    fillRandom(this.#id.subarray(0, NONCE_BYTES))
  }

  /**
   * The record of a message, whose id is there until the next one is asked for.
   *
   * @throws {TickbusError} `TICKBUS_PAYLOAD_SIZE`, and what an encoder throws
   */
  of(
    handle: TopicHandle,
    message: unknown,
    { key, lane, expiresNs, id }: Pick<Journalled, 'key' | 'lane' | 'expiresNs' | 'id'>,
  ): JournalMessage {
    const { settings, epoch } = this.#host
    const { name: topic, type } = handle
    const { payload, encoding } = this.#payloads.encode(topic, type, message)
    const most = settings.payloadBytes
    if (payload.length > most) throw new TickbusError('TICKBUS_PAYLOAD_SIZE', { topic, bytes: payload.length, most })
    this.#idView.setFloat64(NONCE_BYTES, id, true)
    const { delivery = 'at-least-once', idempotencyKey } = type.options
    const isOnce = delivery === 'effectively-once' && idempotencyKey !== undefined
    return {
      topic,
      payload,
      encoding,
      lane,
      delivery,
      id: this.#id,
      ...(key === undefined ? undefined : { key }),
      ...(expiresNs < 0 ? undefined : { deadlineNs: epoch.unixNsAt(expiresNs) }),
      ...(isOnce ? { idempotencyKey: textOf('idempotencyKey', idempotencyKey, message)! } : undefined),
    }
  }
}

/** What a function of the schema says of a message. */
export function textOf(
  name: string,
  of: ((message: never) => string) | undefined,
  message: unknown,
): string | undefined {
  if (of === undefined) return undefined
  const text = of(message as never) as unknown
  if (text === undefined || typeof text === 'string') return text
  throw badArgument(name, 'a string from the function of the schema', text)
}
