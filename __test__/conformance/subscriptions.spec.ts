import { getEventListeners } from 'node:events'
import { msgpack, topics } from 'tickbus'
import { codeOf, forEachBackend } from './backends.js'

forEachBackend('subscriptions', (test, { openBus }) => {
  test('once hears one message, however deep publishes are nested', (t) => {
    const bus = openBus(t)
    const seen: string[] = []
    bus.subscribe('a', (text: string) => text === 'outer' && bus.publish('a', 'inner'), { priority: 1 })
    const subscription = bus.once('a', (text: string) => seen.push(text))
    bus.publish('a', 'outer')
    bus.publish('a', 'later')
    t.deepEqual(seen, ['inner'])
    t.false(subscription.active)
    t.deepEqual(bus.patterns(), ['a'])
  })

  test('once and subscribe of one pair are one subscription, which ends by its pair', (t) => {
    const bus = openBus(t)
    const handler = () => {}
    t.is(bus.once('a', handler), bus.subscribe('a', handler))
    t.true(bus.unsubscribe('a', handler))
    t.deepEqual(bus.subscriptions(), [])
  })

  test('a signal is let go of when the subscription ends', (t) => {
    const bus = openBus(t)
    const { signal } = new AbortController()
    const subscription = bus.subscribe('a', () => {}, { signal })
    const first = getEventListeners(signal, 'abort').length
    subscription.unsubscribe()
    t.deepEqual([first, getEventListeners(signal, 'abort').length], [1, 0])
  })

  test('messages come one after the other, from the call on', async (t) => {
    const bus = openBus(t)
    const stream = bus.messages<number>('data.*')
    bus.publish('data.a', 1)
    bus.publish('other', 2)
    bus.publish('data.b', 3)
    const seen: unknown[] = []
    for await (const entry of stream) if (seen.push(entry) === 2) break
    t.deepEqual(seen, [
      [1, 'data.a'],
      [3, 'data.b'],
    ])
    t.deepEqual(bus.patterns(), [])
  })

  test('a loop that waits is woken by the next message', async (t) => {
    const bus = openBus(t)
    const stream = bus.messages<number>('a')
    const [first, second] = [stream.next(), stream.next()]
    bus.publish('a', 1)
    bus.publish('a', 2)
    t.deepEqual(
      [(await first).value, (await second).value],
      [
        [1, 'a'],
        [2, 'a'],
      ],
    )
  })

  test('a full stream drops its oldest or its newest, and counts', async (t) => {
    const bus = openBus(t)
    const oldest = bus.messages<number>('a', { limit: 3 })
    const newest = bus.messages<number>('a', { limit: 3, overflow: 'dropNewest' })
    for (let i = 1; i <= 8; i += 1) bus.publish('a', i)
    t.deepEqual([oldest.dropped, oldest.waiting, newest.dropped, newest.waiting], [5, 3, 5, 3])
    t.is(bus.stats().dropped.streams, 10)
    await bus.close()
    t.deepEqual(await valuesOf(oldest), [6, 7, 8])
    t.deepEqual(await valuesOf(newest), [1, 2, 3])
  })

  test('a stream ends with its signal, and hands over what waited', async (t) => {
    const bus = openBus(t)
    const abort = new AbortController()
    const stream = bus.messages<number>('a', { signal: abort.signal })
    bus.publish('a', 1)
    abort.abort()
    bus.publish('a', 2)
    t.deepEqual(await valuesOf(stream), [1])
    t.deepEqual(await valuesOf(bus.messages('a', { signal: abort.signal })), [])
  })

  test('a loop that waits ends when the bus closes', async (t) => {
    const bus = openBus(t)
    const next = bus.messages('a').next()
    await bus.close()
    t.true((await next).done)
  })

  test('bad options of a stream are refused', (t) => {
    const bus = openBus(t)
    for (const limit of [0, 1.5, NaN, 2 ** 25]) {
      t.is(
        codeOf(() => bus.messages('a', { limit })),
        'TICKBUS_ARGUMENT',
      )
    }
    t.is(
      codeOf(() => bus.messages('a', { overflow: 'block' as never })),
      'TICKBUS_ARGUMENT',
    )
    t.deepEqual(bus.patterns(), [])
  })

  test('a late subscriber gets the last message of a topic that keeps it, before subscribe returns', (t) => {
    const bus = openBus(t, { schema: topics({ 'state.{name}': msgpack({ replay: 'last' }) }) })
    const seen: unknown[] = []
    bus.publish('state.a', 1)
    bus.publish('state.a', 2)
    bus.publish('state.b', 3)
    bus.publish('other', 4)
    bus.subscribe('*', (message, topic) => seen.push([topic, message]))
    t.deepEqual(seen.sort(), [
      ['state.a', 2],
      ['state.b', 3],
    ])
    t.is(bus.stats().delivered, 2)
  })

  test('once is content with a kept message', (t) => {
    const bus = openBus(t, { schema: topics({ 'state.{name}': msgpack({ replay: 'last' }) }) })
    const seen: unknown[] = []
    bus.publish('state.a', undefined)
    bus.publish('state.b', 2)
    bus.once('state.*', (message) => seen.push(message))
    bus.publish('state.a', 3)
    t.is(seen.length, 1)
  })

  test('a text without a wildcard selects who would get that topic, in the order of the calls', (t) => {
    const bus = openBus(t)
    const low = bus.subscribe('data.*', () => {})
    const high = bus.subscribe('*', () => {}, { priority: 5 })
    bus.subscribe('orders.*', () => {})
    bus.topic('data.known')
    for (const topic of ['data.known', 'data.unknown']) t.deepEqual(bus.subscriptions(topic), [high, low])
    t.true(bus.hasSubscribers('data.unknown'))
  })

  test('a text with a wildcard selects the patterns that it matches as a glob', (t) => {
    const bus = openBus(t)
    const texts = ['data.*', 'data.*.BINANCE', '*.quotes', 'data.quotes', '*']
    for (const text of texts) bus.subscribe(text, () => {})
    const patternsOf = (text?: string) => bus.subscriptions(text).map(({ pattern }) => pattern)
    t.deepEqual(patternsOf('*'), texts)
    t.deepEqual(patternsOf(), texts)
    t.deepEqual(patternsOf('data.*'), ['data.*', 'data.*.BINANCE', 'data.quotes'])
    t.deepEqual(patternsOf('?.quotes'), ['*.quotes'])
    t.true(bus.hasSubscribers('*.quotes'))
    t.false(bus.hasSubscribers('orders.*'))
  })

  test('nobody subscribes to what has no subscription left', (t) => {
    const bus = openBus(t)
    bus.subscribe('a.*', () => {}).unsubscribe()
    t.false(bus.hasSubscribers('a.b'))
    t.false(bus.hasSubscribers('*'))
    t.deepEqual([bus.patterns(), bus.subscriptions('a.b')], [[], []])
  })

  test('topics are those that were published or held', (t) => {
    const bus = openBus(t)
    bus.publish('b', 1)
    bus.topic('a')
    bus.subscribe('c', () => {})
    t.deepEqual(bus.topics().sort(), ['a', 'b'])
  })
})

async function valuesOf(stream: AsyncIterable<[unknown, string]>): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const [message] of stream) values.push(message)
  return values
}
