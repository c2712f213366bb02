/** What groups had not acknowledged they get after the next open; what they had, they do not. */
import test from 'ava'
import { type Definition, json, Priority, record, type Schema, topics } from 'tickbus'
import { until } from '../until.js'
import { backends, scratch, segments } from './journals.js'
import { abandon, openJournalled, type Order } from './journalled.js'

const worker = new URL('fixtures/journalled-worker.mjs', import.meta.url)
const fails = (): never => {
  throw new Error('not yet')
}

for (const backend of backends) {
  test(`each group gets what it had not acknowledged, in order, before anything new of the key [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    const early: number[] = []
    await first.client.subscribe('orders.*', ({ n }: Order) => (n < 5 ? void early.push(n) : fails()), {
      group: 'a',
      maxBlockMs: 1e6,
    })
    await first.client.subscribe('orders.*', () => new Promise(() => {}), { group: 'b' })
    for (let n = 0; n < 20; n += 1) await first.client.publish('orders.A', { n, key: `k${n % 2}` }, { ack: 'synced' })
    await until(() => early.length === 5)
    await abandon(first)

    const { client } = await openJournalled(t, backend, directory)
    // Nobody has subscribed again: this one waits for them as well.
    client.tryPublish('orders.A', { n: 20, key: 'k0' })
    const seen: Record<string, number[]> = { a: [], b: [], c: [] }
    for (const group of ['a', 'b', 'c']) {
      await client.subscribe('orders.*', ({ n }: Order) => void seen[group]!.push(n), { group })
      client.tryPublish('orders.A', { n: 21, key: 'k0' })
    }
    await client.drain()
    const of = (group: string, parity: number) => seen[group]!.filter((n) => n < 21 && n % 2 === parity)
    t.deepEqual(
      [of('a', 0), of('a', 1)],
      [
        [6, 8, 10, 12, 14, 16, 18, 20],
        [5, 7, 9, 11, 13, 15, 17, 19],
      ],
    )
    t.deepEqual(
      [...of('b', 0), ...of('b', 1)].toSorted((x, y) => x - y),
      [...Array(21).keys()],
    )
    t.deepEqual(seen['c'], [21])
    // Those have the key of the even ones, all of which come first.
    const ofKey = seen['b']!.filter((n) => n === 21 || n % 2 === 0)
    t.deepEqual(ofKey, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 21, 21, 21])
  })

  test(`what does not fit is read back as there is room; of its key nothing overtakes, of others it may [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    await first.client.subscribe('orders.*', () => new Promise(() => {}), { group: 'g' })
    for (let n = 0; n < 40; n += 1) first.client.tryPublish('orders.A', { n, key: 'old' })
    await first.client.publish('orders.A', { n: 40, key: 'old' }, { ack: 'synced' })
    await abandon(first)

    const { client } = await openJournalled(t, backend, directory, { lanes: { high: { capacity: 4 } } })
    const seen: number[] = []
    let open = (): void => {}
    const opened = new Promise<void>((resolve) => (open = resolve))
    const note = async ({ n }: Order): Promise<void> => {
      await opened
      // So many turns of the loop as there are old ones: what is new has them to overtake some, once it is written.
      await new Promise(setImmediate)
      seen.push(n)
    }
    await client.subscribe('orders.*', note, { group: 'g' })
    client.tryPublish('orders.A', { n: 41, key: 'old' }, { priority: 3 })
    await client.publish('orders.A', { n: 99, key: 'new' }, { priority: 3, ack: 'written' })
    open()
    await client.drain()
    t.deepEqual(
      seen.filter((n) => n !== 99),
      [...Array(42).keys()],
    )
    t.true(seen.indexOf(99) < 40)
  })

  test(`attempts are counted on, and a receipt's id stays its message's [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    const attempts: number[] = []
    const failing = (_: Order, { attempt }: { attempt: number }): never => {
      attempts.push(attempt)
      throw new Error('not yet')
    }
    const options = { group: 'g', maxDeliver: 4, backoffMs: [0, 0, 1e6], maxBlockMs: 1e9 }
    await first.client.subscribe('orders.*', failing, options)
    const { id } = await first.client.publish('orders.A', { n: 1 })
    await until(() => attempts.length === 3)
    await abandon(first)

    const { client } = await openJournalled(t, backend, directory)
    const ids: number[] = []
    await client.subscribe(
      'orders.*',
      (order: Order, delivery) => {
        ids.push(delivery.id)
        failing(order, delivery)
      },
      options,
    )
    await until(() => client.deadLetters.size === 1)
    t.deepEqual(attempts, [1, 2, 3, 4])
    t.deepEqual(ids, [id])
    const later = await client.publish('orders.A', { n: 2 })
    t.true(later.id > id)
  })

  test(`what was acknowledged goes with its files [${backend}]`, async (t) => {
    const directory = scratch(t)
    const journal = { dir: directory, segmentBytes: 8_192 }
    const first = await openJournalled(t, backend, directory, { journal })
    await first.client.subscribe('orders.*', () => {}, { group: 'g' })
    for (let n = 0; n < 1_100; n += 1) {
      await first.client.publish('orders.A', { n }, n % 100 === 0 ? { ack: 'synced' } : {})
      if (n % 100 === 0) await first.client.drain()
    }
    await first.client.drain()
    await first.client.close()
    const { client } = await openJournalled(t, backend, directory, { journal })
    await client.subscribe('orders.*', () => t.fail('it was acknowledged'), { group: 'g' })
    await client.drain()
    await until(() => Object.keys(segments(directory)).length <= 3, 'the files to go')
    t.pass()
  })

  test(`a group that ended for good holds nothing back; its topics and patterns are its own [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    const seen: string[] = []
    const note = ({ n }: Order, { topic }: { topic: string }): void => void seen.push(`${topic} ${n}`)
    await first.client.subscribe('orders.*', note, { group: 'g' })
    await first.client.subscribe('memory.*', note, { group: 'g' })
    const gone = await first.client.subscribe('orders.*', note, { group: 'gone' })
    await first.client.subscribe('orders.*', note)
    gone.unsubscribe()
    await first.client.drain()
    await until(() => !first.client.journal!.consumers.includes('gone'))
    await abandon(first)

    const second = await openJournalled(t, backend, directory)
    // Of one key the second would wait for the pattern of the first.
    for (const topic of ['orders.A', 'memory.A', 'synced.A'])
      await second.client.publish(topic, { n: 1, key: topic }, { ack: 'written' })
    t.deepEqual(second.client.journal!.consumers, ['g'])
    await second.client.subscribe('memory.*', note, { group: 'g' })
    await second.client.drain()
    t.deepEqual(seen, ['memory.A 1'])
    await abandon(second)

    const { client } = await openJournalled(t, backend, directory)
    await client.subscribe('*', note, { group: 'g' })
    await client.drain()
    t.deepEqual(seen, ['memory.A 1', 'orders.A 1'])
    const { consumers, appended } = client.journal!.stats()
    t.true(consumers['g']! > 0 && consumers['g']! <= appended)
  })

  test(`records, bytes and MessagePack come back as they were [${backend}]`, async (t) => {
    const own = topics({
      'records.{id}': record({ price: 'f64', tsEvent: 'ns', note: 'text(12)' }, { delivery: 'at-least-once' }),
      'free.{id}': json({ delivery: 'at-least-once' }),
    }) as unknown as Schema<Definition>
    const directory = scratch(t)
    const tsEvent = BigInt(Date.now()) * 1_000_000n + 123n
    const first = await openJournalled(t, backend, directory, {}, own)
    await first.client.subscribe('*', () => new Promise(() => {}), { group: 'g' })
    const sent = { price: 0.1, tsEvent, note: 'grün' }
    await first.client.publish('records.A', sent, { ack: 'written' })
    await first.client.publish('free.A', { a: [1, null] }, { ack: 'written', key: 'x', priority: 3 })
    await abandon(first)
    const { client } = await openJournalled(t, backend, directory, {}, own)
    const seen: unknown[] = []
    await client.subscribe('*', (message, { key, priority }) => void seen.push([message, key, priority]), {
      group: 'g',
    })
    await client.drain()
    t.deepEqual(seen.toReversed(), [
      [sent, undefined, 1],
      [{ a: [1, null] }, 'x', 3],
    ])
  })

  test(`what is journalled comes behind what its key has spilled [${backend}]`, async (t) => {
    const lanes = { normal: { capacity: 2, overflow: 'spill' } } as const
    const { client } = await openJournalled(t, backend, scratch(t), { lanes })
    const seen: number[] = []
    let open = (): void => {}
    const opened = new Promise<void>((resolve) => (open = resolve))
    const handler = async ({ n }: Order): Promise<void> => {
      await opened
      seen.push(n)
    }
    await client.subscribe('*', handler, { group: 'a', concurrency: 1 })
    const options = { key: 'k', priority: Priority.NORMAL }
    const statuses = Array.from({ length: 6 }, (_, n) => client.tryPublish('ticks.A', { n }, options))
    t.deepEqual(statuses, ['accepted', 'accepted', 'spilled', 'spilled', 'spilled', 'spilled'])
    t.is(client.tryPublish('memory.A', { n: 6, key: 'k' }, { priority: Priority.HIGH }), 'accepted')
    open()
    await client.drain()
    t.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6])
  })

  test(`what worker threads acknowledged is done, and what they had in hand comes again [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    const begun: number[] = []
    first.bus.subscribe('begun', (n: number) => void begun.push(n))
    await first.client.subscribe('orders.*', worker, { group: 'w', threads: 2, concurrency: 64, ackWaitMs: 1e6 })
    const publish = (n: number) => first.client.publish('orders.A', { n, key: `k${n}` }, { ack: 'synced' })
    await Promise.all(Array.from({ length: 40 }, (_, n) => publish(n)))
    await until(() => first.client.stats().groups['w']!.delivered === 20)
    await until(() => first.client.stats().groups['w']!.inFlight === 20, 'the odd ones to hang')
    await until(() => begun.length === 40)
    await until(() => [...first.client.journal!.pending('w')].length === 20, 'the acknowledgements')
    await abandon(first)

    const { client } = await openJournalled(t, backend, directory)
    const seen: number[] = []
    await client.subscribe('orders.*', ({ n }: Order) => void seen.push(n), { group: 'w' })
    await client.drain()
    t.deepEqual(
      seen.toSorted((a, b) => a - b),
      Array.from({ length: 20 }, (_, n) => 2 * n + 1),
    )
  })

  test(`what an effectively-once group has handled it does not handle again [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    await first.client.subscribe('fills.*', () => {}, { group: 'g' })
    for (const n of [1, 2, 3]) first.client.tryPublish('fills.A', { n })
    await first.client.drain()
    await first.client.close()
    const { client } = await openJournalled(t, backend, directory)
    const seen: number[] = []
    await client.subscribe('fills.*', ({ n }: Order) => void seen.push(n), { group: 'g' })
    for (const n of [2, 3, 4]) client.tryPublish('fills.A', { n })
    await client.drain()
    t.deepEqual(seen, [4])
    t.is(client.stats().groups['g']!.duplicates, 2)
  })

  test(`nor does one of worker threads [${backend}]`, async (t) => {
    const directory = scratch(t)
    const first = await openJournalled(t, backend, directory)
    await first.client.subscribe('fills.*', worker, { group: 'g', threads: 2 })
    for (const n of [2, 4, 6]) first.client.tryPublish('fills.A', { n })
    await first.client.drain()
    await until(() => [...first.client.journal!.pending('g')].length === 0, 'the acknowledgements')
    await first.client.close()
    const { bus, client } = await openJournalled(t, backend, directory)
    const begun: number[] = []
    bus.subscribe('begun', (n: number) => void begun.push(n))
    await client.subscribe('fills.*', worker, { group: 'g', threads: 2 })
    for (const n of [4, 6, 8]) client.tryPublish('fills.A', { n })
    await client.drain()
    await until(() => begun.length > 0)
    t.deepEqual(begun, [8])
    t.is(client.stats().groups['g']!.duplicates, 2)
  })
}
