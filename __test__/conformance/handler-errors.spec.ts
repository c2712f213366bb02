import { msgpack, topics } from 'tickbus'
import { codeOf, forEachBackend } from './backends.js'

const boom = new Error('boom')
const thrower = () => {
  throw boom
}

forEachBackend('failing handlers', (test, { openBus }) => {
  test('where throws are let through, the first one leaves publish and ends it', (t) => {
    const bus = openBus(t, { onHandlerError: 'throw' })
    const seen: number[] = []
    bus.subscribe('a', (n: number) => seen.push(n), { priority: 1 })
    bus.subscribe('a', thrower)
    bus.subscribe('a', (n: number) => seen.push(-n))
    t.is(
      t.throws(() => bus.publish('a', 7)),
      boom,
    )
    t.deepEqual(seen, [7])
    t.like(bus.stats(), { published: 1, delivered: 2, handlerErrors: 0 })
  })

  test('where throws are let through, every 64th publish lets them through, too', (t) => {
    const bus = openBus(t, { onHandlerError: 'throw' })
    bus.subscribe('a', thrower)
    for (let i = 0; i < 130; i += 1) t.throws(() => bus.publish('a', i))
    t.like(bus.stats(), { published: 130, delivered: 130 })
  })

  test('delivered counts what was called, whatever comes and goes', (t) => {
    const bus = openBus(t)
    let calls = 0
    const handlers = Array.from({ length: 5 }, () => () => (calls += 1))
    for (let i = 0; i < 200; i += 1) {
      const handler = handlers[(i * 7) % 5]!
      if (i % 3 === 0) bus.subscribe(['a', 'b', '*'][i % 2]!, handler)
      if (i % 4 === 1) bus.unsubscribe(['b', 'a'][i % 2]!, handler)
      bus.publish(['a', 'b'][i % 2]!, i)
    }
    t.true(calls > 200)
    t.like(bus.stats(), { published: 200, delivered: calls })
    t.is(bus.topic('a').delivered + bus.topic('b').delivered, calls)
  })

  test('one publish in 64 of each topic is timed, whatever its handlers do', (t) => {
    const bus = openBus(t)
    bus.on('handlerError', () => {})
    bus.subscribe('a', thrower)
    bus.subscribe('b', () => {})
    bus.subscribe('?', () => {})
    for (let i = 0; i < 640; i += 1) for (const topic of ['a', 'b', 'c']) bus.publish(topic, i)
    const { samples, p50, p99, max } = bus.stats().dispatchNs
    t.is(samples, 30)
    t.true(p50 > 0 && p50 <= p99 && p99 <= max)
  })

  test('an error from a kept message is reported by the subscribe that brought it', (t) => {
    const bus = openBus(t, { schema: topics({ '{any}': msgpack({ replay: 'last' }) }) })
    const faults: unknown[] = []
    bus.on('handlerError', (fault) => faults.push(fault.error))
    bus.publish('a', 1)
    bus.subscribe('a', thrower)
    t.deepEqual(faults, [boom])
  })

  test('a frozen message cannot be changed, nor what it refers to', (t) => {
    const bus = openBus(t, { freeze: true, onHandlerError: 'throw' })
    const message: Record<string, unknown> = { levels: [{ price: 1 }], bytes: new Uint8Array(2), when: new Date(0) }
    message.self = message
    bus.subscribe('a', (got: { levels: { price: number }[] }) => (got.levels[0]!.price = 2))
    t.throws(() => bus.publish('a', message), { instanceOf: TypeError })
    t.true(Object.isFrozen(message) && Object.isFrozen(message.levels))
    t.notThrows(() => bus.publish('b', [null, 'text', 5n, undefined, () => {}]))
  })

  test('bad options are refused', (t) => {
    const bad = [
      { onHandlerError: 'ignore' },
      { freeze: 1 },
      { topicCache: 0 },
      { topicCache: 1.5 },
      { traderId: 7 },
      { schema: {} },
    ]
    for (const options of bad) {
      t.is(
        codeOf(() => openBus(t, options as never)),
        'TICKBUS_ARGUMENT',
        JSON.stringify(options),
      )
    }
  })
})
