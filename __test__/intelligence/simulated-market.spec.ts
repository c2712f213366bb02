import { MessageBus } from 'tickbus'
import { ArbitrageRouter, type Episode } from 'tickbus/intelligence'
import { marketSchema, MarketSimulator, publishSimulated } from 'tickbus/market'
import { forEachBackend } from '../conformance/backends.js'

const MINUTE_NS = 60e9

forEachBackend('arbitrage in a simulated market', (test, { backend }) => {
  test('without fees exactly the planted dislocations are found, from their first quote to their last', async (t) => {
    const simulator = new MarketSimulator({ seed: 5, dislocationsPerMinute: 120, backend })
    const epoch = simulator.epoch.unixNs
    const bus = new MessageBus({ schema: marketSchema, epoch, backend })
    t.teardown(() => bus.close())
    const router = new ArbitrageRouter({ pairs: simulator.pairs, epoch, backend })
    const closed: Episode[] = []
    router.on('closed', (episode) => closed.push(episode))
    router.attach(bus)
    await publishSimulated(simulator, bus, MINUTE_NS / 4)

    const found = [...closed, ...router.open()].map(({ pair, buy, sell, openedAt, closedAt, peakBps }) => {
      const toNs = closedAt === null ? null : Number(closedAt - epoch)
      return { pair, buy, sell, fromNs: Number(openedAt - epoch), toNs, bps: peakBps.toFixed(6) }
    })
    const planted = simulator.dislocations.map((each) => ({ ...each, bps: each.bps.toFixed(6) }))
    t.true(planted.length > 10)
    t.deepEqual(
      found.toSorted((a, b) => a.fromNs - b.fromNs),
      planted,
    )
  })
})
