import type { ExecutionContext } from 'ava'
import {
  BufferedMessageBusClient,
  bytes,
  json,
  type MessageBus,
  Priority,
  Quote,
  quote,
  type Receipt,
  topics,
} from 'tickbus'
import { forEachBackend } from './backends.js'
import { accounted, openClient } from './clients.js'

const { LOW, NORMAL, HIGH, CRITICAL } = Priority
const schema = topics({ 'data.quotes.{name}': quote(), 'data.json.{name}': json(), 'data.bytes.{name}': bytes() })
const fixture = new URL('fixtures/remote-client.mjs', import.meta.url)

interface Published {
  topic: string
  message: unknown
  options?: { priority?: number; key?: string; deadlineMs?: number }
  awaited?: boolean
}

interface Seen {
  seen: { message: unknown; key: string | undefined; priority: number; id: number }[]
  expired: { message: unknown; key: string | undefined }[]
}

/** Publishes through the client of a thread of its own. What it published is there when this resolves. */
async function publishThere(bus: MessageBus, messages: Published[]): Promise<unknown[]> {
  return bus.request('publish', messages)
}

async function seenThere(t: ExecutionContext, bus: MessageBus): Promise<Seen> {
  t.timeout(60_000)
  return bus.request<Seen>('seen', undefined, { timeoutMs: 60_000 })
}

