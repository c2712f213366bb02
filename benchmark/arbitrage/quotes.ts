/** Quotes of 5 venues and 10 symbols, as decoders write them: the same for all. */

export const VENUES = 5
export const SYMBOLS = 10

/** A 64-byte record in doubles: the kind and the instrument's number in the first, both times, then the fields. */
export const DOUBLES = 8
const KIND_QUOTE = 1

export interface Quotes {
  readonly count: number
  readonly bytes: Uint8Array
  readonly words: Uint32Array
  readonly doubles: Float64Array
}

/** One quote in so many is far from the others of its symbol, until the next one of its venue. */
const ASTRAY = 1_000
/** How far: about 8 basis points. */
const FAR = 5_000

/** Walks of a price for each symbol, with noise and a spread for each venue. */
export function makeQuotes(count: number): Quotes {
  const memory = new ArrayBuffer(count * DOUBLES * 8)
  const [words, doubles] = [new Uint32Array(memory), new Float64Array(memory)]
  const random = randoms()
  const fair = Array.from({ length: SYMBOLS }, () => 6_000_000)
  for (let i = 0; i < count; i += 1) {
    const number = random(VENUES * SYMBOLS)
    const symbol = Math.floor(number / VENUES)
    fair[symbol] = fair[symbol]! + random(101) - 50
    const far = random(ASTRAY) === 0 ? FAR : 0
    const bid = fair[symbol]! - 250 + random(301) + far
    words.set([KIND_QUOTE, number], 2 * DOUBLES * i)
    doubles.set([i, i, bid / 100, (bid + 1 + random(300)) / 100, 1, 1, 0], DOUBLES * i + 1)
  }
  return { count, bytes: new Uint8Array(memory), words, doubles }
}

/** The same numbers each time: Park and Miller's generator. */
function randoms(): (below: number) => number {
  let state = 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
