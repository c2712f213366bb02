import { BufferedMessageBusClient, type GroupHandlerError, json, type Logger, Priority, topics } from 'tickbus'
import { codeOfRejection, forEachBackend } from './backends.js'
import { accounted, deferred, openClient } from './clients.js'
import { jobs } from './jobs.js'

forEachBackend('a client', (test, on) => {
  test('drain resolves once nothing waits and no handler is under way', async (t) => {
    const { client, clock } = await openClient(t, on)
    const done = deferred()
    await client.subscribe('a', () => done.promise, { group: 'g' })
    client.tryPublish('a', 1)
    let report: unknown
    void client.drain().then((r) => (report = r))
    await clock.settle()
    t.is(report, undefined)
    done.resolve()
    await clock.settle()
    const nothing = { complete: true, queued: 0, inFlight: 0, journalled: 0, groups: {} }
    t.deepEqual(report, nothing)
    t.deepEqual(await client.drain({ timeoutMs: 5 }), nothing)
  })

  test('drain that runs out of time says what was left, and aborts what is under way', async (t) => {
    const { client, clock } = await openClient(t, on)
    const signals: AbortSignal[] = []
    await client.subscribe('a', (_, { signal }) => (signals.push(signal), new Promise(() => {})), {
      group: 'g',
      concurrency: 1,
    })
    await client.subscribe('b', () => {}, { group: 'h' })
    for (const topic of ['a', 'a', 'a', 'b']) client.tryPublish(topic, 1)
    await clock.settle()
    const drained = client.drain({ timeoutMs: 100 })
    clock.advance(99)
    await jobs()
    t.false(signals[0].aborted)
    clock.advance(1)
    const left = { queued: 2, inFlight: 1, journalled: 0 }
    t.deepEqual(await drained, { complete: false, ...left, groups: { g: left } })
    t.true(signals[0].aborted)
    t.is((signals[0].reason as { code: string }).code, 'TICKBUS_GIVEN_UP')
  })

  test('close lets go of what waits, aborts what is under way, and counts both', async (t) => {
    const { bus, client, clock } = await openClient(t, on)
    const heard: unknown[] = []
    bus.subscribe('a', (message: unknown) => heard.push(message))
    const signals: AbortSignal[] = []
    const finish = deferred()
    const handler = (message: unknown, delivery: { signal: AbortSignal }): Promise<unknown> => {
      signals.push(delivery.signal)
      return message === 1 ? finish.promise : new Promise(() => {})
    }
    await client.subscribe('a', handler, { group: 'g', concurrency: 3 })
    for (let i = 1; i <= 500; i += 1) client.tryPublish('a', i, { key: i % 2 === 0 ? `k${i}` : `o${i % 5}` })
    clock.turn()
    t.is(client.stats().groups['g'].inFlight, 2)
    const closed = client.close({ timeoutMs: 100 })
    t.is(client.close(), closed)
    t.is(client.tryPublish('a', 'late'), 'closed')
    t.is(await codeOfRejection(client.publish('a', 'late')), 'TICKBUS_CLIENT_CLOSED')
    t.is(await codeOfRejection(client.subscribe('a', () => {})), 'TICKBUS_CLIENT_CLOSED')
    t.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    )
    finish.resolve()
    await jobs()
    clock.turn()
    clock.advance(100)
    await closed
    const group = client.stats().groups['g']
    t.deepEqual([group.copies, group.delivered, group.dropped.closed], [500, 1, 499])
    t.is(accounted(group), 500)
    t.is(group.inFlight + group.queued, 0)
    // The bus goes on without it.
    const before = heard.length
    bus.publish('a', 'still')
    t.is(heard.length, before + 1)
    t.is(client.stats().groups['g'].copies, 500)
  })

  test('a promise that is settled after the close changes no count', async (t) => {
    const { client, clock } = await openClient(t, on)
    const late = deferred()
    const faults: unknown[] = []
    client.on('handlerError', (fault) => faults.push(fault))
    await client.subscribe('a', () => late.promise, { group: 'g' })
    client.tryPublish('a', 1)
    clock.turn()
    await client.close({ timeoutMs: 0 })
    const before = client.stats()
    late.reject(new Error('late'))
    await jobs()
    t.deepEqual(client.stats(), before)
    t.deepEqual(faults, [])
  })

  test('a handler may close the client: what its batch had left is counted as closed', async (t) => {
    const { client, clock } = await openClient(t, on)
    let calls = 0
    let closed: Promise<void> | undefined
    await client.subscribe('a', () => ((calls += 1), (closed = client.close())), { group: 'g' })
    for (let i = 0; i < 300; i += 1) client.tryPublish('a', i)
    clock.turn()
    await jobs()
    clock.advance(5_000)
    await closed
    t.is(calls, 1)
    const group = client.stats().groups['g']
    t.is(accounted(group), 300)
    t.is(group.queued + group.inFlight, 0)
  })

  test('a function of the schema may close the client: what is being published counts as closed', async (t) => {
    let closed: Promise<void> | undefined
    const key = (last: boolean) => (last && (closed ??= client.close()), undefined as unknown as string)
    const schema = topics({ 'o.{id}': json<boolean>({ key }) })
    const { bus, client, clock } = await openClient(t, on, {}, { schema })
    await client.subscribe('o.*', () => {}, { group: 'g' })
    bus.publish('o.1', false)
    clock.turn()
    bus.publish('o.1', true)
    await closed
    const group = client.stats().groups['g']
    t.deepEqual([group.copies, group.delivered, group.dropped.closed, group.queued], [2, 1, 1, 0])
  })

  test('the close of the bus closes the client', async (t) => {
    const { bus, client, clock } = await openClient(t, on)
    let closes = 0
    client.on('close', () => (closes += 1))
    await client.subscribe('a', () => {}, { group: 'g' })
    client.tryPublish('a', 1)
    await bus.close()
    t.is(client.tryPublish('a', 2), 'closed')
    t.is(client.tryPublish('unknown', 2), 'closed')
    clock.turn()
    await jobs()
    t.is(closes, 1)
    t.is(client.stats().groups['g'].dropped.closed, 1)
  })

  test('on a closed bus without groups a publish answers closed', async (t) => {
    const { bus, client } = await openClient(t, on)
    client.tryPublish('a', 1)
    await bus.close()
    t.is(client.tryPublish('a', 2), 'closed')
    t.is(client.tryPublish('b', 2), 'closed')
    t.is(await codeOfRejection(client.publish('b', 2)), 'TICKBUS_CLOSED')
    t.is(await codeOfRejection(BufferedMessageBusClient.open(bus)), 'TICKBUS_CLOSED')
  })

  test('those who wait for room or readiness are told of the close', async (t) => {
    const { client, clock } = await openClient(t, on, { lanes: { normal: { capacity: 1, overflow: 'block' } } })
    await client.subscribe('a', () => new Promise(() => {}), { group: 'g', concurrency: 1 })
    client.tryPublish('a', 1)
    clock.turn()
    client.tryPublish('a', 2)
    const code = codeOfRejection(client.publish('a', 3))
    const ready = client.ready('normal')
    const drained = client.drain()
    await client.close({ timeoutMs: 0 })
    t.is(await code, 'TICKBUS_CLIENT_CLOSED')
    await ready
    t.true((await drained).complete)
  })

  test('a handler that throws or rejects stops nobody, is counted and reported', async (t) => {
    const { client, clock } = await openClient(t, on)
    const faults: GroupHandlerError[] = []
    const seen: unknown[] = []
    client.on('handlerError', (fault) => faults.push(fault))
    const handler = (message: number): unknown => {
      seen.push(message)
      if (message % 3 === 0) throw new Error(`threw ${message}`)
      if (message % 3 === 1) return Promise.reject(new Error(`rejected ${message}`))
      return 'a value'
    }
    await client.subscribe('a.*', handler, { group: 'g' })
    for (let i = 0; i < 9; i += 1) client.tryPublish(`a.${i}`, i)
    await clock.settle()
    t.is(seen.length, 9)
    t.is(faults.length, 6)
    t.true(faults.every((fault) => fault.group === 'g' && fault.pattern === 'a.*' && fault.handler === handler))
    t.true(faults.some(({ error, topic }) => (error as Error).message === 'rejected 4' && topic === 'a.4'))
    const { delivered, dropped } = client.stats().groups['g']
    t.deepEqual([delivered, dropped.failed], [3, 6])
  })

  test('with nobody listening, one warning for each handler says that it failed', async (t) => {
    const { client, clock } = await openClient(t, on)
    const warnings: (Error & { code?: string })[] = []
    const collect = (warning: Error): number => warnings.push(warning)
    process.on('warning', collect)
    t.teardown(() => process.off('warning', collect))
    await client.subscribe('a', () => {
      throw new Error('fails')
    })
    for (let i = 0; i < 5; i += 1) client.tryPublish('a', i)
    clock.turn()
    await jobs()
    const ours = warnings.filter(({ code }) => code === 'TICKBUS_HANDLER_ERROR')
    t.is(ours.length, 1)
    t.regex(ours[0].message, /"a".*fails/s)
  })

  test('a thenable that calls back twice, or throws, is settled once', async (t) => {
    const { client, clock } = await openClient(t, on)
    client.on('handlerError', () => {})
    // oxlint-disable-next-line unicorn/no-thenable -- what it is about
    const twice = { then: (yes: () => void) => (yes(), yes()) }
    const throws = {
      // oxlint-disable-next-line unicorn/no-thenable -- what it is about
      then: (): void => {
        throw new Error('no promise')
      },
    }
    await client.subscribe('a', (n: number) => (n % 2 === 0 ? twice : throws), { group: 'g' })
    for (let i = 0; i < 20; i += 1) client.tryPublish('a', i)
    await clock.settle()
    const group = client.stats().groups['g']
    t.deepEqual([group.delivered, group.dropped.failed, group.inFlight], [10, 10, 0])
  })

  test('stats tell the age of the oldest, and how long messages waited and ran', async (t) => {
    const { client, clock } = await openClient(t, on)
    await client.subscribe('a', () => clock.advance(3), { group: 'g' })
    t.is(client.stats().groups['g'].oldestMs, 0)
    client.tryPublish('a', 1, { priority: Priority.CRITICAL })
    clock.advance(2)
    t.is(client.stats().groups['g'].oldestMs, 2)
    clock.turn()
    const { waitUs, runUs } = client.stats().groups['g'].lanes['critical']
    t.is(waitUs.max, 2_000)
    t.is(runUs.max, 3_000)
    t.true(Math.abs(waitUs.p50 - 2_000) < 20)
    t.deepEqual(client.stats().groups['g'].lanes['low'].waitUs, { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 })
  })

  test('stats may be read at any time, inside handlers too', async (t) => {
    const { client, clock } = await openClient(t, on)
    const faults: string[] = []
    const look = (when: string): void => {
      const group = client.stats().groups['g']
      if (group.copies !== accounted(group)) faults.push(when)
    }
    await client.subscribe('a', (n: number) => (look(`handler ${n}`), n % 2 ? Promise.resolve() : undefined), {
      group: 'g',
    })
    for (let i = 0; i < 200; i += 1) {
      client.tryPublish('a', i, { key: `k${i % 3}`, priority: i % 4 })
      look(`publish ${i}`)
    }
    while (clock.turn()) {
      look('turn')
      await jobs()
      look('jobs')
    }
    t.deepEqual(faults, [])
    t.is(client.stats().groups['g'].delivered, 200)
  })

  test('a logger hears of what goes wrong', async (t) => {
    const lines: string[] = []
    const log = (details: object | string, message?: string): void => void lines.push(message ?? String(details))
    const logger: Logger = { trace: log, debug: log, info: log, warn: log, error: log, fatal: log, child: () => logger }
    const { client, clock } = await openClient(t, on, { logger, lanes: { normal: { capacity: 2 } } })
    client.on('handlerError', () => {})
    await client.subscribe('a', () => {
      throw new Error('no')
    })
    client.tryPublish('a', 1)
    client.tryPublish('a', 1)
    clock.turn()
    t.true(lines.includes('a handler failed'))
    t.true(lines.includes('highWater'))
  })

  test('await using closes it', async (t) => {
    const bus = on.openBus(t)
    let seen: BufferedMessageBusClient
    {
      await using client = await BufferedMessageBusClient.open(bus)
      seen = client
      t.is(client.tryPublish('a', 1), 'accepted')
    }
    t.is(seen.tryPublish('a', 1), 'closed')
  })

  test('works on the process’s own clock', async (t) => {
    const bus = on.openBus(t)
    const client = await BufferedMessageBusClient.open(bus)
    t.teardown(() => client.close())
    let handled = 0
    await client.subscribe(
      'a',
      async () => {
        await jobs()
        handled += 1
      },
      { group: 'g' },
    )
    for (let i = 0; i < 1_000; i += 1) await client.publish('a', i)
    t.true((await client.drain()).complete)
    t.is(handled, 1_000)
    t.true(client.stats().groups['g'].lanes['normal'].waitUs.max > 0)
  })
})
