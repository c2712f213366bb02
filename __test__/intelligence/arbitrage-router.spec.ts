import type { ExecutionContext } from 'ava'
import { type Backend, BufferedMessageBusClient, type Delivery, MessageBus, Priority } from 'tickbus'
import {
  ArbitrageRouter,
  type ArbitrageRouterOptions,
  type ArbitrageSignal,
  type BestOfPair,
} from 'tickbus/intelligence'
import { forEachBackend } from '../conformance/backends.js'
import { randoms, recordsOf, type TestQuote } from './quotes.js'

const EPOCH = 1_700_000_000_000_000_000n
const PAIRS = { BTC: ['BTCUSDT.BINANCE', 'BTC-USD.COINBASE', 'XBT/USD.KRAKEN'] }

/** A router and what it has told, in words. */
function watched(backend: Backend, options: Partial<ArbitrageRouterOptions> = {}) {
  const router = new ArbitrageRouter({ pairs: PAIRS, epoch: EPOCH, backend, ...options })
  const told: string[] = []
  for (const kind of ['opened', 'improved', 'closed'] as const) {
    router.on(kind, ({ buy, sell, peakBps, updates }) =>
      told.push(`${kind} ${buy}>${sell} ${peakBps.toFixed(2)} ${updates}`),
    )
  }
  const take = (...quotes: TestQuote[]) => router.update(recordsOf(quotes))
  return { router, told, take }
}

const quote = (number: number, bid: number, ask: number, at = 0): TestQuote => ({ number, bid, ask, at })

/** A bus with the epoch of the tests. */
function open(t: ExecutionContext, backend: Backend): MessageBus {
  const bus = new MessageBus({ backend, epoch: EPOCH })
  t.teardown(() => bus.close())
  return bus
}

const onBus = (bidPrice: number, askPrice: number, at: bigint) => ({
  bidPrice,
  askPrice,
  bidSize: 2,
  askSize: 3,
  tsEvent: at,
})

