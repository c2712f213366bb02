/** First byte of a text frame that is whole (RFC 6455, 5.2). A server's frames have no mask. */
const WHOLE_TEXT = 0x81
const SHORT_MOST = 125
const LENGTH_OF_16_BITS = 126
const LENGTH_OF_64_BITS = 127

/** A text as a WebSocket frame, made once for all who get it; `bytes` is the text in it. */
export function wireOf(text: Uint8Array): { wire: Buffer; bytes: Buffer } {
  const head = text.length <= SHORT_MOST ? 2 : text.length <= 0xffff ? 4 : 10
  const wire = Buffer.allocUnsafe(head + text.length)
  wire[0] = WHOLE_TEXT
  if (head === 2) wire[1] = text.length
  else if (head === 4) {
    wire[1] = LENGTH_OF_16_BITS
    wire.writeUInt16BE(text.length, 2)
  } else {
    wire[1] = LENGTH_OF_64_BITS
    wire.writeBigUInt64BE(BigInt(text.length), 2)
  }
  wire.set(text, head)
  return { wire, bytes: wire.subarray(head) }
}
