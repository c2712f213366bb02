import { KIND_QUOTE } from '../../ts/layout.js'

/** A quote of the instrument with a number, received so many nanoseconds after the epoch. */
export interface TestQuote {
  readonly number: number
  readonly bid: number
  readonly ask: number
  readonly at: number
  readonly bidSize?: number
  readonly askSize?: number
}

/** Quotes as records, the way decoders write them. */
export function recordsOf(quotes: readonly TestQuote[]): Uint8Array {
  const memory = new ArrayBuffer(quotes.length * 64)
  const [words, doubles] = [new Uint32Array(memory), new Float64Array(memory)]
  for (const [i, { number, bid, ask, at, bidSize = 1, askSize = 1 }] of quotes.entries()) {
    words.set([KIND_QUOTE, number], i * 16)
    doubles.set([at, at, bid, ask, bidSize, askSize, 0], i * 8 + 1)
  }
  return new Uint8Array(memory)
}

/** Whole numbers below a bound, the same each time: Park and Miller's generator. */
export function randoms(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