forEachBackend('arbitrage router', (test, { backend }) => {
  test('an episode opens, improves and closes once', (t) => {
    const { told, take } = watched(backend)
    take(
      quote(0, 99, 100),
      quote(1, 101, 102, 5),
      quote(1, 102, 103, 6),
      quote(1, 101.5, 103, 7),
      quote(1, 100, 103, 8),
    )
    t.deepEqual(told, [
      'opened BTCUSDT.BINANCE>BTC-USD.COINBASE 100.00 1',
      'improved BTCUSDT.BINANCE>BTC-USD.COINBASE 200.00 2',
      'closed BTCUSDT.BINANCE>BTC-USD.COINBASE 200.00 3',
    ])
  })

  test('the same quote again opens nothing again', (t) => {
    const { told, take, router } = watched(backend)
    take(quote(0, 99, 100), quote(1, 101, 102), quote(1, 101, 102), quote(0, 99, 100))
    t.is(told.length, 1)
    t.is(router.open()[0]!.updates, 3)
  })

  test('closing and opening again within one tick is two episodes with ids of their own', (t) => {
    const { router, take } = watched(backend)
    const ids: string[] = []
    router.on('opened', ({ id }) => ids.push(id))
    take(quote(0, 99, 100, 5), quote(1, 101, 102, 5), quote(1, 100, 102, 5), quote(1, 101, 102, 5))
    t.is(new Set(ids).size, 2)
  })

  test('nothing is found on a bad quote, and what was open on its instrument closes', (t) => {
    const bad: [TestQuote, string][] = [
      [quote(1, 103, 102, 2), 'crossed'],
      [quote(1, 103, 0, 2), 'oneSided'],
      [quote(1, 0, 0, 2), 'zero'],
      [quote(1, -103, 104, 2), 'negative'],
      [quote(1, 103, NaN, 2), 'number'],
      [quote(1, 103, Infinity, 2), 'number'],
      [quote(1, 103, 104, NaN), 'number'],
      [{ ...quote(1, 103, 104, 2), bidSize: -1 }, 'negative'],
    ]
    for (const [one, reason] of bad) {
      const { told, take, router } = watched(backend)
      take(quote(0, 99, 100), quote(1, 101, 102, 1), one, quote(0, 99, 100, 3))
      t.deepEqual(
        told.map((line) => line.split(' ')[0]),
        ['opened', 'closed'],
        reason,
      )
      t.is((router.stats().refused as Record<string, number>)[reason], 1, reason)
      t.is(router.stats().quotes, 3)
      t.is(router.best('BTC').bidFrom, 'BTCUSDT.BINANCE')
    }
  })

  test('what is no quote, and of instruments in no pair, is counted', (t) => {
    const { take, router } = watched(backend)
    take(quote(3, 1, 2))
    const trade = recordsOf([quote(0, 1, 2)])
    trade[0] = 2
    router.update(trade)
    t.like(router.stats(), { quotes: 0, refused: { unknown: 1, other: 1 } })
  })

  test('a quote that is too old counts as none from the next quote on, whichever it is', (t) => {
    const pairs = { ...PAIRS, ETH: ['ETHUSDT.BINANCE', 'ETH-USD.COINBASE'] }
    const { told, take, router } = watched(backend, { pairs, staleMs: { COINBASE: 1 } })
    take(quote(0, 99, 100), quote(1, 101, 102), quote(3, 1, 2, 1e6))
    t.is(told.length, 1)
    take(quote(3, 1, 2, 1e6 + 1))
    t.is(told.length, 2)
    t.is(router.stats().expired, 1)
    // Its next one counts, as late as it is; and one that replaces an old one in time goes on.
    take(quote(1, 101, 102, 5e6), quote(1, 101, 102, 9e6))
    t.deepEqual(told.slice(2), ['opened BTCUSDT.BINANCE>BTC-USD.COINBASE 100.00 1'])
  })

  test('a quote just as old as it may be still counts, when another one has become too old', (t) => {
    const { take, router } = watched(backend, { staleMs: { COINBASE: 1, KRAKEN: 2 } })
    take(quote(1, 99, 100), quote(2, 99, 100), quote(0, 99, 101, 2e6))
    t.is(router.stats().expired, 1)
    t.is(router.best('BTC').askFrom, 'XBT/USD.KRAKEN')
  })

  test('a clock that jumps back is counted, and lives are not negative', (t) => {
    const { take, router } = watched(backend)
    take(quote(0, 99, 100, 100), quote(1, 101, 102, 90), quote(0, 99, 105, 10))
    t.is(router.stats().backwards, 2)
    t.is(router.stats().closed, 1)
  })

  test('with a basis an edge counts from what is usual, once it was watched for a half-life', (t) => {
    const { told, take } = watched(backend, { basisHalfLifeS: 1 })
    const S = 1e9
    // The second one is usually 1 % dearer: that alone is no edge. Another per cent is, and in time becomes usual.
    take(quote(0, 99.99, 100.01), quote(1, 100.99, 101.01), quote(0, 99.99, 100.01, 2 * S))
    t.deepEqual(told, [])
    take(quote(1, 101.99, 102.01, 3 * S))
    t.regex(told[0]!, /^opened BTCUSDT\.BINANCE>BTC-USD\.COINBASE 9[67]\./)
    take(quote(0, 99.99, 100.01, 30 * S))
    t.is(told.length, 2)
  })

  test('the best bid and offer are those after fees, and the first of equals', (t) => {
    const fees = {
      asOf: new Date().toISOString().slice(0, 10),
      takerBps: { 'BTCUSDT.BINANCE': 10, 'XBT/USD.KRAKEN': 10 },
    }
    const { take, router } = watched(backend, { fees })
    const best = router.best('BTC')
    t.is(best.bidFrom, undefined)
    take(quote(2, 100, 100.05), quote(0, 100, 100.05), quote(1, 99.9, 100.2))
    // 99.9 without a fee and 100 less 10 bp are the same: exactly.
    t.like(best, { bidFrom: 'BTCUSDT.BINANCE', askFrom: 'BTCUSDT.BINANCE', bidPrice: 100, netBid: 99.9 })
    take(quote(1, 99.91, 100.1))
    t.like(best, { bidFrom: 'BTC-USD.COINBASE', askFrom: 'BTC-USD.COINBASE', askPrice: 100.1 })
    take(quote(1, 0, 0))
    t.is(best.askFrom, 'BTCUSDT.BINANCE')
  })

  test('the best are those of all, after any quotes', (t) => {
    const random = randoms(3)
    const { take, router } = watched(backend)
    const best = router.best('BTC')
    const latest = new Map<number, TestQuote>()
    for (let i = 0; i < 3_000; i += 1) {
      const bid = 100 + random(6)
      const one = quote(random(3), bid, random(20) === 0 ? 0 : bid + random(3), i)
      take(one)
      latest.delete(one.number)
      if (one.ask > 0) latest.set(one.number, one)
      const sound = [...latest.values()].toSorted((a, b) => a.number - b.number)
      const bids = sound.toSorted((a, b) => b.bid - a.bid)
      const asks = sound.toSorted((a, b) => a.ask - b.ask)
      t.is(best.bidFrom, bids[0] && PAIRS.BTC[bids[0].number])
      t.is(best.askFrom, asks[0] && PAIRS.BTC[asks[0].number])
    }
  })

  test('on a bus it takes quotes off their topics, and publishes signals and the best of pairs', (t) => {
    const bus = open(t, backend)
    const [signals, tops]: [ArbitrageSignal[], BestOfPair[]] = [[], []]
    bus.subscribe('signals.arbitrage.*', (signal: ArbitrageSignal) => void signals.push(signal))
    bus.subscribe('data.nbbo.BTC', (top: BestOfPair) => void tops.push(top))
    const router = new ArbitrageRouter({ pairs: PAIRS, backend }).attach(bus)
    bus.publish('data.quotes.BINANCE.BTCUSDT', onBus(99, 100, EPOCH + 1n))
    bus.publish('data.quotes.BINANCE.BTCUSDT', onBus(99, 100, EPOCH + 2n))
    bus.publish('data.quotes.COINBASE.BTC-USD', onBus(101, 102, EPOCH + 3n))
    bus.publish('data.quotes.OTHER.BTC-USD', onBus(200, 201, EPOCH + 3n))
    t.is(tops.length, 2)
    t.like(tops[1], {
      bidPrice: 101,
      bidFrom: 'BTC-USD.COINBASE',
      askPrice: 100,
      askFrom: 'BTCUSDT.BINANCE',
      tsEvent: EPOCH + 3n,
    })
    t.is(signals.length, 1)
    t.like(signals[0], { kind: 'opened', at: EPOCH + 3n, openedAt: EPOCH + 3n, closedAt: null, size: 2 })
    t.like(router.stats(), { quotes: 3, signals: { published: 1 } })
    const explanation = router.explain(signals[0]!.id)
    t.regex(
      explanation!.text,
      /^Buying BTCUSDT\.BINANCE at its offer with 0 bp .* up to 100\.000 bp, .* 1 quotes; at best 2 /,
    )
    t.is(router.explain('BTC.0.0'), undefined)
    router.close()
    bus.publish('data.quotes.COINBASE.BTC-USD', onBus(90, 91, EPOCH + 9n))
    t.is(signals.length, 1)
  })

  test('a listener that publishes quotes is told of what follows afterwards', (t) => {
    const bus = open(t, backend)
    const router = new ArbitrageRouter({ pairs: PAIRS, backend }).attach(bus)
    const told: string[] = []
    router.on('opened', () => {
      bus.publish('data.quotes.COINBASE.BTC-USD', onBus(90, 91, EPOCH + 9n))
      told.push('opened')
    })
    router.on('closed', () => told.push('closed'))
    bus.publish('data.quotes.BINANCE.BTCUSDT', onBus(99, 100, EPOCH + 1n))
    bus.publish('data.quotes.COINBASE.BTC-USD', onBus(101, 102, EPOCH + 3n))
    t.deepEqual(told.slice(0, 2), ['opened', 'closed'])
  })

  test('through a client signals take the lane of their edge, and none is critical', async (t) => {
    const bus = open(t, backend)
    const client = await BufferedMessageBusClient.open(bus)
    t.teardown(() => client.close())
    const seen: [string, number][] = []
    await client.subscribe(
      'signals.arbitrage.*',
      ({ kind }: ArbitrageSignal, { priority }: Delivery) => void seen.push([kind, priority]),
      { group: 'strategy' },
    )
    const router = new ArbitrageRouter({ pairs: PAIRS, backend }).attach(bus, { client })
    const send = (bid: number, at: bigint) => bus.publish('data.quotes.COINBASE.BTC-USD', onBus(bid, 2_000, EPOCH + at))
    bus.publish('data.quotes.BINANCE.BTCUSDT', onBus(99, 1_000, EPOCH))
    for (const [i, bid] of [1_000.05, 900, 1_000.2, 900, 1_900, 900].entries()) send(bid, BigInt(i))
    await client.drain({ timeoutMs: 20_000 })
    const of = (kind: string) => seen.filter(([what]) => what === kind).map(([, priority]) => priority)
    t.deepEqual(of('opened').toSorted(), [Priority.LOW, Priority.NORMAL, Priority.HIGH])
    t.deepEqual(of('closed').toSorted(), [Priority.LOW, Priority.NORMAL, Priority.HIGH])
    t.is(router.stats().signals.accepted, 6)
  })
})
