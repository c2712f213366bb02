import { msgpack, topics } from 'tickbus'
import { forEachBackend } from './backends.js'

forEachBackend('topics by name', (test, { openBus }) => {
  test('at most so many are remembered, and what is forgotten stays counted', (t) => {
    const bus = openBus(t, { topicCache: 10 })
    let calls = 0
    bus.subscribe('t.*', () => (calls += 1))
    for (let i = 0; i < 1_000; i += 1) bus.publish(`t.${i}`, i)
    t.is(calls, 1_000)
    t.is(bus.topics().length, 10)
    t.like(bus.stats(), { published: 1_000, delivered: 1_000, topics: 10, evicted: 990 })
  })

  test('one that is in use stays', (t) => {
    const bus = openBus(t, { topicCache: 10 })
    for (let i = 0; i < 1_000; i += 1) {
      bus.publish('busy', i)
      bus.publish(`t.${i}`, i)
    }
    t.true(bus.topics().includes('busy'))
    t.is(bus.topic('busy').published, 1_000)
  })

  test('held handles stay, and do not count', (t) => {
    const bus = openBus(t, { topicCache: 4 })
    const seen: unknown[] = []
    bus.publish('x.0', 0)
    const held = Array.from({ length: 20 }, (_, i) => bus.topic(`x.${i}`))
    for (let i = 0; i < 100; i += 1) bus.publish(`t.${i}`, i)
    bus.subscribe('x.*', (_, topic) => seen.push(topic))
    for (const topic of held) topic.publish(1)
    t.deepEqual(
      seen,
      held.map(({ name }) => name),
    )
    t.is(bus.topics().length, 24)
  })

  test('one that was forgotten comes back with the route of now', (t) => {
    const bus = openBus(t, { topicCache: 1 })
    const seen: unknown[] = []
    bus.publish('a', 1)
    bus.publish('b', 2)
    bus.subscribe('a', (n) => seen.push(n))
    bus.publish('a', 3)
    t.deepEqual(seen, [3])
    t.is(bus.topic('a').published, 1)
  })

  test('one that is forgotten while its message is under way is delivered whole', (t) => {
    const bus = openBus(t, { topicCache: 1 })
    const seen: unknown[] = []
    bus.subscribe('a', () => bus.publish('b', 0), { priority: 1 })
    bus.subscribe('a', (n) => seen.push(n))
    bus.publish('a', 1)
    bus.publish('a', 2)
    t.deepEqual(seen, [1, 2])
    t.like(bus.stats(), { published: 4, delivered: 4 })
  })

  test('a kept message goes with its topic, and is counted', (t) => {
    const bus = openBus(t, { topicCache: 2, schema: topics({ 'state.{name}': msgpack({ replay: 'last' }) }) })
    for (let i = 0; i < 5; i += 1) bus.publish(`state.${i}`, i)
    const seen: unknown[] = []
    bus.subscribe('*', (n) => seen.push(n))
    t.deepEqual(seen.sort(), [3, 4])
    t.is(bus.stats().dropped.replay, 3)
  })

  test('names that look like numbers are ordinary', (t) => {
    const bus = openBus(t)
    const names = ['0', '5', '4294967294', '4294967295', '-1', '1.5', '__proto__', 'toString']
    const seen: unknown[] = []
    bus.subscribe('*', (_, topic) => seen.push(topic))
    for (const name of names) bus.publish(name, 0)
    for (const name of names) bus.publish(name, 0)
    t.deepEqual(seen, [...names, ...names])
    t.deepEqual(bus.topics().sort(), [...names].sort())
  })

  test('what only prints like a known topic is not taken for it', (t) => {
    const bus = openBus(t)
    bus.publish('5', 0)
    t.throws(() => bus.publish(5 as unknown as string, 0), { code: 'TICKBUS_TOPIC' })
    t.throws(() => bus.publish(['5'] as unknown as string, 0), { code: 'TICKBUS_TOPIC' })
  })
})
