import { json, type MessageBus, msgpack, quote, topics, trade } from 'tickbus'
import { MarketDecoder, type FeedMarket, marketSchema } from 'tickbus/market'
import type { TopicHandle, WrittenRecord } from '../../dist/bus/index.js'
import { Records } from '../../dist/market/market-message.js'
import { type Collected, collected, fixture } from '../conformance/asking.js'
import { codeOf, forEachBackend } from '../conformance/backends.js'
import { until } from '../until.js'

const T = 1_723_161_256_322
const options = { schema: marketSchema, epoch: 1_723_161_253_000_000_000n }

const bybitTrade = (i: string, S: string) => ({
  T,
  s: 'BTCUSDT',
  S,
  v: '0.5',
  p: '61800.1',
  L: 'PlusTick',
  i,
  BT: false,
})
const frames: [FeedMarket, object][] = [
  ['usdm', { e: 'bookTicker', u: 9, s: 'BTCUSDT', b: '61800.1', B: '1.5', a: '61800.2', A: '2', T, E: T }],
  ['usdm', { e: 'trade', T, s: 'BTCUSDT', t: 7, p: '61800.30', q: '0.006', m: true }],
  [
    'bybit-linear',
    {
      topic: 'publicTrade.BTCUSDT',
      type: 'snapshot',
      ts: T,
      data: [
        bybitTrade('20f43950-d8dd-5b31-9112-a178eb6023af', 'Buy'),
        // As doubles, both halves of this one are NaNs, whose bits a copy need not keep.
        bybitTrade('01020304-0506-f07f-0102-03040506f0ff', 'Sell'),
        bybitTrade('an-id-of-24-letters-only', 'Buy'),
      ],
    },
  ],
]

/** Records that frames were decoded to, with the topic of each. */
function* decoded(bus: MessageBus, backend: 'native' | 'js'): Generator<{ name: string; record: WrittenRecord }> {
  for (const [market, frame] of frames) {
    const decoder = new MarketDecoder({ market, epoch: bus.epoch, backend })
    const records = new Records(16)
    // The package's own types hide that these are the same records.
    decoder.framesInto([Buffer.from(JSON.stringify(frame))], 0, new Float64Array([3.5e9]), records as never)
    for (let record = 0; record < decoder.written; record += 1) {
      const { topics: names } = decoder.instruments[records.instrumentOf(record)]!
      const name = records.kindOf(record) === 'quote' ? names.quotes : names.trades
      yield { name, record: { ...records.written(record, bus.epoch) } }
    }
  }
}

const handleOf = (bus: MessageBus, name: string) => bus.topic(name) as unknown as TopicHandle
const messageOf = ({ codec, views, at, head, epoch }: WrittenRecord) => codec.read(views, at, epoch, head)
const unread = (record: WrittenRecord): WrittenRecord => {
  const read = () => {
    throw new Error('a message was made that nobody needs')
  }
  return { ...record, codec: { ...record.codec, read } }
}

/** The first and the second half of what arrived. */
function halves({ seen }: Collected): [unknown, unknown] {
  return [seen.slice(0, seen.length / 2), seen.slice(seen.length / 2)]
}

