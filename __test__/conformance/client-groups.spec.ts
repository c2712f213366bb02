import { BufferedMessageBusClient, Depth, msgpack, Priority, Quote, quote, depth, topics } from 'tickbus'
import { forEachBackend } from './backends.js'
import { accounted, openClient } from './clients.js'
import { jobs } from './jobs.js'

const QUOTE = { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4 }

forEachBackend('consumer groups', (test, on) => {
  test('handlers run in a later turn, and never inside a publish', async (t) => {
    const { bus, client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    await client.subscribe('a.*', (message) => seen.push(message))
    client.tryPublish('a.1', 'one')
    bus.publish('a.1', 'two')
    await client.publish('a.1', 'three')
    t.deepEqual(seen, [])
    clock.turn()
    t.deepEqual(seen, ['one', 'two', 'three'])
  })

  test('each group gets a copy, and those of one group share it in turn', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: string[] = []
    const handler =
      (name: string) =>
      (message: number): void => {
        seen.push(`${name}${message}`)
      }
    await client.subscribe('a.*', handler('x'), { group: 'one' })
    await client.subscribe('a.*', handler('y'), { group: 'one' })
    await client.subscribe('a.*', handler('z'), { group: 'two' })
    for (const n of [1, 2, 3, 4]) client.tryPublish('a.1', n)
    clock.turn()
    t.deepEqual(
      seen.filter((text) => text.startsWith('z')),
      ['z1', 'z2', 'z3', 'z4'],
    )
    t.is(seen.filter((text) => text.startsWith('x')).length, 2)
    t.is(seen.filter((text) => text.startsWith('y')).length, 2)
    t.deepEqual(client.stats().groups['one'].copies, 4)
  })

  test('a group gets one copy even if several of its patterns match', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    await client.subscribe('a.*', (message) => seen.push(message), { group: 'g' })
    await client.subscribe('*.1', (message) => seen.push(message), { group: 'g' })
    await client.subscribe('a.1', (message) => seen.push(message), { group: 'g' })
    client.tryPublish('a.1', 1)
    client.tryPublish('b.1', 2)
    client.tryPublish('b.2', 3)
    clock.turn()
    t.deepEqual(seen, [1, 2])
    t.is(client.stats().groups['g'].copies, 2)
  })

  test('without a name each subscribe has a group of its own', async (t) => {
    const { client, clock } = await openClient(t, on)
    let calls = 0
    await client.subscribe('a', () => (calls += 1))
    await client.subscribe('a', () => (calls += 1))
    client.tryPublish('a', 0)
    clock.turn()
    t.is(calls, 2)
    t.is(Object.keys(client.stats().groups).length, 2)
  })

  test('bus subscribers get the message at once, whoever publishes', async (t) => {
    const { bus, client } = await openClient(t, on)
    const seen: unknown[] = []
    bus.subscribe('a.*', (message: unknown, topic: string) => seen.push([topic, message]))
    await client.subscribe('a.*', () => {}, { group: 'g' })
    client.tryPublish('a.1', 1)
    await client.publish('a.2', 2)
    bus.publish('a.3', 3)
    bus.topic('a.4').publish(4)
    t.deepEqual(seen, [
      ['a.1', 1],
      ['a.2', 2],
      ['a.3', 3],
      ['a.4', 4],
    ])
    t.is(client.stats().groups['g'].copies, 4)
    t.is(client.stats().published, 4)
  })

  test('with no group that matches, a message is accepted', async (t) => {
    const { client } = await openClient(t, on)
    t.is(client.tryPublish('nobody', 1), 'accepted')
    const first = await client.publish('nobody', 1)
    const second = await client.publish('nobody', 1)
    t.is(first.status, 'accepted')
    t.true(second.id > first.id)
  })

  test('a delivery says what there is to know', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    await client.subscribe(
      'a.*',
      (message, { id, topic, key, priority, attempt, group, publishedNs, signal }) =>
        seen.push({ message, id, topic, key, priority, attempt, group, publishedNs, aborted: signal.aborted }),
      { group: 'g' },
    )
    const { id } = await client.publish('a.1', 'hello', { key: 'K', priority: Priority.HIGH, deadlineMs: 10 })
    client.tryPublish('a.2', 'you')
    clock.turn()
    const common = { attempt: 1, group: 'g', publishedNs: 1e9, aborted: false }
    t.deepEqual(seen, [
      { message: 'hello', id, topic: 'a.1', key: 'K', priority: Priority.HIGH, ...common },
      { message: 'you', id: id + 1, topic: 'a.2', key: undefined, priority: Priority.NORMAL, ...common },
    ])
  })

  test('records of the schema are queued as they were when published, other messages by reference', async (t) => {
    const schema = topics({ 'q.{s}': quote(), 'd.{s}': depth(), 'o.{id}': msgpack() })
    const { bus, client, clock } = await openClient(t, on, {}, { schema })
    const seen: unknown[] = []
    await client.subscribe('*', (message) => seen.push(message))
    const tsEvent = bus.epoch.unixNs
    const tick = { ...QUOTE, tsEvent }
    const levels = { bids: [{ price: 1, size: 1, count: 1 }], asks: [{ price: 2, size: 1, count: 1 }], tsEvent }
    const order = { id: 1 }
    bus.publish('q.BTC', tick)
    bus.publish('d.BTC', levels)
    bus.publish('o.1', order)
    tick.bidPrice = 99
    levels.bids[0].price = 99
    order.id = 2
    clock.turn()
    t.true(seen[0] instanceof Quote)
    t.is((seen[0] as Quote).bidPrice, 1)
    t.true(seen[1] instanceof Depth)
    t.is((seen[1] as Depth).bids[0].price, 1)
    t.is(seen[2], order)
  })

  test('a message that cannot be encoded throws before anybody got it', async (t) => {
    const schema = topics({ 'q.{s}': quote(), 'd.{s}': depth() })
    const { bus, client, clock } = await openClient(t, on, {}, { schema })
    const seen: unknown[] = []
    bus.subscribe('*', (message: unknown) => seen.push(message))
    await client.subscribe('*', (message) => seen.push(message), { group: 'first' })
    await client.subscribe('*', (message) => seen.push(message), { group: 'second' })
    t.throws(() => bus.publish('q.BTC', { bidPrice: 'no' } as never), { code: 'TICKBUS_RECORD_FIELD' })
    t.throws(() => client.tryPublish('d.BTC', {} as never), { code: 'TICKBUS_RECORD_FIELD' })
    await t.throwsAsync(client.publish('q.BTC', 1 as never), { code: 'TICKBUS_RECORD_FIELD' })
    clock.turn()
    t.deepEqual(seen, [])
    t.is(client.stats().published, 0)
    for (const name of ['first', 'second']) t.is(client.stats().groups[name].copies, 0)
    // What was reserved for it is free again.
    const tick = { ...QUOTE, tsEvent: bus.epoch.unixNs }
    for (let i = 0; i < 1_000; i += 1) t.throws(() => bus.publish('q.BTC', { bidPrice: 'no' } as never))
    bus.publish('q.BTC', tick)
    clock.turn()
    t.is(seen.length, 3)
  })

  test('a message that is published while another is being encoded does not mix with it', async (t) => {
    const schema = topics({ 'q.{s}': quote() })
    const { bus, client, clock } = await openClient(t, on, {}, { schema })
    const seen: number[] = []
    await client.subscribe('q.*', (message: Quote) => seen.push(message.bidPrice))
    const tsEvent = bus.epoch.unixNs
    const inner = { ...QUOTE, bidPrice: 2, tsEvent }
    const outer = {
      ...QUOTE,
      tsEvent,
      get bidPrice(): number {
        bus.publish('q.B', inner)
        return 1
      },
    }
    bus.publish('q.A', outer)
    clock.turn()
    t.true(seen.includes(1))
    t.true(seen.every((price) => price === 1 || price === 2))
    t.is(client.stats().groups['#1'].copies, seen.length)
  })

  test('a subscription that ended gets nothing more, but what waits is still handled', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    const subscription = await client.subscribe('a', (message) => seen.push(message), { group: 'g' })
    client.tryPublish('a', 1)
    subscription.unsubscribe()
    subscription.unsubscribe()
    t.false(subscription.active)
    client.tryPublish('a', 2)
    clock.turn()
    t.deepEqual(seen, [1])
    t.is(client.stats().groups['g'].delivered, 1)
  })

  test('a signal ends a subscription, and one that has aborted lets none begin', async (t) => {
    const { client, clock } = await openClient(t, on)
    const seen: unknown[] = []
    const abort = new AbortController()
    await client.subscribe('a', (message) => seen.push(message), { group: 'g', signal: abort.signal })
    client.tryPublish('a', 1)
    abort.abort()
    client.tryPublish('a', 2)
    const late = await client.subscribe('a', (message) => seen.push(message), { group: 'h', signal: abort.signal })
    t.false(late.active)
    client.tryPublish('a', 3)
    clock.turn()
    t.deepEqual(seen, [1])
  })

  test('a group whose last subscription ended makes its name and its memory free', async (t) => {
    const { client, clock } = await openClient(t, on, { memoryMb: 8 })
    for (let i = 0; i < 20; i += 1) {
      const subscription = await client.subscribe('a', () => {}, { group: 'g', concurrency: 1 + i })
      client.tryPublish('a', i)
      subscription.unsubscribe()
      clock.turn()
    }
    t.pass()
  })

  test('the same pattern and handler is one subscription', async (t) => {
    const { client, clock } = await openClient(t, on)
    let calls = 0
    const handler = (): void => {
      calls += 1
    }
    const first = await client.subscribe('a', handler, { group: 'g' })
    t.is(await client.subscribe('a', handler, { group: 'g' }), first)
    client.tryPublish('a', 1)
    clock.turn()
    t.is(calls, 1)
  })

  test('a group name belongs to one client of a bus', async (t) => {
    const { bus, client } = await openClient(t, on)
    await client.subscribe('a', () => {}, { group: 'g' })
    const other = await BufferedMessageBusClient.open(bus)
    t.teardown(() => other.close())
    await t.throwsAsync(
      other.subscribe('a', () => {}, { group: 'g' }),
      { code: 'TICKBUS_GROUP_CONFLICT' },
    )
    let calls = 0
    await other.subscribe('a', () => (calls += 1), { group: 'h' })
    t.is(client.tryPublish('a', 1, { priority: Priority.CRITICAL }), 'accepted')
    await other.drain()
    t.is(calls, 1)
    t.is(other.stats().groups['h'].delivered, 1)
  })

  test('topics that come and go leave the group’s table flat', async (t) => {
    const { bus, client, clock } = await openClient(t, on, {}, { topicCache: 4 })
    let calls = 0
    await client.subscribe('a.*', (message: number, { topic }) => {
      if (topic === `a.${message}`) calls += 1
    })
    for (let i = 0; i < 2_000; i += 1) {
      bus.publish(`a.${i}`, i)
      if (i % 50 === 0) clock.turn()
    }
    clock.turn()
    t.is(calls, 2_000)
  })

  test('a publish in another thread reaches the groups of this one', async (t) => {
    const bus = on.openBus(t)
    const client = await BufferedMessageBusClient.open(bus)
    t.teardown(() => client.close())
    const seen: unknown[] = []
    await client.subscribe('from.*', (message) => seen.push(message), { group: 'g' })
    const workers = await bus.spawn(new URL('./fixtures/publisher.mjs', import.meta.url))
    while (seen.length < 100) await jobs()
    await workers.terminate()
    t.deepEqual(
      seen,
      Array.from({ length: 100 }, (_, i) => ({ i })),
    )
    t.is(accounted(client.stats().groups['g']), 100)
  })
})
