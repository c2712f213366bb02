// What a worker module gets, and how groups of threads and of functions live beside each other.
import { bytes, depth, json, type MessageBus, Priority, quote, record, topics } from 'tickbus'
import { forEachBackend } from '../conformance/backends.js'
import { until } from '../until.js'
import { collect, module, openClient } from './worker-groups.js'

interface Seen {
  message: unknown
  topic: string
  key?: string
  priority: number
  attempt: number
  group: string
  id: number
  thread: number
}

const schema = topics({
  'quotes.{symbol}': quote(),
  'books.{symbol}': depth(),
  'small.{n}': record({ price: 'f64', symbol: 'text(12)' }),
  'wide.{n}': record({ price: 'f64', note: 'text(200)' }),
  'json.{n}': json<{ symbol: string; deep?: unknown }>({ key: ({ symbol }) => symbol, priority: Priority.HIGH }),
  'bytes.{n}': bytes(),
})
const tsEvent = BigInt(Date.now()) * 1_000_000n
const level = { price: 1.5, size: 2, count: 3 }

const payloads: [topic: string, message: unknown][] = [
  ['free.1', { id: 'A1', legs: [{ qty: 1 }, { qty: 2n }], at: new Date(5), set: new Set([1]) }],
  ['free.2', { id: 'A2', legs: [], at: new Date(6), set: new Set() }],
  ['free.3', 'é€𝄞'.repeat(20_000)],
  ['free.4', null],
  ['small.1', { price: 0.1, symbol: 'BTC' }],
  ['wide.1', { price: 0.1, note: 'é'.repeat(100) }],
  ['json.1', { symbol: 'ETH', deep: [1, null, { a: 'ä' }] }],
  ['bytes.1', new Uint8Array([1, 2, 255])],
  ['bytes.2', new Uint8Array(0)],
]

