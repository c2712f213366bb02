/** Bytes of a UUID, and characters of its text. */
export const UUID_BYTES = 16
const UUID_LENGTH = 36

/** The one form that comes back as it was: 8, 4, 4, 4 and 12 hexadecimal digits in lower case. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Where the text has a dash, by the byte before which it stands. */
const DASH_BEFORE = new Set([4, 6, 8, 10])
const TEXTS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Writes a UUID's bytes, the first at `first`. Says whether the text is one; if not, nothing is written. */
export function writeUuid(bytes: Uint8Array, first: number, text: string): boolean {
  if (text.length !== UUID_LENGTH || !UUID.test(text)) return false
  let at = 0
  for (let i = 0; i < UUID_BYTES; i += 1) {
    if (DASH_BEFORE.has(i)) at += 1
    bytes[first + i] = Number.parseInt(text.slice(at, at + 2), 16)
    at += 2
  }
  return true
}

/** The text of the UUID whose bytes begin at `first`. */
export function readUuid(bytes: Uint8Array, first: number): string {
  let text = ''
  for (let i = 0; i < UUID_BYTES; i += 1) text += `${DASH_BEFORE.has(i) ? '-' : ''}${TEXTS[bytes[first + i]!]!}`
  return text
}
