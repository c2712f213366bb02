import { show, TickbusError } from '../errors.js'

/** Longest topic, endpoint or pattern, in UTF-8 bytes. */
const MOST_BYTES = 255

/**
 * Refuses what cannot be a topic: anything but 1 to 255 bytes of text, not blank, without wildcards.
 *
 * @throws {TickbusError} `TICKBUS_TOPIC`
 */
export function checkTopic(topic: unknown): asserts topic is string {
  const reason = fault(topic) ?? (/[*?]/.test(topic as string) ? 'it contains a wildcard' : undefined)
  if (reason !== undefined) throw new TickbusError('TICKBUS_TOPIC', { topic: show(topic), reason })
}

/**
 * Refuses what cannot be a pattern: anything but 1 to 255 bytes of text, not blank.
 *
 * @throws {TickbusError} `TICKBUS_PATTERN`
 */
export function checkPattern(pattern: unknown): asserts pattern is string {
  const reason = fault(pattern)
  if (reason !== undefined) throw new TickbusError('TICKBUS_PATTERN', { pattern: show(pattern), reason })
}

function fault(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'it is not a string'
  if (text.trim() === '') return 'it is empty or blank'
  // A UTF-16 unit takes three bytes at most, so that short names need no count.
  if (text.length > MOST_BYTES / 3 && Buffer.byteLength(text) > MOST_BYTES)
    return `it is longer than ${MOST_BYTES} bytes`
  return undefined
}
