import { type Backend, backend, Epoch } from 'tickbus'
import { MarketDecoder, type MarketDecoderOptions, type MarketMessage } from 'tickbus/market'

/** The backends that this process can run on; TICKBUS_BACKEND leaves one. */
export const backends: readonly Backend[] =
  backend === 'native' && !process.env.TICKBUS_BACKEND ? ['native', 'js'] : [backend]

/** The epoch that decoders are opened with, UNIX nanoseconds. */
export const instant = 1_723_161_253_000_000_000n

/** Opens a decoder of spot frames. */
export function open(on: Backend, options: Partial<MarketDecoderOptions> = {}): MarketDecoder {
  return new MarketDecoder({ market: 'spot', epoch: new Epoch(instant), backend: on, ...options })
}

/** The messages in frames, given as text, bytes, or what JSON.stringify makes of them; all received at the epoch. */
export function framesOf(decoder: MarketDecoder, frames: readonly unknown[]): MarketMessage[] {
  const bytes = frames.map((frame) => (frame instanceof Uint8Array ? frame : Buffer.from(textOf(frame))))
  return decoder.frames(bytes, new Float64Array(bytes.length))
}

/** The one message in a frame. */
export function messageOf(decoder: MarketDecoder, frame: unknown): unknown {
  const messages = framesOf(decoder, [frame])
  if (messages.length !== 1) throw new Error(`expected a message, got ${JSON.stringify(decoder.report)}`)
  return messages[0]!.message
}

/** Why a frame was rejected: the reason, and the field if it is about one. */
export function rejectionOf(decoder: MarketDecoder, frame: unknown): string {
  const messages = framesOf(decoder, [frame])
  const [sample] = decoder.report.samples
  if (messages.length > 0 || sample === undefined) return 'it was taken'
  return sample.field === undefined ? sample.reason : `${sample.reason} ${sample.field}`
}

function textOf(frame: unknown): string {
  return typeof frame === 'string' ? frame : JSON.stringify(frame)
}
