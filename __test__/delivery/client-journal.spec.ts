/** A client writes ahead what may not be lost, and does not say or do more than the journal has. */
import test from 'ava'
import { BufferedMessageBusClient, Journal, MessageBus } from 'tickbus'
import { codeOf, codeOfRejection } from '../conformance/backends.js'
import { until } from '../until.js'
import { backends, scratch } from './journals.js'
import { openJournalled, type Order, schema } from './journalled.js'

for (const backend of backends) {
  test(`a receipt says as much as its ack asks for, and where the message is [${backend}]`, async (t) => {
    const directory = scratch(t)
    const { client } = await openJournalled(t, backend, directory, { journal: { dir: directory, sync: 'os' } })
    const memory = await client.publish('orders.A', { n: 1 })
    t.is(memory.status, 'accepted')
    const written = await client.publish('orders.A', { n: 2 }, { ack: 'written' })
    t.true(client.journal!.stats().written >= written.sequence!)
    const synced = await client.publish('orders.A', { n: 3 }, { ack: 'synced' })
    t.true(client.journal!.stats().synced >= synced.sequence!)
    t.is(client.tryPublish('orders.A', { n: 4 }), 'accepted')
    t.deepEqual(
      [memory, written, synced].map(({ sequence }) => sequence),
      [1, 2, 3],
    )
    await client.close()
    const journal = await Journal.open(directory, { backend })
    const payloads = [...journal.read()].map(({ message }) => Buffer.from(message.payload).toString())
    t.deepEqual(payloads, ['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}'])
    await journal.close()
  })

  test(`nobody gets a message before it is as safe as its topic asks [${backend}]`, async (t) => {
    const { bus, client } = await openJournalled(t, backend, scratch(t))
    const seen: string[] = []
    const journal = client.journal!
    const note = (topic: string, n: number): void => {
      const { written, synced, appended } = journal.stats()
      const isSafe = topic.startsWith('synced') ? synced >= n : topic.startsWith('memory') || written >= n
      seen.push(`${topic} ${n} ${isSafe && appended >= n}`)
    }
    bus.subscribe('*.A', ({ n }: Order, topic) => note(topic, n))
    await client.subscribe('*', ({ n }: Order, { topic }) => note(`${topic} of g`, n), { group: 'g' })
    const order = (n: number): Order => ({ n, key: `k${n}` })
    // Numbers are those of the records: the group's checkpoint is the first.
    client.tryPublish('memory.A', order(2))
    t.deepEqual(seen, ['memory.A 2 true'])
    client.tryPublish('orders.A', order(3))
    client.tryPublish('synced.A', order(4))
    t.is(seen.length, 1)
    await until(() => seen.length === 6)
    t.deepEqual(seen.toSorted(), [
      'memory.A 2 true',
      'memory.A of g 2 true',
      'orders.A 3 true',
      'orders.A of g 3 true',
      'synced.A 4 true',
      'synced.A of g 4 true',
    ])
  })

  test(`a key keeps its order whatever its topics wait for [${backend}]`, async (t) => {
    const { client } = await openJournalled(t, backend, scratch(t))
    const seen: number[] = []
    await client.subscribe('*', ({ n }: Order) => void seen.push(n), { group: 'g', concurrency: 1 })
    const topics = ['synced.A', 'memory.A', 'orders.A', 'memory.A', 'synced.A', 'orders.A', 'memory.A']
    for (let n = 0; n < 70; n += 1) client.tryPublish(topics[n % 7], { n, key: 'same' })
    await until(() => seen.length === 70)
    t.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    )
  })

  test(`journalled topics are published through the client that keeps the journal [${backend}]`, async (t) => {
    const directory = scratch(t)
    const { bus, client } = await openJournalled(t, backend, directory)
    const held = bus.topic<Order>('orders.A')
    t.is(
      codeOf(() => bus.publish('orders.A', { n: 1 })),
      'TICKBUS_NEEDS_CLIENT',
    )
    t.is(
      codeOf(() => held.publish({ n: 1 })),
      'TICKBUS_NEEDS_CLIENT',
    )
    bus.publish('ticks.A', { n: 1 })
    const other = await BufferedMessageBusClient.open(bus)
    t.is(
      codeOf(() => other.tryPublish('orders.A', { n: 1 })),
      'TICKBUS_NEEDS_CLIENT',
    )
    t.is(await codeOfRejection(other.publish('orders.A', { n: 1 })), 'TICKBUS_NEEDS_CLIENT')
    t.is(await codeOfRejection(BufferedMessageBusClient.open(bus, { journal: directory })), 'TICKBUS_JOURNAL_BUS')
    await client.close()
    t.notThrows(() => bus.publish('orders.A', { n: 1 }))
  })

  test(`what cannot be promised is refused, and says what to do [${backend}]`, async (t) => {
    const directory = scratch(t)
    const { client } = await openJournalled(t, backend, directory)
    const refused = await t.throwsAsync(client.publish('ticks.A', { n: 1 }, { ack: 'written' }))
    t.regex(refused!.message, /give it delivery: "at-least-once"/)
    const bus = new MessageBus({ backend, schema }) as unknown as MessageBus
    t.teardown(() => bus.close())
    const plain = await BufferedMessageBusClient.open(bus)
    const error = await t.throwsAsync(plain.publish('orders.A', { n: 1 }, { ack: 'synced' }))
    t.like(error, { code: 'TICKBUS_NOT_JOURNALLED' })
    t.regex(error!.message, /open it with journal/)
    t.is(await codeOfRejection(plain.publish('orders.A', { n: 1 }, { ack: 'later' as never })), 'TICKBUS_ARGUMENT')
    await plain.close()
    t.is(await codeOfRejection(BufferedMessageBusClient.open(bus, { journal: directory })), 'TICKBUS_JOURNAL_LOCKED')
    t.is(
      await codeOfRejection(BufferedMessageBusClient.open(bus, { journal: '/nowhere/at/all' })),
      'TICKBUS_JOURNAL_MISSING',
    )
    // Nothing is left half open.
    t.notThrows(() => bus.publish('orders.A', { n: 1 }))
  })

  test(`what cannot be encoded throws, and nobody gets it [${backend}]`, async (t) => {
    const { bus, client } = await openJournalled(t, backend, scratch(t))
    let seen = 0
    bus.subscribe('*', () => void (seen += 1))
    const circle: { n: number; self?: unknown } = { n: 1 }
    circle.self = circle
    t.is(
      codeOf(() => client.tryPublish('memory.A', circle)),
      'TICKBUS_ENCODE',
    )
    t.deepEqual([seen, client.journal!.stats().appended], [0, 0])
  })

  test(`a lane that is full refuses before anything is written [${backend}]`, async (t) => {
    const lanes = { high: { capacity: 2 } }
    const { client } = await openJournalled(t, backend, scratch(t), { lanes })
    const seen: number[] = []
    await client.subscribe('orders.*', ({ n }: Order) => void seen.push(n), { group: 'g' })
    const before = client.journal!.stats().appended
    const taken = [1, 2, 3].map((n) => client.tryPublish('orders.A', { n }))
    t.deepEqual(taken, ['accepted', 'accepted', 'backpressured'])
    t.is(client.journal!.stats().appended - before, 2)
    await until(() => seen.length === 2)
    await client.publish('orders.A', { n: 4 })
    await until(() => seen.length === 3)
  })

  test(`a group that is behind reads back what found no room, in order [${backend}]`, async (t) => {
    const lanes = { high: { capacity: 4 }, normal: { capacity: 4, overflow: 'block' as const, timeoutMs: 60_000 } }
    const { client } = await openJournalled(t, backend, scratch(t), { lanes })
    const seen: number[] = []
    await client.subscribe(
      '*',
      async ({ n }: Order) => {
        await new Promise(setImmediate)
        seen.push(n)
      },
      { group: 'slow', concurrency: 1 },
    )
    await Promise.all(Array.from({ length: 60 }, (_, n) => client.publish(n % 2 ? 'memory.A' : 'synced.A', { n })))
    await client.drain()
    t.deepEqual(seen, [...seen.keys()])
    t.is(seen.length, 60)
  })
}
