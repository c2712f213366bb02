/**
 * CRC-32C (polynomial of G. Castagnoli, reflected) by sixteen tables at a time, as M. Kounavis and F. Berry have described
 * it ("slicing by 8", here by 16): a gigabyte takes less than a second.
 */

const SLICES = 16
const TABLES = makeTables()

/** Of the bytes that were summed last: a journal sums many records of one buffer. Reading whole words needs it. */
let view: DataView = new DataView(new ArrayBuffer(0))
let viewed: Uint8Array | undefined

/** The checksum of `bytes` from `start` to `end`, going on from `before`. */
export function crc32c(bytes: Uint8Array, start: number, end: number, before = 0): number {
  if (viewed !== bytes) {
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    viewed = bytes
  }
  const words = view
  let sum = ~before
  let at = start
  for (const last = end - 15; at < last; at += 16) {
    const a = sum ^ words.getInt32(at, true)
    const b = words.getInt32(at + 4, true)
    const c = words.getInt32(at + 8, true)
    const d = words.getInt32(at + 12, true)
    sum =
      TABLES[3840 + (a & 0xff)] ^
      TABLES[3584 + ((a >>> 8) & 0xff)] ^
      TABLES[3328 + ((a >>> 16) & 0xff)] ^
      TABLES[3072 + (a >>> 24)] ^
      TABLES[2816 + (b & 0xff)] ^
      TABLES[2560 + ((b >>> 8) & 0xff)] ^
      TABLES[2304 + ((b >>> 16) & 0xff)] ^
      TABLES[2048 + (b >>> 24)] ^
      TABLES[1792 + (c & 0xff)] ^
      TABLES[1536 + ((c >>> 8) & 0xff)] ^
      TABLES[1280 + ((c >>> 16) & 0xff)] ^
      TABLES[1024 + (c >>> 24)] ^
      TABLES[768 + (d & 0xff)] ^
      TABLES[512 + ((d >>> 8) & 0xff)] ^
      TABLES[256 + ((d >>> 16) & 0xff)] ^
      TABLES[d >>> 24]
  }
  for (; at < end; at++) sum = TABLES[(sum ^ bytes[at]) & 0xff] ^ (sum >>> 8)
  return ~sum >>> 0
}

/** Tables of 256 entries: the nth says what a byte does to the sum n bytes later. */
function makeTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0x82f6_3b78 : 0)
    tables[byte] = sum
  }
  for (let place = 256; place < tables.length; place++) {
    const before = tables[place - 256]
    tables[place] = tables[before & 0xff] ^ (before >>> 8)
  }
  return tables
}
