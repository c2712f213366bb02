import { fc } from '@fast-check/ava'
import { type Handler, isMatching, type MessageBus } from 'tickbus'
import { codeOf, forEachBackend } from './backends.js'

forEachBackend('one thread', (test, { openBus }) => {
  test('a subscriber gets the object itself and its topic, now', (t) => {
    const bus = openBus(t)
    const message = { price: 1 }
    const seen: unknown[] = []
    bus.subscribe('data.quotes.*', (...args) => seen.push(args))
    bus.publish('data.quotes.BINANCE.BTCUSDT', message)
    t.deepEqual(seen, [[message, 'data.quotes.BINANCE.BTCUSDT']])
    t.is((seen[0] as unknown[])[0], message)
  })

  test('a late subscriber sees topics that were published before', (t) => {
    const bus = openBus(t)
    bus.publish('data.A', 1)
    const seen: number[] = []
    bus.subscribe('data.*', (n: number) => seen.push(n))
    bus.publish('data.A', 2)
    t.deepEqual(seen, [2])
  })

  test('higher priority runs first, ties in order of subscription', (t) => {
    const bus = openBus(t)
    const seen: string[] = []
    bus.subscribe('a', () => seen.push('first of 0'))
    bus.subscribe('*', () => seen.push('-5'), { priority: -5 })
    bus.subscribe('?', () => seen.push('second of 0'))
    bus.subscribe('a*', () => seen.push('10'), { priority: 10 })
    bus.publish('a', 0)
    t.deepEqual(seen, ['10', 'first of 0', 'second of 0', '-5'])
  })

  test('a throwing handler stops nobody else, and is reported with what it failed on', (t) => {
    const bus = openBus(t)
    const faults: unknown[] = []
    const seen: number[] = []
    bus.on('handlerError', (fault) => faults.push(fault))
    const thrower = () => {
      throw new Error('boom')
    }
    bus.subscribe('a', thrower, { priority: 1 })
    bus.subscribe('a', (n: number) => seen.push(n))
    bus.publish('a', 7)
    t.deepEqual(seen, [7])
    t.like(faults[0] as object, { topic: 'a', pattern: 'a', handler: thrower, error: { message: 'boom' } })
    t.is(bus.stats().handlerErrors, 1)
  })

  test('a rejected promise is reported like a throw', async (t) => {
    const bus = openBus(t)
    const fault = new Promise<{ error: unknown }>((resolve) => bus.on('handlerError', resolve))
    bus.subscribe('a', async () => {
      throw new Error('late')
    })
    bus.publish('a', 1)
    t.is(((await fault).error as Error).message, 'late')
  })

  test('changes made by a handler count from the next publish', (t) => {
    const bus = openBus(t)
    const seen: string[] = []
    const late = () => seen.push('late')
    const doomed = bus.subscribe('a', () => seen.push('doomed'), { priority: -1 })
    bus.subscribe('a', () => {
      bus.subscribe('a', late)
      doomed.unsubscribe()
    })
    bus.publish('a', 1)
    t.deepEqual(seen, ['doomed'])
    bus.publish('a', 2)
    t.deepEqual(seen, ['doomed', 'late'])
  })

  test('publishing inside a handler goes depth first', (t) => {
    const bus = openBus(t)
    const seen: string[] = []
    bus.subscribe('outer', () => bus.publish('inner', 0))
    bus.subscribe('outer', () => seen.push('outer'))
    bus.subscribe('inner', () => seen.push('inner'))
    bus.publish('outer', 0)
    t.deepEqual(seen, ['inner', 'outer'])
  })

  test('the same pair again changes nothing', (t) => {
    const bus = openBus(t)
    let calls = 0
    const handler = () => (calls += 1)
    const first = bus.subscribe('a', handler, { priority: 3 })
    t.is(bus.subscribe('a', handler, { priority: 9 }), first)
    bus.publish('a', 0)
    t.is(calls, 1)
    bus.subscribe('*', handler)
    bus.publish('a', 0)
    t.is(calls, 3)
  })

  test('a subscription ends by its method, by pair, by dispose and by signal', (t) => {
    const bus = openBus(t)
    const abort = new AbortController()
    let calls = 0
    const counting = () => () => (calls += 1)
    const handler = counting()
    bus.subscribe('a', counting()).unsubscribe()
    bus.subscribe('a', handler)
    t.true(bus.unsubscribe('a', handler))
    t.false(bus.unsubscribe('a', handler))
    bus.subscribe('a', counting())[Symbol.dispose]()
    bus.subscribe('a', counting(), { signal: abort.signal })
    abort.abort()
    t.false(bus.subscribe('a', counting(), { signal: abort.signal }).active)
    bus.publish('a', 0)
    t.is(calls, 0)
    t.is(bus.stats().patterns, 0)
  })

  test('a handle publishes to what is subscribed later', (t) => {
    const bus = openBus(t)
    const topic = bus.topic<number>('data.A')
    const seen: number[] = []
    bus.subscribe('data.?', (n: number) => seen.push(n))
    topic.publish(1)
    t.deepEqual(seen, [1])
    t.is(bus.topic('data.A'), topic)
  })

  test('bad names, handlers and priorities are refused before anything changed', (t) => {
    const bus = openBus(t)
    const noop = () => {}
    for (const bad of [
      '',
      ' \t',
      'a*',
      '?',
      5,
      undefined,
      null,
      'x'.repeat(256),
      'é'.repeat(128),
      '\ud800',
    ] as string[]) {
      t.is(
        codeOf(() => bus.publish(bad, 0)),
        'TICKBUS_TOPIC',
        String(bad),
      )
      t.is(
        codeOf(() => bus.topic(bad)),
        'TICKBUS_TOPIC',
        String(bad),
      )
    }
    for (const bad of ['', '  ', 7, undefined, '*'.repeat(256), '*\udc00'] as string[]) {
      t.is(
        codeOf(() => bus.subscribe(bad, noop)),
        'TICKBUS_PATTERN',
        String(bad),
      )
    }
    for (const bad of [undefined, null, 'x', {}] as unknown as Handler[]) {
      t.is(
        codeOf(() => bus.subscribe('a', bad)),
        'TICKBUS_HANDLER',
      )
    }
    for (const priority of [NaN, 0.5, Infinity, 2 ** 31, '1' as unknown as number]) {
      t.is(
        codeOf(() => bus.subscribe('a', noop, { priority })),
        'TICKBUS_PRIORITY',
        String(priority),
      )
    }
    t.like(bus.stats(), { published: 0, topics: 0, patterns: 0 })
  })

  test('hostile names are ordinary topics', (t) => {
    const bus = openBus(t)
    const names = ['__proto__', 'constructor', 'toString', 'x'.repeat(255), 'é'.repeat(127), '.', '..', '[a]', 'a\\b']
    const seen: string[] = []
    for (const name of names) bus.subscribe(name, (_, topic) => seen.push(topic))
    for (const name of names) bus.publish(name, 0)
    t.deepEqual(seen, names)
  })

  test('a closed bus accepts nothing, and closing twice is one closing', async (t) => {
    const bus = openBus(t)
    const topic = bus.topic('a')
    let calls = 0
    bus.subscribe('a', () => (calls += 1))
    t.is(bus.close(), bus.close())
    await bus.close()
    t.is(
      codeOf(() => topic.publish(0)),
      'TICKBUS_CLOSED',
    )
    t.is(
      codeOf(() => bus.publish('a', 0)),
      'TICKBUS_CLOSED',
    )
    t.is(
      codeOf(() => bus.publish('new', 0)),
      'TICKBUS_CLOSED',
    )
    t.is(
      codeOf(() => bus.subscribe('a', () => {})),
      'TICKBUS_CLOSED',
    )
    t.is(
      codeOf(() => bus.ticket()),
      'TICKBUS_CLOSED',
    )
    t.is(calls, 0)
  })

  test('any log of operations gives the trace of a naive model', (t) => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (log) => {
        const bus = openBus(t)
        t.deepEqual(runOnBus(bus, log), runOnModel(log))
        void bus.close()
      }),
      { numRuns: 200 },
    )
  })
})

