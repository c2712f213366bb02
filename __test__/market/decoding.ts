import { type Backend, backend, Epoch, Quote, Trade } from 'tickbus'
import { MarketDecoder, type MarketDecoderOptions, type MarketMessage } from 'tickbus/market'
import { COUNT_RECORDS, RECORD_BYTES } from '../../dist/layout.js'
import type { DecodedVenue, Decoder } from '../../dist/market-core.js'
import { loadMarketCore } from '../../dist/native/index.js'

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

/** A message with all that it says, times included, as plain data. */
export function plain({ topic, message }: MarketMessage): Record<string, unknown> {
  if (!(message instanceof Quote) && !(message instanceof Trade)) return { topic, ...message }
  const { epoch: _epoch, eventNs: _eventNs, initNs: _initNs, ...fields } = message
  return { topic, ...fields, tsEvent: message.tsEvent, tsInit: message.tsInit }
}

/** A backend's decoder, with the epoch of the others. */
export function openCore(on: Backend, venue: DecodedVenue = 'BINANCE'): Decoder {
  const decoder = loadMarketCore(on).openDecoder({ venue, symbols: [], instrumentsMost: 1_000 })
  decoder.setEpoch(Number(instant / 1_000_000_000n), 0)
  return decoder
}

/** Everything that a decoder makes of frames. */
export function allOf(on: Backend, frames: readonly Uint8Array[], venue: DecodedVenue = 'BINANCE'): unknown {
  const decoder = openCore(on, venue)
  const out = new Uint8Array(1_024 * RECORD_BYTES)
  const receivedNs = Float64Array.from(frames, (_, i) => i)
  const records: Uint8Array[] = []
  let taken = 0
  for (let more = 1; more > 0 && taken < frames.length; taken += more) {
    more = decoder.decodeFrames(frames, taken, receivedNs, out)
    records.push(out.slice(0, decoder.counts[COUNT_RECORDS]! * RECORD_BYTES))
  }
  // That one is of the last call, and how many there are is for the backend to say.
  const counts = [...decoder.counts].with(COUNT_RECORDS, 0)
  const all = Buffer.concat(records).toString('hex')
  return { taken, records: all, counts, report: decoder.report(), controls: decoder.takeControls() }
}

function textOf(frame: unknown): string {
  return typeof frame === 'string' ? frame : JSON.stringify(frame)
}