forEachBackend('worker groups', (test, { openBus }) => {
  test('every kind of payload arrives equal, with all that there is to know about it', async (t) => {
    const bus = openBus(t, { schema }) as MessageBus
    const seen = collect<Seen>(bus, 'seen')
    const client = await openClient(t, bus)
    await client.subscribe('*.?', module('reporter'), { group: 'all', threads: 1 })
    for (const [topic, message] of payloads) t.is(client.tryPublish(topic, message, { key: 'Ü1' }), 'accepted')
    t.is(client.tryPublish('json.2', { symbol: 'SOL' }), 'accepted')
    t.is(client.tryPublish('free.5', 1, { priority: Priority.CRITICAL }), 'accepted')
    await until(() => seen.length === payloads.length + 2)
    for (const [topic, message] of payloads) {
      const { id, thread, ...rest } = seen.find((one) => one.topic === topic)!
      const priority = topic.startsWith('json') ? Priority.HIGH : Priority.NORMAL
      t.deepEqual(rest, { message, topic, key: 'Ü1', priority, attempt: 1, group: 'all' })
      t.true(id > 0 && thread > 0)
    }
    t.is(seen.find(({ topic }) => topic === 'json.2')!.key, 'SOL')
    t.deepEqual(
      seen
        .map(({ id }) => id)
        .sort((a, b) => a - b)
        .map((id) => id - seen[0]!.id).length,
      payloads.length + 2,
    )
    t.is(seen.find(({ topic }) => topic === 'free.5')!.priority, Priority.CRITICAL)
  })

  test('market data arrives as instances of its classes, on topics with and without a schema', async (t) => {
    const bus = openBus(t, { schema }) as MessageBus
    const seen = collect<{ topic: string; name: string; tsEvent: bigint; all: number }>(bus, 'seen')
    const client = await openClient(t, bus)
    await client.subscribe('*s.?', module('instance'), { threads: 1 })
    // What a subscriber of the bus gets is an instance already: published again it goes as it is.
    const forwarded = bus.subscribe('quotes.A', (message: unknown) => bus.publish('others.A', message))
    bus.publish('quotes.A', { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent })
    bus.publish('books.A', { bids: [level], asks: [level], tsEvent })
    await until(() => seen.length === 3)
    t.deepEqual(seen.map(({ topic, name }) => [topic, name]).sort(), [
      ['books.A', 'Depth'],
      ['others.A', 'Object'],
      ['quotes.A', 'Quote'],
    ])
    t.true(seen.every((one) => one.tsEvent === tsEvent))
    forwarded.unsubscribe()
  })

  test('many shapes of objects on many topics arrive equal in all threads', async (t) => {
    const bus = openBus(t)
    const seen = collect<Seen>(bus, 'seen')
    const client = await openClient(t, bus)
    await client.subscribe('shape.*', module('reporter'), { group: 'g', threads: 3 })
    const count = 600
    for (let n = 0; n < count; n += 1) client.tryPublish(`shape.${n % 50}`, { n, [`field${n % 40}`]: `value ${n}` })
    await until(() => seen.length === count)
    for (const { message, topic } of seen) {
      const { n } = message as { n: number }
      t.deepEqual(message, { n, [`field${n % 40}`]: `value ${n}` })
      t.is(topic, `shape.${n % 50}`)
    }
    t.is(new Set(seen.map(({ message }) => (message as { n: number }).n)).size, count)
    t.is(new Set(seen.map(({ thread }) => thread)).size, 3)
  })

  test('each group gets a copy, whether functions or threads handle it, and one status stands for all', async (t) => {
    const bus = openBus(t)
    const seen = collect<Seen>(bus, 'seen')
    const here: unknown[] = []
    const client = await openClient(t, bus, { lanes: { low: { capacity: 4, overflow: 'reject' } } })
    await client.subscribe('a.*', module('reporter'), { group: 'there', threads: 1 })
    await client.subscribe('a.*', (message) => void here.push(message), { group: 'here' })
    for (let n = 0; n < 4; n += 1) t.is(client.tryPublish('a.1', n, { priority: Priority.LOW }), 'accepted')
    // Both groups are full, or would be after this one: neither gets a copy.
    t.is(client.tryPublish('a.1', 4, { priority: Priority.LOW }), 'backpressured')
    await until(() => seen.length === 4 && here.length === 4)
    t.deepEqual(here, [0, 1, 2, 3])
    t.deepEqual(
      seen.map(({ message }) => message),
      [0, 1, 2, 3],
    )
    const { here: functions, there: threads } = client.stats().groups
    t.deepEqual([functions!.copies, threads!.copies], [4, 4])
    t.deepEqual([functions!.threads, threads!.threads], [1, 1])
    t.is(client.stats().refused, 1)
  })

  test('what cannot be encoded for the threads throws before anybody got it', async (t) => {
    const bus = openBus(t)
    const here: unknown[] = []
    const client = await openClient(t, bus)
    await client.subscribe('a.*', (message) => void here.push(message), { group: 'here' })
    await client.subscribe('a.*', module('reporter'), { group: 'there', threads: 1 })
    bus.subscribe('a.*', (message) => void here.push(message))
    t.throws(() => client.tryPublish('a.1', { call: () => {} }), { code: 'TICKBUS_ENCODE' })
    t.throws(() => bus.publish('a.1', { call: () => {} }), { code: 'TICKBUS_ENCODE' })
    await t.throwsAsync(client.publish('a.1', { call: () => {} }), { code: 'TICKBUS_ENCODE' })
    t.true((await client.drain()).complete)
    t.deepEqual(here, [])
    const { here: functions, there: threads } = client.stats().groups
    t.deepEqual([functions!.copies, threads!.copies], [0, 0])
  })

  test('a payload larger than the limit throws, one at the limit arrives', async (t) => {
    const bus = openBus(t)
    const seen = collect<Seen>(bus, 'seen')
    const client = await openClient(t, bus, { payloadBytes: 4096 })
    await client.subscribe('a.*', module('reporter'), { threads: 1 })
    t.throws(() => client.tryPublish('a.1', { text: 'x'.repeat(5000) }), { code: 'TICKBUS_PAYLOAD_SIZE' })
    t.is(client.tryPublish('a.1', { text: 'x'.repeat(4000) }), 'accepted')
    await until(() => seen.length === 1)
    t.deepEqual(seen[0]!.message, { text: 'x'.repeat(4000) })
  })

  test('open runs once in each thread before its first message, close after its last', async (t) => {
    const bus = openBus(t)
    const events: string[] = []
    bus.subscribe('opened', (thread) => void events.push(`open ${thread}`))
    bus.subscribe('seen', ({ thread }: Seen) => void events.push(`message ${thread}`))
    bus.subscribe('closed', (thread) => void events.push(`close ${thread}`))
    const client = await openClient(t, bus)
    await client.subscribe('a.*', module('reporter'), { threads: 2 })
    for (let n = 0; n < 20; n += 1) client.tryPublish('a.1', n)
    await client.drain()
    await client.close()
    await until(() => events.filter((event) => event.startsWith('close')).length === 2)
    const threads = new Set(events.map((event) => event.split(' ')[1]))
    t.is(threads.size, 2)
    for (const thread of threads) {
      const own = events.filter((event) => event.endsWith(` ${thread}`))
      t.deepEqual(own, [`open ${thread}`, ...own.slice(1, -1).fill(`message ${thread}`), `close ${thread}`])
    }
    t.is(events.length, 24)
  })

  test('a second pattern of the same module joins the group, and takes no more threads', async (t) => {
    const bus = openBus(t)
    const seen = collect<Seen>(bus, 'seen')
    const client = await openClient(t, bus)
    const options = { group: 'g', threads: 2 }
    const [first, second] = await Promise.all([
      client.subscribe('a.*', module('reporter'), options),
      client.subscribe('b.*', module('reporter'), options),
    ])
    t.is(await client.subscribe('a.*', module('reporter'), options), first)
    t.is(client.stats().groups.g!.threads, 2)
    client.tryPublish('a.1', 1)
    client.tryPublish('b.1', 2)
    await until(() => seen.length === 2)
    second.unsubscribe()
    client.tryPublish('b.1', 3)
    client.tryPublish('a.1', 4)
    await until(() => seen.length === 3)
    t.deepEqual(seen.map(({ message }) => message).sort(), [1, 2, 4])
  })

  test('the event loop of a worker stays free for timers while messages come', async (t) => {
    const bus = openBus(t)
    const seen = collect<{ n: number; ticks: number }>(bus, 'seen')
    const client = await openClient(t, bus)
    await client.subscribe('a.*', module('busy'), { threads: 1 })
    for (let n = 0; n < 500; n += 1) client.tryPublish('a.1', { n })
    await until(() => seen.length === 500)
    // Half a tenth of a second of work: far more ticks than one, though not as many as if the loop were idle.
    t.true(seen.at(-1)!.ticks >= 10, `${seen.at(-1)!.ticks} ticks`)
  })
})
