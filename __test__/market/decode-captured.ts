import { type Backend, Epoch } from 'tickbus'
import { type FeedMarket, MarketDecoder, type MarketMessage } from 'tickbus/market'
import { type Captured, capturedIn } from './captures.js'

/** A capture, and the messages that a backend's decoder makes of it. */
export interface Decoded {
  readonly frames: readonly Captured[]
  readonly messages: readonly MarketMessage[]
  readonly decoder: MarketDecoder
}

export function decodeCaptured(backend: Backend, market: FeedMarket, name: string): Decoded {
  const frames = capturedIn(name)
  const epoch = new Epoch(frames[0]!.tsInit)
  const decoder = new MarketDecoder({ market, epoch, backend })
  const bytes = frames.map(({ text }) => Buffer.from(text))
  const receivedNs = Float64Array.from(frames, ({ tsInit }) => Number(tsInit - epoch.unixNs))
  return { frames, messages: decoder.frames(bytes, receivedNs), decoder }
}
