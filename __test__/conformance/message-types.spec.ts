// What each type of message is in another thread; record.spec.ts and fixture.spec.ts look at the bytes.
import {
  Bar,
  type Backend,
  bar,
  bytes,
  Depth,
  depth,
  json,
  MessageBus,
  type MessageBusOptions,
  msgpack,
  quote,
  record,
  topics,
} from 'tickbus'
import type { ExecutionContext } from 'ava'
import { fixture } from './asking.js'
import { codeOf, forEachBackend } from './backends.js'

interface Said {
  topic: string
  name?: string
  message: unknown
  times: [bigint?, bigint?]
}

const level = (price: number) => ({ price, size: price / 2, count: 3 })

forEachBackend('message types', (test, { backend }) => {
  test('a bar arrives as a bar, published as one or as a plain object', async (t) => {
    const bus = openTyped(t, backend, topics({ 'data.bars.{symbol}': bar() }))
    const said = await repeated(bus)
    const at = bus.epoch.unixNs
    bus.publish('data.bars.A', new Bar(1, 4, 0.5, 2, 100, 5, 6, bus.epoch))
    bus.publish('data.bars.A', { open: 1, high: 4, low: 0.5, close: 2, volume: 100, tsEvent: at + 7n })
    bus.publish('data.free', new Bar(1, 4, 0.5, 2, 100, 5, 6, bus.epoch))
    const [first, second, free] = await said(3)
    t.like(first, { name: 'Bar', message: { open: 1, high: 4, low: 0.5, close: 2, volume: 100 } })
    t.deepEqual(first!.times, [at + 5n, at + 6n])
    t.deepEqual(second!.times, [at + 7n, at + 7n])
    t.deepEqual({ ...free, topic: 'data.bars.A' }, first)
  })

  test('a depth arrives with as many levels as it has', async (t) => {
    const bus = openTyped(t, backend, topics({ 'data.depth.{symbol}': depth() }))
    const said = await repeated(bus)
    const bids = Array.from({ length: 10 }, (_, i) => level(100 - i))
    bus.publish('data.depth.A', new Depth(bids, [level(101)], 5, 6, bus.epoch, 7))
    bus.publish('data.depth.A', { bids: [], asks: [{ price: 1, size: 2 }], tsEvent: bus.epoch.unixNs })
    bus.publish('data.free', new Depth(bids, [], 5, 6, bus.epoch))
    const [full, thin, free] = await said(3)
    t.like(full, { name: 'Depth', message: { bids, asks: [level(101)], sequence: 7, eventNs: 5, initNs: 6 } })
    t.like(thin, { name: 'Depth', message: { bids: [], asks: [{ price: 1, size: 2, count: 0 }], sequence: 0 } })
    t.like(free, { name: 'Depth', message: { bids, asks: [] } })
  })

  test('records of your own arrive as plain objects, short ones and long ones, decoded without the schema’s module', async (t) => {
    const fill = record({ price: 'f64', count: 'u32', side: 'i8', live: 'bool', symbol: 'text(12)', id: 'u64' })
    const note = record({ tsEvent: 'ns', tsInit: 'ns', code: 'i16', text: 'text(200)', venue: 'text(4)' })
    const schema = topics({ 'data.fills.{id}': fill, 'data.notes.{id}': note, 'data.more.{id}': fill })
    const bus = openTyped(t, backend, schema)
    const said = await repeated(bus)
    const at = bus.epoch.unixNs
    const filled = { price: 0.1, count: 4_294_967_295, side: -128, live: true, symbol: 'BTC-é€', id: 2n ** 64n - 1n }
    const noted = { tsEvent: at + 1n, tsInit: at - 1n, code: -32_768, text: 'x'.repeat(200), venue: '😀' }
    bus.publish('data.fills.1', filled)
    bus.publish('data.notes.1', noted)
    bus.publish('data.more.1', filled)
    t.deepEqual(
      (await said(3)).map(({ name, message }) => [name, message]),
      [
        ['Object', filled],
        ['Object', noted],
        ['Object', filled],
      ],
    )
  })

  test('json() carries what JSON can say', async (t) => {
    const bus = openTyped(t, backend, topics({ 'data.orders.{id}': json() }))
    const said = await repeated(bus)
    const messages = [{ a: [1, null, 'é'], nested: { b: true } }, 'text', 5, null, [], new Date(0), { n: NaN, f: t.is }]
    for (const message of messages) bus.publish('data.orders.1', message)
    const seen = await said(messages.length)
    t.deepEqual(
      seen.map(({ message }) => message),
      messages.map((message) => JSON.parse(JSON.stringify(message)) as unknown),
    )
  })

  test('bytes() gives the other thread bytes of its own', async (t) => {
    const bus = openTyped(t, backend, topics({ 'data.raw.{id}': bytes() }))
    const said = await repeated(bus)
    const messages = [new Uint8Array(0), Uint8Array.of(0, 255), Buffer.from('text'), new Uint8Array(1000).fill(7)]
    for (const message of messages) bus.publish('data.raw.1', message)
    const seen = await said(messages.length)
    t.deepEqual(
      seen.map(({ message }) => message),
      messages.map((message) => new Uint8Array(message)),
    )
  })

  test('the schema decides, not the message’s class', async (t) => {
    const bus = openTyped(t, backend, topics({ 'data.orders.{id}': json() }))
    const said = await repeated(bus)
    bus.publish('data.orders.1', { open: 1, close: 2 })
    t.is((await said(1))[0]!.name, 'Object')
  })

  test('what does not fit its type throws before anybody got it', async (t) => {
    const at = { tsEvent: 0n }
    const schema = topics({
      'data.bars.{x}': bar(),
      'data.depth.{x}': depth(),
      'data.own.{x}': record({ n: 'u8', at: 'ns', text: 'text(3)' }),
      'data.long.{x}': record({ a: 'text(255)', b: 'text(255)', c: 'text(255)', d: 'text(255)', e: 'text(255)' }),
      'data.json.{x}': json(),
      'data.raw.{x}': bytes(),
    })
    const bus = new MessageBus({ backend, schema, slabBytes: 4096, epoch: 0n })
    t.teardown(() => bus.close())
    await repeated(bus)
    let local = 0
    bus.subscribe('data.*', () => (local += 1))
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const ten = Array.from({ length: 10 }, () => level(1))
    const refused: [topic: string, message: unknown, code: string][] = [
      ['data.bars.x', null, 'TICKBUS_RECORD_FIELD'],
      ['data.bars.x', { open: 1, high: 1, low: 1, close: 1, ...at }, 'TICKBUS_RECORD_FIELD'],
      ['data.bars.x', { open: 1, high: 1, low: 1, close: '1', volume: 1, ...at }, 'TICKBUS_RECORD_FIELD'],
      ['data.bars.x', { open: 1, high: 1, low: 1, close: 1, volume: 1, tsEvent: 2n ** 53n }, 'TICKBUS_RECORD_TIME'],
      ['data.depth.x', { bids: [], ...at }, 'TICKBUS_RECORD_FIELD'],
      ['data.depth.x', { bids: [...ten, level(1)], asks: [], ...at }, 'TICKBUS_RECORD_FIELD'],
      ['data.depth.x', { bids: [null], asks: [], ...at }, 'TICKBUS_RECORD_FIELD'],
      ['data.depth.x', { bids: [], asks: [{ price: 1, size: '2' }], ...at }, 'TICKBUS_RECORD_FIELD'],
      ['data.own.x', { n: 256, at: 0n, text: '' }, 'TICKBUS_RECORD_FIELD'],
      ['data.own.x', { n: 1, at: 0, text: '' }, 'TICKBUS_RECORD_FIELD'],
      ['data.own.x', { n: 1, at: 0n, text: 'four' }, 'TICKBUS_RECORD_FIELD'],
      ['data.own.x', { n: 1, at: -(2n ** 53n), text: '' }, 'TICKBUS_RECORD_TIME'],
      ['data.long.x', { a: '', b: '', c: '', d: '', e: '' }, 'TICKBUS_PAYLOAD_SIZE'],
      ['data.json.x', undefined, 'TICKBUS_ENCODE'],
      ['data.json.x', () => {}, 'TICKBUS_ENCODE'],
      ['data.json.x', { big: 1n }, 'TICKBUS_ENCODE'],
      ['data.json.x', cycle, 'TICKBUS_ENCODE'],
      ['data.json.x', 'x'.repeat(1023), 'TICKBUS_PAYLOAD_SIZE'],
      ['data.raw.x', 'text', 'TICKBUS_ENCODE'],
      ['data.raw.x', [1, 2], 'TICKBUS_ENCODE'],
      ['data.raw.x', new Uint16Array(2), 'TICKBUS_ENCODE'],
      ['data.raw.x', new Uint8Array(1025), 'TICKBUS_PAYLOAD_SIZE'],
    ]
    for (const [topic, message, code] of refused) {
      t.is(
        codeOf(() => bus.publish(topic, message)),
        code,
        `${topic} ${String(message)}`,
      )
    }
    t.is(local, 0)
    t.like(bus.stats(), { published: 0, threads: [{ sent: 0 }] })
  })

  test('messages of fixed length wait for slow readers like others, and come out whole', async (t) => {
    const own = record({ n: 'f64', text: 'text(60)' }, { slowReader: 'wait' })
    const schema = topics({
      'data.depth.{x}': depth({ slowReader: 'wait' }),
      'data.own.{x}': own,
      'data.bars.{x}': bar({ slowReader: 'wait' }),
      'data.raw.{x}': bytes({ slowReader: 'wait' }),
      'data.json.{x}': json({ slowReader: 'wait' }),
      'data.pack.{x}': msgpack({ slowReader: 'wait' }),
      'data.quotes.{x}': quote({ slowReader: 'wait' }),
      said: msgpack({ slowReader: 'wait' }),
    })
    const bus = openTyped(t, backend, schema, { ringRecords: 64, slabBytes: 16_384 })
    const said = await repeated(bus)
    const tsEvent = bus.epoch.unixNs
    const rounds = 60
    const used = new Uint8Array(1)
    for (let n = 0; n < rounds; n += 1) {
      bus.publish('data.depth.x', { bids: [level(n)], asks: [], sequence: n, tsEvent })
      bus.publish('data.own.x', { n, text: `${n}`.padStart(60) })
      bus.publish('data.bars.x', { open: n, high: n, low: n, close: n, volume: n, tsEvent })
      used[0] = n
      bus.publish('data.raw.x', used)
      bus.publish('data.json.x', [n])
      bus.publish('data.pack.x', [n])
      bus.publish('data.quotes.x', { bidPrice: n, askPrice: n, bidSize: n, askSize: n, tsEvent })
    }
    const seen = (await said(7 * rounds)).map(({ message }) => message) as never[]
    for (let n = 0; n < rounds; n += 1) {
      const [book, mine, latest, raw, text, packed, tick] = seen.slice(7 * n)
      t.like(book, { bids: [level(n)], asks: [], sequence: n } as never)
      t.deepEqual(mine, { n, text: `${n}`.padStart(60) } as never)
      t.like(latest, { open: n, high: n, low: n, close: n, volume: n } as never)
      t.deepEqual(raw, Uint8Array.of(n) as never)
      t.deepEqual(text, [n] as never)
      t.deepEqual(packed, [n] as never)
      t.like(tick, { bidPrice: n, askPrice: n, bidSize: n, askSize: n } as never)
    }
    t.like(bus.stats().threads[0], { lost: 0, dropped: 0 })
  })
})

function openTyped(
  t: ExecutionContext,
  backend: Backend,
  schema: MessageBusOptions['schema'],
  options: MessageBusOptions = {},
): MessageBus {
  const bus = new MessageBus({ backend, ...options, ...(schema === undefined ? {} : { schema }) })
  t.teardown(() => bus.close())
  return bus
}

/** Starts a thread that repeats what it hears; what it returns resolves with so many of its words. */
async function repeated(bus: MessageBus): Promise<(count: number) => Promise<Said[]>> {
  const said: Said[] = []
  let heard = (): void => {}
  bus.subscribe('said', (words: Said) => {
    said.push(words)
    heard()
  })
  await bus.spawn(fixture('repeater.mjs'))
  await bus.synced()
  return async (count) => {
    while (said.length < count) await new Promise<void>((resolve) => (heard = resolve))
    return said
  }
}
