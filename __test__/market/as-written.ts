import { type fc, testProp } from '@fast-check/ava'
import type { FeedMarket } from 'tickbus/market'
import { backends, framesOf, instant, open, plain } from './decoding.js'
import { seed, write } from './writing.js'

/** A venue's message becomes what an oracle on JSON.parse makes of it, however it is written, and is counted so. */
export function sameAsOracle<T>(
  market: FeedMarket,
  content: fc.Arbitrary<T>,
  expectedOf: (message: T, tsInit: bigint) => readonly unknown[],
): void {
  for (const backend of backends) {
    testProp(
      `a message decodes to the same however it is written [${backend}]`,
      [content, seed],
      (t, message, choice) => {
        const decoder = open(backend, { market })
        const decoded = framesOf(decoder, [write(message, choice)])
        const expected = expectedOf(message, instant)
        t.deepEqual(decoded.map(plain), expected)
        const { quotes, trades, bookUpdates } = decoder.counts
        t.is(quotes + trades + bookUpdates, expected.length)
        t.is(decoder.counts.rejected, 0)
      },
      { numRuns: 600 },
    )
  }
}
