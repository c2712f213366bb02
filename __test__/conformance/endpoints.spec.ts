import { getEventListeners } from 'node:events'
import { codeOf, codeOfRejection, forEachBackend } from './backends.js'

const never = () => new Promise(() => {})

forEachBackend('endpoints', (test, { openBus }) => {
  test('send hands the object itself to the one endpoint, now', (t) => {
    const bus = openBus(t)
    const command = { side: 'BUY' }
    let got: unknown
    bus.register('RiskEngine.execute', (message) => (got = message))
    t.is(bus.send('RiskEngine.execute', command), undefined)
    t.is(got, command)
    t.deepEqual([bus.endpoints(), bus.stats().sent], [['RiskEngine.execute'], 1])
  })

  test('an endpoint’s error leaves send', (t) => {
    const bus = openBus(t)
    bus.register('a', () => {
      throw new RangeError('no')
    })
    t.throws(() => bus.send('a', 1), { instanceOf: RangeError, message: 'no' })
  })

  test('a promise that an endpoint rejects after send is reported', async (t) => {
    const bus = openBus(t)
    const fault = new Promise<{ error: unknown; topic: string }>((resolve) => bus.on('handlerError', resolve))
    bus.register('a', async () => {
      throw new Error('late')
    })
    bus.send('a', 1)
    t.like(await fault, { topic: 'a', error: { message: 'late' } })
  })

  test('without an endpoint send throws and trySend says false', (t) => {
    const bus = openBus(t)
    t.is(
      codeOf(() => bus.send('nobody', 1)),
      'TICKBUS_ENDPOINT_UNKNOWN',
    )
    t.false(bus.trySend('nobody', 1))
    bus.register('somebody', () => {})
    t.true(bus.trySend('somebody', 1))
    t.true(bus.deregister('somebody'))
    t.false(bus.deregister('somebody'))
    t.false(bus.trySend('somebody', 1))
  })

  test('a name is answered to once, and is free again afterwards', (t) => {
    const bus = openBus(t)
    const endpoint = bus.register('a', () => 1)
    t.is(
      codeOf(() => bus.register('a', () => 2)),
      'TICKBUS_ENDPOINT_TAKEN',
    )
    endpoint[Symbol.dispose]()
    endpoint.deregister()
    t.false(endpoint.active)
    t.is(bus.register('a', () => 3).name, 'a')
    endpoint.deregister()
    t.true(bus.trySend('a', 0))
  })

  test('bad names and handlers are refused', (t) => {
    const bus = openBus(t)
    for (const name of ['', ' ', 'a*', '?', 'x'.repeat(256), '\ud800', undefined, 5] as string[]) {
      t.is(
        codeOf(() => bus.register(name, () => {})),
        'TICKBUS_ENDPOINT',
        String(name),
      )
      t.is(
        codeOf(() => bus.send(name, 0)),
        'TICKBUS_ENDPOINT',
        String(name),
      )
    }
    t.is(
      codeOf(() => bus.register('a', 7 as never)),
      'TICKBUS_HANDLER',
    )
    t.deepEqual(bus.endpoints(), [])
  })

  test('hostile names are ordinary endpoints', (t) => {
    const bus = openBus(t)
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'x'.repeat(255)]) {
      t.false(bus.trySend(name, 0))
      bus.register(name, () => {})
      t.true(bus.trySend(name, 0))
    }
  })

  test('a request resolves with what the endpoint returns, or with what its promise resolves to', async (t) => {
    const bus = openBus(t)
    bus.register('now', (n: number) => n + 1)
    bus.register('later', async (n: number) => n + 2)
    t.is(await bus.request('now', 1), 2)
    t.is(await bus.request('later', 1), 3)
    t.is(await bus.request('now', 1, { timeoutMs: 50, id: 'mine' }), 2)
    t.is(await bus.request('later', 1, { timeoutMs: 50, id: 'mine' }), 3)
    t.like(bus.stats().requests, { made: 4, replied: 4, pending: 0 })
  })

  test('a request rejects with what the endpoint throws, or with what its promise rejects with', async (t) => {
    const bus = openBus(t)
    const [soon, late] = [new Error('soon'), new Error('late')]
    bus.register('now', () => {
      throw soon
    })
    bus.register('later', () => Promise.reject(late))
    for (const options of [undefined, { timeoutMs: 1_000 }]) {
      t.is(await rejection(bus.request('now', 0, options)), soon)
      t.is(await rejection(bus.request('later', 0, options)), late)
    }
    t.like(bus.stats().requests, { made: 4, failed: 4, pending: 0 })
    t.is(bus.stats().handlerErrors, 0)
  })

  test('a request rejects when its time is up, and a late reply changes nothing', async (t) => {
    const bus = openBus(t)
    let reply!: (value: number) => void
    bus.register('slow', () => new Promise((resolve) => (reply = resolve)))
    t.is(await codeOfRejection(bus.request('slow', 0, { timeoutMs: 1 })), 'TICKBUS_REQUEST_TIMEOUT')
    reply(1)
    t.like(bus.stats().requests, { made: 1, replied: 0, timedOut: 1, pending: 0 })
  })

  test('a request rejects when its signal aborts, before or after it was made', async (t) => {
    const bus = openBus(t)
    const abort = new AbortController()
    let calls = 0
    bus.register('slow', () => {
      calls += 1
      return never()
    })
    const reply = bus.request('slow', 0, { signal: abort.signal })
    abort.abort('enough')
    t.like((await rejection(reply)) as object, { code: 'TICKBUS_REQUEST_ABORTED', cause: 'enough' })
    t.is(await codeOfRejection(bus.request('slow', 0, { signal: abort.signal })), 'TICKBUS_REQUEST_ABORTED')
    t.is(calls, 1)
    t.is(getEventListeners(abort.signal, 'abort').length, 0)
  })

  test('a request rejects when the endpoint itself aborts it', async (t) => {
    const bus = openBus(t)
    const abort = new AbortController()
    bus.register('slow', () => {
      abort.abort()
      return never()
    })
    t.is(await codeOfRejection(bus.request('slow', 0, { signal: abort.signal })), 'TICKBUS_REQUEST_ABORTED')
    t.is(bus.stats().requests.pending, 0)
  })

  test('a request rejects without an endpoint, with an id that is under way, and with bad options', async (t) => {
    const bus = openBus(t)
    bus.register('slow', never)
    t.is(await codeOfRejection(bus.request('nobody', 0)), 'TICKBUS_ENDPOINT_UNKNOWN')
    t.is(await codeOfRejection(bus.request('', 0)), 'TICKBUS_ENDPOINT')
    const first = bus.request('slow', 0, { id: 'one' })
    t.is(await codeOfRejection(bus.request('slow', 0, { id: 'one' })), 'TICKBUS_REQUEST_DUPLICATE')
    for (const timeoutMs of [-1, NaN, Infinity, 2 ** 31, '5' as never]) {
      t.is(await codeOfRejection(bus.request('slow', 0, { timeoutMs })), 'TICKBUS_ARGUMENT', String(timeoutMs))
    }
    t.is(await codeOfRejection(bus.request('slow', 0, { id: 5 as never })), 'TICKBUS_ARGUMENT')
    t.like(bus.stats().requests, { made: 1, pending: 1 })
    const closed = codeOfRejection(first)
    await bus.close()
    t.is(await closed, 'TICKBUS_CLOSED')
    t.is(await codeOfRejection(bus.request('slow', 0)), 'TICKBUS_CLOSED')
    t.like(bus.stats().requests, { made: 1, closed: 1, pending: 0 })
  })

  test('an id is under way while its endpoint runs', async (t) => {
    const bus = openBus(t)
    bus.register('outer', () => bus.request('outer', 0, { id: 'one' }))
    t.is(await codeOfRejection(bus.request('outer', 0, { id: 'one' })), 'TICKBUS_REQUEST_DUPLICATE')
    t.is(bus.stats().requests.pending, 0)
  })

  test('publishing, sending and asking inside an endpoint is allowed', async (t) => {
    const bus = openBus(t)
    const seen: unknown[] = []
    bus.subscribe('log', (text: string) => seen.push(text))
    bus.register('inner', (n: number) => {
      bus.publish('log', `inner ${n}`)
      return n * 2
    })
    bus.register('outer', async (n: number) => {
      bus.send('inner', n)
      return (await bus.request<number>('inner', n)) + 1
    })
    t.is(await bus.request('outer', 3), 7)
    t.deepEqual(seen, ['inner 3', 'inner 3'])
  })

  test('a closed bus has no endpoints', async (t) => {
    const bus = openBus(t)
    bus.register('a', () => {})
    await bus.close()
    for (const call of [() => bus.send('a', 0), () => bus.trySend('a', 0), () => bus.register('b', () => {})]) {
      t.is(codeOf(call), 'TICKBUS_CLOSED')
    }
    t.deepEqual(bus.endpoints(), [])
  })
})

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it did not reject')
    },
    (error: unknown) => error,
  )
}
