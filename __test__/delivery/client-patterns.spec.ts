/** A key of which a group's messages lie on several patterns keeps its order, however the group comes back to them. */
import test from 'ava'
import { until } from '../until.js'
import { backends, scratch } from './journals.js'
import { abandon, type Opened, openJournalled, type Order } from './journalled.js'

const patterns = ['orders.*', 'synced.*', 'memory.*'] as const

/** What a client has left that a group had not acknowledged: of `k` on all patterns, the first of them the one that comes back last. */
async function leave(first: Opened): Promise<void> {
  for (const pattern of patterns) {
    await first.client.subscribe(pattern, () => new Promise(() => {}), { group: 'g', maxBlockMs: 1e6 })
  }
  for (const [n, topic] of ['synced.A', 'orders.A', 'memory.A', 'orders.A', 'synced.A'].entries()) {
    await first.client.publish(topic, { n, key: 'k' }, { ack: 'synced' })
  }
  await first.client.publish('orders.A', { n: 100, key: 'other' }, { ack: 'synced' })
  await abandon(first)
}

for (const backend of backends) {
  test(`a key waits for the patterns that its group had before, and other keys do not [${backend}]`, async (t) => {
    const directory = scratch(t)
    await leave(await openJournalled(t, backend, directory))

    const { client } = await openJournalled(t, backend, directory)
    const seen: number[] = []
    const note = ({ n }: Order): void => void seen.push(n)
    const options = { group: 'g', maxBlockMs: 1e6 }
    await client.subscribe('orders.*', note, options)
    await client.subscribe('memory.*', note, options)
    await client.publish('memory.A', { n: 5, key: 'k' })
    // Of this key there was nothing: from now on it waits as well.
    await client.publish('orders.A', { n: 200, key: 'new' })
    await client.publish('synced.A', { n: 201, key: 'new' })
    await client.publish('memory.A', { n: 202, key: 'new' }, { ack: 'written' })
    await client.drain()
    t.deepEqual(seen, [100, 200])
    await client.subscribe('synced.*', note, options)
    await client.publish('orders.A', { n: 6, key: 'k' })
    await client.drain()
    t.deepEqual(
      seen.filter((n) => n < 100),
      [0, 1, 2, 3, 4, 5, 6],
    )
    t.deepEqual(
      seen.filter((n) => n >= 200),
      [200, 201, 202],
    )
  })

  test(`it waits for them no longer than maxBlockMs, and nothing is lost [${backend}]`, async (t) => {
    const directory = scratch(t)
    await leave(await openJournalled(t, backend, directory))

    const { client } = await openJournalled(t, backend, directory)
    const seen: number[] = []
    const note = ({ n }: Order): void => void seen.push(n)
    const options = { group: 'g', maxBlockMs: 60 }
    await client.subscribe('orders.*', note, options)
    await client.subscribe('memory.*', note, options)
    await until(() => seen.length === 4, 'the key to go on')
    t.deepEqual(
      seen.filter((n) => n !== 100),
      [1, 2, 3],
    )
    await client.publish('synced.A', { n: 5, key: 'k' })
    await client.publish('orders.A', { n: 6, key: 'k' })
    await until(() => seen.includes(6))
    await client.subscribe('synced.*', note, options)
    await client.drain()
    t.deepEqual(seen.slice(-3), [0, 4, 5])
  })

  test(`a group without order has nothing to wait for [${backend}]`, async (t) => {
    const directory = scratch(t)
    await leave(await openJournalled(t, backend, directory))

    const { client } = await openJournalled(t, backend, directory)
    const seen: number[] = []
    await client.subscribe('orders.*', ({ n }: Order) => void seen.push(n), { group: 'g', order: 'none' })
    await client.drain()
    t.deepEqual(seen, [1, 3, 100])
  })
}
