import { badArgument } from '../errors.js'
import { loadCore } from '../native/index.js'

/**
 * Whether `pattern` matches all of `topic`: the matcher behind every subscription. Both are taken as UTF-8 bytes; `*` is
 * any run of bytes, dots and nothing included, `?` is exactly one byte, everything else stands for itself.
 *
 * @throws {TickbusError} `TICKBUS_ARGUMENT` if one of them is not a string.
 */
export function isMatching(topic: string, pattern: string): boolean {
  checkString('topic', topic)
  checkString('pattern', pattern)
  return loadCore().isMatching(topic, pattern)
}

function checkString(name: string, value: unknown): void {
  if (typeof value !== 'string') throw badArgument(name, 'a string', value)
}
