/** Frames in, numbers out: every way ends in JavaScript that has read each price and size. */
import type { Backend } from 'tickbus'
import { loadMarketCore } from '../boundary/inside.js'
import type { Open, Round } from '../question.js'
import { FRAMES, framesOf, type Shape } from './frames.js'

/** Reads frames and returns the sum of every price and size in them, in the order in which they stand there. */
export type Read = (frames: readonly Buffer[]) => number

/** Takes the frames in turn, so many at a time. */
export function reading(open: (shape: Shape) => Promise<Read>, framesAtOnce: number): Open<Shape> {
  return async (shape, quick) => {
    const read = await open(shape)
    const frames = framesOf(shape)
    const batches = Array.from({ length: FRAMES / framesAtOnce }, (_, i) =>
      frames.slice(i * framesAtOnce, (i + 1) * framesAtOnce),
    )
    const rounds = Math.ceil((quick ? shape.count / 50 : shape.count) / FRAMES)
    const expected = sumOf(batches, readerOf(shape)) * rounds
    return { round: async () => play(batches, read, rounds, expected), close: async () => {} }
  }
}

/** The venue's decoder of a backend. */
export function decoding(backend: Backend, framesAtOnce: number): Open<Shape> {
  const open = async (shape: Shape): Promise<Read> => {
    const venue = shape.venue ?? 'BINANCE'
    const decoder = (await loadMarketCore(backend)).openDecoder({ venue, symbols: [], instrumentsMost: 8 })
    decoder.setEpoch(1_723_161_253, 0)
    const memory = new ArrayBuffer(MOST_RECORDS * RECORD_BYTES)
    const [out, doubles, words] = [new Uint8Array(memory), new Float64Array(memory), new Uint32Array(memory)]
    const receivedNs = new Float64Array(framesAtOnce)
    return (frames) => {
      let sum = 0
      // As MarketDecoder does: those that lie in one piece of memory go together, as those of one read of a socket do.
      for (let first = 0; first < frames.length;) {
        const taken = decoder.decodeFrames(frames, first, receivedNs, out)
        if (taken === 0) return NaN
        first += taken
        sum = sumOfRecords(doubles, words, decoder.counts[0], sum)
      }
      return sum
    }
  }
  return reading(open, framesAtOnce)
}

/** What Node.js offers: text, an object, and numbers of its texts. */
export function parsing(): Open<Shape> {
  return reading(async (shape) => readerOf(shape), 64)
}

/** All levels of 64 frames. */
const MOST_RECORDS = 64 * 200
const RECORD_BYTES = 64
const KIND_QUOTE = 1

/** Prices and sizes begin at the record's fourth double: four in a quote, two in a trade or a level. */
function sumOfRecords(doubles: Float64Array, words: Uint32Array, count: number, before: number): number {
  let sum = before
  for (let record = 0; record < count; record += 1) {
    const at = 8 * record + 3
    if ((words[16 * record] & 0xff) === KIND_QUOTE) {
      sum += doubles[at] + doubles[at + 2] + doubles[at + 1] + doubles[at + 3]
    } else {
      sum += doubles[at] + doubles[at + 1]
    }
  }
  return sum
}

interface Parsed {
  e: string
  [field: string]: unknown
}

/** Venues differ in their fields, which is no work to measure: each has a reader of its own. */
function readerOf({ sum }: Shape): Read {
  if (sum === undefined) return readByParse
  return (frames) => frames.reduce((all, frame) => all + sum(JSON.parse(frame.toString()) as never), 0)
}

function readByParse(frames: readonly Buffer[]): number {
  let sum = 0
  for (const frame of frames) {
    const { data } = JSON.parse(frame.toString()) as { data: Parsed }
    if (data.e === 'bookTicker') {
      const quote = { bid: Number(data.b), bidSize: Number(data.B), ask: Number(data.a), askSize: Number(data.A) }
      sum += quote.bid + quote.bidSize + quote.ask + quote.askSize
    } else if (data.e === 'trade') {
      const trade = { price: Number(data.p), size: Number(data.q) }
      sum += trade.price + trade.size
    } else {
      for (const side of [data.b, data.a] as [string, string][][]) {
        const levels = side.map(([price, size]) => [Number(price), Number(size)] as const)
        for (const [price, size] of levels) sum += price + size
      }
    }
  }
  return sum
}

function sumOf(batches: readonly (readonly Buffer[])[], read: Read): number {
  // Sizes are thousandths and prices hundredths; whole thousandths add up without rounding.
  return batches.reduce((sum, frames) => sum + Math.round(read(frames) * 1_000), 0)
}

function play(batches: readonly (readonly Buffer[])[], read: Read, rounds: number, expected: number): Round {
  const start = performance.now()
  let sum = 0
  for (let round = 0; round < rounds; round += 1) sum += sumOf(batches, read)
  const count = rounds * FRAMES
  const figures = { frame: ((performance.now() - start) * 1e6) / count }
  return { figures, published: count, delivered: count, sentChecksum: expected, receivedChecksum: sum }
}
