import test from 'ava'
import type { QuoteFields } from 'tickbus/market'
import { Receiver } from '../../dist/market/receiver.js'
import { ReplayPage } from '../../dist/market/replay-page.js'

const topic = 'data.quotes.BINANCE.BTCUSDT'
const quoteAt = (initNs: number, spread = 1): QuoteFields => ({
  bidPrice: 100,
  askPrice: 100 + spread,
  bidSize: 1,
  askSize: 1,
  sequence: 0,
  eventNs: initNs,
  initNs,
})

function receiverAt(speed: number, clock: { nowNs: number }): { page: ReplayPage; receiver: Receiver } {
  const page = new ReplayPage()
  return { page, receiver: new Receiver({ page, speed, epochNs: 0n, nowNs: () => clock.nowNs }) }
}

test('paced, a message waits from when it was due, however late it was sent', (t) => {
  const clock = { nowNs: 0 }
  const { page, receiver } = receiverAt(10, clock)
  page.start(1_000_000, 500)
  // Received 40,000 ns after the first, at ten times the pace it is due 4,000 ns after the start.
  clock.nowNs = 1_000_000 + 4_000 + 7_777
  receiver.quote(quoteAt(40_500), topic)
  t.is(page.waits.longestNs, 7_777)
})

test('unpaced, one message in 16 waits from when it was sent', (t) => {
  const clock = { nowNs: 0 }
  const { page, receiver } = receiverAt(0, clock)
  page.start(0, 0)
  for (let number = 0; number < 32; number += 1) {
    if (number % 16 === 0) page.stamp(number, 1_000 * number)
    clock.nowNs = 1_000 * number + 50 + number
    receiver.quote(quoteAt(number), topic)
  }
  t.is(page.waits.count, 2)
  t.is(page.waits.longestNs, 66)
})

test('once messages were lost, stamps are nobody’s and no longer read', (t) => {
  const clock = { nowNs: 1_000 }
  const { page, receiver } = receiverAt(0, clock)
  page.start(0, 0)
  receiver.quote(quoteAt(0), topic)
  receiver.lost()
  for (let number = 1; number < 64; number += 1) receiver.quote(quoteAt(number), topic)
  t.is(page.waits.count, 1)
})

test('a report covers what came since the last one', (t) => {
  const { page, receiver } = receiverAt(0, { nowNs: 9 })
  receiver.quote(quoteAt(0, 3), topic)
  receiver.quote(quoteAt(1, 1), topic)
  const first = receiver.report()
  t.is(first.received, 2)
  t.deepEqual(first.topics, { [topic]: 2 })
  t.like(first.spreads[0], { instrument: 'BTCUSDT', quotes: 2, mean: 2, widest: 3, bid: 100, ask: 101 })
  t.is(page.endNs, 9)
  const second = receiver.report()
  t.is(second.received, 0)
  t.deepEqual(second.topics, {})
  t.deepEqual(second.spreads, [])
})
