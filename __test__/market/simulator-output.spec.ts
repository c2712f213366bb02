import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { MessageBus } from 'tickbus'
import {
  type MarketMessage,
  marketSchema,
  MarketSimulator,
  publishSimulated,
  recordFrames,
  RecordedMarket,
  recordMessages,
} from 'tickbus/market'
import { backends, plain } from './decoding.js'
import { Scratch } from './samples.js'

const SECOND = 1e9
const options = { seed: 11, symbols: ['BTC', 'ETH'], dislocationsPerMinute: 60 }

for (const backend of backends) {
  test(`a recording is read back as what was made, in its order [${backend}]`, async (t) => {
    const { folder } = new Scratch(t)
    const count = await recordFrames(new MarketSimulator({ ...options, backend }), folder, 4 * SECOND)
    const names = readdirSync(folder).toSorted()
    const recordings = ['spot_btcusdt.gz', 'spot_ethusdt.gz']
    const others = ['bybit-spot', 'coinbase', 'kraken', 'okx'].map((market) => `${market}_simulated.gz`)
    t.deepEqual(names, [...others, 'simulated.json', ...recordings].toSorted())

    const again = new MarketSimulator({ ...options, backend })
    const made = allOf(again, 4 * SECOND)
    const market = await RecordedMarket.open(
      names.filter((name) => name.endsWith('.gz')).map((name) => join(folder, name)),
      backend,
    )
    const read = []
    for await (const message of market.messages(again.epoch)) read.push(plain(message))
    t.deepEqual(read, made.map(plain))
    t.is(read.length, count)
    t.deepEqual([market.counts.rejected, market.faults], [0, []])
    const labels = JSON.parse(readFileSync(join(folder, 'simulated.json'), 'utf8'))
    t.deepEqual([labels.simulated, labels.messages, labels.pairs], [true, count, again.pairs])
    t.deepEqual(labels.dislocations, again.dislocations)
  })

  test(`a market is published on the topics of its instruments [${backend}]`, async (t) => {
    const simulator = new MarketSimulator({ ...options, backend })
    const bus = new MessageBus({ schema: marketSchema, epoch: simulator.epoch.unixNs, backend })
    t.teardown(() => bus.close())
    const seen: unknown[] = []
    bus.subscribe('data.*', (message, topic) => seen.push(plain({ topic, message } as MarketMessage)))
    const published = await publishSimulated(simulator, bus, SECOND)
    const made = allOf(new MarketSimulator({ ...options, backend }), SECOND)
    t.is(published, made.length)
    t.deepEqual(seen, made.map(plain))
    t.true(made.some(({ topic }) => topic === 'data.trades.OKX.BTC-USDT'))
  })
}

test('a file of messages says in each line that it is simulated', async (t) => {
  const file = join(new Scratch(t).folder, 'market.ndjson')
  const simulator = new MarketSimulator(options)
  const count = await recordMessages(simulator, file, SECOND)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  t.is(lines.length, count)
  t.true(lines.every((line) => (JSON.parse(line) as { simulated: boolean }).simulated))
  const labels = JSON.parse(readFileSync(`${file}.labels.json`, 'utf8'))
  t.deepEqual(labels.dislocations, simulator.dislocations)
})

test('a place that cannot be written to is named', async (t) => {
  const file = new Scratch(t).file('taken', 'x')
  for (const record of [recordFrames, recordMessages])
    await t.throwsAsync(record(new MarketSimulator(options), join(file, 'below'), SECOND), { code: 'TICKBUS_DUMP' })
})

function allOf(simulator: MarketSimulator, untilNs: number): ReturnType<MarketSimulator['take']> {
  const all = []
  for (let batch = simulator.take(untilNs); batch.length > 0; batch = simulator.take(untilNs)) all.push(...batch)
  return all
}