forEachBackend('clients in several threads', (test, on) => {
  test('groups here take what is published there by priority, key and deadline', async (t) => {
    const { bus, client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    const late: unknown[] = []
    const onExpired = (message: unknown): void => void late.push(message)
    await client.subscribe('a', (message, { key, priority }) => seen.push([message, key, priority]), { onExpired })
    await bus.spawn(fixture)
    t.deepEqual(
      await publishThere(bus, [
        { topic: 'a', message: 'plain' },
        { topic: 'a', message: 'low', options: { priority: LOW } },
        { topic: 'a', message: 'order', options: { priority: NORMAL, key: 'A1' } },
        { topic: 'a', message: 'cancel', options: { priority: CRITICAL, key: 'A1' } },
        { topic: 'a', message: 'late', options: { deadlineMs: 0 } },
        { topic: 'a', message: 'in time', options: { deadlineMs: 1e9, key: '' } },
        { topic: 'a', message: 'odd', options: { key: 'ключ é', priority: HIGH } },
      ]),
      Array.from({ length: 7 }, () => 'accepted'),
    )
    t.deepEqual(seen, [])
    clock.advance(1)
    clock.turn()
    t.deepEqual(seen, [
      ['order', 'A1', NORMAL],
      ['cancel', 'A1', CRITICAL],
      ['odd', 'ключ é', HIGH],
      ['plain', undefined, NORMAL],
      ['in time', '', NORMAL],
      ['low', undefined, LOW],
    ])
    t.deepEqual(late, ['late'])
    const stats = client.stats().groups['#1']!
    t.like(stats, { copies: 7, delivered: 6 })
    t.is(stats.dropped.expired, 1)
    t.is(accounted(stats), 7)
  })

  test('groups there take what is published here by priority, key and deadline', async (t) => {
    const { bus, client } = await openClient(t, on)
    await bus.spawn(fixture, { workerData: { group: true } })
    client.tryPublish('jobs.a', 'hold', { priority: CRITICAL })
    client.tryPublish('jobs.a', 'plain')
    client.tryPublish('jobs.a', 'low', { priority: LOW })
    client.tryPublish('jobs.a', 'late', { deadlineMs: 0, key: 'B' })
    client.tryPublish('jobs.a', 'order', { key: 'A1' })
    client.tryPublish('jobs.a', 'cancel', { key: 'A1', priority: HIGH })
    const { seen, expired } = await seenThere(t, bus)
    t.deepEqual(
      seen.map(({ message, key, priority }) => [message, key, priority]),
      [
        ['hold', undefined, CRITICAL],
        ['order', 'A1', NORMAL],
        ['cancel', 'A1', HIGH],
        ['plain', undefined, NORMAL],
        ['low', undefined, LOW],
      ],
    )
    t.deepEqual(expired, [{ message: 'late', key: 'B' }])
  })

  test('the id of the receipt is what the handlers of every thread see', async (t) => {
    const { bus, client, clock } = await openClient(t, on)
    const ids: number[] = []
    await client.subscribe('jobs.*', (_, { id }) => ids.push(id))
    await bus.spawn(fixture, { workerData: { group: true } })
    const here = await client.publish('jobs.a', 1, { priority: HIGH })
    const [there] = (await publishThere(bus, [
      { topic: 'jobs.a', message: 2, options: { key: 'k' }, awaited: true },
    ])) as Receipt[]
    clock.turn()
    t.deepEqual(ids, [here.id, there!.id])
    const { seen } = await seenThere(t, bus)
    t.deepEqual(
      seen.map(({ id }) => id),
      [here.id, there!.id],
    )
  })

  test('every kind of message crosses with its options as it does without', async (t) => {
    const { bus, client, clock } = await openClient(t, on, {}, { schema })
    const queued: unknown[] = []
    const direct: unknown[] = []
    await client.subscribe('data.*', (message) => queued.push(message))
    bus.subscribe('data.*', (message: unknown) => direct.push(message))
    await bus.spawn(fixture, { workerData: { schema: true } })
    const at = bus.epoch.unixNs
    const tick = { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: at + 10n, tsInit: at + 11n }
    const kinds: [string, unknown][] = [
      ['data.quotes.A', tick],
      ['data.json.A', { list: [1, 'two', null] }],
      ['data.bytes.A', new Uint8Array([1, 2, 3])],
      ['data.free', { when: new Date(0), big: 2n ** 60n, text: 'x'.repeat(1000) }],
      ['data.free', { when: new Date(1), more: 1 }],
    ]
    const options = { priority: HIGH }
    await publishThere(
      bus,
      kinds.flatMap(([topic, message]) => [
        { topic, message },
        { topic, message, options },
      ]),
    )
    clock.turn()
    t.is(direct.length, 10)
    for (const [i, [, message]] of kinds.entries()) t.deepEqual(direct[2 * i + 1], direct[2 * i], `${String(message)}`)
    t.true(direct[1] instanceof Quote)
    t.like(direct[1], { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4 })
    t.is((direct[1] as Quote).tsInit, at + 11n)
    t.is(queued.length, 10)
    t.deepEqual(
      queued.slice(0, 5),
      direct.filter((_, i) => i % 2 === 1),
    )
  })

  test('a lane that the group does not have is the own lane of the topic', async (t) => {
    const { bus, client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    await client.subscribe('a', (message, { priority }) => seen.push([message, priority]))
    await bus.spawn(fixture, { workerData: { options: { lanes: { fills: { priority: 7 } } } } })
    await publishThere(bus, [{ topic: 'a', message: 1, options: { priority: 7 } }])
    clock.turn()
    t.deepEqual(seen, [[1, NORMAL]])
  })

  test('what finds no room here is counted here; who published it there has other readers', async (t) => {
    const { bus, client, clock } = await openClient(t, on, { lanes: { high: { capacity: 1, overflow: 'reject' } } })
    let subscribers = 0
    bus.subscribe('a', () => (subscribers += 1))
    await client.subscribe('a', () => {})
    await bus.spawn(fixture)
    const options = { priority: HIGH }
    const statuses = await publishThere(bus, [
      { topic: 'a', message: 1, options },
      { topic: 'a', message: 2, options },
    ])
    t.deepEqual(statuses, ['accepted', 'accepted'])
    t.is(subscribers, 2)
    clock.turn()
    const { refused, groups } = client.stats()
    t.is(refused, 1)
    t.like(groups['#1'], { copies: 1, delivered: 1 })
  })

  test('groups of another client of this thread take the priority, too', async (t) => {
    const { bus, client, clock } = await openClient(t, on)
    const other = await BufferedMessageBusClient.open(bus, { clock })
    t.teardown(() => other.close({ timeoutMs: 0 }))
    const seen: number[] = []
    await other.subscribe('a', (_, { priority }) => seen.push(priority))
    for (const priority of [LOW, HIGH]) client.tryPublish('a', 0, { priority })
    clock.turn()
    t.deepEqual(seen, [HIGH, LOW])
  })
})
