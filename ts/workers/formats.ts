import { show, TickbusError } from '../errors.js'

/**
 * A message as JSON text in UTF-8.
 *
 * @throws {TickbusError} `TICKBUS_ENCODE` for what JSON cannot say: cycles, bigints, and functions or undefined as a whole.
 */
export function encodeJson(topic: string, message: unknown): Uint8Array {
  let text: string | undefined
  try {
    text = JSON.stringify(message)
  } catch (error) {
    throw new TickbusError('TICKBUS_ENCODE', { topic, reason: String((error as Error).message) }, error)
  }
  if (text === undefined)
    throw new TickbusError('TICKBUS_ENCODE', { topic, reason: `JSON cannot say ${show(message)}` })
  return Buffer.from(text)
}

/** Throws what `JSON.parse` throws. */
export function decodeJson(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString())
}

/**
 * Bytes as they are.
 *
 * @throws {TickbusError} `TICKBUS_ENCODE` if the message is no `Uint8Array`.
 */
export function encodeBytes(topic: string, message: unknown): Uint8Array {
  if (message instanceof Uint8Array) return message
  throw new TickbusError('TICKBUS_ENCODE', { topic, reason: `bytes() takes a Uint8Array, got ${show(message)}` })
}

/** A copy, since the bytes are overwritten after the call. */
export function decodeBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}
