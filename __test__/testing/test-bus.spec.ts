import test from 'ava'
import { MessageBus, quote, topics } from 'tickbus'
import { collect, openTestBus, VirtualClock } from 'tickbus/testing'

test('a test bus carries messages, and closes at the end of its block', async (t) => {
  let bus: MessageBus
  {
    await using opened = openTestBus()
    bus = opened.bus
    const orders = opened.collect<{ id: number }>('orders.*')
    bus.publish('orders.A', { id: 1 })
    bus.publish('alerts.A', { id: 2 })
    t.deepEqual(orders.messages, [{ id: 1 }])
    t.deepEqual(orders.topics, ['orders.A'])
    t.true(opened.clock instanceof VirtualClock)
  }
  t.throws(() => bus.publish('orders.A', { id: 3 }), { code: 'TICKBUS_CLOSED' })
})

test('a handler that throws, or changes a message, lets the test fail', async (t) => {
  const { bus, close } = openTestBus()
  bus.subscribe('a', () => {
    throw new Error('broken')
  })
  bus.subscribe('b', (message: { n: number }) => (message.n = 2))
  t.throws(() => bus.publish('a', 1), { message: 'broken' })
  t.throws(() => bus.publish('b', { n: 1 }), { instanceOf: TypeError })
  await close()
})

test('what a test asks for wins over what test buses are like', async (t) => {
  const schema = topics({ 'data.{symbol}': quote() })
  const { bus, close } = openTestBus({ schema, onHandlerError: 'report', traderId: 'T-1' })
  bus.on('handlerError', () => {})
  bus.subscribe('data.*', () => {
    throw new Error('broken')
  })
  t.notThrows(() => bus.publish('data.A', { bidPrice: 1, askPrice: 2, bidSize: 3, askSize: 4, tsEvent: 0n }))
  t.is(bus.traderId, 'T-1')
  t.is(bus.stats().handlerErrors, 1)
  await close()
})

test('a pattern is collected on any bus, in order, until that stops', async (t) => {
  const bus = new MessageBus()
  const seen = collect<number>(bus, 'n.*')
  bus.publish('n.a', 1)
  bus.publish('n.b', 2)
  t.deepEqual(
    [seen.messages, seen.topics],
    [
      [1, 2],
      ['n.a', 'n.b'],
    ],
  )
  seen.clear()
  bus.publish('n.c', 3)
  t.deepEqual([seen.messages, seen.topics], [[3], ['n.c']])
  seen.stop()
  bus.publish('n.d', 4)
  t.deepEqual(seen.messages, [3])
  await bus.close()
})

test('the first few are awaited, whether they are there already or come later', async (t) => {
  const { bus, collect, close } = openTestBus()
  const seen = collect<number>('n')
  const [one, three] = [seen.first(1), seen.first(3)]
  for (const n of [1, 2, 3, 4]) bus.publish('n', n)
  t.deepEqual(await one, [1])
  t.deepEqual(await three, [1, 2, 3])
  t.deepEqual(await seen.first(2), [1, 2])
  t.deepEqual(await seen.first(0), [])
  t.throws(() => seen.first(1.5), { code: 'TICKBUS_ARGUMENT' })
  await close()
})

test('a collection that goes out of its block collects nothing more', async (t) => {
  const { bus, collect, close } = openTestBus()
  let seen
  {
    using collected = collect('n')
    seen = collected.messages
    bus.publish('n', 1)
  }
  bus.publish('n', 2)
  t.deepEqual(seen, [1])
  await close()
})
