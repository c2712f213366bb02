import { show, TickbusError } from '../errors.js'

/** Longest topic, endpoint or pattern, in UTF-8 bytes. */
const MOST_BYTES = 255

/**
 * Refuses what cannot be a topic: anything but 1 to 255 bytes of text, not blank, without wildcards.
 *
 * @throws {TickbusError} `TICKBUS_TOPIC`
 */
export function checkTopic(topic: unknown): asserts topic is string {
  const reason = textFault(topic) ?? wildcard(topic as string)
  if (reason !== undefined) throw new TickbusError('TICKBUS_TOPIC', { topic: show(topic), reason })
}

/**
 * Refuses what cannot name an endpoint: the same as for topics.
 *
 * @throws {TickbusError} `TICKBUS_ENDPOINT`
 */
export function checkEndpoint(endpoint: unknown): asserts endpoint is string {
  const reason = textFault(endpoint) ?? wildcard(endpoint as string)
  if (reason !== undefined) throw new TickbusError('TICKBUS_ENDPOINT', { endpoint: show(endpoint), reason })
}

/**
 * Refuses what cannot be a pattern: anything but 1 to 255 bytes of text, not blank.
 *
 * @throws {TickbusError} `TICKBUS_PATTERN`
 */
export function checkPattern(pattern: unknown): asserts pattern is string {
  const reason = textFault(pattern)
  if (reason !== undefined) throw new TickbusError('TICKBUS_PATTERN', { pattern: show(pattern), reason })
}

/** Whether a text can match others than itself. */
export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?')
}

function wildcard(text: string): string | undefined {
  return hasWildcard(text) ? 'it contains a wildcard' : undefined
}

/** Says why something cannot be a topic, an endpoint, a pattern or a template, whatever stands in it. */
export function textFault(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'it is not a string'
  if (text.trim() === '') return 'it is empty or blank'
  // A UTF-16 unit takes three bytes at most, so that short names need no count.
  if (text.length > MOST_BYTES / 3 && Buffer.byteLength(text) > MOST_BYTES)
    return `it is longer than ${MOST_BYTES} bytes`
  // It would become U+FFFD in UTF-8, and two names would be one.
  if (!text.isWellFormed()) return 'it has half of a surrogate pair, which no UTF-8 text has'
  return undefined
}
