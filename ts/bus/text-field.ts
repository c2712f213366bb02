/** Most bytes of a text field: its length is one byte before it. */
export const MOST_TEXT_BYTES = 255

/** Whether `value` is text of at most `most` bytes of UTF-8, with a partner for each surrogate. */
export function fitsText(value: unknown, most: number): boolean {
  if (typeof value !== 'string' || value.length > most) return false
  return isAscii(value) || (value.isWellFormed() && Buffer.byteLength(value) <= most)
}

/** Writes text that {@link fitsText}: its length, then its bytes. */
export function writeText(bytes: Uint8Array, at: number, value: string): void {
  bytes[at] = value.length
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i)
    if (code > 127) {
      writeUtf8(bytes, at, value)
      return
    }
    bytes[at + 1 + i] = code
  }
}

function writeUtf8(bytes: Uint8Array, at: number, value: string): void {
  const encoded = Buffer.from(value)
  bytes[at] = encoded.length
  bytes.set(encoded, at + 1)
}

/** Reads what {@link writeText} wrote. A torn length reads no further than the field. */
export function readText(bytes: Uint8Array, at: number, most: number): string {
  const end = at + 1 + Math.min(bytes[at], most)
  let text = ''
  for (let i = at + 1; i < end; i += 1) {
    if (bytes[i] > 127) return Buffer.from(bytes.subarray(at + 1, end)).toString()
    text += String.fromCharCode(bytes[i])
  }
  return text
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 127) return false
  return true
}
