import { testProp } from '@fast-check/ava'
import type { Level, MarketMessage } from 'tickbus/market'
import { sameOfAnyText, sameOfChanged } from './both-backends.js'
import { contents } from './contents.js'
import { backends, framesOf, open, plain } from './decoding.js'
import { seed, write } from './writing.js'

const markets = { BYBIT: 'bybit-linear', OKX: 'okx' } as const

/** A message with its levels in one order: that of the lists in a frame is the writer's. */
function inOrder(message: MarketMessage): object {
  if (message.kind !== 'book') return plain(message)
  const sorted = (levels: readonly Level[]) => levels.map(String).toSorted()
  return { ...message.message, bids: sorted(message.message.bids), asks: sorted(message.message.asks) }
}

for (const venue of ['BYBIT', 'OKX'] as const) {
  const frame = contents[venue]

  for (const backend of backends) {
    testProp(
      `a frame of ${venue} decodes to the same however it is written [${backend}]`,
      [frame, seed],
      (t, message, choice) => {
        const made = (text: string) => {
          const decoder = open(backend, { market: markets[venue] })
          const messages = framesOf(decoder, [text]).map(inOrder)
          const { rejected, ignored } = decoder.report
          return [messages, { ...decoder.counts, general: 0 }, rejected, ignored]
        }
        t.deepEqual(made(write(message, choice)), made(JSON.stringify(message)))
      },
      { numRuns: 400 },
    )
  }

  sameOfChanged(venue, frame)
  sameOfAnyText(venue)
}
