/**
 * Frames of two markets at a steady rate, each due at its own time whether or not the one before is done with (no
 * coordinated omission): bytes in, and an answer out to whether there is an edge now. All have to find the same.
 */
import { EventEmitter } from 'node:events'
import { MessageBus } from 'tickbus'
import { ArbitrageRouter } from 'tickbus/intelligence'
import { type FeedMarket, FeedPublisher, MarketDecoder, marketSchema } from 'tickbus/market'
import type { Open, Round } from '../question.js'
import { percentile } from '../statistics.js'

export interface Flow {
  /** Frames a second. */
  rate: number
  seconds: number
}

export const flows = { '100k frames/s': { rate: 100_000, seconds: 1 } } satisfies Record<string, Flow>

/** Takes frames of one market in; returns how many episodes were opened and closed so far. */
type Strategy = (market: number, frames: readonly Buffer[]) => number

const MARKETS: readonly FeedMarket[] = ['spot', 'usdm']
/** Frames of one market that come one after the other. */
const RUN = 2
const EPOCH_NS = 1_723_161_253_000_000_000n

/** Decoders that publish on a bus, and the router on it. */
export const routed = (backend: 'native' | 'js') =>
  flowing(() => {
    const bus = new MessageBus({ schema: marketSchema, epoch: EPOCH_NS, backend })
    const pairs = { BTC: ['BTCUSDT.BINANCE', 'BTCUSDT-PERP.BINANCE'] }
    const router = new ArbitrageRouter({ pairs, epoch: EPOCH_NS, backend })
    let events = 0
    router.on('opened', () => (events += 1)).on('closed', () => (events += 1))
    router.attach(bus)
    const feeds = MARKETS.map(
      (market) => new FeedPublisher(bus, new MarketDecoder({ market, epoch: bus.epoch, backend })),
    )
    const receivedNs = new Float64Array(FRAMES_MOST)
    return (market, frames) => {
      feeds[market]!.frames(frames, receivedNs)
      return events
    }
  })

/** What Node.js offers: text, objects, and the same maths behind an event. */
export const emitted = flowing(() => {
  const emitter = new EventEmitter()
  const latest = MARKETS.map(() => ({ bid: 0, ask: Infinity }))
  const open = new Set<number>()
  let events = 0
  emitter.on('quote', (market: number, bid: number, ask: number) => {
    latest[market] = { bid, ask }
    for (const [buy, sell] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const isAbove = latest[sell]!.bid > latest[buy]!.ask
      if (isAbove === open.has(buy)) continue
      if (isAbove) open.add(buy)
      else open.delete(buy)
      events += 1
    }
  })
  return (market, frames) => {
    for (const frame of frames) {
      const { data } = JSON.parse(frame.toString()) as { data: { b: string; a: string } }
      emitter.emit('quote', market, Number(data.b), Number(data.a))
    }
    return events
  }
})

/** Frames that are due at once after a long turn, at most: the rest of them waits for the next. */
const FRAMES_MOST = 1_024

function flowing(make: () => Strategy): Open<Flow> {
  return async ({ rate, seconds }, quick) => {
    // Says at once whether this case can run here.
    make()
    const frames = Array.from({ length: Math.ceil(rate * (quick ? 0.04 : seconds)) }, (_, i) => frameOf(i))
    const expected = take(emittedOnce(), frames)
    return { round: () => play(make(), frames, 1e9 / rate, expected), close: async () => {} }
  }
}

/** Finds the same without anything to measure. */
function emittedOnce(): Strategy {
  const latest = MARKETS.map(() => ({ bid: 0, ask: Infinity }))
  const open = [false, false]
  let events = 0
  return (market, frames) => {
    for (const frame of frames) {
      const { data } = JSON.parse(frame.toString()) as { data: { b: string; a: string } }
      latest[market] = { bid: Number(data.b), ask: Number(data.a) }
      for (const buy of [0, 1]) {
        const isAbove = latest[1 - buy]!.bid > latest[buy]!.ask
        if (isAbove !== open[buy]) events += 1
        open[buy] = isAbove
      }
    }
    return events
  }
}

function take(strategy: Strategy, frames: readonly Buffer[]): number {
  let events = 0
  for (const [i, frame] of frames.entries()) events = strategy(marketOf(i), [frame])
  return events
}

/** A turn of the loop waits until a frame is due, takes all that are, market by market in their order, and ends. */
async function play(
  strategy: Strategy,
  frames: readonly Buffer[],
  intervalNs: number,
  sentChecksum: number,
): Promise<Round> {
  const latencyNs = new Float64Array(frames.length)
  const start = performance.now() * 1e6 + 1e6
  const dueAt = (frame: number) => start + frame * intervalNs
  let events = 0
  let nowNs = 0
  for (let next = 0; next < frames.length;) {
    await new Promise(setImmediate)
    do nowNs = performance.now() * 1e6
    while (nowNs < dueAt(next))
    const end = Math.min(frames.length, Math.floor((nowNs - start) / intervalNs) + 1)
    while (next < end) {
      const first = next
      while (next < end && marketOf(next) === marketOf(first)) next += 1
      events = strategy(marketOf(first), frames.slice(first, next))
      const doneNs = performance.now() * 1e6
      for (let frame = first; frame < next; frame += 1) latencyNs[frame] = doneNs - dueAt(frame)
    }
  }
  // The first third is for the code to get warm.
  const counted = latencyNs.slice(frames.length / 3).sort()
  const at = (percent: number) => percentile(counted, percent) / 1e3
  const elapsedNs = performance.now() * 1e6 - start
  return {
    figures: { p50: at(50), p99: at(99), rate: (frames.length / elapsedNs) * 1e9 },
    published: frames.length,
    delivered: frames.length,
    sentChecksum,
    receivedChecksum: events,
  }
}

function marketOf(frame: number): number {
  return Math.floor(frame / RUN) % MARKETS.length
}

/** Prices of two markets that move a tick in 50 frames; for 20 frames in 500 one of them is three ticks ahead. */
function frameOf(i: number): Buffer {
  const market = marketOf(i)
  const isAhead = market === 1 && i % 500 < 20
  const bid = 61_800 + (Math.floor(i / 50) % 997) / 10 + (isAhead ? 0.3 : 0)
  const [time, b, a] = [1_723_161_256_313 + i, bid.toFixed(2), (bid + 0.1).toFixed(2)]
  const quote = { u: 5_123_107_839_020 + i, s: 'BTCUSDT', b, B: '1.5', a, A: '2.5' }
  const data = market === 0 ? quote : { e: 'bookTicker', ...quote, T: time, E: time }
  return Buffer.from(new TextEncoder().encode(JSON.stringify({ stream: 'btcusdt@bookTicker', data })))
}