forEachBackend('published records', (test, { backend, openBus }) => {
  test('they arrive in another thread as their messages do, on topics of any type', async (t) => {
    const free = topics({ 'data.{kind}.{venue}.{symbol}': msgpack() })
    for (const schema of [marketSchema, free]) {
      const bus = openBus(t, { epoch: options.epoch, schema })
      const [thread] = (await bus.spawn(fixture('collector.mjs'))).threadIds
      const all = [...decoded(bus, backend)]
      for (const { name, record } of all) bus.publish(name, messageOf(record))
      const { published, threads } = bus.stats()
      for (const { name, record } of all) handleOf(bus, name).publishRecord(record)
      t.is(bus.stats().published, 2 * published)
      t.is(bus.stats().threads[0]!.sent, 2 * threads[0]!.sent)
      const [asMessages, asRecords] = halves(await collected(bus, thread!, 2 * all.length))
      t.deepEqual(asRecords, asMessages)
      await bus.close()
    }
  })

  test('one that the type of its topic does not carry throws as its message does', async (t) => {
    for (const type of [json(), trade()]) {
      const bus = openBus(t, { epoch: options.epoch, schema: topics({ 'data.quotes.{venue}.{symbol}': type }) })
      await bus.spawn(fixture('collector.mjs'))
      const [{ name, record }] = [...decoded(bus, backend)] as [{ name: string; record: WrittenRecord }]
      const code = codeOf(() => handleOf(bus, name).publishRecord(record))
      t.is(code, type.kind === 'json' ? 'TICKBUS_ENCODE' : 'TICKBUS_RECORD_FIELD')
      t.is(
        code,
        codeOf(() => bus.publish(name, messageOf(record))),
      )
      await bus.close()
    }
  })

  test('no message is made where nobody in this thread takes it', async (t) => {
    const bus = openBus(t, { epoch: options.epoch })
    const [thread] = (await bus.spawn(fixture('collector.mjs'))).threadIds
    const all = [...decoded(bus, backend)]
    for (const { name, record } of all) handleOf(bus, name).publishRecord(unread(record))
    t.is((await collected(bus, thread!, all.length)).seen.length, all.length)
  })

  test('handlers, loops and topics that keep their last message get messages', async (t) => {
    const keeping = { replay: 'last' } as const
    const schema = topics({
      'data.quotes.{venue}.{symbol}': quote(keeping),
      'data.trades.{venue}.{symbol}': trade(keeping),
    })
    const plain = openBus(t, options)
    const kept = openBus(t, { ...options, schema })
    for (const bus of [plain, kept]) {
      const all = [...decoded(bus, backend)]
      const [seen, late]: [unknown[], unknown[]] = [[], []]
      bus.subscribe('data.*', (message) => void seen.push(message))
      for (const { name, record } of all) handleOf(bus, name).publishRecord(record)
      const messages = all.map(({ record }) => messageOf(record))
      t.deepEqual(seen, messages)
      t.like(bus.stats(), { published: all.length, delivered: all.length })
      bus.subscribe('data.quotes.*', (message) => void late.push(message))
      t.deepEqual(late, bus === kept ? messages.slice(0, 1) : [])
    }
  })

  test('what waits for room arrives in order, and what finds none is counted', async (t) => {
    const schema = topics({ 'data.trades.{venue}.{symbol}': trade({ slowReader: 'wait' }) })
    const bus = openBus(t, { epoch: options.epoch, schema, ringRecords: 64, slackRecords: 10 })
    const gate = new SharedArrayBuffer(8)
    const words = new Int32Array(gate)
    const [thread] = (await bus.spawn(fixture('collector.mjs'), { workerData: { gate } })).threadIds
    bus.publish('block', true)
    bus.flush()
    await until(() => Atomics.load(words, 1) === 1)
    const { name, record } = [...decoded(bus, backend)].at(-1)!
    const handle = handleOf(bus, name)
    // Each has an id of its own, in memory that the next one overwrites.
    for (let i = 0; i < 100; i += 1) {
      record.views.bytes[8 * (record.at + 5)] = 65 + (i % 26)
      record.views.doubles[record.at + 3] = i
      handle.publishRecord(record)
    }
    const { dropped } = bus.stats().threads[0]!
    t.true(dropped > 0)
    Atomics.store(words, 0, 1)
    Atomics.notify(words, 0)
    await bus.ready()
    const { seen } = await collected(bus, thread!, 100 - dropped)
    t.deepEqual(
      seen.map(({ message }) => [message.price, message.tradeId]),
      Array.from({ length: 100 - dropped }, (_, i) => [
        i,
        `${String.fromCharCode(65 + (i % 26))}n-id-of-24-letters-only`,
      ]),
    )
  })

  test('a bus that is closed refuses them', async (t) => {
    const bus = openBus(t, options)
    const [{ name, record }] = [...decoded(bus, backend)] as [{ name: string; record: WrittenRecord }]
    const handle = handleOf(bus, name)
    await bus.close()
    t.is(
      codeOf(() => handle.publishRecord(record)),
      'TICKBUS_CLOSED',
    )
  })
})