const names = fc.constantFrom('a', 'ab', 'a.b', 'data.quotes.X', 'data.trades.X', 'é.b')
const patterns = fc.constantFrom('*', 'a', 'a*', '*b', 'a?b', 'data.*', 'data.*.X', '??.b', '*.*', 'none')
const operation = fc.oneof(
  fc.record({
    do: fc.constant('subscribe' as const),
    pattern: patterns,
    handler: fc.nat(4),
    priority: fc.integer({ min: -2, max: 2 }),
  }),
  fc.record({ do: fc.constant('unsubscribe' as const), pattern: patterns, handler: fc.nat(4) }),
  fc.record({ do: fc.constant('publish' as const), topic: names }),
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

function runOnBus(bus: MessageBus, log: readonly Operation[]): string[] {
  const trace: string[] = []
  const handlers = Array.from(
    { length: 5 },
    (_, i): Handler<number> =>
      (n, topic) =>
        trace.push(`${i} ${topic} ${n}`),
  )
  log.forEach((step, n) => {
    if (step.do === 'subscribe') bus.subscribe(step.pattern, handlers[step.handler]!, { priority: step.priority })
    else if (step.do === 'unsubscribe') bus.unsubscribe(step.pattern, handlers[step.handler]!)
    else bus.publish(step.topic, n)
  })
  return trace
}

interface Listed {
  readonly pattern: string
  readonly handler: number
  readonly priority: number
  readonly sequence: number
}

/** What a bus does, without any of its shortcuts: a list, a filter, a sort. */
function runOnModel(log: readonly Operation[]): string[] {
  const trace: string[] = []
  let listed: Listed[] = []
  log.forEach((step, n) => {
    if (step.do === 'publish') {
      listed
        .filter((one) => isMatching(step.topic, one.pattern))
        .sort((a, b) => b.priority - a.priority || a.sequence - b.sequence)
        .forEach((one) => trace.push(`${one.handler} ${step.topic} ${n}`))
      return
    }
    const { pattern, handler } = step
    const isSame = (one: Listed) => one.pattern === pattern && one.handler === handler
    if (step.do === 'unsubscribe') listed = listed.filter((one) => !isSame(one))
    else if (!listed.some(isSame)) listed.push({ pattern, handler, priority: step.priority, sequence: n })
  })
  return trace
}
